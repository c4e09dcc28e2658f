"""Receptors in their place, and what is open about them as questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from revertant.modality.car_t import TargetSelection
from revertant.model import Assessment, Design, Finding, RankedDesign, Status, Unknown
from revertant.planning.inquiry import NO_CASE

__all__ = ["losses_shown", "of_either", "open_questions", "order_receptors", "rank_receptor"]

_STOPPED = "stopped by a failed rule"
_PRODUCT = "receptor of an approved product"
_OWN = "receptor against the antigen"

#: What is open, as questions: why it matters, and how to find out.
_OPEN = {
    "receptor.binder_needed": (
        "What binds the antigen?",
        "Without a binder there is no receptor; everything else of the therapy is planned.",
        "Bring its variable domains with --parts; the finding says in which format.",
    ),
    "receptor.precedent": (
        "How does this receptor do in people?",
        "What differs from a product was not tried there.",
        "Compare it with the product's receptor in cells and animals first.",
    ),
    "receptor.hinge": (
        "Does the hinge fit the distance of the epitope from the membrane?",
        "Too short or too long a hinge keeps the cells from killing.",
        "Compare a short and a long hinge in cells that carry the antigen.",
    ),
    "receptor.tonic_signalling": (
        "Does the receptor signal without antigen?",
        "Such signals exhaust the cells before they meet the tumour.",
        "Measure CD3ζ phosphorylation and exhaustion markers in unstimulated cells.",
    ),
    "vector.expression": (
        "How much of the receptor do the cells make?",
        "Benefit and signals without antigen depend on it.",
        "Measure it on the surface of transduced cells.",
    ),
    "trac.off_targets": (
        "Where else does the guide for TRAC cut?",
        "A cut elsewhere can do harm, and is a partner for translocations.",
        "Run revertant offtargets on it, with the genome of the cells.",
    ),
    "lentiviral.copy_number": (
        "How many copies does a cell carry?",
        "Every copy in the genome is a risk that stays.",
        "Measure it in each drug product before release.",
    ),
    "car_t.organ": (
        "Which normal cells carry the antigen?",
        "They are attacked like the tumour.",
        "Look for the protein on normal tissues, those that people cannot live without first.",
    ),
    "escape.probability": (
        "How often do cells of this tumour lose the antigen?",
        "What loses it escapes; the scenario holds for the rates that were assumed only.",
        "Look for cells without it before treatment, by flow cytometry and sequencing, and state tumour.escape.",
    ),
    "car_t.target.expression": (
        "Does this tumour carry the antigen?",
        "Cells against an antigen that is not there do nothing.",
        "Stain it on the tumour's cells, or give their expression (files.expression).",
    ),
    "car_t.target.homogeneity": (
        "Do all malignant cells carry the antigen?",
        "Those without it survive and grow.",
        "Count cells without it by flow cytometry, or give single cells (files.clusters).",
    ),
    "car_t.target.variant": (
        "What do the stated variants do to the antigen?",
        "Cells that have lost the antigen, or the residues the binder binds, escape.",
        "State whose they are (variants[].origin), and give a reference and gene models that hold the gene.",
    ),
    "car_t.target.germline": (
        "Which variants does the person have in the antigen?",
        "A binder may miss what differs from the reference, and a lost copy leaves only one to lose.",
        "Give the person's VCF with a reference and gene models that hold the gene (files.vcf).",
    ),
    "case.variant_of_tumour": (
        "Which antigen do the stated variants change?",
        "Cells that have lost the antigen, or the residues the binder binds, escape.",
        "Name the gene (variants[].gene), and give a reference and gene models that hold it.",
    ),
    "car_t.expression.normals": (
        "How much of the antigen do normal organs have?",
        "They are attacked like the tumour; the catalogue knows only what was looked for.",
        "Give expression of normal tissue (files.normal_expression).",
    ),
    "car_t.crs_tumour_burden": (
        "How much tumour is there before infusion?",
        "The more there is, the graver cytokine release and neurotoxicity can be.",
        "Count blasts in the marrow before lymphodepletion.",
    ),
    "car_t.dose": (
        "How many cells are to be given?",
        "Labels state a range, and outside the doses of the study nothing of the course is foreseen.",
        "State cells.dose_cells or cells.dose_cells_per_kg, and the weight (subject.weight_kg).",
    ),
    "car_t.lymphodepletion": (
        "Which lymphodepletion comes before the cells?",
        "Labels state which, and when.",
        "State cells.lymphodepletion: each drug with its dose of a day and its days.",
    ),
    "cells.antigen_symbol": (
        "Which gene is the named antigen?",
        "An antigen by another name finds no binder and no level.",
        "Write its HGNC symbol, or give the complete set of the HGNC (files.symbols).",
    ),
    "edits.off_target_pairs": (
        "Which off-target cuts could join the breaks made on purpose?",
        "Joined ends give translocations, and the guides alone do not show them.",
        "Search off-targets in the genome of the cells (files.reference), and test the edited cells for joinings.",
    ),
    "edits.in_reference": (
        "Which guides edit these cells?",
        "Guides are made on the sequence of the cells, and none could be made without it.",
        "Give a reference and gene models that hold the genes (files.reference, files.models; --reference, --models).",
    ),
    "edits.two_copies": (
        "Does a guide cut the gene's twin too?",
        "A second cut is a second break, and a partner for rearrangements.",
        "Give a reference that holds both genes.",
    ),
    "edits.hla_match": (
        "How far do donor and patient match?",
        "What does not match is rejected, or attacks.",
        "State the HLA alleles of both (hla, cells.donor_hla; --hla, --donor-hla), each locus with two.",
    ),
    "edits.fratricide": (
        "Do the cells attack each other?",
        "Cells that carry what they attack kill each other.",
        "Measure the antigen on activated T cells; where they carry it, give the sequence its guide is made on.",
    ),
    NO_CASE: (
        "Who would be treated?",
        "Everything that depends on a person is unknown here.",
        "Write a case file for the person and run revertant plan.",
    ),
}


def rank_receptor(number: int, design: Design, assessment: Assessment) -> RankedDesign:
    """Say why a receptor stands where it stands; one that fails a rule is stopped."""
    failed = [finding.because for finding in assessment.findings if finding.status is Status.FAIL]
    precedent = assessment.of("receptor.precedent")
    if failed:
        tier, because = _STOPPED, " ".join(failed)
    elif precedent is not None and precedent.status is Status.PASS:
        tier, because = _PRODUCT, f"{precedent.because} Its DNA is this program's own."
    else:
        tier = _OWN
        because = "Every rule that can be answered on the sequence is; what only cells can answer is open."
    return RankedDesign(
        number, design.design_id, tier, because, on_front=False, design=design, assessment=assessment
    )


#: Rules that ask whether the antigen is there on all of the tumour, and stays: a second antigen makes up for them.
_PRESENCE = ("car_t.target.expression", "car_t.target.homogeneity", "car_t.target.variant")


def of_either(findings: Sequence[Finding], attacked: Mapping[str, Sequence[Finding]]) -> tuple[Finding, ...]:
    """Return the findings on a receptor's antigens as they bind a receptor that either of two sets off.

    That one antigen is missing on a part of the tumour stops a receptor of it alone; of a receptor of two it is a
    caution, as long as the other is there. What harms normal tissue stops both.

    Parameters
    ----------
    findings
        On the antigens, in their order.
    attacked
        The same by antigen.
    """
    missing = {gene for gene, own in attacked.items() if any(_is_missing(one) for one in own)}
    if not missing or len(missing) == len(attacked):
        return tuple(findings)
    others = " and ".join(sorted(set(attacked) - missing))
    return tuple(
        replace(one, status=Status.CAUTION, because=f"{one.because} The receptor binds {others} too.")
        if _is_missing(one)
        else one
        for one in findings
    )


def _is_missing(finding: Finding) -> bool:
    return finding.status is Status.FAIL and finding.rule in _PRESENCE


def losses_shown(selection: TargetSelection, negative: Mapping[str, float]) -> dict[str, str]:
    """Return the antigens that this tumour's own data show to be lost somewhere, each with what shows it.

    Parameters
    ----------
    selection
        The judged antigens.
    negative
        Measured shares of cells without an antigen.
    """
    shown = {name: f"{share:.3g} of its cells lack {name}" for name, share in negative.items() if share > 0}
    for target in selection.targets:
        for one in target.findings:
            if one.rule in _PRESENCE and _shows_loss(one):
                shown.setdefault(target.gene, one.because.rstrip("."))
    return shown


def _shows_loss(finding: Finding) -> bool:
    """Whether cells without the antigen were seen; changed residues are no loss, and what is unknown shows none."""
    if finding.rule == "car_t.target.variant":
        return finding.status is Status.FAIL
    return finding.status in {Status.FAIL, Status.CAUTION}


def order_receptors(
    ranked: Iterable[tuple[int, RankedDesign]], lost: Mapping[str, str]
) -> tuple[RankedDesign, ...]:
    """Bring receptors into their order, and say why the first ones stand where they stand.

    A receptor with a record in people leads those that nobody was given, also where the case names a second antigen,
    unless the tumour's own data show that cells without its antigen are there. Behind it they stand as they were
    wished for; what a rule stops stands last.

    Parameters
    ----------
    ranked
        Each with the number of the wish it answers.
    lost
        From :func:`losses_shown`.
    """
    told = [(_place(number, one, lost), one) for number, one in ranked]
    told.sort(key=lambda item: item[0])
    ordered = [one for _, one in told]
    return tuple(
        replace(one, rank=rank, because=_told(one, ordered[rank:], lost))
        for rank, one in enumerate(ordered, start=1)
    )


def _place(number: int, one: RankedDesign, lost: Mapping[str, str]) -> tuple[bool, bool, int]:
    return one.tier == _STOPPED, not _leads(one, lost), number


def _leads(one: RankedDesign, lost: Mapping[str, str]) -> bool:
    return one.tier == _PRODUCT and not set(_attacked(one)) & set(lost)


def _attacked(one: RankedDesign) -> tuple[str, ...]:
    return one.design.car.attacked if one.design.car is not None else ()


def _told(one: RankedDesign, behind: Sequence[RankedDesign], lost: Mapping[str, str]) -> str:
    """The reason, with why a receptor of two antigens stands before or behind that of a product."""
    own = set(_attacked(one))
    partners = [other for other in behind if other.tier not in {_STOPPED, one.tier}]
    if _leads(one, lost) and any(own < set(_attacked(other)) for other in partners):
        return (
            f"{one.because} It stands before the receptor of two antigens, which has no such record: nothing that was "
            f"given shows that the tumour has lost {' or '.join(sorted(own))}."
        )
    if one.tier == _OWN and any(other.tier == _PRODUCT and set(_attacked(other)) < own for other in partners):
        seen = "; ".join(lost[name] for name in sorted(own & set(lost)))
        return (
            f"{one.because} It stands before the product's receptor, because the tumour shows loss: {seen}."
        )
    return one.because


def open_questions(ranked: Sequence[RankedDesign], findings: Sequence[Finding]) -> tuple[Unknown, ...]:
    """Return the open questions of receptors and of other findings, each once."""
    found: dict[str, Unknown] = {}
    assessed = [finding for one in ranked for finding in one.assessment.findings]
    beside = [finding for one in ranked if one.design.car is not None for finding in one.design.car.infusion]
    for finding in (*findings, *assessed, *beside):
        if finding.status is Status.UNKNOWN and finding.rule in _OPEN:
            question, why, how = _OPEN[finding.rule]
            found.setdefault(finding.rule, Unknown(question, why, how, finding.rule))
    return tuple(found.values())
