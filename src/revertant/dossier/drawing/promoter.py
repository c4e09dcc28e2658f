"""Draw a promoter along its gene: the start, the editor's window, the guide, CpG, and what else starts there.

Upstream is left and the gene is read to the right, whatever strand it lies on.
"""

from __future__ import annotations

from collections.abc import Callable

from revertant.dossier.drawing import svg
from revertant.dossier.drawing.canvas import label_width
from revertant.model import PromoterMap

__all__ = ["draw_promoter", "promoter_legend"]

_SIDE = 34.0
_AXIS_Y, _TOP_Y = 92.0, 22.0
_HEIGHT = 146.0
#: Distances between ticks to choose from, in bp.
_STEPS = (50, 100, 200, 250, 500, 1000, 2000)
_MOST_TICKS = 9

_LEGEND = {
    "window": "where this editor may bind",
    "core": "where it binds best",
    "guide": "this guide",
    "cpg": "CpG",
    "start": "start of transcription",
    "other-start": "another start: it may be switched too",
}


def promoter_legend(promoter: PromoterMap) -> tuple[tuple[str, str], ...]:
    """List what the drawing shows, for a legend beside it.

    Examples
    --------
    >>> [kind for kind, _ in promoter_legend(PromoterMap("G", (-25, 500), (25, 75), 44, True))]
    ['window', 'core', 'guide', 'start']
    """
    absent = {
        "core": promoter.core_window == promoter.window,
        "cpg": not promoter.cpg,
        "other-start": not promoter.starts,
    }
    return tuple((kind, meaning) for kind, meaning in _LEGEND.items() if not absent.get(kind, False))


def draw_promoter(promoter: PromoterMap, *, width: float = 760.0) -> str:
    """Draw a promoter as an SVG element.

    Parameters
    ----------
    promoter
        What to draw.
    width
        Width of the drawing.

    Examples
    --------
    >>> draw_promoter(PromoterMap("G", (-25, 500), (25, 75), 44, True)).startswith('<svg class="promoter"')
    True
    """
    low, high = promoter.shown
    scale = (width - 2 * _SIDE) / max(high - low, 1)

    def x(offset: float) -> float:
        return _SIDE + (offset - low) * scale

    parts = []
    for kind, (first, last) in (("window", promoter.window), ("core", promoter.core_window)):
        if kind == "window" or promoter.core_window != promoter.window:
            tip = f"{first} to {last} bp"
            box = svg.rect(
                x(first), _TOP_Y + 32, (last - first) * scale, _AXIS_Y - _TOP_Y - 32, kind, tip=tip
            )
            parts.append(box)
    parts += [
        svg.rect(x(place) - 0.6, _AXIS_Y + 3, 1.2, 9, "cpg", tip=f"CpG at {place} bp")
        for place in promoter.cpg
    ]
    parts.append(svg.line(_SIDE, _AXIS_Y, width - _SIDE, _AXIS_Y, "axis"))
    parts += _ticks(low, high, width, x)
    for start in promoter.starts:
        way = 1 if start.is_same_way else -1
        words = f"{start.gene} {start.offset_bp:+d}"
        parts.append(_start(x(start.offset_bp), way, words, "other-start", width=width, top=_TOP_Y + 12))
    parts.append(_start(x(0), 1, promoter.gene, "start", width=width, top=_TOP_Y - 6))
    parts.append(_guide(promoter, x(promoter.guide_bp), width))
    return svg.drawing(width, _HEIGHT, "".join(parts), "promoter", label=_in_words(promoter))


def _ticks(low: int, high: int, width: float, x: Callable[[float], float]) -> list[str]:
    most = _MOST_TICKS if width > 500 else _MOST_TICKS // 2
    step = next((step for step in _STEPS if (high - low) / step <= most), _STEPS[-1])
    parts = []
    for place in range(-(-low // step) * step, high + 1, step):
        at = x(place)
        parts += [
            svg.line(at, _AXIS_Y, at, _AXIS_Y + 16, "tick"),
            svg.text(at, _AXIS_Y + 27, f"{place:+d}" if place else "start", "tick-label mid"),
        ]
    return parts


def _start(at: float, way: int, words: str, kind: str, *, width: float, top: float) -> str:
    """The bent arrow of a start of transcription, with its name on the side with room."""
    tip = at + way * 22
    arrow = (
        f"M{svg.number(at)} {svg.number(_AXIS_Y)}V{svg.number(top + 10)}H{svg.number(tip)}"
        f"m{svg.number(-way * 6)} -4l{svg.number(way * 6)} 4l{svg.number(-way * 6)} 4"
    )
    half = _half(words)
    middle = at + way * (28 + half)
    if not half <= middle <= width - half:  # no room before the arrow's head: behind the stem
        middle = at - way * (8 + half)
    return svg.path(arrow, kind, tip=words) + svg.text(middle, top + 14, words, f"{kind}-name mid")


def _half(words: str) -> float:
    """Half the width of a label in bold, with some room."""
    return label_width(words) * 0.6 + 2


def _guide(promoter: PromoterMap, at: float, width: float) -> str:
    """A wedge that points the way the guide reads, with its distance."""
    way = 1 if promoter.guide_is_same_way else -1
    y = _AXIS_Y - 12
    wedge = f"M{svg.number(at)} {svg.number(y)}l{svg.number(-way * 14)} -6v12z"
    words = f"guide {promoter.guide_bp:+d}" if promoter.guide_bp else "guide 0"
    half = _half(words)
    middle = max(half, min(at, width - half))
    return svg.path(wedge, "guide", tip=words) + svg.text(middle, _HEIGHT - 6, words, "guide-name mid")


def _in_words(promoter: PromoterMap) -> str:
    low, high = promoter.window
    words = [
        f"Promoter of {promoter.gene}: the editor may bind from {low} to {high} bp around the start",
        f"the guide lies at {promoter.guide_bp} bp",
    ]
    if promoter.cpg:
        words.append(f"{len(promoter.cpg)} CpG are shown")
    if promoter.starts:
        words.append("also starting: " + ", ".join(f"{s.gene} at {s.offset_bp} bp" for s in promoter.starts))
    return "; ".join(words)
