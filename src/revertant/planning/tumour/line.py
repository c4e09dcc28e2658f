"""A tumour's way through the plan: its antigens judged, receptors against those that can be attacked, the cells edited.

No gene is wrong here that could be put right. What stands for the target is an antigen, chosen by what the tumour
expresses or named by the case, and the answer may be that none is safe.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from revertant.modality import DesignOptions, modalities
from revertant.modality.car_t import (
    RiskState,
    TargetSelection,
)
from revertant.modality.car_t.eligibility import NAME, tumour_of
from revertant.modality.car_t.therapy import (
    Completed,
    TherapyGround,
    complete_therapy,
    judged_antigen,
)
from revertant.modality.car_t.unbound import can_stand_without, therapy_without_receptor
from revertant.model import (
    CellProduct,
    Finding,
    JudgedAntigen,
    JudgedTumour,
    LabelMatch,
    OffTargetReport,
    RankedDesign,
    Rejection,
    SearchLimits,
    Status,
    Tally,
    TumourState,
    Unknown,
)
from revertant.planning.inputs import Inputs, Progress
from revertant.planning.placing import lay_out
from revertant.planning.tumour.cells import donor_findings, edits_in_words, without_binder
from revertant.planning.tumour.escape import compare_escape, scenario_of, with_present_names
from revertant.planning.tumour.germline import germline_of
from revertant.planning.tumour.naming import symbol_findings, symbol_of
from revertant.planning.tumour.off_targets import TherapyReports, therapy_off_targets, with_off_targets
from revertant.planning.tumour.offered import judge_antigens, judge_gates
from revertant.planning.tumour.ranking import (
    losses_shown,
    of_either,
    open_questions,
    order_receptors,
    rank_receptor,
)
from revertant.planning.tumour.receptors import (
    bound_genes,
    carrier_of,
    not_taken,
    receptor_against,
    wanted_receptors,
)
from revertant.planning.tumour.variants import antigen_variants

__all__ = ["TumourLine", "attack_tumour"]


@dataclass(frozen=True, slots=True)
class TumourLine:
    """What the line gives a plan.

    Parameters
    ----------
    designs, rejections, unknowns
        Receptors in their order, what was not taken and why, and what is open.
    findings, tallies
        Of the tables, and how many genes were judged.
    off_targets
        One report for each guide of the edit sets.
    verdict
        The answer in a sentence or two.
    question
        The question in one.
    tumour
        What the tumour offers.
    """

    designs: tuple[RankedDesign, ...]
    rejections: tuple[Rejection, ...]
    unknowns: tuple[Unknown, ...]
    findings: tuple[Finding, ...]
    tallies: tuple[Tally, ...]
    off_targets: tuple[OffTargetReport, ...]
    verdict: str
    question: str
    tumour: JudgedTumour


def attack_tumour(
    inputs: Inputs,
    design: DesignOptions,
    limits: SearchLimits | None,
    *,
    labels: Sequence[LabelMatch] = (),
    on_date: dt.date | None = None,
    gate_size: int = 2,
    progress: Progress,
) -> TumourLine:
    """Judge the antigens of a tumour, and make receptors against those that can be attacked.

    Parameters
    ----------
    inputs
        A tumour's case with its tables.
    design
        Editors and nucleases to use, and how many designs to keep.
    limits
        How far off-targets of the edits are searched; ``None`` skips the search.
    labels
        Approved products held against the person: the receptor of one that fits is rebuilt first.
    on_date
        The day whose statements on safety count.
    gate_size
        Antigens of a gate at most, 1 to 3.
    progress
        Told what is being done.
    """
    case, disease = inputs.case, tumour_of(inputs.case)
    assert disease is not None
    assert inputs.tumour is not None
    tables, state = inputs.tumour, case.tumour or TumourState()
    stated = case.cells or CellProduct()
    losing = [one.antigen for one in state.escape.losses] if state.escape is not None else []
    of_names = tuple(symbol_findings([*stated.antigens, *losing], tables.symbols))
    named = tuple(dict.fromkeys(symbol_of(name, tables.symbols) for name in stated.antigens))
    asked = replace(stated, antigens=named)
    escape = with_present_names(state.escape, tables.symbols)
    progress("judging antigens", 0.0)
    variants, of_variants = antigen_variants(inputs)
    germline = germline_of(inputs, [*named, *bound_genes(design)], variants)
    variants = (*variants, *germline.variants)
    selection = judge_antigens(tables, named, variants, germline.findings)
    clusters = tables.clusters
    antigens = tuple(
        judged_antigen(target, clusters.malignant_share(target.gene) if clusters is not None else None)
        for target in selection.targets
    )
    gates, gates_because = judge_gates(tables, gate_size)
    genome = lay_out((), inputs) if inputs.has_genome else None
    ground = TherapyGround(
        disease=disease.label,
        age_years=case.subject.age_years,
        weight_kg=case.subject.weight_kg,
        cells=asked,
        patient_hla=case.hla,
        genome=genome,
        models=inputs.models if genome is not None else None,
        options=design,
        risk=RiskState(
            marrow_blast_share=state.marrow_blast_share,
            active_infection=dict(case.conditions).get("active_infection"),
        ),
        on_date=on_date,
        jurisdiction=case.jurisdiction or "US",
    )
    progress("designing receptors", 0.2)
    rejections: list[Rejection] = []
    carrier, kinds = carrier_of(genome, asked, design, rejections)
    completed: list[tuple[int, Completed]] = []
    wishes = wanted_receptors(asked, selection, labels, design, rejections)
    refused = {one.gene for one in antigens if one.status is Status.FAIL}
    for number, (names, product) in enumerate(wishes):
        made = receptor_against(names, product, kinds, carrier, options=design, rejections=rejections)
        if made is None:
            if len(names) == 1 and names[0] not in refused and can_stand_without(names[0]):
                scenario, lacks = scenario_of(escape, names)
                ground = replace(ground, escape=scenario, escape_lacks=lacks)
                completed.append((number, _judged(therapy_without_receptor(names[0], ground), selection)))
            continue
        for kind, why in made.refused:
            rejections.append(not_taken(f"{' or '.join(names)}, {kind.value}", "design", why))
        scenario, lacks = scenario_of(escape, made.receptor.antigens)
        ground = replace(ground, escape=scenario, escape_lacks=lacks)
        for one, assessment in zip(made.designs, made.assessments, strict=True):
            whole = complete_therapy(one, assessment, made.receptor, ground)
            completed.append((number, _judged(whole, selection)))
    reports = therapy_off_targets([one for _, one in completed], genome, inputs, limits, progress)
    negative = {one.antigen: one.negative_share or 0.0 for one in escape.losses} if escape is not None else {}
    ranked = _ranked(completed, reports, losses_shown(selection, negative))
    rejections += _not_attacked(antigens, ranked, named)
    rejections += _other_modalities(inputs)
    findings = (*selection.findings, *of_names, *of_variants, *donor_findings(inputs, asked))
    attacked = [one.design.car.attacked for one in ranked if one.design.car is not None]
    courses, courses_because = compare_escape(escape, attacked)
    return TumourLine(
        designs=ranked,
        rejections=tuple(dict.fromkeys(rejections)),
        unknowns=open_questions(ranked, findings),
        findings=findings,
        tallies=(selection.tally,),
        off_targets=tuple(dict.fromkeys(report for one in ranked for report in one.assessment.off_targets)),
        verdict=_verdict(ranked, selection, asked),
        question=f"Which T cells with a receptor could attack this tumour: {disease.label}?",
        tumour=JudgedTumour(disease.label, antigens, gates, gates_because, courses, courses_because),
    )


def _judged(whole: Completed, selection: TargetSelection) -> Completed:
    """Add what was found of the attacked antigens in this tumour."""
    car = whole.design.car
    assert car is not None
    by_antigen = {one.gene: one.findings for one in selection.targets if one.gene in car.attacked}
    own = of_either(tuple(finding for found in by_antigen.values() for finding in found), by_antigen)
    known = {finding.rule for finding in whole.assessment.findings}
    # Fratricide is judged with the edits, which know whether the antigen is removed.
    more = tuple(one for one in own if one.rule not in known and one.rule != "car_t.target.fratricide")
    assessment = replace(whole.assessment, findings=(*whole.assessment.findings, *more))
    return replace(whole, assessment=assessment)


def _ranked(
    completed: Sequence[tuple[int, Completed]],
    reports: Mapping[str, TherapyReports],
    lost: Mapping[str, str],
) -> tuple[RankedDesign, ...]:
    """Every receptor with its off-targets, in its place."""
    return order_receptors(
        (
            (number, rank_receptor(1, *with_off_targets(one, reports.get(one.design.design_id))))
            for number, one in completed
        ),
        lost,
    )


def _not_attacked(
    antigens: Sequence[JudgedAntigen], ranked: Sequence[RankedDesign], named: Sequence[str]
) -> Iterator[Rejection]:
    """Antigens that were judged and are not attacked; where the case names its own, those it does not name stay out."""
    attacked = {gene for one in ranked if one.design.car is not None for gene in one.design.car.attacked}
    for one in antigens:
        if one.gene not in attacked and one.status in {Status.FAIL, Status.UNKNOWN}:
            yield not_taken(one.gene, "eligibility", f"{one.verdict}: {one.because}", one.findings)
        elif one.gene not in {*attacked, *named} and named:
            yield not_taken(one.gene, "eligibility", "It could be attacked; the case names other antigens.")


def _other_modalities(inputs: Inputs) -> Iterator[Rejection]:
    """Say that nothing else was asked."""
    stated = len(inputs.case.variants)
    said = "The variant of the case is" if stated == 1 else f"The {stated} variants of the case are"
    tail = f" {said} held against the antigens, and not put right." if stated else ""
    because = f"Not judged: the case asks how a tumour can be attacked.{tail}"
    for modality in modalities():
        if modality.name != NAME:
            yield Rejection(modality.name, None, "tumour", "eligibility", because)


def _verdict(ranked: Sequence[RankedDesign], selection: TargetSelection, asked: CellProduct) -> str:
    standing = [one for one in ranked if not one.tier.startswith("stopped")]
    if not standing:
        reasons = [one.because for one in ranked][:1] or [selection.because]
        without = [gene for one in ranked if one.design.vector is None for gene in _attacked(one)]
        if without and not any(one.design.vector is not None for one in ranked):
            reasons = [without_binder(without)]
        elif asked.antigens and not ranked:
            reasons = [f"No receptor could be built against {' or '.join(asked.antigens)}."]
        return f"No cell therapy can be put forward for review. {' '.join(reasons)}".strip()
    first = standing[0].design
    assert first.car is not None
    target = " or ".join(first.car.attacked)
    receptor = dict(first.facts).get("receptor", "")
    more = f"{len(standing)} cell therapies" if len(standing) > 1 else "One cell therapy"
    edited = edits_in_words(first.car.edit_set)
    elsewhere = ""
    if asked.knock_in and first.vector is not None and first.vector.capsid != "AAV6":
        elsewhere = (
            " It comes in a lentiviral vector and not in TRAC as asked: why no donor for TRAC leads is told with the "
            "routes not taken, or with its rules."
        )
    return (
        f"{more} can be put forward for review. First: {first.car.edit_set.cells.value} T cells with a receptor "
        f"against {target} ({receptor}, {len(first.car.protein)} residues){edited}.{elsewhere}"
    )


def _attacked(one: RankedDesign) -> tuple[str, ...]:
    return one.design.car.attacked if one.design.car is not None else ()
