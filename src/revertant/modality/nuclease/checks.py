"""The rules a nuclease design must answer."""

from __future__ import annotations

from revertant import knowledge
from revertant.modality.contract import AssessmentContext
from revertant.modality.nuclease.excision_design import excision_findings
from revertant.modality.nuclease.frameshift import NMD_SOURCES
from revertant.modality.nuclease.structural import collapse_findings
from revertant.modality.offtarget_rules import off_target_findings
from revertant.modality.other_activity import noted_activity, other_activity_finding
from revertant.modality.precedent import precedent_finding
from revertant.modality.safety import (
    best_vehicle,
    catalogue_finding,
    cut_damage_findings,
    delivery_findings,
    guide_findings,
    haplotype_finding,
    site_findings,
)
from revertant.model import Assessment, Design, Finding, Route, Status

__all__ = ["assess_cut"]

#: SNPs that make a PAM on one copy of HTT: a cut in an exon, and an excision with a guide that cuts both copies.
HANDLE_SOURCES = ("doi:10.1172/jci.insight.141042", "pmcid:PMC9450073")


def assess_cut(design: Design, context: AssessmentContext) -> Assessment:
    """Apply every nuclease rule to one design.

    Parameters
    ----------
    design
        A nuclease design.
    context
        The case, the strategy, the genome, and the off-target reports.
    """
    nuclease = knowledge.nucleases()[design.effector]
    findings = (
        _useful_share(design),
        *_knock_out(design),
        precedent_finding(design),
        *site_findings(context.strategy),
        haplotype_finding(design, context.called),
        *guide_findings(design),
        *off_target_findings(context.off_targets, context.called),
        *delivery_findings(design, context.strategy.target, context.case, nuclease.cds_bp),
        *cut_damage_findings(best_vehicle(context.strategy.target, nuclease.cds_bp)),
        catalogue_finding("knowledge.nuclease", "PAM and cut", nuclease, nuclease.pam),
    )
    return Assessment(design.design_id, findings, tuple(context.off_targets or ()))


def _useful_share(design: Design) -> Finding:
    rule, share = "edit.useful_share", design.useful_share
    if share is None or share.value is None:
        method = share.method if share is not None else "not predicted"
        text = f"The share of edited alleles that {_aim(design)} is not known ({method}); measure it."
        return Finding(rule, Status.UNKNOWN, text)
    low, high = (share.value if end is None else end for end in (share.low, share.high))
    # Never a pass: a prediction from other cells does not stand for a measurement of this guide.
    return Finding(
        rule,
        Status.CAUTION,
        f"{share.value:.0%} of indels ({low:.0%} to {high:.0%}) are predicted to {_aim_of_many(design)}; the "
        "data are of cell lines and mouse stem cells, so measure it in the patient's cells.",
        value=f"{share.value:.0%}",
        sources=share.sources,
    )


def _aim_of_many(design: Design) -> str:
    return (
        "break the site"
        if design.route is Route.DISRUPT_REGULATORY_SITE
        else "shift the frame to one that reaches a stop"
    )


def _aim(design: Design) -> str:
    words = {
        Route.DISRUPT_REGULATORY_SITE: "break the site",
        Route.REMOVE_STRETCH: "take the stretch out",
        Route.RESTORE_WILD_TYPE: "leave one copy",
    }
    return words.get(design.route, "shift the frame")


def _knock_out(design: Design) -> tuple[Finding, ...]:
    facts = dict(design.facts)
    if design.route is Route.DISRUPT_REGULATORY_SITE:
        return ()
    if "doubled_stretch" in facts:
        return collapse_findings(design)
    if "lost_stretch" in facts:
        return (*excision_findings(design), *_other_copy(facts))
    early = Finding(
        "edit.early_cut",
        Status.PASS,
        f"The cut leaves {facts['coding_sequence_before_cut']} of the coding sequence before it.",
        value=facts["coding_sequence_before_cut"],
        threshold="5 % to 50 % (this project's own rule of thumb)" if design.route is Route.KNOCK_OUT else "",
    )
    frames = [outcome for outcome in design.outcomes if outcome.useful]
    decay = [outcome for outcome in frames if outcome.label.endswith("decay expected")]
    both = Finding(
        "edit.both_frames_end",
        Status.PASS if len(decay) == 2 else Status.CAUTION,
        f"{len(frames)} of 2 shifted frames reach a stop; decay is expected for {len(decay)}.",
        value=f"{len(decay)} of 2",
        threshold="2 of 2",
        sources=NMD_SOURCES,
        checked=False,
    )
    return (*_other_copy(facts), early, both)


def _other_copy(facts: dict[str, str]) -> tuple[Finding, ...]:
    """How the copy without the allele fares, where it is to be spared."""
    if "told_apart_by" not in facts:
        return ()
    by_pam = facts["told_apart_by"] == "pam"
    both = facts.get("cut_on_both_copies")
    told = Finding(
        "edit.spares_healthy_copy",
        Status.PASS if by_pam else Status.CAUTION,
        facts.get("told_because", facts["why_here"]),
        value=facts["healthy_copy_site"],
        sources=HANDLE_SOURCES if "handle" in facts or both else (),
    )
    activity = noted_activity(facts)
    predicted = () if activity is None else (other_activity_finding(activity, has_no_pam=by_pam),)
    shared = () if both is None else (_shared_cut(both),)
    return told, *predicted, *shared


def _shared_cut(place: str) -> Finding:
    return Finding(
        "edit.cut_on_both_copies",
        Status.CAUTION,
        f"The second guide cuts both copies ({place}): the other copy keeps an indel in the intron, and cuts of two "
        "chromosomes can be joined to each other.",
        value=place,
        sources=HANDLE_SOURCES[1:],
    )
