"""Gene addition: a working copy of the gene, carried by a vector.

A target and a tissue go in, complete vectors come out side by side: vehicle and route, form of genome, promoter and
every other part, coding sequence, the genome end to end and its plasmid. Every decision is recorded with what was not
taken; every construct is read again as a stranger would before it leaves. Modalities made of others lay their own
genomes from the same pieces, with the same rules.
"""

from revertant.modality.gene_addition.assemble import Piece, construct_faults, lay
from revertant.modality.gene_addition.cassette import Cassette
from revertant.modality.gene_addition.checks import (
    construct_finding,
    parts_finding,
    protein_finding,
    x_protein_finding,
)
from revertant.modality.gene_addition.coding import (
    CodingDesign,
    CodingOptions,
    coding_findings,
    codon_adaptation_index,
    design_coding,
    measure,
    replay,
)
from revertant.modality.gene_addition.design import coding_options
from revertant.modality.gene_addition.genomes import (
    Insert,
    Sites,
    backbone_of,
    ends_of,
    free_sites,
    lentiviral_genome,
    mrna,
    piece_of,
    transfer_plasmid,
)
from revertant.modality.gene_addition.lentiviral import copy_number_finding, lentiviral_findings
from revertant.modality.gene_addition.modality import GENE_ADDITION, GeneAddition
from revertant.modality.gene_addition.packaging import STOP_BP, full_length_fraction, packaging_findings
from revertant.modality.gene_addition.promoters import PromoterChoice, promoters_for
from revertant.modality.gene_addition.record import part_uses
from revertant.modality.gene_addition.transgene import native_transgene, parse_transgene, read_transgene

__all__ = [
    "GENE_ADDITION",
    "STOP_BP",
    "Cassette",
    "CodingDesign",
    "CodingOptions",
    "GeneAddition",
    "Insert",
    "Piece",
    "PromoterChoice",
    "Sites",
    "backbone_of",
    "coding_findings",
    "coding_options",
    "codon_adaptation_index",
    "construct_faults",
    "construct_finding",
    "copy_number_finding",
    "design_coding",
    "ends_of",
    "free_sites",
    "full_length_fraction",
    "lay",
    "lentiviral_findings",
    "lentiviral_genome",
    "measure",
    "mrna",
    "native_transgene",
    "packaging_findings",
    "parse_transgene",
    "part_uses",
    "parts_finding",
    "piece_of",
    "promoters_for",
    "protein_finding",
    "read_transgene",
    "replay",
    "transfer_plasmid",
    "x_protein_finding",
]
