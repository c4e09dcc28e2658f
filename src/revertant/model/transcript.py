"""A transcript on the genome, with the coordinate maps everything else leans on."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.model.locus import Locus, Strand

__all__ = ["Transcript"]


@dataclass(frozen=True, slots=True)
class Transcript:
    """One transcript of one gene.

    Parameters
    ----------
    transcript_id
        Accession with version (``"NM_000518.5"``).
    gene
        Gene symbol.
    contig, strand
        Where it lies.
    exons
        ``(start, end)`` pairs, 0-based half-open, in forward-strand order, not overlapping.
    cds
        ``(start, end)`` of the coding span on the genome, **stop codon included**; ``None`` when non-coding.
    is_mane_select
        Whether the gene models mark it as MANE Select.
    protein_id
        Accession of the protein, empty when the gene models do not give it.
    has_start
        Whether the coding span begins with the start codon; false where the model begins within the protein, as for
        the constant genes of T-cell receptors.

    Examples
    --------
    >>> gene = Transcript("T1.1", "G", "chr1", Strand.MINUS, ((10, 20), (30, 40)), (15, 36))
    >>> gene.coding_bases, gene.coding_to_genome(0), gene.genome_to_coding(35)
    (11, 35, 0)
    """

    transcript_id: str
    gene: str
    contig: str
    strand: Strand
    exons: tuple[tuple[int, int], ...]
    cds: tuple[int, int] | None = None
    is_mane_select: bool = False
    protein_id: str = ""
    has_start: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "strand", Strand(self.strand))
        edges = [edge for exon in self.exons for edge in exon]
        if not self.exons or any(start >= end for start, end in self.exons) or edges != sorted(edges):
            msg = f"{self.transcript_id}: exons must be non-empty, ordered and not overlapping"
            raise ValueError(msg)
        if self.cds is not None and not (edges[0] <= self.cds[0] < self.cds[1] <= edges[-1]):
            msg = f"{self.transcript_id}: the CDS lies outside the exons"
            raise ValueError(msg)

    @property
    def locus(self) -> Locus:
        """The whole transcript, introns included."""
        return Locus(self.contig, self.exons[0][0], self.exons[-1][1], self.strand)

    @property
    def ordered_exons(self) -> tuple[tuple[int, int], ...]:
        """The exons in the order of transcription (exon 1 first)."""
        return self.exons if self.strand is Strand.PLUS else self.exons[::-1]

    @property
    def coding_exons(self) -> tuple[tuple[int, int], ...]:
        """The coding parts of the exons, in the order of transcription; empty when non-coding."""
        if self.cds is None:
            return ()
        low, high = self.cds
        parts = ((max(start, low), min(end, high)) for start, end in self.ordered_exons)
        return tuple((start, end) for start, end in parts if start < end)

    @property
    def coding_bases(self) -> int:
        """Length of the coding sequence in bases, stop codon included."""
        return sum(end - start for start, end in self.coding_exons)

    def spliced_to_genome(self, index: int) -> int:
        """Map a 0-based index in the spliced transcript to a 0-based genome position."""
        return _index_to_genome(self.ordered_exons, self.strand, index, self.transcript_id)

    def genome_to_spliced(self, position: int) -> int | None:
        """Map a 0-based genome position to the spliced transcript; ``None`` in introns and outside."""
        return _genome_to_index(self.ordered_exons, self.strand, position)

    def coding_to_genome(self, index: int) -> int:
        """Map a 0-based index in the coding sequence (``c.1`` is 0) to a 0-based genome position."""
        return _index_to_genome(self.coding_exons, self.strand, index, self.transcript_id)

    def genome_to_coding(self, position: int) -> int | None:
        """Map a 0-based genome position to the coding sequence; ``None`` where nothing is coded."""
        return _genome_to_index(self.coding_exons, self.strand, position)

    def exon_number(self, position: int) -> int | None:
        """1-based number, in the order of transcription, of the exon that holds the position."""
        for number, (start, end) in enumerate(self.ordered_exons, start=1):
            if start <= position < end:
                return number
        return None


def _index_to_genome(parts: tuple[tuple[int, int], ...], strand: Strand, index: int, name: str) -> int:
    rest = index
    for start, end in parts:
        if 0 <= rest < end - start:
            return start + rest if strand is Strand.PLUS else end - 1 - rest
        rest -= end - start
    msg = f"{name} has no position {index}"
    raise IndexError(msg)


def _genome_to_index(parts: tuple[tuple[int, int], ...], strand: Strand, position: int) -> int | None:
    before = 0
    for start, end in parts:
        if start <= position < end:
            return before + (position - start if strand is Strand.PLUS else end - 1 - position)
        before += end - start
    return None
