"""The rules a donor design must answer."""

from __future__ import annotations

from collections.abc import Sequence

from revertant import knowledge
from revertant.modality.contract import AssessmentContext
from revertant.modality.hdr.donors import DONOR_RULES
from revertant.modality.hdr.eligibility import cells_finding
from revertant.modality.hdr.placing import NEAR_NT
from revertant.modality.offtarget_rules import off_target_findings
from revertant.modality.other_copy import other_copy_finding
from revertant.modality.precedent import precedent_finding
from revertant.modality.recut import RECUT_SOURCES
from revertant.modality.safety import (
    best_vehicle,
    catalogue_finding,
    cut_damage_findings,
    delivery_findings,
    guide_findings,
    haplotype_finding,
)
from revertant.model import Assessment, Design, Donor, DonorKind, Finding, Status

__all__ = ["assess_repair"]

#: Incorporation against the distance from cut to change, and what silent changes do for it.
_DISTANCE_SOURCES = ("doi:10.1038/nature17664", "pmcid:PMC4997560")
#: Cas9 lets go of the PAM-distal part of the strand with the PAM first.
_STRAND_SOURCES = ("doi:10.1038/nbt.3481",)


def assess_repair(design: Design, context: AssessmentContext) -> Assessment:
    """Apply every donor rule to one design.

    Parameters
    ----------
    design
        A design with a donor.
    context
        The case, the strategy, the genome, and the off-target reports.
    """
    nuclease, donor = knowledge.nucleases()[design.effector], design.donor
    assert donor is not None
    target = context.strategy.target
    findings = (
        Finding(
            "edit.useful_share",
            Status.UNKNOWN,
            "Which share of cells repairs from the donor is not predicted by this version; measure it.",
        ),
        cells_finding(target),
        *_written(design),
        *_donor(donor),
        _arms(donor, context.called),
        *((other_copy_finding(context.strategy, dict(design.facts)),) if context.strategy.allele else ()),
        precedent_finding(design),
        haplotype_finding(design, context.called),
        *guide_findings(design),
        *off_target_findings(context.off_targets, context.called),
        *delivery_findings(design, target, context.case, nuclease.cds_bp),
        *cut_damage_findings(None if donor.kind is DonorKind.AAV6 else best_vehicle(target, nuclease.cds_bp)),
        catalogue_finding("knowledge.nuclease", "PAM and cut", nuclease, nuclease.pam),
    )
    return Assessment(design.design_id, findings, tuple(context.off_targets or ()))


def _written(design: Design) -> tuple[Finding, ...]:
    facts = dict(design.facts)
    simulated = Finding(
        "edit.simulated",
        Status.PASS,
        "The cut chromosome, repaired from this donor in the computer, equals the wanted allele base by base.",
        value=facts["simulated_repair"],
    )
    stopped = facts["recutting_stopped_by"]
    by_pam = stopped.startswith("PAM")
    recut = Finding(
        "edit.recutting",
        Status.PASS if by_pam else Status.CAUTION,
        f"The repaired allele is not cut again: its {stopped}."
        + ("" if by_pam else " A changed seed lowers cutting; it does not rule it out as a lost PAM does."),
        value=facts["silent_changes"],
        threshold="PAM lost, or two differences in the seed",
        sources=RECUT_SOURCES,
        checked=False,
    )
    if "cargo" in facts:
        return simulated, recut, _cargo(design, facts)
    distance = int(facts["cut_to_edit_nt"])
    near = Finding(
        "edit.cut_to_edit",
        Status.PASS if distance <= NEAR_NT else Status.CAUTION,
        f"{distance} bases lie between the cut and the farthest base to be changed"
        + ("." if distance <= NEAR_NT else ": fewer repaired alleles will hold the change."),
        value=f"{distance} nt",
        threshold=f"{NEAR_NT} nt",
        sources=_DISTANCE_SOURCES,
        checked=False,
    )
    return simulated, near, recut, _silent(facts)


def _cargo(design: Design, facts: dict[str, str]) -> Finding:
    """Say what a knock-in leaves open."""
    note = "" if facts["cargo_note"] == "none" else f" {facts['cargo_note']}"
    own = design.acts_on == design.gene
    alike = (
        " The cargo is like the exons it stands beside, so a crossing-over inside it can leave a part of it out."
        if own
        else ""
    )
    return Finding(
        "donor.cargo",
        Status.CAUTION,
        f"{design.outcomes[0].label}{'' if design.outcomes[0].label.endswith('.') else '.'}{note}{alike}",
        value=f"{facts['cargo_nt']} bases",
    )


def _silent(facts: dict[str, str]) -> Finding:
    rule, named = "edit.silent_changes", facts["silent_changes"]
    if named == "none needed":
        return Finding(rule, Status.PASS, "The donor writes nothing but the wild type.", value=named)
    if facts["silent_changes_outside_code"] == "yes":
        return Finding(
            rule,
            Status.CAUTION,
            f"The donor also changes bases of a UTR or an intron ({named}), away from splice sites; what they do to "
            "regulation is not known.",
            value=named,
        )
    return Finding(
        rule,
        Status.PASS,
        f"The donor also makes changes ({named}) that leave every coding transcript here with its protein and keep "
        "three bases away from exon edges.",
        value=named,
    )


def _donor(donor: Donor) -> tuple[Finding, ...]:
    rule = DONOR_RULES[donor.kind]
    arms = f"{donor.left_arm_bp} and {donor.right_arm_bp} bp"
    length = Finding(
        "donor.length",
        Status.PASS,
        f"The {rule.title} has {len(donor.sequence)} bases, its arms {arms}: within the usual range.",
        value=f"{len(donor.sequence)} bases, arms {arms}",
        threshold=f"{rule.most_bp} bases, arms {rule.least_arm_bp} to {rule.most_arm_bp} bp",
        sources=rule.sources,
        checked=False,
    )
    if rule.single_stranded:
        return length, Finding(
            "donor.strand",
            Status.CAUTION,
            "The donor is made complementary to the strand with the PAM, which often worked better with Cas9. That "
            "is a prior and not a law: test the other strand, and unequal arms (91 and 36 bases did best once).",
            sources=_STRAND_SOURCES,
            checked=False,
        )
    return length, Finding(
        "donor.integrates_elsewhere",
        Status.CAUTION,
        "Double-stranded donors and AAV genomes are also caught whole or in part at the cut and at other breaks; "
        "look for them with long reads.",
        sources=("doi:10.1038/s41467-019-12449-2",),
        checked=True,
    )


def _arms(donor: Donor, called: Sequence[tuple[str, int, int]] | None) -> Finding:
    """Say on whose sequence the arms were read."""
    rule = "donor.arms_on_patient_sequence"
    if called is None:
        return Finding(
            rule,
            Status.UNKNOWN,
            "No genome of the patient was given: the arms are the reference's. A variant in an arm lowers repair.",
        )
    covered = [
        any(contig == arm.contig and start < arm.end and arm.start < end for contig, start, end in called)
        for arm in (donor.left_arm, donor.right_arm)
    ]
    if not all(covered):
        return Finding(
            rule,
            Status.UNKNOWN,
            "The patient's VCF has no records around an arm: it is read from the reference.",
        )
    if "putative" in donor.haplotypes:
        return Finding(
            rule,
            Status.CAUTION,
            "Variants in the arms are not phased: the copy with the allele may not carry exactly this sequence.",
        )
    if donor.variants:
        named = ", ".join(map(str, donor.variants))
        return Finding(
            rule,
            Status.PASS,
            f"The arms are those of the patient's own copy, which differs from the reference here: {named}.",
            value=named,
        )
    return Finding(rule, Status.PASS, "The patient's own copy equals the reference in both arms.")
