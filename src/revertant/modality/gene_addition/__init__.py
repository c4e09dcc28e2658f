"""Gene addition: a working copy of the gene, carried by a vector.

A target and a tissue go in, complete vectors come out side by side: vehicle and route, form of genome, promoter and
every other part, coding sequence, the genome end to end and its plasmid. Every decision is recorded with what was not
taken; every construct is read again as a stranger would before it leaves.
"""

from revertant.modality.gene_addition.coding import (
    CodingDesign,
    CodingOptions,
    coding_findings,
    codon_adaptation_index,
    design_coding,
    measure,
    replay,
)
from revertant.modality.gene_addition.modality import GENE_ADDITION, GeneAddition
from revertant.modality.gene_addition.transgene import native_transgene, parse_transgene, read_transgene

__all__ = [
    "GENE_ADDITION",
    "CodingDesign",
    "CodingOptions",
    "GeneAddition",
    "coding_findings",
    "codon_adaptation_index",
    "design_coding",
    "measure",
    "native_transgene",
    "parse_transgene",
    "read_transgene",
    "replay",
]
