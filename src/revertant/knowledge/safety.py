"""Facts for the safety findings every editing design carries: immunity, conditioning, on-target damage.

Prevalences describe populations. They can make a finding a *caution*; they never make it a *pass*, because
only a test of this person can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.tissues import Tissue

__all__ = ["ImmunityFact", "RiskFact", "immunity_facts", "immunity_to", "risks"]

RiskTopic = Literal["conditioning", "double_strand_break", "vehicle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImmunityFact(Row):
    """How common a pre-existing response is in one population by one assay.

    Parameters
    ----------
    target
        What is recognised (``"SpCas9"``, ``"AAV9"``).
    response
        Which arm of immunity.
    low, high
        Per cent of those tested; left out where the source gives no figure.
    population, assay
        For whom and by what the figure holds.
    statement
        The fact as a sentence.
    note
        What else to know.
    """

    target: str
    response: Literal["antibody", "T cell", "neutralising antibody", "binding antibody"]
    population: str
    assay: str
    statement: str
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def share(self) -> str:
        """The figure as people write it, empty when there is none."""
        if self.low is None or self.high is None:
            return ""
        return f"{self.low:g} %" if self.low == self.high else f"{self.low:g} to {self.high:g} %"

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if (self.low is None) != (self.high is None):
            yield "A range needs both ends."
        if self.low is not None and self.high is not None and not 0 <= self.low <= self.high <= 100:
            yield f"{self.low} to {self.high} is not a range of per cent."


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFact(Row):
    """What an edit, a vehicle or a conditioning may do to the patient.

    Parameters
    ----------
    topic, tissue
        What it belongs to; ``tissue`` is left out when it holds for any.
    vehicle_kinds, vehicle_route
        For a risk of a vehicle: its kinds, and how it is given (left out when it holds for any way).
    name, statement, consequence, mitigation
        The risk, the fact behind it, what follows, and what lowers it or finds it.
    """

    topic: RiskTopic
    name: str
    statement: str
    consequence: str
    mitigation: str
    tissue: Tissue | None = None
    vehicle_kinds: tuple[str, ...] = ()
    vehicle_route: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if (self.topic == "vehicle") != bool(self.vehicle_kinds):
            yield "A risk of a vehicle names the kinds of vehicle, and no other risk does."


@cache
def immunity_facts() -> Mapping[str, ImmunityFact]:
    """Return the immunity facts by key.

    Examples
    --------
    >>> immunity_facts()["aav9_us"].share
    '17 %'
    """
    return load_rows("immunity.toml", ImmunityFact)


def immunity_to(target: str) -> tuple[ImmunityFact, ...]:
    """Return what is known of pre-existing immunity to one editor or capsid; checked facts first.

    Examples
    --------
    >>> [fact.key for fact in immunity_to("AAV5")]
    ['aav5_adults', 'aav5_global', 'aav5_india']
    """
    found = [fact for fact in immunity_facts().values() if fact.target.lower() == target.lower()]
    return tuple(sorted(found, key=lambda fact: (not fact.checked, fact.key)))


@cache
def _risks() -> Mapping[str, RiskFact]:
    return load_rows("risks.toml", RiskFact)


def risks(topic: RiskTopic, tissue: Tissue | None = None) -> tuple[RiskFact, ...]:
    """Return the risks of one topic that hold for a tissue, sorted by key.

    Examples
    --------
    >>> [risk.name for risk in risks("conditioning", Tissue.HAEMATOPOIETIC_STEM_CELL)]
    ['Myeloablative busulfan']
    """
    return tuple(
        risk
        for risk in _risks().values()
        if risk.topic == topic and (risk.tissue is None or tissue is None or risk.tissue is tissue)
    )
