"""Capsids: what wraps the genome of an AAV, whose serology counts, and what is blocked for people.

Where a capsid has carried a gene, and how far that has come, stands with the vehicles (:func:`vehicles`), which name
their capsid; it is looked up here and not repeated. How common antibodies are stands with the facts on immunity.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from revertant.errors import InputError
from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.safety import ImmunityFact, immunity_to
from revertant.knowledge.tissues import Tissue
from revertant.knowledge.vehicles import Evidence, Vehicle, vehicles

__all__ = ["Capsid", "CapsidReach", "capsid", "capsids", "seroprevalence"]


class CapsidReach(NamedTuple):
    """One tissue that a capsid has carried a gene or an editor into, by one route."""

    tissue: Tissue
    route: str
    addition: Evidence
    editing: Evidence
    vehicle: Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class Capsid(Row):
    """One capsid.

    Parameters
    ----------
    name
        Display name.
    serotype
        Whose antibodies count: the natural serotype it is or was made from; empty where that is not settled.
    accession
        Record of its genome or capsid gene; empty where none was at hand.
    vp1_aa
        Residues of VP1; ``None`` where no sequence was at hand.
    engineered
        Whether it was made or selected, and not found.
    blocked_in_people
        Why it must not be chosen for a person; empty where nothing stands against it.
    tropism
        Where it goes, in words, beyond what the vehicles say.
    species
        How species differ.
    safety
        What its use in people has shown.
    products
        Approved products that use it.

    Examples
    --------
    >>> capsid("AAV-PHP.eB").blocked_in_people.split(":")[0]
    'Crosses the blood-brain barrier by LY6A, a receptor of some mouse strains'
    """

    name: str
    serotype: str = ""
    accession: str = ""
    vp1_aa: int | None = None
    engineered: bool = False
    blocked_in_people: str = ""
    tropism: str = ""
    species: str = ""
    safety: str = ""
    products: tuple[str, ...] = ()

    @property
    def reach(self) -> tuple[CapsidReach, ...]:
        """Tissues by route, best proven first; empty where no vehicle of the catalogue has this capsid."""
        found = [
            CapsidReach(reach.tissue, vehicle.route, reach.addition, reach.editing, vehicle)
            for vehicle in vehicles()
            if vehicle.capsid == self.key
            for reach in vehicle.reach
        ]
        return tuple(sorted(found, key=lambda one: (-one.addition.rank, -one.editing.rank, one.tissue.value)))

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if self.vp1_aa is not None and not self.accession:
            yield "A length of VP1 needs the record it was read from."
        if self.blocked_in_people and self.products:
            yield "A capsid of an approved product is not blocked."


@cache
def capsids() -> Mapping[str, Capsid]:
    """Return all capsids by key; a vehicle names its capsid by this key.

    Examples
    --------
    >>> capsids()["AAV9"].vp1_aa
    736
    """
    return load_rows("capsids.toml", Capsid)


def capsid(key: str) -> Capsid:
    """Return one capsid.

    Raises
    ------
    InputError
        When the catalogue has no such capsid.

    Examples
    --------
    >>> [(one.tissue.value, one.route) for one in capsid("AAV2").reach]
    [('brain', 'intraparenchymal'), ('retina', 'subretinal')]
    """
    try:
        return capsids()[key]
    except KeyError:
        near = difflib.get_close_matches(key, list(capsids()), n=3, cutoff=0.5)
        raise InputError(
            f"No capsid is called {key!r}.", remedy=f"The catalogue has {', '.join(near or capsids())}."
        ) from None


def seroprevalence(serotype: str) -> tuple[ImmunityFact, ...]:
    """Return how common antibodies against a serotype are, by population and assay.

    A prevalence never stands in for a test of the person; facts of different assays do not compare.

    Parameters
    ----------
    serotype
        A key of :func:`capsids` or a serotype; a capsid made from another is looked up by that one's.

    Returns
    -------
    tuple[ImmunityFact, ...]
        Checked facts first; empty where none is known here, which is no statement that antibodies are rare.

    Examples
    --------
    >>> [(fact.population, fact.share) for fact in seroprevalence("AAV6")]
    [('adults with and without cystic fibrosis', '20 to 30 %')]
    """
    known = capsids().get(serotype)
    facts = immunity_to((known.serotype or known.key) if known else serotype)
    return tuple(fact for fact in facts if "antibody" in fact.response)
