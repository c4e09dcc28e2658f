"""The stages of the exact gate search: single genes, tables of pairs, and triples block by block.

Genes are numbers here, the rows of the cells. A stage returns ``(form, (A, B, C))`` for every gate down to the coverage
of the last one that is kept, those equal to it included.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from revertant.modality.car_t.targets.cells import PackedCells

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "PairTables",
    "Rows",
    "SearchSpace",
    "best_ones",
    "best_pairs",
    "best_triples",
    "fill_tables",
    "widest_safe",
]

#: Gates by form and genes; a gene that a form does not use is any.
Rows = list[tuple[int, tuple[int, int, int]]]
_BLOCK = 64


@dataclass(frozen=True, slots=True, eq=False)
class SearchSpace:
    """What every stage of a search needs.

    Parameters
    ----------
    cells
        The cells.
    singles
        Cells of each gene (row) in each group (column).
    cover
        Malignant cells of each gene.
    alone_safe
        Whether each gene is safe in every organ by itself.
    allowed
        Cells of each group that may be attacked; the first number is not used.
    least, gain
        Malignant cells to cover, and to cover more than any smaller safe gate.
    keep
        Gates to keep of each form.
    """

    cells: PackedCells
    singles: NDArray[np.int64]
    cover: NDArray[np.int64]
    alone_safe: NDArray[np.bool_]
    allowed: NDArray[np.int64]
    least: int
    gain: int
    keep: int

    @classmethod
    def of(
        cls, cells: PackedCells, *, least_coverage: float, most_hit: float, least_gain: float, keep: int
    ) -> SearchSpace:
        """Count what the limits, given as shares, mean for these cells."""
        import numpy as np  # noqa: PLC0415 - heavy

        singles = cells.counts
        # Whole cells: the share allowed is never exceeded, the share asked for always reached.
        allowed = np.array([_floor(most_hit * size) for size in cells.sizes], np.int64)
        safe = np.all(singles[:, 1:] <= allowed[1:], axis=1)
        least = max(1, _ceil(least_coverage * cells.malignant_cells))
        gain = max(1, _ceil(least_gain * cells.malignant_cells))
        return cls(cells, singles, singles[:, 0].copy(), safe, allowed, least, gain, keep)


def _floor(value: float) -> int:
    """Round down, forgiving what binary fractions add or take (0.1 * 30 is 3)."""
    return math.floor(round(value, 9))


def _ceil(value: float) -> int:
    return math.ceil(round(value, 9))


def best_ones(space: SearchSpace) -> Rows:
    """Return the best single genes."""
    good = (space.cover >= space.least) & space.alone_safe
    return [(0, (at, at, at)) for at in _top(space.cover, good, space.keep)]


def _top(cover: NDArray[np.int64], good: NDArray[np.bool_], keep: int) -> list[Any]:
    """Places of the gates that are good, down to the coverage of the last one kept; ties stay in."""
    import numpy as np  # noqa: PLC0415 - heavy

    places = np.argwhere(good)
    covers = cover[good]
    if len(covers) > keep:
        places = places[covers >= np.partition(covers, len(covers) - keep)[len(covers) - keep]]
    return [row[0] if len(row) == 1 else tuple(row) for row in places.tolist()]


@dataclass(frozen=True, slots=True, eq=False)
class PairTables:
    """Everything about two genes.

    Parameters
    ----------
    shared
        Malignant cells that carry both.
    both, either, without
        Whether "A and B", "A or B" and "A (row) and not B (column)" are safe in every organ.
    """

    shared: NDArray[np.int32]
    both: NDArray[np.bool_]
    either: NDArray[np.bool_]
    without: NDArray[np.bool_]


def fill_tables(space: SearchSpace, pool: ThreadPoolExecutor) -> PairTables:
    """Count every pair."""
    import numpy as np  # noqa: PLC0415 - heavy

    from revertant.modality.car_t.targets.kernels_gates import pair_tables  # noqa: PLC0415 - compiles

    count = len(space.cells.genes)
    shared = np.zeros((count, count), np.int32)
    tables = PairTables(shared, *(np.zeros((count, count), np.bool_) for _ in range(3)))
    np.fill_diagonal(shared, space.cover)
    fill = partial(pair_tables, space.cells.rows, space.cells.starts, space.allowed, space.singles)
    out = (shared, tables.both, tables.either, tables.without)
    fill(0, 0, *out)
    blocks = [(first, min(first + _BLOCK, count)) for first in range(0, count, _BLOCK)]
    for done in [pool.submit(fill, first, last, *out) for first, last in blocks]:
        done.result()
    return tables


def best_pairs(space: SearchSpace, tables: PairTables) -> Rows:
    """Return the best pairs, read off the tables."""
    import numpy as np  # noqa: PLC0415 - heavy

    cover, safe, gain = space.cover, space.alone_safe, space.gain
    shared = tables.shared.astype(np.int64)
    upper = np.triu(np.ones(shared.shape, np.bool_), 1)
    # A part that is safe alone replaces "A and B" and "A and not B": it covers at least as much.
    both = tables.both & (shared >= space.least) & ~safe[:, None] & ~safe[None, :] & upper
    found: Rows = [(1, (a, b, a)) for a, b in _top(shared, both, space.keep)]
    joined = cover[:, None] + cover[None, :] - shared
    better = joined >= np.maximum(cover[:, None], cover[None, :]) + gain
    either = tables.either & (joined >= space.least) & better & upper
    found += [(2, (a, b, a)) for a, b in _top(joined, either, space.keep)]
    rest = cover[:, None] - shared
    without = tables.without & (rest >= space.least) & ~safe[:, None] & ~np.eye(len(cover), dtype=np.bool_)
    found += [(3, (a, b, a)) for a, b in _top(rest, without, space.keep)]
    return found


def widest_safe(
    space: SearchSpace, tables: PairTables | None
) -> tuple[int, tuple[int, int, int], int] | None:
    """Return the safe gate of one or two genes that covers most, and how many cells; ``None`` when none is safe."""
    import numpy as np  # noqa: PLC0415 - heavy

    cover, candidates = space.cover, []
    if np.any(space.alone_safe):
        at = int(np.argmax(np.where(space.alone_safe, cover, -1)))
        candidates.append((0, (at, at, at), int(cover[at])))
    if tables is not None:
        shared = tables.shared.astype(np.int64)
        apart = ~np.eye(len(cover), dtype=np.bool_)
        for form, covers, safe in (
            (1, shared, tables.both),
            (2, cover[:, None] + cover[None, :] - shared, tables.either),
            (3, cover[:, None] - shared, tables.without),
        ):
            if np.any(safe & apart):
                a, b = np.unravel_index(int(np.argmax(np.where(safe & apart, covers, -1))), covers.shape)
                candidates.append((form, (int(a), int(b), int(a)), int(covers[a, b])))
    return max(candidates, key=lambda one: (one[2], -one[0]), default=None)


def best_triples(space: SearchSpace, tables: PairTables, pool: ThreadPoolExecutor) -> Rows:
    """Return the best triples, form by form."""
    import numpy as np  # noqa: PLC0415 - heavy

    from revertant.modality.car_t.targets import kernels_gates as kernels  # noqa: PLC0415 - compiles

    cover, safe = space.cover, space.alone_safe
    order = np.argsort(-cover, kind="stable")
    wide = order[cover[order] >= space.least]
    unsafe = wide[~safe[wide]]
    helping = order[safe[order] & (cover[order] >= space.gain)]
    every = np.arange(len(cover))
    cells = (space.cells.rows, space.cells.starts, space.allowed, space.singles)
    known = (cover, tables.shared, safe, tables.both, tables.either, tables.without)
    searches: tuple[tuple[int, Callable[..., Any], Any], ...] = (
        (4, partial(kernels.three_of_them, 4), wide),
        (5, kernels.two_but_not, wide),
        (6, kernels.one_but_neither, unsafe),
        (7, partial(kernels.three_of_them, 7), helping),
        (8, kernels.either_and_third, unsafe),
        (9, kernels.either_but_not, every),
        (10, kernels.both_or_third, helping),
        (11, kernels.one_but_not_or_third, helping),
    )
    found: Rows = []
    for form, kernel, genes in searches:
        search = partial(kernel, cells, known, genes)
        # Compiled in one thread, before others run it.
        search((space.gain, space.least, space.keep), 0, 0)
        found += [(form, row) for row in _blocks(search, len(genes), space, pool)]
    return found


def _blocks(
    search: Callable[..., Any], count: int, space: SearchSpace, pool: ThreadPoolExecutor
) -> list[tuple[int, int, int]]:
    """Run a search block by block; what is found raises the coverage that later blocks have to reach."""
    import numpy as np  # noqa: PLC0415 - heavy

    best = np.zeros((0, 4), np.int32)
    least = [space.least]

    def run(first: int, last: int) -> Any:
        return search((space.gain, least[0], space.keep), first, last)[0]

    size = max(1, min(16, count // 64))
    tasks = [pool.submit(run, first, min(first + size, count)) for first in range(0, count, size)]
    for task in tasks:
        best = np.concatenate([best, task.result()])
        if len(best) > space.keep:
            covers = np.sort(best[:, 3])
            least[0] = max(least[0], int(covers[len(best) - space.keep]))
            best = best[best[:, 3] >= least[0]]
    return [(int(a), int(b), int(c)) for a, b, c, _ in best.tolist()]
