"""What plain genotypes, phase sets and alleles say, asked for many records at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from revertant.genome.call_columns import Columns
from revertant.variant.genotype import parse_genotype
from revertant.variant.vcf_fields import Bytes, Field, Mask, Numbers

__all__ = [
    "CARRIES",
    "GENOTYPES",
    "IS_HALF",
    "IS_HAPLOID",
    "IS_MISSING",
    "IS_MIXED",
    "IS_REFERENCE",
    "NEEDS_PHASE",
    "PATTERNS",
    "allele_key",
    "allele_keys",
    "genotype_codes",
    "is_base",
    "is_spelt",
    "phase_fields",
]

_ALLELES = "01."
#: Every plain genotype; its number is its code.
GENOTYPES = tuple(
    parse_genotype(text)
    for text in (*(a + sep + b for a in _ALLELES for sep in "/|" for b in _ALLELES), *_ALLELES)
)
#: For each genotype, which copies carry the alternative allele.
PATTERNS = tuple(tuple(allele == 1 for allele in genotype.alleles) for genotype in GENOTYPES)
#: Facts of each genotype; the last entry is that of the code -1, which is no plain genotype.
CARRIES = np.array([*map(any, PATTERNS), True])
IS_MISSING = np.array([*(set(genotype.alleles) == {None} for genotype in GENOTYPES), False])
IS_REFERENCE = np.array([*(set(genotype.alleles) == {0} for genotype in GENOTYPES), False])
IS_HALF = np.array([*(genotype.is_half_called for genotype in GENOTYPES), False])
IS_HAPLOID = np.array([*(len(genotype.alleles) == 1 for genotype in GENOTYPES), False])
IS_MIXED = np.array([*(set(genotype.alleles) == {0, 1} for genotype in GENOTYPES), False])
#: Whether the copy that carries the allele is known and matters.
NEEDS_PHASE = np.array(
    [*(g.is_phased and not all(p) for g, p in zip(GENOTYPES, PATTERNS, strict=True)), False]
)

_PLACE = np.full(256, -1, np.int64)
_PLACE[[ord(letter) for letter in _ALLELES]] = range(3)
_BAR = np.full(256, -1, np.int64)
_BAR[[ord("/"), ord("|")]] = 0, 1
_IS_BASE = np.zeros(256, np.bool_)
_IS_BASE[[ord(letter) for letter in "ACGTacgt"]] = True
_COLON = ord(":")
# Two odd numbers without structure (the fractional digits of the golden ratio, and of the square root of 2, in
# base 16, made odd): a sum of products with them spreads keys over 64 bits.
_SPREAD, _SPREAD_ALLELE = 0x9E3779B97F4A7C15, 0x6A09E667F3BCC909
_WORD = (1 << 64) - 1


def genotype_codes(data: Bytes, sample: Field) -> Numbers:
    """Return the code of each genotype that stands first in a sample's field; -1 for one that is not plain.

    Examples
    --------
    >>> sample = Field(np.array([0, 5, 6]), np.array([5, 1, 3]))
    >>> codes = genotype_codes(np.frombuffer(b"0|1:7.1/2" + bytes(4), np.uint8), sample)
    >>> [GENOTYPES[code].alleles if code >= 0 else None for code in codes.tolist()]
    [(0, 1), (None,), None]
    """
    at, size = sample.start, sample.size
    one, bar, two = _PLACE[data[at]], _BAR[data[at + 1]], _PLACE[data[at + 2]]
    diploid = (size >= 3) & (one >= 0) & (bar >= 0) & (two >= 0) & ((size == 3) | (data[at + 3] == _COLON))
    haploid = (size >= 1) & (one >= 0) & ((size == 1) | (data[at + 1] == _COLON))
    return np.where(diploid, one * 6 + bar * 3 + two, np.where(haploid, 18 + one, -1))


def is_base(data: Bytes, allele: Field) -> Mask:
    """Whether each allele begins with one of the letters A, C, G and T, in either case."""
    return np.asarray(_IS_BASE[data[allele.start]])


def is_spelt(data: Bytes, allele: Field) -> Mask:
    """Whether each allele is one or more of the letters A, C, G and T, in either case.

    Examples
    --------
    >>> is_spelt(np.frombuffer(b"ACNg", np.uint8), Field(np.array([0, 1, 3, 3]), np.array([2, 2, 1, 0]))).tolist()
    [True, False, True, False]
    """
    found = (allele.size > 0) & _IS_BASE[data[allele.start]]
    longer = np.flatnonzero(found & (allele.size > 1))
    if len(longer):
        sizes = allele.size[longer]
        first = np.cumsum(sizes) - sizes
        places = np.arange(sizes.sum()) + np.repeat(allele.start[longer] - first, sizes)
        found[longer] = np.logical_and.reduceat(_IS_BASE[data[places]], first)
    return found


def phase_fields(data: Bytes, sample: Field, place: Numbers) -> Field:
    """Return the part of each sample's field with a given number, counted from 0; size -1 where there is none.

    Examples
    --------
    >>> data = np.frombuffer(b"0|1:7:12", np.uint8)
    >>> found = phase_fields(data, Field(np.array([0, 0]), np.array([8, 8])), np.array([2, 3]))
    >>> found.start.tolist()[0], found.size.tolist()
    (6, [2, -1])
    """
    end = sample.start + sample.size
    colons = np.append(np.flatnonzero(data == _COLON), len(data))
    first = np.searchsorted(colons, sample.start)
    before = colons[np.minimum(first + place - 1, len(colons) - 1)]
    after = colons[np.minimum(first + place, len(colons) - 1)]
    found = before < end
    start = np.where(found, before + 1, end)
    return Field(start, np.where(found, np.minimum(after, end) - start, -1))


def allele_key(contig: int, start: int, ref: bytes, alt: bytes) -> int:
    """Return 64 bits that stand for a variant within one run of the program.

    Examples
    --------
    >>> allele_key(0, 5, b"A", b"C") == allele_key(0, 5, b"A", b"C") != allele_key(0, 5, b"A", b"G")
    True
    """
    allele = ref[0] << 8 | alt[0] if len(ref) == len(alt) == 1 else hash((ref, alt))
    return ((start << 20 | contig) * _SPREAD + allele * _SPREAD_ALLELE) & _WORD


def allele_keys(columns: Columns) -> NDArray[np.uint64]:
    """Return :func:`allele_key` of many variants; only those that are no single base take time."""
    middle = columns.offset + columns.ref_size
    single = (columns.ref_size == 1) & (columns.alt_size == 1)
    allele = np.zeros(len(single), np.uint64)
    ref, alt = columns.pool[columns.offset[single]], columns.pool[middle[single]]
    allele[single] = ref.astype(np.uint64) << np.uint64(8) | alt
    for row in np.flatnonzero(~single).tolist():
        low, between = int(columns.offset[row]), int(middle[row])
        letters = columns.pool[low : between + int(columns.alt_size[row])].tobytes()
        allele[row] = hash((letters[: between - low], letters[between - low :])) & _WORD
    place = columns.start.astype(np.uint64) << np.uint64(20) | columns.contig.astype(np.uint64)
    return place * np.uint64(_SPREAD) + allele * np.uint64(_SPREAD_ALLELE)
