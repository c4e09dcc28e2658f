"""Draw a sequence before and after an edit, one row over the other."""

from __future__ import annotations

from revertant.dossier.alignment import Aligned
from revertant.dossier.drawing import svg
from revertant.dossier.drawing.canvas import BASE_WIDTH, LEFT, RIGHT

__all__ = ["draw_alignment"]

_ROW, _GAP = 20.0, 9.0
_LEFT = LEFT + 8


def draw_alignment(rows: Aligned, *, columns: int = 72) -> str:
    """Draw two rows as an SVG element, wrapped after ``columns`` letters.

    Examples
    --------
    >>> drawing = draw_alignment(Aligned("ACGT", "ACCT", 0))
    >>> drawing.count('class="new-target"'), "G becomes C" in drawing
    (1, True)
    """
    parts, y = [], 2.0
    longest = min(columns, len(rows.before))
    for first in range(0, len(rows.before), columns):
        parts.append(_block(rows, first, min(first + columns, len(rows.before)), y))
        y += 2 * _ROW + _GAP + 14
    width = _LEFT + longest * BASE_WIDTH + RIGHT
    return svg.drawing(width, y - 10, "".join(parts), "sequence aligned", label=_in_words(rows))


def _block(rows: Aligned, first: int, last: int, top: float) -> str:
    bottom = top + _ROW + _GAP
    xs = [_LEFT + (index - first) * BASE_WIDTH + BASE_WIDTH / 2 for index in range(first, last)]
    parts = [
        svg.text(_LEFT - 7, top + 15, "before", "end-label last"),
        svg.text(_LEFT - 7, bottom + 15, "after", "end-label last"),
    ]
    same = []
    for index, x in zip(range(first, last), xs, strict=True):
        old, new = rows.before[index], rows.after[index]
        if old == new:
            same.append(f"M{svg.number(x)} {svg.number(top + _ROW)}v{svg.number(_GAP - 1)}")
            continue
        tip = f"{old} goes" if new == "-" else f"{new} comes" if old == "-" else f"{old} becomes {new}"
        left = x - BASE_WIDTH / 2
        parts.append(svg.rect(left, top + 1, BASE_WIDTH, _ROW - 2, "tint-target", tip=tip))
        kind = "gone-target" if new == "-" else "new-target"
        parts.append(svg.rect(left, bottom + 1, BASE_WIDTH, _ROW - 2, kind, tip=tip))
    parts.append(svg.path("".join(same), "rungs") if same else "")
    # A letter that comes is written on colour, so it takes the colour of letters on it.
    for y, letters, news in ((top, rows.before, False), (bottom, rows.after, True)):
        plain = [i for i in range(first, last) if not (news and i in rows.changed and letters[i] != "-")]
        bold = [i for i in range(first, last) if i not in plain]
        for places, kind in ((plain, "base"), (bold, "new-letter")):
            if places:
                at = [xs[i - first] for i in places]
                parts.append(svg.text_run(at, y + 15, "".join(letters[i] for i in places), kind))
    return svg.group("".join(parts), "row")


def _in_words(rows: Aligned) -> str:
    if not rows.changed:
        return "The sequence before and after the edit: nothing changes"
    low, high = rows.changed[0], rows.changed[-1] + 1
    old, new = (row[low:high].replace("-", "") or "nothing" for row in (rows.before, rows.after))
    return f"The sequence before and after the edit: {old} becomes {new}"
