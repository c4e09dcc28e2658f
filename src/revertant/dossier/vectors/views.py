"""What the template is given of a vector: drawings, tables of parts and measures, and vectors side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from revertant.dossier.drawing.construct import construct_legend, draw_construct
from revertant.dossier.drawing.domains import draw_domains
from revertant.dossier.drawing.packaging import draw_packaging, packaging_legend
from revertant.dossier.drawing.plasmid import draw_plasmid
from revertant.dossier.selection import status_counts
from revertant.dossier.vectors.constructs import CONSTRUCTS_FOLDER, placed_constructs, vector_designs
from revertant.dossier.vectors.words import cpg_text, form_text, promoter_text, whole_text
from revertant.dossier.words import number_text, percent
from revertant.model import (
    CodingSequence,
    CodonMeasures,
    Construct,
    Estimate,
    FeatureKind,
    GenomeForm,
    Plan,
    RankedDesign,
    Status,
    Vector,
)

__all__ = [
    "CodingView",
    "Drawing",
    "MapView",
    "VectorRow",
    "VectorView",
    "vector_rows",
    "vector_view",
]

_WIDE, _NARROW = 760.0, 360.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing in the two widths a page shows."""

    wide: Markup
    narrow: Markup


@dataclass(frozen=True, slots=True)
class MapView:
    """A construct or plasmid as shown; ``files`` is the name of its files without ending."""

    construct: Construct
    files: str
    drawing: Drawing
    domains: tuple[Drawing, ...]


@dataclass(frozen=True, slots=True)
class CodingView:
    """A coding sequence as shown: rows of ``(measure, native, designed)``."""

    coding: CodingSequence
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class VectorView:
    """A vector as shown; ``shares`` are the names of constructs with the share of whole genomes they have in common."""

    vector: Vector
    maps: tuple[MapView, ...]
    shares: tuple[tuple[tuple[str, ...], str, Estimate], ...]
    plasmids: tuple[MapView, ...]
    legend: tuple[tuple[str, str], ...]
    tracks: tuple[tuple[str, str], ...]
    packaging: Drawing
    packaging_legend: tuple[tuple[str, str], ...]
    coding: tuple[CodingView, ...]
    folder: str = CONSTRUCTS_FOLDER


@dataclass(frozen=True, slots=True)
class VectorRow:
    """One vector among its alternatives."""

    ranked: RankedDesign
    vector: Vector
    form: str
    promoters: str
    packaged: tuple[str, ...]
    whole: tuple[str, ...]
    cpg: tuple[str, ...]
    counts: tuple[tuple[Status, int], ...]


def vector_view(vector: Vector, plan: Plan) -> VectorView:
    """Prepare a vector of a plan."""
    stems = {(one.construct, one.is_plasmid): one.stem for one in placed_constructs(plan)}
    named: dict[Estimate, list[str]] = {}
    for one, share in zip(vector.constructs, vector.full_length, strict=False):
        named.setdefault(share, []).append(one.name)
    maps = tuple(
        MapView(
            one,
            stems.get((one, False), ""),
            _both(partial(draw_construct, one, vector.coding)),
            tuple(
                _both(partial(draw_domains, one, cds))
                for cds in one.of_kind(FeatureKind.CDS)
                if draw_domains(one, cds)
            ),
        )
        for one in vector.constructs
    )
    plasmids = tuple(
        MapView(one, stems.get((one, True), ""), _both(partial(draw_plasmid, one)), ())
        for one in vector.plasmids
    )  # fmt: skip
    return VectorView(
        vector,
        maps,
        tuple((tuple(names), whole_text(share), share) for share, names in named.items()),
        plasmids,
        construct_legend([*vector.constructs, *vector.plasmids]),
        _tracks(vector),
        _both(partial(draw_packaging, vector.constructs)),
        packaging_legend(vector.constructs),
        tuple(CodingView(one, tuple(_measures(one))) for one in vector.coding),
    )


def _both(draw: Callable[..., str]) -> Drawing:
    # The drawings escape their own texts.
    return Drawing(Markup(draw(width=_WIDE)), Markup(draw(width=_NARROW)))  # noqa: S704


def _tracks(vector: Vector) -> tuple[tuple[str, str], ...]:
    """What the marks of the tracks mean."""
    rows = [("cpg", "CpG as designed")]
    if any(one.native for one in vector.coding):
        rows.append(("native", "CpG of the native coding sequence"))
    rows.append(("gc", "share of G and C"))
    if vector.form is not GenomeForm.MRNA:
        rows += [
            ("donor", "possible splice donor"),
            ("acceptor", "possible acceptor"),
            ("meant", "end of an intron meant to be cut out"),
        ]
    return tuple(rows)


def vector_rows(plan: Plan) -> tuple[VectorRow, ...]:
    """Return every vector of a plan as one row of the table that sets them side by side."""
    rows = []
    for ranked in vector_designs(plan):
        vector = ranked.design.vector
        assert vector is not None
        shares = vector.full_length or (None,) * len(vector.constructs)
        rows.append(
            VectorRow(
                ranked,
                vector,
                form_text(vector.form),
                promoter_text(vector),
                tuple(number_text(one.packaged_bp) for one in vector.constructs),
                tuple(whole_text(share) for share in shares),
                tuple(cpg_text(one) for one in vector.coding),
                status_counts(ranked.assessment.findings),
            )
        )
    return tuple(rows)


#: Each measure in words, with how it is found and written.
_MEASURES = (
    ("Length, bp", "length_bp"),
    ("CpG", "cpg"),
    ("GC", "gc"),
    ("Codon adaptation index", "cai"),
    ("Cryptic donors above the threshold", "donors"),
    ("Cryptic acceptors above the threshold", "acceptors"),
    ("Best donor, bits", "best_donor"),
    ("Best acceptor, bits", "best_acceptor"),
    ("PolyA signals", "polya_signals"),
    ("Longest run of one base, bp", "longest_homopolymer_bp"),
    ("Longest repeat, bp", "longest_repeat_bp"),
    ("Uridine", "uridine"),
    ("Longest frame elsewhere on the strand, residues", "longest_alternative_frame_aa"),
)


def _measures(coding: CodingSequence) -> Iterator[tuple[str, str, str]]:
    for words, name in _MEASURES:
        native = _measure(coding.native_measures, name) if coding.native_measures else "–"
        yield words, native, _measure(coding.measures, name)


def _measure(measures: CodonMeasures, name: str) -> str:
    value = getattr(measures, name)
    if value is None:
        return "none"
    if name in {"gc", "uridine"}:
        return percent(value)
    if isinstance(value, float):
        return f"{value:.2f}"
    return number_text(value)
