"""Draw how many sites a guide has by their number of edits.

Counts grow about tenfold with each edit, so the bars grow with the logarithm of the count; the number itself
stands on each bar, and an edit without sites has a nought and no bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

from revertant.dossier.drawing import svg
from revertant.dossier.words import count_text, number_text

__all__ = ["draw_counts"]

_COLUMN, _BAR, _TOP, _HEIGHT = 46.0, 30.0, 16.0, 44.0
_LEAST = 3.0


def draw_counts(counts: Sequence[tuple[int, int]]) -> str:
    """Draw one bar for each number of edits, from none to the most that occur.

    Parameters
    ----------
    counts
        Pairs of edits and sites.

    Examples
    --------
    >>> draw_counts([(2, 1), (4, 120)]).startswith("<svg")
    True
    >>> draw_counts([])
    ''
    """
    sites = {edits: number for edits, number in counts if number}
    if not sites:
        return ""
    columns = range(max(sites) + 1)
    highest = log10(1 + max(sites.values()))
    bottom = _TOP + _HEIGHT
    parts = [svg.line(0, bottom, _COLUMN * len(columns), bottom, "grid")]
    for edits in columns:
        middle = _COLUMN * (edits + 0.5)
        number = sites.get(edits, 0)
        height = max(_LEAST, _HEIGHT * log10(1 + number) / highest) if number else 0.0
        if number:
            tip = f"{count_text(number, 'site')} with {count_text(edits, 'edit')}"
            parts.append(
                svg.rect(
                    middle - _BAR / 2, bottom - height, _BAR, height, f"count edits-{min(edits, 3)}", tip=tip
                )
            )
        kind = "count-label mid" if number else "count-label none mid"
        parts.append(svg.text(middle, bottom - height - 4, number_text(number), kind))
        parts.append(svg.text(middle, bottom + 13, str(edits), "axis-label mid"))
    words = ", ".join(f"{number:,} with {edits}" for edits, number in sorted(sites.items()))
    return svg.drawing(
        _COLUMN * len(columns), bottom + 17, "".join(parts), "counts-chart", label=f"Sites by edits: {words}"
    )
