"""Columns of calls while they are collected, one by one or many at a time."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from revertant.model import Call

__all__ = ["CallColumns", "Codes", "Columns", "Numbers", "Source"]

Codes = NDArray[np.int32]
Numbers = NDArray[np.int64]
#: Origin of a call, and by how many bases it was moved. Few pairs occur, so that rows name them by number.
Source = tuple[str, int]

_TYPES = (np.int32, np.int64, np.int32, np.int32, np.int64, np.int32, np.int32, np.int32)

#: Calls added one by one until they become arrays.
_AT_ONCE = 1 << 16


class Columns(NamedTuple):
    """The columns of some calls, as :class:`revertant.genome.CallTable` describes them."""

    contig: Codes
    start: Numbers
    ref_size: Codes
    alt_size: Codes
    offset: Numbers
    copies: Codes
    phase_set: Codes
    source: Codes
    pool: NDArray[np.uint8]


class CallColumns:
    """Collects calls for a :class:`revertant.genome.CallTable`.

    Parameters
    ----------
    contigs, phase_sets, patterns, sources
        Names that columns to come already use, in the order of their numbers.

    Examples
    --------
    >>> from revertant.model import Variant
    >>> columns = CallColumns()
    >>> columns.append(Call(Variant("chr1", 5, "A", "G"), (True, False)))
    >>> len(columns), list(columns.contigs), columns.taken().start.tolist()
    (1, ['chr1'], [5])
    """

    def __init__(
        self,
        contigs: Iterable[str] = (),
        phase_sets: Iterable[str] = (),
        patterns: Iterable[tuple[bool, ...]] = (),
        sources: Iterable[Source] = (),
    ) -> None:
        self.contigs = {name: code for code, name in enumerate(contigs)}
        self.phase_sets = {name: code for code, name in enumerate(phase_sets)}
        self.patterns = {pattern: code for code, pattern in enumerate(patterns)}
        self.sources = {source: code for code, source in enumerate(sources)}
        self._parts: list[list[NDArray[Any]]] = [[] for _ in _TYPES]
        self._pools: list[NDArray[np.uint8]] = []
        self._size = self._letters = 0
        self._new = array("q")
        self._text = bytearray()

    def __len__(self) -> int:
        return self._size + len(self._new) // len(_TYPES)

    def append(self, call: Call) -> None:
        """Add one call."""
        variant = call.variant
        # Whatever a caller wrote must come out again, even where it is no text a file could hold.
        ref = variant.ref.encode("utf-8", "surrogatepass")
        alt = variant.alt.encode("utf-8", "surrogatepass")
        phase_set = call.phase_set
        self._new.extend(
            (
                self.contigs.setdefault(variant.contig, len(self.contigs)),
                variant.start,
                len(ref),
                len(alt),
                len(self._text),
                self.patterns.setdefault(call.copies, len(self.patterns)),
                -1 if phase_set is None else self.phase_sets.setdefault(phase_set, len(self.phase_sets)),
                self.sources.setdefault((call.origin, call.moved), len(self.sources)),
            )
        )
        self._text += ref
        self._text += alt
        if len(self._new) >= _AT_ONCE * len(_TYPES):
            self._settle()

    def extend(self, columns: Columns) -> None:
        """Add many calls; their numbers name what this object names, offsets are into their own pool."""
        self._settle()
        self._add(columns)

    def _settle(self) -> None:
        """Turn calls added one by one into arrays."""
        if self._new:
            rows = np.frombuffer(self._new, np.int64).reshape(-1, len(_TYPES))
            codes = rows.astype(np.int32)
            pool = np.frombuffer(bytes(self._text), np.uint8)
            self._add(Columns._make((*codes.T, pool))._replace(start=rows[:, 1], offset=rows[:, 4]))
            self._new, self._text = array("q"), bytearray()

    def _add(self, columns: Columns) -> None:
        shifted: tuple[NDArray[Any], ...] = columns._replace(offset=columns.offset + self._letters)
        for column, kind, parts in zip(shifted, _TYPES, self._parts, strict=False):
            parts.append(column.astype(kind))
        self._pools.append(columns.pool)
        self._size += len(columns.start)
        self._letters += len(columns.pool)

    def taken(self) -> Columns:
        """Return the columns, and let go of them."""
        self._settle()
        joined = [self._joined(parts, kind) for parts, kind in zip(self._parts, _TYPES, strict=True)]
        pool = np.concatenate(self._pools) if self._pools else np.zeros(0, np.uint8)
        self._pools, self._size, self._letters = [], 0, 0
        return Columns._make((*joined, pool))

    @staticmethod
    def _joined(parts: list[NDArray[Any]], kind: type) -> NDArray[Any]:
        joined = np.concatenate(parts) if parts else np.zeros(0, kind)
        parts.clear()  # one column at a time, so that no more than one is held twice
        return joined
