"""Gene addition: a working copy of the gene, carried by a vector."""

from revertant.modality.gene_addition.modality import GENE_ADDITION

__all__ = ["GENE_ADDITION"]
