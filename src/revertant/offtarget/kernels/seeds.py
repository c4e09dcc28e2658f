r"""Many guides, few mismatches: look each site up among the guides instead of holding every guide against it.

::

    site    GATTACAGGA|CCTGAATCGG          k mismatches in two halves: one half has k/2 at most.
              half 0      half 1           Each half of each guide lies in a bucket for every word
                |            |             within k/2 mismatches of it; a site opens two buckets
             bucket       bucket           and compares the whole guide with what lies there.
             g7, g912     g31

It is exact (the pigeonhole principle), needs no second index of the genome, and its time hardly depends on how many
guides there are. The slow twin is the one of the other search, since both find the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels.cache import kernel
from revertant.offtarget.kernels.sites import turn_square
from revertant.offtarget.kernels.vector import address, block_sum, count_ones

__all__ = ["fill_buckets", "search_seeds"]

_BLOCK_SITES = 512
_WORDS = 8


@kernel
def fill_buckets(codes: Any, changes: Any, starts: Any, members: Any) -> None:
    """Put each guide into the bucket of each word near its own.

    Parameters
    ----------
    codes
        The word of each guide.
    changes
        What makes a near word of a word, by exclusive or.
    starts
        Gets where each bucket starts, and the end of the last one.
    members
        Gets the guides, bucket by bucket, in order.
    """
    for code in range(starts.size):
        starts[code] = 0
    for guide in range(codes.size):
        for change in changes:
            starts[codes[guide] ^ change] += 1
    total = 0
    for code in range(starts.size):
        total += starts[code]
        starts[code] = total
    # From the back: each start is at first the end of its bucket and moves down as the bucket is filled.
    for guide in range(codes.size - 1, -1, -1):
        for change in changes:
            code = codes[guide] ^ change
            starts[code] -= 1
            members[starts[code]] = guide


@kernel
def _word_of(high: int, low: int, first: int, letters: int) -> Any:
    """The word of some letters: their high bits, then their low bits."""
    mask = (np.int64(1) << letters) - 1
    return ((high >> first) & mask) | (((low >> first) & mask) << letters)


@kernel
def _mismatches(high: int, low: int, guide: int, guide_high: Any, guide_low: Any, mask: int) -> Any:
    wrong = ((high ^ guide_high[guide]) | (low ^ guide_low[guide])) & mask
    return np.int64(count_ones(np.uint64(wrong)))


@kernel
def search_seeds(
    planes: Any,
    sums: Any,
    first: int,
    last: int,
    sites: int,
    depth: int,
    size: int,
    near: int,
    far: int,
    radius: int,
    guide_high: Any,
    guide_low: Any,
    most: Any,
    near_starts: Any,
    near_members: Any,
    far_starts: Any,
    far_members: Any,
    found_guide: Any,
    found_site: Any,
) -> tuple[int, int, int]:
    """Search blocks ``first`` to ``last`` of plain sites.

    Parameters
    ----------
    planes, sums, first, last, sites, depth
        As in :func:`revertant.offtarget.kernels.search.search_blocks`.
    size, near, far
        Letters of every guide, and of its two words: the first from the PAM on, the second behind it.
    radius
        Mismatches within which a guide lies in a bucket.
    guide_high, guide_low
        The high and low bits of each guide's letters.
    most
        Most mismatches of each guide, ``2 * radius + 1`` at most.
    near_starts, near_members, far_starts, far_members
        The buckets, see :func:`fill_buckets`.
    found_guide, found_site
        Where to write what is found.

    Returns
    -------
    tuple of int
        As in :func:`revertant.offtarget.kernels.search.search_blocks`.
    """
    square = np.zeros(64, np.uint64)
    block_words = 2 * depth * _WORDS
    planes_at = address(planes)
    whole, near_mask = (np.int64(1) << size) - 1, (np.int64(1) << near) - 1
    found = 0
    for block in range(first, last):
        before = found
        at = planes_at + np.uint64(block * block_words * 8)
        if block_sum(at, np.uint64(block_words // _WORDS), np.uint64(block + 1)) != sums[block]:
            return before, block, block
        for word in range(_WORDS):
            base = block * _BLOCK_SITES + word * 64
            for distance in range(32):
                here = block * block_words + 2 * distance * _WORDS + word
                is_stored = distance < depth
                square[distance] = planes[here] if is_stored else np.uint64(0)
                square[32 + distance] = planes[here + _WORDS] if is_stored else np.uint64(0)
            turn_square(square)
            for slot in range(min(64, sites - base)):
                high = np.int64(square[slot] & np.uint64(0xFFFFFFFF))
                low = np.int64(square[slot] >> np.uint64(32))
                start = found
                code = _word_of(high, low, 0, near)
                for index in range(near_starts[code], near_starts[code + 1]):
                    guide = near_members[index]
                    if _mismatches(high, low, guide, guide_high, guide_low, whole) <= most[guide]:
                        if found < found_guide.size:
                            found_guide[found], found_site[found] = guide, base + slot
                        found += 1
                code = _word_of(high, low, near, far)
                for index in range(far_starts[code], far_starts[code + 1]):
                    guide = far_members[index]
                    if _mismatches(high, low, guide, guide_high, guide_low, whole) > most[guide]:
                        continue
                    # What both words lead to was found by the first.
                    if _mismatches(high, low, guide, guide_high, guide_low, near_mask) <= radius:
                        continue
                    # The guides of a site stay in order.
                    place = min(found, found_guide.size)
                    while place > start and found_guide[place - 1] > guide:
                        if place < found_guide.size:
                            found_guide[place] = found_guide[place - 1]
                        place -= 1
                    if place < found_guide.size:
                        found_guide[place] = guide
                    if found < found_site.size:
                        found_site[found] = base + slot
                    found += 1
        if found > found_guide.size:
            return before, block, -1
    return found, last, -1
