"""Variants, regions and genes asked for without a patient go the same way as a case, and say that they do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from planning_cases import MODELS, REFERENCE, inputs_of, sickle_case

from revertant.errors import IncompatibleInputsError, PolicyStopError, UsageError
from revertant.genome import GeneModels
from revertant.model import Mechanism, Pathogenicity, Route, Status, Tally, Zygosity
from revertant.planning import NO_CASE, Inputs, Inquiry, PlanOptions, case_of, make_plan

SICKLE = "NM_000518.5:c.20A>T"
GATA = "chr2:60495263-60495270"
QUICK = PlanOptions(search_off_targets=False)
EDITORS = replace(QUICK, modalities=("base_editing",))
CUTS = replace(QUICK, modalities=("nuclease",))

#: HBB under a symbol that no catalogue knows: nothing is said for or against losing it.
UNKNOWN_GENE = GeneModels(
    [replace(transcript, gene="NEW1") for transcript in MODELS.of_gene("HBB")],
    tally=Tally.of("transcripts", kept=1),
    name="renamed",
)


def plan_of(options=EDITORS, models=MODELS, **asked):
    inquiry = Inquiry(**asked)
    return make_plan(Inputs(case_of(inquiry), REFERENCE, models, inquiry=inquiry), options)


def test_the_designs_are_those_of_the_same_case():
    """One way through the planner: what a case with the same statements gives, an inquiry gives."""
    case = replace(sickle_case(), diseases=(), jurisdiction="")
    stated = {"zygosity": Zygosity.HOMOZYGOUS, "pathogenicity": Pathogenicity.PATHOGENIC}
    ours, theirs = plan_of(variant=SICKLE, gene="HBB", **stated), make_plan(inputs_of(case), EDITORS)
    assert ours.designs
    assert [one.design for one in ours.designs] == [one.design for one in theirs.designs]


def test_it_says_first_that_nobody_is_planned_for():
    plan = plan_of(variant=SICKLE)
    assert plan.case_id.startswith("no case")
    assert plan.question == "Without a patient: which edits could act on HBB c.20A>T (zygosity unknown)?"
    assert next(one.rule for one in plan.findings if one.status is Status.UNKNOWN) == NO_CASE
    rules = [unknown.rule for unknown in plan.unknowns]
    assert {NO_CASE, "policy.G7", "policy.G10", "policy.G11", "case.zygosity"} <= set(rules)
    assert dict(plan.provenance.parameters)["asked_variant"] == SICKLE
    assert dict(plan.provenance.parameters)["zygosity"] == "unknown"


def test_a_plan_for_a_person_holds_nothing_of_this():
    plan = make_plan(inputs_of(sickle_case()), QUICK)
    assert not {NO_CASE} & {one.rule for one in plan.findings}
    assert not [
        name for name, _ in plan.provenance.parameters if name.startswith("asked") or name == "modalities"
    ]


def test_what_is_stated_denies_as_for_a_person():
    with pytest.raises(PolicyStopError, match="G7"):
        plan_of(variant=SICKLE, pathogenicity=Pathogenicity.BENIGN)
    with pytest.raises(PolicyStopError, match="G1"):
        plan_of(variant=SICKLE, tissue="oocyte")


def test_a_person_without_a_class_is_still_refused():
    case = case_of(Inquiry(variant=SICKLE))
    with pytest.raises(PolicyStopError, match="G7"):
        make_plan(Inputs(case, REFERENCE, MODELS), QUICK)


def test_only_the_modalities_asked_are_asked():
    plan = plan_of(CUTS, variant=SICKLE)
    assert {one.modality for one in plan.strategies} == {"nuclease"}
    with pytest.raises(UsageError, match="no modality"):
        plan_of(replace(QUICK, modalities=("magic",)), variant=SICKLE)


def test_a_region_is_broken_and_whether_that_helps_is_not_judged():
    plan = plan_of(CUTS, region=GATA, gene="HBB")
    [strategy] = [one for one in plan.strategies if one.route is Route.DISRUPT_REGULATORY_SITE]
    assert strategy.status is Status.CAUTION
    assert "not judged" in strategy.findings[0].because
    # The guide of exa-cel cuts inside the GATA1 motif (doi:10.1056/NEJMoa2031054).
    assert "CTAACAGTTGCTTTTATCAC" in {guide.spacer for one in plan.designs for guide in one.design.guides}


def test_a_gene_alone_is_knocked_out_where_nothing_speaks_against_it():
    plan = plan_of(CUTS, models=UNKNOWN_GENE, gene="new1")
    [strategy] = [one for one in plan.strategies if one.route is Route.KNOCK_OUT]
    assert strategy.status is Status.CAUTION
    assert plan.targets[0].gene == "NEW1"
    assert plan.targets[0].alleles == ()
    assert plan.designs
    assert {one.design.route for one in plan.designs} == {Route.KNOCK_OUT}


def test_a_knock_out_that_would_do_harm_is_refused_however_it_is_asked():
    plan = plan_of(CUTS, gene="HBB")
    [strategy] = [one for one in plan.strategies if one.route is Route.KNOCK_OUT]
    assert strategy.status is Status.FAIL
    lacking = plan_of(CUTS, models=UNKNOWN_GENE, gene="NEW1", mechanism=Mechanism.LOSS_OF_FUNCTION)
    assert not lacking.designs
    assert lacking.targets[0].mechanism is Mechanism.LOSS_OF_FUNCTION


def test_every_modality_answers_for_a_gene_without_a_variant():
    plan = plan_of(QUICK, models=UNKNOWN_GENE, gene="NEW1")
    assert {"nuclease", "base_editing", "epigenome"} <= {one.modality for one in plan.strategies}


@pytest.mark.parametrize(
    ("asked", "kind", "code"),
    [
        ({}, UsageError, "no-question"),
        ({"variant": SICKLE, "region": GATA}, UsageError, "two-questions"),
        ({"region": "chr2:60495200-60495270", "gene": "HBB"}, UsageError, "region-too-long"),
        ({"region": GATA}, IncompatibleInputsError, "which-gene"),
        ({"region": "chr2:1-9", "gene": "HBB"}, IncompatibleInputsError, "outside-reference"),
        ({"gene": "TTN"}, IncompatibleInputsError, "unknown-gene"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked, kind, code):
    with pytest.raises(kind) as error:
        plan_of(CUTS, **asked)
    assert error.value.code == code
    assert error.value.remedy
