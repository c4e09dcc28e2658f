"""Trained models as data: numbers in a compressed file of the package, evaluated without their trainer.

A model is a mean over *members* (tree ensembles and small networks), an optional last step, and a *band* that
turns a prediction into an interval. Its file holds arrays only (no code, no pickle), is written the same byte
for byte from the same numbers, and is read when the model is first asked. What the model may be used for
stands on its :class:`~revertant.prediction.card.Card`, not in the file.

Files lie in ``revertant/prediction/weights`` and are made by the scripts in ``training/``.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from revertant.errors import InputError
from revertant.prediction.members import Band, DenseNet, Floats, Member, TreeEnsemble

__all__ = [
    "Band",
    "DenseNet",
    "Member",
    "TrainedModel",
    "TreeEnsemble",
    "load_model",
    "model_bytes",
    "model_digest",
    "model_keys",
    "read_model",
]

Link = Literal["identity", "logistic"]

_PACKAGE = "revertant.prediction"
_FOLDER = "weights"
_FORMAT = 1


@dataclass(frozen=True, slots=True, eq=False)
class TrainedModel:
    """A model as read from its file.

    Parameters
    ----------
    key
        Name of the file and of the card.
    features
        Names of the feature columns, in order.
    members
        Its parts; the prediction is their mean.
    link
        What is done to the mean: nothing, or the logistic function.
    curve
        Rising knots (2, knots) that turn a score into the unit of the prediction by straight lines between them;
        ``None`` where the members already speak that unit.
    band
        For the interval, or ``None``.
    extra
        Further arrays a predictor needs (a table of quantiles, a matrix of coefficients).
    """

    key: str
    features: tuple[str, ...]
    members: tuple[Member, ...]
    link: Link = "identity"
    curve: Floats | None = None
    band: Band | None = None
    extra: Mapping[str, Floats] = field(default_factory=dict)

    def predict(self, rows: Floats) -> Floats:
        """Return one prediction for each row of features.

        Parameters
        ----------
        rows
            Shape (rows, features), the columns as in ``features``.

        Raises
        ------
        ValueError
            When the columns are not as many as the features.
        """
        if rows.ndim != 2 or rows.shape[1] != len(self.features):
            raise ValueError(f"{self.key} needs {len(self.features)} features, got an array {rows.shape}")
        mean = sum((member.predict(rows) for member in self.members), np.zeros(len(rows))) / len(self.members)
        if self.link == "logistic":
            mean = 1 / (1 + np.exp(-mean))
        return mean if self.curve is None else np.interp(mean, self.curve[0], self.curve[1])


def model_bytes(model: TrainedModel) -> bytes:
    """Return a model's file, the same bytes for the same numbers.

    Examples
    --------
    >>> leaf = TreeEnsemble(np.array([-1], np.int16), np.array([0.5], np.float32), np.array([0], np.int32),
    ...     np.array([0], np.int32))
    >>> again = read_model(model_bytes(TrainedModel("half", ("x",), (leaf,))))
    >>> again.predict(np.zeros((2, 1))).tolist()
    [0.5, 0.5]
    """
    arrays: dict[str, Floats] = {f"extra.{name}": value for name, value in sorted(model.extra.items())}
    kinds = []
    for index, member in enumerate(model.members):
        at = f"member{index}."
        match member:
            case TreeEnsemble():
                kinds.append({"kind": "trees", "base": member.base})
                for name in ("feature", "value", "skip", "roots"):
                    arrays[at + name] = getattr(member, name)
            case DenseNet():
                kinds.append({"kind": "dense", "layers": len(member.weights)})
                for name in ("columns", "centre", "scale"):
                    arrays[at + name] = getattr(member, name)
                for layer, (weight, bias) in enumerate(zip(member.weights, member.biases, strict=True)):
                    arrays[f"{at}weight{layer}"], arrays[f"{at}bias{layer}"] = weight, bias
            case _:
                raise TypeError(f"a {type(member).__name__} cannot be written")
    head: dict[str, object] = {
        "format": _FORMAT,
        "key": model.key,
        "features": list(model.features),
        "members": kinds,
        "link": model.link,
    }
    if model.curve is not None:
        arrays["curve"] = model.curve
    if model.band is not None:
        head["band"] = {"level": model.band.level, "least": model.band.least, "most": model.band.most}
        for name in ("edges", "below", "above"):
            arrays[f"band.{name}"] = getattr(model.band, name)
    text = json.dumps(head, sort_keys=True).encode()
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, head=np.frombuffer(text, np.uint8), **arrays)
    return file.getvalue()


def read_model(data: bytes, *, where: str = "") -> TrainedModel:
    """Read what :func:`model_bytes` wrote.

    Parameters
    ----------
    data
        The file's content.
    where
        Its name, for the message of an error.

    Raises
    ------
    InputError
        When this is no model of the format this version reads.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        head = json.loads(arrays.pop("head").tobytes())
        members = tuple(_member(kind, f"member{i}.", arrays) for i, kind in enumerate(head["members"]))
        band = None
        if "band" in head:
            edges, below, above = (arrays[f"band.{name}"] for name in ("edges", "below", "above"))
            known = head["band"]
            band = Band(known["level"], edges, below, above, known["least"], known["most"])
        extra = {name[6:]: value for name, value in arrays.items() if name.startswith("extra.")}
        model = TrainedModel(
            head["key"],
            tuple(head["features"]),
            members,
            head["link"],
            arrays.get("curve"),
            band,
            MappingProxyType(extra),
        )
    except (ValueError, KeyError, OSError) as error:
        raise InputError(
            f"This is no model file of revertant: {error}.", where=where, remedy="Reinstall revertant."
        ) from error
    if head["format"] != _FORMAT:
        raise InputError(
            f"The model file has format {head['format']}, and this version reads {_FORMAT}.",
            where=where,
            remedy="Reinstall revertant.",
        )
    return model


def _member(head: dict[str, Any], at: str, arrays: Mapping[str, Floats]) -> Member:
    if head["kind"] == "trees":
        feature, value, skip, roots = (arrays[at + name] for name in ("feature", "value", "skip", "roots"))
        return TreeEnsemble(feature, value, skip, roots, head["base"])
    if head["kind"] == "dense":
        layers = range(head["layers"])
        columns, centre, scale = (arrays[at + name] for name in ("columns", "centre", "scale"))
        return DenseNet(
            columns,
            centre,
            scale,
            tuple(arrays[f"{at}weight{layer}"] for layer in layers),
            tuple(arrays[f"{at}bias{layer}"] for layer in layers),
        )
    raise ValueError(f"no member of the kind {head['kind']}")


def _file_bytes(key: str) -> bytes:
    try:
        return (resources.files(_PACKAGE) / _FOLDER / f"{key}.npz").read_bytes()
    except OSError as error:
        raise InputError(
            "The weights of this model cannot be read.", where=f"{key}.npz", remedy="Reinstall revertant."
        ) from error


@cache
def load_model(key: str) -> TrainedModel:
    """Return a model of the package by its key, read once.

    Parameters
    ----------
    key
        One of ``model_keys()``.

    Raises
    ------
    InputError
        When there is no such file.

    Examples
    --------
    >>> all(load_model(key).key == key for key in model_keys())
    True
    """
    return read_model(_file_bytes(key), where=f"{key}.npz")


@cache
def model_digest(key: str) -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of a model's file, for provenance."""
    return hashlib.sha256(_file_bytes(key)).hexdigest()[:12]


@cache
def model_keys() -> tuple[str, ...]:
    """Return the keys of all models of the package, sorted.

    Examples
    --------
    >>> all(key == key.lower() for key in model_keys())
    True
    """
    folder = resources.files(_PACKAGE) / _FOLDER
    return tuple(sorted(path.name[:-4] for path in folder.iterdir() if path.name.endswith(".npz")))
