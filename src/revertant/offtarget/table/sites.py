"""The sites of a table on their way from the text to blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from revertant.model import PamSide, Strand
from revertant.offtarget.kernels.sites import (
    find_pams,
    gather_sites,
    slice_four_planes,
    slice_two_planes,
    split_clean,
    write_planes,
)
from revertant.offtarget.matching.guides import MASK_OF_BYTE, is_reversed, pattern_of
from revertant.offtarget.table.format import BankData, pam_bytes, tails_of

__all__ = ["Chunk", "FoundRows", "GrowingBank", "TableKind", "sites_of"]

#: Sites that wait before they are packed.
_PACKED = 1 << 18

#: Packed bases, places and PAMs of some sites.
FoundRows = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]


@dataclass(frozen=True, slots=True)
class TableKind:
    """What tells the tables of one reference apart.

    Parameters
    ----------
    pam, side
        The PAM.
    depth
        Bases stored beside it.
    """

    pam: str
    side: PamSide
    depth: int

    @property
    def pattern(self) -> NDArray[np.uint8]:
        """The PAM's base sets, outward."""
        return pattern_of(self.pam, self.side)

    @property
    def free(self) -> list[int]:
        """Places in the pattern where several letters fit."""
        return [k for k, mask in enumerate(self.pattern.tolist()) if mask & (mask - 1)]

    @property
    def share(self) -> float:
        """Sites to expect for each base, both strands together."""
        return 2 * float(np.prod([mask.bit_count() / 4 for mask in self.pattern.tolist()]))


class GrowingBank:
    """Sites of one strand, packed into blocks as they come."""

    def __init__(self, kind: TableKind, strand: Strand, planes_per_base: int) -> None:
        self._kind, self._strand, self._planes_per_base = kind, strand, planes_per_base
        self._width = pam_bytes(planes_per_base, len(kind.free))
        self._waiting: list[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]] = []
        self._count = self._sites = 0
        self._planes: list[NDArray[np.uint64]] = []
        self._tails: list[NDArray[np.uint64]] = []

    def add(self, rows: NDArray[Any], positions: NDArray[Any], pams: NDArray[Any]) -> None:
        """Add sites; their order is kept."""
        self._waiting.append((rows, positions.astype(np.uint32), pams.astype(np.uint32)))
        self._count += len(rows)
        if self._count >= _PACKED:
            self._pack(self._count // 512 * 512)

    def done(self) -> BankData:
        """Pack what is left."""
        if self._count:
            self._pack(self._count)
        return BankData(
            self._strand is Strand.MINUS,
            self._planes_per_base,
            self._sites,
            tuple(self._planes),
            tuple(self._tails),
        )

    def _pack(self, count: int) -> None:
        rows, positions, pams = (np.concatenate(column) for column in zip(*self._waiting, strict=True))
        self._waiting = [(rows[count:].copy(), positions[count:].copy(), pams[count:].copy())]
        depth = self._kind.depth
        blocks = np.zeros(-(-count // 512) * self._planes_per_base * depth * 8, np.uint64)
        slice_planes = slice_four_planes if self._planes_per_base == 4 else slice_two_planes
        slice_planes(rows[:count], depth, blocks)
        self._planes.append(blocks)
        self._tails.append(tails_of(positions[:count], pams[:count], self._width))
        self._sites += count
        self._count -= count


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a stretch; it owns PAMs from ``own_start`` to ``own_end`` of its text."""

    text: NDArray[np.uint8]
    own_start: int
    own_end: int
    before: int


def sites_of(chunk: Chunk, kinds: Sequence[TableKind]) -> Iterator[tuple[tuple[int, Strand, int], FoundRows]]:
    """Sites of every kind, with the index of the kind, the strand, and planes a base."""
    size = len(chunk.text)
    for strand in Strand:
        for side in PamSide:
            members = [(index, kind) for index, kind in enumerate(kinds) if kind.side is side]
            if not members:
                continue
            turned = is_reversed(side, strand)
            planes = np.empty((4, size // 64 + 4), np.uint64)
            write_planes(chunk.text, MASK_OF_BYTE, turned, strand is Strand.MINUS, planes)
            for index, kind in members:
                for planes_per_base, found in _beside_pams(chunk, kind, planes, turned=turned):
                    yield (index, strand, planes_per_base), found


def _beside_pams(
    chunk: Chunk, kind: TableKind, planes: NDArray[np.uint64], *, turned: bool
) -> Iterator[tuple[int, FoundRows]]:
    size, pattern, depth, free = len(chunk.text), kind.pattern, kind.depth, kind.free
    last = size - len(pattern) + 1
    room = np.empty(max(last, 0) + 64, np.int64)
    positions = room[: find_pams(planes, pattern, 0, max(last, 0), room)]
    starts = size - positions - len(pattern) if turned else positions
    own = (chunk.own_start <= starts) & (starts < chunk.own_end)
    positions, starts = positions[own], starts[own]
    words, pams = np.empty((len(positions), 4), np.uint64), np.empty(len(positions), np.uint64)
    gather_sites(planes, positions, len(pattern), depth, words, pams)
    keys, is_clean = np.empty(len(positions), np.uint64), np.empty(len(positions), np.bool_)
    count = split_clean(words, pams, len(pattern), depth, keys, is_clean)
    places = chunk.before + starts
    yield 2, (keys[:count].copy(), places[is_clean], _codes(pams[is_clean], free))
    yield 4, (words[~is_clean], places[~is_clean], pams[~is_clean])


def _codes(pams: NDArray[np.uint64], free: list[int]) -> NDArray[np.uint64]:
    """Two bits for each ambiguous letter of the pattern."""
    code_of = np.zeros(16, np.uint64)
    code_of[[1, 2, 4, 8]] = range(4)
    codes = np.zeros(len(pams), np.uint64)
    for index, k in enumerate(free):
        codes |= code_of[(pams >> np.uint64(4 * k)) & np.uint64(15)] << np.uint64(2 * index)
    return codes
