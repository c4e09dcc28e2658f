"""Cases of common disease without a variant: routes with evidence, designs where the gene is there, and the gate."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planning_cases import MODELS, REFERENCE, inputs_of, sickle_case

from revertant import patient
from revertant.errors import InputError, PolicyStopError, ProblemsError
from revertant.genome import GeneModels
from revertant.knowledge import complex_routes
from revertant.model import (
    Case,
    CaseVariant,
    Disease,
    Intent,
    Pathogenicity,
    Route,
    Status,
    Subject,
    Tally,
    TargetCells,
    Zygosity,
)
from revertant.planning import Inputs, PlanOptions, make_plan, open_inputs, targets

QUICK = PlanOptions(search_off_targets=False)
HIGH_LDL = Disease("MONDO:0005439", "Familial hypercholesterolaemia")
#: The sequence of HBB under the symbol of a gene to be lowered: what is judged is the way, not the guides.
RENAMED = GeneModels(
    [replace(transcript, gene="PCSK9") for transcript in MODELS.of_gene("HBB")],
    tally=Tally.of("transcripts", kept=1),
    name="renamed",
)


def common(*diseases, **more):
    return Case("common", Subject("s", age_years=60), (), diseases, jurisdiction="US", consent=True, **more)


def plan_of(case, models=RENAMED, options=QUICK):
    return make_plan(Inputs(case, REFERENCE, models), options)


def told(plan, rule):
    return [one for one in plan.findings if one.rule == rule]


def test_the_routes_are_told_with_their_evidence_and_no_variant_is_corrected():
    plan = make_plan(open_inputs(common(HIGH_LDL)), QUICK)
    assert plan.question == (
        "No variant is named: which route by one gene could treat Familial hypercholesterolaemia?"
    )
    assert "No variant is named, so none is corrected" in plan.verdict
    assert plan.targets == plan.designs == ()
    rule = "common.hypercholesterolaemia_pcsk9"
    (head,), (genetics,), (harm,) = (
        told(plan, rule),
        told(plan, f"{rule}.genetics"),
        told(plan, f"{rule}.harm"),
    )
    assert "the product of PCSK9 is lowered in the liver" in head.because
    assert "doi:10.1056/NEJMoa054013" in genetics.sources
    assert harm.status is Status.CAUTION
    assert len(told(plan, f"{rule}.trial")) == 2
    # Without a reference the plan names the interval it needs.
    (design,) = told(plan, f"{rule}.design")
    assert design.status is Status.UNKNOWN
    assert "chr1:55,039,548-55,064,852" in design.because
    assert {one.acts_on for one in plan.rejections} >= {"PCSK9", "ANGPTL3"}


def test_where_the_reference_holds_the_gene_a_knock_out_is_designed_with_a_caution():
    plan = plan_of(common(HIGH_LDL))
    assert [target.gene for target in plan.targets] == ["PCSK9"]
    assert plan.designs
    assert {one.design.route for one in plan.designs} == {Route.KNOCK_OUT, Route.LOWER_EXPRESSION}
    strategy = next(one for one in plan.strategies if one.route is Route.KNOCK_OUT and one.is_eligible)
    finding = next(one for one in strategy.findings if one.rule == "mechanism.knock_out")
    assert finding.status is Status.CAUTION
    assert finding.because.startswith("No variant of this person is corrected: PCSK9 is lowered.")
    assert finding.checked
    assert told(plan, "common.hypercholesterolaemia_pcsk9.design")[0].status is Status.PASS
    # The other gene of the disease is not in the reference, and the plan says so.
    assert any(one.acts_on == "ANGPTL3" and "--reference" in one.because for one in plan.rejections)
    assert not any(unknown.rule == "mechanism.known" for unknown in plan.unknowns)


def test_what_a_knock_out_rule_forbids_stays_forbidden(monkeypatch):
    haploinsufficient = replace_target(monkeypatch, haploinsufficient=True)
    assert not [one for one in haploinsufficient.designs if one.design.route is Route.KNOCK_OUT]
    needed = replace_target(monkeypatch, dispensable=False)
    assert not [one for one in needed.designs if one.design.route is Route.KNOCK_OUT]


def replace_target(monkeypatch, **fields):
    told_by = targets.common_targets
    with monkeypatch.context() as patch:
        patch.setattr(
            targets, "common_targets", lambda found: tuple(replace(one, **fields) for one in told_by(found))
        )
        return plan_of(common(HIGH_LDL))


def test_research_only_and_vector_routes_are_never_designed():
    for disease in (Disease("MONDO:0004975"), Disease("MONDO:0005180"), Disease("MONDO:0005252")):
        names = [route.gene for route in complex_routes().values() if disease.disease_id in route.diseases]
        models = GeneModels(
            [replace(transcript, gene=gene) for gene in names for transcript in MODELS.of_gene("HBB")],
            tally=Tally.of("transcripts", kept=len(names)),
            name="renamed",
        )
        plan = plan_of(common(disease), models)
        assert plan.targets == plan.designs == ()
        assert {one.acts_on for one in plan.rejections} == set(names)
    (head,) = told(plan_of(common(Disease("MONDO:0004975"))), "common.alzheimer_apoe")
    assert head.status is Status.NOT_APPLICABLE
    assert head.because.startswith("Research only.")


def test_a_case_with_a_variant_goes_the_way_of_its_variant():
    case = replace(sickle_case(), diseases=(*sickle_case().diseases, HIGH_LDL))
    plan = make_plan(inputs_of(case), QUICK)
    assert [target.gene for target in plan.targets] == ["HBB"]
    assert not [one for one in plan.findings if one.rule.startswith("common.")]


def test_a_disease_without_routes_and_without_a_variant_stays_an_error(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("id: c\ndiseases: [{id: 'OMIM:603903'}]\n", encoding="utf-8")
    with pytest.raises(ProblemsError, match="names no variant"):
        patient.read_case(path)
    path.write_text("id: c\ndiseases: [{id: 'MONDO:0005439'}]\nconsent: yes\n", encoding="utf-8")
    assert patient.read_case(path).variants == ()
    with pytest.raises((InputError, PolicyStopError)):
        plan_of(common(Disease("OMIM:603903")))


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"intent": Intent.ENHANCEMENT}, "policy.G4"),
        # Prevention has no route without a classified variant: the person is not ill.
        ({"intent": Intent.PREVENTION}, "policy.G7"),
        ({"intent": Intent.HERITABLE}, "policy.G1"),
        ({"target_cells": TargetCells.EMBRYO}, "policy.G1"),
        ({"conditions": (("polygenic_score_target", True),)}, "policy.G14"),
    ],
)
def test_the_gate_stays(more, rule):
    with pytest.raises(PolicyStopError) as error:
        plan_of(common(HIGH_LDL, **more))
    assert error.value.where == rule


SCORE = st.from_regex(r"PGS[0-9]{6}", fullmatch=True)
ROUTES = sorted(complex_routes())
DISEASES = st.sampled_from(ROUTES).map(lambda key: Disease("X:1", complex_routes()[key].names[0]))


@st.composite
def polygenic_cases(draw):
    """A case that names a polygenic score as what to change in one of the ways that it can, and anything else besides."""
    score, way = draw(SCORE), draw(st.sampled_from(["condition", "variant", "identifier", "name"]))
    diseases = draw(st.lists(DISEASES, max_size=3))
    pathogenic = CaseVariant(
        ("NM_000518.5:c.20A>T",), Zygosity.HOMOZYGOUS, Pathogenicity.PATHOGENIC, gene="HBB"
    )
    variants = [pathogenic] if draw(st.booleans()) else []
    conditions = ()
    if way == "condition":
        conditions = (("polygenic_score_target", True),)
    elif way == "variant":
        variants.append(
            replace(pathogenic, expressions=(draw(st.sampled_from([score, f" {score.lower()}"])),))
        )
    else:
        named = (score, "") if way == "identifier" else ("X:2", f"high risk by {score}")
        diseases.insert(draw(st.integers(0, len(diseases))), Disease(*named))
    return Case(
        "score",
        Subject("s", age_years=draw(st.one_of(st.none(), st.floats(0, 100)))),
        tuple(variants),
        tuple(diseases),
        intent=draw(st.sampled_from(list(Intent))),
        jurisdiction=draw(st.sampled_from(["", "US", "DE", "GB", "JP"])),
        consent=draw(st.sampled_from([None, True, False])),
        conditions=conditions,
    )


@settings(max_examples=200, deadline=None)
@given(case=polygenic_cases())
def test_a_polygenic_score_never_yields_a_design(case):
    with pytest.raises(PolicyStopError) as error:
        plan_of(case)
    assert "polygenic score" in str(error.value).lower()
