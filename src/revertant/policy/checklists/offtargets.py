"""Answers that rest on the off-target search; one over windows is no search of a genome."""

from __future__ import annotations

from dataclasses import replace

from revertant.model import Evidence, EvidenceKind, Finding, ItemState, Status
from revertant.policy.checklists.documents import Item
from revertant.policy.checklists.ground import Answered, Ground, pointers, sentences

__all__ = [
    "confirmation_sites",
    "offtarget_annotated",
    "offtarget_genome_wide",
    "offtarget_personal",
    "offtarget_reported",
]

_KNOWN = (Status.PASS, Status.CAUTION)
#: What a coverage calls the patient's own genome.
_PATIENT = "patient haplotypes"
_WHOLE_SEARCH = (
    "First a search of the whole genome on the patient's haplotypes (--reference, --vcf), then the assay."
)


def _missing_search(ground: Ground) -> str:
    """Say why there is no search of the whole genome for every guide; empty where there is one."""
    design, reports = ground.ranked.design, ground.ranked.assessment.off_targets
    open_edits = design.car is not None and any(not edit.options for edit in design.car.edit_set.edits)
    if not design.guides or open_edits:
        return "A guide is still to be found."
    if {guide.spacer for guide in design.guides} - {report.request.spacer for report in reports}:
        return "No off-target search was made for every guide; that is not a clean search."
    narrow = [report for report in reports if not report.coverage.genome_wide]
    if narrow:
        return narrow[0].coverage.statement
    return ""


def _left_out(ground: Ground) -> str:
    """What the search says it did not look at."""
    coverage = ground.ranked.assessment.off_targets[0].coverage
    told = ", ".join(f"{count:,} {what}" for what, count in coverage.not_searched)
    return f" Not searched: {told}." if told else ""


def _search_alone(ground: Ground, item: Item) -> Answered:
    """Answer from the search of the whole reference: what is said of it where that is enough."""
    if missing := _missing_search(ground):
        return Answered(ItemState.MISSING, missing, evidence=pointers(ground, item))
    coverage = ground.ranked.assessment.off_targets[0].coverage
    return Answered(
        ItemState.SATISFIED, f"{coverage.statement}{_left_out(ground)}", evidence=pointers(ground, item)
    )


def offtarget_genome_wide(ground: Ground, item: Item) -> Answered:
    """Satisfied by a search of every guide over the whole genome on the patient's haplotypes; never over windows."""
    found = _search_alone(ground, item)
    if found.state is not ItemState.SATISFIED:
        return found
    if any(_PATIENT not in one.coverage.genomes for one in ground.ranked.assessment.off_targets):
        because = f"The patient's own genome was not searched. {found.because}"
        return replace(found, state=ItemState.MISSING, because=because)
    limits = ground.ranked.assessment.off_targets[0].request.limits
    reach = (
        f"Up to {limits.mismatches} mismatches, {limits.dna_bulges} DNA and {limits.rna_bulges} RNA bulges"
    )
    capped = f", {limits.total_edits} in all" if limits.total_edits is not None else ""
    return replace(found, because=f"{found.because} {reach}{capped}.")


def offtarget_personal(ground: Ground, item: Item) -> Answered:
    """Satisfied when the whole search says which sites this person gained, lost and changed."""
    return _told_too(offtarget_genome_wide(ground, item), ground.findings("offtarget.patient_sites"))


def offtarget_annotated(ground: Ground, item: Item) -> Answered:
    """Satisfied when the whole search says which sites are coding."""
    return _told_too(_search_alone(ground, item), ground.findings("offtarget.coding_site"))


def _told_too(found: Answered, findings: tuple[Finding, ...]) -> Answered:
    """Return a search that stands, with what its findings say; missing where one of them is not known."""
    if found.state is not ItemState.SATISFIED:
        return found
    if not findings or any(one.status not in _KNOWN for one in findings):
        return replace(found, state=ItemState.MISSING, because=sentences(findings) or "Not judged.")
    return replace(found, because=sentences(findings))


def offtarget_reported(ground: Ground, item: Item) -> Answered:
    """Satisfied when the whole search stands beside parameters, versions and the digest of the reference."""
    found = _search_alone(ground, item)
    if found.state is not ItemState.SATISFIED:
        return found
    origin = ground.plan.provenance
    roles = {one.role for one in origin.inputs}
    if not (origin.version and origin.parameters and origin.catalogues and "reference" in roles):
        because = "The plan does not name version, parameters and the digest of its reference."
        return replace(found, state=ItemState.MISSING, because=because)
    counts = f"{len(origin.parameters)} parameters, {len(origin.inputs)} inputs by digest"
    because = f"{origin.software} {origin.version}, {counts}."
    fields = tuple(
        Evidence(EvidenceKind.FIELD, f"provenance.{name}") for name in ("version", "parameters", "inputs")
    )
    return replace(found, because=because, evidence=(*fields, *found.evidence))


def confirmation_sites(ground: Ground, item: Item) -> Answered:
    """An assay once there is a list of sites for it: that of a whole genome on the patient's haplotypes."""
    found = offtarget_genome_wide(ground, item)
    if found.state is not ItemState.SATISFIED:
        because = f"There is no list of sites of the whole genome to confirm yet. {found.because}"
        return replace(found, because=because, needs=_WHOLE_SEARCH)
    number = sum(report.present_count for report in ground.ranked.assessment.off_targets)
    because = f"{number:,} sites are nominated by computation for this design; none is confirmed by that."
    return replace(found, state=ItemState.LABORATORY, because=because)
