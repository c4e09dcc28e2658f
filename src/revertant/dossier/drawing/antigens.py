"""Draw antigens: how much of each is on the tumour, and how much on the normal organ that has most of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from revertant.dossier.drawing import svg
from revertant.dossier.drawing.flags import shortened
from revertant.dossier.words import STATUS_WORDS
from revertant.model import JudgedAntigen

__all__ = ["MOST_DRAWN", "antigens_legend", "draw_antigens"]

#: Antigens that are drawn; all of them stand in the table.
MOST_DRAWN = 20
_ROW, _TOP, _FOOT = 26.0, 8.0, 40.0
_NAMES, _NAMES_NARROW = 110.0, 74.0
_ORGANS, _ORGANS_NARROW = 150.0, 24.0
_WIDE = 500


def antigens_legend() -> tuple[tuple[str, str], ...]:
    """List what the drawing shows.

    Examples
    --------
    >>> [kind for kind, _ in antigens_legend()]
    ['tumour', 'organ', 'gap']
    """
    return (
        ("tumour", "in the tumour"),
        ("organ", "in the normal organ with most of it, of those nobody can do without"),
        (
            "gap",
            "what lies between them: the safer, the longer and the further to the right the tumour stands",
        ),
    )


def draw_antigens(antigens: Sequence[JudgedAntigen], *, width: float = 760.0) -> str:
    """Draw tumour against worst normal organ as an SVG element; empty where nothing was measured.

    Parameters
    ----------
    antigens
        Best first; those without a level in the tumour are left out.
    width
        Width of the drawing.

    Examples
    --------
    >>> from revertant.model import Status
    >>> one = JudgedAntigen("CD19", "CD19", 240.0, "per million", "spleen", 31.0, None, "usable", Status.PASS, "")
    >>> draw_antigens([one]).startswith('<svg class="antigens"')
    True
    >>> draw_antigens([])
    ''
    """
    shown = [one for one in antigens if one.tumour is not None][:MOST_DRAWN]
    if not shown:
        return ""
    is_wide = width > _WIDE
    left = _NAMES if is_wide else _NAMES_NARROW
    right = width - (_ORGANS if is_wide else _ORGANS_NARROW)
    top = max(max(one.tumour or 0.0, one.worst or 0.0) for one in shown)
    decades = max(1, math.ceil(math.log10(top + 1)))

    def x(level: float) -> float:
        return left + math.log10(level + 1) / decades * (right - left)

    foot = _TOP + _ROW * len(shown)
    parts = []
    for level in (0, *(10**power for power in range(decades + 1))):
        parts += [
            svg.line(x(level), _TOP, x(level), foot, "grid"),
            svg.text(x(level), foot + 14, _level(level), "axis-label mid"),
        ]
    unit = f"level, {shown[0].unit}, logarithm of 1 + level"
    parts.append(
        svg.text((left + right) / 2, foot + 31, unit if is_wide else shown[0].unit, "axis-label mid")
    )
    for number, one in enumerate(shown):
        parts += _row(one, _TOP + _ROW * (number + 0.5), x, left, right if is_wide else None)
    return svg.drawing(width, foot + _FOOT, "".join(parts), "antigens", label=_in_words(shown))


def _row(
    one: JudgedAntigen, y: float, x: Callable[[float], float], left: float, organ_at: float | None
) -> list[str]:
    tumour = one.tumour or 0.0
    tip = f"{one.gene}: {_level(tumour)} in the tumour"
    kind = f"antigen-name last {one.status.value}"
    parts = [svg.text(left - 10, y + 4, shortened(one.gene, left - 14), kind, tip=one.because)]
    if one.worst is not None:
        tip += f", {_level(one.worst)} in {one.worst_organ}"
        kind = "gap" if tumour > one.worst else "gap lost"
        start, end = sorted((x(tumour), x(one.worst)))
        parts += [svg.rect(start, y - 2, end - start, 4, kind), _dot(x(one.worst), y, "organ", tip)]
        if organ_at is not None:
            words = shortened(one.worst_organ, _ORGANS - 14)
            parts.append(svg.text(organ_at + 12, y + 4, words, "organ-name"))
    elif organ_at is not None:
        parts.append(svg.text(organ_at + 12, y + 4, "no normal samples", "organ-name none"))
    parts.append(_dot(x(tumour), y, "tumour", tip))
    return parts


def _level(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _dot(x: float, y: float, kind: str, tip: str) -> str:
    if kind == "organ":
        return svg.rect(x - 4, y - 4, 8, 8, kind, tip=tip)
    return svg.path(f"M{svg.number(x - 5)} {svg.number(y)}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z", kind, tip=tip)


def _in_words(shown: Sequence[JudgedAntigen]) -> str:
    told = "; ".join(
        f"{one.gene} {_level(one.tumour or 0.0)}"
        + (f" against {_level(one.worst)} in {one.worst_organ}" if one.worst is not None else "")
        + f", {STATUS_WORDS[one.status]}"
        for one in shown
    )
    return f"Antigens in the tumour against the normal organ with most of each: {told}"
