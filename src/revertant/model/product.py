"""An approved product held against one person: each criterion of its label, with the evidence.

A criterion is *met*, *not met*, *unknown* (nothing in the case says) or in *conflict* (two statements disagree, or a
result has to be confirmed before it may decide). Unknown is never met.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

__all__ = ["CriterionMatch", "CriterionState", "LabelMatch", "LabelVerdict"]


class CriterionState(StrEnum):
    """How a criterion stands."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"


class LabelVerdict(StrEnum):
    """What the criteria together say."""

    FITS = "fits"
    FITS_IF = "fits_if"
    DOES_NOT_FIT = "does_not_fit"
    NOT_AVAILABLE = "not_available"


@dataclass(frozen=True, slots=True)
class CriterionMatch:
    """One criterion of a label, applied to one person.

    Parameters
    ----------
    criterion
        Its key (``"age"``, ``"smn2_copies"``).
    kind
        ``"indication"``, ``"exclusion"``, ``"precaution"`` or ``"trial"`` (asked in the trials, not by the label).
    state
        How it stands.
    because
        One plain sentence.
    evidence
        What in the case says so; empty when nothing does.
    to_measure
        What would settle it; empty when it is settled.
    sources, checked
        Where the criterion stands, and whether that document was read.
    """

    criterion: str
    kind: str
    state: CriterionState
    because: str
    evidence: str = ""
    to_measure: str = ""
    sources: tuple[str, ...] = ()
    checked: bool = True


@dataclass(frozen=True, slots=True)
class LabelMatch:
    """A product under one jurisdiction's label, held against one person.

    Parameters
    ----------
    product, product_name
        Catalogue key and name.
    jurisdiction
        Whose label this is (ISO code or ``"EU"``).
    as_of
        Date of the label's text used here.
    market_status
        ``"marketed"``, ``"withdrawn"`` or what the catalogue says.
    criteria
        Every criterion.
    boxed_warnings
        What the label warns of first.
    dose
        The label's dose for this person, in words; empty where it cannot be worked out.
    """

    product: str
    product_name: str
    jurisdiction: str
    as_of: str
    market_status: str
    criteria: tuple[CriterionMatch, ...]
    boxed_warnings: tuple[str, ...] = ()
    dose: str = ""

    derived: ClassVar = ("verdict",)

    @property
    def verdict(self) -> LabelVerdict:
        """Precautions and trial criteria caution; indications and exclusions decide."""
        if self.market_status != "marketed":
            return LabelVerdict.NOT_AVAILABLE
        deciding = {one.state for one in self.criteria if one.kind in {"indication", "exclusion"}}
        if CriterionState.NOT_MET in deciding:
            return LabelVerdict.DOES_NOT_FIT
        if deciding & {CriterionState.UNKNOWN, CriterionState.CONFLICT} or not deciding:
            return LabelVerdict.FITS_IF
        return LabelVerdict.FITS
