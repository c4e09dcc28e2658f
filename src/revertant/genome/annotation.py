"""What gene annotation files have in common: rows, and the raw transcripts they add up to.

The three formats differ in how rows hang together and in whether the CDS includes the stop codon; here each
row is taken as the file has it. :mod:`revertant.genome.transcripts` decides about the stop codon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from revertant.errors import InputError

__all__ = [
    "NOT_USED",
    "TRANSCRIPT_TYPES",
    "RawTranscript",
    "RowAccount",
    "columns",
    "is_mane",
    "recognise_format",
    "span_of",
    "strand_column",
    "strand_of",
]

TRANSCRIPT_TYPES = frozenset(
    {
        *("transcript", "mRNA", "ncRNA", "lnc_RNA", "lncRNA", "miRNA", "primary_transcript", "rRNA", "tRNA"),
        *("snRNA", "snoRNA", "scRNA", "antisense_RNA", "telomerase_RNA", "vault_RNA", "Y_RNA", "guide_RNA"),
        *("RNase_MRP_RNA", "RNase_P_RNA", "SRP_RNA", "piRNA", "pseudogenic_transcript"),
        *("unconfirmed_transcript", "V_gene_segment", "D_gene_segment", "J_gene_segment", "C_gene_segment"),
    }
)
#: Rows that hold nothing a transcript model needs; they are read and counted as such, not refused.
NOT_USED = "row type not used"


@dataclass(slots=True)
class RowAccount:
    """Rows read and used, and why the others were not."""

    used: int = 0
    skipped: list[str] = field(default_factory=list)

    def skip(self, reason: str) -> None:
        """Count one row that is not used."""
        self.skipped.append(reason)


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
    has_stop_inside: bool = False
    parents: tuple[str, ...] = ()
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
    >>> recognise_format(["##gff-version 3"], "demo.gff3")
    'gff3'
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
        if len(fields) >= 10 and strand_column(fields) is not None:
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


def span_of(fields: list[str], place: str) -> tuple[int, int]:
    """Return the 0-based half-open stretch of a GTF or GFF3 row."""
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


def columns(line: str, place: str) -> list[str]:
    """Split a GTF or GFF3 row into its nine columns."""
    fields = line.rstrip("\r\n").split("\t")
    if len(fields) != 9:
        raise InputError(
            f"The row has {len(fields)} columns, not 9.",
            where=place,
            remedy="Correct the row, or download the file again if it was cut off.",
        )
    return fields


def strand_of(text: str, place: str) -> str:
    """Return the strand of a row that needs one."""
    if text not in {"+", "-"}:
        raise InputError(f"Strand {text!r} is neither + nor -.", where=place, remedy="Correct the row.")
    return text


def is_mane(tags: Iterable[str]) -> bool:
    """Whether MANE Select is among the tags, as RefSeq, Ensembl or GENCODE write it."""
    return any(tag.replace(" ", "_").lower() == "mane_select" for tag in tags)


def strand_column(fields: list[str]) -> int | None:
    """Return the column of the strand in a genePred row: 2, or 3 when a bin column stands first."""
    for column in (2, 3):
        if len(fields) > column + 7 and fields[column] in {"+", "-"} and fields[column + 1].isdigit():
            return column
    return None
