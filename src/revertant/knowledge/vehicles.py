"""Vehicles: what brings an editor or a gene into which tissue, and with how much room.

A vehicle that has carried a *gene* into a tissue has not thereby carried an *editor* there: the two are kept
apart, tissue by tissue, with how far each has come. No vehicle known means no delivery, however good the
guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Literal, NamedTuple

from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.tissues import Tissue, tissue_named
from revertant.model import EditingPlace

__all__ = ["Evidence", "Reach", "Vehicle", "VehicleFit", "vehicles", "vehicles_for"]

VehicleKind = Literal[
    "AAV",
    "HSV-1",
    "LNP",
    "dual AAV",
    "eVLP",
    "electroporation RNP",
    "electroporation mRNA",
    "lentivirus",
    "retrovirus",
]
Purpose = Literal["editing", "addition"]


class Evidence(StrEnum):
    """How far something has come."""

    NONE = "none"
    PRECLINICAL = "preclinical"
    CLINICAL = "clinical"
    APPROVED = "approved"

    @property
    def rank(self) -> int:
        """0 for none to 3 for approved."""
        return list(Evidence).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """One tissue a vehicle reaches, and how far an editor or a gene has been brought there."""

    tissue: Tissue
    editing: Evidence = Evidence.NONE
    addition: Evidence = Evidence.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle(Row):
    """One way into cells.

    Parameters
    ----------
    name, kind, capsid, route, place
        What it is, how it is given, and whether cells are treated in or outside the body.
    reach
        The tissues it reaches, with evidence.
    capacity_bp
        Room for everything that is packaged; ``None`` where length is not what limits the vehicle.
    parts_bp
        The least that promoter, polyadenylation signal and guide cassette take of that room (a general
        estimate, 500 bases a vector); 0 where the cargo is RNA, protein or a bare template.
    note
        What a designer should know.
    """

    name: str
    kind: VehicleKind
    route: str
    place: EditingPlace
    reach: tuple[Reach, ...]
    capsid: str = ""
    capacity_bp: int | None = None
    parts_bp: int = 0
    note: str = ""

    @property
    def tissues(self) -> tuple[Tissue, ...]:
        """Every tissue it reaches."""
        return tuple(reach.tissue for reach in self.reach)

    @property
    def brings_editor(self) -> bool:
        """Whether it has carried an editor anywhere."""
        return any(reach.editing is not Evidence.NONE for reach in self.reach)

    @property
    def room_bp(self) -> int | None:
        """What is left of the capacity for the coding sequence."""
        return None if self.capacity_bp is None else self.capacity_bp - self.parts_bp

    def evidence(self, tissue: str, purpose: Purpose = "editing") -> Evidence:
        """How far this vehicle has come in one tissue."""
        wanted = tissue_named(tissue)
        found = (reach for reach in self.reach if reach.tissue is wanted)
        return next((getattr(reach, purpose) for reach in found), Evidence.NONE)

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if not self.reach:
            yield "A vehicle needs at least one tissue."
        if len(set(self.tissues)) < len(self.tissues):
            yield "A tissue stands twice."
        if any(r.editing is Evidence.NONE and r.addition is Evidence.NONE for r in self.reach):
            yield "A tissue without evidence does not belong here."
        if self.capacity_bp is not None and self.capacity_bp <= self.parts_bp:
            yield "The capacity must exceed the parts."
        if "AAV" in self.kind and not self.capsid:
            yield "An AAV needs its capsid."


class VehicleFit(NamedTuple):
    """A vehicle with the sentence why it fits."""

    vehicle: Vehicle
    because: str


@cache
def _catalogue() -> Mapping[str, Vehicle]:
    return load_rows("vehicles.toml", Vehicle)


def vehicles() -> tuple[Vehicle, ...]:
    """Return all vehicles, sorted by key.

    Examples
    --------
    >>> len(vehicles()) >= 15
    True
    """
    return tuple(_catalogue().values())


def vehicles_for(
    tissue: str,
    cargo_bp: int | None,
    place: EditingPlace | None = None,
    purpose: Purpose = "editing",
) -> tuple[VehicleFit, ...]:
    """Find the vehicles that bring a cargo of this length into a tissue.

    Parameters
    ----------
    tissue
        As :func:`revertant.knowledge.tissue_named` reads it.
    cargo_bp
        Length of the coding sequence alone (promoter and guide are counted by the vehicle); ``None`` when it
        is not known, which a vehicle with limited room is then said not to be sure of.
    place
        In or outside the body; ``None`` for either.
    purpose
        ``"editing"`` asks for vehicles that have carried an editor there, ``"addition"`` a gene.

    Returns
    -------
    tuple[VehicleFit, ...]
        The best proven first; empty when none is known.

    Examples
    --------
    >>> best, because = vehicles_for("bone marrow", None, EditingPlace.EX_VIVO)[0]
    >>> best.key
    'electroporation_rnp_hsc'
    >>> print(vehicles_for("liver", 3200, EditingPlace.IN_VIVO)[0].because)
    Editing of liver is at the clinical stage with this vehicle; cargo length does not limit it.
    >>> vehicles_for("kidney", 4100)
    ()
    """
    wanted = tissue_named(tissue)
    fits = []
    for vehicle in vehicles():
        evidence = vehicle.evidence(wanted, purpose)
        if evidence is Evidence.NONE or (place is not None and vehicle.place is not place):
            continue
        room = vehicle.room_bp
        if room is not None and cargo_bp is not None and cargo_bp > room:
            continue
        fits.append((-evidence.rank, not vehicle.checked, vehicle.key, vehicle, evidence))
    fits.sort(key=lambda fit: fit[:3])
    return tuple(
        VehicleFit(vehicle, _because(vehicle, wanted, evidence, cargo_bp, purpose))
        for *_, vehicle, evidence in fits
    )


def _because(
    vehicle: Vehicle, tissue: Tissue, evidence: Evidence, cargo_bp: int | None, purpose: Purpose
) -> str:
    act = "Editing of" if purpose == "editing" else "Adding a gene to"
    state = "approved" if evidence is Evidence.APPROVED else f"at the {evidence.value} stage"
    room = vehicle.room_bp
    if room is None:
        length = "cargo length does not limit it"
    elif cargo_bp is None:
        length = f"it has room for {room:,} bases, but the length of this cargo is not known"
    else:
        length = f"the cargo of {cargo_bp:,} bases fits its room of {room:,}"
    return f"{act} {tissue.value} is {state} with this vehicle; {length}."
