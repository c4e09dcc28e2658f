"""The rules a splice-switching design must answer, by the means it uses."""

from __future__ import annotations

from revertant import knowledge
from revertant.modality.contract import AssessmentContext
from revertant.modality.offtarget_rules import off_target_findings
from revertant.modality.precedent import precedent_finding
from revertant.modality.safety import (
    best_vehicle,
    catalogue_finding,
    cut_damage_findings,
    delivery_findings,
    guide_findings,
    haplotype_finding,
    nick_damage_findings,
)
from revertant.modality.splice_switching.frames import exon_words
from revertant.modality.splice_switching.guideline import known_oligos
from revertant.modality.splice_switching.oligo_checks import oligo_findings
from revertant.modality.splice_switching.sites import SENSIBLE_BITS, SITE_SOURCES
from revertant.model import Assessment, Design, Effect, Finding, Route, Status, Zygosity

__all__ = ["assess_splice_switch"]

#: Predicted useful share of a base edit below which a design gets a caution.
ENOUGH_USEFUL = 0.5


def assess_splice_switch(design: Design, context: AssessmentContext) -> Assessment:
    """Apply every splice-switching rule to one design.

    Parameters
    ----------
    design
        A splice-switching design.
    context
        The case, the strategy, the genome, and the off-target reports.
    """
    shared = (
        _useful_share(design),
        _rna(design),
        _protein(design, context),
        _other_copy(design, context),
    )
    if design.antisense:
        findings = (*shared, *oligo_findings(design, context))
        return Assessment(design.design_id, findings)
    findings = (
        *shared,
        *_means_findings(design),
        precedent_finding(design),
        haplotype_finding(design, context.called),
        *guide_findings(design),
        *off_target_findings(context.off_targets, context.called),
        *_editor_findings(design, context),
    )
    return Assessment(design.design_id, findings, tuple(context.off_targets or ()))


def _useful_share(design: Design) -> Finding:
    rule = "edit.useful_share"
    share = design.useful_share
    if share is None or share.value is None:
        return Finding(
            rule,
            Status.UNKNOWN,
            f"How many messages are spliced as wanted is not predicted ({share.method if share else 'no model'}); "
            "measure it on RNA.",
        )
    return Finding(
        rule,
        Status.CAUTION if share.in_domain else Status.UNKNOWN,
        f"{share.value:.0%} of edited alleles are predicted to have the site broken, from mean rates of one "
        "experiment; how they are spliced then has to be measured on RNA.",
        value=f"{share.value:.0%}",
        threshold=f"{ENOUGH_USEFUL:.0%}",
        sources=share.sources,
    )


def _rna(design: Design) -> Finding:
    """What is spliced is never known from sequence alone."""
    rival = dict(design.facts).get("rival_site", "")
    label = design.splicing.label if design.splicing is not None else ""
    parts = ["What is spliced in the end only RNA of treated cells shows."]
    if label:
        parts.append(f"What is to be hidden: {label}.")
    if rival and rival != "none":
        parts.append(f"Splicing may move to another site: {rival}.")
    return Finding(
        "splice.result_on_rna",
        Status.UNKNOWN,
        " ".join(parts),
        value=rival,
        threshold=f"no other site of {SENSIBLE_BITS:g} bits or more within 100 bases" if rival else "",
        sources=SITE_SOURCES if rival or label else (),
    )


def _protein(design: Design, context: AssessmentContext) -> Finding:
    rule = "splice.protein_without_exons"
    if design.route is not Route.SKIP_EXON or design.splicing is None:
        return Finding(rule, Status.NOT_APPLICABLE, "The normal protein is to be made again.")
    target = context.strategy.target
    known = [known_oligos(target.gene, target.transcript, number) for number in design.splicing.skipped]
    names = exon_words((*design.splicing.absent, *design.splicing.skipped))
    if known and all(known):
        rows = [row for found in known for row in found]
        return Finding(
            rule,
            Status.CAUTION,
            f"People have been given oligos for the same exons ({', '.join(row.name for row in rows)}); how much the "
            f"protein without {names} does differs by what is missing.",
            value=names,
            sources=tuple(dict.fromkeys(source for row in rows for source in row.sources)),
            checked=all(row.checked for row in rows),
        )
    return Finding(
        rule,
        Status.UNKNOWN,
        f"Whether the protein of {target.gene} without {names} works is not known here.",
        value=names,
    )


def _other_copy(design: Design, context: AssessmentContext) -> Finding:
    """A healthy copy is spliced by the same rules."""
    rule = "edit.other_copy"
    allele = context.strategy.allele
    if allele is None or allele.zygosity in {Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS}:
        return Finding(rule, Status.NOT_APPLICABLE, "There is no healthy copy.")
    if allele.zygosity is Zygosity.UNKNOWN:
        return Finding(
            rule, Status.UNKNOWN, "The zygosity is not stated: whether a healthy copy is hit is open."
        )
    if design.antisense and dict(design.facts).get("allele_under_oligo") == "yes":
        text = (
            f"{allele.name} lies under the oligo, so the other copy is bound with a mismatch; that this spares it has "
            "to be shown."
        )
        return Finding(rule, Status.CAUTION, text)
    if design.route is Route.SKIP_EXON:
        text = "The other copy has the same exon and would lose it too: its protein is shortened as well."
        return Finding(rule, Status.CAUTION, text)
    return Finding(
        rule, Status.CAUTION, "The other copy may be bound too; it has no wrong site to hide there."
    )


def _means_findings(design: Design) -> tuple[Finding, ...]:
    facts = dict(design.facts)
    found = []
    if "target_in_core_window" in facts:
        core = facts["target_in_core_window"] == "yes"
        found.append(
            Finding(
                "edit.target_in_core_window",
                Status.PASS if core else Status.CAUTION,
                f"The target base is at spacer position {facts['target_spacer_position']}, "
                f"{'inside' if core else 'outside'} the core of the window.",
                value=facts["target_spacer_position"],
                threshold=facts["editing_window"],
            )
        )
    if "pam_strength" in facts:
        weak = facts["pam_strength"] == "weak"
        found.append(
            Finding(
                "guide.pam_strength",
                Status.CAUTION if weak else Status.PASS,
                f"The PAM {design.guides[0].pam} is {'cut only weakly' if weak else 'a full one'} by "
                f"{design.effector_name}.",
                value=design.guides[0].pam,
            )
        )
    if "reframing" in facts and any(outcome.effect is Effect.PROTEIN_CHANGED for outcome in design.outcomes):
        useful = any(o.useful for o in design.outcomes if o.effect is Effect.PROTEIN_CHANGED)
        found.append(
            Finding(
                "splice.reframing",
                Status.PASS if useful else Status.CAUTION,
                f"{facts['reframing']}.".capitalize(),
            )
        )
    if "junction_splice_sites" in facts:
        found += _excision_findings(facts)
    return tuple(found)


def _excision_findings(facts: dict[str, str]) -> list[Finding]:
    new, again = facts["junction_splice_sites"], facts["cut_again"]
    one_copy = facts["pair_on_one_copy"] == "yes"
    return [
        Finding(
            "splice.junction_sites",
            Status.PASS if new == "none" else Status.CAUTION,
            "A clean join of the cuts makes no new splice site."
            if new == "none"
            else f"A clean join of the cuts makes a new splice site: {new}.",
            value=new,
            threshold=f"{SENSIBLE_BITS:g} bits",
            sources=SITE_SOURCES,
        ),
        Finding(
            "edit.cut_again",
            Status.PASS if again == "no" else Status.CAUTION,
            "No guide finds its site in the joined sequence."
            if again == "no"
            else f"{again.capitalize()} find their site in the joined sequence and would cut it again.",
            value=again,
        ),
        Finding(
            "guide.pair_on_one_copy",
            Status.PASS if one_copy else Status.UNKNOWN,
            "Both guides lie on one and the same copy."
            if one_copy
            else "Whether both guides lie on one and the same copy is not known: phase the variants.",
        ),
    ]


def _editor_findings(design: Design, context: AssessmentContext) -> tuple[Finding, ...]:
    target, case = context.strategy.target, context.case
    editor = knowledge.editors().get(design.effector)
    if editor is not None:
        window = f"{editor.pam}, {editor.window[0]}-{editor.window[1]}"
        return (
            *delivery_findings(design, target, case, editor.least_cargo_bp),
            *nick_damage_findings(),
            catalogue_finding("knowledge.editor", "PAM and window", editor, window),
        )
    nuclease = knowledge.nucleases()[design.effector]
    return (
        *delivery_findings(design, target, case, nuclease.cds_bp),
        *cut_damage_findings(best_vehicle(target, nuclease.cds_bp)),
        catalogue_finding("knowledge.nuclease", "PAM and cut", nuclease, nuclease.pam),
    )
