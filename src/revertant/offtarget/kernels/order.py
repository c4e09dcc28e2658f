"""Puts found sites in genome order, compiled: a radix sort, since a library finds millions of sites in each part."""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels.cache import kernel

__all__ = ["order_rows"]

_PASSES = 4


@kernel
def order_rows(keys: Any, order: Any, spare_keys: Any, spare_order: Any, bits: int) -> None:
    """Sort keys of at most ``bits`` bits in place; ``order`` gets the rows they came from, equal ones in order.

    ``spare_keys`` and ``spare_order`` are room to work in.
    """
    size = keys.size
    for row in range(size):
        order[row] = row
    width = (bits + _PASSES - 1) // _PASSES
    starts = np.empty((1 << width) + 1, np.int64)
    # An even number of passes to and fro: the last one ends where the first began.
    for turn in range(_PASSES // 2):
        _pass(keys, order, spare_keys, spare_order, starts, 2 * turn * width)
        _pass(spare_keys, spare_order, keys, order, starts, (2 * turn + 1) * width)


@kernel
def _pass(keys: Any, order: Any, to_keys: Any, to_order: Any, starts: Any, shift: int) -> None:
    """Distribute rows by some bits of their keys; rows that are equal there keep their order."""
    mask = starts.size - 2
    for digit in range(starts.size):
        starts[digit] = 0
    for row in range(keys.size):
        starts[((keys[row] >> shift) & mask) + 1] += 1
    for digit in range(1, starts.size):
        starts[digit] += starts[digit - 1]
    for row in range(keys.size):
        digit = (keys[row] >> shift) & mask
        place = starts[digit]
        starts[digit] = place + 1
        to_keys[place] = keys[row]
        to_order[place] = order[row]
