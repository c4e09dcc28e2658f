"""The parts of a trained model: tree ensembles, small networks, and the band about their predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Band", "DenseNet", "Floats", "Member", "TreeEnsemble"]

Floats = NDArray[Any]
#: Rows a network looks at together, so that its layers fit into the cache of a core.
_ROWS_TOGETHER = 4096


class Member(Protocol):
    """One part of a model: it turns features into numbers."""

    def predict(self, rows: Floats) -> Floats:
        """Return one number for each row of an array of features (rows, features)."""


@dataclass(frozen=True, slots=True, eq=False)
class TreeEnsemble:
    """Boosted decision trees as flat arrays, every tree in preorder.

    Parameters
    ----------
    feature
        Column a node looks at, or -1 at a leaf (int16).
    value
        Threshold of a node, or value of a leaf (float32).
    skip
        Distance from a node to its right child; the left child stands next to it; 0 at a leaf (int32).
    roots
        Index of every tree's first node (int32).
    base
        What is added to the sum of the leaves.

    Examples
    --------
    One tree: 2 where the first feature is at most 0.5, else 3.

    >>> trees = TreeEnsemble(
    ...     np.array([0, -1, -1], np.int16), np.array([0.5, 2, 3], np.float32),
    ...     np.array([2, 0, 0], np.int32), np.array([0], np.int32))
    >>> trees.predict(np.array([[0.5], [0.6]])).tolist()
    [2.0, 3.0]
    """

    feature: NDArray[np.int16]
    value: NDArray[np.float32]
    skip: NDArray[np.int32]
    roots: NDArray[np.int32]
    base: float = 0.0

    def predict(self, rows: Floats) -> Floats:
        """Return base and leaves summed, one number a row; a value equal to a threshold goes left."""
        from revertant.prediction.kernels_trees import sum_of_leaves  # noqa: PLC0415 - compiles when needed

        out = np.full(len(rows), self.base, np.float64)
        # Thresholds are float32, and so were the features the trees were grown on.
        cells = np.ascontiguousarray(rows, np.float32)
        sum_of_leaves(cells, self.feature, self.value, self.skip, self.roots, out)
        return out

    def leaf_sum(self, row: Sequence[float]) -> float:
        """Return what :meth:`predict` gives for one row, walked in Python: the obvious twin.

        >>> TreeEnsemble(np.array([-1]), np.array([1.5]), np.array([0]), np.array([0]), 1.0).leaf_sum([])
        2.5
        """
        total = 0.0
        for root in self.roots:
            node = int(root)
            while self.feature[node] >= 0:
                left = np.float32(row[self.feature[node]]) <= self.value[node]
                node += 1 if left else int(self.skip[node])
            total += float(self.value[node])
        return self.base + total


@dataclass(frozen=True, slots=True, eq=False)
class DenseNet:
    """A feed-forward network: scaled inputs, dense layers with ReLU between them, one output.

    Parameters
    ----------
    columns
        The columns of the model's features it looks at.
    centre, scale
        Taken off and divided by, column by column.
    weights, biases
        One matrix (inputs, outputs) and one vector for each layer; the last has one output.

    Examples
    --------
    >>> net = DenseNet(np.array([1]), np.array([1.0]), np.array([2.0]), (np.array([[3.0]]),), (np.array([1.0]),))
    >>> net.predict(np.array([[9.0, 5.0]])).tolist()
    [7.0]
    """

    columns: NDArray[np.int16]
    centre: NDArray[np.float32]
    scale: NDArray[np.float32]
    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]

    def predict(self, rows: Floats) -> Floats:
        """Return the network's output, one number a row."""
        weights = [layer.astype(np.float32) for layer in self.weights]
        out = np.empty(len(rows), np.float64)
        for start in range(0, len(rows), _ROWS_TOGETHER):
            stop = start + _ROWS_TOGETHER
            cells = np.asarray(rows[start:stop, self.columns], np.float32)
            cells = (cells - self.centre) / self.scale
            for index, (weight, bias) in enumerate(zip(weights, self.biases, strict=True)):
                if index:
                    cells = np.maximum(cells, 0)
                cells = cells @ weight + bias.astype(np.float32)
            out[start:stop] = cells[:, 0]
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Interval about a prediction: split-conformal, in classes of the prediction.

    Within each class the offsets are quantiles of (measured - predicted) over cases that took no part in
    training, so that about ``level`` of new cases *like those* fall inside.

    Parameters
    ----------
    level
        Share of cases meant to fall inside.
    edges
        Rising borders between the classes: one fewer than there are classes.
    below, above
        Offsets of the ends from the prediction, class by class.
    least, most
        Bounds of the quantity; ends are cut there.

    Examples
    --------
    >>> band = Band(0.8, np.array([0.5]), np.array([-0.1, -0.2]), np.array([0.1, 0.3]), 0.0, 1.0)
    >>> low, high = band.around(np.array([0.05, 0.9]))
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.0, 0.7], [0.15, 1.0])
    """

    level: float
    edges: Floats
    below: Floats
    above: Floats
    least: float = -np.inf
    most: float = np.inf

    def around(self, predicted: Floats) -> tuple[Floats, Floats]:
        """Return the lower and the upper ends about predictions."""
        place = np.searchsorted(self.edges, predicted, side="right")
        low = np.clip(predicted + self.below[place], self.least, self.most)
        high = np.clip(predicted + self.above[place], self.least, self.most)
        # A prediction may itself lie outside the middle of its class; an interval still holds it.
        return np.minimum(low, predicted), np.maximum(high, predicted)
