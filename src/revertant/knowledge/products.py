"""Products: approved gene and cell therapies, each label as typed, dated criteria by jurisdiction.

A label says for whom a product is authorised. Here it is taken apart into criteria that each ask one thing of a
person, so that an answer can be given to each. What a label only recommends, and what was merely asked in the trials,
is kept apart from what it requires: only *indications* and *exclusions* decide.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from revertant.knowledge.catalogue import IsoDate, Row, load_rows
from revertant.knowledge.criteria import Criterion

__all__ = ["Kit", "LabelDose", "MarketStep", "Product", "ProductLabel", "products"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketStep:
    """From which day a product is marketed or no longer, and why."""

    since: IsoDate
    status: Literal["marketed", "withdrawn", "suspended", "discontinued"]
    because: str = ""


class Kit(NamedTuple):
    """What a label supplies for a range of weights: its ends in kg, the volume in mL, and vials."""

    from_kg: float
    to_kg: float
    volume_ml: float
    vials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDose:
    """The dose of a label.

    Parameters
    ----------
    text
        Route and course in a sentence.
    vg_per_kg, vg
        Vector genomes per kg of body weight, or in all.
    vg_per_ml
        Concentration of the product; gives the volume.
    kit_from_kg, kit_to_kg, kit_step_kg
        Weight ranges whose upper end the volume is worked out for; 0 when there are none.
    vial_ml
        The larger fill volume of a vial; 0 when not known.
    """

    text: str
    vg_per_kg: float = 0.0
    vg: float = 0.0
    vg_per_ml: float = 0.0
    kit_from_kg: float = 0.0
    kit_to_kg: float = 0.0
    kit_step_kg: float = 0.0
    vial_ml: float = 0.0

    def kit(self, weight_kg: float) -> Kit | None:
        """Return the kit of a weight; ``None`` where none is published for it, or the dose has no kits.

        Ranges are written in steps of 0.1 kg, and 3.05 kg counts as 3.1. The volume is that of the upper end of the
        range, rounded to 0.1 mL as labels round it.

        Examples
        --------
        >>> ranges = {"kit_from_kg": 2.6, "kit_to_kg": 21.0, "kit_step_kg": 0.5, "vial_ml": 8.3}
        >>> given = LabelDose(text="Once.", vg_per_kg=1.1e14, vg_per_ml=2e13, **ranges)
        >>> given.kit(4.6), given.kit(30.0)
        (Kit(from_kg=4.6, to_kg=5.0, volume_ml=27.5, vials=4), None)
        """
        if not self.kit_step_kg:
            return None
        weight = math.ceil(round(weight_kg * 10, 6)) / 10
        if not self.kit_from_kg <= weight <= self.kit_to_kg:
            return None
        steps = math.ceil(round((weight - self.kit_from_kg + 0.1) / self.kit_step_kg, 6))
        top = round(self.kit_from_kg - 0.1 + steps * self.kit_step_kg, 3)
        exact = Decimal(str(top)) * Decimal(str(round(self.vg_per_kg / self.vg_per_ml, 6)))
        volume = float(exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
        return Kit(round(top - self.kit_step_kg + 0.1, 3), top, volume, math.ceil(volume / self.vial_ml))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductLabel:
    """One jurisdiction's label, as its text was from one day to another.

    Parameters
    ----------
    jurisdiction
        ISO 3166-1 alpha-2 code or ``"EU"``.
    since, until
        First and last day of this text (``until`` empty: still in force when it was read).
    read_on
        Date of the text that was read.
    market
        What became of the product on the market, in order of days; marketed since ``since`` when empty.
    criteria
        What is asked.
    boxed_warnings
        What the label warns of first.
    dose
        How much is given.
    sources, checked
        Where the label was read, and whether the text itself (or a full copy) was.
    """

    jurisdiction: str
    since: IsoDate
    criteria: tuple[Criterion, ...]
    sources: tuple[str, ...]
    read_on: IsoDate
    until: IsoDate | None = None
    market: tuple[MarketStep, ...] = ()
    boxed_warnings: tuple[str, ...] = ()
    dose: LabelDose | None = None
    checked: bool = False

    def in_force(self, on_date: dt.date | None) -> bool:
        """Whether this text holds on a day; without a day the newest text does."""
        if on_date is None:
            return self.until is None
        day = on_date.isoformat()
        return self.since <= day and (self.until is None or day <= self.until)

    def market_status(self, on_date: dt.date | None) -> str:
        """Where the product stands on the market on a day; without a day, as last known."""
        steps = [step for step in self.market if on_date is None or step.since <= on_date.isoformat()]
        return steps[-1].status if steps else "marketed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Row):
    """One approved product.

    Parameters
    ----------
    name, substance, maker
        Trade name, international name, and whose it is.
    vehicle
        What carries what (``"AAV9, into a vein"``).
    genes
        Genes whose variants or copies make it relevant; empty for products given for a disease whatever its gene.
    diseases, disease_names
        Identifiers and lower-case names of diseases that make it relevant.
    labels
        One for each jurisdiction and text.
    note
        What a reader should know.
    """

    name: str
    substance: str
    vehicle: str
    labels: tuple[ProductLabel, ...]
    maker: str = ""
    genes: tuple[str, ...] = ()
    diseases: tuple[str, ...] = ()
    disease_names: tuple[str, ...] = ()
    note: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if not self.labels:
            yield "A product needs a label."
        if not (self.genes or self.diseases or self.disease_names):
            yield "A product names a gene or a disease."
        for label in self.labels:
            keys = [criterion.key for criterion in label.criteria]
            if len(set(keys)) < len(keys):
                yield f"The label of {label.jurisdiction} since {label.since} has a criterion twice."
            if not any(criterion.kind == "indication" for criterion in label.criteria):
                yield f"The label of {label.jurisdiction} since {label.since} has no indication."
            for criterion in label.criteria:
                yield from criterion.problems()
            if [step.since for step in label.market] != sorted(step.since for step in label.market):
                yield f"The market steps of {label.jurisdiction} are not in order."
        yield from self._overlaps()

    def _overlaps(self) -> Iterator[str]:
        for jurisdiction in {label.jurisdiction for label in self.labels}:
            texts = sorted(
                (label for label in self.labels if label.jurisdiction == jurisdiction),
                key=lambda one: one.since,
            )
            for earlier, later in pairwise(texts):
                if earlier.until is None or earlier.until >= later.since:
                    yield f"Two labels of {jurisdiction} hold on {later.since}."

    def label_in(self, jurisdiction: str, on_date: dt.date | None = None) -> ProductLabel | None:
        """Return the label of a jurisdiction that holds on a day, ``None`` when there is none.

        Examples
        --------
        >>> products()["zolgensma"].label_in("US").criteria[0].key
        'diagnosis'
        >>> products()["zolgensma"].label_in("US", dt.date(2019, 1, 1))
        """
        return next(
            (one for one in self.labels if one.jurisdiction == jurisdiction and one.in_force(on_date)), None
        )


@cache
def products() -> Mapping[str, Product]:
    """Return the products by key.

    Examples
    --------
    >>> products()["zolgensma"].genes
    ('SMN1', 'SMN2')
    """
    return load_rows("products.toml", Product)
