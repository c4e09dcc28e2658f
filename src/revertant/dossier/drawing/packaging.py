"""Draw how much of what is packaged is whole, by length, with the places of the constructs at hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from revertant.dossier.drawing import svg
from revertant.dossier.drawing.flags import Flag, place_flags, shortened
from revertant.dossier.words import number_text, percent
from revertant.modality.gene_addition.packaging import (
    AAV_FORMS,
    ANCHORS,
    LARGEST_PACKAGED_BP,
    SC_LIMIT_BP,
    SC_STOP_BP,
    SHORT_GENOME_BP,
    STOP_BP,
    full_length_fraction,
)
from revertant.model import Construct, GenomeForm

__all__ = ["draw_packaging", "packaging_legend"]

_LEFT, _RIGHT = 42.0, 16.0
_PLOT, _PLOT_DOUBLE = 96.0, 34.0
_ROW = 15.0
_STEP = 25


def packaging_legend(constructs: Sequence[Construct]) -> tuple[tuple[str, str], ...]:
    """List what the drawing shows; empty where there is nothing to draw.

    Examples
    --------
    >>> packaging_legend([Construct("m", GenomeForm.MRNA, "ACGT", (), (0, 4))])
    ()
    """
    shown = [one for one in constructs if one.form in AAV_FORMS]
    if not shown:
        return ()
    if _is_double(shown):
        return (
            ("room", f"fits as a double length: up to {number_text(SC_LIMIT_BP)} bp; no share was measured"),
            ("limit", f"refused from {number_text(SC_STOP_BP)} bp"),
            ("place", "this construct"),
        )  # fmt: skip
    return (
        ("curve", "whole genomes, relative to a 4.7-kb genome"),
        ("range", "between the published points and 5-fold less for structure"),
        ("limit", f"refused from {number_text(STOP_BP)} bp; none seen beyond {number_text(LARGEST_PACKAGED_BP)} bp"),
        ("tandem", f"below {number_text(SHORT_GENOME_BP)} bp: packaged as tandems too, no figure"),
        ("place", "this construct" if len(shown) == 1 else "these constructs"),
    )  # fmt: skip


def draw_packaging(constructs: Sequence[Construct], *, width: float = 760.0) -> str:
    """Draw the packaging curve as an SVG element; empty where no construct is an AAV genome.

    Parameters
    ----------
    constructs
        The constructs whose places are marked.
    width
        Width of the drawing.

    Examples
    --------
    >>> one = Construct("v", GenomeForm.SINGLE_STRANDED_AAV, "ACGT" * 1200, (), (0, 4800))
    >>> draw_packaging([one]).startswith('<svg class="packaging"')
    True
    >>> draw_packaging([])
    ''
    """
    shown = [one for one in constructs if one.form in AAV_FORMS]
    if not shown:
        return ""
    double = _is_double(shown)
    longest = max(one.packaged_bp for one in shown)
    low, high = 0, max(6000 // (1 + double), -(-longest // 500) * 500 + 250)
    scale = (width - _LEFT - _RIGHT) / (high - low)

    def x(length: float) -> float:
        return _LEFT + (length - low) * scale

    flags = place_flags(
        [Flag(x(one.packaged_bp), shortened(_words(one), width * 0.6)) for one in shown], width
    )
    top = 10 + _ROW * (1 + max(flag.row for flag in flags))

    plot = _PLOT_DOUBLE if double else _PLOT

    def y(share: float) -> float:
        return top + plot * (1 - share)

    parts = _axes(x, y, high, width, double=double)
    parts += _double(x, y, high) if double else _curve(x, y, high)
    for flag in flags:
        base = top - 6 - flag.row * _ROW
        away = -2 if flag.before else 2
        parts += [
            svg.line(flag.x, base + 3, flag.x, y(0), "place"),
            svg.text(flag.x + away, base, flag.words, f"callout{' last' if flag.before else ''}"),
        ]
    for one in shown:
        share = full_length_fraction(one.packaged_bp, one.form)
        if share.value is not None:
            at = f"M{svg.number(x(one.packaged_bp) - 4)} {svg.number(y(share.value))}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"
            parts.append(svg.path(at, "dot", tip=_words(one)))
    return svg.drawing(width, top + plot + 38, "".join(parts), "packaging", label=_in_words(shown))


def _is_double(shown: Sequence[Construct]) -> bool:
    return all(one.form is GenomeForm.SELF_COMPLEMENTARY_AAV for one in shown)


def _words(construct: Construct) -> str:
    share = full_length_fraction(construct.packaged_bp, construct.form)
    size = f"{number_text(construct.packaged_bp)} bp"
    return f"{size}: {percent(share.value)}" if share.value is not None else size


X = Callable[[float], float]


def _axes(x: X, y: X, high: int, width: float, *, double: bool) -> list[str]:
    parts = []
    if not double:
        for share in (0.0, 0.5, 1.0):
            parts += [
                svg.line(x(0), y(share), x(high), y(share), "grid"),
                svg.text(_LEFT - 6, y(share) + 4, f"{share:.0%}", "axis-label last"),
            ]
    step = 500 if double else 1000
    for place in range(0, high + 1, step):
        parts += [
            svg.line(x(place), y(0), x(place), y(0) + 5, "axis"),
            svg.text(x(place), y(0) + 17, f"{place / 1000:g}", "axis-label mid"),
        ]
    words = "kb from end to end, terminal repeats included"
    parts += [
        svg.line(x(0), y(0), x(high), y(0), "axis"),
        svg.text((x(0) + x(high)) / 2, y(0) + 32, words if width > 300 else "kb", "axis-label mid"),
    ]
    return parts


def _curve(x: X, y: X, high: int) -> list[str]:
    """The curve with its range, from the shortest length that has a figure."""
    lengths = sorted({*range(SHORT_GENOME_BP, high + 1, _STEP), *(one.packaged_bp for one in ANCHORS), high})
    points = [
        (length, share.low, share.value, share.high)
        for length in lengths
        if length <= high
        and (share := full_length_fraction(length, GenomeForm.SINGLE_STRANDED_AAV)).value is not None
    ]

    def along(pairs: Sequence[tuple[int, float | None]]) -> str:
        return "L".join(f"{svg.number(x(length))} {svg.number(y(share or 0.0))}" for length, share in pairs)

    upper = along([(length, most) for length, _, _, most in points])
    lower = along([(length, least) for length, least, _, _ in reversed(points)])
    return [
        svg.rect(x(0), y(1), x(SHORT_GENOME_BP) - x(0), y(0) - y(1), "tandem", tip="packaged as tandems too"),
        svg.rect(x(STOP_BP), y(1), x(high) - x(STOP_BP), y(0) - y(1), "limit", tip="refused"),
        svg.path(f"M{upper}L{lower}z", "range"),
        svg.path(f"M{along([(length, share) for length, _, share, _ in points])}", "curve"),
    ]


def _double(x: X, y: X, high: int) -> list[str]:
    """A self-complementary genome has limits, and no curve: none was measured."""
    return [
        svg.rect(x(0), y(1), x(SC_LIMIT_BP) - x(0), y(0) - y(1), "room", tip="fits as a double length"),
        svg.rect(x(SC_STOP_BP), y(1), x(high) - x(SC_STOP_BP), y(0) - y(1), "limit", tip="refused"),
    ]


def _in_words(shown: Sequence[Construct]) -> str:
    named = "; ".join(f"{one.name}, {_words(one)}" for one in shown)
    return f"Share of packaged genomes that are whole, by length. Marked: {named}"
