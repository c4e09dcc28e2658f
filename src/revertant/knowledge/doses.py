"""Doses that have been given: anchors for a dose to be discussed, and the deaths after high ones.

An anchor says what one product or trial gave by one route; it is never a recommendation for another vector. Vector
genomes are counted by each maker's own assay, so doses of different makers compare only roughly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.tissues import Tissue, tissue_named
from revertant.model import VectorDose, power_text

__all__ = ["HIGH_DOSE_VG_PER_KG", "AavDeath", "DoseAnchor", "aav_deaths", "dose_anchors"]

#: Systemic doses from here on have been followed by deaths; every row of :func:`aav_deaths` lies at or above it.
HIGH_DOSE_VG_PER_KG = 1e14

Per = Literal["kg", "person", "eye"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseAnchor(Row):
    """What one product or trial gave.

    Parameters
    ----------
    name
        Product or trial.
    product
        Its key in :func:`products`, where it has a row there.
    gene, capsid
        What was carried in what; ``capsid`` is a key of :func:`capsids`.
    route, tissue
        How it was given, and what it was to reach.
    stage
        Whether this is a label's dose or a trial's.
    low, high, per
        Vector genomes for each kg, person or eye; equal ends for one dose.
    note
        What came of it.
    """

    name: str
    gene: str
    capsid: str
    route: str
    tissue: Tissue
    stage: Literal["label", "trial"]
    low: float
    high: float
    per: Per
    product: str = ""
    note: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if not 0 < self.low <= self.high:
            yield f"{self.low:g} to {self.high:g} is no range of doses."
        if self.stage == "label" and self.low != self.high:
            yield "A label gives one dose."

    @property
    def words(self) -> str:
        """The dose as people write it."""
        unit = {"kg": "vg/kg", "person": "vg", "eye": "vg an eye"}[self.per]
        low, high = power_text(self.low), power_text(self.high)
        return f"{low} {unit}" if self.low == self.high else f"{low} to {high} {unit}"

    def vector_dose(self, weight_kg: float | None = None) -> VectorDose | None:
        """Turn the anchor into a dose with its basis.

        Parameters
        ----------
        weight_kg
            Body weight, for the total of a dose by weight.

        Returns
        -------
        VectorDose | None
            ``None`` for a range of doses, from which none is picked.

        Examples
        --------
        >>> anchor = next(row for row in dose_anchors() if row.key == "beqvez")
        >>> anchor.vector_dose(weight_kg=80).vg_total == 4e13
        True
        """
        if self.low != self.high:
            return None
        per_kg = self.low if self.per == "kg" else None
        total = self.low if self.per != "kg" else None
        if per_kg is not None and weight_kg is not None:
            total = per_kg * weight_kg
        return VectorDose(
            vg_per_kg=per_kg,
            vg_total=total,
            basis=f"Dose of {self.name} ({self.gene} in {self.capsid}, {self.route}): {self.words}.",
            sources=self.sources,
            checked=self.checked,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AavDeath(Row):
    """Deaths after one systemic product.

    Parameters
    ----------
    name, capsid, disease
        Product, its capsid and what was treated.
    low, high
        Dose in vector genomes for each kg.
    deaths
        How many; ``None`` where the source gives no number.
    age, after, organ
        How old, how long after, and which organ failed, as the source says; empty where it does not.
    """

    name: str
    capsid: str
    low: float
    high: float
    organ: str
    deaths: int | None = None
    disease: str = ""
    age: str = ""
    after: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if not 0 < self.low <= self.high:
            yield f"{self.low:g} to {self.high:g} is no range of doses."
        if self.deaths is not None and self.deaths < 1:
            yield "A row of deaths has one at least."


@cache
def _anchors() -> Mapping[str, DoseAnchor]:
    return load_rows("doses.toml", DoseAnchor)


def dose_anchors(tissue: str = "", route: str = "", capsid: str = "") -> tuple[DoseAnchor, ...]:
    """Return the doses that have been given, labels before trials, checked before unchecked.

    Parameters
    ----------
    tissue, route, capsid
        Keep only these; empty for any.

    Examples
    --------
    >>> [anchor.words for anchor in dose_anchors("retina")]
    ['1.5e11 vg an eye']
    """
    wanted = tissue_named(tissue) if tissue else None
    found = [
        anchor
        for anchor in _anchors().values()
        if (wanted is None or anchor.tissue is wanted)
        and (not route or anchor.route == route)
        and (not capsid or anchor.capsid == capsid)
    ]
    return tuple(sorted(found, key=lambda row: (row.stage != "label", not row.checked, row.key)))


@cache
def aav_deaths() -> Mapping[str, AavDeath]:
    """Return the deaths after systemic AAV that are known here, by key; the list is not complete.

    Examples
    --------
    >>> min(row.low for row in aav_deaths().values()) >= HIGH_DOSE_VG_PER_KG
    True
    """
    return load_rows("aav_deaths.toml", AavDeath)
