"""Genes that are edited in T cells with a chimeric antigen receptor, and what is known of several edits at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.precedents import precedents
from revertant.model import EditPurpose

__all__ = ["CarEdit", "MultiplexFact", "car_edits", "multiplex_facts"]

_BAND = re.compile(r"(?P<chromosome>\d{1,2}|X|Y)(?P<arm>[pq])\d+(\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class CarEdit(Row):
    """One gene, and why one would edit it. The row's name is the gene's symbol.

    Parameters
    ----------
    band, contig
        Cytogenetic band, and the contig it lies on.
    purposes, reason
        Why it is removed, as a value and as a sentence.
    caution
        What speaks against it; may be empty.
    stage
        How far cells edited there have come.
    guides
        Keys of published guides.
    copies
        Genes so alike that one guide can cut both.
    instead_of
        The gene in whose place it can be edited for the same purpose; empty where there is none.
    knock_in, knock_in_sources
        What putting the receptor there does; empty where it is not done.
    knock_in_guide
        Key of the guide, one of ``guides``, that opens the place the receptor's donor is made for.
    """

    band: str
    contig: str
    purposes: tuple[EditPurpose, ...]
    reason: str
    stage: Literal["approved", "clinical", "published", "preclinical"]
    caution: str = ""
    guides: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    instead_of: str = ""
    knock_in: str = ""
    knock_in_sources: tuple[str, ...] = ()
    knock_in_guide: str = ""

    @property
    def arm(self) -> str:
        """The arm of the chromosome, ``"p"`` or ``"q"``."""
        return "p" if "p" in self.band else "q"

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        found = _BAND.fullmatch(self.band)
        if found is None or f"chr{found['chromosome']}" != self.contig:
            yield f"{self.band} is no band of {self.contig}."
        if not self.purposes:
            yield "A gene is edited for a purpose."
        if bool(self.knock_in) != bool(self.knock_in_sources):
            yield "What a knock-in does needs a source, and a source something to say."
        if bool(self.knock_in) != (self.knock_in_guide in self.guides):
            yield "A place for the receptor has a guide, which is one of its guides."
        for key in self.guides:
            guide = precedents().get(key)
            if guide is None or guide.gene not in {self.key, *self.copies}:
                yield f"{key} is no published guide of this gene."


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiplexFact(Row):
    """One measurement of several edits in one cell; ``statement`` is a sentence for people."""

    topic: Literal["base_editing", "knock_in", "cuts", "host"]
    statement: str


@cache
def car_edits() -> Mapping[str, CarEdit]:
    """Return the genes by symbol.

    Examples
    --------
    >>> car_edits()["CD7"].purposes[0].value, car_edits()["CD52"].arm
    ('fratricide', 'p')
    """
    return load_rows("car_edits.toml", CarEdit)


@cache
def _facts() -> Mapping[str, MultiplexFact]:
    return load_rows("car_multiplex.toml", MultiplexFact)


def multiplex_facts(*topics: str) -> tuple[MultiplexFact, ...]:
    """Return what was measured, of some topics or of all.

    Examples
    --------
    >>> [fact.key for fact in multiplex_facts("knock_in")]
    ['cas12a_for_the_knock_in', 'cas9_for_both']
    """
    return tuple(fact for fact in _facts().values() if not topics or fact.topic in topics)
