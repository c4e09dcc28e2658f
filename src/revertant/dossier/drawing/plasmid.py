"""Draw a plasmid as a circle, read clockwise from the top, with names that keep clear of each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from revertant.dossier.drawing import svg
from revertant.dossier.drawing.canvas import label_width
from revertant.dossier.drawing.construct import POINTED, group_of, in_coding, is_repeated, ticks_of
from revertant.dossier.drawing.flags import shortened, spread
from revertant.dossier.vectors.words import short_name
from revertant.dossier.words import number_text
from revertant.model import Construct, Feature, Strand

__all__ = ["draw_plasmid"]

_ROW = 16.0
_RING, _INNER = 20.0, 9.0  # thickness of the ring, and of the ring for parts within parts
_NARROW = 500.0


@dataclass(frozen=True, slots=True)
class _Label:
    """A name, where its feature lies on the circle, and which feature of the list it is."""

    number: int
    feature: Feature
    angle: float


@dataclass(frozen=True, slots=True)
class _Circle:
    """Where the circle lies on the paper."""

    x: float
    y: float
    radius: float
    width: float
    narrow: bool

    def point(self, radius: float, angle: float) -> str:
        """A point at an angle from the top, clockwise, as a path writes it."""
        return (
            f"{svg.number(self.x + radius * math.sin(angle))} {svg.number(self.y - radius * math.cos(angle))}"
        )


def draw_plasmid(construct: Construct, *, width: float = 760.0) -> str:
    """Draw a circular construct as an SVG element.

    Parameters
    ----------
    construct
        What to draw.
    width
        Width of the drawing; below 500 features carry numbers, and their names stand in a list below.

    Examples
    --------
    >>> from revertant.model import FeatureKind, GenomeForm
    >>> itr = Feature(FeatureKind.ITR, "ITR", 0, 40)
    >>> plasmid = Construct("p", GenomeForm.SINGLE_STRANDED_AAV, "ACGT" * 50, (itr,), (0, 120), circular=True)
    >>> draw_plasmid(plasmid).startswith('<svg class="plasmid"')
    True
    """
    narrow = width < _NARROW
    radius = min(width / 2 - (46 if narrow else 190), 130.0)
    length = max(len(construct.sequence), 1)
    shown = sorted(
        (one for one in construct.features if len(one) and not in_coding(one, construct)),
        key=lambda one: (one.start, -one.end),
    )
    named = [one for one in shown if not is_repeated(one, construct)]
    labels = [
        _Label(number, one, 2 * math.pi * (one.start + one.end) / 2 / length)
        for number, one in enumerate(named, start=1)
    ]
    reach = radius + 26
    right = _column(labels, radius, on_right=True)
    left = _column(labels, radius, on_right=False)
    highest = min([-reach, *(y for _, y in (*right, *left))])
    lowest = max([reach, *(y for _, y in (*right, *left))])
    circle = _Circle(width / 2, 14 - highest, radius, width, narrow)
    parts = [_ring(construct, circle)]
    parts += [_arc(one, construct, circle, inner=_is_within(one, shown)) for one in shown]
    parts += _ticks(length, circle)
    parts += _middle(construct, circle)
    for to_right, column in ((True, right), (False, left)):
        for label, y in column:
            parts += _named(label, y, circle, to_right=to_right)
    height = circle.y + lowest + 16
    if narrow:
        for one in labels:
            words = f"{one.number} {shortened(short_name(one.feature.name), width - 40)}"
            parts.append(svg.text(10, height - 2 + 16 * one.number, words, "callout"))
        height += 16 * len(labels) + 12
    return svg.drawing(width, height, "".join(parts), "plasmid", label=_in_words(construct))


def _is_within(feature: Feature, shown: Sequence[Feature]) -> bool:
    """Whether a feature overlaps a longer one that has the ring."""
    return any(
        (len(other), -other.start, other.name) > (len(feature), -feature.start, feature.name)
        and other.start < feature.end
        and feature.start < other.end
        for other in shown
        if other is not feature
    )


def _column(labels: Sequence[_Label], radius: float, *, on_right: bool) -> list[tuple[_Label, float]]:
    """Labels of one side with their heights, relative to the middle, from top to bottom."""
    own = [label for label in labels if (math.sin(label.angle) >= 0) is on_right]
    own.sort(key=lambda label: -math.cos(label.angle))
    wanted = [-math.cos(label.angle) * (radius + 22) for label in own]
    most = radius + 22 + len(own) * _ROW / 2
    return list(zip(own, spread(wanted, _ROW, -most, most), strict=True))


def _ring(construct: Construct, circle: _Circle) -> str:
    """The whole circle, and outside it a thin arc along what is packaged."""
    length = max(len(construct.sequence), 1)
    half = circle.point(circle.radius - _RING / 2, math.pi)
    start = circle.point(circle.radius - _RING / 2, 0)
    r = svg.number(circle.radius - _RING / 2)
    ring = svg.path(f"M{start}A{r} {r} 0 1 1 {half}A{r} {r} 0 1 1 {start}", "strand")
    first, last = (2 * math.pi * place / length for place in construct.packaged)
    if construct.packaged_bp >= length or not construct.packaged_bp:
        return ring
    outer = circle.radius + 5
    large = int(last - first > math.pi)
    o = svg.number(outer)
    arc = f"M{circle.point(outer, first)}A{o} {o} 0 {large} 1 {circle.point(outer, last)}"
    tip = f"packaged: {number_text(construct.packaged_bp)} bp"
    return ring + svg.path(arc, "packaged", tip=tip)


def _arc(feature: Feature, construct: Construct, circle: _Circle, *, inner: bool) -> str:
    length = len(construct.sequence)
    outer = circle.radius - _RING - 3 if inner else circle.radius
    low = outer - (_INNER if inner else _RING)
    first, last = 2 * math.pi * feature.start / length, 2 * math.pi * feature.end / length
    last = max(last, first + 2 / circle.radius)
    last = min(last, first + 2 * math.pi - 1e-3)
    point = min(8 / circle.radius, (last - first) / 2) if feature.kind in POINTED else 0.0
    middle = (outer + low) / 2
    minus = feature.strand is Strand.MINUS
    a, b = (first + point, last) if minus else (first, last - point)
    large = int(b - a > math.pi)
    o, i = svg.number(outer), svg.number(low)
    data = f"M{circle.point(outer, a)}A{o} {o} 0 {large} 1 {circle.point(outer, b)}"
    if point and not minus:
        data += f"L{circle.point(middle, last)}"
    data += f"L{circle.point(low, b)}A{i} {i} 0 {large} 0 {circle.point(low, a)}"
    if point and minus:
        data += f"L{circle.point(middle, first)}"
    place = f"{number_text(feature.start + 1)}–{number_text(feature.end)}"
    tip = f"{feature.name} ({feature.kind.value}): {place}, {number_text(len(feature))} bp"
    return svg.path(f"{data}z", f"part {group_of(feature.kind)}", tip=tip)


def _ticks(length: int, circle: _Circle) -> list[str]:
    parts = []
    inside = circle.radius - _RING - _INNER - 8
    for place in ticks_of(length, 9)[1:]:
        angle = 2 * math.pi * place / length
        if place > length * 0.97:
            continue
        ends = (circle.point(inside, angle), circle.point(inside + 4, angle))
        parts.append(svg.path(f"M{ends[0]}L{ends[1]}", "axis"))
        away = inside - 13
        at = (circle.x + away * math.sin(angle), circle.y - away * math.cos(angle) + 4)
        parts.append(svg.text(*at, f"{place / 1000:g}", "axis-label mid"))
    return parts


def _middle(construct: Construct, circle: _Circle) -> list[str]:
    name = shortened(construct.name, 120)
    return [
        svg.text(circle.x, circle.y - 4, name, "map-title mid"),
        svg.text(circle.x, circle.y + 13, f"{number_text(len(construct.sequence))} bp", "callout mid"),
    ]


def _named(label: _Label, y: float, circle: _Circle, *, to_right: bool) -> list[str]:
    """A name beside the circle with its line; ``y`` is its height relative to the middle."""
    way = 1 if to_right else -1
    clear = circle.radius + 18
    bend = circle.x + way * max(abs(clear * math.sin(label.angle)), math.sqrt(max(clear**2 - y**2, 0)))
    text_x = bend + way * 8
    words = str(label.number)
    if not circle.narrow:
        room = (circle.width - text_x if to_right else text_x) - 4
        size = f", {number_text(len(label.feature))} bp"
        words = short_name(label.feature.name)
        if label_width(words + size) <= room:
            words += size
        words = shortened(words, room)
    start = circle.point(circle.radius + (1 if circle.narrow else 8), label.angle)
    height = circle.y + y
    line = svg.path(f"M{start}L{svg.number(bend)} {svg.number(height)}H{svg.number(text_x)}", "stem")
    return [line, svg.text(text_x + way * 3, height + 4, words, f"callout{'' if to_right else ' last'}")]


def _in_words(construct: Construct) -> str:
    named = "; ".join(
        f"{one.name} ({one.kind.value}) {one.start + 1} to {one.end}"
        for one in construct.features
        if len(one)
    )
    return f"Circular map of the plasmid {construct.name}, {len(construct.sequence)} bases: {named or 'no feature'}"
