"""From matches in a table to aligned sites with places, compiled: one pass, one check of each block's tail."""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels.align import align_one
from revertant.offtarget.kernels.cache import kernel
from revertant.offtarget.kernels.vector import address, block_sum

__all__ = ["settle_sites"]

_BLOCK_SITES = 512
_WORDS = 8


@kernel
def _stretch_of(ends: Any, position: int) -> int:
    """The first stretch that ends behind a position; NumPy's own search takes long to compile."""
    low, high = 0, ends.size
    while low < high:
        middle = (low + high) >> 1
        if ends[middle] <= position:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def settle_sites(
    planes: Any,
    planes_per_base: int,
    depth: int,
    tails: Any,
    pam_bytes: int,
    tail_sums: Any,
    stretch_ends: Any,
    pattern: Any,
    is_turned: bool,
    masks: Any,
    sizes: Any,
    limits: Any,
    guide: Any,
    site: Any,
    found_guide: Any,
    found_stretch: Any,
    found_start: Any,
    edits: Any,
    columns: Any,
    bases: Any,
    pams: Any,
) -> tuple[Any, int]:
    """Settle matches: position, PAM, bases, alignment. Rows without an alignment are left out.

    Parameters
    ----------
    planes, planes_per_base, depth
        The bank's blocks.
    tails, pam_bytes, tail_sums
        The bytes of the bank's tails, bytes of a PAM code in them, and the sum of each block's tail.
    stretch_ends
        Where each stretch ends, in bases of the part.
    pattern
        The PAM's base sets, outward.
    is_turned
        Whether outward leads to smaller positions.
    masks, sizes, limits
        The guides, see :class:`revertant.offtarget.matching.guides.GuideSet`.
    guide, site
        The matches.
    found_guide, found_stretch, found_start, edits, columns, bases, pams
        Get the rows.

    Returns
    -------
    tuple of int
        How many rows there are, and the first block whose tail is damaged (-1 when none).
    """
    tail_bytes = _BLOCK_SITES * (4 + pam_bytes)
    block_words = planes_per_base * depth * _WORDS
    tails_at = address(tails)
    is_checked = np.zeros(tail_sums.size, np.bool_)
    cost = np.zeros((masks.shape[1] + 1, 4, 4), np.int64)
    # A number of this type from the start: Numba would compile the alignment once more for a literal 0.
    rows = np.int64(0)
    for i in range(site.size):
        block, slot = site[i] >> 9, site[i] & (_BLOCK_SITES - 1)
        tail = block * tail_bytes
        if not is_checked[block]:
            found = block_sum(tails_at + np.uint64(tail), np.uint64(tail_bytes // 64), np.uint64(block + 1))
            if found != tail_sums[block]:
                return rows, block
            is_checked[block] = True
        position = np.int64(0)
        for byte in range(4):
            position |= np.int64(tails[tail + 4 * slot + byte]) << (8 * byte)
        code = np.uint64(0)
        at = tail + 4 * _BLOCK_SITES + pam_bytes * slot
        for byte in range(pam_bytes):
            code |= np.uint64(tails[at + byte]) << np.uint64(8 * byte)
        stretch = _stretch_of(stretch_ends, position)
        begin = stretch_ends[stretch - 1] if stretch else 0
        within = position - begin
        length = within if is_turned else stretch_ends[stretch] - position - pattern.size
        word = block * block_words + (slot >> 6)
        shift = np.uint64(slot & 63)
        for distance in range(depth):
            if planes_per_base == 2:
                high = planes[word] >> shift & np.uint64(1)
                low = planes[word + _WORDS] >> shift & np.uint64(1)
                bases[rows, distance] = np.uint8(1) << np.uint8(2 * high + low)
            else:
                mask = np.uint64(0)
                for base in range(4):
                    mask |= (planes[word + base * _WORDS] >> shift & np.uint64(1)) << np.uint64(base)
                bases[rows, distance] = mask
            word += planes_per_base * _WORDS
        if not align_one(
            masks, sizes, limits, guide[i], bases[rows], min(length, depth), edits, columns, rows, cost
        ):
            continue
        pam = code
        if planes_per_base == 2:
            pam = np.uint64(0)
            for k in range(pattern.size):
                letter = np.uint64(pattern[k])
                if letter & (letter - np.uint64(1)):
                    letter = np.uint64(1) << (code & np.uint64(3))
                    code >>= np.uint64(2)
                pam |= letter << np.uint64(4 * k)
        found_guide[rows] = guide[i]
        found_stretch[rows] = stretch
        found_start[rows] = within
        pams[rows] = pam
        rows += 1
    return rows, -1
