"""What raises the risk of cytokine release and neurotoxicity in this patient, as far as it is known of them."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.errors import UsageError
from revertant.knowledge import CarSafetyFact, car_t_safety
from revertant.model import Finding, Status

__all__ = ["RiskState", "risk_findings"]


@dataclass(frozen=True, slots=True)
class RiskState:
    """What is known of the patient before infusion; ``None`` is not known, and never counts as absent.

    Parameters
    ----------
    marrow_blast_share
        Share of blasts in the marrow, 0 to 1.
    growing_after_lymphodepletion, active_infection, inflammation
        Whether it is so.

    Raises
    ------
    UsageError
        When the share is none.
    """

    marrow_blast_share: float | None = None
    growing_after_lymphodepletion: bool | None = None
    active_infection: bool | None = None
    inflammation: bool | None = None

    def __post_init__(self) -> None:
        if self.marrow_blast_share is not None and not 0 <= self.marrow_blast_share <= 1:
            raise UsageError(
                f"A blast share of {self.marrow_blast_share:g} is none.", remedy="Give 0 to 1 (60 % is 0.6)."
            )


def risk_findings(state: RiskState | None = None) -> tuple[Finding, ...]:
    """Hold a patient against every known risk factor.

    Parameters
    ----------
    state
        What is known; nothing when left out.

    Returns
    -------
    tuple[Finding, ...]
        One for each factor: a caution where it is there, a pass where it is known not to be, else unknown. Factors that
        only show after infusion, or that no limit was read for, stay unknown.

    Examples
    --------
    >>> found = {one.rule: one.status.value for one in risk_findings(RiskState(marrow_blast_share=0.7))}
    >>> found["car_t.crs_tumour_burden"], found["car_t.crs_infection"]
    ('caution', 'unknown')
    """
    known = state or RiskState()
    rows = [row for row in car_t_safety().values() if row.kind == "risk_factor"]
    return tuple(_finding(row, getattr(known, row.asks, None)) for row in rows)


def _finding(row: CarSafetyFact, value: float | bool | None) -> Finding:
    rule, of = f"car_t.{row.key}", " and ".join(row.syndromes)
    threshold = f"above {row.above:g}" if row.above is not None else ""
    note = f" {row.note}" if row.note else ""
    if value is None:
        text = f"Risk factor of {of}, not known here: {row.text}{note}"
        return Finding(rule, Status.UNKNOWN, text, "", threshold, row.sources, row.checked)
    is_there = value > row.above if row.above is not None else bool(value)
    shown = f"{value:g}" if row.above is not None else "yes" if value else "no"
    if is_there:
        text = f"Risk factor of {of}: {row.text}{note}"
        return Finding(rule, Status.CAUTION, text, shown, threshold, row.sources, row.checked)
    text = f"This risk factor of {of} is not there: {row.text}{note}"
    return Finding(rule, Status.PASS, text, shown, threshold, row.sources, row.checked)
