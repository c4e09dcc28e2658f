"""What is measured along a construct: CpG, GC, and splice sites that its message could use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from revertant.dossier.drawing import svg
from revertant.dossier.vectors.insdc import reading_of
from revertant.dossier.words import count_text, number_text
from revertant.model import CodingSequence, Construct, FeatureKind, GenomeForm, Strand
from revertant.prediction.splice import SpliceKind, SpliceSite, splice_sites
from revertant.sequence import reverse_complement

__all__ = ["LOWEST_SPLICE_SCORE", "cpg_counts", "draw_tracks", "gc_shares", "native_cpg", "splice_marks"]

#: Splice sites that score less are not drawn; a choice for legibility, not a threshold below which none is used.
LOWEST_SPLICE_SCORE = 3.0
_HIGHEST_SPLICE_SCORE = 12.0
_BIN = 50
_GC_WINDOW, _GC_STEP = 100, 25
_HEIGHT, _GAP = 40.0, 34.0

X = Callable[[float], float]


def cpg_counts(bases: str, size: int = _BIN) -> tuple[int, ...]:
    """Count CG dinucleotides by where they begin, in bins of so many bases.

    Examples
    --------
    >>> cpg_counts("CGACGTTCGA", 5)
    (2, 1)
    """
    counts = [0] * -(-len(bases) // size)
    at = bases.find("CG")
    while at >= 0:
        counts[at // size] += 1
        at = bases.find("CG", at + 1)
    return tuple(counts)


def gc_shares(bases: str, window: int = _GC_WINDOW, step: int = _GC_STEP) -> tuple[tuple[float, float], ...]:
    """Return ``(middle, share of G and C)`` of windows along a sequence; none of one shorter than a window.

    Examples
    --------
    >>> gc_shares("GGGGAAAA", 4, 2)
    ((2.0, 1.0), (4.0, 0.5), (6.0, 0.0))
    """
    return tuple(
        (start + window / 2, sum(base in "GC" for base in bases[start : start + window]) / window)
        for start in range(0, len(bases) - window + 1, step)
    )


def native_cpg(construct: Construct, coding: Sequence[CodingSequence]) -> tuple[tuple[int, int, str], ...]:
    """Return ``(start, end, native bases)`` of each coding stretch whose native sequence is known.

    The native bases are written as they would lie on the construct's forward strand.

    Examples
    --------
    >>> from revertant.model import GenomeForm
    >>> native_cpg(Construct("c", GenomeForm.MRNA, "ACGT", (), (0, 4)), ())
    ()
    """
    found = []
    for feature in construct.of_kind(FeatureKind.CDS):
        reading = reading_of(feature, construct, coding)
        if reading is None or reading.coding is None:
            continue
        one = reading.coding
        if one.native and len(one.native) == len(one.designed):
            bases = one.native[reading.offset : reading.offset + len(feature)]
            bases = bases if feature.strand is Strand.PLUS else reverse_complement(bases)
            found.append((feature.start, feature.end, bases))
    return tuple(found)


def splice_marks(construct: Construct) -> tuple[tuple[SpliceSite, bool], ...]:
    """Return the splice sites that the message could use, each with whether it is the end of an intron meant to be cut.

    Sites are looked for on the strand that the coding sequence is read on; their ``edge`` is the place on the
    construct's forward strand.

    Examples
    --------
    >>> from revertant.model import Feature, GenomeForm
    >>> intron = Feature(FeatureKind.INTRON, "intron", 7, 16)
    >>> splice_marks(Construct("c", GenomeForm.MRNA, "TTTTCAGGTAAGTATC", (intron,), (0, 16)))
    ((SpliceSite(edge=7, kind=<SpliceKind.DONOR: 'donor'>, score=10.86), True),)
    """
    cds = construct.of_kind(FeatureKind.CDS)
    minus = bool(cds) and all(one.strand is Strand.MINUS for one in cds)
    bases = construct.sequence.upper()
    sites = splice_sites(reverse_complement(bases) if minus else bases, LOWEST_SPLICE_SCORE)
    if minus:
        sites = tuple(SpliceSite(len(bases) - site.edge, site.kind, site.score) for site in sites)
    return tuple(sorted((site, _is_meant(site, construct, minus=minus)) for site in sites))


def _is_meant(site: SpliceSite, construct: Construct, *, minus: bool) -> bool:
    donor = site.kind is SpliceKind.DONOR
    named = FeatureKind.SPLICE_DONOR if donor else FeatureKind.SPLICE_ACCEPTOR
    for feature in construct.features:
        first, last = (feature.end, feature.start) if minus else (feature.start, feature.end)
        if feature.kind is FeatureKind.INTRON and site.edge == (first if donor else last):
            return True
        # A named site starts (donor) or ends (acceptor) where the exon does, give or take its exon bases.
        if feature.kind is named and abs(site.edge - (first if donor else last)) <= 3:
            return True
    return False


def draw_tracks(
    construct: Construct, coding: Sequence[CodingSequence], *, x: X, top: float, width: float
) -> tuple[list[str], float]:
    """Draw the tracks below a map that has the scale ``x``; return them, and how far down they come."""
    parts: list[str] = []
    y = top
    # A message that is brought as RNA meets no spliceosome: the cytoplasm has none.
    drawn_ones = (_cpg, _gc) if construct.form is GenomeForm.MRNA else (_cpg, _gc, _splice)
    for draw in drawn_ones:
        title, drawn = draw(_Ground(construct, coding, x, y + 14, is_narrow=width <= 500))
        parts += [svg.text(x(0), y + 2, title, "track-name"), *drawn]
        y += _HEIGHT + _GAP
    return parts, y - _GAP + 18


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a track is drawn from, and where: the scale along the construct, and the top of its frame."""

    construct: Construct
    coding: Sequence[CodingSequence]
    x: X
    y: float
    is_narrow: bool


def _frame(x: X, length: int, y: float, lines: Sequence[tuple[float, str]]) -> Iterator[str]:
    """Grid lines with their labels in the right margin."""
    for at, words in lines:
        yield svg.line(x(0), y + at, x(length), y + at, "grid")
        if words:
            yield svg.text(x(length) + 5, y + at + 4, words, "axis-label")


def _cpg(ground: _Ground) -> tuple[str, list[str]]:
    construct, x, y = ground.construct, ground.x, ground.y
    bases = construct.sequence.upper()
    size = 2 * _BIN if ground.is_narrow else _BIN
    counts = cpg_counts(bases, size)
    native: list[tuple[int, int, int]] = []
    stretches = native_cpg(construct, ground.coding)
    for start, end, own in stretches:
        first = start // size
        # The bins are those of the construct, so that native and designed stand side by side.
        padded = cpg_counts("N" * (start - first * size) + own, size)
        for number, count in enumerate(padded):
            low, high = max((first + number) * size, start), min((first + number + 1) * size, end)
            native.append((low, high, count))
    most = max([*counts, *(count for _, _, count in native), 1])
    unit = _HEIGHT / most
    parts = list(_frame(x, len(bases), y, ((0, str(most)), (_HEIGHT, "0"))))
    for number, count in enumerate(counts):
        if count:
            left, right = x(number * size), x(min((number + 1) * size, len(bases)))
            tip = f"{number * size + 1}–{min((number + 1) * size, len(bases))}: {count} CpG"
            tall = count * unit
            parts.append(
                svg.rect(left + 0.4, y + _HEIGHT - tall, max(right - left - 0.8, 0.6), tall, "cpg", tip=tip)
            )
    if native:
        parts.append(svg.path(_steps(native, x, lambda count: y + _HEIGHT - count * unit), "native"))
    total = bases.count("CG")
    title = f"CpG in {size} bp: {number_text(total)} in all"
    if stretches:
        before = sum(own.count("CG") for _, _, own in stretches)
        now = sum(bases[start:end].count("CG") for start, end, _ in stretches)
        title += f"; coding {number_text(now)}, native {number_text(before)} (line)"
    return title, parts


def _steps(bins: Sequence[tuple[int, int, int]], x: X, y: Callable[[float], float]) -> str:
    """A stepped line, broken where the bins do not touch."""
    data, last = "", None
    for low, high, count in bins:
        move = "M" if last != low else "L"
        data += f"{move}{svg.number(x(low))} {svg.number(y(count))}H{svg.number(x(high))}"
        last = high
    return data


def _gc(ground: _Ground) -> tuple[str, list[str]]:
    construct, x, y = ground.construct, ground.x, ground.y
    bases = construct.sequence.upper()
    shares = gc_shares(bases)
    parts = list(_frame(x, len(bases), y, ((0, "100%"), (_HEIGHT / 2, "50%"), (_HEIGHT, "0%"))))
    if shares:
        line = "L".join(
            f"{svg.number(x(at))} {svg.number(y + _HEIGHT * (1 - share))}" for at, share in shares
        )
        parts.append(svg.path(f"M{line}", "gc"))
    whole = sum(base in "GC" for base in bases) / max(len(bases), 1)
    return f"GC in windows of {_GC_WINDOW} bases, {whole:.0%} in all", parts


def _splice(ground: _Ground) -> tuple[str, list[str]]:
    construct, x, y = ground.construct, ground.x, ground.y
    marks = splice_marks(construct)
    half = _HEIGHT / 2
    middle = y + half
    length = len(construct.sequence)
    top = f"{_HIGHEST_SPLICE_SCORE:g}"
    parts = list(_frame(x, length, y, ((0, f"{top} bits"), (_HEIGHT, top))))
    parts.append(svg.line(x(0), middle, x(length), middle, "axis"))
    for site, meant in marks:
        way = -1 if site.kind is SpliceKind.DONOR else 1
        reach = way * half * min(site.score, _HIGHEST_SPLICE_SCORE) / _HIGHEST_SPLICE_SCORE
        tip = f"{site.kind.value} at {site.edge}, {site.score:.1f} bits{', of the intron' if meant else ''}"
        class_ = f"site {'meant' if meant else site.kind.value}"
        data = f"M{svg.number(x(site.edge))} {svg.number(middle)}V{svg.number(middle + reach)}"
        parts.append(svg.path(data, class_, tip=tip))
    donors = sum(site.kind is SpliceKind.DONOR for site, _ in marks)
    acceptors = len(marks) - donors
    counts = f"{count_text(donors, 'donor')} up, {count_text(acceptors, 'acceptor')} down"
    return f"MaxEntScan ≥ {LOWEST_SPLICE_SCORE:g} bits: {counts}", parts
