"""Rows of text from found sites, compiled: writing, not matching, is what large jobs wait for.

Texts are copied 32 bytes at a time, whether all of them matter or not; what is too much is written over by what
comes next.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels_cache import kernel
from revertant.offtarget.kernels_vector import address, copy_text, write_letters

__all__ = ["TEXT_BYTES", "format_rows"]

#: Bytes copied together; texts to read from and the room to write to have so many more at their end.
TEXT_BYTES = 32

_TAB, _NEWLINE, _GAP, _PLUS, _MINUS, _ZERO = 9, 10, 45, 43, 45, 48
_DNA_BULGE, _RNA_BULGE = 1, 2


@kernel
def _number(value: int, out: Any, at: int) -> Any:
    """Write a number; return where it ends."""
    digits, power = 1, 10
    while value >= power:
        digits += 1
        power *= 10
    end = place = at + digits
    while value >= 10:
        rest = value // 100
        pair = value - 100 * rest
        out[place - 1] = _ZERO + pair % 10
        out[place - 2] = _ZERO + pair // 10
        place -= 2
        value = rest
    if place > at:
        out[at] = _ZERO + value
    return end


@kernel
def _gapped(
    spacer: Any, size: int, forward: bool, row: int, edits: Any, columns: Any, bases: Any, letter_of: Any,
    out: Any, at: int,
) -> Any:  # fmt: skip
    """Write both lines of an alignment with bulges; return where they end."""
    wide = size + np.int64(edits[row, 1])
    j = t = 0
    for column in range(wide):
        kind = columns[row] >> np.uint64(2 * column) & np.uint64(3)
        top = low = _GAP
        if kind != _DNA_BULGE:
            top = spacer[j if forward else size - 1 - j]
            j += 1
        if kind != _RNA_BULGE:
            low = letter_of[bases[row, t] & 15]
            t += 1
        place = at + (column if forward else wide - 1 - column)
        out[place] = top
        out[place + wide + 1] = low
    out[at + wide] = _TAB
    return at + 2 * wide + 1


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
) -> Any:
    """Write one tab-separated line a row.

    Parameters
    ----------
    guide, sequence, pam_start, is_minus, edits, columns, bases, pams
        The columns of :class:`revertant.offtarget.found.FoundSites`.
    spacers, sizes, pam_sizes, is_five_prime
        For each guide: its letters 5'→3' in ``TEXT_BYTES`` bytes, how many, its PAM's length, and whether the PAM
        lies 5'.
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
    at, depth = 0, bases.shape[1]
    out_at, spacers_at, names_at = address(out), address(spacers), address(names)
    bases_at, letters_at = address(bases), address(letter_of)
    for row in range(guide.size):
        g, s = guide[row], sequence[row]
        size, forward = sizes[g], is_five_prime[g]
        spacer_at = spacers_at + np.uint64(g * TEXT_BYTES)
        copy_text(spacer_at, out_at + np.uint64(at))
        at += size
        out[at] = _TAB
        at += 1
        begin = name_ends[s - 1] if s else 0
        for k in range(begin, name_ends[s], TEXT_BYTES):
            copy_text(names_at + np.uint64(k), out_at + np.uint64(at + k - begin))
        at += name_ends[s] - begin
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
        # The DNA's letters, in the order in which they are written, as 32 bytes that begin or end with the row's.
        first = row * depth if forward else row * depth + size - TEXT_BYTES
        if columns[row] == 0 and first >= 0 and first + TEXT_BYTES <= bases.size:
            copy_text(spacer_at, out_at + np.uint64(at))
            at += size
            out[at] = _TAB
            at += 1
            write_letters(bases_at + np.uint64(first), letters_at, not forward, out_at + np.uint64(at))
            at += size
        else:
            at = _gapped(spacers[g], size, forward, row, edits, columns, bases, letter_of, out, at)
        for kind in range(3):
            out[at] = _TAB
            at = _number(np.int64(edits[row, kind]), out, at + 1)
        out[at] = _NEWLINE
        at += 1
    return at
