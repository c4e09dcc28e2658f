"""Doses and lymphodepletion of approved CAR-T products, as their labels state them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Row, load_rows
from revertant.model import LymphodepletingDrug, power_text

__all__ = ["CarDose", "CellDose", "Regimen", "RegimenDrug", "car_doses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellDose:
    """A range of cells, for everybody or for a range of body weights.

    Parameters
    ----------
    per
        Whether the cells are for each kg or for a person.
    low, high
        Cells; equal ends are a target.
    above_kg, to_kg
        Body weights it is for: above the first, up to the second; ``None`` for no bound.
    most_cells
        Most cells in all, where a dose by weight has a cap.
    diseases
        Diseases it is for, in lower case; empty for all of the product's.
    """

    per: Literal["kg", "person"]
    low: float
    high: float
    above_kg: float | None = None
    to_kg: float | None = None
    most_cells: float | None = None
    diseases: tuple[str, ...] = ()

    def is_for(self, weight_kg: float) -> bool:
        """Whether it is for a body weight."""
        return (self.above_kg is None or weight_kg > self.above_kg) and (
            self.to_kg is None or weight_kg <= self.to_kg
        )

    def cells(self, weight_kg: float) -> tuple[float, float]:
        """Return the least and the most cells in all for a body weight."""
        times = weight_kg if self.per == "kg" else 1.0
        low, high = self.low * times, self.high * times
        return (
            (low, high)
            if self.most_cells is None
            else (min(low, self.most_cells), min(high, self.most_cells))
        )

    @property
    def words(self) -> str:
        """The range for people.

        Examples
        --------
        >>> CellDose(per="kg", low=2e5, high=5e6, to_kg=50).words
        '2e5 to 5e6 cells/kg up to 50 kg'
        """
        unit = "cells/kg" if self.per == "kg" else "cells in all"
        low, high = power_text(self.low), power_text(self.high)
        text = f"{low} {unit}" if self.low == self.high else f"{low} to {high} {unit}"
        text += f" above {self.above_kg:g} kg" if self.above_kg is not None else ""
        text += f" up to {self.to_kg:g} kg" if self.to_kg is not None else ""
        return text + (
            f", at most {power_text(self.most_cells)} in all" if self.most_cells is not None else ""
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenDrug:
    """One drug of a regimen: its dose of a day, and on how many days."""

    drug: str
    mg_per_m2: float
    days: int

    @property
    def words(self) -> str:
        """The drug with its dose, for people."""
        return LymphodepletingDrug(self.drug, self.mg_per_m2, self.days).words


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """A lymphodepletion; ``diseases`` in lower case, empty for all of the product's."""

    drugs: tuple[RegimenDrug, ...]
    diseases: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The regimen for people."""
        return " with ".join(one.words for one in self.drugs)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarDose(Row):
    """What the label of one product states; its key is that of :func:`products`.

    Parameters
    ----------
    name
        The product.
    doses
        Ranges by body weight and disease.
    regimens
        Lymphodepletions to choose from; empty where none was read.
    interval
        When they are given.
    note
        What a reader should know.
    """

    name: str
    doses: tuple[CellDose, ...]
    regimens: tuple[Regimen, ...] = ()
    interval: str = ""
    note: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if not self.doses:
            yield "A label states a dose."
        for one in self.doses:
            if not 0 < one.low <= one.high:
                yield f"{one.low:g} to {one.high:g} is no range of cells."
            if one.above_kg is not None and one.to_kg is not None and one.above_kg >= one.to_kg:
                yield f"No weight lies above {one.above_kg:g} and up to {one.to_kg:g} kg."

    def doses_for(self, disease: str) -> tuple[CellDose, ...]:
        """Return the ranges for a disease."""
        return tuple(one for one in self.doses if not one.diseases or disease.lower() in one.diseases)

    def regimens_for(self, disease: str) -> tuple[Regimen, ...]:
        """Return the lymphodepletions for a disease."""
        return tuple(one for one in self.regimens if not one.diseases or disease.lower() in one.diseases)


@cache
def car_doses() -> Mapping[str, CarDose]:
    """Return what labels state, by the product's key.

    Examples
    --------
    >>> car_doses()["kymriah_leukaemia"].doses[0].cells(28)
    (5600000.0, 140000000.0)
    """
    return load_rows("car_doses.toml", CarDose)
