"""Alignments of many found sites, compiled: the rule of :func:`revertant.offtarget.matching.alignment.align`.

An alignment is written as two bits a column, outward from the PAM: 0 a pair, 1 a DNA bulge, 2 an RNA bulge.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels.cache import kernel

__all__ = ["DNA_BULGE", "MOST_COLUMNS", "PAIR", "RNA_BULGE", "align_one", "align_sites"]

#: Columns that fit into one word.
MOST_COLUMNS = 32
PAIR, DNA_BULGE, RNA_BULGE = 0, 1, 2

_FAR = 1 << 20


@kernel
def _fewest(
    guide: Any,
    size: int,
    dna: Any,
    length: int,
    bulges: int,
    dna_most: int,
    rna_most: int,
    ends: bool,
    cost: Any,
) -> None:
    """Fewest mismatches from (letters used, DNA bulges, RNA bulges) to an end with exactly ``bulges``."""
    for d in range(min(dna_most, bulges), -1, -1):
        for r in range(min(rna_most, bulges - d), -1, -1):
            cost[size, d, r] = 0 if d + r == bulges else _FAR
    for j in range(size - 1, -1, -1):
        for d in range(min(dna_most, bulges), -1, -1):
            for r in range(min(rna_most, bulges - d), -1, -1):
                t = j + d - r
                best = _FAR
                if 0 <= t < length:
                    best = cost[j + 1, d, r] + (0 if guide[j] & dna[t] else 1)
                    if (ends or j > 0) and d < dna_most and d + r < bulges:
                        best = min(best, cost[j, d + 1, r])
                if (ends or 0 < j < size - 1) and r < rna_most and d + r < bulges:
                    best = min(best, cost[j + 1, d, r + 1])
                cost[j, d, r] = best


@kernel
def _walk(
    guide: Any, size: int, dna: Any, length: int, bulges: int, dna_most: int, ends: bool, cost: Any
) -> tuple[Any, int, int]:
    """Follow the best way outward, pairing wherever that loses nothing."""
    columns = np.uint64(0)
    j = d = r = column = 0
    left = cost[0, 0, 0]
    while j < size:
        t = j + d - r
        kind = RNA_BULGE
        if t < length:
            wrong = 0 if guide[j] & dna[t] else 1
            if cost[j + 1, d, r] + wrong == left:
                kind = PAIR
                left -= wrong
            elif (ends or j > 0) and d < dna_most and d + r < bulges and cost[j, d + 1, r] == left:
                kind = DNA_BULGE
        columns |= np.uint64(kind) << np.uint64(2 * column)
        column += 1
        if kind == DNA_BULGE:
            d += 1
        else:
            j += 1
            if kind == RNA_BULGE:
                r += 1
    return columns, d, r


@kernel
def align_one(
    guides: Any,
    sizes: Any,
    limits: Any,
    g: int,
    dna: Any,
    length: int,
    edits: Any,
    columns: Any,
    row: int,
    cost: Any,
) -> bool:
    """Align one site with guide ``g``, writing into ``row`` of ``edits`` and ``columns``; see :func:`align_sites`."""
    guide, size = guides[g], sizes[g]
    most, dna_most, rna_most, total = limits[g, 0], limits[g, 1], limits[g, 2], limits[g, 3]
    ends = limits[g, 4] != 0
    edits[row, 0], edits[row, 1], edits[row, 2] = 255, 0, 0
    columns[row] = 0
    if length >= size:
        mismatches = 0
        for j in range(size):
            mismatches += 0 if guide[j] & dna[j] else 1
        if mismatches <= min(most, total):
            edits[row, 0] = mismatches
            return True
    for bulges in range(1, dna_most + rna_most + 1):
        _fewest(guide, size, dna, length, bulges, dna_most, rna_most, ends, cost)
        if cost[0, 0, 0] <= min(most, total - bulges):
            edits[row, 0] = cost[0, 0, 0]
            columns[row], edits[row, 1], edits[row, 2] = _walk(
                guide, size, dna, length, bulges, dna_most, ends, cost
            )
            return True
    return False


@kernel
def align_sites(
    guides: Any,
    sizes: Any,
    limits: Any,
    which: Any,
    bases: Any,
    lengths: Any,
    edits: Any,
    columns: Any,
) -> int:
    """Align found sites, each with its guide.

    Parameters
    ----------
    guides
        Base sets of each guide, outward from the PAM.
    sizes
        Letters of each guide.
    limits
        For each guide: mismatches, DNA bulges, RNA bulges, total edits, whether bulges may lie at the ends.
    which
        The guide of each site.
    bases
        For each site its base sets, outward.
    lengths
        How many of them there are before the sequence ends.
    edits
        Gets mismatches, DNA bulges and RNA bulges; 255 mismatches when no alignment is within the limits.
    columns
        Gets the alignments.

    Returns
    -------
    int
        How many sites have an alignment.
    """
    cost = np.zeros((guides.shape[1] + 1, 4, 4), np.int64)
    aligned = 0
    for i in range(which.size):
        if align_one(guides, sizes, limits, which[i], bases[i], lengths[i], edits, columns, i, cost):
            aligned += 1
    return aligned
