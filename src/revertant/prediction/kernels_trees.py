"""Walking through an ensemble of decision trees, compiled: the rule of :meth:`TreeEnsemble.leaf_sum`."""

from __future__ import annotations

from typing import Any

from revertant.offtarget.kernels.cache import kernel

__all__ = ["sum_of_leaves"]


@kernel
def sum_of_leaves(rows: Any, feature: Any, value: Any, skip: Any, roots: Any, out: Any) -> None:
    """Add to ``out`` (one number a row) the leaf of every tree; the arrays are those of ``TreeEnsemble``."""
    for row in range(rows.shape[0]):
        total = 0.0
        for tree in range(roots.shape[0]):
            node = roots[tree]
            while feature[node] >= 0:
                if rows[row, feature[node]] <= value[node]:
                    node += 1
                else:
                    node += skip[node]
            total += value[node]
        out[row] += total
