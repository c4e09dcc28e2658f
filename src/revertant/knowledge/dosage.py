"""Genes of which too much does harm, so that an added copy needs a measured promoter and a measured dose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Row, load_rows

__all__ = ["DosageFact", "dosage_facts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DosageFact(Row):
    """What too much of one gene's product does; the key is the gene's symbol.

    Parameters
    ----------
    found_in
        Whether people (with an additional copy) or animals (with a vector) have shown it.
    statement
        The fact as a sentence.
    """

    found_in: Literal["people", "animals"]
    statement: str

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if not self.statement.endswith("."):
            yield "The statement is a sentence."


@cache
def dosage_facts() -> Mapping[str, DosageFact]:
    """Return the facts by gene symbol. A gene that is not listed is not known to be safe at any level.

    Examples
    --------
    >>> dosage_facts()["MECP2"].found_in, "F9" in dosage_facts()
    ('people', False)
    """
    return load_rows("dosage.toml", DosageFact)
