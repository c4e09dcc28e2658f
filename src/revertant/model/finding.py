"""One rule applied to one thing, and a number that says how it was come by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Estimate", "Finding", "Status"]


class Status(StrEnum):
    """The five answers a rule can give; unknown never counts as pass."""

    PASS = "pass"  # noqa: S105 - a status, not a password
    CAUTION = "caution"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"

    @property
    def severity(self) -> int:
        """Order for reading: fail first, then unknown, caution, pass, not applicable."""
        return list(_BY_SEVERITY).index(self)


_BY_SEVERITY = (Status.FAIL, Status.UNKNOWN, Status.CAUTION, Status.PASS, Status.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule applied to one thing.

    Parameters
    ----------
    rule
        The rule's stable name, ``room.rule`` (``"delivery.vehicle_reaches_tissue"``).
    status
        One of the five answers.
    because
        One plain sentence a clinician can read.
    value, threshold
        What was measured and what it was held against, with units in the text; empty when there is none.
    sources
        DOIs, PMIDs, accessions or labels (``"doi:10.1038/s41586-021-03609-w"``).
    checked
        False when a source of this finding was not checked against the primary document; reports show it.

    Examples
    --------
    >>> Finding("delivery.cargo", Status.FAIL, "No vehicle is known to bring this cargo to the brain.").status
    <Status.FAIL: 'fail'>
    """

    rule: str
    status: Status
    because: str
    value: str = ""
    threshold: str = ""
    sources: tuple[str, ...] = ()
    checked: bool = True


@dataclass(frozen=True, slots=True)
class Estimate:
    """A predicted number with its honesty fields.

    Parameters
    ----------
    value
        The estimate in ``unit``; ``None`` means "not defined here", never zero.
    unit
        The unit (``"share of edited alleles, 0 to 1"``).
    method
        How it was come by, in words.
    low, high
        An interval and, in ``interval``, what it means; ``None`` when there is none.
    in_domain
        False when the case lies outside what the method was made for.
    sources
        Where the data come from.

    Examples
    --------
    >>> Estimate(None, "CFD, 0 to 1", "CFD is for 20-nt NGG SpCas9 guides only", in_domain=False).value
    """

    value: float | None
    unit: str
    method: str
    low: float | None = None
    high: float | None = None
    interval: str = ""
    in_domain: bool = True
    sources: tuple[str, ...] = ()
