"""All clusters of a person's variants as columns, and which of them a guide can reach.

A whole genome has millions of clusters, and nearly none of them matters for a given guide. So the windows of all of
them are written by a compiled kernel and searched like any sequence; only clusters in which something was found, or
that lie over a site of the reference, are then looked at one by one, by the exact rules of
:mod:`revertant.offtarget.person.patient`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from revertant.genome import PatientGenome, PlacedCalls
from revertant.model import Locus, OffTargetRequest
from revertant.offtarget.matching.guides import MASK_OF_BYTE
from revertant.offtarget.matching.hit import reach_of
from revertant.offtarget.matching.pieces import Batch
from revertant.offtarget.person.delta import Cluster

__all__ = ["ClusterTable", "active_clusters", "cluster_table"]

Numbers = NDArray[np.int64]

#: Reference bases read at a time, and places written at a time.
_CHUNK = 1 << 22
_ROOM = 1 << 22


@dataclass(frozen=True, slots=True)
class ClusterTable:
    """The clusters of one stretch of the reference, in genome order.

    Parameters
    ----------
    stretch, number
        The stretch, and its index.
    reach
        The longest stretch a site can cover, PAM included.
    low, high
        The core of each cluster: from the first changed base to the last, with a base on either side.
    first_call, last_call
        Its calls: rows of ``placed``, half-open.
    placed
        The calls of the contig.
    """

    stretch: Locus
    number: int
    reach: int
    low: Numbers
    high: Numbers
    first_call: Numbers
    last_call: Numbers
    placed: PlacedCalls

    def __len__(self) -> int:
        return len(self.low)

    def over(self, start: Numbers, end: Numbers) -> Numbers:
        """Return the cluster whose core each interval overlaps, -1 for none; no interval overlaps two."""
        place = np.searchsorted(self.high, start, side="right")
        inside = np.minimum(place, max(len(self) - 1, 0))
        hits = (place < len(self)) & (self.low[inside] < end) if len(self) else np.zeros(len(start), bool)
        return np.where(hits, place, -1)

    def cluster(self, genome: PatientGenome, index: int) -> Cluster:
        """Return one cluster with every sequence the person may carry around it."""
        stretch = self.stretch
        low, high = int(self.low[index]), int(self.high[index])
        around = Locus(
            stretch.contig, max(low - self.reach, stretch.start), min(high + self.reach, stretch.end)
        )
        return Cluster(stretch, self.number, Locus(stretch.contig, low, high), genome.windows(around))


def cluster_table(genome: PatientGenome, stretch: Locus, number: int, reach: int) -> ClusterTable:
    """Group the calls on a stretch: two belong together when one site could touch both.

    Parameters
    ----------
    genome
        The person's genome.
    stretch, number
        A window of the reference, and its index.
    reach
        The longest stretch a site can cover, PAM included.

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> from revertant.model import Call, Variant
    >>> reference = Reference.from_sequences({"chr1": "ACGT" * 30})
    >>> calls = [Call(Variant("chr1", at, "A", "G"), (True, True)) for at in (8, 20, 80)]
    >>> table = cluster_table(PatientGenome(reference, calls), reference.windows[0], 0, 23)
    >>> table.low.tolist(), table.high.tolist(), table.last_call.tolist()
    ([7, 79], [22, 82], [2, 3])
    """
    placed = genome.placed(stretch.contig)
    first = int(np.searchsorted(np.maximum.accumulate(placed.touch_end), stretch.start, side="right"))
    last = int(np.searchsorted(placed.touch_start, stretch.end, side="left"))
    rows = np.arange(first, last)[placed.touch_end[first:last] > stretch.start]
    if not len(rows):
        none = np.zeros(0, np.int64)
        return ClusterTable(stretch, number, reach, none, none, none, none, placed)
    # A base more on either side: an insertion belongs to the base at its left.
    low = np.maximum(placed.start[rows] - 1, 0)
    high = placed.start[rows] + placed.ref_size[rows] + 1
    order = np.argsort(low, kind="stable")
    reached = np.maximum.accumulate(high[order])
    is_new = np.ones(len(rows), np.bool_)
    is_new[1:] = low[order][1:] - reached[:-1] >= reach
    firsts = np.flatnonzero(is_new)
    cluster = np.empty(len(rows), np.int64)
    cluster[order] = np.cumsum(is_new) - 1
    # Clusters lie apart, so they have the same order whichever edge calls are sorted by.
    begin = np.searchsorted(cluster, np.arange(len(firsts)))
    end = np.append(begin[1:], len(rows))
    return ClusterTable(
        stretch,
        number,
        reach,
        np.maximum(low[order][firsts], stretch.start),
        np.minimum(np.append(reached[firsts[1:] - 1], reached[-1]), stretch.end),
        rows[begin],
        rows[end - 1] + 1,
        placed,
    )


def active_clusters(
    genome: PatientGenome,
    table: ClusterTable,
    requests: Sequence[OffTargetRequest],
    progress: Callable[[int], None] | None = None,
) -> Numbers:
    """Return the clusters in whose windows some guide finds a site, and those only the slow way can write.

    Parameters
    ----------
    genome
        The person's genome.
    table
        Its clusters on one stretch.
    requests
        The guides; all of them must fit the kernels.
    progress
        Called with the number of reference bases done since the last call.
    """
    # Compiled code is loaded where it is used: most searches are small and never need it.
    from revertant.offtarget.kernels.delta import MOST_GROUPS  # noqa: PLC0415
    from revertant.offtarget.kernels.loading import load_delta  # noqa: PLC0415
    from revertant.offtarget.matching.blocks import in_order  # noqa: PLC0415
    from revertant.offtarget.matching.compiled import found_in  # noqa: PLC0415
    from revertant.offtarget.matching.guides import group_guides  # noqa: PLC0415

    load_delta()
    groups = group_guides(requests)
    gap = max(reach_of(request) for request in requests)

    def search(written: tuple[Batch, Numbers, int]) -> tuple[Numbers, int]:
        batch, clusters, bases = written
        hits = [np.unique(found.sequence) for found in found_in(batch, groups)]
        return clusters[np.concatenate(hits)] if hits else np.zeros(0, np.int64), bases

    active = [_crowded(table, MOST_GROUPS)]
    for some, bases in in_order(search, _written(genome, table, gap)):
        active.append(some)
        if progress is not None:
            progress(bases)
    return np.unique(np.concatenate(active))


def _crowded(table: ClusterTable, most: int) -> Numbers:
    """Clusters with more groups of unknown phase to each other than the kernel writes."""
    crowded = np.flatnonzero(table.last_call - table.first_call > most)
    groups = table.placed.group
    return np.array(
        [
            index
            for index in crowded.tolist()
            if len(set(groups[table.first_call[index] : table.last_call[index]].tolist()) - {-1}) > most
        ],
        np.int64,
    )


def _written(genome: PatientGenome, table: ClusterTable, gap: int) -> Iterator[tuple[Batch, Numbers, int]]:
    """Write the windows of all clusters, some at a time; with them how many reference bases are done since."""
    from revertant.offtarget.kernels.delta import compose_windows  # noqa: PLC0415

    stretch, placed = table.stretch, table.placed
    low = np.maximum(table.low - table.reach, stretch.start)
    high = np.minimum(table.high + table.reach, stretch.end)
    first, reached = 0, stretch.start
    while first < len(table):
        origin = int(low[first])
        last = max(int(np.searchsorted(high, origin + _CHUNK, side="right")), first + 1)
        letters = genome.reference.fetch(stretch.contig, origin, int(high[last - 1])).encode("ascii")
        # A copy, since compiled code has another form for arrays that may not be written.
        text = np.frombuffer(letters, np.uint8).copy()
        at, room = 0, _ROOM
        while at < last - first:
            masks = np.zeros(room, np.uint8)
            offsets, sizes, clusters = (np.empty(room // 16, np.int64) for _ in range(3))
            following, count, used = compose_windows(
                text, origin, low[first:last], high[first:last],
                table.first_call[first:last], table.last_call[first:last], at,
                placed.start, placed.ref_size, placed.alt_offset, placed.alt_size, placed.pool,
                placed.group, placed.copy, MASK_OF_BYTE, gap, masks, offsets, sizes, clusters,
            )  # fmt: skip
            if following == at:
                room *= 4
                continue
            at = following
            done = int(high[first + at - 1])
            yield (
                _batch(masks[: used + gap], offsets[:count], sizes[:count]),
                first + clusters[:count],
                done - reached,
            )
            reached = done
        first = last


def _batch(masks: NDArray[np.uint8], offsets: Numbers, sizes: Numbers) -> Batch:
    """Windows laid out as the search takes them; each owns all of itself."""
    nothing = np.zeros(len(offsets), np.int64)
    return Batch((), offsets, masks, np.arange(len(offsets)), nothing, sizes, nothing, sizes)
