"""The rules a base-editing design must answer."""

from __future__ import annotations

from revertant import knowledge
from revertant.modality.base_editing.other_copy import other_copy_finding
from revertant.modality.base_editing.outcome import SILENCING, is_unwanted
from revertant.modality.contract import AssessmentContext
from revertant.modality.offtarget_rules import off_target_findings
from revertant.modality.safety import (
    delivery_findings,
    guide_findings,
    haplotype_finding,
    nick_damage_findings,
)
from revertant.model import Assessment, Design, Finding, Status

__all__ = ["assess_base_edit"]

#: Useful share below which a design gets a caution: most edited alleles would then serve no purpose.
ENOUGH_USEFUL = 0.5


def assess_base_edit(design: Design, context: AssessmentContext) -> Assessment:
    """Apply every base-editing rule to one design.

    Parameters
    ----------
    design
        A base-editing design.
    context
        The case, the strategy, the genome, and the off-target reports.
    """
    editor = knowledge.editors()[design.effector]
    target = context.strategy.target
    findings = (
        _useful_share(design),
        _bystanders(design),
        other_copy_finding(context.strategy, dict(design.facts)),
        _window(design),
        haplotype_finding(design, has_patient_genome=context.has_patient_genome),
        *guide_findings(design),
        *off_target_findings(context.off_targets, has_patient_genome=context.has_patient_genome),
        *delivery_findings(design, target, context.case, editor.least_cargo_bp),
        *nick_damage_findings(),
        _catalogue_row(editor),
    )
    return Assessment(design.design_id, findings, tuple(context.off_targets or ()))


def _useful_share(design: Design) -> Finding:
    rule = "edit.useful_share"
    share = design.useful_share
    if share is None or share.value is None:
        method = share.method if share is not None else "not predicted"
        return Finding(rule, Status.UNKNOWN, f"The share of useful genotypes is not known ({method}).")
    low = share.value if share.low is None else share.low
    high = share.value if share.high is None else share.high
    status = Status.PASS if share.value >= ENOUGH_USEFUL else Status.CAUTION
    if not share.in_domain:
        status = Status.UNKNOWN
    return Finding(
        rule,
        status,
        f"{share.value:.0%} of edited alleles ({low:.0%} to {high:.0%}) are predicted to serve the purpose.",
        value=f"{share.value:.0%}",
        threshold=f"{ENOUGH_USEFUL:.0%}",
        sources=share.sources,
    )


def _bystanders(design: Design) -> Finding:
    """Whether any genotype changes the protein, or a base near an exon's edge, in a way nobody asked for."""
    rule = "edit.coding_bystander"
    if design.route in SILENCING:
        return Finding(
            rule, Status.NOT_APPLICABLE, "The product is to be lost; other changes in it do not matter."
        )
    facts = dict(design.facts)
    named = facts["bystanders"]
    if facts["unwanted_genotypes"] == "0":
        text = (
            "No other editable base in the window."
            if named == "none"
            else f"Bystanders change nothing: {named}."
        )
        return Finding(rule, Status.PASS, text, value=named)
    labels = "; ".join(dict.fromkeys(o.label for o in design.outcomes if is_unwanted(o)))
    return Finding(
        rule,
        Status.CAUTION,
        f"{facts['unwanted_genotypes']} of {facts['genotypes']} genotypes change the protein otherwise or lie near "
        f"a splice site: {labels}.",
        value=named,
    )


def _window(design: Design) -> Finding:
    facts = dict(design.facts)
    in_core = facts["target_in_core_window"] == "yes"
    place = facts["target_spacer_position"]
    return Finding(
        "edit.target_in_core_window",
        Status.PASS if in_core else Status.CAUTION,
        f"The target base is at spacer position {place}, {'inside' if in_core else 'outside'} the core of the window.",
        value=place,
        threshold=facts["editing_window"],
    )


def _catalogue_row(editor: knowledge.BaseEditor) -> Finding:
    """An editor whose PAM and window were not checked against their source says so."""
    basis = editor.checked_against or "not checked against the primary source"
    return Finding(
        "knowledge.editor",
        Status.PASS if editor.checked else Status.UNKNOWN,
        f"PAM and window of {editor.name}: {basis.rstrip('.')}.",
        value=f"{editor.pam}, {editor.window[0]}-{editor.window[1]}",
        sources=editor.sources,
        checked=editor.checked,
    )
