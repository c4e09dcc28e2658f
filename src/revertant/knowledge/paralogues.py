"""Second genes that make the protein of a disease gene, which is then not foreign to a person without the gene."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Row, load_rows

__all__ = ["Paralogue", "paralogue", "paralogues", "paralogues_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paralogue(Row):
    """A second gene of the same protein; the key is its symbol.

    Parameters
    ----------
    name
        Full name.
    of
        Symbol of the gene whose protein it makes.
    protein
        ``"identical"``: the two encode the same residues.
    statement
        How the two differ.
    elsewhere
        The route on this gene that is in use and that this version does not design; empty when there is none.
    elsewhere_sources
        Where that stands; not part of what ``checked`` vouches for.
    """

    name: str
    of: str
    protein: Literal["identical"]
    statement: str
    elsewhere: str = ""
    elsewhere_sources: tuple[str, ...] = ()

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if self.of == self.key:
            yield "A gene is no paralogue of itself."
        if not self.statement.endswith("."):
            yield "The statement is a sentence."


@cache
def paralogues() -> Mapping[str, Paralogue]:
    """Return all second genes by symbol.

    Examples
    --------
    >>> list(paralogues())
    ['SMN2']
    """
    return load_rows("paralogues.toml", Paralogue)


def paralogue(symbol: str) -> Paralogue | None:
    """Return the row of a second gene by its symbol; ``None`` when it is none.

    Examples
    --------
    >>> paralogue("SMN2").of, paralogue("SMN1")
    ('SMN1', None)
    """
    return paralogues().get(symbol)


def paralogues_of(symbol: str) -> tuple[Paralogue, ...]:
    """Return the second genes that make the protein of a gene.

    Examples
    --------
    >>> [row.key for row in paralogues_of("SMN1")]
    ['SMN2']
    """
    return tuple(row for row in paralogues().values() if row.of == symbol)
