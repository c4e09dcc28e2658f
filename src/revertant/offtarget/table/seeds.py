"""When and how many guides are looked up by their words, see :mod:`revertant.offtarget.kernels.seeds`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from revertant.offtarget.kernels.seeds import fill_buckets
from revertant.offtarget.matching.guides import GuideSet

__all__ = ["SeedIndex", "seed_index"]

_WORD_LETTERS = 10
_PLAIN_LETTERS = 4
#: From so many guides on, and up to so many mismatches in a word, it is at least twice as quick as counting. With two
#: mismatches in a word (four in all) the buckets of repeats grow so long that little is won: see docs/decisions/0005.
_LEAST_GUIDES = 3000
_MOST_RADIUS = 1

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SeedIndex:
    """Guides by their words.

    Parameters
    ----------
    size, near, far
        Letters of every guide and of its two words.
    radius
        Mismatches within which a guide lies in a bucket.
    high, low
        The bits of each guide's letters, outward.
    most
        Most mismatches of each guide.
    near_starts, near_members, far_starts, far_members
        The buckets of both words.
    """

    size: int
    near: int
    far: int
    radius: int
    high: Numbers
    low: Numbers
    most: Numbers
    near_starts: NDArray[np.int32]
    near_members: NDArray[np.int32]
    far_starts: NDArray[np.int32]
    far_members: NDArray[np.int32]


def seed_index(guides: GuideSet) -> SeedIndex | None:
    """Put guides into buckets; ``None`` where that cannot serve them all, or would not be quicker.

    It serves guides of one length without bulges and ambiguous letters, and pays for thousands of them with three
    mismatches at most.

    Examples
    --------
    >>> from revertant.model import OffTargetRequest
    >>> from revertant.offtarget.matching.guides import group_guides
    >>> seed_index(group_guides([OffTargetRequest("A" * 20, "NGG")])[0]) is None
    True
    """
    count, size = len(guides.sizes), int(guides.sizes[0])
    if (guides.sizes != size).any() or size < 4 or guides.limits[:, 1:3].any():
        return None
    if len(guides.letters) > _PLAIN_LETTERS:
        return None
    most = np.minimum(guides.limits[:, 0], guides.limits[:, 3])
    near = min(_WORD_LETTERS, size // 2)
    far = min(_WORD_LETTERS, size - near)
    radius = max(int(most.max()), 0) // 2
    if count < _LEAST_GUIDES or radius > _MOST_RADIUS:
        return None
    weights = 1 << np.arange(size, dtype=np.int64)
    high, low = (guides.indexes >> 1) @ weights, (guides.indexes & 1) @ weights
    buckets: list[NDArray[np.int32]] = []
    for first, letters in ((0, near), (near, far)):
        mask = (1 << letters) - 1
        changes = _changes(letters, radius)
        codes = (high >> first & mask) | (low >> first & mask) << letters
        starts, members = np.empty(4**letters + 1, np.int32), np.empty(count * len(changes), np.int32)
        fill_buckets(codes, changes, starts, members)
        buckets += [starts, members]
    return SeedIndex(size, near, far, radius, high, low, most, *buckets)


def _changes(letters: int, radius: int) -> Numbers:
    """All changes of at most ``radius`` letters, as what is to be flipped in a word."""
    made = []
    for wrong in range(min(radius, letters) + 1):
        for places in combinations(range(letters), wrong):
            for kinds in product((1, 2, 3), repeat=wrong):
                flips = (
                    (kind & 1) << place | (kind >> 1) << place + letters
                    for place, kind in zip(places, kinds, strict=True)
                )
                made.append(sum(flips))
    return np.array(made, np.int64)
