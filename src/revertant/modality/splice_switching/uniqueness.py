"""Where else an oligo could bind: every place with at most one mismatch, on both strands of the reference.

An oligo binds RNA, and a place counts whatever is transcribed there. A place with one mismatch has one half
without any, so the halves are looked up and the rest is compared there. More mismatches, bulges, and this person's
own variants are not searched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from revertant.genome import Reference
from revertant.model import Locus
from revertant.sequence import reverse_complement

__all__ = ["OligoMatches", "oligo_matches"]

#: Bases of each half that are looked up; an oligo must be twice as long.
_HALF_NT = 9
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
    if any(len(sequence) < 2 * _HALF_NT for sequence in sequences):
        msg = f"an oligo needs at least {2 * _HALF_NT} bases to be looked up"
        raise ValueError(msg)
    probes = [
        (number, text) for number, one in enumerate(sequences) for text in {one, reverse_complement(one)}
    ]
    seeds: dict[int, list[tuple[int, int]]] = {}
    for probe, (_, text) in enumerate(probes):
        for offset in {0, len(text) - _HALF_NT}:
            seeds.setdefault(_number_of(text[offset : offset + _HALF_NT]), []).append((probe, offset))
    wanted = np.zeros(4**_HALF_NT, bool)
    wanted[list(seeds)] = True
    found: list[set[tuple[str, int, int, int]]] = [set() for _ in sequences]
    codes = [_CODE[np.frombuffer(text.encode(), np.uint8)] for _, text in probes]
    longest = max((len(text) for _, text in probes), default=0)
    for window in reference.windows:
        for low in range(window.start, window.end, _CHUNK):
            high = min(window.end, low + _CHUNK + longest)
            bases = _CODE[np.frombuffer(reference.fetch(window.contig, low, high).encode(), np.uint8)]
            if len(bases) < 2 * _HALF_NT:
                continue
            for at in np.flatnonzero(wanted[_seed_numbers(bases)]).tolist():
                for probe, offset in seeds.get(_seed_at(bases, at), ()):
                    start = at - offset
                    size = len(codes[probe])
                    if start < 0 or start + size > len(bases):
                        continue
                    wrong = int((bases[start : start + size] != codes[probe]).sum())
                    if wrong <= 1:
                        found[probes[probe][0]].add((window.contig, low + start, size, wrong))
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


def _number_of(bases: str) -> int:
    number = 0
    for letter in bases:
        number = number * 4 + "ACGT".index(letter)
    return number


def _seed_numbers(codes: NDArray[np.uint8]) -> NDArray[np.int32]:
    """The half that starts at every base, as a number; one with an ambiguous base is told by comparing later."""
    one = (codes & 3).astype(np.int32)
    two = one[:-1] * 4 + one[1:]
    four = two[:-2] * 16 + two[2:]
    eight = four[:-4] * 256 + four[4:]
    return eight[:-1] * 4 + one[8:]


def _seed_at(codes: NDArray[np.uint8], at: int) -> int:
    number = 0
    for code in codes[at : at + _HALF_NT].tolist():
        number = number * 4 + (code & 3)
    return number
