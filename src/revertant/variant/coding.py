"""The coding sequence of one transcript, fetched once and kept: what consequences are computed on.

Everything is in the transcript's own direction. The mitochondrion has its own code, its own start codons,
and stop codons that are completed by the poly(A) tail. A TGA inside an otherwise intact reading frame is
selenocysteine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

from revertant.errors import IncompatibleInputsError
from revertant.genome import Reference, contig_name
from revertant.model import Transcript
from revertant.sequence import CODONS, MITOCHONDRIAL_CODONS, reverse_complement, translate
from revertant.variant.numbering import numbering

__all__ = ["CodingContext", "SplicedEdit", "coding_context"]

#: A replacement in the spliced transcript: index, replaced bases, new bases (transcript's direction).
SplicedEdit = tuple[int, str, str]

# Start codons by genetic code, from the NCBI tables; for the nuclear code only ATG, since CTG and TTG, though
# possible, start few human proteins and a change to them is expected to lose the start.
_NUCLEAR_STARTS = frozenset({"ATG"})
_MITOCHONDRIAL_STARTS = frozenset({"ATT", "ATC", "ATA", "ATG", "GTG"})


class CodingContext:
    """One coding transcript with its sequence, for computing consequences.

    Parameters
    ----------
    transcript
        A coding transcript.
    reference
        The genome it lies on.

    Raises
    ------
    IncompatibleInputsError
        When the reference does not cover the coding sequence, or does not give an open reading frame for it.

    Examples
    --------
    >>> reference = Reference.from_sequences({"chr1": "TTTACATGGCTTAATTT"})
    >>> from revertant.model import Strand
    >>> context = CodingContext(Transcript("T1.1", "G", "chr1", Strand.PLUS, ((3, 16),), (5, 14)), reference)
    >>> context.coding, context.protein
    ('ATGGCTTAA', 'MA*')
    """

    def __init__(self, transcript: Transcript, reference: Reference) -> None:
        self.transcript = transcript
        self.reference = reference
        self.names = numbering(transcript)
        self.plus = self.names.plus
        self.contig = reference.canonical_contig(transcript.contig)
        assert self.names.cds is not None
        self.cds_start, self.cds_end = self.names.cds
        meant = contig_name(transcript.contig)
        is_mitochondrial = meant is not None and meant.name == "MT"
        self.table = MITOCHONDRIAL_CODONS if is_mitochondrial else CODONS
        self.starts = _MITOCHONDRIAL_STARTS if is_mitochondrial else _NUCLEAR_STARTS
        self.coding = self._spliced(transcript.coding_exons)
        self._tail_padding = "A" * (-len(self.coding) % 3) if is_mitochondrial else ""
        raw = translate(self.coding + self._tail_padding, self.table)
        #: Indexes (in ``coding``) of codons read as selenocysteine.
        self.selenocysteines = frozenset(
            3 * i
            for i, residue in enumerate(raw[:-1])
            if residue == "*" and self.coding[3 * i : 3 * i + 3] == "TGA"
        )
        body = "".join("U" if 3 * i in self.selenocysteines else residue for i, residue in enumerate(raw))
        #: One-letter residues, ``*`` at the end, ``U`` for selenocysteine; a start codon is always M.
        self.protein = "M" + body[1:] if transcript.has_start else body
        self._check_frame()

    def _spliced(self, parts: Sequence[tuple[int, int]]) -> str:
        pieces = (self.reference.fetch(self.contig, start, end) for start, end in parts)
        return "".join(pieces if self.plus else map(reverse_complement, pieces))

    def _check_frame(self) -> None:
        whole = len(self.coding) + len(self._tail_padding)
        if whole % 3:
            because = f"its {len(self.coding)} coding bases are no whole number of codons"
        elif not self.protein.endswith("*"):
            because = "it does not end in a stop codon"
        elif "*" in self.protein[:-1]:
            because = f"it has a stop codon at residue {self.protein.index('*') + 1}"
        else:
            return
        raise IncompatibleInputsError(
            f"{self.transcript.transcript_id} has no open reading frame on this reference: {because}.",
            where=self.reference.name,
            remedy="Use gene models made for this reference build, or another transcript of the gene.",
            code="broken-reading-frame",
        )

    @cached_property
    def after_coding(self) -> str:
        """The spliced sequence behind the stop codon (3' UTR; the completing As of a mitochondrial stop).

        It ends where the reference does: bases behind the stop codon only matter to a protein that runs past
        it, so a reference that lacks some of them still serves for all others.
        """
        start, end = self.transcript.cds or (0, 0)
        exons = self.transcript.ordered_exons
        if self.plus:
            parts = [(max(low, end), high) for low, high in exons if high > end]
        else:
            parts = [(low, min(high, start)) for low, high in exons if low < start]
        return self._tail_padding + self._spliced(self._covered(parts))

    def _covered(self, parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Keep the parts, in the transcript's direction, up to the first base the reference does not cover."""
        kept = []
        for low, high in parts:
            stretch = self.reference.stretch_around(self.contig, low if self.plus else high - 1)
            if stretch is None:
                break
            kept.append((max(low, stretch.start), min(high, stretch.end)))
            if kept[-1] != (low, high):
                break
        return kept

    def edited(self, edits: Sequence[SplicedEdit]) -> str:
        """Translate from the start codon to the first stop after edits, the stop included where there is one.

        Parameters
        ----------
        edits
            Sorted, not overlapping, none before the start codon.

        Returns
        -------
        str
            One-letter residues; empty when the start codon is lost. Without a stop at the end where the
            transcript, or what the reference covers of it, ends first.
        """
        tail = self.coding + self.after_coding
        pieces: list[str] = []
        origins: list[int] = []
        at = 0
        for index, ref, alt in edits:
            place = index - self.cds_start
            if place + len(ref) > len(tail):
                break  # behind a gap in the reference, where nothing can be read
            pieces += (tail[at:place], alt)
            if self.selenocysteines:
                origins += [*range(at, place), *([-1] * len(alt))]
            at = place + len(ref)
        pieces.append(tail[at:])
        if self.selenocysteines:
            origins += range(at, len(tail))
        return self._translated("".join(pieces), origins)

    def _translated(self, bases: str, origins: Sequence[int]) -> str:
        first, has_start = bases[:3], self.transcript.has_start
        if has_start and first != self.coding[:3] and first not in self.starts:
            return ""
        residues = ["M"] if has_start else []
        for i in range(3 * len(residues), len(bases) - 2, 3):
            codon = bases[i : i + 3]
            residue = self.table.get(codon, "X")
            if residue == "*":
                # A selenocysteine codon stays one only when it is the same three bases, still read in frame.
                is_kept = (
                    bool(origins) and origins[i] in self.selenocysteines and origins[i + 2] == origins[i] + 2
                )
                residue = "U" if is_kept else "*"
            residues.append(residue)
            if residue == "*":
                break
        return "".join(residues)


@lru_cache(maxsize=512)
def coding_context(transcript: Transcript, reference: Reference) -> CodingContext:
    """Return the context of a transcript on a reference, made once and kept.

    Examples
    --------
    >>> from revertant.model import Strand
    >>> reference = Reference.from_sequences({"chr1": "TTTACATGGCTTAATTT"})
    >>> gene = Transcript("T1.1", "G", "chr1", Strand.PLUS, ((3, 16),), (5, 14))
    >>> coding_context(gene, reference) is coding_context(gene, reference)
    True
    """
    return CodingContext(transcript, reference)
