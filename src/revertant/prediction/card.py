"""The card of a trained model: what it learnt from, what it never saw, how well it did, where it may be used.

One TOML file for each model in ``revertant/prediction/cards``, under the model's key. A figure on a card was
measured by the script the card names, on data that took no part in training; baselines stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from revertant.knowledge import Row, load_rows

__all__ = ["Card", "DataSet", "Figure", "card_of", "cards"]

_PACKAGE = "revertant.prediction"
_FOLDER = "cards"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """A data set that went into training, or one that never did.

    Parameters
    ----------
    name
        Study and what was measured.
    rows
        Rows used, after those too near to a test set were taken out.
    licence
        As stated with the data.
    source
        ``kind:identifier``.
    file
        Path below the folder of test data.
    """

    name: str
    rows: int
    licence: str
    source: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How well the model did on one set it never saw, beside a baseline on the same rows.

    Parameters
    ----------
    test
        The test set.
    metric
        ``"Spearman"``, ``"AUROC"``, ``"AUPRC"`` ...
    n
        Rows.
    value, low, high
        The figure and its 95 % interval over bootstrap samples.
    baseline, baseline_value
        What it is compared with, and its figure; empty and ``None`` where there is none.
    note
        What a reader should know about this row.
    """

    test: str
    metric: str
    n: int
    value: float
    low: float
    high: float
    baseline: str = ""
    baseline_value: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(Row):
    """What a model is and is not.

    Parameters
    ----------
    title, unit, domain
        What it predicts, in which unit, and for which cases; outside of these the answer is "not defined".
    method
        The kind of model and its features, in words.
    training
        The data it learnt from.
    held_out
        The data that were never used in training, for whatever purpose.
    split
        How training, calibration and test rows were kept apart.
    interval
        What the interval means, and how often it held on the test data.
    figures
        Results on held-out data.
    limits
        What the model is not, and what was tried in vain.
    script
        The command that trains it and measures the figures.
    digest
        First 12 hexadecimal digits of the SHA-256 of the weights the figures belong to.
    """

    title: str
    unit: str
    domain: str
    method: str
    training: tuple[DataSet, ...]
    held_out: tuple[DataSet, ...]
    split: str
    interval: str
    figures: tuple[Figure, ...]
    limits: tuple[str, ...]
    script: str
    digest: str

    def problems(self) -> Iterator[str]:
        """Yield what is wrong between the fields of this card."""
        if not self.training:
            yield "a model was trained on something"
        for figure in self.figures:
            if not figure.low <= figure.value <= figure.high:
                yield f"{figure.test}: {figure.value} lies outside its own interval"
            if bool(figure.baseline) != (figure.baseline_value is not None):
                yield f"{figure.test}: a baseline has a name and a value, or neither"


@cache
def cards() -> Mapping[str, Card]:
    """Return the cards of all trained models by key.

    Examples
    --------
    >>> all(card.script.startswith("python -m training.") for card in cards().values())
    True
    """
    found: dict[str, Card] = {}
    folder = resources.files(_PACKAGE) / _FOLDER
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            found |= load_rows(path.name, Card, text=path.read_text(encoding="utf-8"))
    return MappingProxyType(found)


def card_of(key: str) -> Card:
    """Return one model's card.

    Raises
    ------
    KeyError
        When no model has this key.

    Examples
    --------
    >>> all(card_of(key).key == key for key in cards())
    True
    """
    return cards()[key]
