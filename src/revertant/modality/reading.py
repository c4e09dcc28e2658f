"""The reading frame of a transcript on one haplotype, where an indel of the person may have shifted it.

The reference's frame tells only where reading enters the window. From there on the haplotype's own coding bases
are counted, three by three, over introns too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from revertant.errors import IncompatibleInputsError
from revertant.genome import HaplotypeWindow, PatientGenome, contig_name
from revertant.genome.haplotype import trimmed
from revertant.model import Locus, Strand, Transcript
from revertant.sequence import CODONS, complement

__all__ = ["Codon", "ReadingFrame", "entering_frame_is_known", "plain_places", "reading_frame"]


@dataclass(frozen=True, slots=True)
class Codon:
    """Three coding bases of a haplotype, read together.

    Parameters
    ----------
    indexes
        Their indexes in ``window.bases``, in the order of reading; not neighbours where an intron lies between.
    bases
        On the coding strand.
    number
        1-based, counted from the start codon along this haplotype.
    """

    indexes: tuple[int, int, int]
    bases: str
    number: int

    @property
    def residue(self) -> str:
        """One-letter residue; ``X`` for a codon with an ambiguous base."""
        return CODONS.get(self.bases, "X")

    @property
    def is_kept(self) -> bool:
        """Whether the codon must stay as it is: a start, a stop, or one that cannot be read."""
        return self.number == 1 or self.residue in "*X"

    def changed(self, index: int, base: str) -> Codon:
        """Return the codon with another forward-strand base at an index of the window.

        Examples
        --------
        >>> Codon((7, 8, 9), "GAG", 6).changed(9, "A").residue
        'E'
        """
        at = self.indexes.index(index)
        minus = self.indexes[0] > self.indexes[-1]
        letter = complement(base) if minus else base
        return Codon(self.indexes, self.bases[:at] + letter + self.bases[at + 1 :], self.number)


@dataclass(frozen=True, slots=True)
class ReadingFrame:
    """Every codon that lies whole in a window.

    Parameters
    ----------
    transcript
        The transcript that is read.
    codons
        In the order of reading.
    because
        Why nothing can be read; empty when it can.
    """

    transcript: Transcript
    codons: tuple[Codon, ...]
    because: str = ""

    def by_index(self) -> dict[int, Codon]:
        """Map each index of the window to its codon."""
        return {index: codon for codon in self.codons for index in codon.indexes}


def reading_frame(window: HaplotypeWindow, transcript: Transcript) -> ReadingFrame:
    """Read the codons of a transcript on a haplotype.

    Parameters
    ----------
    window
        The haplotype; reading is taken to enter it in the frame of the reference (see
        :func:`entering_frame_is_known`).
    transcript
        A transcript; without a coding sequence it has no codons.

    Returns
    -------
    ReadingFrame
        Without codons, and saying why, where an indel touches the edge of a coding exon: which bases are then
        spliced together is not known.

    Examples
    --------
    >>> gene = Transcript("T.1", "G", "s", Strand.PLUS, ((0, 5), (8, 16)), (1, 14))
    >>> frame = reading_frame(HaplotypeWindow.of_reference(Locus("s", 0, 16), "CATGGGTAGAATAACC"), gene)
    >>> [(codon.number, codon.bases, codon.indexes) for codon in frame.codons]
    [(1, 'ATG', (1, 2, 3)), (2, 'GGA', (4, 8, 9)), (3, 'ATA', (10, 11, 12))]
    """
    name = contig_name(transcript.contig)
    if name is not None and name.name == "MT":
        return ReadingFrame(transcript, (), "the mitochondrion is not edited this way")
    parts = transcript.coding_exons
    for variant in window.variants:
        start, ref, alt = trimmed(variant)
        if len(ref) != len(alt) and any(start <= edge <= start + len(ref) for part in parts for edge in part):
            return ReadingFrame(transcript, (), f"{variant} touches the edge of a coding exon")
    minus = transcript.strand is Strand.MINUS
    locus = window.locus
    before = sum(
        max(0, end - max(start, locus.end)) if minus else max(0, min(end, locus.start) - start)
        for start, end in parts
    )
    here = [(start, end) for start, end in parts if start < locus.end and locus.start < end]
    coding = [
        index for index, home in enumerate(_homes(window)) if any(start <= home < end for start, end in here)
    ]
    if minus:
        coding.reverse()
    skip = -before % 3
    codons = []
    for at in range(skip, len(coding) - 2, 3):
        first, second, third = coding[at : at + 3]
        bases = window.bases[first] + window.bases[second] + window.bases[third]
        number = (before + at) // 3 + 1
        codons.append(Codon((first, second, third), complement(bases) if minus else bases, number))
    return ReadingFrame(transcript, tuple(codons))


def _homes(window: HaplotypeWindow) -> Iterator[int]:
    """The reference position each base belongs to; inserted bases belong to their anchor."""
    for block in window.blocks:
        last = block.ref_start + max(block.ref_length - 1, 0)
        yield from (min(block.ref_start + offset, last) for offset in range(block.length))


def plain_places(window: HaplotypeWindow) -> dict[int, int]:
    """Map the indexes whose base is the reference's own to their reference positions.

    Examples
    --------
    >>> plain_places(HaplotypeWindow.of_reference(Locus("s", 5, 8), "ACG"))
    {0: 5, 1: 6, 2: 7}
    """
    changed = {place for variant in window.variants for place in range(variant.start, variant.end)}
    found = {}
    for block in window.blocks:
        if block.length == block.ref_length:
            for offset in range(block.length):
                if block.ref_start + offset not in changed:
                    found[block.start + offset] = block.ref_start + offset
    return found


def entering_frame_is_known(genome: PatientGenome, window: HaplotypeWindow, transcript: Transcript) -> bool:
    """Whether this copy is read into the window in the reference's frame.

    It is not where the copy carries, or may carry, a frameshift in a coding exon before the window.

    Parameters
    ----------
    genome
        The person.
    window
        One of the person's haplotypes, or what an edit makes of it.
    transcript
        The transcript that is read.
    """
    locus = window.locus
    for start, end in transcript.coding_exons:
        low, high = (
            (start, min(end, locus.start))
            if transcript.strand is Strand.PLUS
            else (
                max(start, locus.end),
                end,
            )
        )
        if low >= high:
            continue
        for call in genome.calls_in(Locus(locus.contig, low, high)):
            variant = call.variant
            if (len(variant.alt) - len(variant.ref)) % 3 == 0 or variant in window.variants:
                continue
            if not call.is_heterozygous:
                return False
            hull = Locus(locus.contig, min(locus.start, variant.start), max(locus.end, variant.end))
            try:
                copies = genome.windows(hull)
            except IncompatibleInputsError:  # the reference does not cover what lies between
                return False
            # The edit may have taken variants away, so a copy of ours holds at least those left.
            ours = [copy for copy in copies if set(window.variants) <= set(copy.variants)]
            if any(variant in copy.variants for copy in ours or copies):
                return False
    return True
