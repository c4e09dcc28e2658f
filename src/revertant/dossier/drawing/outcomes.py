"""Draw what an edit is predicted to leave: the lengths of indels, or the genotypes of a base edit with their shares."""

from __future__ import annotations

from collections.abc import Sequence

from revertant.dossier.drawing import svg
from revertant.dossier.words import percent
from revertant.model import Outcome

__all__ = ["MOST_GENOTYPES", "draw_genotypes", "draw_indels", "indel_legend"]

#: Genotypes drawn, largest share first; the table lists them all.
MOST_GENOTYPES = 8
_LEFT, _TOP, _HEIGHT, _COLUMN, _GAP = 34.0, 10.0, 96.0, 19.0, 3.0
_NARROW_COLUMN = 9.5
_ROW, _BAR_HEIGHT, _BAR_WIDTH = 30.0, 9.0, 300.0
#: A length with a smaller share has no bar of its own to be seen.
_LEAST = 0.0005
_STEPS = (0.05, 0.1, 0.2, 0.25, 0.5)


def draw_indels(lengths: Sequence[tuple[int, float]], *, narrow: bool = False) -> str:
    """Draw one bar for each length of an indel; those that shift the frame and those that keep it differ in colour.

    Parameters
    ----------
    lengths
        Pairs of bases gained (negative for a deletion) and share of indels, 0 to 1.
    narrow
        For a small screen.

    Examples
    --------
    >>> draw_indels([(-3, 0.2), (-1, 0.3), (1, 0.5)]).count("<rect")
    3
    >>> draw_indels([])
    ''
    """
    shares = dict(lengths)
    if not shares:
        return ""
    first, last = min(shares), max(shares)
    column = _NARROW_COLUMN if narrow else _COLUMN
    places = [length for length in range(first, last + 1) if length]
    top = max(shares.values())
    step = next((step for step in _STEPS if top / step <= 4), _STEPS[-1])
    bottom = _TOP + _HEIGHT
    right = _LEFT + column * len(places)
    parts = []
    tick = 0
    while tick * step <= top:
        y = bottom - _HEIGHT * tick * step / top
        parts.append(svg.line(_LEFT, y, right, y, "grid"))
        parts.append(svg.text(_LEFT - 4, y + 3, f"{tick * step:.0%}", "axis-label last"))
        tick += 1
    for index, length in enumerate(places):
        share = shares.get(length, 0.0)
        x = _LEFT + column * index
        if share >= _LEAST:
            height = max(0.8, _HEIGHT * share / top)
            kind = "kept" if length % 3 == 0 else "shifted"
            what = f"{abs(length)} bases {'gained' if length > 0 else 'lost'}: {percent(share)} of indels"
            gap = _GAP / 2 if narrow else _GAP
            parts.append(
                svg.rect(x + gap / 2, bottom - height, column - gap, height, f"indel {kind}", tip=what)
            )
        if length > 0 or length % (6 if narrow else 3) == 0 or length == -1:
            parts.append(svg.text(x + column / 2, bottom + 13, f"{length:+d}", "axis-label mid"))
    words = ", ".join(f"{length:+d} {percent(share)}" for length, share in _largest(shares))
    label = f"Predicted indels by length, the largest shares: {words}"
    return svg.drawing(right + 4, bottom + 18, "".join(parts), "outcome-chart", label=label)


def indel_legend() -> tuple[tuple[str, str], ...]:
    """Return class and meaning of the two kinds of bars."""
    return (("indel-shifted", "shifts the reading frame"), ("indel-kept", "keeps the reading frame"))


def draw_genotypes(outcomes: Sequence[Outcome], *, narrow: bool = False) -> str:
    """Draw the share of each predicted genotype, with its interval; nothing when none is predicted.

    Parameters
    ----------
    outcomes
        Of a design; those without a predicted share, and those beyond the eight largest, are left out.
    narrow
        For a small screen.

    Examples
    --------
    >>> draw_genotypes([])
    ''
    """
    known = [
        (outcome.share.value, outcome)
        for outcome in outcomes
        if outcome.share is not None and outcome.share.value is not None
    ]
    known.sort(key=lambda pair: -pair[0])
    if not known:
        return ""
    width = _BAR_WIDTH / 1.25 if narrow else _BAR_WIDTH
    longest = 44 if narrow else 90
    parts = []
    for number, (share, outcome) in enumerate(known[:MOST_GENOTYPES]):
        y = _ROW * number
        assert outcome.share is not None
        text = outcome.label if len(outcome.label) <= longest else outcome.label[: longest - 1] + "…"
        parts.append(svg.text(0, y + 11, text, "genotype-label", tip=outcome.label))
        kind = "genotype useful" if outcome.useful else "genotype"
        parts.append(svg.rect(0, y + 16, width, _BAR_HEIGHT, "genotype-track"))
        parts.append(svg.rect(0, y + 16, width * share, _BAR_HEIGHT, kind, tip=percent(share)))
        low, high = outcome.share.low, outcome.share.high
        if low is not None and high is not None:
            middle = y + 16 + _BAR_HEIGHT / 2
            parts.append(svg.line(width * low, middle, width * high, middle, "whisker"))
            parts += [
                svg.line(width * end, middle - 4, width * end, middle + 4, "whisker") for end in (low, high)
            ]
        parts.append(svg.text(width + 8, y + 24, percent(share), "axis-label"))
    shown = min(len(known), MOST_GENOTYPES)
    words = "; ".join(f"{one.label} {percent(share)}" for share, one in known[:shown])
    height = _ROW * shown + 2
    right = max(width + 48, 7.0 * longest if not narrow else width + 48)
    return svg.drawing(right, height, "".join(parts), "outcome-chart", label=f"Predicted genotypes: {words}")


def _largest(shares: dict[int, float]) -> list[tuple[int, float]]:
    return sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
