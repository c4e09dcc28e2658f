"""Calls as columns: a whole genome's four to five million calls in some forty bytes each.

A :class:`CallTable` is a sequence of :class:`~revertant.model.Call` like a tuple, and equal to one, but it keeps
numbers: objects are made for the rows somebody looks at, and thrown away again. Texts that many rows share (contig,
phase set, origin, which copies carry the call) are kept once and named by number; the letters of all alleles lie
end to end in one pool. Code that works on millions of calls reads the columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from revertant.genome.call_columns import CallColumns, Codes, Columns, Numbers, Source
from revertant.model import Call, Variant

__all__ = ["CallTable", "variant_order"]

#: Rows turned into objects at a time when a table is iterated.
_ROWS = 8192


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CallTable(Sequence[Call]):
    """An immutable sequence of calls, held as columns; its arrays are to be read, never written.

    Parameters
    ----------
    contigs, phase_sets, patterns, sources
        The distinct contig names, phase sets, ``copies``, and pairs of ``origin`` and ``moved`` that the columns
        name by number.
    contig
        Index into ``contigs``.
    start
        0-based start of the variant.
    ref_size, alt_size
        Bytes of its alleles.
    offset
        Where REF lies in ``pool``; ALT follows it.
    copies
        Index into ``patterns``.
    phase_set
        Index into ``phase_sets``; -1 for none.
    source
        Index into ``sources``.
    pool
        The letters of all alleles.

    Examples
    --------
    >>> table = CallTable.of([Call(Variant("chr1", 5, "A", "GT"), (True, False), "7")])
    >>> len(table), table.start.tolist(), table.alt_size.tolist(), str(table[0].variant)
    (1, [5], [2], 'chr1:6:A:GT')
    >>> table == (Call(Variant("chr1", 5, "A", "GT"), (True, False), "7"),)
    True
    """

    contigs: tuple[str, ...]
    phase_sets: tuple[str, ...]
    patterns: tuple[tuple[bool, ...], ...]
    sources: tuple[Source, ...]
    contig: Codes
    start: Numbers
    ref_size: Codes
    alt_size: Codes
    offset: Numbers
    copies: Codes
    phase_set: Codes
    source: Codes
    pool: NDArray[np.uint8]

    @classmethod
    def of(cls, calls: Iterable[Call]) -> CallTable:
        """Make a table of calls, in their order; a table stays as it is."""
        if isinstance(calls, CallTable):
            return calls
        columns = CallColumns()
        for call in calls:
            columns.append(call)
        return cls.from_columns(columns)

    @classmethod
    def from_columns(cls, columns: CallColumns) -> CallTable:
        """Make a table of collected columns, which are emptied."""
        contigs, phase_sets = tuple(columns.contigs), tuple(columns.phase_sets)
        patterns, sources = tuple(columns.patterns), tuple(columns.sources)
        return cls(contigs, phase_sets, patterns, sources, *columns.taken())

    def __len__(self) -> int:
        return len(self.start)

    def __iter__(self) -> Iterator[Call]:
        for low in range(0, len(self), _ROWS):
            yield from self._calls(slice(low, low + _ROWS))

    @overload
    def __getitem__(self, index: int) -> Call: ...
    @overload
    def __getitem__(self, index: slice) -> CallTable: ...
    def __getitem__(self, index: int | slice) -> Call | CallTable:
        if isinstance(index, slice):
            return self.take(index)
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            msg = f"the table has {len(self)} calls, no call {index}"
            raise IndexError(msg)
        return self._calls(slice(place, place + 1))[0]

    def __contains__(self, call: object) -> bool:
        if not isinstance(call, Call):
            return False
        return any(one == call for one in self.take(np.flatnonzero(self.start == call.variant.start)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (CallTable, tuple)):
            return NotImplemented
        return len(self) == len(other) and all(one == same for one, same in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        shown = ", ".join(repr(call) for call in self[:3])
        return f"CallTable({len(self)} calls: {shown}{', ...' if len(self) > 3 else ''})"

    def take(self, rows: Numbers | slice) -> CallTable:
        """Return the table of some rows, in the order asked for; letters are shared, not copied.

        Examples
        --------
        >>> calls = [Call(Variant("chr1", at, "A", "G"), (True,)) for at in (3, 1, 2)]
        >>> [call.variant.start for call in CallTable.of(calls).take(np.array([1, 2]))]
        [1, 2]
        """
        return CallTable(
            self.contigs,
            self.phase_sets,
            self.patterns,
            self.sources,
            self.contig[rows],
            self.start[rows],
            self.ref_size[rows],
            self.alt_size[rows],
            self.offset[rows],
            self.copies[rows],
            self.phase_set[rows],
            self.source[rows],
            self.pool,
        )

    def of_variant(self, variant: Variant) -> tuple[Call, ...]:
        """Return the calls of one variant, in their order.

        Examples
        --------
        >>> one, two = (Call(Variant("chr1", 5, "A", base), (True,)) for base in "CG")
        >>> CallTable.of([one, two]).of_variant(two.variant) == (two,)
        True
        """
        near = self.take(np.flatnonzero(self.start == variant.start))
        return tuple(call for call in near if call.variant == variant)

    def without(self, calls: Iterable[Call]) -> CallTable:
        """Return the table without some calls.

        Examples
        --------
        >>> one, two = (Call(Variant("chr1", 5, "A", base), (True,)) for base in "CG")
        >>> CallTable.of([one, two]).without([one]) == (two,)
        True
        """
        gone = set(calls)
        starts = np.array([call.variant.start for call in gone], np.int64)
        rows = np.flatnonzero(np.isin(self.start, starts))
        kept = np.ones(len(self), np.bool_)
        kept[rows] = [call not in gone for call in self.take(rows)]
        return self if kept.all() else self.take(np.flatnonzero(kept))

    def columns(self) -> Columns:
        """Return the columns alone."""
        return Columns(
            self.contig,
            self.start,
            self.ref_size,
            self.alt_size,
            self.offset,
            self.copies,
            self.phase_set,
            self.source,
            self.pool,
        )

    def extended(self, calls: Iterable[Call]) -> CallTable:
        """Return the table with more calls after its own.

        Examples
        --------
        >>> one, two = (Call(Variant("chr1", 5, "A", base), (True,)) for base in "CG")
        >>> CallTable.of([one]).extended([two]) == (one, two)
        True
        """
        more = tuple(calls)
        if not more:
            return self
        columns = CallColumns(self.contigs, self.phase_sets, self.patterns, self.sources)
        columns.extend(self.columns())
        for call in more:
            columns.append(call)
        return CallTable.from_columns(columns)

    def lacking(self, calls: Iterable[Call]) -> tuple[Call, ...]:
        """Return those of some calls that the table does not hold, in their order.

        Examples
        --------
        >>> one, two = (Call(Variant("chr1", 5, "A", base), (True,)) for base in "CG")
        >>> CallTable.of([one]).lacking([one, two]) == (two,)
        True
        """
        asked = tuple(calls)
        starts = np.array([call.variant.start for call in asked], np.int64)
        known = set(self.take(np.flatnonzero(np.isin(self.start, starts))))
        return tuple(call for call in asked if call not in known)

    @property
    def is_heterozygous(self) -> NDArray[np.bool_]:
        """For each call, whether some copies carry it and others do not."""
        return np.array([not all(pattern) for pattern in self.patterns], np.bool_)[self.copies]

    @property
    def is_phased(self) -> NDArray[np.bool_]:
        """For each call, whether it is known which copies carry it (always so when all do)."""
        return (self.phase_set >= 0) | ~self.is_heterozygous

    @property
    def moved(self) -> Codes:
        """For each call, by how many bases it was moved left when it was normalised."""
        return np.array([moved for _, moved in self.sources], np.int32)[self.source]

    @property
    def has_moved(self) -> bool:
        """Whether some call may have been moved; quick to say."""
        return any(moved for _, moved in self.sources)

    def letters(self, row: int) -> tuple[bytes, bytes]:
        """Return REF and ALT of one row as bytes, which sort as the alleles do."""
        middle = self.offset[row] + self.ref_size[row]
        alt = self.pool[middle : middle + self.alt_size[row]]
        return self.pool[self.offset[row] : middle].tobytes(), alt.tobytes()

    def _calls(self, rows: slice) -> list[Call]:
        starts, offsets = self.start[rows].tolist(), self.offset[rows].tolist()
        refs, alts = self.ref_size[rows].tolist(), self.alt_size[rows].tolist()
        made = []
        pool = self.pool
        for contig, start, ref, alt, offset, copies, phase_set, source in zip(
            self.contig[rows].tolist(), starts, refs, alts, offsets, self.copies[rows].tolist(),
            self.phase_set[rows].tolist(), self.source[rows].tolist(), strict=True,
        ):  # fmt: skip
            text = pool[offset : offset + ref + alt].tobytes()
            variant = Variant(
                self.contigs[contig],
                start,
                text[:ref].decode("utf-8", "surrogatepass"),
                text[ref:].decode("utf-8", "surrogatepass"),
            )
            phase = self.phase_sets[phase_set] if phase_set >= 0 else None
            made.append(Call(variant, self.patterns[copies], phase, *self.sources[source]))
        return made


def variant_order(table: CallTable, arrival: Numbers) -> tuple[Numbers, Numbers]:
    """Sort calls as their variants sort: by contig name, start, REF and ALT; then by how far they were moved.

    Equal ones keep the order of their arrival, then of their rows.

    Parameters
    ----------
    table
        The calls.
    arrival
        A number for each, small where it came early.

    Returns
    -------
    tuple of arrays
        The rows in order, and for each of them the row of the first call of the same variant in the same place.

    Examples
    --------
    >>> calls = [Call(Variant("chr1", 5, "A", alt), (True,)) for alt in "TGT"]
    >>> order, first = variant_order(CallTable.of(calls), np.arange(3))
    >>> order.tolist(), first.tolist()
    ([1, 0, 2], [1, 0, 0])
    """
    rank = np.zeros(len(table.contigs), np.int64)
    rank[sorted(range(len(rank)), key=table.contigs.__getitem__)] = np.arange(len(rank))
    order: Numbers = np.lexsort((table.start, rank[table.contig])).astype(np.int64)
    contig, start = table.contig[order], table.start[order]
    same = (contig[1:] == contig[:-1]) & (start[1:] == start[:-1])
    del contig, start
    first = order.copy()
    moved = np.array([moved for _, moved in table.sources], np.int64)
    # Few places have more than one call; there the letters decide.
    edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    for low, last in edges.reshape(-1, 2).tolist():
        high = last + 1
        rows = sorted(
            (*table.letters(row), int(moved[table.source[row]]), int(arrival[row]), row)
            for row in order[low:high].tolist()
        )
        for place, (*same_call, _, row) in enumerate(rows, start=low):
            order[place] = row
            again = place > low and list(rows[place - low - 1][:3]) == same_call
            first[place] = first[place - 1] if again else row
    return order, first
