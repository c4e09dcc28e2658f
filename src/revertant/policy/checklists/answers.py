"""What answers an item: small pure functions of a plan, one for each word of ``answered_by``.

Nothing is satisfied by default. *Satisfied by computation* needs findings that are there, pass, and whose sources were
checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from revertant.model import (
    Evidence,
    EvidenceKind,
    ItemState,
    Mechanism,
    Pathogenicity,
    Route,
    Status,
    Strategy,
)
from revertant.policy.checklists.documents import AnsweredBy, Item
from revertant.policy.checklists.ground import (
    Answered,
    Ground,
    evidence_of,
    files_of,
    sentences,
    taken_findings,
)
from revertant.policy.checklists.offtargets import (
    confirmation_sites,
    offtarget_annotated,
    offtarget_genome_wide,
    offtarget_personal,
    offtarget_reported,
)
from revertant.policy.screening import Ordered, not_screened, screening_findings

__all__ = [
    "ANSWERS",
    "causal_variant",
    "findings_pass",
    "findings_then_laboratory",
    "human",
    "laboratory",
    "mechanism_targeted",
    "not_in_plan",
    "screening_recorded",
]

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


def findings_pass(ground: Ground, item: Item) -> Answered:
    """Satisfied when every finding named is there and passes; else by the worst of them."""
    taken, rules, absent = taken_findings(ground, item)
    if absent:
        what = ", ".join(name.replace("|", " or ") for name in absent)
        return Answered(ItemState.MISSING, f"The plan does not judge it for this design ({what}).")
    evidence = evidence_of(ground, item, rules)
    relevant = [one for one in taken if one.status is not Status.NOT_APPLICABLE]
    if not relevant:
        return Answered(ItemState.NOT_APPLICABLE, sentences(taken), evidence=evidence)
    worst = min((one.status for one in relevant), key=lambda status: status.severity)
    decisive = [one for one in relevant if one.status is worst]
    checked = all(one.checked for one in relevant)
    if worst is Status.CAUTION:
        return Answered(ItemState.HUMAN, sentences(decisive), item.judge, evidence, checked)
    if worst is not Status.PASS:
        return Answered(ItemState.MISSING, sentences(decisive), evidence=evidence, checked=checked)
    if not checked:
        doubtful = sentences(one for one in decisive if not one.checked)
        return Answered(
            ItemState.HUMAN,
            f"{doubtful} A source of this was not checked.",
            "Someone who reads the source named in the finding.",
            evidence,
            checked=False,
        )
    return Answered(ItemState.SATISFIED, sentences(decisive), evidence=evidence)


def findings_then_laboratory(ground: Ground, item: Item) -> Answered:
    """What can be computed is, and an assay must follow; without the computation, that comes first."""
    taken, rules, absent = taken_findings(ground, item)
    if absent:
        what = ", ".join(name.replace("|", " or ") for name in absent)
        return Answered(ItemState.MISSING, f"The plan does not judge it for this design ({what}).")
    evidence = evidence_of(ground, item, rules)
    if all(one.status is Status.NOT_APPLICABLE for one in taken):
        return Answered(ItemState.NOT_APPLICABLE, sentences(taken), evidence=evidence)
    told = sentences(one for one in taken if one.status is not Status.NOT_APPLICABLE)
    return Answered(ItemState.LABORATORY, told, evidence=evidence, checked=all(one.checked for one in taken))


def causal_variant(ground: Ground, item: Item) -> Answered:
    """Satisfied when every allele of the target is classed as causal and the gate agrees; copies need an assay."""
    strategy = _strategy(ground)
    target = strategy.target if strategy else None
    gate = ground.findings("policy.G7")
    if target is None or not gate or any(one.status is not Status.PASS for one in gate):
        told = sentences(gate) or "The plan does not say which target this design serves."
        return Answered(
            ItemState.MISSING, told, evidence=evidence_of(ground, item, ("policy.G7",) if gate else ())
        )
    evidence = (Evidence(EvidenceKind.FIELD, "targets"), *evidence_of(ground, item, ("policy.G7",)))
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
    told = sentences(one for one in strategy.findings if one.status is strategy.status)
    if not strategy.is_eligible:
        return Answered(ItemState.MISSING, told, evidence=evidence)
    checked = all(one.checked for one in strategy.findings)
    if strategy.route not in _DIRECT or strategy.site is not None:
        because = f"It acts on {strategy.acts_on}, not on the variant itself. {told}"
        return Answered(ItemState.HUMAN, because, item.judge, evidence, checked)
    if strategy.status is not Status.PASS or not checked:
        return Answered(ItemState.HUMAN, told, item.judge, evidence, checked)
    return Answered(ItemState.SATISFIED, told, evidence=evidence)


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
    taken, rules, _ = taken_findings(ground, item)
    told = sentences(taken) or "No computation can answer it."
    return Answered(ItemState.LABORATORY, told, evidence=evidence_of(ground, item, rules))


def human(ground: Ground, item: Item) -> Answered:
    """Only a person can answer it."""
    taken, rules, _ = taken_findings(ground, item)
    told = sentences(taken) or "It is a decision or a document of people."
    return Answered(ItemState.HUMAN, told, evidence=evidence_of(ground, item, rules))


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
