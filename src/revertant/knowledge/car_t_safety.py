"""What is known of the dangers of CAR-T cells, with the day from which each statement held and the day it ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import IsoDate, Row, load_rows
from revertant.model import GenomeForm

__all__ = ["CarSafetyFact", "car_t_safety"]

Kind = Literal[
    "boxed_warning",
    "restriction",
    "monitoring",
    "follow_up",
    "release_test",
    "checkpoint",
    "risk_factor",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarSafetyFact(Row):
    """One statement.

    Parameters
    ----------
    kind
        What it is.
    text
        The statement, one sentence for people.
    jurisdiction
        Where it holds; empty where it is no law or label of one place.
    since, until
        First and last day it held; ``None`` where the first is not known, or it held when the row was written.
    products
        Keys of the products it was made for; empty for the whole class.
    antigens, forms
        Antigens and forms of vector it is about; empty for all.
    syndromes
        Of a risk factor: what it is a risk of.
    asks, above
        Of a risk factor: the name of what has to be known of the patient, and the value above which it counts.
    note
        What a reader should know.
    """

    kind: Kind
    text: str
    jurisdiction: str = ""
    since: IsoDate | None = None
    until: IsoDate | None = None
    products: tuple[str, ...] = ()
    antigens: tuple[str, ...] = ()
    forms: tuple[GenomeForm, ...] = ()
    syndromes: tuple[Literal["CRS", "ICANS"], ...] = ()
    asks: str = ""
    above: float | None = None
    note: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if self.since and self.until and self.until < self.since:
            yield "It ended before it began."
        if (self.kind == "risk_factor") != bool(self.syndromes and self.asks):
            yield "A risk factor names syndromes and what it asks, and nothing else does."
        if self.above is not None and not self.asks:
            yield "A limit needs a name of what is measured."

    def holds_on(self, day: dt.date | None) -> bool:
        """Whether it held on a day; without a day, whether it held when the row was written.

        Examples
        --------
        >>> rems = car_t_safety()["rems"]
        >>> rems.holds_on(dt.date(2025, 6, 25)), rems.holds_on(dt.date(2025, 6, 26)), rems.holds_on(None)
        (True, False, False)
        """
        text = (day or dt.date.fromisoformat(self.as_of)).isoformat()
        return (self.since is None or self.since <= text) and (self.until is None or text <= self.until)


@cache
def car_t_safety() -> Mapping[str, CarSafetyFact]:
    """Return the statements by key, sorted.

    Examples
    --------
    >>> car_t_safety()["boxed_t_cell_malignancy"].since
    '2024-04-18'
    """
    return load_rows("car_t_safety.toml", CarSafetyFact)
