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
says, for m = 0..k, which sites may have come so far with d DNA bulges, r RNA bulges and at most m mismatches. (What
is stored is the opposite, see :mod:`revertant.offtarget.kernels.automaton`.)

    pair        cell (d, r)   -> itself where the base d - r further out matches, one mismatch up where not
    RNA bulge   cell (d, r-1) -> (d, r)   the letter has no base
    DNA bulge   cell (d-1, r) -> (d, r)   after the letter a base has no letter

The first and the last letter must pair, so bulges are internal. Where the ends may have bulges too, the first and
the last letter take the RNA move like the others, and every cell (d, 0) is full at the start. No layout of bulges
is ever enumerated.

Blocks carry a sum of their words, checked as they are read: a damaged table cannot give a wrong answer.
The slow twins are in :mod:`revertant.offtarget.kernels.twin`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels.automaton import MOST_SHIFT, SLOT_BYTES, call_automaton
from revertant.offtarget.kernels.cache import kernel
from revertant.offtarget.kernels.vector import (
    address,
    block_sum,
    count_mismatch_rows,
    expand_four_planes,
    expand_two_planes,
    trailing_zeros,
)

__all__ = ["BLOCK_SITES", "MOST_COUNTED", "TILE", "search_blocks", "sum_blocks", "sum_some_blocks"]

#: Sites in a block.
BLOCK_SITES = 512
#: Blocks whose rows are made together.
TILE = 4

_WORDS = 8
_BYTES = 64
#: Most mismatches the three-bit counters can tell apart.
MOST_COUNTED = 7


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
def _prepare(
    depth: int,
    count: int,
    guides: Any,
    sizes: Any,
    limits: Any,
    cells: Any,
    offsets: Any,
    accept: Any,
    is_counted: Any,
) -> None:
    """Write where each guide's rows lie, which states of the automaton count for it, and whether it needs one.

    ``cells`` has the sizes of the automaton: DNA bulges, RNA bulges and mismatches, one more of each.
    """
    dna, rna, most = cells
    for guide in range(sizes.size):
        # Filled up to four letters with the row of zeros at the end.
        for j in range(offsets.shape[1]):
            offsets[guide, j] = depth * count * _BYTES
        for j in range(sizes[guide]):
            offsets[guide, j] = (j * count + guides[guide, j]) * _BYTES
        own = limits[guide]
        is_counted[guide] = own[1] == 0 and own[2] == 0 and own[0] <= MOST_COUNTED
        for d in range(dna):
            for r in range(rna):
                allowed = min(own[0], own[3] - d - r)
                slot = dna * rna * most
                if d <= own[1] and r <= own[2] and allowed >= 0:
                    slot = (d * rna + r) * most + allowed
                accept[guide, d * rna + r] = slot * SLOT_BYTES


@kernel
def _make_rows(
    planes: Any,
    planes_per_base: int,
    sums: Any,
    first: int,
    last: int,
    depth: int,
    letters: Any,
    rows: Any,
) -> int:
    """Check some blocks and make their rows; return the first block whose sum is wrong, -1 when all are right."""
    count = letters.size
    block_words = planes_per_base * depth * _WORDS
    row_words = rows.size // TILE
    lead = MOST_SHIFT * count * _WORDS
    planes_at, rows_at = address(planes), address(rows)
    for block in range(first, last):
        at = planes_at + np.uint64(block * block_words * 8)
        if sums.size:
            found = block_sum(at, np.uint64(block_words // _WORDS), np.uint64(block + 1))
            if found != sums[block]:
                return block
        start = lead + (block - first) * row_words
        if planes_per_base == 2:
            expand_two_planes(at, rows_at + np.uint64(8 * start), np.uint64(depth), np.uint64(count))
        else:
            expand_four_planes(at, rows_at + np.uint64(8 * start), np.uint64(depth), np.uint64(count))
        if count > 4:
            _more_rows(rows, start, depth, letters)
    return -1


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
    sizes: Any,
    limits: Any,
    automaton: int,
    is_counted: Any,
    rows: Any,
    offsets: Any,
    accept: Any,
    states: Any,
    out: Any,
    found_guide: Any,
    found_site: Any,
) -> tuple[int, int, int]:
    """See :func:`search_blocks`; ``rows``, ``states`` and ``out`` are room to work in."""
    count = letters.size
    row_words = rows.size // TILE
    rows_at = address(rows) + np.uint64(MOST_SHIFT * count * _BYTES)
    offsets_at, guide_bytes = address(offsets), 8 * offsets.shape[1]
    accept_at, accept_bytes = address(accept), 8 * accept.shape[1]
    states_at = address(states)
    out_at = address(out)
    found = 0
    for tile in range(first, last, TILE):
        end = min(tile + TILE, last)
        before = found
        damaged = _make_rows(planes, planes_per_base, sums, tile, end, depth, letters, rows)
        if damaged >= 0:
            return before, tile, damaged
        for guide in range(sizes.size):
            counted = is_counted[guide]
            most = min(limits[guide, 0], limits[guide, 3])
            if most < 0:
                continue
            size = sizes[guide]
            fours = np.uint64((size + 3) // 4)
            guide_at = offsets_at + np.uint64(guide * guide_bytes)
            ends = ~np.uint64(0) if limits[guide, 4] else np.uint64(0)
            for block in range(tile, end):
                at = rows_at + np.uint64((block - tile) * row_words * 8)
                if counted:
                    lanes = count_mismatch_rows(at, guide_at, fours, np.uint64(MOST_COUNTED - most), out_at)
                else:
                    lanes = call_automaton(
                        np.uint64(automaton),
                        at,
                        guide_at,
                        np.uint64(size),
                        np.uint64(count * _BYTES),
                        states_at,
                        ends,
                        accept_at + np.uint64(guide * accept_bytes),
                        out_at,
                    )
                is_hit = lanes != np.uint64(0)
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
    cells: Any,
    automaton: int,
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
    cells, automaton
        The automaton for all guides that need one: its sizes and its address, see
        :func:`revertant.offtarget.matching.blocks.automaton_of`.
    found_guide, found_site
        Where to write what is found.

    Returns
    -------
    tuple of int
        How many were found, the block to go on from (``last`` when done, less when there was no more room), and
        the first block whose sum is wrong (-1 when none).
    """
    count = letters.size
    row_words = ((depth + 2 * MOST_SHIFT) * count + 1) * _WORDS
    rows = np.zeros(TILE * row_words, np.uint64)
    out = np.empty(_WORDS, np.uint64)
    states = np.empty((cells[0] * cells[1] * cells[2] + 1) * _WORDS, np.uint64)
    # The place after the states is where all sites have fallen out, for cells that do not count.
    for i in range(states.size):
        states[i] = ~np.uint64(0)
    offsets = np.empty((sizes.size, (guides.shape[1] + 3) // 4 * 4), np.uint64)
    accept = np.empty((sizes.size, max(cells[0] * cells[1], 1)), np.uint64)
    is_counted = np.empty(sizes.size, np.bool_)
    _prepare(depth, count, guides, sizes, limits, cells, offsets, accept, is_counted)
    if automaton == 0:
        for guide in range(sizes.size):
            if not is_counted[guide]:
                raise ValueError("these limits need an automaton")
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
        sizes,
        limits,
        automaton,
        is_counted,
        rows,
        offsets,
        accept,
        states,
        out,
        found_guide,
        found_site,
    )
