"""Where primers could prime: every place of a reference that their 3' end matches.

A polymerase extends a primer from its 3' end, so a primer whose last bases match elsewhere may prime there
although the rest does not. Places are counted that match the last 15 bases, and of these the ones that match the
whole primer. A match with mismatches is not counted: the count says what is surely there, not that there is
nothing more.

::

    primer        5' ACGGTCATTA|GATTACAGATTACAG 3'
                               |<- 15 bases ->|
    reference   ...TTTTTTTTTTTT|GATTACAGATTACAG|CCA...     counted, not whole

Each base is two bits. The last 10 of every 15 bases of the reference are looked up in a table of the 4**10 words
of that length, small enough for the processor's cache; the few that some primer has are compared in full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from revertant.genome import Reference
from revertant.model import Locus, Strand
from revertant.sequence import is_dna, reverse_complement

__all__ = ["LAST_BASES", "PrimingPlaces", "priming_places"]

#: Bases at the 3' end of a primer that must match for a place to be counted. A choice of this project: 15 bases are
#: unique in sequences of some million bases (4**15 is 10**9), and fewer would be found everywhere.
LAST_BASES = 15

_STAGE = "looking for other places of the primers"
_LOOKED_UP = 10
_CHUNK = 1 << 21
_UNKNOWN = 4
_CODE_OF_BYTE = np.full(256, _UNKNOWN, np.uint8)
_CODE_OF_BYTE[np.frombuffer(b"ACGT", np.uint8)] = range(4)


@dataclass(frozen=True, slots=True)
class PrimingPlaces:
    """How many places of a reference one primer matches, on either strand, its own place not counted.

    Parameters
    ----------
    whole
        Places that match the whole primer.
    last_bases
        Places that match its last :data:`LAST_BASES` bases, the former among them.
    """

    whole: int
    last_bases: int


def priming_places(
    primers: Sequence[tuple[str, Locus]],
    reference: Reference,
    progress: Callable[[str, float], None] | None = None,
) -> tuple[PrimingPlaces, ...]:
    """Count where primers match elsewhere in a reference.

    Parameters
    ----------
    primers
        Each primer, 5'→3', with its own place on the reference; the locus' strand is the one it reads as.
    reference
        What to look through, all of it, on both strands.
    progress
        Called with a stage name and a share from 0 to 1.

    Returns
    -------
    tuple of PrimingPlaces
        One for each primer, in order.

    Raises
    ------
    ValueError
        For a primer shorter than :data:`LAST_BASES`, or with other letters than A, C, G, T.

    Examples
    --------
    >>> primer = "ACGGTCATTAGATTACAGAT"
    >>> text = "TT" + primer + "CC" + reverse_complement("GGG" + primer[5:]) + "AA"
    >>> reference = Reference.from_sequences({"chr1": text})
    >>> priming_places([(primer, Locus("chr1", 2, 22))], reference)
    (PrimingPlaces(whole=0, last_bases=1),)
    """
    wrong = [primer for primer, _ in primers if len(primer) < LAST_BASES or not is_dna(primer)]
    if wrong:
        msg = f"{wrong[0]!r} is no primer of {LAST_BASES} or more bases"
        raise ValueError(msg)
    if not primers:
        return ()
    wanted = _Wanted.of([primer for primer, _ in primers])
    counts = np.zeros((len(primers), 2), np.int64)
    done, total = 0, max(reference.total_bases, 1)
    longest = max(len(primer) for primer, _ in primers)
    for stretch in reference.windows:
        for start in range(stretch.start, stretch.end, _CHUNK):
            end = min(start + _CHUNK, stretch.end)
            low, high = max(start - longest, stretch.start), min(end + longest, stretch.end)
            codes = _CODE_OF_BYTE[
                np.frombuffer(reference.fetch(stretch.contig, low, high).encode(), np.uint8)
            ]
            for primer, strand, places in wanted.found(codes, start - low, end - low):
                bases, own = primers[primer]
                if (own.contig, own.strand) == (stretch.contig, strand):
                    # The 3' end tells its own place; an indel of the person may shift the other end.
                    ours = own.end - LAST_BASES if strand is Strand.PLUS else own.start
                    places = places[places != ours - low]  # noqa: PLW2901
                counts[primer] += _whole_matches(codes, bases, strand, places), len(places)
            done += end - start
            if progress is not None:
                progress(_STAGE, done / total)
    return tuple(PrimingPlaces(int(whole), int(last)) for whole, last in counts)


def _whole_matches(codes: NDArray[np.uint8], primer: str, strand: Strand, places: NDArray[np.int64]) -> int:
    """How many of the places that match the last bases match the whole primer."""
    size = len(primer)
    starts = places - (size - LAST_BASES) if strand is Strand.PLUS else places
    starts = starts[(starts >= 0) & (starts + size <= len(codes))]
    expected = _codes(primer if strand is Strand.PLUS else reverse_complement(primer))
    for offset, code in enumerate(expected.tolist()):
        starts = starts[codes[starts + offset] == code]
    return len(starts)


def _codes(bases: str) -> NDArray[np.uint8]:
    return _CODE_OF_BYTE[np.frombuffer(bases.encode(), np.uint8)]


def _number(bases: str) -> int:
    value = 0
    for code in _codes(bases).tolist():
        value = value << 2 | code
    return value


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The last bases of primers on both strands, to be found all at once.

    ``numbers`` are sorted; ``owners`` lists for each the primers and strands that have it.
    """

    numbers: NDArray[np.uint32]
    owners: tuple[tuple[tuple[int, Strand], ...], ...]
    table: NDArray[np.bool_]

    @classmethod
    def of(cls, primers: Sequence[str]) -> _Wanted:
        owners: dict[int, list[tuple[int, Strand]]] = {}
        for index, primer in enumerate(primers):
            last = primer[-LAST_BASES:]
            owners.setdefault(_number(last), []).append((index, Strand.PLUS))
            owners.setdefault(_number(reverse_complement(last)), []).append((index, Strand.MINUS))
        numbers = np.array(sorted(owners), np.uint32)
        table = np.zeros(1 << 2 * _LOOKED_UP, np.bool_)
        table[numbers & ((1 << 2 * _LOOKED_UP) - 1)] = True
        return cls(numbers, tuple(tuple(owners[number]) for number in numbers.tolist()), table)

    def found(
        self, codes: NDArray[np.uint8], low: int, high: int
    ) -> Iterator[tuple[int, Strand, NDArray[np.int64]]]:
        """Give for each primer and strand the starts, in ``[low, high)``, of the matches of its last bases."""
        if len(codes) < LAST_BASES:
            return
        # Numbers of 1, 2, 4, 8 and 10 bases that start at each place. What is no base counts as A until below.
        unknown = codes == _UNKNOWN
        one = np.where(unknown, 0, codes).astype(np.uint32)
        two = one[:-1] << 2 | one[1:]
        four = two[:-2] << 4 | two[2:]
        eight = four[:-4] << 8 | four[4:]
        ten = eight[:-2] << 4 | two[8:]
        before = LAST_BASES - _LOOKED_UP
        at = np.flatnonzero(self.table.take(ten[before:]))
        at = at[(at >= low) & (at < high)]
        number = (four[at] << 2 | one[at + 4]) << 2 * _LOOKED_UP | ten[at + before]
        rank = np.minimum(np.searchsorted(self.numbers, number), len(self.numbers) - 1)
        right = self.numbers[rank] == number
        for offset in range(LAST_BASES):
            right &= ~unknown[at + offset]
        at, rank = at[right], rank[right]
        order = np.argsort(rank, kind="stable")
        at, rank = at[order], rank[order]
        for present in np.unique(rank).tolist():
            first, last = np.searchsorted(rank, [present, present + 1])
            for primer, strand in self.owners[present]:
                yield primer, strand, at[first:last]
