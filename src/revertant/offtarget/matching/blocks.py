"""Runs guides over blocks of sites, and settles what they find."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from revertant.offtarget.kernels.align import align_sites
from revertant.offtarget.kernels.automaton import automaton_address
from revertant.offtarget.kernels.search import MOST_COUNTED, search_blocks
from revertant.offtarget.kernels.seeds import search_seeds
from revertant.offtarget.kernels.sites import site_bases
from revertant.offtarget.matching.guides import GuideSet
from revertant.offtarget.table.seeds import SeedIndex

__all__ = [
    "NO_ALIGNMENT",
    "Bank",
    "DamagedBlockError",
    "ahead",
    "aligned",
    "automaton_of",
    "in_order",
    "matches",
    "threads",
]

Item = TypeVar("Item")
Result = TypeVar("Result")
Words = NDArray[np.uint64]

#: Said in place of a number of mismatches when a site has no alignment within the limits.
NO_ALIGNMENT = 255

_ROOM = 1 << 17
_MORE = 8


class DamagedBlockError(ValueError):
    """The sum of a block is wrong: the file was damaged. It never leaves this room."""


@dataclass(frozen=True, slots=True)
class Bank:
    """Sites of one strand in blocks.

    Parameters
    ----------
    planes
        The blocks' words.
    planes_per_base
        2 for plain bases only, 4 otherwise.
    sites
        How many sites there are.
    depth
        Bases stored for each.
    sums
        The sum of each block; none for blocks just made.
    """

    planes: Words
    planes_per_base: int
    sites: int
    depth: int
    sums: Words

    @property
    def blocks(self) -> int:
        """How many blocks hold the sites."""
        return -(-self.sites // 512)


def threads() -> int:
    """How many threads to search with: one for each processor this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Apply a function to items in threads; results come in order, and few are held at a time."""
    count = threads()
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(count) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > 2 * count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Work out each item in a thread while the one before is used."""
    with ThreadPoolExecutor(1) as pool:
        nothing = object()
        coming: Future[object] = pool.submit(next, items, nothing)
        while (item := coming.result()) is not nothing:
            coming = pool.submit(next, items, nothing)
            yield cast("Item", item)


def automaton_of(guides: GuideSet) -> tuple[tuple[int, int, int], int]:
    """Return the sizes and the address of the automaton that serves all guides that need one.

    Examples
    --------
    >>> from revertant.model import OffTargetRequest, SearchLimits
    >>> from revertant.offtarget.matching.guides import group_guides
    >>> limits = SearchLimits(2), SearchLimits(1, 0, 1), SearchLimits(0, 1)
    >>> [guides] = group_guides([OffTargetRequest("ACGT", "NGG", limits=x) for x in limits])
    >>> automaton_of(guides)[0]
    (2, 2, 2)
    """
    limits = guides.limits
    rest = limits[(limits[:, 1] > 0) | (limits[:, 2] > 0) | (limits[:, 0] > MOST_COUNTED)]
    if not len(rest):
        return (0, 0, 0), 0
    mismatches, dna_bulges, rna_bulges = rest[:, :3].max(axis=0).tolist()
    address = automaton_address(dna_bulges, rna_bulges, mismatches)
    return (dna_bulges + 1, rna_bulges + 1, mismatches + 1), address


def matches(
    bank: Bank, guides: GuideSet, first: int, last: int, seeds: SeedIndex | None = None
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int64]]]:
    """Give (guide, site) pairs from the blocks ``first`` to ``last``, some at a time; a site's guides in order.

    With ``seeds`` plain sites are looked up there; they must have sums.

    Raises
    ------
    DamagedBlockError
        When the sum of a block is wrong.
    """
    room = _ROOM
    cells, automaton = automaton_of(guides)
    guide, site = np.empty(room, np.int32), np.empty(room, np.int64)
    while first < last:
        if seeds is not None and bank.planes_per_base == 2:
            count, following, damaged = search_seeds(
                bank.planes,
                bank.sums,
                first,
                last,
                bank.sites,
                bank.depth,
                *(getattr(seeds, field.name) for field in fields(seeds)),
                guide,
                site,
            )
        else:
            count, following, damaged = search_blocks(
                bank.planes,
                bank.planes_per_base,
                bank.sums,
                first,
                last,
                bank.sites,
                bank.depth,
                guides.letters,
                guides.indexes,
                guides.sizes,
                guides.limits,
                cells,
                automaton,
                guide,
                site,
            )
        if damaged >= 0:
            raise DamagedBlockError(damaged)
        if count:
            yield guide[:count].copy(), site[:count].copy()
        elif following == first:
            room *= _MORE
            guide, site = np.empty(room, np.int32), np.empty(room, np.int64)
        first = following


def aligned(
    bank: Bank,
    guides: GuideSet,
    guide: NDArray[np.int32],
    site: NDArray[np.int64],
    lengths: NDArray[np.int64],
) -> tuple[NDArray[np.uint8], NDArray[np.uint64], NDArray[np.uint8]]:
    """Align matches: edits, alignments and bases of each; ``lengths`` bases lie before the sequence ends."""
    bases = np.empty((len(site), bank.depth), np.uint8)
    site_bases(bank.planes, bank.planes_per_base, bank.depth, site, bases)
    edits, columns = np.empty((len(site), 3), np.uint8), np.empty(len(site), np.uint64)
    align_sites(guides.masks, guides.sizes, guides.limits, guide, bases, lengths, edits, columns)
    return edits, columns, bases
