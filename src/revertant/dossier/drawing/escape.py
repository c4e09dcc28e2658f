"""Draw antigen escape under one scenario: the share of tumours grown back over time, for one antigen and for two."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from revertant.dossier.drawing import svg
from revertant.dossier.words import number_text
from revertant.model import EscapeComparison

__all__ = ["draw_escape", "escape_legend"]

_LEFT, _RIGHT, _TOP, _PLOT, _FOOT = 52.0, 16.0, 12.0, 190.0, 40.0
_WIDE = 500
_STEPS = (1, 2, 5, 7, 10, 14, 20, 28, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
#: Colours of single antigens; two together have one of their own.
_SINGLES = 4


def escape_legend(found: EscapeComparison) -> tuple[tuple[str, str], ...]:
    """List the lines of the drawing, in the order of the courses.

    Parameters
    ----------
    found
        The courses.
    """
    return tuple(
        (kind, f"{' or '.join(course.antigens)} attacked")
        for kind, course in zip(_kinds(found), found.courses, strict=True)
    )


def draw_escape(found: EscapeComparison, *, width: float = 760.0) -> str:
    """Draw the share of simulated tumours that are as many cells again, by day, as an SVG element.

    Parameters
    ----------
    found
        The courses; without a doubling time there is no drawing.
    width
        Width of the drawing.
    """
    if not found.days:
        return ""
    last = found.days[-1] * 1.02
    right = width - _RIGHT

    def x(day: float) -> float:
        return _LEFT + day / last * (right - _LEFT)

    def y(share: float) -> float:
        return _TOP + _PLOT * (1 - share)

    parts = _axes(last, (x, y), width)
    told = []
    for kind, course in zip(_kinds(found), found.courses, strict=True):
        name = " or ".join(course.antigens)
        tip = f"{name}: {course.regrown[-1]:.1%} of the simulated tumours by day {found.days[-1]:.0f}"
        parts.append(svg.path(_steps(found.days, course.regrown, (x, y), last), f"line {kind}", tip=tip))
        told.append(tip)
    label = f"Share of {number_text(found.runs)} simulated tumours grown back over time; {'; '.join(told)}"
    return svg.drawing(width, _TOP + _PLOT + _FOOT, "".join(parts), "escape", label=label)


def _kinds(found: EscapeComparison) -> list[str]:
    kinds, singles = [], 0
    for course in found.courses:
        if len(course.antigens) > 1:
            kinds.append("both")
        else:
            kinds.append(f"one-{singles % _SINGLES}")
            singles += 1
    return kinds


def _steps(
    days: Sequence[float],
    shares: Sequence[float],
    scales: tuple[Callable[[float], float], Callable[[float], float]],
    last: float,
) -> str:
    """A line that stays at a share until the next day that was looked at."""
    x, y = scales
    points = [(days[0], shares[0])]
    for day, share in zip(days[1:], shares[1:], strict=True):
        points += [(day, points[-1][1]), (day, share)]
    points.append((last, shares[-1]))
    return "M" + "L".join(f"{svg.number(x(day))} {svg.number(y(share))}" for day, share in points)


def _axes(
    last: float, scales: tuple[Callable[[float], float], Callable[[float], float]], width: float
) -> list[str]:
    x, y = scales
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            svg.line(x(0), y(share), x(last), y(share), "grid"),
            svg.text(_LEFT - 6, y(share) + 4, f"{share:.0%}", "axis-label last"),
        ]
    most = 12 if width > _WIDE else 6
    step = next((step for step in _STEPS if last / step <= most), _STEPS[-1])
    for day in range(0, int(last) + 1, step):
        parts += [
            svg.line(x(day), y(0), x(day), y(0) + 5, "axis"),
            svg.text(x(day), y(0) + 17, number_text(day), "axis-label mid"),
        ]
    words = "days after treatment; share of simulated tumours with as many cells again"
    parts += [
        svg.line(x(0), y(0), x(last), y(0), "axis"),
        svg.text(
            (x(0) + x(last)) / 2,
            y(0) + 33,
            words if width > _WIDE else "days after treatment; share grown back",
            "axis-label mid",
        ),
    ]
    return parts
