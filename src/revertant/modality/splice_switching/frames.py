"""Which exons to leave out so that a transcript is read in frame to its end.

Exons are numbered from 1 in the order of transcription. Reading goes on in frame behind a gap when the coding
bases that are missing, whole exons all, are a multiple of three. The exons that hold the start or the stop of the
protein are never left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import product

from revertant.genome import PatientGenome
from revertant.model import Locus, Strand, Transcript
from revertant.sequence import STOPS, reverse_complement

__all__ = [
    "MOST_SKIPPED",
    "SkipOption",
    "coding_lengths",
    "exon_words",
    "inner_exons",
    "joined_codons",
    "kept_edge",
    "makes_stop",
    "skip_options",
]

#: Exons that may be left out together: single and double skipping, as the published tables of DMD count them.
MOST_SKIPPED = 2


@dataclass(frozen=True, slots=True)
class SkipOption:
    """A set of exons to leave out.

    Parameters
    ----------
    skipped
        Numbers of the exons to leave out, ascending.
    missing
        Numbers of all exons that are then missing from the message, those the allele lacks included.
    lost_bases
        Coding bases missing then: a multiple of three.
    """

    skipped: tuple[int, ...]
    missing: tuple[int, ...]
    lost_bases: int

    @property
    def words(self) -> str:
        """The exons to leave out, in words."""
        return exon_words(self.skipped)


def exon_words(numbers: Collection[int]) -> str:
    """Name exons for people.

    Examples
    --------
    >>> exon_words((51,)), exon_words((45, 46)), exon_words((45, 46, 47, 48))
    ('exon 51', 'exons 45 and 46', 'exons 45 to 48')
    """
    ordered = sorted(numbers)
    if len(ordered) == 1:
        return f"exon {ordered[0]}"
    if len(ordered) > 2 and ordered == list(range(ordered[0], ordered[-1] + 1)):
        return f"exons {ordered[0]} to {ordered[-1]}"
    return f"exons {', '.join(map(str, ordered[:-1]))} and {ordered[-1]}"


def coding_lengths(transcript: Transcript) -> tuple[int, ...]:
    """Return the coding bases of every exon, exon 1 first.

    Examples
    --------
    >>> gene = Transcript("T.1", "G", "c", Strand.PLUS, ((0, 90), (200, 260), (400, 500)), (10, 490))
    >>> coding_lengths(gene)
    (80, 60, 90)
    """
    if transcript.cds is None:
        return (0,) * len(transcript.exons)
    low, high = transcript.cds
    return tuple(max(0, min(end, high) - max(start, low)) for start, end in transcript.ordered_exons)


def inner_exons(transcript: Transcript) -> frozenset[int]:
    """Return the exons between the one with the start codon's first base and the one with the stop's last.

    A start or stop codon that an intron splits keeps both of its exons out.

    Examples
    --------
    >>> gene = Transcript("T.1", "G", "c", Strand.PLUS, ((0, 90), (200, 260), (400, 500)), (10, 490))
    >>> sorted(inner_exons(gene))
    [2]
    """
    lengths = coding_lengths(transcript)
    total = sum(lengths)
    found, before = set(), 0
    for number, length in enumerate(lengths, start=1):
        if length and before >= 3 and before + length <= total - 3:
            found.add(number)
        before += length
    return frozenset(found)


def skip_options(
    transcript: Transcript, *, hit: Collection[int] = (), absent: Collection[int] = ()
) -> tuple[SkipOption, ...]:
    """Find the smallest sets of exons whose loss puts the reading frame right.

    Parameters
    ----------
    transcript
        The transcript that is read.
    hit
        Exons that must go since the variant lies in them.
    absent
        Exons the pathogenic allele lacks already: exons beside the gap are then left out too.

    Returns
    -------
    tuple[SkipOption, ...]
        Fewest exons first, then fewest bases. No option holds another. Empty when no set of up to
        ``MOST_SKIPPED`` exons that leaves one gap does it, or when nothing needs to go.

    Examples
    --------
    >>> exons = tuple((100 * i, 100 * i + n) for i, n in enumerate((50, 62, 60, 31, 90, 50)))
    >>> gene = Transcript("T.1", "G", "c", Strand.PLUS, exons, (5, 545))
    >>> [option.skipped for option in skip_options(gene, hit=[3])]
    [(3,)]
    >>> [option.skipped for option in skip_options(gene, absent=[2])]
    [(3, 4)]
    >>> [option.skipped for option in skip_options(gene, absent=[2, 3])]
    [(4,)]
    """
    lengths = coding_lengths(transcript)
    inner = inner_exons(transcript)
    gone = set(hit) | set(absent)
    if not gone or not gone <= inner or (absent and not hit and _in_frame(lengths, absent)):
        return ()
    first, last = min(gone), max(gone)
    found: list[SkipOption] = []
    for left, right in product(range(MOST_SKIPPED + 1), repeat=2):
        missing = range(first - left, last + right + 1)
        skipped = tuple(number for number in missing if number not in absent)
        fits = 0 < len(skipped) <= MOST_SKIPPED and inner.issuperset(missing)
        if fits and _in_frame(lengths, missing):
            found.append(SkipOption(skipped, tuple(missing), sum(lengths[n - 1] for n in missing)))
    found.sort(key=lambda option: (len(option.skipped), option.lost_bases, option.skipped))
    return tuple(
        option
        for place, option in enumerate(found)
        if not any(set(other.skipped) < set(option.skipped) for other in found[:place])
    )


def _in_frame(lengths: tuple[int, ...], numbers: Iterable[int]) -> bool:
    return sum(lengths[number - 1] for number in numbers) % 3 == 0


def joined_codons(
    genome: PatientGenome, transcript: Transcript, missing: Collection[int]
) -> tuple[str, ...] | None:
    """Return the codon that the ends of the gap make together, on every sequence the person may carry.

    Parameters
    ----------
    genome
        The person.
    transcript, missing
        The transcript and the exons missing from it, without a break between them.

    Returns
    -------
    tuple[str, ...] or None
        Empty when the gap lies between two whole codons; ``None`` when the reference does not cover both ends, or
        an exon beside the gap is shorter than its part of the codon.

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> gene = Transcript("T.1", "G", "s", Strand.PLUS, ((0, 7), (9, 15), (17, 26)), (0, 26))
    >>> genome = PatientGenome(Reference.from_sequences({"s": "ATGGCCTGTCACCACAGAACCCCCTAA"}))
    >>> joined_codons(genome, gene, [2])
    ('TAA',)
    """
    lengths = coding_lengths(transcript)
    split = sum(lengths[: min(missing) - 1]) % 3
    if split == 0:
        return ()
    left = kept_edge(genome, transcript, min(missing) - 1, split)
    right = kept_edge(genome, transcript, max(missing) + 1, 3 - split, at_end=False)
    if left is None or right is None:
        return None
    return tuple(sorted({one + other for one in left for other in right}))


def makes_stop(codons: Iterable[str]) -> bool:
    """Whether one of the codons is a stop."""
    return any(codon in STOPS for codon in codons)


def kept_edge(
    genome: PatientGenome, transcript: Transcript, number: int, count: int, *, at_end: bool = True
) -> frozenset[str] | None:
    """Return the last, or first, bases of an exon on the coding strand, on every sequence the person may carry.

    ``None`` where the exon is shorter, or the reference does not cover them.
    """
    start, end = transcript.ordered_exons[number - 1]
    if end - start < count:
        return None
    plus = transcript.strand is Strand.PLUS
    low = end - count if at_end == plus else start
    locus = Locus(transcript.contig, low, low + count)
    if not genome.reference.covers(locus):
        return None
    found = {window.bases for window in genome.windows(locus) if len(window.bases) == count}
    return frozenset(found if plus else map(reverse_complement, found))
