"""Routes for structural changes: which exist, which do not, and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Row, load_rows
from revertant.model import StructureKind

__all__ = ["StructuralRoute", "structural_routes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuralRoute(Row):
    """One route for one kind of structural change.

    Parameters
    ----------
    kind
        The kind of change, a :class:`revertant.model.StructureKind`.
    route
        What would be done.
    verdict
        ``designed`` (molecules are made here), ``elsewhere`` (published, not designed here), ``limited`` (in part of
        the cases) or ``none``.
    statement
        Why, in one or two sentences.

    Examples
    --------
    >>> [route.verdict for route in structural_routes(StructureKind.TANDEM_DUPLICATION)]
    ['designed', 'limited']
    """

    kind: StructureKind
    route: str
    verdict: Literal["designed", "elsewhere", "limited", "none"]
    statement: str

    def problems(self) -> Iterator[str]:
        """Yield what is wrong between the fields of this row."""
        if not self.key.startswith(self.kind):
            yield f"the row's name does not start with its kind {self.kind}"
        if not self.statement.endswith("."):
            yield "the statement is no sentence"


@cache
def _routes() -> Mapping[str, StructuralRoute]:
    return load_rows("structural_routes.toml", StructuralRoute)


def structural_routes(kind: StructureKind) -> tuple[StructuralRoute, ...]:
    """Return the routes for a kind of structural change, in the order of the catalogue.

    Parameters
    ----------
    kind
        The kind.

    Examples
    --------
    >>> len(structural_routes(StructureKind.REPEAT_EXPANSION))
    5
    """
    return tuple(route for route in _routes().values() if route.kind == kind)
