"""Gene addition: a working copy of the gene, carried by a vector."""

from revertant.modality.gene_addition.coding import (
    CodingDesign,
    CodingOptions,
    coding_findings,
    codon_adaptation_index,
    design_coding,
    measure,
    replay,
)
from revertant.modality.gene_addition.modality import GENE_ADDITION

__all__ = [
    "GENE_ADDITION",
    "CodingDesign",
    "CodingOptions",
    "coding_findings",
    "codon_adaptation_index",
    "design_coding",
    "measure",
    "replay",
]
