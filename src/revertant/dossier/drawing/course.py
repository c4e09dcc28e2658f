"""Draw how the cells of many simulated people expand and persist: percentile bands over time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from revertant.dossier.drawing import svg
from revertant.dossier.words import number_text
from revertant.model import KineticsBands

__all__ = ["course_legend", "draw_course"]

_LEFT, _RIGHT, _TOP, _PLOT, _FOOT = 62.0, 16.0, 12.0, 190.0, 40.0
_WIDE = 500
_FLOOR = 1.0
_Scale = Callable[[float], float]


def course_legend(bands: KineticsBands) -> tuple[tuple[str, str], ...]:
    """List what the drawing shows.

    Parameters
    ----------
    bands
        The courses.
    """
    low, quarter, _, upper, high = bands.percentiles
    return (
        ("median", "half of the simulated people stand below this line"),
        ("inner", f"from {quarter} to {upper} % of them"),
        ("outer", f"from {low} to {high} % of them"),
        ("peak", "median peak and its time, each over people"),
    )


def draw_course(bands: KineticsBands, *, width: float = 760.0) -> str:
    """Draw the percentile bands as an SVG element, on a logarithmic scale.

    Parameters
    ----------
    bands
        The courses; five percentiles, the median in the middle.
    width
        Width of the drawing.
    """
    highest = max(bands.bands[-1])
    decades = math.ceil(math.log10(max(highest, 10 * _FLOOR)))
    days = bands.days[-1]
    right = width - _RIGHT

    def x(day: float) -> float:
        return _LEFT + day / days * (right - _LEFT)

    def y(level: float) -> float:
        return _TOP + _PLOT * (1 - math.log10(max(level, _FLOOR)) / decades)

    def along(levels: Sequence[float], *, back: bool = False) -> str:
        points = [(day, level) for day, level in zip(bands.days, levels, strict=True) if _is_drawn(day, days)]
        if back:
            points.reverse()
        return "L".join(f"{svg.number(x(day))} {svg.number(y(level))}" for day, level in points)

    parts = _axes(bands, decades, (x, y), width)
    outer, inner = (bands.bands[0], bands.bands[-1]), (bands.bands[1], bands.bands[-2])
    for kind, (low, high) in (("outer", outer), ("inner", inner)):
        parts.append(svg.path(f"M{along(high)}L{along(low, back=True)}z", kind))
    parts.append(svg.path(f"M{along(bands.bands[2])}", "median"))
    peak_day, peak = bands.t_max_days[2], bands.c_max[2]
    tip = f"median peak {number_text(round(peak))} {bands.unit}, median time {peak_day:.1f} days"
    at = f"M{svg.number(x(peak_day) - 4)} {svg.number(y(peak))}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"
    parts.append(svg.path(at, "peak", tip=tip))
    label = f"Simulated course of the cells in {number_text(bands.people)} people over {days:g} days; {tip}"
    return svg.drawing(width, _TOP + _PLOT + _FOOT, "".join(parts), "course", label=label)


def _is_drawn(day: float, days: float) -> bool:
    """Every quarter of a day while the cells expand, every second day after: the eye sees no more."""
    return day <= min(40.0, days) or day % 2 == 0 or day == days


def _axes(bands: KineticsBands, decades: int, scales: tuple[_Scale, _Scale], width: float) -> list[str]:
    x, y = scales
    days = bands.days[-1]
    parts = []
    for power in range(decades + 1):
        level = 10**power
        parts += [
            svg.line(x(0), y(level), x(days), y(level), "grid"),
            svg.text(_LEFT - 6, y(level) + 4, number_text(level), "axis-label last"),
        ]
    most = 14 if width > _WIDE else 6
    step = next(step for step in (1, 7, 14, 28, 56, 91, 182, 364, 728) if days / step <= most)
    for day in range(0, int(days) + 1, step):
        parts += [
            svg.line(x(day), y(_FLOOR), x(day), y(_FLOOR) + 5, "axis"),
            svg.text(x(day), y(_FLOOR) + 17, str(day), "axis-label mid"),
        ]
    parts += [
        svg.line(x(0), y(_FLOOR), x(days), y(_FLOOR), "axis"),
        svg.text((x(0) + x(days)) / 2, y(_FLOOR) + 33, _words(bands, width), "axis-label mid"),
    ]
    return parts


def _words(bands: KineticsBands, width: float) -> str:
    return f"days after infusion; {bands.unit}, logarithmic" if width > _WIDE else "days after infusion"
