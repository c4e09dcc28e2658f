"""The correctability atlas as one page: what counts, the drawings, then every table."""

from __future__ import annotations

from markupsafe import Markup

from revertant.dossier.drawing.atlas import PARTS, draw_by_change, draw_combinations, draw_nicks
from revertant.dossier.page import render
from revertant.planning import NOTICE
from revertant.planning.atlas import Atlas, AtlasTable, Pams, Way, atlas_tables
from revertant.planning.atlas.table import share
from revertant.planning.atlas.words import DEFINITIONS

__all__ = ["atlas_html"]


def atlas_html(atlas: Atlas, source: str = "") -> str:
    """Return the atlas as one self-contained HTML page.

    Parameters
    ----------
    atlas
        The atlas.
    source
        Name of the table it was made from.

    Examples
    --------
    >>> from revertant.model import Tally
    >>> "The table holds no variant that could be judged" in atlas_html(Atlas((), Tally.of("rows", kept=0)))
    True
    """
    total = len(atlas.rows)
    found = atlas.ways(Pams.ANY)
    sums = {way: sum(number for ways, number in found.items() if way in ways) for way in Way}
    return render(
        "atlas.html.j2",
        styles=("report.css", "atlas.css"),
        atlas=atlas,
        source=source,
        total=total,
        reached=[
            (way.value, sums[way], share(sums[way], total).replace(" ", "\N{NO-BREAK SPACE}"))
            for way in sorted(Way, key=lambda way: -sums[way])
        ],
        by_none=found[frozenset()],
        definitions=DEFINITIONS,
        # Drawings are made by this room from numbers and escaped words.
        combinations=Markup(draw_combinations(atlas)),  # noqa: S704
        by_change=Markup(draw_by_change(atlas)),  # noqa: S704
        nicks=Markup(draw_nicks(atlas)),  # noqa: S704
        parts=PARTS,
        tables=[(table, _numbers(table)) for table in atlas_tables(atlas)],
        notice=NOTICE,
    )


def _numbers(table: AtlasTable) -> tuple[bool, ...]:
    """Which columns hold numbers."""
    return tuple(
        all(row[column][:1] in "0123456789-" for row in table.rows) for column in range(len(table.header))
    )
