"""Growing boosted trees with LightGBM, one thread and fixed seeds, and turning them into plain arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from revertant.prediction.model_file import TreeEnsemble

__all__ = ["exported", "grow"]

_ALWAYS: dict[str, Any] = {
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 1,
    "verbosity": -1,
    "use_missing": False,
}


def grow(
    rows: NDArray[Any],
    goal: NDArray[Any],
    parameters: Mapping[str, Any],
    *,
    rounds: int,
    weight: NDArray[Any] | None = None,
    categorical: Sequence[int] = (),
) -> TreeEnsemble:
    """Grow trees on features (rows, columns) and export them; features are taken as float32."""
    if categorical:
        raise ValueError("the exported trees compare numbers only")
    data = lightgbm.Dataset(np.asarray(rows, np.float32), goal, weight=weight, free_raw_data=True)
    booster = lightgbm.train({**_ALWAYS, **parameters}, data, num_boost_round=rounds)
    return exported(booster)


def exported(booster: lightgbm.Booster) -> TreeEnsemble:
    """Turn a booster's trees into flat arrays in preorder, the left child next to its parent."""
    feature: list[int] = []
    value: list[float] = []
    skip: list[int] = []
    roots: list[int] = []

    def walk(node: Mapping[str, Any]) -> None:
        here = len(feature)
        if "split_feature" not in node:
            feature.append(-1)
            value.append(node["leaf_value"])
            skip.append(0)
            return
        if node["decision_type"] != "<=":
            raise ValueError("only numeric splits can be exported")
        feature.append(node["split_feature"])
        value.append(node["threshold"])
        skip.append(0)
        walk(node["left_child"])
        skip[here] = len(feature) - here
        walk(node["right_child"])

    for tree in booster.dump_model()["tree_info"]:
        roots.append(len(feature))
        walk(tree["tree_structure"])
    return TreeEnsemble(
        np.array(feature, np.int16),
        np.array(value, np.float32),
        np.array(skip, np.int32),
        np.array(roots, np.int32),
    )
