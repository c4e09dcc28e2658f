"""Predictions for many cases at once, as columns; one of them is an :class:`~revertant.model.Estimate`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from revertant.model import Estimate
from revertant.prediction.card import Card, card_of
from revertant.prediction.model_file import TrainedModel, load_model

__all__ = ["Predictions", "predictions_of", "undefined"]

Floats = NDArray[np.float64]
#: Rows whose features are held at one time.
_ROWS_TOGETHER = 8192


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """One model's answers for many cases.

    Parameters
    ----------
    value, low, high
        Prediction and ends of its interval, one for each case; NaN where it is not defined.
    why_not
        Reason for each case that is not defined, empty for the others.
    unit, method, interval, sources
        As in an :class:`~revertant.model.Estimate`.

    Examples
    --------
    >>> nothing = undefined(["the PAM is not NGG"], "share", "a model")
    >>> nothing.estimate(0).value is None, nothing.estimate(0).method
    (True, 'not defined (a model): the PAM is not NGG')
    """

    value: Floats
    low: Floats
    high: Floats
    why_not: tuple[str, ...]
    unit: str
    method: str
    interval: str
    sources: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of cases."""
        return len(self.why_not)

    @property
    def defined(self) -> NDArray[np.bool_]:
        """Which cases have a value."""
        return ~np.isnan(self.value)

    def estimate(self, index: int) -> Estimate:
        """Return one case with its honesty fields; in domain exactly where it is defined."""
        if self.why_not[index]:
            text = f"not defined ({self.method}): {self.why_not[index]}"
            return Estimate(None, self.unit, text, in_domain=False, sources=self.sources)
        return Estimate(
            round(float(self.value[index]), 4),
            self.unit,
            self.method,
            low=round(float(self.low[index]), 4),
            high=round(float(self.high[index]), 4),
            interval=self.interval,
            sources=self.sources,
        )


def undefined(why_not: Sequence[str], unit: str, method: str, sources: tuple[str, ...] = ()) -> Predictions:
    """Return predictions for cases none of which is defined, each with its reason."""
    nothing = np.full(len(why_not), np.nan)
    return Predictions(nothing, nothing, nothing, tuple(why_not), unit, method, "", sources)


def predictions_of(
    key: str, why_not: Sequence[str], features: Callable[[slice], NDArray[Any]]
) -> Predictions:
    """Ask a model of the package about the cases that are in its domain.

    Parameters
    ----------
    key
        The model.
    why_not
        For each case, why it lies outside the domain; empty where it lies within.
    features
        Returns the rows of features of a stretch of the cases that lie within, in order.
    """
    model, card = load_model(key), card_of(key)
    inside = np.flatnonzero([not reason for reason in why_not])
    value = np.full(len(why_not), np.nan)
    low, high = value.copy(), value.copy()
    for start in range(0, len(inside), _ROWS_TOGETHER):
        stretch = slice(start, start + _ROWS_TOGETHER)
        places = inside[stretch]
        value[places], low[places], high[places] = _answers(model, features(stretch))
    return Predictions(
        value, low, high, tuple(why_not), card.unit, _method(card), card.interval, card.sources
    )


def _answers(model: TrainedModel, rows: NDArray[Any]) -> tuple[Floats, Floats, Floats]:
    score = model.predict(rows)
    assert model.band is not None, "a model whose answers are shown has a band"
    return score, *model.band.around(score)


def _method(card: Card) -> str:
    return f"{card.title} [{card.key}, weights {card.digest}]"
