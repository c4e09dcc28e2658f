"""Homology-directed repair: a cut and a donor template.

The donor writes what is wanted between two arms that are read from this person's own copy, and silent changes keep
the nuclease from cutting the repaired allele again. Every donor is tried in the computer before it is shown.
"""

from revertant.modality.hdr.cargo import Cargo, coding_cargo, given_cargo
from revertant.modality.hdr.donors import DONOR_RULES, DonorRule, repaired
from revertant.modality.hdr.knock_in import design_in_harbour
from revertant.modality.hdr.modality import HDR

__all__ = [
    "DONOR_RULES",
    "HDR",
    "Cargo",
    "DonorRule",
    "coding_cargo",
    "design_in_harbour",
    "given_cargo",
    "repaired",
]
