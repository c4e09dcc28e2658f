"""Constant parts of guide RNAs: the scaffold a Cas9 holds on to, and motifs that protect a 3' extension."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Dna, Row, load_rows

__all__ = ["GuidePart", "guide_parts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePart(Row):
    """One constant part.

    Parameters
    ----------
    name
        Display name.
    kind
        ``scaffold`` (between spacer and extension) or ``motif`` (after the extension).
    sequence
        5'→3', DNA letters.
    checked_against
        What ``checked`` rests on.
    note
        What a designer should know.

    Examples
    --------
    >>> len(guide_parts()["sp_scaffold"].sequence), len(guide_parts()["tevopreQ1"].sequence)
    (76, 37)
    """

    name: str
    kind: Literal["scaffold", "motif"]
    sequence: Dna
    checked_against: str = ""
    note: str = ""

    def problems(self) -> Iterator[str]:
        """Yield what is wrong between the fields of this row."""
        if self.checked != bool(self.checked_against):
            yield "checked and checked_against go together"


@cache
def guide_parts() -> Mapping[str, GuidePart]:
    """Return all constant parts by key.

    Examples
    --------
    >>> [key for key, part in guide_parts().items() if part.kind == "motif"]
    ['mpknot', 'tevopreQ1']
    """
    return load_rows("guide_parts.toml", GuidePart)
