"""How likely a person with two copies of SMN1 still is a carrier, because both lie on one chromosome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from revertant.errors import UsageError
from revertant.knowledge.catalogue import Row, load_rows

__all__ = ["CarrierRisk", "carrier_risks", "named_risk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierRisk(Row):
    """Carriers in one population.

    Parameters
    ----------
    name
        The population, as the publication names it.
    one_copy_1_in
        One in so many people has one copy of SMN1.
    residual_1_in
        One in so many people without family history in whom two copies were counted still is a carrier.
    """

    name: str
    one_copy_1_in: int
    residual_1_in: int


@cache
def carrier_risks() -> Mapping[str, CarrierRisk]:
    """Return the populations by key.

    Examples
    --------
    >>> carrier_risks()["african_american"].residual_1_in
    121
    """
    text = files("revertant.patient.smn").joinpath("risk.toml").read_text(encoding="utf-8")
    return load_rows("risk.toml", CarrierRisk, text=text)


def named_risk(ancestry: str) -> CarrierRisk | None:
    """Find a population; ``None`` when none is named.

    Raises
    ------
    UsageError
        Code ``unknown-ancestry``.

    Examples
    --------
    >>> named_risk("Ashkenazi Jewish").key
    'ashkenazi_jewish'
    """
    if not ancestry.strip():
        return None
    key = ancestry.strip().lower().replace("-", "_").replace(" ", "_")
    found = carrier_risks().get(key)
    if found is None:
        raise UsageError(
            f"{ancestry!r} is no population of which the carrier risk is known here.",
            remedy=f"Name one of {', '.join(carrier_risks())}, or none.",
            code="unknown-ancestry",
        )
    return found
