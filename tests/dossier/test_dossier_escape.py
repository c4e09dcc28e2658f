"""The drawing of antigen escape: one line for each antigen, one for two together."""

from __future__ import annotations

import re

import pytest

from revertant.dossier.drawing.escape import draw_escape, escape_legend
from revertant.dossier.words import significant_text
from revertant.model import EscapeComparison, EscapeCourse

_ONE = EscapeCourse(("CD19",), 0.7, 0.7, (1.0, 3.0, 30.0), (80.0, 100.0, 108.0), (0.0, 0.2, 0.7))
_BOTH = EscapeCourse(("CD19", "CD22"), 0.01, 0.01, (1.0, 1.0, 2.0), (90.0, 100.0, 108.0), (0.0, 0.0, 0.01))
_FOUND = EscapeComparison((_ONE, _BOTH), (0.0, 50.0, 108.0), 10_000, 1, ("It is assumed.",))


def _heights(drawing: str, kind: str) -> list[float]:
    [data] = re.findall(rf'<path class="line {kind}" d="M([^"]+)"', drawing)
    return [float(point.split()[1]) for point in data.split("L")]


def test_lines_rise_to_their_share_and_never_fall() -> None:
    drawing = draw_escape(_FOUND)
    one, both = _heights(drawing, "one-0"), _heights(drawing, "both")
    assert one == sorted(one, reverse=True)  # up is towards 0 in a drawing
    assert one[-1] < both[-1]
    [zero] = {one[0], both[0]}
    # 70 % stands at 70 % of the height from 0 to 100 %.
    full = float(re.findall(r'<text class="axis-label last"[^>]*y="([\d.]+)">100%', drawing)[0]) - 4
    assert (zero - one[-1]) / (zero - full) == pytest.approx(0.7, abs=0.01)


def test_axes_have_units_and_the_label_says_what_is_drawn() -> None:
    drawing = draw_escape(_FOUND)
    assert "days after treatment; share of simulated tumours with as many cells again" in drawing
    assert "CD19 or CD22: 1.0% of the simulated tumours by day 108" in drawing
    assert escape_legend(_FOUND) == (("one-0", "CD19 attacked"), ("both", "CD19 or CD22 attacked"))


def test_without_days_nothing_is_drawn() -> None:
    assert draw_escape(EscapeComparison((_ONE,), (), 10_000, 1, ())) == ""


def test_numbers_of_every_size_are_readable() -> None:
    assert [significant_text(one) for one in (0.742, 1.5, 134217728.0, 1e-12, 999_999.0)] == [
        "0.742",
        "1.5",
        "1.34e8",
        "1e-12",
        "1,000,000",
    ]
