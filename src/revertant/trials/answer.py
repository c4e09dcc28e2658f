"""One answer to one criterion, and the words for thresholds that all answers share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from revertant.knowledge import Criterion
from revertant.model import Case, CriterionState, Target

__all__ = ["CONFLICT", "MET", "NOT_MET", "UNKNOWN", "Answer", "Person", "latest", "met_if", "plain"]

MET, NOT_MET = CriterionState.MET, CriterionState.NOT_MET
UNKNOWN, CONFLICT = CriterionState.UNKNOWN, CriterionState.CONFLICT


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a label is held against: the case, its resolved targets, and the day."""

    case: Case
    targets: tuple[Target, ...] = ()
    on_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """How a criterion stands: a sentence, what in the case says so, and what would settle it."""

    state: CriterionState
    because: str
    evidence: str = ""
    to_measure: str = ""
    sources: tuple[str, ...] = ()


def met_if(criterion: Criterion, value: float) -> CriterionState:
    """Return met or not met, by the thresholds."""
    return MET if criterion.allows(value) else NOT_MET


def plain(value: float) -> str:
    """Write a number as people do.

    Examples
    --------
    >>> plain(2.0), plain(0.153319644)
    ('2', '0.153')
    """
    return str(round(value)) if value == round(value) else f"{value:.3g}"


def latest(dates: Sequence[str]) -> list[int]:
    """Return the places of the newest dates; results without a date count only when none has one.

    Examples
    --------
    >>> latest(["2026-01-01", "", "2026-03-01"]), latest(["", ""])
    ([2], [0, 1])
    """
    newest = max(dates, default="")
    return [place for place, date in enumerate(dates) if date == newest]
