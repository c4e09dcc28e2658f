"""Draw a construct to scale, 5' at the left: its features above, what is measured along it below.

One scale serves all of it, so that a peak of CpG or a cryptic splice site stands under the part it lies in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from revertant.dossier.drawing import svg
from revertant.dossier.drawing.canvas import label_width
from revertant.dossier.drawing.flags import Flag, PlacedFlag, place_flags, shortened
from revertant.dossier.drawing.tracks import draw_tracks
from revertant.dossier.vectors.words import short_name
from revertant.dossier.words import number_text
from revertant.model import CodingSequence, Construct, Feature, FeatureKind, Strand

__all__ = [
    "FEATURE_GROUPS",
    "POINTED",
    "construct_legend",
    "draw_construct",
    "group_of",
    "in_coding",
    "is_repeated",
    "ticks_of",
]

_LEFT, _RIGHT = 12.0, 46.0  # the right margin holds the labels of the tracks
_BAR, _LANE = 24.0, 15.0  # height of the main bar, and of a part that lies within another
_ROW = 15.0
_TOP = 6.0

K = FeatureKind
#: The groups that share a colour, with what they mean.
FEATURE_GROUPS: tuple[tuple[str, str, frozenset[FeatureKind]], ...] = (
    ("ends", "terminal repeats", frozenset({K.ITR, K.LTR})),
    ("control", "promoter, enhancer, insulator", frozenset({K.PROMOTER, K.POL3_PROMOTER, K.ENHANCER, K.INSULATOR})),
    ("coding", "coding sequence", frozenset({K.CDS, K.SIGNAL_PEPTIDE, K.DOMAIN, K.LINKER, K.INTEIN})),
    ("message", "intron, splice site, UTR, start", frozenset({
        K.INTRON, K.SPLICE_DONOR, K.SPLICE_ACCEPTOR, K.UTR_5, K.UTR_3, K.KOZAK, K.IRES, K.SELF_CLEAVING_PEPTIDE,
        K.CAP, K.POLYA_TAIL, K.GUIDE,
    })),
    ("after", "polyA signal, regulatory element, miRNA sites",
     frozenset({K.POLYA_SIGNAL, K.REGULATORY, K.MIRNA_SITES})),
    ("packing", "packaging, recombination", frozenset({K.PACKAGING_SIGNAL, K.RRE, K.CPPT, K.RECOMBINOGENIC})),
    ("rest", "backbone, stuffer, cloning site", frozenset({K.STUFFER, K.CLONING_SITE, K.BACKBONE})),
)  # fmt: skip

#: Kinds whose direction is drawn.
POINTED = frozenset({K.PROMOTER, K.POL3_PROMOTER, K.CDS, K.GUIDE, K.IRES})
_OF_PROTEIN = frozenset({K.SIGNAL_PEPTIDE, K.DOMAIN, K.LINKER, K.SELF_CLEAVING_PEPTIDE, K.INTEIN})


def group_of(kind: FeatureKind) -> str:
    """Return the group whose colour a kind has.

    Examples
    --------
    >>> group_of(FeatureKind.ITR), {group_of(kind) for kind in FeatureKind} == {name for name, _, _ in FEATURE_GROUPS}
    ('ends', True)
    """
    return next(name for name, _, kinds in FEATURE_GROUPS if kind in kinds)


def construct_legend(constructs: Iterable[Construct]) -> tuple[tuple[str, str], ...]:
    """List the colours that drawings of these constructs use.

    Examples
    --------
    >>> from revertant.model import GenomeForm
    >>> itr = Feature(FeatureKind.ITR, "ITR", 0, 4)
    >>> construct_legend([Construct("c", GenomeForm.SINGLE_STRANDED_AAV, "ACGT", (itr,), (0, 4))])
    (('ends', 'terminal repeats'),)
    """
    used = {group_of(feature.kind) for one in constructs for feature in one.features if len(feature)}
    return tuple((name, meaning) for name, meaning, _ in FEATURE_GROUPS if name in used)


def in_coding(feature: Feature, construct: Construct) -> bool:
    """Whether a feature is a part of the protein that a coding sequence holds: such parts have a strip of their own."""
    return feature.kind in _OF_PROTEIN and any(
        cds.start <= feature.start and feature.end <= cds.end for cds in construct.of_kind(FeatureKind.CDS)
    )


def is_repeated(feature: Feature, construct: Construct) -> bool:
    """Whether a feature is one of those that a longer feature of its kind sums up, as one site of an array."""
    return any(
        other.kind is feature.kind
        and other.start <= feature.start
        and feature.end <= other.end
        and len(feature) < len(other)
        for other in construct.features
    )


def draw_construct(
    construct: Construct, coding: Sequence[CodingSequence] = (), *, width: float = 760.0
) -> str:
    """Draw a construct with its tracks as an SVG element.

    Parameters
    ----------
    construct
        What to draw, as if it were linear.
    coding
        Its coding sequences, to set native CpG against designed.
    width
        Width of the drawing.

    Examples
    --------
    >>> from revertant.model import GenomeForm
    >>> itr = Feature(FeatureKind.ITR, "ITR", 0, 40)
    >>> construct = Construct("c", GenomeForm.SINGLE_STRANDED_AAV, "ACGT" * 50, (itr,), (0, 200))
    >>> draw_construct(construct).startswith('<svg class="construct"')
    True
    """
    length = max(len(construct.sequence), 1)
    scale = (width - _LEFT - _RIGHT) / length

    def x(index: float) -> float:
        return _LEFT + index * scale

    lanes = _lanes([one for one in construct.features if len(one) and not in_coding(one, construct)])
    most = width * 0.45
    flags = place_flags([flag for one in lanes[0] if (flag := _flag(one, x, most))], width) if lanes else ()
    bar = _TOP + _ROW * (1 + max((flag.row for flag in flags), default=-1)) + (6 if flags else 0)
    parts = [_flag_up(flag, bar) for flag in flags]
    parts.append(svg.line(x(0), bar + _BAR / 2, x(length), bar + _BAR / 2, "strand"))
    y = bar + _BAR
    for number, lane in enumerate(lanes):
        height = _BAR if number == 0 else _LANE
        top = bar if number == 0 else y + 3
        parts += [_box(one, x, top, height) for one in lane]
        y = top + height
    below = [
        flag
        for lane in lanes[1:]
        for one in lane
        if not is_repeated(one, construct) and (flag := _flag(one, x, most))
    ]
    placed = place_flags(below, width)
    parts += [_flag_down(flag, y) for flag in placed]
    y += _ROW * (1 + max((flag.row for flag in placed), default=-1)) + (8 if placed else 0)
    y += 10
    parts += _ruler(length, x, y, width)
    tracks, y = draw_tracks(construct, coding, x=x, top=y + 38, width=width)
    parts += tracks
    return svg.drawing(width, y + 4, "".join(parts), "construct", label=_in_words(construct))


def _lanes(features: Sequence[Feature]) -> list[list[Feature]]:
    """Long features first: what lies within another goes to a lane below it."""
    found: list[list[Feature]] = []
    for feature in sorted(features, key=lambda one: (-len(one), one.start, one.name)):
        for lane in found:
            if all(other.end <= feature.start or feature.end <= other.start for other in lane):
                lane.append(feature)
                break
        else:
            found.append([feature])
    return [sorted(lane, key=lambda one: one.start) for lane in found]


def _fits(feature: Feature, wide: float) -> bool:
    return label_width(short_name(feature.name), 6.8) + (14 if feature.kind in POINTED else 6) <= wide


def _flag(feature: Feature, x: Callable[[float], float], most: float) -> Flag | None:
    """The flag of a feature whose name does not fit inside its box."""
    wide = x(feature.end) - x(feature.start)
    if _fits(feature, wide):
        return None
    return Flag(x((feature.start + feature.end) / 2), shortened(short_name(feature.name), most))


def _flag_up(flag: PlacedFlag, bar: float) -> str:
    base = bar - 6 - flag.row * _ROW
    return svg.line(flag.x, base + 3, flag.x, bar, "stem") + _flag_text(flag, base)


def _flag_down(flag: PlacedFlag, bottom: float) -> str:
    base = bottom + 14 + flag.row * _ROW
    return svg.line(flag.x, bottom, flag.x, base - 9, "stem") + _flag_text(flag, base)


def _flag_text(flag: PlacedFlag, base: float) -> str:
    away = -2 if flag.before else 2
    return svg.text(flag.x + away, base, flag.words, f"callout{' last' if flag.before else ''}")


def _box(feature: Feature, x: Callable[[float], float], top: float, height: float) -> str:
    left, right = x(feature.start), max(x(feature.end), x(feature.start) + 2)
    class_ = f"part {group_of(feature.kind)}"
    minus = feature.strand is Strand.MINUS
    tip = _tip(feature)
    if feature.kind in POINTED:
        point = min(9.0, (right - left) / 2)
        n = svg.number
        low, middle = top + height, top + height / 2
        data = (
            f"M{n(right)} {n(top)}H{n(left + point)}L{n(left)} {n(middle)}L{n(left + point)} {n(low)}H{n(right)}z"
            if minus
            else f"M{n(left)} {n(top)}H{n(right - point)}L{n(right)} {n(middle)}L{n(right - point)} {n(low)}H{n(left)}z"
        )
        shape = svg.path(data, class_, tip=tip)
    else:
        round_ = 4 if group_of(feature.kind) == "ends" else 0
        shape = svg.rect(left, top, right - left, height, class_, radius=round_, tip=tip)
    if not _fits(feature, right - left):
        return shape
    return shape + svg.text(
        (left + right) / 2, top + height / 2 + 4, short_name(feature.name), "part-name mid"
    )


def _tip(feature: Feature) -> str:
    strand = ", reads to the left" if feature.strand is Strand.MINUS else ""
    place = (
        f"{number_text(feature.start + 1)}–{number_text(feature.end)}, {number_text(len(feature))} bp{strand}"
    )
    return f"{feature.name} ({feature.kind.value}): {place}" + (f". {feature.note}" if feature.note else "")


def ticks_of(length: int, most: int) -> tuple[int, ...]:
    """Return round places along a length, 0 first.

    Examples
    --------
    >>> ticks_of(2133, 6), ticks_of(4700, 5)
    ((0, 500, 1000, 1500, 2000), (0, 1000, 2000, 3000, 4000))
    """
    step = next(
        (one for one in (50, 100, 200, 250, 500, 1000, 2000, 5000, 10000) if length / one <= most), 50000
    )
    return tuple(range(0, length + 1, step))


def _ruler(length: int, x: Callable[[float], float], y: float, width: float) -> list[str]:
    size = f"{number_text(length)} bp"
    parts = [svg.line(x(0), y, x(length), y, "axis")]
    for place in ticks_of(length, int(width // 75)):
        last = place and x(place) + 16 > width - 2 - label_width(size)
        parts += [
            svg.line(x(place), y, x(place), y + 5, "axis"),
            svg.text(
                x(place), y + 17, "" if last else number_text(place) if place else "1", "axis-label mid"
            ),
        ]
    parts += [
        svg.line(x(length), y, x(length), y + 5, "axis"),
        svg.text(width - 2, y + 17, size, "axis-label last"),
    ]
    return parts


def _in_words(construct: Construct) -> str:
    named = "; ".join(
        f"{one.name} ({one.kind.value}) {one.start + 1} to {one.end}"
        for one in construct.features
        if len(one)
    )
    return f"Map of {construct.name}, {construct.form.value}, {len(construct.sequence)} bases: {named or 'no feature'}"
