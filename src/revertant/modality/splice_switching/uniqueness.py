"""Where else an oligo could bind: every place with at most one mismatch, on both strands of the reference.

An oligo binds RNA, and a place counts whatever is transcribed there. A place with one mismatch has one end
without any, so both ends are looked up and the rest is compared there. More mismatches, bulges, and this person's
own variants are not searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from revertant.genome import Reference
from revertant.model import Locus
from revertant.sequence import reverse_complement

__all__ = ["OligoMatches", "oligo_matches"]

#: Bases at either end of an oligo that are looked up: one mismatch leaves one of the two ends whole.
_SEED_NT = 8
#: Shorter oligos match by chance everywhere.
_SHORTEST_NT = 18
_CHUNK = 1 << 22

_CODE = np.full(256, 4, dtype=np.uint8)
for _number, _letter in enumerate("ACGT"):
    _CODE[ord(_letter)] = _number


@dataclass(frozen=True, slots=True)
class OligoMatches:
    """The places of one oligo besides its own.

    Parameters
    ----------
    perfect
        Further places without a mismatch.
    one_mismatch
        Places with one mismatch.
    searched_bases
        Bases of the reference searched.
    genome_wide
        Whether that is a whole genome.
    """

    perfect: int
    one_mismatch: int
    searched_bases: int
    genome_wide: bool


def oligo_matches(
    sequences: Sequence[str], own: Sequence[Locus], reference: Reference
) -> tuple[OligoMatches, ...]:
    """Count the places of each oligo on a reference, its own left out.

    Parameters
    ----------
    sequences
        Oligos of A, C, G and T, at least 18 bases each.
    own
        The place each was made for; a match that overlaps it is the target.
    reference
        What is searched, both strands.

    Raises
    ------
    ValueError
        When an oligo is too short to be looked up by halves.

    Examples
    --------
    >>> oligo = "ACGTTGCAACGGTACCAT"
    >>> text = "TTTT" + oligo + "GGGGGG" + reverse_complement(oligo[:-1] + "A") + "CC"
    >>> oligo_matches([oligo], [Locus("s", 4, 22)], Reference.from_sequences({"s": text}))
    (OligoMatches(perfect=0, one_mismatch=1, searched_bases=48, genome_wide=False),)
    """
    if not sequences:
        return ()
    if any(len(sequence) < _SHORTEST_NT for sequence in sequences):
        msg = f"an oligo needs at least {_SHORTEST_NT} bases to be looked up"
        raise ValueError(msg)
    probes = [
        (number, text) for number, one in enumerate(sequences) for text in {one, reverse_complement(one)}
    ]
    lookup = _Lookup.of([text for _, text in probes])
    found: list[set[tuple[str, int, int, int]]] = [set() for _ in sequences]
    for window in reference.windows:
        for low in range(window.start, window.end, _CHUNK):
            high = min(window.end, low + _CHUNK + lookup.letters.shape[1])
            for probe, start, wrong in lookup.places(reference.fetch(window.contig, low, high)):
                number, text = probes[probe]
                found[number].add((window.contig, low + start, len(text), wrong))
    counted = []
    for places, place in zip(found, own, strict=True):
        others = [
            wrong
            for contig, start, size, wrong in places
            if not Locus(contig, start, start + size).overlaps(place)
        ]
        counted.append(
            OligoMatches(others.count(0), others.count(1), reference.total_bases, reference.is_whole_genome)
        )
    return tuple(counted)


def _codes_of(bases: str) -> NDArray[np.uint8]:
    return _CODE[np.frombuffer(bases.encode(), np.uint8)]


def _seed_numbers(codes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The seed that starts at every base, as a number; one with an ambiguous base is told by comparing later."""
    one = codes & 3
    two = (one[:-1] << 2) | one[1:]
    four = (two[:-2] << 4) | two[2:]
    eight: NDArray[np.int64] = (four[:-4].astype(np.int64) << 8) | four[4:]
    return eight


@dataclass(frozen=True, slots=True)
class _Lookup:
    """The seeds of all probes as arrays, so that a stretch is searched for all of them at once.

    Parameters
    ----------
    letters, lengths
        The probes' codes, one row each, and how many of a row count.
    first, count
        By seed number: where its uses begin, and how many there are.
    probe, offset
        Of each use: the probe, and where in it the seed stands.
    """

    letters: NDArray[np.uint8]
    lengths: NDArray[np.int64]
    first: NDArray[np.int64]
    count: NDArray[np.int64]
    probe: NDArray[np.int64]
    offset: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Lookup:
        codes = [_codes_of(text) for text in texts]
        lengths = np.array([len(code) for code in codes], np.int64)
        letters = np.full((len(codes), int(lengths.max())), 5, np.uint8)
        uses = []
        for probe, code in enumerate(codes):
            letters[probe, : len(code)] = code
            numbers = _seed_numbers(code)
            uses += [(int(numbers[offset]), probe, offset) for offset in (0, len(code) - _SEED_NT)]
        number, probes, offsets = np.array(sorted(uses), np.int64).T
        count = np.bincount(number, minlength=4**_SEED_NT)
        return cls(letters, lengths, np.cumsum(count) - count, count, probes, offsets)

    def places(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield probe, place and mismatches wherever a probe fits with at most one mismatch; some come twice."""
        bases = _codes_of(text)
        if len(bases) < _SEED_NT:
            return
        numbers = _seed_numbers(bases)
        hits = np.flatnonzero(self.count[numbers])
        times = self.count[numbers[hits]]
        which = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        use = np.repeat(self.first[numbers[hits]], times) + which
        probe = self.probe[use]
        start = np.repeat(hits, times) - self.offset[use]
        inside = (start >= 0) & (start + self.lengths[probe] <= len(bases))
        probe, start = probe[inside], start[inside]
        wrong = np.zeros(len(start), np.int64)
        for at in range(self.letters.shape[1]):
            here = bases[np.minimum(start + at, len(bases) - 1)]
            wrong += (here != self.letters[probe, at]) & (at < self.lengths[probe])
        for place in np.flatnonzero(wrong <= 1).tolist():
            yield int(probe[place]), int(start[place]), int(wrong[place])
