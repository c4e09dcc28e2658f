"""Measurements: the laboratory and clinical values that labels and trials ask for, with their codes and units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from revertant.knowledge.catalogue import Row, load_rows

__all__ = [
    "TIMES_UPPER_LIMIT",
    "MeasuredUnit",
    "MeasurementFact",
    "measurement_by_loinc",
    "measurements",
    "unit_words",
]

#: The unit of a value divided by its laboratory's upper limit of normal.
TIMES_UPPER_LIMIT = "x_ULN"


def unit_words(unit: str) -> str:
    """Write a unit as people read it: an annotation of UCUM that only says what is counted is left out.

    Parameters
    ----------
    unit
        In UCUM letters, or ``TIMES_UPPER_LIMIT``.

    Examples
    --------
    >>> unit_words("g/L"), unit_words("mL/min/{1.73_m2}"), unit_words("{score}"), unit_words(TIMES_UPPER_LIMIT)
    ('g/L', 'mL/min/1.73 m2', '', 'times the upper limit of normal')
    """
    if unit == TIMES_UPPER_LIMIT:
        return "times the upper limit of normal"
    if unit.startswith("{"):
        return ""
    return unit.replace("{", "").replace("}", "").replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredUnit:
    """One unit, in UCUM letters, and the factor from it to the first unit of its measurement."""

    unit: str
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementFact(Row):
    """One value that can be measured.

    Parameters
    ----------
    name
        In words.
    units
        The units it is reported in; thresholds are compared in the first.
    loinc
        LOINC codes that mean this value, for phenopackets.
    by_limit
        Whether multiples of the upper limit of normal (``x_ULN``) are a unit of it.
    """

    name: str
    units: tuple[MeasuredUnit, ...]
    loinc: tuple[str, ...] = ()
    by_limit: bool = False

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if not self.units or self.units[0].factor != 1.0:
            yield "The first unit has the factor 1."
        if any(unit.factor <= 0 for unit in self.units):
            yield "A factor is above 0."

    def in_unit(self, value: float, unit: str, wanted: str) -> float | None:
        """Convert a value; ``None`` where the units do not compare.

        Parameters
        ----------
        value, unit
            As measured.
        wanted
            The unit to have it in.

        Examples
        --------
        >>> measurements()["platelets"].in_unit(150000, "1/uL", "10*9/L")
        150.0
        >>> measurements()["ALT"].in_unit(30, "U/L", "x_ULN")
        """
        if unit == wanted:
            return value
        factors = {one.unit: one.factor for one in self.units}
        if unit not in factors or wanted not in factors:
            return None
        return value * factors[unit] / factors[wanted]


@cache
def measurements() -> Mapping[str, MeasurementFact]:
    """Return the measurements by key, the names a case uses under ``measurements``.

    Examples
    --------
    >>> measurements()["ALT"].name
    'alanine aminotransferase'
    """
    return load_rows("measurements.toml", MeasurementFact)


def measurement_by_loinc(code: str) -> MeasurementFact | None:
    """Return the measurement a LOINC code means, ``None`` when it is none of ours.

    Examples
    --------
    >>> measurement_by_loinc("1742-6").key
    'ALT'
    >>> measurement_by_loinc("0-0")
    """
    return next((fact for fact in measurements().values() if code in fact.loinc), None)
