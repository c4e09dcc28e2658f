"""Published models of the expansion and persistence of CAR-T cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from revertant.knowledge.car_doses import CellDose
from revertant.knowledge.catalogue import Row, load_rows

__all__ = ["VARYING", "CellularKinetics", "Varying", "cellular_kinetics"]

#: The parameters of a model that differ between people.
VARYING = (
    "fold_expansion",
    "t_max_days",
    "c_max",
    "alpha_per_day",
    "persisting_share",
    "beta_per_day",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Varying:
    """A parameter that differs between people: log-normal, with its median and the variance of its logarithm."""

    typical: float
    omega2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CellularKinetics(Row):
    """One model: exponential growth to a peak, then a fast and a slow decline.

    Parameters
    ----------
    name, product
        What it describes, and the product's non-proprietary name.
    diseases, disease_names
        Diseases of its domain, and other names of them.
    oldest_age_years, people
        Its domain, and how many people it was fitted on.
    unit
        Unit of ``c_max``.
    fold_expansion
        Peak over the concentration at infusion.
    t_max_days, c_max
        Time and height of the peak.
    alpha_per_day, beta_per_day
        Rates of the fast and of the slow decline.
    persisting_share
        Share of the peak that declines slowly.
    residual_sd_log
        Standard deviation of the residual on the logarithm.
    doses
        Cells that its people were given, by body weight: outside them it says nothing.
    lymphodepletion, usual_drug
        What they were given before, and the drug nearly all of them had.
    covariates
        What became of dose, lymphodepletion and other drugs in the final model, in a sentence.
    note
        What a reader should know.
    """

    name: str
    product: str
    diseases: tuple[str, ...]
    disease_names: tuple[str, ...] = ()
    oldest_age_years: int
    people: int
    unit: str
    fold_expansion: Varying
    t_max_days: Varying
    c_max: Varying
    alpha_per_day: Varying
    persisting_share: Varying
    beta_per_day: Varying
    residual_sd_log: float
    doses: tuple[CellDose, ...] = ()
    lymphodepletion: str = ""
    usual_drug: str = ""
    covariates: str = ""
    note: str = ""

    def problems(self) -> Iterator[str]:
        """Yield values that no cell can have."""
        for name in VARYING:
            parameter: Varying = getattr(self, name)
            if parameter.typical <= 0 or parameter.omega2 < 0:
                yield f"{name} must be positive and its variance not negative."
        if self.fold_expansion.typical <= 1:
            yield "Cells that expand have a fold expansion above 1."
        if self.persisting_share.typical >= 1:
            yield "The persisting share is a share of the peak."
        if self.beta_per_day.typical >= self.alpha_per_day.typical:
            yield "The slow decline must be slower than the fast one."


@cache
def cellular_kinetics() -> Mapping[str, CellularKinetics]:
    """Return the models by key.

    Examples
    --------
    >>> cellular_kinetics()["tisagenlecleucel_b_all"].c_max.typical
    24000.0
    """
    return load_rows("cellular_kinetics.toml", CellularKinetics)
