"""From letters to blocks of sites, and from sites back to letters.

A strand is written *outward*: so that every site reads PAM first, then its bases away from the PAM, on the
guide's strand. Four bit planes (one a base) make it; the PAM is then found by word operations, and a site's
bases are one shift away. A matrix of 64 sites by 64 bits is turned over to give the planes of a block.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels.cache import kernel
from revertant.offtarget.kernels.vector import trailing_zeros

__all__ = [
    "count_letters",
    "find_pams",
    "gather_sites",
    "site_bases",
    "slice_four_planes",
    "slice_two_planes",
    "split_clean",
    "turn_square",
    "write_planes",
]

_BLOCK_SITES = 512
_WORDS = 8


@kernel
def write_planes(text: Any, mask_of: Any, is_reversed: bool, is_complement: bool, planes: Any) -> None:
    """Write the outward planes ``planes[base, word]`` of a text; the rest of ``planes`` becomes zero.

    ``mask_of`` gives the base set of each byte.
    """
    size = text.size
    for word in range(planes.shape[1]):
        a = c = g = t = np.uint64(0)
        low = word * 64
        for i in range(max(0, min(64, size - low))):
            at = size - 1 - low - i if is_reversed else low + i
            mask = np.uint64(mask_of[text[at]])
            shift = np.uint64(i)
            a |= (mask & np.uint64(1)) << shift
            c |= (mask >> np.uint64(1) & np.uint64(1)) << shift
            g |= (mask >> np.uint64(2) & np.uint64(1)) << shift
            t |= (mask >> np.uint64(3) & np.uint64(1)) << shift
        if is_complement:
            a, c, g, t = t, g, c, a
        planes[0, word], planes[1, word], planes[2, word], planes[3, word] = a, c, g, t


@kernel
def count_letters(text: Any, mask_of: Any) -> tuple[int, int]:
    """Count the letters of a text that are no base at all, and those that are several."""
    unknown = ambiguous = 0
    for i in range(text.size):
        mask = mask_of[text[i]]
        unknown += mask == 0
        ambiguous += (mask & (mask - 1)) != 0
    return unknown, ambiguous


@kernel
def _bits(planes: Any, base: int, at: int) -> Any:
    """64 bits of a plane from position ``at`` on."""
    word, shift = at >> 6, np.uint64(at & 63)
    # Two shifts: one by 64 is not defined.
    high = planes[base, word + 1] << np.uint64(1) << (np.uint64(63) - shift)
    return planes[base, word] >> shift | high


@kernel
def find_pams(planes: Any, pattern: Any, first: int, last: int, found: Any) -> int:
    """Write every position from ``first`` to ``last`` where the PAM starts; return how many."""
    count = 0
    for start in range(first, last, 64):
        fits = ~np.uint64(0)
        for k in range(pattern.size):
            any_of = np.uint64(0)
            for base in range(4):
                if pattern[k] >> base & 1:
                    any_of |= _bits(planes, base, start + k)
            fits &= any_of
        if last - start < 64:
            fits &= (np.uint64(1) << np.uint64(last - start)) - np.uint64(1)
        while fits != np.uint64(0):
            found[count] = start + int(trailing_zeros(fits))
            count += 1
            fits &= fits - np.uint64(1)
    return count


@kernel
def gather_sites(planes: Any, positions: Any, pam_size: int, depth: int, words: Any, pams: Any) -> None:
    """Read the sites whose PAMs start at ``positions``.

    ``words[site, base]`` has bit t set when the base at distance t may be that base; ``pams[site]`` holds the PAM,
    four bits a letter.
    """
    within = (np.uint64(1) << np.uint64(depth)) - np.uint64(1)
    for site in range(positions.size):
        at = positions[site]
        pam = np.uint64(0)
        for base in range(4):
            words[site, base] = _bits(planes, base, at + pam_size) & within
            letters = _bits(planes, base, at)
            for k in range(pam_size):
                pam |= (letters >> np.uint64(k) & np.uint64(1)) << np.uint64(4 * k + base)
        pams[site] = pam


@kernel
def split_clean(words: Any, pams: Any, pam_size: int, depth: int, keys: Any, is_clean: Any) -> int:
    """Tell the sites of plain A, C, G, T only; ``keys`` gets their high bits and, from bit 32 on, their low bits."""
    full = (np.uint64(1) << np.uint64(depth)) - np.uint64(1)
    count = 0
    for site in range(pams.size):
        a, c, g, t = words[site, 0], words[site, 1], words[site, 2], words[site, 3]
        double = (a & c) | ((a | c) & g) | ((a | c | g) & t)
        clean = (a | c | g | t) == full and double == np.uint64(0)
        for k in range(pam_size):
            letter = pams[site] >> np.uint64(4 * k) & np.uint64(15)
            clean = clean and letter & (letter - np.uint64(1)) == np.uint64(0)
        is_clean[site] = clean
        if clean:
            keys[count] = (g | t) | ((c | t) << np.uint64(32))
            count += 1
    return count


@kernel
def turn_square(square: Any) -> None:
    """Turn over a matrix of 64 by 64 bits, in place."""
    width = 32
    mask = np.uint64(0x00000000FFFFFFFF)
    while width:
        row = 0
        while row < 64:
            swap = ((square[row] >> np.uint64(width)) ^ square[row + width]) & mask
            square[row] ^= swap << np.uint64(width)
            square[row + width] ^= swap
            row = (row + width + 1) & ~width
        width >>= 1
        mask ^= mask << np.uint64(width)


@kernel
def slice_two_planes(keys: Any, depth: int, blocks: Any) -> None:
    """Turn keys (see :func:`split_clean`) into blocks of (high, low) planes."""
    square = np.empty(64, np.uint64)
    block_words = 2 * depth * _WORDS
    for group in range((keys.size + 63) // 64):
        for i in range(64):
            at = group * 64 + i
            square[i] = keys[at] if at < keys.size else np.uint64(0)
        turn_square(square)
        start = group // _WORDS * block_words + group % _WORDS
        for t in range(depth):
            blocks[start + 2 * t * _WORDS] = square[t]
            blocks[start + (2 * t + 1) * _WORDS] = square[32 + t]


@kernel
def slice_four_planes(words: Any, depth: int, blocks: Any) -> None:
    """Turn the words of :func:`gather_sites` into blocks of A, C, G, T planes."""
    square = np.empty(64, np.uint64)
    block_words = 4 * depth * _WORDS
    sites = words.shape[0]
    for group in range((sites + 63) // 64):
        start = group // _WORDS * block_words + group % _WORDS
        for half in range(2):
            for i in range(64):
                at = group * 64 + i
                square[i] = np.uint64(0)
                if at < sites:
                    square[i] = words[at, 2 * half] | words[at, 2 * half + 1] << np.uint64(32)
            turn_square(square)
            for t in range(depth):
                blocks[start + (4 * t + 2 * half) * _WORDS] = square[t]
                blocks[start + (4 * t + 2 * half + 1) * _WORDS] = square[32 + t]


@kernel
def site_bases(planes: Any, planes_per_base: int, depth: int, sites: Any, bases: Any) -> None:
    """Write the base set at each distance of the sites named: ``bases[i, distance]``."""
    block_words = planes_per_base * depth * _WORDS
    for i in range(sites.size):
        block, bit = divmod(sites[i], _BLOCK_SITES)
        at = block * block_words + (bit >> 6)
        shift = np.uint64(bit & 63)
        for distance in range(depth):
            word = at + distance * planes_per_base * _WORDS
            if planes_per_base == 2:
                high = planes[word] >> shift & np.uint64(1)
                low = planes[word + _WORDS] >> shift & np.uint64(1)
                bases[i, distance] = np.uint8(1) << np.uint8(2 * high + low)
            else:
                mask = np.uint64(0)
                for base in range(4):
                    mask |= (planes[word + base * _WORDS] >> shift & np.uint64(1)) << np.uint64(base)
                bases[i, distance] = mask
