"""The sentences a reader sees first: the question, the verdict, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence

from revertant.model import (
    Case,
    Design,
    Finding,
    Mechanism,
    RankedDesign,
    Rejection,
    Route,
    Status,
    Strategy,
    Target,
    Unknown,
)
from revertant.planning.coding_sequences import WITHOUT_GENOME
from revertant.planning.copies import copies_of, gene_of_variant
from revertant.planning.inquiry import NO_CASE, Inquiry
from revertant.planning.outside import OUTSIDE

__all__ = ["NOTICE", "question_of", "unknowns_of", "verdict_of"]

NOTICE = (
    "For research use only. Everything in here is a hypothesis for qualified reviewers; nothing was tested in "
    "cells, animals or people. A named human must review and sign before any use."
)

_WHOLE_GENOME = "Search a whole genome: pass a complete reference with --reference."

#: Open for one and the same reason: asked once.
_SAME_QUESTION = {
    "offtarget.worst_site": "offtarget.coverage",
    "offtarget.perfect_copies": "offtarget.coverage",
    "offtarget.coding_site": "offtarget.coverage",
    "offtarget.patient_sites": "guide.on_patient_sequence",
    "oligo.matches_elsewhere": "offtarget.coverage",
    "n1c.class": "splice.wrong_site",
}

_QUESTIONS = {
    "offtarget.coverage": "Where else in the genome could these guides act?",
    "guide.on_patient_sequence": "What else does this patient's own genome hold under and beside the guides?",
    "edit.more_harm_than_good": "What share of edited alleles would be changed in a way nobody asked for?",
    "edit.other_copy": "What would the edit do to the other copy?",
    "vcf.holds_variant": "Does this person carry the variant?",
    "edit.useful_share": "What share of edited alleles will serve the purpose?",
    "guide.activity": "How active are these guides?",
    "immunity.editor": "Does this patient's immune system already know the editor?",
    "immunity.vehicle": "Does this patient have antibodies against the vehicle?",
    "deaminase.elsewhere": "Where else does the deaminase act, without any guide?",
    "delivery.vehicle": "Which tissue has to be reached, and by what?",
    "conditioning": "What conditioning would this patient need?",
    "target.second_allele": "Where is the second pathogenic allele?",
    "target.phase": "Do the variants lie on one copy or on both?",
    "knowledge.editor": "Are PAM and window of this editor as the catalogue says?",
    "knowledge.nuclease": "Are PAM and cut of this nuclease as the catalogue says?",
    "splice.wrong_site": "Does the variant make a wrong splice site?",
    "splice.protein_without_exons": "Would the protein work without these exons?",
    "splice.result_on_rna": "What would be spliced after treatment?",
    "oligo.activity": "How well do these oligos work?",
    "oligo.backbone": "Does the patient tolerate the backbone of the oligo?",
    "guide.pair_on_one_copy": "Do both guides lie on one copy?",
    "genome.build": "Is the VCF of this genome build?",
    "case.zygosity": "How many copies carry the variant?",
    "case.variant_checked": "Is the variant what its text says, on the genome?",
    "genome.given": "What could act on the genome of this person?",
    "immunity.capsid": "Does this patient have antibodies against the capsid?",
    "immunity.capsid_retest": "Is the elevated titre the mother's?",
    "immunity.transgene": "Is the protein of the vector foreign to this patient?",
    "immunity.hla": "Which HLA alleles does this patient have?",
    "immunity.dystrophin_exons_8_9": "Is any part of exons 8 and 9 of DMD deleted?",
    "immunity.dystrophin_ends": "Does the deletion of DMD touch exons 1 to 17 or 59 to 71?",
    "patient.liver": "Is the liver sound?",
    "patient.age": "How old is this patient?",
    "patient.weight": "How heavy is this patient?",
    "smn.confirm_by_mlpa_or_dpcr": "Does a laboratory confirm the copies that were counted from reads?",
    "smn.copies_called": "How many copies of SMN1 and SMN2 are there?",
    "smn.small_variants": "Is there a small variant in SMN1?",
    "dose.anchor": "What dose would be given?",
    "dose.high_systemic": "Would the dose be one after which people have died?",
    "packaging.full_length_share": "What share of the packaged genomes would be whole?",
    "knowledge.vector_parts": "Are the parts of the vector what the catalogue says?",
    "vector.expression": "How much of the protein would treated cells make?",
    "vector.dividing_tissue": "Does the tissue still grow?",
    "lentiviral.copy_number": "How many copies would a treated cell carry?",
    "lentiviral.follow_up": "What would have to be looked at afterwards?",
    NO_CASE: "Who would be treated?",
    "policy.G7": "Is the variant pathogenic?",
    "policy.G10": "Is consent documented?",
    "policy.G11": "Which law applies?",
    "policy.G13": "What does the law of the place ask?",
    "policy.G17": "Does a parent or guardian permit it?",
    "policy.G21": "Are germ cells spared?",
}

#: How to find out what a rule could not tell; rules that are not here ask for measurement in their own words.
_HOW = {
    "offtarget.coverage": _WHOLE_GENOME,
    "knowledge.editor": "Check the row's sources, or ask the laboratory that made the editor.",
    "knowledge.nuclease": "Check the row's sources, or ask the laboratory that made the nuclease.",
    "splice.wrong_site": "Sequence RNA of the patient from the affected tissue.",
    "splice.protein_without_exons": "Look for people or models that lack these exons.",
    "splice.result_on_rna": "Sequence RNA of treated cells of the patient.",
    "oligo.activity": "Test several in cells of the patient and read RNA.",
    "oligo.backbone": "Follow platelets, kidney, liver and complement; ask those who gave the same chemistry.",
    "guide.pair_on_one_copy": "Phase the variants with the parents' genotypes or long reads.",
    "genome.build": "Pass a VCF with more variants, or check the build by hand.",
    "mechanism.raise_expression": "Phase the variants with the parents' genotypes or long reads.",
    "guide.on_patient_sequence": "Sequence the patient's genome and pass it with --vcf.",
    "edit.more_harm_than_good": "Measure the outcomes in cells of the patient by amplicon sequencing.",
    "edit.other_copy": "Measure both copies by amplicon sequencing.",
    "vcf.holds_variant": "Confirm the variant by an independent test.",
    "edit.useful_share": "Measure the outcomes in cells of the patient by amplicon sequencing.",
    "guide.activity": "Measure editing in relevant cells.",
    "immunity.editor": "Test the patient's antibodies and T cells against the editor.",
    "immunity.vehicle": "Measure antibodies against the capsid and state assay, titre and date (serology).",
    "deaminase.elsewhere": "Sequence transcriptome and genome of edited cells.",
    "delivery.vehicle": "State the tissue in the case.",
    "conditioning": "Ask the transplant centre.",
    NO_CASE: "Write a case file for the person and run revertant plan.",
    "policy.G7": "Have it classified by the ACMG/AMP rules and state the class.",
    "policy.G10": "State it in the case (consent: yes or no).",
    "policy.G8": "State it in the case (subject.age).",
    "policy.G11": "State it in the case (jurisdiction).",
    "policy.G13": "Have it read by someone who knows it.",
    "policy.G17": "State it in the case (conditions: guardian_permission).",
    "policy.G21": "Study the biodistribution, and state it in the case (conditions: germ_cells_spared).",
    "case.zygosity": "Genotype the patient and state it in the case, or pass the VCF.",
    "target.second_allele": "Sequence the whole gene, introns and copy number included.",
    "target.phase": "Phase the variants with the parents' genotypes or long reads.",
    "case.variant_checked": "Pass --reference and --models.",
    "genome.given": "Pass --reference and --models, and the person's VCF with --vcf.",
    "immunity.capsid": "Measure antibodies against the capsid and state assay, titre, laboratory and date (serology).",
    "immunity.capsid_retest": "State the age, and test again after some weeks.",
    "immunity.transgene": "Test for the protein (cross-reactive immunological material) and for T cells against it.",
    "immunity.hla": "Type it and state it in the case (hla).",
    "immunity.dystrophin_exons_8_9": "State it in the case (conditions: dmd_deletion_exon_8_or_9).",
    "immunity.dystrophin_ends": "State it in the case (conditions: dmd_deletion_myositis_risk).",
    "patient.liver": "Measure the values named, and state them as multiples of the upper limit (measurements).",
    "smn.confirm_by_mlpa_or_dpcr": "Have a laboratory count them by MLPA or digital PCR.",
    "smn.copies_called": "Have a laboratory count them by MLPA or digital PCR.",
    "smn.small_variants": "Sequence SMN1 by a method that tells it from SMN2, such as long reads.",
    "patient.age": "State it in the case (subject.age).",
    "patient.weight": "State it in the case (subject.weight_kg).",
    "dose.anchor": "State the weight; for a vector without an anchor it has to be found in animals.",
    "dose.high_systemic": "It is answered with the dose.",
    "packaging.full_length_share": "Sequence packaged genomes by long reads.",
    "knowledge.vector_parts": "Compare them with a sequenced copy of your own before ordering.",
    "vector.expression": "Measure protein and function in relevant cells, then in animals, at several doses.",
    "vector.dividing_tissue": "State the age in the case (subject.age).",
    "lentiviral.copy_number": "Measure it in each drug product before release.",
    "lentiviral.follow_up": "Plan the visits before treatment.",
}
#: A count and its confirmation are one question.
_CONFIRMED = "_confirmed"
#: By the first part of a rule's name, where the rule itself is not in the table above.
_HOW_IN = {
    "copies": "Count the copies by MLPA or dPCR, in a new sample where counts disagree.",
    "delivery": "Look for newer evidence in this tissue, or measure in a model how much arrives there.",
    "handle": "Phase the variants with the parents' genotypes or long reads.",
}
_WHY = {
    "offtarget": "An off-target cut elsewhere can do harm.",
    "guide": "A guide made for another sequence may not work in this patient.",
    "edit": "Without it the benefit cannot be weighed.",
    "splice": "Without it the benefit cannot be weighed.",
    "oligo": "Without it benefit and risk cannot be weighed.",
    "immunity": "An immune response can remove the vehicle, the editor or the edited cells.",
    "deaminase": "Random deamination can do harm that no search finds.",
    "delivery": "A design that does not reach the tissue treats nobody.",
    "conditioning": "Conditioning is often the most toxic part of the treatment.",
    "knowledge": "What is wrong there makes a wrong design.",
    "mechanism": "Which routes make sense depends on it.",
    "target": "Which routes make sense depends on it.",
    "copies": "Which products and routes are open depends on it.",
    "patient": "Dose and risk depend on it.",
    "dose": "Benefit and harm depend on it.",
    "packaging": "Broken genomes give broken products, and count in the dose.",
    "vector": "Without it the benefit cannot be weighed.",
    "lentiviral": "Every copy in the genome is a risk that stays.",
    "policy": "It is required before a plan can be acted on.",
}

_ACTS = {
    Route.RESTORE_WILD_TYPE: "restore the wild type at",
    Route.RESTORE_PROTEIN: "restore the protein at",
    Route.BENIGN_SUBSTITUTION: "put a benign residue in the place of",
    Route.DISRUPT_REGULATORY_SITE: "disrupt the",
    Route.DISRUPT_SPLICE_SITE: "break the wrong splice site made by",
    Route.KNOCK_OUT: "knock out",
    Route.ADD_GENE: "add a working copy of",
    Route.RAISE_EXPRESSION: "raise",
    Route.LOWER_EXPRESSION: "silence",
    Route.REMOVE_STRETCH: "cut out the stretch of",
    Route.ALLELE_SPECIFIC_KNOCK_OUT: "knock out only the copy with",
}
_NAMES_RESULT = frozenset({Route.RESTORE_WILD_TYPE, Route.RESTORE_PROTEIN, Route.BENIGN_SUBSTITUTION})


def question_of(case: Case, targets: Sequence[Target], inquiry: Inquiry | None = None) -> str:
    """State the question of a case, or of an inquiry without one, in one sentence."""
    if inquiry is not None and inquiry.wants_vector:
        genes = " and ".join(target.gene for target in targets)
        return f"Without a patient: which vectors could carry a working copy of {genes}?"
    alleles = ", ".join(text for target in targets for text in _stated_of(target, case)) or _as_stated(case)
    if inquiry is not None:
        genes = " and ".join(target.gene for target in targets)
        act = f"break {inquiry.region} for" if inquiry.region else "change"
        alleles = alleles.replace("(unknown)", "(zygosity unknown)")
        what = f"act on {alleles}" if alleles else f"{act} {genes}"
        return f"Without a patient: which edits could {what}?"
    disease = case.diseases[0].label or case.diseases[0].disease_id if case.diseases else "the disease"
    if not alleles:
        return f"No variant is named: which route by one gene could treat {disease}?"
    return f"Which gene therapies could treat {disease} from {alleles}?"


def _as_stated(case: Case) -> str:
    """The variants of a case of which none could be placed."""
    named = [(one.gene, one.expressions[0].split(":", 1)[-1], one.zygosity.value) for one in case.variants]
    return ", ".join(f"{gene} {text} ({zygosity})".strip() for gene, text, zygosity in named)


def _stated_of(target: Target, case: Case) -> list[str]:
    """What is wrong with the gene, item by item: its alleles, variants that were not placed, copies that are lost."""
    items = [(allele.name.split(":")[-1], allele.zygosity) for allele in target.alleles]
    placed = {name for name, _ in items}
    for stated in case.variants:
        names = {text.split(":")[-1] for text in stated.expressions}
        if not target.alleles and gene_of_variant(stated) == target.gene and not names & placed:
            items.append((stated.expressions[0].split(":")[-1], stated.zygosity))
    said = [f"{target.gene} {name} ({zygosity.value})" for name, zygosity in items]
    copies = copies_of(target.gene, case)
    return [*said, f"{target.gene} ({copies.words})"] if copies is not None else said


def verdict_of(
    designs: Sequence[RankedDesign], rejections: Sequence[Rejection], *, has_genome: bool = True
) -> str:
    """Give the answer in one or two sentences."""
    standing = [ranked for ranked in designs if not ranked.tier.startswith("stopped")]
    elsewhere = sorted({r.modality.replace("_", " ") for r in rejections if r.stage == "elsewhere"})
    if not standing:
        stopped = f" {len(designs)} designs were made and stopped by a failed rule." if designs else ""
        other = (
            f" Routes that make sense but are not designed by this version: {', '.join(elsewhere)}."
            if elsewhere
            else ""
        )
        unjudged = "" if has_genome else f" Nothing that acts on the genome was judged: {WITHOUT_GENOME}."
        return f"No design can be put forward for review.{stopped}{other}{unjudged}"
    best = standing[0]
    groups = len({ranked.group for ranked in standing})
    many = f"{groups} distinct designs" if groups > 1 else "One design"
    return (
        f"{many} can be put forward for review. First: {_design_in_words(best.design)}.{_reservation(best)}"
    )


def _reservation(best: RankedDesign) -> str:
    """The first design's weakest point that a reader must not miss."""
    design = best.design
    failed = [finding.because for finding in best.assessment.findings if finding.status is Status.FAIL]
    if failed:
        return f" But: {' '.join(failed)}"
    share = design.useful_share
    if share is not None and share.value is not None and share.value < 0.5:
        return f" Only {share.value:.0%} of edited alleles are predicted to serve the purpose."
    harm, bystander = (
        best.assessment.of("edit.more_harm_than_good"),
        best.assessment.of("edit.coding_bystander"),
    )
    if (
        harm is not None
        and harm.status is Status.UNKNOWN
        and bystander
        and bystander.status is Status.CAUTION
    ):
        return " Bystanders can change the protein, and in what share of alleles is not predicted."
    other = best.assessment.of("edit.other_copy")
    if other is not None and other.status is Status.CAUTION:
        return " The other copy may be edited too."
    return ""


def _design_in_words(design: Design) -> str:
    """Name effector, guides, and what is done to what."""
    useful = next((outcome for outcome in design.outcomes if outcome.useful), None)
    result = f" ({useful.label})" if useful and design.route in _NAMES_RESULT else ""
    guides = " and ".join(f"{guide.spacer} ({guide.pam})" for guide in design.guides)
    oligos = " and ".join(oligo.sequence for oligo in design.antisense)
    made_of = f" with guide {guides}" if guides else f" {oligos}" if oligos else ""
    act = _ACTS.get(design.route, design.route.label)
    if design.route is Route.DISRUPT_SPLICE_SITE and design.antisense:
        act = "hide the wrong splice site made by"
    if design.route is Route.SKIP_EXON and design.splicing is not None:
        skipped = " and ".join(str(number) for number in design.splicing.skipped)
        act = f"leave out exon{'s' if len(design.splicing.skipped) > 1 else ''} {skipped} for"
    return f"{design.effector_name}{made_of}, to {act} {design.acts_on}{result}"


def unknowns_of(
    targets: Sequence[Target],
    strategies: Sequence[Strategy],
    designs: Sequence[RankedDesign],
    findings: Sequence[Finding],
) -> tuple[Unknown, ...]:
    """Collect what is not known and would change the plan, each question once."""
    found: dict[str, Unknown] = {}
    for target in targets:
        if target.mechanism is Mechanism.UNKNOWN:
            rule = "mechanism.known"
            found[f"{rule} {target.gene}"] = Unknown(
                f"How do these variants of {target.gene} cause the disease?",
                "Knock-out, gene addition and expression routes are only judged when the mechanism is known. "
                + target.mechanism_because,
                "State the mechanism in the case (variants[].mechanism) if it is established.",
                rule,
            )
        _note(found, target.findings)
    _note(found, findings)
    for strategy in strategies:
        open_ones = [f for f in strategy.findings if f.status is Status.UNKNOWN]
        _note(found, [f for f in open_ones if not f.rule.startswith("mechanism.")])
    leads: dict[str, RankedDesign] = {}
    for ranked in designs:
        leads.setdefault(ranked.group, ranked)
    for ranked in leads.values():
        _note(found, ranked.assessment.findings)
    return tuple(found.values())


def _note(found: dict[str, Unknown], findings: Sequence[Finding]) -> None:
    """Turn unknown findings into questions; findings that are open for the same reason share one."""
    for finding in findings:
        key = _SAME_QUESTION.get(finding.rule, finding.rule.removesuffix(_CONFIRMED))
        if finding.status is not Status.UNKNOWN or key in found or key == OUTSIDE:  # asked for each variant
            continue
        room = finding.rule.split(".", maxsplit=1)[0]
        question = _QUESTIONS.get(key)
        if any(known.question == finding.because for known in found.values()):
            continue  # several rules wait for the same statement: it is asked for once
        why = _WHY.get(room, "It would change what can be said.")
        found[key] = Unknown(
            question or finding.because,
            f"{finding.because} {why}" if question else why,
            _HOW.get(key, _HOW_IN.get(room, "See the finding.")),
            finding.rule,
        )
