"""Splice switching as one object of the register."""

from __future__ import annotations

from revertant.modality.outlook import Outlook
from revertant.modality.splice_switching.eligibility import NAME, splice_switching_strategies

__all__ = ["SPLICE_SWITCHING"]

#: Splice switching: judged for eligibility; its molecules are designed elsewhere.
SPLICE_SWITCHING = Outlook(NAME, "Splice switching", splice_switching_strategies)
