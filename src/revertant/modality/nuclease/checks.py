"""The rules a nuclease design must answer."""

from __future__ import annotations

from revertant import knowledge
from revertant.modality.contract import AssessmentContext
from revertant.modality.nuclease.frameshift import NMD_SOURCES
from revertant.modality.offtarget_rules import off_target_findings
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
        Finding(
            "edit.useful_share",
            Status.UNKNOWN,
            f"The share of indels that {_aim(design)} is not predicted by this version; measure it.",
        ),
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


def _aim(design: Design) -> str:
    return "break the site" if design.route is Route.DISRUPT_REGULATORY_SITE else "shift the frame"


def _knock_out(design: Design) -> tuple[Finding, ...]:
    facts = dict(design.facts)
    if design.route is Route.DISRUPT_REGULATORY_SITE:
        return ()
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
    if "told_apart_by" not in facts:
        return early, both
    by_pam = facts["told_apart_by"] == "pam"
    told = Finding(
        "edit.spares_healthy_copy",
        Status.PASS if by_pam else Status.CAUTION,
        facts["why_here"],
        value=facts["healthy_copy_site"],
    )
    return told, early, both
