"""Epigenome editing as one object of the register."""

from __future__ import annotations

from revertant.modality.epigenome.eligibility import NAME, epigenome_strategies
from revertant.modality.outlook import Outlook

__all__ = ["EPIGENOME"]

#: Epigenome editing: judged for eligibility; its molecules are designed elsewhere.
EPIGENOME = Outlook(NAME, "Epigenome editing", epigenome_strategies)
