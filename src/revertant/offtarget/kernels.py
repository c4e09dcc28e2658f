r"""The search itself: 512 sites at once, one bit each, every guide over the same rows.

::

    site        0 1 2 3 ... 511          a *row* is 512 bits: "the base at this distance from the PAM
    distance 0  G A T G ...   C          is not an A" (or C, G, T, or any set of them). The rows of a
    distance 1  G G C A ...   T          few blocks are made once, stay in the cache, and serve all guides.
    ...
    guide GG..  0 1 1 0 ...   1   row "distance 0 is not G"  \\
                0 0 1 1 ...   1   row "distance 1 is not G"   >  add up, column by column
                ...                                          /

Mismatches alone are *added up*: three vectors are the bits of 512 counters, and full adders carry two rows at a
time from one bit to the next. A counter that starts at 7 - k overflows when a site has more than k mismatches.

With bulges a *Wu-Manber automaton* runs over the letters of the guide. Its states are vectors too: cell (d, r)
holds, for m = 0..k, the sites that may have come so far with d DNA bulges, r RNA bulges and at most m mismatches.

    pair        cell (d, r)   -> itself where the base d - r further out matches, one mismatch up where not
    RNA bulge   cell (d, r-1) -> (d, r)   the letter has no base
    DNA bulge   cell (d-1, r) -> (d, r)   after the letter a base has no letter

The first and the last letter must pair, so bulges are internal. Where the ends may have bulges too, the first and
the last letter take the RNA move like the others, and every cell (d, 0) is full at the start. No layout of bulges
is ever enumerated.

Blocks carry a sum of their words, checked as they are read: a damaged table cannot give a wrong answer.
The slow twins are in :mod:`revertant.offtarget.kernels_twin`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels_automaton import (
    MOST_IN_REGISTERS,
    run_one_and_one,
    run_one_dna,
    run_one_rna,
)
from revertant.offtarget.kernels_cache import kernel
from revertant.offtarget.kernels_vector import (
    address,
    block_sum,
    count_mismatch_rows,
    expand_four_planes,
    expand_two_planes,
    move_states,
    trailing_zeros,
)

__all__ = ["BLOCK_SITES", "TILE", "search_blocks", "sum_blocks", "sum_some_blocks"]

#: Sites in a block.
BLOCK_SITES = 512
#: Blocks whose rows are made together.
TILE = 4

_WORDS = 8
_BYTES = 64
#: Most mismatches the three-bit counters can tell apart.
_MOST_COUNTED = 7


@kernel
def sum_blocks(words: Any, block_words: int, first: int, sums: Any) -> None:
    """Write the sum of each block of ``block_words`` words; blocks are numbered from ``first``."""
    start = address(words)
    for block in range(sums.size):
        at = start + np.uint64(block * block_words * 8)
        sums[block] = block_sum(at, np.uint64(block_words // _WORDS), np.uint64(first + block + 1))


@kernel
def sum_some_blocks(words: Any, block_words: int, blocks: Any, sums: Any) -> int:
    """Check the sums of some blocks; return the first block whose sum is wrong, -1 when all are right."""
    start = address(words)
    for block in blocks:
        at = start + np.uint64(block * block_words * 8)
        found = block_sum(at, np.uint64(block_words // _WORDS), np.uint64(block + 1))
        if found != sums[block]:
            return int(block)
    return -1


@kernel
def _more_rows(rows: Any, start: int, depth: int, letters: Any) -> None:
    """Make the rows of ambiguous guide letters: a mismatch is one with every base of the set."""
    count = letters.size
    for distance in range(depth):
        at = start + distance * count * _WORDS
        for index in range(4, count):
            for word in range(_WORDS):
                both = ~np.uint64(0)
                for base in range(4):
                    if letters[index] >> base & 1:
                        both &= rows[at + base * _WORDS + word]
                rows[at + index * _WORDS + word] = both


@kernel
def _run_in_memory(rows: Any, guide: Any, size: int, limits: Any, count: int, states: Any) -> None:
    """Run the automaton for any limits; ``states`` ends as [DNA bulges, RNA bulges, mismatches, word]."""
    most, dna_most, rna_most, ends = limits[0], limits[1], limits[2], limits[4] != 0
    cell = (most + 1) * _BYTES
    across = (rna_most + 1) * cell
    start = address(states)
    words = (dna_most + 1) * across // 8
    for word in range(words):
        states[word] = 0
    for d in range(dna_most + 1 if ends else 1):
        for word in range((most + 1) * _WORDS):
            states[d * across // 8 + word] = ~np.uint64(0)
    for j in range(size):
        is_inner = ends or 0 < j < size - 1
        for d in range(dna_most + 1):
            for r in range(rna_most, -1, -1):
                # Cells that would read before the PAM are empty; what they read does not matter.
                distance = max(j + d - r, 0)
                row = rows + np.uint64((distance * count + guide[j]) * _BYTES)
                here = start + np.uint64(d * across + r * cell)
                has_rna = 1 if r and is_inner else 0
                has_dna = 1 if d and j < size - 1 else 0
                move_states(
                    here,
                    row,
                    np.uint64(most),
                    np.uint64(has_rna),
                    np.uint64(has_dna),
                    here - np.uint64(cell),
                    here - np.uint64(across),
                )


@kernel
def _automaton(rows: Any, guide: Any, size: int, limits: Any, count: int, states: Any, out: Any) -> bool:
    """Run one guide over one block; write the accepted sites, say whether there are any."""
    most, dna_most, rna_most, total = limits[0], limits[1], limits[2], limits[3]
    cell = (most + 1) * _BYTES
    across = (rna_most + 1) * cell
    start = address(states)
    if dna_most <= 1 and rna_most <= 1 and most <= MOST_IN_REGISTERS and dna_most + rna_most > 0:
        letters_at, letters = address(guide), np.uint64(size)
        stride, limit = np.uint64(count), np.uint64(most)
        ends = ~np.uint64(0) if limits[4] else np.uint64(0)
        if dna_most == 0:
            run_one_rna(rows, letters_at, letters, stride, start, ends, limit)
        elif rna_most == 0:
            run_one_dna(rows, letters_at, letters, stride, start, ends, limit)
        else:
            run_one_and_one(rows, letters_at, letters, stride, start, ends, limit)
    else:
        _run_in_memory(rows, guide, size, limits, count, states)
    for word in range(_WORDS):
        out[word] = 0
    for d in range(dna_most + 1):
        for r in range(rna_most + 1):
            allowed = min(most, total - d - r)
            if allowed >= 0:
                at = (d * across + r * cell) // 8 + allowed * _WORDS
                for word in range(_WORDS):
                    out[word] |= states[at + word]
    found = np.uint64(0)
    for word in range(_WORDS):
        found |= out[word]
    return found != np.uint64(0)


@kernel
def _search_tiles(
    planes: Any,
    planes_per_base: int,
    sums: Any,
    first: int,
    last: int,
    sites: int,
    depth: int,
    letters: Any,
    guides: Any,
    sizes: Any,
    limits: Any,
    rows: Any,
    offsets: Any,
    states: Any,
    out: Any,
    found_guide: Any,
    found_site: Any,
) -> tuple[int, int, int]:
    """See :func:`search_blocks`; ``rows``, ``states`` and ``out`` are room to work in."""
    count, longest = letters.size, offsets.shape[1]
    block_words = planes_per_base * depth * _WORDS
    row_words = rows.size // TILE
    rows_at = address(rows)
    offsets_at = address(offsets)
    planes_at = address(planes)
    out_at = address(out)
    found = 0
    for tile in range(first, last, TILE):
        end = min(tile + TILE, last)
        before = found
        for block in range(tile, end):
            at = planes_at + np.uint64(block * block_words * 8)
            if sums.size:
                sum_found = block_sum(at, np.uint64(block_words // _WORDS), np.uint64(block + 1))
                if sum_found != sums[block]:
                    return before, tile, block
            to = rows_at + np.uint64((block - tile) * row_words * 8)
            if planes_per_base == 2:
                expand_two_planes(at, to, np.uint64(depth), np.uint64(count))
            else:
                expand_four_planes(at, to, np.uint64(depth), np.uint64(count))
            if count > 4:
                _more_rows(rows, (block - tile) * row_words, depth, letters)
        for guide in range(sizes.size):
            counted = limits[guide, 1] == 0 and limits[guide, 2] == 0 and limits[guide, 0] <= _MOST_COUNTED
            most = min(limits[guide, 0], limits[guide, 3])
            if counted and most < 0:
                continue
            fours = np.uint64((sizes[guide] + 3) // 4)
            for block in range(tile, end):
                at = rows_at + np.uint64((block - tile) * row_words * 8)
                if counted:
                    lanes = count_mismatch_rows(
                        at,
                        offsets_at + np.uint64(guide * longest * 8),
                        fours,
                        np.uint64(_MOST_COUNTED - most),
                        out_at,
                    )
                    is_hit = lanes != np.uint64(0)
                else:
                    is_hit = _automaton(at, guides[guide], sizes[guide], limits[guide], count, states, out)
                if not is_hit:
                    continue
                for word in range(_WORDS):
                    bits = out[word]
                    while bits != np.uint64(0):
                        site = block * BLOCK_SITES + word * 64 + int(trailing_zeros(bits))
                        bits &= bits - np.uint64(1)
                        if site < sites:
                            if found < found_guide.size:
                                found_guide[found] = guide
                                found_site[found] = site
                            found += 1
        if found > found_guide.size:
            return before, tile, -1
    return found, last, -1


@kernel
def search_blocks(
    planes: Any,
    planes_per_base: int,
    sums: Any,
    first: int,
    last: int,
    sites: int,
    depth: int,
    letters: Any,
    guides: Any,
    sizes: Any,
    limits: Any,
    found_guide: Any,
    found_site: Any,
) -> tuple[int, int, int]:
    """Search blocks ``first`` to ``last`` for all guides.

    Parameters
    ----------
    planes
        Words, ``planes_per_base * depth`` vectors a block: (high, low) for two planes a base, A, C, G, T for four.
    planes_per_base
        2 or 4.
    sums
        The sum of each block, or none to go unchecked.
    first, last
        Blocks to search, half-open.
    sites
        Sites in the table; bits after them mean nothing.
    depth
        Distances stored.
    letters
        Base sets the guides use; the first four are A, C, G, T.
    guides
        For each guide its letters, outward from the PAM, as indexes into ``letters``.
    sizes
        Letters of each guide.
    limits
        For each guide: mismatches, DNA bulges, RNA bulges, total edits, whether bulges may lie at the ends.
    found_guide, found_site
        Where to write what is found.

    Returns
    -------
    tuple of int
        How many were found, the block to go on from (``last`` when done, less when there was no more room), and
        the first block whose sum is wrong (-1 when none).
    """
    count = letters.size
    row_words = (depth * count + 1) * _WORDS
    rows = np.zeros(TILE * row_words, np.uint64)
    states = np.empty(4 * 4 * 9 * _WORDS, np.uint64)
    out = np.empty(_WORDS, np.uint64)
    longest = (guides.shape[1] + 3) // 4 * 4
    # Byte offsets of each guide's rows; a guide is filled up to four letters with the row of zeros at the end.
    offsets = np.full((sizes.size, longest), np.uint64(depth * count * _BYTES), np.uint64)
    for guide in range(sizes.size):
        for j in range(sizes[guide]):
            offsets[guide, j] = (j * count + guides[guide, j]) * _BYTES
    # The search gets its arrays as arguments: they are let go when it returns, not before.
    return _search_tiles(
        planes,
        planes_per_base,
        sums,
        first,
        last,
        sites,
        depth,
        letters,
        guides,
        sizes,
        limits,
        rows,
        offsets,
        states,
        out,
        found_guide,
        found_site,
    )
