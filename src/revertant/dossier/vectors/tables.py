"""The tables of a plan's vectors: parts of constructs and of proteins, and what is to be synthesised."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from revertant import policy
from revertant.dossier.drawing.construct import in_coding
from revertant.dossier.tables import SCREENING, Column, table_text
from revertant.dossier.vectors.constructs import PlacedConstruct, placed_constructs, vector_designs
from revertant.model import Construct, Design, Feature, FeatureKind, GenomeForm, PartUse, Plan, Strand
from revertant.sequence import translate

__all__ = [
    "DOMAIN_COLUMNS",
    "ORDER_COLUMNS",
    "PART_COLUMNS",
    "VECTOR_TABLES",
    "DomainRow",
    "OrderRow",
    "domain_rows",
    "domains_text",
    "order_rows",
    "order_text",
    "parts_text",
]

_WITH_STOP = "start to stop codon, both included"
_UNCAPPED = "DNA letters of the mRNA, without the promoter of its polymerase and without the cap"
_BETWEEN_ITRS = "the ITRs come with the plasmid it is cloned into; sequence them after cloning"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One sequence to have made.

    Parameters
    ----------
    file
        Name of the GenBank file it is taken from, empty where it is not a stretch of one.
    first, last
        Its place there, counted from 1; ``None`` where there is none.
    what, sequence, note
        What it is, its bases 5'→3' in DNA letters, and what to know before ordering.
    designs
        The designs that need it.
    """

    file: str
    first: int | None
    last: int | None
    what: str
    sequence: str
    note: str
    designs: tuple[Design, ...]


@dataclass(frozen=True, slots=True)
class DomainRow:
    """One named stretch of a protein that a construct encodes.

    Parameters
    ----------
    protein
        Name of the coding sequence.
    feature
        The stretch, on its construct.
    first, last
        Its residues, counted from 1.
    residues
        As translated from the construct.
    designs
        The designs that make it.
    """

    protein: str
    feature: Feature
    first: int
    last: int
    residues: str
    designs: tuple[Design, ...]


_PartRow = tuple[PartUse, tuple[Design, ...]]


def _ids(designs: tuple[Design, ...]) -> str:
    return ";".join(design.design_id for design in designs)


#: Columns of ``constructs/parts.tsv``, one row for each part of a vector.
PART_COLUMNS: tuple[Column[_PartRow], ...] = (
    Column("key", "Key in the parts catalogue.", lambda r: r[0].key),
    Column("name", "What it is called.", lambda r: r[0].name),
    Column("kind", "What it is for.", lambda r: r[0].kind.value),
    Column("length_bp", "Its length, measured on the sequence.", lambda r: r[0].length_bp),
    Column("checked", "no where a source was not checked against the primary document.", lambda r: r[0].checked),
    Column("sources", "Where the sequence is from, separated by semicolons.", lambda r: ";".join(r[0].sources)),
    Column("note", "What a reader should know of it.", lambda r: r[0].note),
    Column("design_ids", "Designs that use it, separated by semicolons.", lambda r: _ids(r[1])),
)  # fmt: skip

#: Columns of ``constructs/constructs_order.tsv``, one row for each sequence to have made.
ORDER_COLUMNS: tuple[Column[OrderRow], ...] = (
    Column("what", "What is to be made.", lambda r: r.what),
    Column("file", "GenBank file it is a stretch of.", lambda r: r.file),
    Column("start_1based", "First base there, counted from 1.", lambda r: r.first),
    Column("end_1based", "Last base there, included.", lambda r: r.last),
    Column("length_bp", "Bases.", lambda r: len(r.sequence)),
    Column("sequence", "5'→3', DNA letters.", lambda r: r.sequence),
    Column("sha256", "SHA-256 of the sequence, to compare with what a maker confirms.",
           lambda r: hashlib.sha256(r.sequence.encode()).hexdigest()),
    Column("note", "What to know before ordering.", lambda r: r.note),
    Column("screening", SCREENING, lambda r: policy.screening_mark(len(r.sequence))),
    Column("expected_hits", "Vector parts from viruses in it, which a screen will find, with the virus.",
           lambda r: policy.expected_words(r.sequence)),
    Column("design_ids", "Designs that need it, separated by semicolons.", lambda r: _ids(r.designs)),
)  # fmt: skip

#: Columns of ``constructs/domains.tsv``, one row for each named stretch of a protein.
DOMAIN_COLUMNS: tuple[Column[DomainRow], ...] = (
    Column("protein", "Coding sequence it is a stretch of.", lambda r: r.protein),
    Column("name", "What it is called.", lambda r: r.feature.name),
    Column("kind", "What it is for.", lambda r: r.feature.kind.value),
    Column("first_residue", "First residue, counted from 1 at the start of translation.", lambda r: r.first),
    Column("last_residue", "Last residue, included.", lambda r: r.last),
    Column("length_aa", "Residues.", lambda r: len(r.residues)),
    Column("residues", "One-letter code, translated from the construct.", lambda r: r.residues),
    Column("note", "What a reader should know of it.", lambda r: r.feature.note),
    Column("design_ids", "Designs that make it, separated by semicolons.", lambda r: _ids(r.designs)),
)  # fmt: skip

#: The tables in the folder of a plan's constructs.
VECTOR_TABLES: tuple[tuple[str, tuple[Column[Any], ...]], ...] = (
    ("constructs/parts.tsv", PART_COLUMNS),
    ("constructs/domains.tsv", DOMAIN_COLUMNS),
    ("constructs/constructs_order.tsv", ORDER_COLUMNS),
)


def parts_text(plan: Plan) -> str:
    """Return the text of ``parts.tsv``: every part of every vector once, in the order of the designs."""
    users: dict[PartUse, list[Design]] = {}
    for ranked in vector_designs(plan):
        assert ranked.design.vector is not None
        for part in ranked.design.vector.parts:
            users.setdefault(part, []).append(ranked.design)
    rows = [(part, tuple(dict.fromkeys(designs))) for part, designs in users.items()]
    return table_text(PART_COLUMNS, rows)


def domains_text(plan: Plan) -> str:
    """Return the text of ``domains.tsv``: a header alone where no stretch of a protein is named."""
    return table_text(DOMAIN_COLUMNS, domain_rows(plan))


def domain_rows(plan: Plan) -> list[DomainRow]:
    """List the named stretches of every protein once, in the order of the designs and along the protein."""
    found: dict[tuple[str, Feature, int, str], list[Design]] = {}
    for placed in placed_constructs(plan):
        construct = placed.construct
        if placed.is_plasmid:
            continue
        for cds in construct.of_kind(FeatureKind.CDS):
            for one in construct.features:
                inside = in_coding(one, construct) and cds.start <= one.start and one.end <= cds.end
                if inside and cds.strand is Strand.PLUS and (one.start - cds.start) % 3 == len(one) % 3 == 0:
                    # Counted on the coding sequence, so that one protein in two vectors is listed once.
                    own = replace(one, start=one.start - cds.start, end=one.end - cds.start)
                    key = (
                        cds.name.removesuffix(" CDS"),
                        own,
                        own.start // 3,
                        translate(construct.bases_of(one)),
                    )
                    found.setdefault(key, []).extend(placed.designs)
    return [
        DomainRow(name, feature, first + 1, first + len(residues), residues, tuple(dict.fromkeys(designs)))
        for (name, feature, first, residues), designs in found.items()
    ]


def order_text(plan: Plan) -> str:
    """Return the text of ``constructs_order.tsv``."""
    return table_text(ORDER_COLUMNS, order_rows(plan))


def order_rows(plan: Plan) -> tuple[OrderRow, ...]:
    """List what is to be synthesised for the vectors of a plan.

    Of an AAV genome that is the stretch between the terminal repeats, which a maker puts between those of a plasmid;
    of an mRNA its template; of any other genome the whole. Whole plasmids and coding sequences are listed too, for a
    maker who prefers them.
    """
    rows = [_plasmid(placed) if placed.is_plasmid else _genome(placed) for placed in placed_constructs(plan)]
    coding: dict[tuple[str, str], list[Design]] = {}
    for ranked in vector_designs(plan):
        assert ranked.design.vector is not None
        for one in ranked.design.vector.coding:
            coding.setdefault((one.name, one.designed), []).append(ranked.design)
    for (name, bases), designs in coding.items():
        users = tuple(dict.fromkeys(designs))
        rows.append(OrderRow("", None, None, f"coding sequence of {name}", bases, _WITH_STOP, users))
    return tuple(rows)


def _plasmid(placed: PlacedConstruct) -> OrderRow:
    construct = placed.construct
    note = "whole circle, written from the start of the file; for a maker who builds whole plasmids"
    return OrderRow(
        f"{placed.stem}.gb",
        1,
        len(construct.sequence),
        f"plasmid {construct.name}",
        construct.sequence,
        note,
        placed.designs,
    )


def _genome(placed: PlacedConstruct) -> OrderRow:
    construct = placed.construct
    start, end, what, note = _stretch(construct)
    return OrderRow(
        f"{placed.stem}.gb",
        start + 1,
        end,
        f"{what} of {construct.name}",
        construct.sequence[start:end],
        note,
        placed.designs,
    )


def _stretch(construct: Construct) -> tuple[int, int, str, str]:
    """The stretch of a genome that is made anew, with what it is and what to know."""
    start, end = construct.packaged
    if construct.form is GenomeForm.MRNA:
        return start, end, "transcribed stretch", _UNCAPPED
    itrs = construct.of_kind(FeatureKind.ITR)
    if len(itrs) >= 2 and itrs[0].end < itrs[-1].start:
        return itrs[0].end, itrs[-1].start, "cassette between the ITRs", _BETWEEN_ITRS
    return start, end, "genome", "terminal repeats included" if construct.of_kind(FeatureKind.LTR) else ""
