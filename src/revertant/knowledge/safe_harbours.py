"""Safe harbours: places into which a cassette has been put on purpose, with the guides that open them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.precedents import Precedent, precedents
from revertant.knowledge.tissues import Tissue

__all__ = ["SafeHarbour", "safe_harbours"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeHarbour(Row):
    """One place for a cassette.

    Parameters
    ----------
    name, gene
        Its name, and the gene that lies there.
    guides
        Keys of :func:`precedents` that cut there, the one for knock-in first.
    purpose, loses
        What the place offers, and what is lost by using it.
    tissues
        Cells it has been used in; empty when it serves any.
    """

    name: str
    gene: str
    guides: tuple[str, ...]
    purpose: str
    loses: str
    tissues: tuple[Tissue, ...] = ()

    @property
    def published(self) -> tuple[Precedent, ...]:
        """The guides as they were published.

        Examples
        --------
        >>> [guide.spacer for guide in safe_harbours()["trac"].published]
        ['CAGGGTTCTGGATATCTGT', 'GTCAGGGTTCTGGATATCTG']
        """
        return tuple(precedents()[key] for key in self.guides)

    def problems(self) -> Iterator[str]:
        """Yield what is wrong between this row and the published guides."""
        if not self.guides:
            yield "A harbour without a guide cannot be opened."
        for key in self.guides:
            guide = precedents().get(key)
            if guide is None:
                yield f"There is no published guide {key!r}."
            elif guide.gene != self.gene:
                yield f"{key} cuts {guide.gene}, not {self.gene}."
            elif self.checked and guide.found_in != "genome":
                yield f"{key} was not found in a sequence of the place, so the row cannot be checked."


@cache
def safe_harbours() -> Mapping[str, SafeHarbour]:
    """Return the safe harbours by key.

    Examples
    --------
    >>> list(safe_harbours())
    ['aavs1', 'ccr5', 'trac']
    """
    return load_rows("safe_harbours.toml", SafeHarbour)
