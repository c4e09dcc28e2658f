"""Figures of merit with their bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

__all__ = ["auprc", "auroc", "bootstrap", "conformal_band", "rank_share", "spearman", "within_groups"]

Floats = NDArray[np.float64]
Metric = Callable[[Floats, Floats], float]


def rank_share(values: Floats) -> Floats:
    """Return ranks as shares of the rows, 0 to 1, ties sharing their mean rank."""
    return (rankdata(values) - 0.5) / len(values)


def spearman(predicted: Floats, measured: Floats) -> float:
    """Rank correlation; ties share their mean rank.

    >>> spearman(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0]))
    0.5
    """
    return float(np.corrcoef(rankdata(predicted), rankdata(measured))[0, 1])


def auroc(predicted: Floats, positive: Floats) -> float:
    """Area under the ROC curve: the share of pairs of a positive and a negative in the right order."""
    ranks = rankdata(predicted)
    yes = positive > 0
    n_yes, n_no = int(yes.sum()), int((~yes).sum())
    return float((ranks[yes].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))


def auprc(predicted: Floats, positive: Floats) -> float:
    """Average precision; rows with the same prediction stand at one threshold."""
    order = np.argsort(-predicted, kind="stable")
    hits = np.cumsum(positive[order] > 0)
    last = np.append(np.diff(predicted[order]) != 0, True)
    found = hits[last]
    precision = found / (np.flatnonzero(last) + 1)
    return float((np.diff(found, prepend=0) * precision).sum() / hits[-1])


def within_groups(
    metric: Metric, predicted: Floats, measured: Floats, groups: Sequence[str], fewest: int = 5
) -> Floats:
    """Return a metric within each group of at least ``fewest`` rows; NaN where it is not defined.

    >>> within_groups(spearman, np.array([1.0, 2, 3]), np.array([1.0, 3, 2]), ["a", "a", "a"], 3).tolist()
    [0.5]
    """
    rows: dict[str, list[int]] = {}
    for row, group in enumerate(groups):
        rows.setdefault(group, []).append(row)
    return np.array(
        [metric(predicted[rows[g]], measured[rows[g]]) for g in sorted(rows) if len(rows[g]) >= fewest]
    )


def bootstrap(
    metric: Metric,
    predicted: Floats,
    measured: Floats,
    *,
    groups: Sequence[str] | None = None,
    samples: int = 1000,
    seed: int = 1,
) -> tuple[float, float]:
    """Return the 2.5 % and the 97.5 % quantile of a metric over samples of rows drawn with replacement.

    Parameters
    ----------
    groups
        Draw whole groups (guides, genes) where rows of one group are not independent.
    """
    rng = np.random.default_rng(seed)
    rows: list[NDArray[np.int64]] | None = None
    if groups is not None:
        _, number = np.unique(np.asarray(groups), return_inverse=True)
        rows = [np.flatnonzero(number == g) for g in range(number.max() + 1)]
    values = []
    for _ in range(samples):
        if rows is None:
            drawn = rng.integers(0, len(predicted), len(predicted))
        else:
            drawn = np.concatenate([rows[g] for g in rng.integers(0, len(rows), len(rows))])
        values.append(metric(predicted[drawn], measured[drawn]))
    low, high = np.nanquantile(values, [0.025, 0.975])
    return float(low), float(high)


def conformal_band(
    predicted: Floats, measured: Floats, *, level: float = 0.8, classes: int = 8
) -> tuple[Floats, Floats, Floats]:
    """Return edges, lower and upper offsets of a split-conformal band in classes of the prediction.

    Each class holds as many calibration rows as the others; its offsets are the quantiles of (measured -
    predicted), moved outward for the finite number of rows.
    """
    edges = np.unique(np.quantile(predicted, np.linspace(0, 1, classes + 1)[1:-1]))
    place = np.searchsorted(edges, predicted, side="right")
    below, above = [], []
    for number in range(len(edges) + 1):
        rest = np.sort((measured - predicted)[place == number])
        n = len(rest)
        tail = (1 - level) / 2 * (n + 1)
        below.append(rest[max(0, int(np.floor(tail)) - 1)])
        above.append(rest[min(n - 1, n - int(np.floor(tail)))])
    return edges, np.array(below), np.array(above)
