"""The best stem a strand can fold into, compiled: the rule of :func:`best_hairpin` among the features of a guide."""

from __future__ import annotations

from typing import Any

from revertant.offtarget.kernels.cache import kernel

__all__ = ["best_stems"]


@kernel
def best_stems(codes: Any, bonds: Any, loop: int, out: Any) -> None:
    """Write the most bonds and the most pairs of one stem without bulges into ``out`` (rows, 2)."""
    rows, length = codes.shape
    for row in range(rows):
        best = 0.0
        most = 0
        # All pairs (left, right) whose places sum to the same number lie on one stem, from the loop outward.
        for ends in range(loop + 1, 2 * length - loop - 2):
            stem = 0.0
            size = 0
            left = (ends - loop - 1) // 2
            while left >= 0 and ends - left < length:
                bond = bonds[codes[row, left], codes[row, ends - left]]
                if bond > 0:
                    stem += bond
                    size += 1
                    best = max(best, stem)
                    most = max(most, size)
                else:
                    stem = 0.0
                    size = 0
                left -= 1
        out[row, 0] = best
        out[row, 1] = most
