"""Draw the protein that a construct encodes, domain by domain, N-terminus at the left."""

from __future__ import annotations

from collections.abc import Sequence

from revertant.dossier.drawing import svg
from revertant.dossier.drawing.canvas import label_width
from revertant.dossier.drawing.construct import in_coding, ticks_of
from revertant.dossier.drawing.flags import Flag, place_flags, shortened
from revertant.dossier.vectors.words import short_name
from revertant.dossier.words import number_text
from revertant.model import Construct, Feature, FeatureKind, Strand

__all__ = ["draw_domains"]

_SIDE = 18.0
_BAR, _ROW = 26.0, 15.0


def draw_domains(construct: Construct, cds: Feature, *, width: float = 760.0) -> str:
    """Draw the parts of one coding sequence as an SVG element; empty where none is marked.

    Parameters
    ----------
    construct
        What the coding sequence lies on.
    cds
        Its feature.
    width
        Width of the drawing.

    Examples
    --------
    >>> from revertant.model import GenomeForm
    >>> cds = Feature(FeatureKind.CDS, "P", 0, 60)
    >>> domain = Feature(FeatureKind.DOMAIN, "TM", 3, 33)
    >>> drawing = draw_domains(Construct("c", GenomeForm.MRNA, "ACGT" * 15, (cds, domain), (0, 60)), cds)
    >>> "TM (domain): residues 2–11" in drawing
    True
    """
    parts_of = [
        one
        for one in construct.features
        if in_coding(one, construct) and cds.start <= one.start and one.end <= cds.end and len(one)
    ]
    if not parts_of:
        return ""
    placed = sorted((_residues(one, cds), one) for one in parts_of)
    length = max(len(cds) // 3, 1)
    scale = (width - 2 * _SIDE) / length
    flags = place_flags(
        [
            Flag(_SIDE + (first + last) / 2 * scale, shortened(short_name(one.name), width * 0.45))
            for (first, last), one in placed
            if not _fits(one, (last - first) * scale)
        ],
        width,
    )
    bar = 10 + _ROW * (1 + max((flag.row for flag in flags), default=-1)) + (6 if flags else 0)
    middle = bar + _BAR / 2
    parts = [svg.line(_SIDE, middle, _SIDE + length * scale, middle, "strand")]
    for flag in flags:
        base = bar - 6 - flag.row * _ROW
        parts += [
            svg.line(flag.x, base + 3, flag.x, bar, "stem"),
            svg.text(flag.x + (-2 if flag.before else 2), base, flag.words, f"callout{' last' if flag.before else ''}"),
        ]  # fmt: skip
    for (first, last), one in placed:
        left, wide = _SIDE + first * scale, max((last - first) * scale, 2)
        tip = f"{one.name} ({one.kind.value}): residues {number_text(first + 1)}–{number_text(last)}"
        parts.append(svg.rect(left, bar, wide, _BAR, f"part {_class_of(one.kind)}", radius=3, tip=tip))
        if _fits(one, wide):
            parts.append(svg.text(left + wide / 2, middle + 4, short_name(one.name), "part-name mid"))
    y = bar + _BAR + 8
    for place in ticks_of(length, int(width // 75)):
        at = _SIDE + place * scale
        words = number_text(place) if place else "1"
        near = place and length * scale - place * scale < 40
        parts += [
            svg.line(at, y, at, y + 5, "axis"),
            svg.text(at, y + 17, "" if near else words, "axis-label mid"),
        ]
    parts.append(svg.line(_SIDE, y, _SIDE + length * scale, y, "axis"))
    parts.append(svg.text(width - 2, y + 17, f"{number_text(length)} codons", "axis-label last"))
    return svg.drawing(width, y + 24, "".join(parts), "domains", label=_in_words(cds, placed))


def _residues(part: Feature, cds: Feature) -> tuple[int, int]:
    """First and last residue, 0-based and half-open, of a part that may begin within a codon."""
    if cds.strand is Strand.MINUS:
        return (cds.end - part.end) // 3, -(-(cds.end - part.start) // 3)
    return (part.start - cds.start) // 3, -(-(part.end - cds.start) // 3)


def _fits(feature: Feature, wide: float) -> bool:
    return label_width(short_name(feature.name), 6.8) + 6 <= wide


def _class_of(kind: FeatureKind) -> str:
    if kind in {FeatureKind.LINKER, FeatureKind.SELF_CLEAVING_PEPTIDE}:
        return "rest"
    if kind is FeatureKind.SIGNAL_PEPTIDE:
        return "control"
    return "after" if kind is FeatureKind.INTEIN else "coding"


def _in_words(cds: Feature, placed: Sequence[tuple[tuple[int, int], Feature]]) -> str:
    named = "; ".join(f"{one.name} {first + 1} to {last}" for (first, last), one in placed)
    return f"Parts of the protein {cds.name}: {named}"
