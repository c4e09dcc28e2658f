"""Readers of gene annotation: GTF, GFF3 and UCSC genePred rows become raw transcripts.

The three formats differ in how rows hang together and in whether the CDS includes the stop codon; here each row
is taken as the file has it. :mod:`revertant.genome.models` decides about the stop codon.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from revertant.errors import InputError

__all__ = ["RawTranscript", "read_gene_pred", "read_gff3", "read_gtf", "recognise_format"]

_GTF_PAIR = re.compile(r'\s*(\S+)\s+(?:"([^"]*)"|([^\s;]+))\s*(?:;|$)')
_TRANSCRIPT_TYPES = frozenset(
    "transcript mRNA ncRNA lnc_RNA lncRNA miRNA primary_transcript rRNA tRNA snRNA snoRNA antisense_RNA "
    "pseudogenic_transcript unconfirmed_transcript V_gene_segment C_gene_segment D_gene_segment J_gene_segment "
    "scRNA telomerase_RNA vault_RNA Y_RNA RNase_MRP_RNA RNase_P_RNA SRP_RNA guide_RNA piRNA".split()
)
#: Rows that hold nothing a transcript model needs; they are read and counted as such, not refused.
_OTHER_TYPES = "row type not used"


@dataclass(slots=True)
class RawTranscript:
    """What a file says about one transcript, before it is checked."""

    transcript_id: str
    gene: str = ""
    contig: str = ""
    strand: str = ""
    where: str = ""
    exons: list[tuple[int, int]] = field(default_factory=list)
    cds: list[tuple[int, int, str]] = field(default_factory=list)
    stops: list[tuple[int, int]] = field(default_factory=list)
    is_mane_select: bool = False
    protein_id: str = ""
    has_stop_rows: bool = False
    problem: str = ""

    def place(self, contig: str, strand: str) -> None:
        """Note where a row of this transcript lies; a second place is a problem (X and Y copies, for one)."""
        if not self.contig:
            self.contig, self.strand = contig, strand
        elif (contig, strand) != (self.contig, self.strand) and not self.problem:
            self.problem = "one transcript on two contigs or strands"


def recognise_format(lines: Iterable[str], where: str) -> str:
    """Tell ``"gtf"``, ``"gff3"`` or ``"genepred"`` by the first rows.

    Raises
    ------
    InputError
        When the rows are none of the three.

    Examples
    --------
    >>> recognise_format(["chr1\\tx\\texon\\t1\\t9\\t.\\t+\\t.\\tgene_id \\"G\\"; transcript_id \\"T\\";"], "demo")
    'gtf'
    """
    seen = ""
    for line in lines:
        if line.startswith("##gff-version"):
            version = line.split()[-1]
            if version.startswith("3"):
                return "gff3"
            continue
        if line.startswith("#") or not line.strip():
            continue
        seen = line
        fields = line.rstrip("\n").split("\t")
        if len(fields) == 9 and fields[3].isdigit() and fields[4].isdigit():
            return "gtf" if re.match(r'\s*\w+\s+"', fields[8]) or "=" not in fields[8] else "gff3"
        if len(fields) >= 10 and _strand_column(fields) is not None:
            return "genepred"
        break
    if not seen:
        raise InputError(
            "The file has no rows.", where=where, remedy="Give gene models as GTF, GFF3 or genePred."
        )
    hint = (
        "The columns must be separated by tabs." if "\t" not in seen else "Give gene models as one of these."
    )
    raise InputError("This is neither GTF, GFF3 nor UCSC genePred.", where=where, remedy=hint)


def _numbers(fields: list[str], place: str) -> tuple[int, int]:
    try:
        start, end = int(fields[3]), int(fields[4])
    except ValueError:
        start = end = 0
    if not 1 <= start <= end:
        raise InputError(
            f"Start {fields[3]!r} and end {fields[4]!r} are no 1-based stretch.",
            where=place,
            remedy="Correct the row; positions count from 1, start first.",
        )
    return start - 1, end


def _columns(line: str, place: str) -> list[str]:
    fields = line.rstrip("\r\n").split("\t")
    if len(fields) != 9:
        raise InputError(
            f"The row has {len(fields)} columns, not 9.",
            where=place,
            remedy="Correct the row, or download the file again if it was cut off.",
        )
    return fields


def _strand(text: str, place: str) -> str:
    if text not in {"+", "-"}:
        raise InputError(f"Strand {text!r} is neither + nor -.", where=place, remedy="Correct the row.")
    return text


def _is_mane(tags: Iterable[str]) -> bool:
    return any(tag.replace(" ", "_").lower() == "mane_select" for tag in tags)


def read_gtf(lines: Iterable[str], where: str, skipped: Counter[str]) -> dict[str, RawTranscript]:
    """Read GTF rows into transcripts by key; rows that carry nothing for a model are counted in ``skipped``."""
    made: dict[str, RawTranscript] = {}
    for number, line in enumerate(lines, start=1):
        if line.startswith("#") or not line.strip():
            continue
        place = f"{where}: line {number}"
        fields = _columns(line, place)
        kind = fields[2]
        if kind not in {"exon", "CDS", "stop_codon"} and kind not in _TRANSCRIPT_TYPES:
            skipped[_OTHER_TYPES] += 1
            continue
        values: dict[str, list[str]] = {}
        for match in _GTF_PAIR.finditer(fields[8]):
            values.setdefault(match.group(1), []).append(match.group(2) or match.group(3) or "")
        name = values.get("transcript_id", [""])[0]
        if not name:
            raise InputError("The row has no transcript_id.", where=place, remedy="Every GTF row needs one.")
        version = values.get("transcript_version", [""])[0]
        if version and "." not in name:
            name = f"{name}.{version}"  # Ensembl writes the version apart
        strand = _strand(fields[6], place)
        entry = made.setdefault(f"{name}\t{fields[0]}", RawTranscript(name, where=place))
        entry.place(fields[0], strand)
        entry.gene = (
            entry.gene or (values.get("gene_name") or values.get("gene") or values.get("gene_id") or [""])[0]
        )
        entry.is_mane_select = entry.is_mane_select or _is_mane(values.get("tag", []))
        entry.protein_id = entry.protein_id or values.get("protein_id", [""])[0]
        start, end = _numbers(fields, place)
        if kind == "exon":
            entry.exons.append((start, end))
        elif kind == "CDS":
            entry.cds.append((start, end, fields[7]))
        elif kind == "stop_codon":
            entry.stops.append((start, end))
            entry.has_stop_rows = True
    return made


def _attributes(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.strip().strip(";").split(";"))
    return {key.strip(): value for key, _, value in pairs}


def read_gff3(lines: Iterable[str], where: str, skipped: Counter[str]) -> dict[str, RawTranscript]:
    """Read GFF3 rows into transcripts by row id; parents may stand after their children."""
    made: dict[str, RawTranscript] = {}
    genes: dict[str, str] = {}
    parts: list[tuple[str, str, tuple[int, int], str, str, str, str]] = []
    for number, line in enumerate(lines, start=1):
        if line.startswith("##FASTA"):
            break
        if line.startswith("#") or not line.strip():
            continue
        place = f"{where}: line {number}"
        fields = _columns(line, place)
        kind, values = fields[2], _attributes(fields[8])
        row_id = values.get("ID", "")
        name = unquote(values.get("gene") or values.get("gene_name") or values.get("Name") or "")
        parents = [parent for parent in values.get("Parent", "").split(",") if parent]
        if kind in {"exon", "CDS", "stop_codon"}:
            span = _numbers(fields, place)
            protein = unquote(values.get("protein_id", ""))
            for parent in parents:
                parts.append((parent, kind, span, fields[7], protein, fields[0], _strand(fields[6], place)))
            if not parents:
                skipped["row has no Parent"] += 1
        elif kind in _TRANSCRIPT_TYPES and row_id:
            accession = unquote(values.get("transcript_id") or values.get("Name") or row_id)
            version = values.get("version", "")
            accession = accession.removeprefix("transcript:").removeprefix("rna-")
            if version and "." not in accession:
                accession = f"{accession}.{version}"
            entry = RawTranscript(accession, where=place)
            entry.gene = unquote(values.get("gene") or values.get("gene_name") or "") or "\t".join(parents)
            entry.is_mane_select = _is_mane(unquote(values.get("tag", "")).split(","))
            entry.place(fields[0], _strand(fields[6], place))
            if row_id in made:
                entry.problem = made[row_id].problem = "two transcripts with one ID"
            made[row_id] = entry
        elif row_id:
            genes[row_id] = name
            skipped[_OTHER_TYPES] += 1
        else:
            skipped[_OTHER_TYPES] += 1
    orphans = Counter(parent for parent, *_ in parts if parent not in made)
    skipped["row's Parent is no transcript"] += orphans.total()
    for parent, kind, span, phase, protein, contig, strand in parts:
        if parent not in made:
            continue
        entry = made[parent]
        entry.place(contig, strand)
        entry.protein_id = entry.protein_id or protein
        if kind == "exon":
            entry.exons.append(span)
        elif kind == "CDS":
            entry.cds.append((*span, phase))
        else:
            entry.stops.append(span)
            entry.has_stop_rows = True
    for entry in made.values():
        if "\t" in entry.gene or entry.gene in genes:
            entry.gene = genes.get(entry.gene.split("\t")[0], "")
        if not entry.exons:  # some writers give a coding transcript no exon rows
            entry.exons = [(start, end) for start, end, _ in entry.cds]
    return made


def _strand_column(fields: list[str]) -> int | None:
    """Column of the strand: 2, or 3 when a bin column stands first."""
    for column in (2, 3):
        if len(fields) > column + 7 and fields[column] in {"+", "-"} and fields[column + 1].isdigit():
            return column
    return None


def read_gene_pred(lines: Iterable[str], where: str, skipped: Counter[str]) -> dict[str, RawTranscript]:
    """Read UCSC genePred, genePredExt or refGene rows, with or without the bin column.

    ``cdsStart`` to ``cdsEnd`` of genePred includes the stop codon. The plain form has no gene symbol: the
    transcript's name stands in for it.
    """
    made: dict[str, RawTranscript] = {}
    for number, line in enumerate(lines, start=1):
        if line.startswith("#") or not line.strip():
            continue
        place = f"{where}: line {number}"
        fields = line.rstrip("\r\n").split("\t")
        column = _strand_column(fields)
        if column is None:
            raise InputError(
                "The row is no genePred row.", where=place, remedy="Correct it, or download the file again."
            )
        name, contig, strand = fields[column - 2], fields[column - 1], fields[column]
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
        entry = RawTranscript(name, contig=contig, strand=strand, where=place)
        entry.exons = list(zip(starts, ends, strict=True))
        entry.gene = fields[column + 9] if len(fields) > column + 9 and fields[column + 9] else name
        if cds_start < cds_end:
            overlaps = ((max(start, cds_start), min(end, cds_end)) for start, end in entry.exons)
            entry.cds = [(start, end, ".") for start, end in overlaps if start < end]
            statuses = fields[column + 10 : column + 12]
            incomplete = len(statuses) == 2 and statuses[1 if strand == "+" else 0] == "incmpl"
            entry.has_stop_rows = (
                not incomplete
            )  # the convention includes the stop codon unless it says otherwise
        key = f"{name}\t{contig}\t{starts[0]}"
        if key in made:
            skipped["the same transcript twice"] += 1
        made[key] = entry
    return made
