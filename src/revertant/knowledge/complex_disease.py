"""Routes by one gene for common and age-related diseases, with the evidence for and against each.

No variant of the person is corrected there: the product of one gene is lowered, raised or replaced. A row keeps apart
what human genetics says of the gene, what was tried in people and what went wrong. A polygenic score is never such a
route.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import IsoDate, Row, load_rows
from revertant.knowledge.genes import genes
from revertant.model import Disease

__all__ = [
    "ComplexRoute",
    "GeneticSupport",
    "KnownHarm",
    "RouteTrial",
    "complex_routes",
    "complex_routes_for",
]

_NCT = re.compile(r"NCT[0-9]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneticSupport:
    """What people say whose gene is broken or changed by nature, and whether that supports the route."""

    statement: str
    supports: bool
    sources: tuple[str, ...]
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTrial:
    """One trial of a route in people.

    Parameters
    ----------
    name, nct
        Its name, and its number in ClinicalTrials.gov where that was read.
    what
        What was given.
    stage, status
        How far it is; ``no_benefit`` where a controlled trial showed none.
    shown
        What it showed, and what it did not ask.
    as_of
        The day of what was read.
    """

    name: str
    what: str
    stage: Literal["phase 1", "phase 1/2", "phase 2", "phase 2/3", "phase 3"]
    status: Literal["running", "finished", "unread", "paused", "stopped", "no_benefit"]
    shown: str
    as_of: IsoDate
    sources: tuple[str, ...]
    nct: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHarm:
    """What went wrong in people, and when."""

    statement: str
    date: IsoDate
    sources: tuple[str, ...]
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexRoute(Row):
    """One gene as a route for one common disease.

    Parameters
    ----------
    disease
        In words.
    names, diseases
        Lower-case names and identifiers that state it.
    gene, direction
        Whose product is lowered, raised or replaced.
    why
        How that would help, in a sentence.
    tissue, vehicle
        Where it acts, and what has carried it there.
    genetics, trials, harms
        The evidence, each with its own sources.
    design, design_because
        ``knock_out`` where the planner makes it, ``vector`` where one is laid out when asked, ``none`` with the reason.
    interval, interval_sources
        Where the gene lies, for a reference that is to hold it.
    research_only
        Whether it is shown for research alone and never designed.
    """

    disease: str
    names: tuple[str, ...]
    gene: str
    direction: Literal["lower", "raise", "replace"]
    why: str
    tissue: str
    vehicle: str
    genetics: GeneticSupport
    design: Literal["knock_out", "vector", "none"]
    diseases: tuple[str, ...] = ()
    trials: tuple[RouteTrial, ...] = ()
    harms: tuple[KnownHarm, ...] = ()
    design_because: str = ""
    interval: str = ""
    interval_sources: tuple[str, ...] = ()
    research_only: bool = False

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if any(name != " ".join(name.lower().split()) for name in self.names):
            yield "a name is not in lower case with single spaces"
        if self.design == "none" and not self.design_because:
            yield "a route that is not designed says why"
        if self.research_only and self.design != "none":
            yield "a route for research alone is not designed"
        if self.design == "knock_out":
            fact = genes().get(self.gene)
            if self.direction != "lower" or not self.interval or not self.interval_sources:
                yield "a knock-out lowers, and names the interval with its source"
            if fact is None or fact.dispensable is not True:
                yield f"the gene catalogue does not say that people can do without {self.gene}"
        yield from (f"{t.nct!r} is no NCT number" for t in self.trials if t.nct and not _NCT.fullmatch(t.nct))
        told = [self.genetics.statement, *(t.shown for t in self.trials), *(h.statement for h in self.harms)]
        if not all(text.endswith(".") for text in (self.why, *told)):
            yield "a statement is no sentence"

    def is_for(self, diseases: Iterable[Disease]) -> bool:
        """Whether one of the diseases is this one, by identifier or by name.

        Examples
        --------
        >>> complex_routes()["amyloidosis_ttr"].is_for([Disease("X:1", "Wild-type  ATTR amyloidosis")])
        True
        """
        return any(
            one.disease_id in self.diseases or " ".join(one.label.lower().split()) in self.names
            for one in diseases
        )


@cache
def complex_routes() -> Mapping[str, ComplexRoute]:
    """Return the routes by key.

    Examples
    --------
    >>> complex_routes()["hypercholesterolaemia_pcsk9"].direction
    'lower'
    """
    return load_rows("complex_disease.toml", ComplexRoute)


def complex_routes_for(diseases: Iterable[Disease]) -> tuple[ComplexRoute, ...]:
    """Return the routes for diseases, in the order of their keys.

    Parameters
    ----------
    diseases
        As a case states them.

    Examples
    --------
    >>> [route.gene for route in complex_routes_for([Disease("MONDO:0005439")])]
    ['ANGPTL3', 'PCSK9']
    """
    stated = tuple(diseases)
    return tuple(route for route in complex_routes().values() if route.is_for(stated))
