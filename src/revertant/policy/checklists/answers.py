"""What answers an item: small pure functions of a plan, one for each word of ``answered_by``.

Nothing is satisfied by default. *Satisfied by computation* needs findings that are there, pass, and whose sources were
checked; a search over windows is no search of a genome.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from revertant.model import (
    Case,
    Evidence,
    EvidenceKind,
    Finding,
    ItemState,
    Mechanism,
    Pathogenicity,
    Plan,
    RankedDesign,
    Route,
    Status,
    Strategy,
)
from revertant.policy.checklists.documents import AnsweredBy, Item
from revertant.policy.gating import PREFIX
from revertant.policy.screening import Ordered, ScreeningRecord, not_screened, screening_findings

__all__ = ["ANSWERS", "Answered", "Ground", "files_of"]

_KNOWN = (Status.PASS, Status.CAUTION)
#: What a coverage calls the patient's own genome.
_PATIENT = "patient haplotypes"
_CAUSAL = (Pathogenicity.PATHOGENIC, Pathogenicity.LIKELY_PATHOGENIC)
#: Routes that act on the variant or replace the gene. The others act beside it, and a person must justify them.
_DIRECT = {
    Route.RESTORE_WILD_TYPE,
    Route.RESTORE_PROTEIN,
    Route.BENIGN_SUBSTITUTION,
    Route.KNOCK_OUT,
    Route.ALLELE_SPECIFIC_KNOCK_OUT,
    Route.ADD_GENE,
    Route.SKIP_EXON,
    Route.REMOVE_STRETCH,
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer may rest on.

    Parameters
    ----------
    plan, case
        The plan, and the case it answers.
    ranked
        The design that is held against the document.
    records
        Screening records of what is ordered, by the SHA-256 of the sequence.
    on_date
        The day whose rules count.
    """

    plan: Plan
    case: Case
    ranked: RankedDesign
    records: Mapping[str, ScreeningRecord]
    on_date: dt.date | None

    def findings(self, rule: str) -> tuple[Finding, ...]:
        """Return every finding of a rule: of the gate for a rule of policy, else of the design."""
        found = self.plan.gate if rule.startswith(PREFIX) else self.ranked.assessment.findings
        return tuple(one for one in found if one.rule == rule)

    def pointer(self, rule: str) -> Evidence:
        """Point to the findings of a rule."""
        design = "" if rule.startswith(PREFIX) else self.ranked.design.design_id
        return Evidence(EvidenceKind.FINDING, rule, design)


@dataclass(frozen=True, slots=True)
class Answered:
    """How an item stands. ``needs`` is empty where the item's own words hold; ``checked`` is that of its evidence."""

    state: ItemState
    because: str
    needs: str = ""
    evidence: tuple[Evidence, ...] = ()
    checked: bool = True


def files_of(ground: Ground, item: Item) -> tuple[Evidence, ...]:
    """Point to the files of an item that this design has something in."""
    absent = []
    if ground.ranked.design.vector is None:
        absent.append("constructs/")
    if not ground.ranked.assessment.off_targets:
        absent.append("offtargets.")
    return tuple(
        Evidence(EvidenceKind.FILE, name) for name in item.files if not name.startswith(tuple(absent))
    )


def _taken(ground: Ground, item: Item) -> tuple[list[Finding], list[str], list[str]]:
    """Return the findings an item names, the rules they came from, and the names that have none."""
    taken: list[Finding] = []
    rules: list[str] = []
    absent: list[str] = []
    for name in item.findings:
        alternatives = [rule for rule in name.split("|") if ground.findings(rule)]
        if not alternatives:
            absent.append(name)
        rules += alternatives
        taken += [one for rule in alternatives for one in ground.findings(rule)]
    return taken, rules, absent


def _told(findings: Iterable[Finding]) -> str:
    return " ".join(dict.fromkeys(one.because for one in findings))


def _evidence(ground: Ground, item: Item, rules: Iterable[str]) -> tuple[Evidence, ...]:
    return (*(ground.pointer(rule) for rule in dict.fromkeys(rules)), *files_of(ground, item))


def findings_pass(ground: Ground, item: Item) -> Answered:
    """Satisfied when every finding named is there and passes; else by the worst of them."""
    taken, rules, absent = _taken(ground, item)
    if absent:
        what = ", ".join(name.replace("|", " or ") for name in absent)
        return Answered(ItemState.MISSING, f"The plan does not judge it for this design ({what}).")
    evidence = _evidence(ground, item, rules)
    relevant = [one for one in taken if one.status is not Status.NOT_APPLICABLE]
    if not relevant:
        return Answered(ItemState.NOT_APPLICABLE, _told(taken), evidence=evidence)
    worst = min((one.status for one in relevant), key=lambda status: status.severity)
    decisive = [one for one in relevant if one.status is worst]
    checked = all(one.checked for one in relevant)
    if worst is Status.CAUTION:
        return Answered(ItemState.HUMAN, _told(decisive), item.judge, evidence, checked)
    if worst is not Status.PASS:
        return Answered(ItemState.MISSING, _told(decisive), evidence=evidence, checked=checked)
    if not checked:
        doubtful = _told(one for one in decisive if not one.checked)
        return Answered(
            ItemState.HUMAN,
            f"{doubtful} A source of this was not checked.",
            "Someone who reads the source named in the finding.",
            evidence,
            checked=False,
        )
    return Answered(ItemState.SATISFIED, _told(decisive), evidence=evidence)


def findings_then_laboratory(ground: Ground, item: Item) -> Answered:
    """What can be computed is, and an assay must follow; without the computation, that comes first."""
    taken, rules, absent = _taken(ground, item)
    if absent:
        what = ", ".join(name.replace("|", " or ") for name in absent)
        return Answered(ItemState.MISSING, f"The plan does not judge it for this design ({what}).")
    evidence = _evidence(ground, item, rules)
    if all(one.status is Status.NOT_APPLICABLE for one in taken):
        return Answered(ItemState.NOT_APPLICABLE, _told(taken), evidence=evidence)
    told = _told(one for one in taken if one.status is not Status.NOT_APPLICABLE)
    return Answered(ItemState.LABORATORY, told, evidence=evidence, checked=all(one.checked for one in taken))


def causal_variant(ground: Ground, item: Item) -> Answered:
    """Satisfied when every allele of the target is classed as causal and the gate agrees; copies need an assay."""
    strategy = _strategy(ground)
    target = strategy.target if strategy else None
    gate = ground.findings("policy.G7")
    if target is None or not gate or any(one.status is not Status.PASS for one in gate):
        told = _told(gate) or "The plan does not say which target this design serves."
        return Answered(
            ItemState.MISSING, told, evidence=_evidence(ground, item, ("policy.G7",) if gate else ())
        )
    evidence = (Evidence(EvidenceKind.FIELD, "targets"), *_evidence(ground, item, ("policy.G7",)))
    if not target.alleles:
        return Answered(
            ItemState.LABORATORY,
            f"The case states copies of {target.gene}, and no variant.",
            "A second method that counts the copies (MLPA or digital PCR).",
            evidence,
        )
    others = [one.name for one in target.alleles if one.pathogenicity not in _CAUSAL]
    if others:
        return Answered(
            ItemState.MISSING, f"Not classed as the cause: {', '.join(others)}.", evidence=evidence
        )
    named = ", ".join(f"{one.name} ({one.pathogenicity.value.replace('_', ' ')})" for one in target.alleles)
    return Answered(
        ItemState.SATISFIED, f"Resolved on the genome, as the case classes it: {named}.", evidence=evidence
    )


def _strategy(ground: Ground) -> Strategy | None:
    design = ground.ranked.design
    return next(
        (
            one
            for one in ground.plan.strategies
            if (one.modality, one.route, one.acts_on) == (design.modality, design.route, design.acts_on)
        ),
        None,
    )


def mechanism_targeted(ground: Ground, item: Item) -> Answered:
    """Satisfied when the mechanism is known, the route acts on the cause itself, and every eligibility rule passed."""
    strategy = _strategy(ground)
    if strategy is None or strategy.target.mechanism is Mechanism.UNKNOWN:
        return Answered(ItemState.MISSING, "How the variant makes disease is not known here.")
    evidence = (Evidence(EvidenceKind.FIELD, strategy.strategy_id), *files_of(ground, item))
    told = _told(one for one in strategy.findings if one.status is strategy.status)
    if not strategy.is_eligible:
        return Answered(ItemState.MISSING, told, evidence=evidence)
    checked = all(one.checked for one in strategy.findings)
    if strategy.route not in _DIRECT or strategy.site is not None:
        because = f"It acts on {strategy.acts_on}, not on the variant itself. {told}"
        return Answered(ItemState.HUMAN, because, item.judge, evidence, checked)
    if strategy.status is not Status.PASS or not checked:
        return Answered(ItemState.HUMAN, told, item.judge, evidence, checked)
    return Answered(ItemState.SATISFIED, told, evidence=evidence)


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
        return Answered(ItemState.MISSING, missing, evidence=_pointers(ground, item))
    coverage = ground.ranked.assessment.off_targets[0].coverage
    return Answered(
        ItemState.SATISFIED, f"{coverage.statement}{_left_out(ground)}", evidence=_pointers(ground, item)
    )


def _pointers(ground: Ground, item: Item) -> tuple[Evidence, ...]:
    return _evidence(ground, item, (rule for rule in item.findings if ground.findings(rule)))


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
    found = offtarget_genome_wide(ground, item)
    own = ground.findings("offtarget.patient_sites")
    if found.state is not ItemState.SATISFIED:
        return found
    if not own or any(one.status not in _KNOWN for one in own):
        return replace(found, state=ItemState.MISSING, because=_told(own) or "Not judged.")
    return replace(found, because=_told(own))


def offtarget_annotated(ground: Ground, item: Item) -> Answered:
    """Satisfied when the whole search says which sites are coding."""
    found = _search_alone(ground, item)
    coding = ground.findings("offtarget.coding_site")
    if found.state is not ItemState.SATISFIED:
        return found
    if not coding or any(one.status not in _KNOWN for one in coding):
        return replace(found, state=ItemState.MISSING, because=_told(coding) or "Not judged.")
    return replace(found, because=_told(coding))


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


_WHOLE_SEARCH = (
    "First a search of the whole genome on the patient's haplotypes (--reference, --vcf), then the assay."
)


def screening_recorded(ground: Ground, item: Item) -> Answered:
    """Satisfied when every sequence that a rule asks to be screened has a clear record."""
    asked = []
    for ordered in _ordered(ground):
        record = ground.records.get(ordered.sha256) or not_screened(ordered, "No record was given.")
        place = ground.case.jurisdiction
        first = screening_findings(record, jurisdiction=place, on_date=ground.on_date)[0]
        if first.status is not Status.NOT_APPLICABLE:
            asked.append((record, first))
    evidence = files_of(ground, item)
    if not asked:
        told = "No sequence of this design is so long that a rule asks for a record."
        return Answered(ItemState.NOT_APPLICABLE, told, evidence=evidence)
    without = [record.name for record, first in asked if first.status is Status.UNKNOWN]
    if without:
        told = f"{len(without)} of {len(asked)} sequences have no record: {', '.join(without)}."
        return Answered(ItemState.MISSING, told, evidence=evidence)
    review = [record.name for record, first in asked if first.status is not Status.PASS]
    if review:
        told = f"The record asks for a review: {', '.join(review)}."
        return Answered(ItemState.HUMAN, told, item.judge, evidence)
    methods = ", ".join(dict.fromkeys(record.method for record, _ in asked))
    return Answered(ItemState.SATISFIED, f"{len(asked)} sequences are clear ({methods}).", evidence=evidence)


def _ordered(ground: Ground) -> tuple[Ordered, ...]:
    """Return what is ordered for a design, each sequence once."""
    design = ground.ranked.design
    constructs = design.vector.constructs if design.vector else ()
    rows = [
        *((one.name, one.sequence) for one in design.oligos),
        *((one.name, one.sequence) for one in constructs),
    ]
    by_bases = {bases: Ordered(name, bases) for name, bases in reversed(rows)}
    return tuple(sorted(by_bases.values(), key=lambda one: (one.name, one.sequence)))


def laboratory(ground: Ground, item: Item) -> Answered:
    """Only an assay can answer it; findings named beside it say what is known before."""
    taken, rules, _ = _taken(ground, item)
    told = _told(taken) or "No computation can answer it."
    return Answered(ItemState.LABORATORY, told, evidence=_evidence(ground, item, rules))


def human(ground: Ground, item: Item) -> Answered:
    """Only a person can answer it."""
    taken, rules, _ = _taken(ground, item)
    told = _told(taken) or "It is a decision or a document of people."
    return Answered(ItemState.HUMAN, told, evidence=_evidence(ground, item, rules))


def not_in_plan(ground: Ground, item: Item) -> Answered:
    """Another command computes it: this plan does not hold it."""
    return Answered(ItemState.MISSING, "A plan does not compute it.", evidence=files_of(ground, item))


#: The function behind each word.
ANSWERS: Mapping[AnsweredBy, Callable[[Ground, Item], Answered]] = {
    AnsweredBy.FINDINGS_PASS: findings_pass,
    AnsweredBy.FINDINGS_THEN_LABORATORY: findings_then_laboratory,
    AnsweredBy.CAUSAL_VARIANT: causal_variant,
    AnsweredBy.MECHANISM_TARGETED: mechanism_targeted,
    AnsweredBy.OFFTARGET_GENOME_WIDE: offtarget_genome_wide,
    AnsweredBy.OFFTARGET_PERSONAL: offtarget_personal,
    AnsweredBy.OFFTARGET_ANNOTATED: offtarget_annotated,
    AnsweredBy.OFFTARGET_REPORTED: offtarget_reported,
    AnsweredBy.CONFIRMATION_SITES: confirmation_sites,
    AnsweredBy.SCREENING_RECORDED: screening_recorded,
    AnsweredBy.LABORATORY: laboratory,
    AnsweredBy.HUMAN: human,
    AnsweredBy.NOT_IN_PLAN: not_in_plan,
}
