"""Readers of GTF, GFF3 and UCSC genePred rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from revertant.errors import InputError
from revertant.genome.annotation import (
    NOT_USED,
    TRANSCRIPT_TYPES,
    RawTranscript,
    RowAccount,
    columns,
    is_mane,
    span_of,
    strand_column,
    strand_of,
)

__all__ = ["read_gene_pred", "read_gff3", "read_gtf"]

_GTF_PAIR = re.compile(r'\s*(\S+)\s+(?:"([^"]*)"|([^\s;]+))\s*(?:;|$)')
_PARTS = frozenset({"exon", "CDS", "stop_codon"})


def _rows(lines: Iterable[str], where: str) -> Iterator[tuple[str, str]]:
    """Yield each row with its place; comments and blank lines are no rows."""
    for number, line in enumerate(lines, start=1):
        if line.startswith("##FASTA"):
            return
        if not line.startswith("#") and line.strip():
            yield f"{where}: line {number}", line


def _add_part(entry: RawTranscript, kind: str, span: tuple[int, int], phase: str) -> None:
    if kind == "exon":
        entry.exons.append(span)
    elif kind == "CDS":
        entry.cds.append((*span, phase))
    elif kind == "stop_codon":
        entry.stops.append(span)


def _gtf_values(text: str) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for match in _GTF_PAIR.finditer(text):
        values.setdefault(match.group(1), []).append(match.group(2) or match.group(3) or "")
    return values


def read_gtf(lines: Iterable[str], where: str, account: RowAccount) -> list[RawTranscript]:
    """Read GTF rows; a transcript on two contigs (X and Y) makes two."""
    made: dict[str, RawTranscript] = {}
    for place, line in _rows(lines, where):
        fields = columns(line, place)
        kind = fields[2]
        if kind not in _PARTS and kind not in TRANSCRIPT_TYPES:
            account.skip(NOT_USED)
            continue
        values = _gtf_values(fields[8])
        name = values.get("transcript_id", [""])[0]
        if not name:
            raise InputError("The row has no transcript_id.", where=place, remedy="Every GTF row needs one.")
        version = values.get("transcript_version", [""])[0]
        if version and "." not in name:
            name = f"{name}.{version}"  # Ensembl writes the version apart
        entry = made.setdefault(f"{name}\t{fields[0]}", RawTranscript(name, where=place))
        entry.place(fields[0], strand_of(fields[6], place))
        symbol = values.get("gene_name") or values.get("gene") or values.get("gene_id") or [""]
        entry.gene = entry.gene or symbol[0]
        entry.is_mane_select = entry.is_mane_select or is_mane(values.get("tag", []))
        entry.protein_id = entry.protein_id or values.get("protein_id", [""])[0]
        _add_part(entry, kind, span_of(fields, place), fields[7])
        account.used += 1
    return list(made.values())


@dataclass(frozen=True, slots=True)
class _Part:
    """A GFF3 exon, CDS or stop codon row that waits for its parent."""

    parent: str
    kind: str
    span: tuple[int, int]
    phase: str
    protein: str
    contig: str
    strand: str


def _attributes(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.strip().strip(";").split(";"))
    return {key.strip(): value for key, _, value in pairs}


def _gff3_transcript(values: dict[str, str], fields: list[str], place: str) -> RawTranscript:
    accession = unquote(values.get("transcript_id") or values.get("Name") or values["ID"])
    accession = accession.removeprefix("transcript:").removeprefix("rna-")
    version = values.get("version", "")
    entry = RawTranscript(
        f"{accession}.{version}" if version and "." not in accession else accession, where=place
    )
    entry.gene = unquote(values.get("gene") or values.get("gene_name") or "")
    entry.parents = tuple(parent for parent in values.get("Parent", "").split(",") if parent)
    entry.is_mane_select = is_mane(unquote(values.get("tag", "")).split(","))
    entry.place(fields[0], strand_of(fields[6], place))
    return entry


def read_gff3(lines: Iterable[str], where: str, account: RowAccount) -> list[RawTranscript]:
    """Read GFF3 rows; parents may stand after their children."""
    made: dict[str, RawTranscript] = {}
    genes: dict[str, str] = {}
    parts: list[_Part] = []
    for place, line in _rows(lines, where):
        fields = columns(line, place)
        kind, values = fields[2], _attributes(fields[8])
        row_id = values.get("ID", "")
        if kind in _PARTS:
            parents = [parent for parent in values.get("Parent", "").split(",") if parent]
            strand, protein = strand_of(fields[6], place), unquote(values.get("protein_id", ""))
            span = span_of(fields, place)
            parts += [_Part(parent, kind, span, fields[7], protein, fields[0], strand) for parent in parents]
            if parents:
                account.used += 1
            else:
                account.skip("row has no Parent")
        elif kind in TRANSCRIPT_TYPES and row_id:
            entry = _gff3_transcript(values, fields, place)
            if row_id in made:
                entry.problem = "two transcripts with one ID"
                made[f"{row_id}\t{place}"] = entry
            else:
                made[row_id] = entry
            account.used += 1
        else:
            genes[row_id] = unquote(
                values.get("gene_name") or values.get("Name") or values.get("gene") or row_id
            )
            account.skip(NOT_USED)
    for part in parts:
        if part.parent not in made:
            account.used -= 1
            account.skip("row's Parent is no transcript")
            continue
        owner = made[part.parent]
        owner.place(part.contig, part.strand)
        owner.protein_id = owner.protein_id or part.protein
        _add_part(owner, part.kind, part.span, part.phase)
    for entry in made.values():
        entry.gene = entry.gene or next((genes[parent] for parent in entry.parents if parent in genes), "")
        # Some writers give a coding transcript no exon rows.
        entry.exons = entry.exons or [(start, end) for start, end, _ in entry.cds]
    return list(made.values())


def read_gene_pred(lines: Iterable[str], where: str, account: RowAccount) -> list[RawTranscript]:
    """Read UCSC genePred, genePredExt or refGene rows, with or without the bin column.

    ``cdsStart`` to ``cdsEnd`` of genePred includes the stop codon. The plain form has no gene symbol: the
    transcript's name stands in for it.
    """
    made = []
    for place, line in _rows(lines, where):
        fields = line.rstrip("\r\n").split("\t")
        column = strand_column(fields)
        if column is None:
            raise InputError(
                "The row is no genePred row.", where=place, remedy="Correct it, or download the file again."
            )
        name, contig, strand = fields[column - 2 : column + 1]
        try:
            cds_start, cds_end, count = (int(text) for text in fields[column + 3 : column + 6])
            starts, ends = ([int(x) for x in fields[column + k].rstrip(",").split(",")] for k in (6, 7))
        except ValueError as error:
            raise InputError(
                f"A position is no number ({error}).", where=place, remedy="Correct the row."
            ) from error
        if not len(starts) == len(ends) == count:
            raise InputError(
                f"The row says {count} exons but lists {len(starts)} starts and {len(ends)} ends.",
                where=place,
                remedy="Correct the row, or download the file again if it was cut off.",
            )
        entry = RawTranscript(name, contig=contig, strand=strand, where=place, has_stop_inside=True)
        entry.exons = list(zip(starts, ends, strict=True))
        entry.gene = fields[column + 9] if len(fields) > column + 9 and fields[column + 9] else name
        if cds_start < cds_end:
            overlaps = ((max(start, cds_start), min(end, cds_end)) for start, end in entry.exons)
            entry.cds = [(start, end, ".") for start, end in overlaps if start < end]
        made.append(entry)
        account.used += 1
    return made
