"""Lentiviral vectors: length and titre, what can start a cancer, and for how long to look.

The titre falls semi-logarithmically with length and has no hard end. What went wrong in people was a strong viral
promoter next to a growth gene: the rule here is self-inactivating ends with a cellular or lineage promoter inside.
"""

from revertant.modality.gene_addition.lentiviral.checks import lentiviral_findings, lentiviral_length_finding
from revertant.modality.gene_addition.lentiviral.follow_up import (
    FOLLOW_UP,
    FollowUpVisit,
    copy_number_finding,
    follow_up_findings,
)

__all__ = [
    "FOLLOW_UP",
    "FollowUpVisit",
    "copy_number_finding",
    "follow_up_findings",
    "lentiviral_findings",
    "lentiviral_length_finding",
]
