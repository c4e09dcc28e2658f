"""Checklists and the gate's log of whole plans: the demos, counted, and every pointer followed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

import pytest
from planning_cases import DEMO

from revertant import patient, planning
from revertant.dossier import write_dossier
from revertant.model import EvidenceKind, ItemState, count_states
from revertant.planning import Inquiry, PlanOptions, make_plan
from revertant.policy import checklists_digest, read_decision, replay

SATISFIED, LABORATORY, HUMAN, MISSING, NA = ItemState


@cache
def plan_of(name, **options):
    path = DEMO / f"{name}.yaml"
    return make_plan(planning.open_inputs(patient.read_case(path), path), PlanOptions(**options))


#: How the items asked of the first design stand. A change here changes what a plan is said to answer.
FIRST = {
    "sickle_cell": {SATISFIED: 3, LABORATORY: 17, HUMAN: 18, MISSING: 9, NA: 1},
    "sma": {SATISFIED: 1, LABORATORY: 7, HUMAN: 13, MISSING: 1},
    "rpe65": {SATISFIED: 1, LABORATORY: 7, HUMAN: 13, MISSING: 1},
    "b_all": {SATISFIED: 3, LABORATORY: 11, HUMAN: 17, MISSING: 1, NA: 1},
}


@pytest.mark.parametrize("name", list(FIRST))
def test_counts_of_the_demos(name):
    plan = plan_of(name)
    first = [one for one in plan.checklists if one.design_id == plan.checklists[0].design_id]
    assert dict(count_states(first)) == FIRST[name]
    assert plan.checklists[0].design_id == plan.designs[0].design.design_id


def test_the_demo_over_windows_satisfies_no_question_on_off_targets():
    found = {
        (checklist.checklist_id, one.item_id): one.state
        for checklist in plan_of("sickle_cell").checklists
        for one in checklist.items
    }
    asked = ("in_silico", "patient_variants", "annotation", "report_computation", "confirmation")
    assert {found["fda_editing_ngs_2026", name] for name in asked} == {MISSING}
    assert found["fda_plausible_mechanism_2026", "cause"] is SATISFIED


@pytest.mark.parametrize("name", list(FIRST))
def test_every_pointer_leads_to_something(name, tmp_path):
    plan = plan_of(name)
    written = {str(path.relative_to(tmp_path)) for path in write_dossier(plan, tmp_path)}
    fields = {"targets", *(f"provenance.{name}" for name in ("version", "parameters", "inputs"))}
    fields |= {one.strategy_id for one in plan.strategies}
    by_design = {one.design.design_id: one.assessment for one in plan.designs}
    gate = {one.rule for one in plan.gate}
    pointers = [one for checklist in plan.checklists for item in checklist.items for one in item.evidence]
    assert pointers
    for one in pointers:
        if one.kind is EvidenceKind.FILE:
            assert one.name in written
        elif one.kind is EvidenceKind.FIELD:
            assert one.name in fields
        elif one.design_id:
            assert by_design[one.design_id].of(one.name) is not None
        else:
            assert one.name in gate


def test_place_and_day_of_the_plan_choose_the_documents():
    early = {one.checklist_id for one in plan_of("sma", on_date=dt.date(2025, 1, 1)).checklists}
    now = {one.checklist_id for one in plan_of("sma").checklists}
    europe = {
        one.checklist_id for one in plan_of("sma", country="DE", on_date=dt.date(2025, 6, 30)).checklists
    }
    assert early == now
    assert europe == {"ema_follow_up_2009", "ich_m4_2016", "ich_s12_2023", "order_screening_2024"}
    assert {one.place for one in plan_of("sma", country="DE", on_date=dt.date(2025, 6, 30)).checklists} == {
        "DE"
    }


def test_the_documents_are_named_in_the_provenance():
    assert ("guidance documents", checklists_digest()) in plan_of("sma").provenance.catalogues


@pytest.mark.parametrize("name", list(FIRST))
def test_the_gate_can_be_replayed_from_its_log(name):
    plan = plan_of(name)
    decision = read_decision(plan.decision_log)
    assert replay(decision) == decision
    assert [f"policy.{one.rule_id}" for one in decision.answers] == [one.rule for one in plan.gate]
    assert [one.status for one in decision.answers] == [one.status for one in plan.gate]
    assert "decision_log" not in plan.to_json()


def test_nobody_to_be_treated_nothing_to_be_answered():
    path = DEMO / "sma.yaml"
    inputs = planning.open_inputs(patient.read_case(path), path)
    asked = replace(inputs, inquiry=Inquiry(gene="SMN1"))
    plan = make_plan(asked)
    assert plan.checklists == ()
    assert read_decision(plan.decision_log)
