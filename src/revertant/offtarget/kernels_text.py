"""Rows of text from found sites, compiled: writing, not matching, is what large jobs wait for."""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels_cache import kernel

__all__ = ["format_rows"]

_TAB, _NEWLINE, _GAP, _PLUS, _MINUS, _ZERO = 9, 10, 45, 43, 45, 48
_DNA_BULGE, _RNA_BULGE = 1, 2


@kernel
def _number(value: int, out: Any, at: int) -> int:
    """Write a number; return where it ends."""
    digits = 1
    rest = value // 10
    while rest:
        rest //= 10
        digits += 1
    for k in range(digits - 1, -1, -1):
        out[at + k] = _ZERO + value % 10
        value //= 10
    return at + digits


@kernel
def format_rows(
    guide: Any,
    sequence: Any,
    pam_start: Any,
    is_minus: Any,
    edits: Any,
    columns: Any,
    bases: Any,
    pams: Any,
    spacers: Any,
    sizes: Any,
    pam_sizes: Any,
    is_five_prime: Any,
    names: Any,
    name_ends: Any,
    offsets: Any,
    letter_of: Any,
    out: Any,
) -> int:
    """Write one tab-separated line a row.

    Parameters
    ----------
    guide, sequence, pam_start, is_minus, edits, columns, bases, pams
        The columns of :class:`revertant.offtarget.found.FoundSites`.
    spacers, sizes, pam_sizes, is_five_prime
        For each guide: its letters outward, how many, its PAM's length, and whether the PAM lies 5'.
    names, name_ends, offsets
        The contig names end to end, where each ends, and where each stretch starts on its contig.
    letter_of
        The letter of each base set.
    out
        Room for all rows.

    Returns
    -------
    int
        Bytes written.
    """
    at = 0
    top, low = np.empty(64, np.uint8), np.empty(64, np.uint8)
    for row in range(guide.size):
        g, s = guide[row], sequence[row]
        size, forward = sizes[g], is_five_prime[g]
        for j in range(size):
            out[at] = spacers[g, j if forward else size - 1 - j]
            at += 1
        out[at] = _TAB
        at += 1
        for k in range(name_ends[s - 1] if s else 0, name_ends[s]):
            out[at] = names[k]
            at += 1
        out[at] = _TAB
        length = size + np.int64(edits[row, 1]) - np.int64(edits[row, 2])
        start = offsets[s] + pam_start[row]
        if forward == is_minus[row]:
            start -= length
        else:
            start += pam_sizes[g]
        at = _number(start, out, at + 1)
        out[at] = _TAB
        at = _number(start + length, out, at + 1)
        out[at] = _TAB
        out[at + 1] = _MINUS if is_minus[row] else _PLUS
        out[at + 2] = _TAB
        at += 3
        for k in range(pam_sizes[g]):
            place = k if forward else pam_sizes[g] - 1 - k
            out[at] = letter_of[pams[row] >> np.uint64(4 * place) & np.uint64(15)]
            at += 1
        out[at] = _TAB
        at += 1
        wide = size + np.int64(edits[row, 1])
        j = t = 0
        for column in range(wide):
            kind = columns[row] >> np.uint64(2 * column) & np.uint64(3)
            top[column] = low[column] = _GAP
            if kind != _DNA_BULGE:
                top[column] = spacers[g, j]
                j += 1
            if kind != _RNA_BULGE:
                low[column] = letter_of[bases[row, t] & 15]
                t += 1
        for column in range(wide):
            place = column if forward else wide - 1 - column
            out[at + column] = top[place]
            out[at + wide + 1 + column] = low[place]
        out[at + wide] = out[at + 2 * wide + 1] = _TAB
        at += 2 * wide + 2
        for kind in range(3):
            at = _number(edits[row, kind], out, at)
            out[at] = _NEWLINE if kind == 2 else _TAB
            at += 1
    return at
