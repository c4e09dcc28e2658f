"""Approved products as shown: one card for each product, with a verdict under each jurisdiction's label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from revertant.model import CriterionMatch, CriterionState, LabelMatch, LabelVerdict, Plan, Status

__all__ = [
    "STATE_WORDS",
    "VERDICT_WORDS",
    "CriteriaView",
    "ProductView",
    "criteria_view",
    "ordered_criteria",
    "product_lines",
    "product_views",
    "state_status",
    "verdict_counts",
    "verdict_status",
]

VERDICT_WORDS = {
    LabelVerdict.FITS: "fits the label",
    LabelVerdict.FITS_IF: "fits if confirmed",
    LabelVerdict.DOES_NOT_FIT: "does not fit",
    LabelVerdict.NOT_AVAILABLE: "not available",
}
STATE_WORDS = {
    CriterionState.MET: "met",
    CriterionState.NOT_MET: "not met",
    CriterionState.UNKNOWN: "unknown",
    CriterionState.CONFLICT: "conflict",
}
_VERDICTS = {
    LabelVerdict.FITS: Status.PASS,
    LabelVerdict.FITS_IF: Status.UNKNOWN,
    LabelVerdict.DOES_NOT_FIT: Status.FAIL,
    LabelVerdict.NOT_AVAILABLE: Status.NOT_APPLICABLE,
}
_STATES = {
    CriterionState.MET: Status.PASS,
    CriterionState.NOT_MET: Status.FAIL,
    CriterionState.UNKNOWN: Status.UNKNOWN,
    CriterionState.CONFLICT: Status.UNKNOWN,
}
_DECIDING = frozenset({"indication", "exclusion"})


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product with its matches, jurisdiction by jurisdiction, in the order of the plan."""

    name: str
    matches: tuple[LabelMatch, ...]


def product_views(plan: Plan) -> tuple[ProductView, ...]:
    """Gather the matches by product: those that fit somewhere first, then as the plan has them."""
    matches: dict[str, list[LabelMatch]] = {}
    for match in plan.products:
        matches.setdefault(match.product, []).append(match)
    order = list(LabelVerdict)
    views = [ProductView(found[0].product_name, tuple(found)) for found in matches.values()]
    return tuple(sorted(views, key=lambda view: min(order.index(match.verdict) for match in view.matches)))


@dataclass(frozen=True, slots=True)
class CriteriaView:
    """The criteria of one label as shown: those that decide, those that only caution, and every source they name."""

    deciding: tuple[CriterionMatch, ...]
    cautioning: tuple[CriterionMatch, ...]
    sources: tuple[str, ...]

    def numbers_of(self, criterion: CriterionMatch) -> tuple[int, ...]:
        """Return the places of a criterion's sources in the list, counted from 1."""
        return tuple(sorted({self.sources.index(source) + 1 for source in criterion.sources}))


def criteria_view(match: LabelMatch) -> CriteriaView:
    """Order the criteria of a label for reading."""
    return ordered_criteria(match.criteria)


def ordered_criteria(criteria: Sequence[CriterionMatch]) -> CriteriaView:
    """Order criteria for reading: what fails or is open before what is met."""
    order = (CriterionState.NOT_MET, CriterionState.CONFLICT, CriterionState.UNKNOWN, CriterionState.MET)
    ordered = sorted(criteria, key=lambda one: order.index(one.state))
    deciding = tuple(one for one in ordered if one.kind in _DECIDING)
    cautioning = tuple(one for one in ordered if one.kind not in _DECIDING)
    sources = dict.fromkeys(source for one in (*deciding, *cautioning) for source in one.sources)
    return CriteriaView(deciding, cautioning, tuple(sources))


def verdict_status(verdict: LabelVerdict) -> Status:
    """Return the status whose mark a verdict carries.

    Examples
    --------
    >>> verdict_status(LabelVerdict.FITS_IF)
    <Status.UNKNOWN: 'unknown'>
    """
    return _VERDICTS[verdict]


def state_status(criterion: CriterionMatch) -> Status:
    """Return the status whose mark a criterion carries; a precaution or a trial's criterion only cautions.

    Examples
    --------
    >>> state_status(CriterionMatch("age", "trial", CriterionState.NOT_MET, "Older than in the trial."))
    <Status.CAUTION: 'caution'>
    """
    if criterion.state is CriterionState.NOT_MET and criterion.kind not in _DECIDING:
        return Status.CAUTION
    return _STATES[criterion.state]


def verdict_counts(matches: Sequence[LabelMatch]) -> tuple[tuple[LabelVerdict, int], ...]:
    """Count matches by verdict, best first, without those that do not occur."""
    counted = ((verdict, sum(match.verdict is verdict for match in matches)) for verdict in LabelVerdict)
    return tuple((verdict, count) for verdict, count in counted if count)


def product_lines(plan: Plan) -> tuple[str, ...]:
    """Write each match in one line: product, jurisdiction, verdict, what decides it, and which cautions are not met.

    Examples
    --------
    >>> from revertant.model import Provenance
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> age = CriterionMatch("age", "indication", CriterionState.MET, "Under 2 years.")
    >>> match = LabelMatch("p", "Product", "US", "2025-01", "marketed", (age,))
    >>> product_lines(Plan("s", "c", "?", "", (), (), (), (), (), (), None, (), origin, "", products=(match,)))
    ('Product (US): fits the label',)
    """
    return tuple(_line(match) for view in product_views(plan) for match in view.matches)


def _line(match: LabelMatch) -> str:
    words = VERDICT_WORDS[match.verdict]
    first = f"{match.product_name} ({match.jurisdiction}): {words}"
    if match.verdict is LabelVerdict.NOT_AVAILABLE:
        return f"{first} ({match.market_status})"
    wanted = (
        {CriterionState.NOT_MET}
        if match.verdict is LabelVerdict.DOES_NOT_FIT
        else {CriterionState.UNKNOWN, CriterionState.CONFLICT}
    )
    open_ones = _named(match, wanted, deciding=True) if match.verdict is not LabelVerdict.FITS else ""
    against = _named(match, {CriterionState.NOT_MET}, deciding=False)
    said = f"{first}: {open_ones}" if open_ones else first
    return f"{said}; caution: {against}" if against and _may_be_given(match) else said


def _may_be_given(match: LabelMatch) -> bool:
    return match.verdict in {LabelVerdict.FITS, LabelVerdict.FITS_IF}


def _named(match: LabelMatch, states: set[CriterionState], *, deciding: bool) -> str:
    """Name the criteria in these states, those that decide or those that caution."""
    return ", ".join(
        one.criterion.replace("_", " ")
        for one in match.criteria
        if (one.kind in _DECIDING) is deciding and one.state in states
    )
