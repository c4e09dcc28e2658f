"""Lays a person's calls over the reference: where each lies, which cannot be applied, and where that leaves doubt.

A call that is not applied is something the person has all the same, or a contradiction in what was said of them. So
over the stretch it concerns no sequence is certain, whatever the calls beside it say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from revertant.genome.call_columns import Codes, Numbers
from revertant.genome.call_table import CallTable
from revertant.genome.haplotype import touched
from revertant.genome.phasing import CLASHES, MANY_COPIES, NOT_SPELT, TWICE_DIFFERENTLY
from revertant.genome.placement import Fallen, PlacedCalls, place_table, spelling_of
from revertant.genome.reference import Reference
from revertant.genome.repeat_doubts import placeless_rows, repeated_rows
from revertant.genome.repeats import Written, crossed_rows, file_places, written_back
from revertant.model import Locus

__all__ = ["UNCOVERED", "Laid", "lay"]

UNCOVERED = "lies on no base that the reference covers"
_UNKNOWN_CONTIG = "contig is not in the reference"
#: Reasons that leave it open what a copy holds. A star or a repetition points at a call that is applied.
_DOUBTFUL = frozenset({CLASHES, MANY_COPIES, NOT_SPELT, TWICE_DIFFERENTLY})


@dataclass(frozen=True, slots=True)
class Laid:
    """Calls laid over a reference.

    Parameters
    ----------
    calls
        Every call, in the order given.
    contigs
        Those that are applied, by contig in the reference's spelling.
    fallen
        Row and reason of each that is not.
    written
        Those that lie where the file has them, not at their leftmost place.
    doubts
        By contig, the stretches over which what a copy holds is not certain; apart from each other, in order.
    """

    calls: CallTable
    contigs: dict[str, PlacedCalls]
    fallen: Fallen
    written: Written
    doubts: dict[str, tuple[Locus, ...]]


def lay(table: CallTable, reference: Reference) -> Laid:
    """Lay calls over the contigs of a reference.

    Parameters
    ----------
    table
        The calls; an indel that was moved left knows how far.
    reference
        The reference they were made on.

    Examples
    --------
    >>> from revertant.model import Call, Variant
    >>> reference = Reference.from_sequences({"chr1": "GGTTCACACACAGGTTGG"})
    >>> indel, snv = Variant("chr1", 4, "CA", ""), Variant("chr1", 6, "C", "T")
    >>> laid = lay(CallTable.of([Call(indel, (True, True), moved=6), Call(snv, (True, True))]), reference)
    >>> laid.contigs["chr1"].start.tolist(), laid.fallen
    ([6, 10], [])
    """
    spellings: dict[str, int] = {}
    known = np.array(
        [
            spellings.setdefault(reference.canonical_contig(name), len(spellings))
            if reference.has_contig(name)
            else -1
            for name in table.contigs
        ],
        np.int64,
    )
    contig = known[table.contig]
    fallen = [(row, _UNKNOWN_CONTIG) for row in np.flatnonzero(contig < 0).tolist()]
    covered = _spans(reference, list(spellings))
    outside = _uncovered(table, contig, covered)
    table, written, moved, repeated = _in_their_places(table, contig, outside)
    outside = np.setdiff1d(outside, written.rows)
    still = written.rows[_uncovered(written.calls, contig[written.rows], covered)]
    outside = np.union1d(outside, still)
    fallen += [(row, UNCOVERED) for row in outside.tolist()]
    contig[outside] = -1
    placeless = placeless_rows(table, contig, reference)
    open_rows = np.union1d(repeated, np.array([*placeless], np.int64))
    spelling = spelling_of(table)
    found, first, counts = np.unique(contig, return_index=True, return_counts=True)
    rows = np.split(np.argsort(contig, kind="stable"), np.cumsum(counts)[:-1])
    names = list(spellings)
    placed: dict[str, PlacedCalls] = {}
    doubts = {}
    for place in np.argsort(first).tolist():  # contigs in the order in which their calls come
        if found[place] < 0:
            continue
        name = names[found[place]]
        placed[name], lost = place_table(table, rows[place], spelling, written)
        fallen += lost
        doubtful = [row for row, reason in lost if reason in _DOUBTFUL]
        doubtful += open_rows[contig[open_rows] == found[place]].tolist()
        if doubtful:
            which = np.array(doubtful, np.int64)
            spans = np.array([touched(call.variant) for call in written.laid(table, which)], np.int64)
            spans[:, 0] -= moved[which]
            spans[:, 1] += [placeless.get(row, 0) for row in doubtful]
            doubts[name] = _doubts(spans, placed[name], name)
    return Laid(table, placed, fallen, written, doubts)


def _in_their_places(
    table: CallTable, contig: Numbers, outside: Numbers
) -> tuple[CallTable, Written, Codes, Numbers]:
    """Put back what was moved over another call, or off the covered bases.

    Returned with it: by how many bases each call was moved, and those the file has several times in one repeat.
    """
    none = np.zeros(0, np.int64)
    if not table.has_moved:
        return table, Written.nothing(table), np.broadcast_to(np.int32(0), len(table)), none
    moved = file_places(table)
    crossed = crossed_rows(table, contig, moved)
    back = np.union1d(crossed.rows, outside[moved[outside] > 0])
    repeated = repeated_rows(table, crossed, moved)
    return *written_back(table, back, moved), moved, repeated


def _uncovered(table: CallTable, contig: Numbers, spans: Sequence[Numbers]) -> Numbers:
    """Rows of calls that touch no covered base: an insertion before the first base of a window is the usual one.

    ``spans`` are the starts and ends of what is covered, for the number of each contig.
    """
    found = [np.zeros(0, np.int64)]
    for code, (low, high) in enumerate(spans):
        rows = np.flatnonzero(contig == code)
        start = table.start[rows]
        place = np.searchsorted(low, start - 1, side="right") - 1
        # Most lie inside, with a base on either side; only the others are looked at.
        inside = (place >= 0) & (start + np.maximum(table.ref_size[rows], 1) <= high[place])
        rows = rows[~inside]
        places = [touched(call.variant) for call in table.take(rows)]
        kept = [bool(((low < end) & (start < high)).any()) for start, end in places]
        found.append(rows[~np.array(kept, np.bool_)])
    return np.sort(np.concatenate(found))


def _spans(reference: Reference, names: Sequence[str]) -> list[Numbers]:
    """Starts and ends of what the reference covers of each contig."""
    by_name: dict[str, list[tuple[int, int]]] = {name: [] for name in names}
    for window in reference.windows:
        if window.contig in by_name:
            by_name[window.contig].append((window.start, window.end))
    return [np.array(by_name[name], np.int64).T for name in names]


def _doubts(spans: Numbers, placed: PlacedCalls, contig: str) -> tuple[Locus, ...]:
    """Stretches of calls, each with those of the applied calls that it meets; joined where they meet."""
    low, high = np.maximum(spans[:, 0], 0), spans[:, 1]
    if len(placed):
        reach = np.maximum.accumulate(placed.touch_end)
        first = np.searchsorted(reach, low, side="right")
        last = np.searchsorted(placed.touch_start, high, side="left")
        meets = first < last
        low[meets] = np.minimum(low[meets], placed.touch_start[first[meets]])
        high[meets] = np.maximum(high[meets], reach[last[meets] - 1])
    joined: list[list[int]] = []
    for start, end in sorted(zip(low.tolist(), high.tolist(), strict=True)):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return tuple(Locus(contig, start, end) for start, end in joined)
