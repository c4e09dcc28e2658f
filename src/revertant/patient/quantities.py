"""Numbers of a cell therapy and of a tumour; they may be written with a power of ten: 2e8."""

from __future__ import annotations

import re

from revertant.patient.problems import shown
from revertant.patient.scalars import Unreadable

__all__ = ["cells", "cells_per_kg", "day_count", "doubling", "mg_per_m2", "probability", "tumour_cells"]

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
#: What a person can be given, and what a scenario works with; beyond them a unit is wrong.
_CELLS, _CELLS_PER_KG, _TUMOUR_CELLS = (1e3, 1e12), (1e1, 1e10), (2.0, 1e13)
_MG_PER_M2, _DAYS, _DOUBLING = (0.1, 10_000.0), (1, 60), (0.01, 3650.0)


def _number(text: str, unit: str, bounds: tuple[float, float]) -> float:
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise Unreadable(
            f"{shown(text)} is not a plain number.", f"Write the number of {unit} alone: 2e8 or 0.5."
        )
    value = float(text)
    if not bounds[0] <= value <= bounds[1]:
        what = f"{shown(text)} lies outside {bounds[0]:g} to {bounds[1]:g} {unit}."
        raise Unreadable(what, "Check the value and its unit.")
    return value


def cells(text: str) -> float:
    """Return a number of cells to be given.

    Examples
    --------
    >>> cells("2e8"), cells("200000000")
    (200000000.0, 200000000.0)
    """
    return _number(text, "cells", _CELLS)


def cells_per_kg(text: str) -> float:
    """Return a number of cells for each kg."""
    return _number(text, "cells for each kg", _CELLS_PER_KG)


def tumour_cells(text: str) -> float:
    """Return a number of cells of a tumour."""
    return _number(text, "cells", _TUMOUR_CELLS)


def probability(text: str) -> float:
    """Return a share or a probability, 0 to 1.

    Examples
    --------
    >>> probability("1e-7")
    1e-07
    """
    return _number(text, "a share of 1", (0.0, 1.0))


def mg_per_m2(text: str) -> float:
    """Return a dose by body surface."""
    return _number(text, "mg/m²", _MG_PER_M2)


def doubling(text: str) -> float:
    """Return a doubling time in days."""
    return _number(text, "days", _DOUBLING)


def day_count(text: str) -> int:
    """Return a whole number of days.

    Examples
    --------
    >>> day_count("4")
    4
    """
    days = _number(text, "days", _DAYS)
    if days != int(days):
        raise Unreadable(f"{shown(text)} is no whole number of days.", "Write 3.")
    return int(days)
