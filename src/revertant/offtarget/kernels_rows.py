"""Rows of text from blocks of sites, compiled: writing, not matching, is what large jobs wait for."""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels_cache import kernel

__all__ = ["format_block"]

_TAB, _NEWLINE, _GAP, _PLUS, _MINUS, _ZERO, _POINT = 9, 10, 45, 43, 45, 48, 46
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
def _text(texts: Any, ends: Any, index: int, out: Any, at: int) -> int:
    """Write one of the texts that lie end to end; return where it ends."""
    for k in range(ends[index - 1] if index else 0, ends[index]):
        out[at] = texts[k]
        at += 1
    return at


@kernel
def _share(value: float, out: Any, at: int) -> int:
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
) -> int:
    """Write one tab-separated line a row, as :data:`revertant.offtarget.rows.COLUMNS` names them.

    Parameters
    ----------
    guide, is_minus, edits, columns, bases, pams
        The columns of :class:`revertant.offtarget.found.FoundSites`.
    contig, start, end, cfd, tier, place, distance, carrier
        Where each site lies, its score and tier, indexes into the texts of what lies there and of who has it, and
        the distance to the nearest gene, -1 for none.
    spacers, sizes, pam_sizes, is_five_prime
        For each guide: its letters outward, how many, its PAM's length, and whether the PAM lies 5'.
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
    at = 0
    top, low = np.empty(64, np.uint8), np.empty(64, np.uint8)
    for row in range(guide.size):
        g = guide[row]
        size, forward = sizes[g], is_five_prime[g]
        at = _text(names, name_ends, g, out, at)
        out[at] = _TAB
        at = _text(contigs, contig_ends, contig[row], out, at + 1)
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
            index = column if forward else wide - 1 - column
            out[at + column] = top[index]
            out[at + wide + 1 + column] = low[index]
        out[at + wide] = out[at + 2 * wide + 1] = _TAB
        at += 2 * wide + 2
        for kind in range(3):
            at = _number(edits[row, kind], out, at)
            out[at] = _TAB
            at += 1
        at = _share(cfd[row], out, at)
        out[at] = _TAB
        at = _number(tier[row], out, at + 1)
        out[at] = _TAB
        at = _text(places, place_ends, place[row], out, at + 1)
        out[at] = _TAB
        at += 1
        if distance[row] >= 0:
            at = _number(distance[row], out, at)
        out[at] = _TAB
        at = _text(carriers, carrier_ends, carrier[row], out, at + 1)
        out[at] = _NEWLINE
        at += 1
    return at
