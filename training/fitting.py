"""From features and measurements to a model with its curve and band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from revertant.prediction.model_file import Band, Member, TrainedModel
from training.measure import conformal_band
from training.splits import fold_of
from training.trees import grow

__all__ = ["Recipe", "coverage", "fit", "fit_members"]

Floats = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is grown.

    Parameters
    ----------
    parameters, rounds
        For LightGBM.
    seeds
        One ensemble of trees for each; the model is their mean.
    folds
        Folds of the out-of-fold predictions that curve and band come from.
    knots
        Knots of the curve from score to unit.
    level
        Share of cases the interval is to hold.
    least, most
        Bounds of the unit.
    """

    parameters: Mapping[str, Any]
    rounds: int
    seeds: tuple[int, ...] = (1,)
    folds: int = 5
    knots: int = 40
    level: float = 0.8
    least: float = 0.0
    most: float = 1.0


def fit_members(
    rows: Floats, goal: Floats, recipe: Recipe, weight: Floats | None = None
) -> tuple[Member, ...]:
    """Grow the recipe's ensembles on all rows."""
    return tuple(
        grow(rows, goal, {**recipe.parameters, "seed": seed}, rounds=recipe.rounds, weight=weight)
        for seed in recipe.seeds
    )


def fit(
    key: str,
    features: Sequence[str],
    rows: Floats,
    goal: Floats,
    measured: Floats,
    groups: Sequence[str],
    recipe: Recipe,
    weight: Floats | None = None,
    members: tuple[Member, ...] | None = None,
) -> TrainedModel:
    """Return a model whose curve and band come from out-of-fold predictions of the same recipe.

    Parameters
    ----------
    goal, measured
        What the trees learn (a rank, a transformed rate), and the measurement in the unit of the prediction.
    groups
        Rows of one group (one spacer, one gene) are always in the same fold.
    members
        Already grown on all rows; grown here when not given.
    """
    fold = fold_of(groups, recipe.folds)
    score = np.zeros(len(rows))
    for number in range(recipe.folds):
        here = fold == number
        some = None if weight is None else weight[~here]
        parts = fit_members(rows[~here], goal[~here], recipe, some)
        score[here] = np.mean([part.predict(rows[here]) for part in parts], axis=0)
    curve = _curve(score, measured, recipe, np.ones(len(rows)) if weight is None else weight)
    edges, below, above = conformal_band(np.interp(score, *curve), measured, level=recipe.level, classes=8)
    band = Band(recipe.level, edges, below, above, recipe.least, recipe.most)
    grown = members if members is not None else fit_members(rows, goal, recipe, weight)
    return TrainedModel(key, tuple(features), grown, curve=curve, band=band)


def _curve(score: Floats, measured: Floats, recipe: Recipe, weight: Floats) -> Floats:
    """Rising knots: mean score and mean measurement of equal shares of the rows, made monotone."""
    order = np.argsort(score, kind="stable")
    parts = np.array_split(order, recipe.knots)
    x = np.array([np.average(score[part], weights=weight[part]) for part in parts])
    y = np.array([np.average(measured[part], weights=weight[part]) for part in parts])
    y = isotonic_regression(y).x
    reach, rise = x[-1] - x[0], y[-1] - y[0]
    # A whisper of slope keeps the order of scores inside flat stretches; beyond the outermost knots the slope of
    # the whole goes on until the quantity's own bounds.
    y += 1e-4 * rise * (x - x[0]) / reach
    x = np.concatenate([[x[0] - reach], x, [x[-1] + reach]])
    y = np.concatenate([[max(recipe.least, y[0] - rise)], y, [min(recipe.most, y[-1] + rise)]])
    return np.array([x, y])


def coverage(model: TrainedModel, rows: Floats, measured: Floats) -> float:
    """Return the share of measurements inside the interval."""
    assert model.band is not None
    low, high = model.band.around(model.predict(rows))
    return float(((low <= measured) & (measured <= high)).mean())
