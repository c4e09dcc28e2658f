"""Draw which breaks of an edit set can be joined to which: a triangle of pairs."""

from __future__ import annotations

from revertant.dossier.drawing import svg
from revertant.dossier.drawing.flags import shortened
from revertant.model import EditSet, TranslocationAssay

__all__ = ["draw_joinings", "joinings_legend"]

_CELL, _CELL_NARROW = 64.0, 40.0
_NAMES, _HEAD = 92.0, 30.0
_WIDE = 500


def joinings_legend() -> tuple[tuple[str, str], ...]:
    """List what the drawing shows.

    Examples
    --------
    >>> [kind for kind, _ in joinings_legend()]
    ['between', 'within']
    """
    return (
        ("between", "two chromosomes: balanced, dicentric and acentric products"),
        ("within", "one chromosome: deletion, inversion, ring"),
    )


def draw_joinings(edit_set: EditSet, *, width: float = 760.0) -> str:
    """Draw the pairs of breaks as an SVG element; empty where no two breaks are made.

    Parameters
    ----------
    edit_set
        The edits with their assays.
    width
        Room for the drawing.

    Examples
    --------
    >>> from revertant.model import CellSource
    >>> draw_joinings(EditSet(CellSource.AUTOLOGOUS, ()))
    ''
    """
    assays = edit_set.assays
    if not assays:
        return ""
    names = list(dict.fromkeys(name for assay in assays for name in (assay.first, assay.second)))
    cell = min(_CELL if width > _WIDE else _CELL_NARROW, (width - _NAMES - 10) / max(1, len(names) - 1))
    pairs = {frozenset((assay.first, assay.second)): assay for assay in assays}
    parts = [
        svg.text(_NAMES + cell * (column + 0.5), _HEAD - 10, shortened(name, cell), "cut-name mid")
        for column, name in enumerate(names[:-1])
    ]
    for row, name in enumerate(names[1:]):
        y = _HEAD + cell * row
        parts.append(svg.text(_NAMES - 8, y + cell / 2 + 4, shortened(name, _NAMES - 10), "cut-name last"))
        for column, other in enumerate(names[: row + 1]):
            assay = pairs.get(frozenset((name, other)))
            if assay is not None:
                parts += _pair(assay, _NAMES + cell * column, y, cell)
    height = _HEAD + cell * (len(names) - 1) + 8
    label = f"Pairs of breaks that can be joined: {'; '.join(map(_in_words, assays))}"
    return svg.drawing(_NAMES + cell * (len(names) - 1) + 10, height, "".join(parts), "joinings", label=label)


def _pair(assay: TranslocationAssay, x: float, y: float, cell: float) -> list[str]:
    within = assay.pair is not None and assay.pair.kind != "translocation"
    has_primers = all(junction.forward for junction in assay.junctions)
    mark = "4 PCRs" if has_primers else "no primers"
    return [
        svg.rect(
            x + 2,
            y + 2,
            cell - 4,
            cell - 4,
            "within" if within else "between",
            radius=4,
            tip=_in_words(assay),
        ),
        svg.text(x + cell / 2, y + cell / 2 + 4, shortened(mark, cell), "pcr mid"),
    ]


def _in_words(assay: TranslocationAssay) -> str:
    kinds = ", ".join(dict.fromkeys(junction.kind for junction in assay.junctions))
    return f"{assay.first} with {assay.second}: {kinds}"
