"""Slow twins of the kernels, with the same signatures: one site, one letter at a time.

They are there to be compared with; nothing else uses them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from revertant.model import SearchLimits
from revertant.offtarget.matching.alignment import Alignment, align
from revertant.offtarget.matching.found import LETTER_OF_MASK
from revertant.sequence import IUPAC_MASK

__all__ = ["align_sites_by_hand", "find_pams_by_hand", "search_blocks_by_hand", "site_bases_by_hand"]

_GUIDE_LETTER = {mask: letter for letter, mask in IUPAC_MASK.items() if letter != "U"}
_NO_ALIGNMENT = 255

Words = NDArray[np.uint64]


def _bit(planes: Words, word: int, bit: int) -> int:
    return int(planes[word + bit // 64]) >> bit % 64 & 1


def find_pams_by_hand(
    planes: Words, pattern: NDArray[np.uint8], first: int, last: int, found: NDArray[np.int64]
) -> int:
    """Twin of :func:`revertant.offtarget.kernels.sites.find_pams`."""
    count = 0
    for start in range(first, last):
        fits = all(
            any(_bit(planes[base], 0, start + k) for base in range(4) if mask >> base & 1)
            for k, mask in enumerate(pattern.tolist())
        )
        if fits:
            found[count] = start
            count += 1
    return count


def site_bases_by_hand(
    planes: Words, planes_per_base: int, depth: int, sites: NDArray[np.int64], bases: NDArray[np.uint8]
) -> None:
    """Twin of :func:`revertant.offtarget.kernels.sites.site_bases`."""
    for row, site in enumerate(sites.tolist()):
        for t in range(depth):
            word = (site // 512 * depth + t) * planes_per_base * 8
            bits = [_bit(planes, word + plane * 8, site % 512) for plane in range(planes_per_base)]
            if planes_per_base == 2:
                bases[row, t] = 1 << (2 * bits[0] + bits[1])
            else:
                bases[row, t] = sum(bit << base for base, bit in enumerate(bits))


def search_blocks_by_hand(
    planes: Words,
    planes_per_base: int,
    sums: Words,
    first: int,
    last: int,
    sites: int,
    depth: int,
    letters: NDArray[np.uint8],
    guides: NDArray[np.int64],
    sizes: NDArray[np.int64],
    limits: NDArray[np.int64],
    cells: tuple[int, int, int],
    automaton: int,
    found_guide: NDArray[np.int32],
    found_site: NDArray[np.int64],
) -> tuple[int, int, int]:
    """Twin of :func:`revertant.offtarget.kernels.search.search_blocks`; sums are not looked at, all in one go."""
    count = 0
    bases = np.zeros((1, depth), np.uint8)
    for site in range(first * 512, min(last * 512, sites)):
        site_bases_by_hand(planes, planes_per_base, depth, np.array([site]), bases)
        dna = "".join(LETTER_OF_MASK[mask] for mask in bases[0].tolist())
        for g, size in enumerate(sizes.tolist()):
            guide = "".join(_GUIDE_LETTER[int(letters[index])] for index in guides[g, :size].tolist())
            if align(guide, dna, SearchLimits(*limits[g].tolist())) is not None:
                found_guide[count], found_site[count] = g, site
                count += 1
    return count, last, -1


def align_sites_by_hand(
    guides: NDArray[np.uint8],
    sizes: NDArray[np.int64],
    limits: NDArray[np.int64],
    which: Sequence[int],
    bases: NDArray[np.uint8],
    lengths: NDArray[np.int64],
    edits: NDArray[np.uint8],
    columns: NDArray[np.uint64],
) -> int:
    """Twin of :func:`revertant.offtarget.kernels.align.align_sites`."""
    aligned = 0
    for row, g in enumerate(which):
        guide = "".join(_GUIDE_LETTER[mask] for mask in guides[g, : sizes[g]].tolist())
        dna = "".join(LETTER_OF_MASK[mask] for mask in bases[row, : lengths[row]].tolist())
        found = align(guide, dna, SearchLimits(*limits[g].tolist()))
        edits[row], columns[row] = (_NO_ALIGNMENT, 0, 0), 0
        if found is not None:
            aligned += 1
            edits[row] = found.mismatches, found.dna_bulges, found.rna_bulges
            columns[row] = _code_of(found)
    return aligned


def _code_of(found: Alignment) -> int:
    code = 0
    for column, (top, low) in enumerate(zip(found.guide, found.dna, strict=True)):
        code |= (1 if top == "-" else 2 if low == "-" else 0) << 2 * column
    return code
