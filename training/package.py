"""Writing weights and cards into the package."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

from revertant.prediction.card import Card, Figure
from revertant.prediction.model_file import TrainedModel, model_bytes
from training.data import ROOT

__all__ = ["MOST_BYTES", "figure_table", "write_card", "write_weights"]

PREDICTION = ROOT / "src" / "revertant" / "prediction"
#: Weights are data of a source tree: a model larger than this is made smaller.
MOST_BYTES = 1 << 20


def write_weights(model: TrainedModel) -> str:
    """Write a model's file into the package and return the digest for its card."""
    data = model_bytes(model)
    if len(data) > MOST_BYTES:
        raise ValueError(f"{model.key} takes {len(data)} bytes, more than {MOST_BYTES}")
    (PREDICTION / "weights" / f"{model.key}.npz").write_bytes(data)
    print(f"{model.key}.npz: {len(data)} bytes")
    return hashlib.sha256(data).hexdigest()[:12]


def write_card(card: Card, folder: Path = PREDICTION / "cards") -> None:
    """Write a card as TOML; numbers keep 4 decimals."""
    lines = [f"# Written by: {card.script}", "", f'as_of = "{card.as_of}"', "", f"[{card.key}]"]
    later = []
    for field in dataclasses.fields(card):
        value = getattr(card, field.name)
        if field.name in {"key", "as_of"}:
            continue
        if isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
            later.append((field.name, value))
        else:
            lines.append(f"{field.name} = {_toml(value)}")
    for name, rows in later:
        for row in rows:
            lines += ["", f"[[{card.key}.{name}]]"]
            for field in dataclasses.fields(row):
                value = getattr(row, field.name)
                if value not in {None, ""}:
                    lines.append(f"{field.name} = {_toml(value)}")
    (folder / f"{card.key}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        if not value:
            return "[]"
        return "[\n" + "".join(f"  {_toml(item)},\n" for item in value) + "]"
    if isinstance(value, float):
        return repr(round(value, 4))
    return json.dumps(value, ensure_ascii=False)


def figure_table(figures: tuple[Figure, ...]) -> str:
    """Return figures as a Markdown table, for the terminal and the documentation."""
    lines = ["| test set | metric | n | this model (95 % interval) | baseline |", "|---|---|--:|---|---|"]
    for row in figures:
        other = "" if row.baseline_value is None else f"{row.baseline} {row.baseline_value:.3f}"
        note = f" ({row.note})" if row.note else ""
        lines.append(
            f"| {row.test}{note} | {row.metric} | {row.n:,} "
            f"| **{row.value:.3f}** ({row.low:.3f} to {row.high:.3f}) | {other} |"
        )
    return "\n".join(lines)
