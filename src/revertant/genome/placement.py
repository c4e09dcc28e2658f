"""Lays millions of calls over a contig at once; only those that meet others are weighed one by one.

Calls are trimmed and sorted by place. Two calls can clash only where one reaches into the other, or where both
insert at one place; so a run of calls without such a neighbour is settled by arithmetic on columns. The rest, some
percent of a genome, goes to :func:`revertant.genome.phasing.settle`, call by call. That may tie phase sets together
and swap their copies, which then holds for every call of the set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from revertant.genome.call_columns import Codes, Numbers
from revertant.genome.call_table import CallTable
from revertant.genome.phasing import CLASHES, MANY_COPIES, NOT_SPELT, STAR, Settled, settle
from revertant.genome.repeats import Written
from revertant.model import Call
from revertant.sequence import IUPAC_MASK

__all__ = ["Fallen", "PlacedCalls", "place_table", "spelling_of", "trimmed_columns"]

Bytes = NDArray[np.uint8]
#: Row of the table and the reason why it is not applied.
Fallen = list[tuple[int, str]]

_IS_LETTER = np.zeros(256, np.bool_)
_IS_LETTER[[ord(letter) for letter in IUPAC_MASK if letter != "U"]] = True


@dataclass(frozen=True, slots=True, eq=False)
class PlacedCalls:
    """The applied calls of one contig as sorted columns; to be read, never written.

    Sorted by the stretch a call belongs to (``touch_start``, ``touch_end``), then by the variant. All alleles are
    trimmed of the bases REF and ALT share, as ``haplotype.trimmed`` does.

    Parameters
    ----------
    start
        0-based start of the replaced bases (of the place between bases for an insertion).
    ref_size
        How many reference bases are replaced.
    alt_offset, alt_size
        The bases that stand there instead: a stretch of ``pool``.
    pool
        Upper-case letters; some belong to other calls.
    touch_start, touch_end
        The reference stretch a call belongs to, as ``haplotype.touched`` says: the replaced
        bases, or an insertion's anchor.
    group
        Calls of one group have a known phase to each other; -1 when every copy carries the call.
    copy
        Which copy (0 or 1) of its group carries the call; 0 without a group.
    row
        Index into the genome's ``calls``.
    named_groups
        Groups below this number are phase sets whose copies have names.
    """

    start: Numbers
    ref_size: Codes
    alt_offset: Numbers
    alt_size: Codes
    pool: Bytes
    touch_start: Numbers
    touch_end: Numbers
    group: Codes
    copy: Bytes
    row: Numbers
    named_groups: int = 0

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def empty(cls) -> PlacedCalls:
        """Make the columns of a contig without calls.

        Examples
        --------
        >>> len(PlacedCalls.empty())
        0
        """
        places, sizes, letters = np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint8)
        return cls(places, sizes, places, sizes, letters, places, places, sizes, letters, places)


def spelling_of(table: CallTable) -> NDArray[np.uint8]:
    """For each call 0 when its alleles are spelt out, 1 when ALT holds a star, 2 when they hold other letters.

    Examples
    --------
    >>> from revertant.model import Call, Variant
    >>> spelling_of(CallTable.of(Call(Variant("1", 5, "A", alt), (True,)) for alt in ("C", "*", "<DEL>"))).tolist()
    [0, 1, 2]
    """
    found = np.zeros(len(table), np.uint8)
    if _IS_LETTER[table.pool].all():
        return found
    middle = table.offset + table.ref_size
    end = middle + table.alt_size
    for code, is_wrong, start in (
        (2, ~_IS_LETTER[table.pool], table.offset),
        (1, table.pool == ord("*"), middle),
    ):
        before = np.concatenate([[0], np.cumsum(is_wrong)])
        found[before[end] > before[start]] = code
    return found


def trimmed_columns(table: CallTable) -> tuple[Numbers, Codes, Numbers, Codes]:
    """Return start, size of REF, and offset and size of ALT of trimmed alleles.

    Examples
    --------
    >>> from revertant.model import Call, Variant
    >>> [column.tolist() for column in trimmed_columns(CallTable.of([Call(Variant("1", 10, "CAG", "CG"), (True,))]))]
    [[11], [1], [4], [0]]
    """
    pool = table.pool
    start, ref_size, alt_size = table.start.copy(), table.ref_size.copy(), table.alt_size.copy()
    ref_at, alt_at = table.offset.copy(), table.offset + table.ref_size
    # Two alleles of one base differ, so there is nothing to trim.
    active = np.flatnonzero((np.minimum(ref_size, alt_size) > 0) & (np.maximum(ref_size, alt_size) > 1))
    rows = active
    while len(rows):
        same = pool[ref_at[rows] + ref_size[rows] - 1] == pool[alt_at[rows] + alt_size[rows] - 1]
        rows = rows[same]
        ref_size[rows] -= 1
        alt_size[rows] -= 1
        rows = rows[(ref_size[rows] > 0) & (alt_size[rows] > 0)]
    rows = active[(ref_size[active] > 0) & (alt_size[active] > 0)]
    while len(rows):
        rows = rows[pool[ref_at[rows]] == pool[alt_at[rows]]]
        for column, step in ((start, 1), (ref_at, 1), (alt_at, 1), (ref_size, -1), (alt_size, -1)):
            column[rows] += step
        rows = rows[(ref_size[rows] > 0) & (alt_size[rows] > 0)]
    return start, ref_size, alt_at, alt_size


def place_table(
    table: CallTable, rows: Numbers, spelling: NDArray[np.uint8], written: Written | None = None
) -> tuple[PlacedCalls, Fallen]:
    """Phase the calls of one contig and refuse those that cannot be applied, as ``place_calls`` does.

    Parameters
    ----------
    table
        The calls.
    rows
        Those of one contig, in their order.
    spelling
        What :func:`spelling_of` says of the whole table.
    written
        Those of its calls that lie where the file has them, not at their leftmost place.

    Returns
    -------
    tuple
        What is applied, and ``(row, reason)`` of what is not, in the order ``place_calls`` has.

    Examples
    --------
    >>> from revertant.model import Call, Variant
    >>> table = CallTable.of(Call(Variant("1", 5, "A", alt), (True, False)) for alt in "CG")
    >>> placed, fallen = place_table(table, np.arange(2), spelling_of(table))
    >>> placed.group.tolist(), placed.copy.tolist(), fallen
    ([0, 0], [0, 1], [])
    """
    own = table.take(rows) if written is None else written.laid(table, rows)
    why = spelling[rows]
    crowded = own.is_heterozygous & np.array([len(each) > 2 for each in table.patterns], np.bool_)[own.copies]
    fallen = [
        (index, index, MANY_COPIES if not why[index] else (STAR if why[index] == 1 else NOT_SPELT))
        for index in np.flatnonzero((why > 0) | crowded).tolist()
    ]
    start, ref_size, alt_at, alt_size = trimmed_columns(own)
    alone, meeting = _runs(start, ref_size, np.flatnonzero((why == 0) & ~crowded))
    calls = tuple(own.take(meeting))
    settled = settle(calls)
    met = meeting[np.array([settled.usable[place] for place in settled.accepted], np.int64)]
    group, copy, named = _phases(own, alone, calls, meeting, settled)
    touch_start = np.where(ref_size > 0, start, np.maximum(start - 1, 0))
    touch_end = np.where(ref_size > 0, start + ref_size, touch_start + 1)
    order = _in_order(own, np.concatenate([alone, met]), touch_start, touch_end)
    numbers, named_groups = _renumbered(group[order], named)
    placed = PlacedCalls(
        start[order],
        ref_size[order],
        alt_at[order],
        alt_size[order],
        table.pool,
        touch_start[order],
        touch_end[order],
        numbers,
        copy[order],
        rows[order],
        named_groups,
    )
    fallen += [(int(meeting[at]), int(meeting[index]), why) for at, index, why in settled.unusable]
    fallen.sort(key=lambda one: one[0])
    lost = [index for _, index, _ in fallen] + meeting[list(settled.clashing)].tolist()
    reasons = [reason for *_, reason in fallen] + [CLASHES] * len(settled.clashing)
    return placed, list(zip(rows[lost].tolist(), reasons, strict=True))


def _runs(start: Numbers, ref_size: Codes, usable: Numbers) -> tuple[Numbers, Numbers]:
    """Part the usable rows into those that meet no other and those that may clash; each in the order given."""
    order = usable[np.lexsort((ref_size[usable] > 0, start[usable]))]
    low, size = start[order], ref_size[order]
    reached = np.maximum.accumulate(low + size)
    inserts_again = (size[1:] == 0) & (size[:-1] == 0) & (low[1:] == low[:-1])
    joined = (reached[:-1] > low[1:]) | inserts_again
    meets = np.zeros(len(order), np.bool_)
    meets[1:] |= joined
    meets[:-1] |= joined
    return np.sort(order[~meets]), np.sort(order[meets])


def _phases(
    own: CallTable, alone: Numbers, calls: Sequence[Call], meeting: Numbers, settled: Settled
) -> tuple[Numbers, Bytes, int]:
    """Group and copy of each row. Groups below the number returned last are phase sets, the others single calls."""
    named = len(own.phase_sets)
    set_group, set_flip = np.arange(named), np.zeros(named, np.int64)
    number_of = {f"set {name}": number for number, name in enumerate(own.phase_sets)}
    for name in settled.groups.tied():
        if name in number_of:
            root, flip = settled.groups.root(name)
            set_group[number_of[name]], set_flip[number_of[name]] = number_of[root], flip
    group, copy = np.full(len(own), -1, np.int64), np.zeros(len(own), np.int64)
    carries = np.array([each.index(True) if not all(each) else 0 for each in own.patterns], np.int64)
    het = alone[own.is_heterozygous[alone]]
    phase_set = own.phase_set[het]
    # A call without a phase set is a group of its own.
    group[het] = named + het
    copy[het] = carries[own.copies[het]]
    het, phase_set = het[phase_set >= 0], phase_set[phase_set >= 0]
    group[het] = set_group[phase_set]
    copy[het] ^= set_flip[phase_set]
    for place in settled.accepted:
        index = settled.usable[place]
        if calls[index].is_heterozygous:
            root, side = settled.phase(place, calls[index])
            first = None if root in number_of else settled.single_call(root)
            copy[meeting[index]] = side
            group[meeting[index]] = number_of[root] if first is None else named + meeting[first]
    return group, copy.astype(np.uint8), named


def _in_order(own: CallTable, rows: Numbers, touch_start: Numbers, touch_end: Numbers) -> Numbers:
    """Sort rows by the stretch they belong to, then by variant."""
    order = rows[np.lexsort((touch_end[rows], touch_start[rows]))]
    same = np.diff(touch_start[order]) == 0
    same &= np.diff(touch_end[order]) == 0
    edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    for low, last in edges.reshape(-1, 2).tolist():
        tied = order[low : last + 1].tolist()
        tied.sort(key=lambda row: (own.contigs[own.contig[row]], int(own.start[row]), *own.letters(row)))
        order[low : last + 1] = tied
    return order


def _renumbered(group: Numbers, named: int) -> tuple[Codes, int]:
    """Number groups from 0 in the order they come: phase sets first, then single calls; -1 stays."""
    found, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    number = np.full(len(found), -1, np.int32)
    real = np.flatnonzero(found >= 0)
    order = real[np.lexsort((first[real], found[real] >= named))]
    number[order] = np.arange(len(order), dtype=np.int32)
    return number[inverse], int(np.count_nonzero(found[real] < named))
