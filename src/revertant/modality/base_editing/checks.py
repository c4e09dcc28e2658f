"""The rules a base-editing design must answer."""

from __future__ import annotations

from revertant import knowledge
from revertant.modality.base_editing.outcome import SILENCING, is_unwanted
from revertant.modality.base_editing.shares import ROUGH
from revertant.modality.contract import AssessmentContext
from revertant.modality.offtarget_rules import off_target_findings
from revertant.modality.other_activity import noted_activity, other_activity_finding
from revertant.modality.other_copy import other_copy_finding
from revertant.modality.precedent import precedent_finding
from revertant.modality.safety import (
    catalogue_finding,
    delivery_findings,
    guide_findings,
    haplotype_finding,
    nick_damage_findings,
    site_findings,
)
from revertant.model import Assessment, Design, Finding, Status

__all__ = ["assess_base_edit"]

#: Useful share below which a design gets a caution: most edited alleles would then serve no purpose.
ENOUGH_USEFUL = 0.5

_TO_BE_LOST = "The product, or the site, is to be lost: other changes in it do not matter."


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
        _edge(design),
        _more_harm(design),
        precedent_finding(design),
        *site_findings(context.strategy),
        other_copy_finding(context.strategy, dict(design.facts)),
        *_activity(dict(design.facts)),
        _window(design),
        haplotype_finding(design, context.called),
        *guide_findings(design),
        *off_target_findings(context.off_targets, context.called),
        *delivery_findings(design, target, context.case, editor.least_cargo_bp),
        *nick_damage_findings(),
        catalogue_finding(
            "knowledge.editor",
            "PAM and window",
            editor,
            f"{editor.pam}, {editor.window[0]}-{editor.window[1]}",
        ),
    )
    return Assessment(design.design_id, findings, tuple(context.off_targets or ()))


def _activity(facts: dict[str, str]) -> tuple[Finding, ...]:
    """How far the guide acts on the copy that is to be spared, where that copy would be harmed."""
    activity = noted_activity(facts)
    if activity is None:
        return ()
    return (other_activity_finding(activity, has_no_pam=facts["other_copy"] == "spared", acts="edited"),)


def _useful_share(design: Design) -> Finding:
    rule = "edit.useful_share"
    share = design.useful_share
    if share is None or share.value is None:
        method = share.method if share is not None else "not predicted"
        return Finding(rule, Status.UNKNOWN, f"The share of useful genotypes is not known ({method}).")
    low = share.value if share.low is None else share.low
    high = share.value if share.high is None else share.high
    # Never a pass: a prediction from mean rates does not stand for a measurement of this guide.
    status = Status.CAUTION if share.in_domain else Status.UNKNOWN
    basis = ROUGH if share.in_domain else f"{share.method} (outside its domain)"
    expected = f" {design.useful_yield.method.capitalize()}." if design.useful_yield else ""
    return Finding(
        rule,
        status,
        f"{share.value:.0%} of edited alleles ({low:.0%} to {high:.0%}) are predicted to serve the purpose, from "
        f"{basis}.{expected}",
        value=f"{share.value:.0%}",
        threshold=f"{ENOUGH_USEFUL:.0%}",
        sources=share.sources,
    )


def _more_harm(design: Design) -> Finding:
    """Whether more edited alleles are predicted to be changed wrongly than rightly."""
    rule = "edit.more_harm_than_good"
    if design.route in SILENCING:
        return Finding(rule, Status.NOT_APPLICABLE, _TO_BE_LOST)
    if dict(design.facts)["unwanted_genotypes"] == "0":
        return Finding(rule, Status.PASS, "No genotype of this guide changes anything nobody asked for.")
    share = design.useful_share
    if share is None or share.value is None:
        return Finding(
            rule, Status.UNKNOWN, "Which share of alleles would be changed wrongly is not predicted."
        )
    shares = [outcome.share for outcome in design.outcomes if is_unwanted(outcome)]
    # Rounded so that two equal sums are equal, however they were added up.
    wrong = round(sum(one.value for one in shares if one is not None and one.value is not None), 4)
    right = round(share.value, 4)
    return Finding(
        rule,
        Status.UNKNOWN if not share.in_domain else Status.FAIL if wrong > right else Status.PASS,
        f"{wrong:.0%} of edited alleles are predicted to be changed in a way nobody asked for, {right:.0%} rightly.",
        value=f"{wrong:.0%}",
        threshold=f"{right:.0%}",
        sources=share.sources,
    )


def _edge(design: Design) -> Finding:
    """Whether a harmful base stands just outside the window, where editing is rarer but not absent."""
    rule = "edit.just_outside_window"
    if design.route in SILENCING:
        return Finding(rule, Status.NOT_APPLICABLE, _TO_BE_LOST)
    named = dict(design.facts)["just_outside_window"]
    if named == "none":
        return Finding(
            rule, Status.PASS, "No base whose editing would do harm stands just outside the window."
        )
    return Finding(
        rule,
        Status.CAUTION,
        f"Just outside the window, where editing is rarer but not absent: {named}.",
        value=named,
        threshold="none within 2 bases",
    )


def _bystanders(design: Design) -> Finding:
    """Whether any genotype changes the protein, or a base near an exon's edge, in a way nobody asked for."""
    rule = "edit.coding_bystander"
    if design.route in SILENCING:
        return Finding(rule, Status.NOT_APPLICABLE, _TO_BE_LOST)
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
