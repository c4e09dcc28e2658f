"""One statement found in a line: what it asks when it has to be true, and what when it has to be false."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from revertant.knowledge import Criterion
from revertant.trials.eligibility.numbers import Comparison, Side

__all__ = ["Atom", "Sense", "bounded", "joined"]

#: On which side a value is better: creatinine low, platelets high. A limit on the other side is a slip of the text or
#: of the reading, and is not typed.
Sense = Literal["low", "high", "any"]


@dataclass(frozen=True, slots=True)
class Atom:
    """One statement, found but not yet judged.

    Parameters
    ----------
    start, end
        Where its words stand in the line.
    family
        The part of the grammar that found it.
    wanted
        The criterion when the statement has to be true; ``None`` where that makes no sense.
    barred
        The criterion when the statement has to be false; ``None`` likewise.
    limit
        Where the comparison stands that it shares with others ("ALT and AST < 3 x ULN"); its own start when none.
    is_now
        Whether it speaks of the present, so that a time beside it changes what is asked.
    is_settled
        Whether words around it cannot turn it round ("a negative pregnancy test").
    """

    start: int
    end: int
    family: str
    wanted: Criterion | None
    barred: Criterion | None
    limit: int = -1
    is_now: bool = False
    is_settled: bool = False


def bounded(
    criterion: Criterion, found: Comparison, sense: Sense = "any", top: float = float("inf")
) -> tuple[Criterion | None, Criterion | None]:
    """Return a criterion with the thresholds of a comparison, as wanted and as barred.

    Parameters
    ----------
    criterion
        Everything but the thresholds.
    found
        The comparison.
    sense
        On which side a value is better.
    top
        The end of the scale; an upper end that reaches it is none.
    """
    low, high = found.low, found.high
    if low is not None and sense == "low" and low == Side(">=", 0.0):
        low = None
    if high is not None and high.value >= top:
        high = None
    wanted = _within(criterion, low, high)
    barred = _outside(criterion, low, high)
    return _sensible(wanted, sense), _sensible(barred, sense)


def _within(criterion: Criterion, low: Side | None, high: Side | None) -> Criterion | None:
    names = {">=": "at_least", ">": "above", "<=": "at_most", "<": "below"}
    ends = {names[side.op]: side.value for side in (low, high) if side is not None}
    return replace(criterion, **ends) if ends else None  # type: ignore[arg-type]


def _outside(criterion: Criterion, low: Side | None, high: Side | None) -> Criterion | None:
    turned = {">=": "<", ">": "<=", "<=": ">", "<": ">="}
    under = _within(criterion, None, Side(turned[low.op], low.value)) if low else None
    over = _within(criterion, Side(turned[high.op], high.value), None) if high else None
    if under and over:
        return joined("any", (under, over))
    return under or over


def _sensible(criterion: Criterion | None, sense: Sense) -> Criterion | None:
    if criterion is None or sense == "any" or criterion.asks == "any":
        return criterion if criterion is None or criterion.asks != "any" or sense == "any" else None
    only_low = criterion.at_most is None and criterion.below is None
    only_high = criterion.at_least is None and criterion.above is None
    return None if (sense == "low" and only_low) or (sense == "high" and only_high) else criterion


def joined(asks: Literal["any", "all"], parts: tuple[Criterion, ...]) -> Criterion:
    """Join criteria to alternatives or to parts.

    Examples
    --------
    >>> one = Criterion(key="", kind="indication", asks="weight", text="", at_least=10)
    >>> joined("any", (one, one)).asks, joined("any", (one,)).asks
    ('any', 'weight')
    """
    if len(parts) == 1:
        return parts[0]
    return Criterion(key="", kind=parts[0].kind, asks=asks, text="", of=parts)
