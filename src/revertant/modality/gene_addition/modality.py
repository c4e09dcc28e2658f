"""Gene addition as one object of the register."""

from __future__ import annotations

from revertant.modality.gene_addition.eligibility import NAME, gene_addition_strategies
from revertant.modality.outlook import Outlook

__all__ = ["GENE_ADDITION"]

#: Gene addition: judged for eligibility; its molecules are designed elsewhere.
GENE_ADDITION = Outlook(NAME, "Gene addition", gene_addition_strategies)
