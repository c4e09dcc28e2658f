"""The report of an off-target nomination: one HTML file, what was searched first, then what was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from revertant.dossier.nomination.tables import NOMINATION_TABLES
from revertant.dossier.nomination.views import nomination_view
from revertant.dossier.page import render
from revertant.dossier.tables import Column
from revertant.model import Nomination
from revertant.planning import NOTICE

__all__ = ["nomination_html"]


def nomination_html(
    nomination: Nomination, tables: Sequence[tuple[str, Sequence[Column[Any]]]] = NOMINATION_TABLES
) -> str:
    """Return the report as one self-contained HTML page.

    Parameters
    ----------
    nomination
        What was found.
    tables
        The tables that lie beside the page, for its legend of their columns.

    Examples
    --------
    >>> from revertant.model import Coverage, Provenance
    >>> coverage = Coverage(100, (("chr1", 0, 100),), False, ("reference",), "Only 100 bases were searched.")
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> empty = Nomination("s", (), (), coverage, (), None, "", (), None, origin)
    >>> "Only 100 bases were searched." in nomination_html(empty)
    True
    """
    return render(
        "nomination.html.j2",
        nomination=nomination,
        view=nomination_view(nomination),
        tables=tables,
        notice=NOTICE,
    )
