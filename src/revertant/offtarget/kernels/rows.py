"""Rows of text from blocks of sites, compiled: writing, not matching, is what large jobs wait for.

Texts are copied 32 bytes at a time, whether all of them matter or not; what is too much is written over by what
comes next.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels.cache import kernel
from revertant.offtarget.kernels.vector import address, copy_text, write_letters

__all__ = ["TEXT_BYTES", "format_block"]

#: Bytes copied together; texts to read from and the room to write to have so many more at their end.
TEXT_BYTES = 32

_TAB, _NEWLINE, _GAP, _PLUS, _MINUS, _ZERO, _POINT = 9, 10, 45, 43, 45, 48, 46
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
def _share(value: float, out: Any, at: int) -> Any:
    """Write a number from 0 to 1 with four decimals, nothing for NaN; return where it ends."""
    if np.isnan(value):
        return at
    scaled = np.int64(np.rint(value * 10000.0))
    out[at] = _ZERO + scaled // 10000
    out[at + 1] = _POINT
    for k in range(5, 1, -1):
        out[at + k] = _ZERO + scaled % 10
        scaled //= 10
    return at + 6


@kernel
def _text(texts_at: Any, ends: Any, index: int, out_at: Any, at: int) -> Any:
    """Write one of the texts that lie end to end; return where it ends."""
    begin = ends[index - 1] if index else 0
    for k in range(begin, ends[index], TEXT_BYTES):
        copy_text(texts_at + np.uint64(k), out_at + np.uint64(at + k - begin))
    return at + ends[index] - begin


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
def format_block(
    guide: Any,
    contig: Any,
    start: Any,
    end: Any,
    is_minus: Any,
    edits: Any,
    columns: Any,
    bases: Any,
    pams: Any,
    cfd: Any,
    tier: Any,
    place: Any,
    distance: Any,
    carrier: Any,
    spacers: Any,
    sizes: Any,
    pam_sizes: Any,
    is_five_prime: Any,
    letter_of: Any,
    names: Any,
    name_ends: Any,
    contigs: Any,
    contig_ends: Any,
    places: Any,
    place_ends: Any,
    carriers: Any,
    carrier_ends: Any,
    out: Any,
) -> Any:
    """Write one tab-separated line a row, as :data:`revertant.offtarget.stream.rows.COLUMNS` names them.

    Parameters
    ----------
    guide, is_minus, edits, columns, bases, pams
        The columns of :class:`revertant.offtarget.matching.found.FoundSites`.
    contig, start, end, cfd, tier, place, distance, carrier
        Where each site lies, its score and tier, indexes into the texts of what lies there and of who has it, and
        the distance to the nearest gene, -1 for none.
    spacers, sizes, pam_sizes, is_five_prime
        For each guide: its letters 5'→3' in ``TEXT_BYTES`` bytes, how many, its PAM's length, and whether the PAM
        lies 5'.
    letter_of
        The letter of each base set.
    names, contigs, places, carriers
        Texts end to end; the ``_ends`` say where each one ends.
    out
        Room for all rows.

    Returns
    -------
    int
        Bytes written.
    """
    at, depth = 0, bases.shape[1]
    out_at, spacers_at, names_at, contigs_at = (
        address(out),
        address(spacers),
        address(names),
        address(contigs),
    )
    places_at, carriers_at = address(places), address(carriers)
    bases_at, letters_at = address(bases), address(letter_of)
    for row in range(guide.size):
        g = guide[row]
        size, forward = sizes[g], is_five_prime[g]
        at = _text(names_at, name_ends, g, out_at, at)
        out[at] = _TAB
        at = _text(contigs_at, contig_ends, contig[row], out_at, at + 1)
        out[at] = _TAB
        at = _number(start[row] + 1, out, at + 1)
        out[at] = _TAB
        at = _number(end[row], out, at + 1)
        out[at] = _TAB
        out[at + 1] = _MINUS if is_minus[row] else _PLUS
        out[at + 2] = _TAB
        at += 3
        for k in range(pam_sizes[g]):
            index = k if forward else pam_sizes[g] - 1 - k
            out[at] = letter_of[pams[row] >> np.uint64(4 * index) & np.uint64(15)]
            at += 1
        out[at] = _TAB
        at += 1
        # The DNA's letters, in the order in which they are written, as 32 bytes that begin or end with the row's.
        first = row * depth if forward else row * depth + size - TEXT_BYTES
        if columns[row] == 0 and first >= 0 and first + TEXT_BYTES <= bases.size:
            copy_text(spacers_at + np.uint64(g * TEXT_BYTES), out_at + np.uint64(at))
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
        out[at] = _TAB
        at = _share(cfd[row], out, at + 1)
        out[at] = _TAB
        at = _number(np.int64(tier[row]), out, at + 1)
        out[at] = _TAB
        at = _text(places_at, place_ends, place[row], out_at, at + 1)
        out[at] = _TAB
        at += 1
        if distance[row] >= 0:
            at = _number(distance[row], out, at)
        out[at] = _TAB
        at = _text(carriers_at, carrier_ends, carrier[row], out_at, at + 1)
        out[at] = _NEWLINE
        at += 1
    return at
