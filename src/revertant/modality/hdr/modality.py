"""Homology-directed repair as one object of the register."""

from __future__ import annotations

from revertant.modality.hdr.eligibility import NAME, hdr_strategies
from revertant.modality.outlook import Outlook

__all__ = ["HDR"]

#: Homology-directed repair: judged for eligibility; its molecules are designed elsewhere.
HDR = Outlook(NAME, "Homology-directed repair", hdr_strategies)
