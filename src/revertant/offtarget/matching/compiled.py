"""The index-free search: sites are packed on the way and searched by the compiled kernels.

It serves sequences in memory, PAMs too loose for a table, and no PAM at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from revertant.model import OffTargetRequest, Strand
from revertant.offtarget.kernels.loading import load_scan
from revertant.offtarget.kernels.sites import find_pams, gather_sites, slice_four_planes, write_planes
from revertant.offtarget.matching.blocks import NO_ALIGNMENT, Bank, aligned, in_order, matches
from revertant.offtarget.matching.found import FoundSites
from revertant.offtarget.matching.guides import GuideSet, group_guides, is_reversed
from revertant.offtarget.matching.hit import Hit, reach_of
from revertant.offtarget.matching.pieces import Batch, batches

__all__ = ["found_in", "scan_compiled", "scan_found"]

#: Positions of a strand whose sites are packed together.
_STRIDE = 1 << 18
_SAME = np.arange(256, dtype=np.uint8)
_UNCHECKED = np.zeros(0, np.uint64)


def scan_compiled(
    sequences: Iterable[str],
    requests: Sequence[OffTargetRequest],
    progress: Callable[[int], None] | None = None,
) -> tuple[tuple[Hit, ...], ...]:
    """Find every site of every guide in every sequence; as :func:`revertant.offtarget.matching.twin.scan_by_hand`."""
    found: list[list[Hit]] = [[] for _ in requests]
    for sites in scan_found(sequences, requests, progress):
        for index, hit in sites.hits(requests):
            found[index].append(hit)
    return tuple(tuple(sorted(hits)) for hits in found)


def scan_found(
    sequences: Iterable[str],
    requests: Sequence[OffTargetRequest],
    progress: Callable[[int], None] | None = None,
) -> Iterator[FoundSites]:
    """Give the sites found as columns, some at a time."""
    load_scan()
    groups = group_guides(requests)
    reach = max((reach_of(request) for request in requests), default=0)

    def search(batch: Batch) -> tuple[Batch, list[FoundSites]]:
        return batch, found_in(batch, groups)

    for batch, found in in_order(search, batches(sequences, reach)):
        yield from found
        if progress is not None:
            progress(batch.own_bases)


def found_in(batch: Batch, groups: Sequence[GuideSet]) -> list[FoundSites]:
    """Search one batch for all guides on both strands; the kernels must be loaded."""
    return [
        sites for guides in groups for strand in Strand for sites in _search_strand(batch, guides, strand)
    ]


def _search_strand(batch: Batch, guides: GuideSet, strand: Strand) -> Iterator[FoundSites]:
    size, turned, pattern = len(batch.masks), is_reversed(guides.side, strand), guides.pattern
    planes = np.empty((4, size // 64 + 4), np.uint64)
    write_planes(batch.masks, _SAME, turned, strand is Strand.MINUS, planes)
    last = size - len(pattern) + 1
    room = np.empty(min(_STRIDE, max(last, 0)) + 64, np.int64)
    for low in range(0, last, _STRIDE):
        count = find_pams(planes, pattern, low, min(low + _STRIDE, last), room)
        if count:
            yield from _search_positions(batch, guides, strand, planes, room[:count])


def _search_positions(
    batch: Batch,
    guides: GuideSet,
    strand: Strand,
    planes: NDArray[np.uint64],
    positions: NDArray[np.int64],
) -> Iterator[FoundSites]:
    size, depth = len(guides.pam), guides.depth
    words = np.empty((len(positions), 4), np.uint64)
    pams = np.empty(len(positions), np.uint64)
    gather_sites(planes, positions, size, depth, words, pams)
    made = -(-len(positions) // 512)
    packed = np.zeros(made * 4 * depth * 8, np.uint64)
    slice_four_planes(words, depth, packed)
    bank = Bank(packed, 4, len(positions), depth, _UNCHECKED)
    turned = is_reversed(guides.side, strand)
    for guide, site in matches(bank, guides, 0, made):
        at = positions[site]
        start = len(batch.masks) - at - size if turned else at
        piece = np.searchsorted(batch.offsets, start, side="right") - 1
        within = start - batch.offsets[piece]
        pam_start = batch.text_starts[piece] + within
        lengths = within if turned else batch.text_sizes[piece] - within - size
        edits, columns, bases = aligned(bank, guides, guide, site, np.minimum(lengths, depth))
        own = (batch.own_starts[piece] <= pam_start) & (pam_start < batch.own_ends[piece])
        keep = np.flatnonzero(own & (edits[:, 0] != NO_ALIGNMENT))
        if len(keep):
            yield FoundSites(
                np.array(guides.members, np.int32)[guide],
                batch.sequences[piece].astype(np.int32),
                pam_start,
                np.full(len(site), strand is Strand.MINUS),
                edits,
                columns,
                bases,
                pams[site],
            ).take(keep)
