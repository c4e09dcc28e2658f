"""Writes the sequences a person may carry around their variants, millions of them, for the search to read.

It is :func:`revertant.genome.haplotype.compose` over arrays: reference bases are copied up to a variant, then its
alternative bases, and so on. Only what can be searched comes out; which window is which variant's, in which copy, is
worked out again, by the slow and exact way, for the few clusters where something is found.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels.cache import kernel

__all__ = ["MOST_GROUPS", "compose_windows"]

#: Clusters with more groups of unknown phase than this are left to the slow way: 2 to the power of it is its cap.
MOST_GROUPS = 6


@kernel
def _groups_of(group: Any, first: int, last: int, names: Any) -> int:
    """Write the distinct groups of some calls; return how many, at most one more than there is room for."""
    count = 0
    for call in range(first, last):
        if group[call] < 0:
            continue
        known = False
        for k in range(count):
            if names[k] == group[call]:
                known = True
                break
        if not known:
            if count == names.size:
                return count + 1
            names[count] = group[call]
            count += 1
    return count


@kernel
def _is_chosen(group: int, copy: int, names: Any, count: int, pattern: int) -> bool:
    """Whether a call lies on the copies a pattern chooses: bit k is the copy taken of group k."""
    if group < 0:
        return True
    for k in range(count):
        if names[k] == group:
            return (pattern >> k & 1) == copy
    return False


@kernel
def _write_window(
    reference: Any,
    origin: int,
    low: int,
    high: int,
    first_call: int,
    last_call: int,
    start: Any,
    ref_size: Any,
    alt_offset: Any,
    alt_size: Any,
    pool: Any,
    group: Any,
    copy: Any,
    mask_of: Any,
    names: Any,
    count: int,
    pattern: int,
    masks: Any,
    at: int,
) -> int:
    """Write one window of one cluster; return where it ends, or where it began when no variant is in it."""
    changed = False
    reached = low
    begin = at
    for call in range(first_call, last_call):
        if not _is_chosen(group[call], copy[call], names, count, pattern):
            continue
        here = start[call]
        upto = np.int64(alt_size[call])
        if ref_size[call] > 0:
            left = max(here, low)
            right = min(here + ref_size[call], high)
            if left >= right:
                continue
            if right < here + ref_size[call]:
                upto = min(upto, right - here)
            skip = left - here
        else:
            anchor = max(here - 1, 0)
            if anchor < low or anchor >= high:
                continue
            left = right = here
            skip = 0
        for position in range(reached, left):
            masks[at] = mask_of[reference[position - origin]]
            at += 1
        for k in range(skip, upto):
            masks[at] = mask_of[pool[alt_offset[call] + k]]
            at += 1
        reached = right
        changed = True
    if not changed:
        return begin
    for position in range(reached, high):
        masks[at] = mask_of[reference[position - origin]]
        at += 1
    return at


@kernel
def compose_windows(
    reference: Any,
    origin: int,
    low: Any,
    high: Any,
    first_call: Any,
    last_call: Any,
    first: int,
    start: Any,
    ref_size: Any,
    alt_offset: Any,
    alt_size: Any,
    pool: Any,
    group: Any,
    copy: Any,
    mask_of: Any,
    gap: int,
    masks: Any,
    offsets: Any,
    sizes: Any,
    clusters: Any,
) -> tuple[int, int, int]:
    """Write the windows of clusters, as base sets, end to end with gaps of "no base" between them.

    Parameters
    ----------
    reference
        Letters of the reference, upper case, from position ``origin`` on.
    origin
        Position of the first of them.
    low, high
        For each cluster, the stretch to write.
    first_call, last_call
        Its calls, half-open.
    first
        The cluster to begin with.
    start, ref_size, alt_offset, alt_size, pool, group, copy
        The calls, as :class:`revertant.genome.PlacedCalls` holds them.
    mask_of
        The base set of each letter.
    gap
        Empty places before, between and after windows.
    masks
        Where to write; all zero.
    offsets, sizes, clusters
        Where each window begins, its length, and its cluster.

    Returns
    -------
    tuple of int
        The cluster to go on from (how many there are, when done), how many windows were written, and how many
        places of ``masks`` are used. Clusters with more than ``MOST_GROUPS`` groups are passed over, and so are
        windows without a variant.
    """
    names = np.empty(MOST_GROUPS, np.int64)
    at = gap
    windows = 0
    for cluster in range(first, low.size):
        count = _groups_of(group, first_call[cluster], last_call[cluster], names)
        if count > MOST_GROUPS:
            continue
        longest = high[cluster] - low[cluster] + gap
        for call in range(first_call[cluster], last_call[cluster]):
            longest += alt_size[call]
        patterns = 1 << count
        if windows + patterns > offsets.size or at + patterns * longest > masks.size:
            return cluster, windows, at
        for pattern in range(patterns):
            begin = at
            at = _write_window(
                reference, origin, low[cluster], high[cluster], first_call[cluster], last_call[cluster],
                start, ref_size, alt_offset, alt_size, pool, group, copy, mask_of, names, count, pattern,
                masks, begin,
            )  # fmt: skip
            if at == begin:
                continue
            offsets[windows] = begin
            sizes[windows] = at - begin
            clusters[windows] = cluster
            windows += 1
            at += gap
    return low.size, windows, at
