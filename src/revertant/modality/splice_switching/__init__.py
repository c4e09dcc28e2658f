"""Splice switching: skipping an exon, or hiding a wrong splice site."""

from revertant.modality.outlook import Outlook
from revertant.modality.splice_switching.eligibility import NAME, splice_switching_strategies

__all__ = ["SPLICE_SWITCHING"]

#: Splice switching: judged for eligibility; its molecules are designed elsewhere.
SPLICE_SWITCHING = Outlook(NAME, "Splice switching", splice_switching_strategies)
