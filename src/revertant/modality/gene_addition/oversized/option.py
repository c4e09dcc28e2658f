"""One way to bring a gene, and whether a vehicle of its kind is known to reach the tissue."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.knowledge import Evidence, Tissue, Vehicle, vehicles
from revertant.model import EditingPlace, Estimate, Finding, GenomeForm, Status

__all__ = ["RouteOption", "reach_of"]


@dataclass(frozen=True, slots=True)
class RouteOption:
    """One way to bring a gene.

    Parameters
    ----------
    key, name
        Stable key (``"scAAV"``, ``"ssAAV"``, ``"dual_AAV"``, ``"triple_AAV"``, ``"mini_gene"``, ``"lentiviral"``,
        ``"LNP-mRNA"``, ``"oversized_AAV"``, ``"other"``) and display name.
    form
        Form of the genome; ``None`` where no form of the model is meant (three AAV, an oversized one).
    fit
        Whether the length fits: pass, caution, fail, or unknown.
    reach
        Whether a vehicle of this kind is known to bring a gene to the tissue.
    packaged_bp
        Length of each genome or of the RNA; empty where it is not defined.
    full_length
        Expected share of whole genomes, for each.
    because
        In one sentence.
    findings
        The rules behind ``fit`` and ``reach``.
    sources
        What the sentence rests on.
    checked
        Whether those were read.
    """

    key: str
    name: str
    form: GenomeForm | None
    fit: Status
    reach: Status
    packaged_bp: tuple[int, ...]
    full_length: tuple[Estimate, ...]
    because: str
    findings: tuple[Finding, ...]
    sources: tuple[str, ...]
    checked: bool = True

    @property
    def status(self) -> Status:
        """The worse of fit and reach."""
        return min(self.fit, self.reach, key=lambda status: status.severity)


def reach_of(tissue: Tissue, *kinds: str) -> Finding:
    """Whether a gene was ever brought to the tissue by a vehicle of these kinds."""
    rule = "route.vehicle_reaches_tissue"
    # An AAV given to cells outside the body is a donor for repair: as an episome it is lost when they divide.
    known: list[tuple[Evidence, Vehicle]] = [
        (vehicle.evidence(tissue, "addition"), vehicle)
        for vehicle in vehicles()
        if vehicle.kind in kinds and not ("AAV" in vehicle.kind and vehicle.place is EditingPlace.EX_VIVO)
    ]
    known = [(evidence, vehicle) for evidence, vehicle in known if evidence is not Evidence.NONE]
    if not known:
        return Finding(
            rule,
            Status.FAIL,
            f"No {' or '.join(kinds)} is known to have brought a gene to {tissue.value}.",
            value="none",
        )
    evidence, best = max(known, key=lambda pair: (pair[0].rank, pair[1].checked, pair[1].key))
    stage = "approved" if evidence is Evidence.APPROVED else f"at the {evidence.value} stage"
    status = Status.CAUTION if evidence is Evidence.PRECLINICAL else Status.PASS
    text = f"{best.name}: adding a gene to {tissue.value} is {stage}."
    return Finding(rule, status, text, value=evidence.value, sources=best.sources, checked=best.checked)
