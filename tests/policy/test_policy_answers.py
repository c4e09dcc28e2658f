"""Every answer both ways: satisfied only by evidence that is there, and a next step named for all else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import checklist_builder as build
import pytest
from checklist_builder import DESIGN, REFERENCE_ONLY, SPACER, WHOLE, WINDOWS, finding, ground, item, plan_of
from hypothesis import given
from hypothesis import strategies as st

from revertant.model import (
    EvidenceKind,
    ItemState,
    Mechanism,
    Oligo,
    Pathogenicity,
    Provenance,
    Route,
    Site,
    Status,
)
from revertant.policy import Ordered, ScreeningRecord, ScreeningState, not_screened
from revertant.policy.checklists import AnsweredBy
from revertant.policy.checklists.answers import ANSWERS

SATISFIED, LABORATORY, HUMAN, MISSING, NA = ItemState
PASS, CAUTION, FAIL, UNKNOWN, SILENT = Status
LONG = Ordered("long", "ACGTA" * 12)


def answered(word, plan, *findings, case=build.CASE, records=(), on_date=None, **more):
    one = item(word, *findings, **more)
    return ANSWERS[one.answered_by](ground(plan, case, records, on_date), one)


def test_every_word_has_its_function():
    assert set(ANSWERS) == set(AnsweredBy)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([PASS], SATISFIED),
        ([PASS, PASS], SATISFIED),
        ([PASS, SILENT], SATISFIED),
        ([PASS, CAUTION], HUMAN),
        ([PASS, UNKNOWN], MISSING),
        ([CAUTION, UNKNOWN], MISSING),
        ([PASS, FAIL], MISSING),
        ([SILENT, SILENT], NA),
        ([], MISSING),
    ],
)
def test_findings_satisfy_only_when_all_of_them_pass(statuses, expected):
    plan = plan_of(DESIGN, *(finding("delivery.vehicle", status) for status in statuses))
    found = answered("findings_pass", plan, "delivery.vehicle")
    assert found.state is expected
    assert bool(found.evidence) is bool(statuses)
    assert found.because


@given(st.lists(st.sampled_from(list(Status)), max_size=5))
def test_nothing_is_satisfied_without_a_pass_and_never_beside_a_doubt(statuses):
    plan = plan_of(DESIGN, *(finding("a.b", status) for status in statuses))
    found = answered("findings_pass", plan, "a.b").state
    assert (found is SATISFIED) is (PASS in statuses and not {CAUTION, FAIL, UNKNOWN} & set(statuses))


def test_a_pass_on_an_unchecked_source_needs_a_reader():
    found = answered("findings_pass", plan_of(DESIGN, finding("a.b", checked=False)), "a.b")
    assert (found.state, found.checked) == (HUMAN, False)
    assert "reads the source" in found.needs


def test_every_rule_named_must_be_there_and_one_of_its_alternatives():
    plan = plan_of(DESIGN, finding("a.one"), finding("b.two"))
    assert answered("findings_pass", plan, "a.one", "b.other|b.two").state is SATISFIED
    absent = answered("findings_pass", plan, "a.one", "b.other|b.third")
    assert absent.state is MISSING
    assert "b.other or b.third" in absent.because


def test_rules_of_policy_are_read_from_the_gate_and_not_from_the_design():
    gate = plan_of(DESIGN, gate=(finding("policy.G7"),))
    design = plan_of(DESIGN, finding("policy.G7"))
    assert answered("findings_pass", gate, "policy.G7").state is SATISFIED
    assert answered("findings_pass", design, "policy.G7").state is MISSING
    assert answered("findings_pass", gate, "policy.G7").evidence[0].design_id == ""


@pytest.mark.parametrize(
    ("status", "expected"),
    [(PASS, LABORATORY), (CAUTION, LABORATORY), (UNKNOWN, LABORATORY), (SILENT, NA), (None, MISSING)],
)
def test_an_assay_follows_what_was_computed(status, expected):
    plan = plan_of(DESIGN, *([finding("damage.nick", status)] if status else []))
    assert answered("findings_then_laboratory", plan, "damage.nick").state is expected


@pytest.mark.parametrize(
    ("alleles", "gate", "expected"),
    [
        ([Pathogenicity.PATHOGENIC], PASS, SATISFIED),
        ([Pathogenicity.PATHOGENIC, Pathogenicity.LIKELY_PATHOGENIC], PASS, SATISFIED),
        ([Pathogenicity.PATHOGENIC, Pathogenicity.UNCERTAIN], PASS, MISSING),
        ([Pathogenicity.NOT_PROVIDED], PASS, MISSING),
        ([Pathogenicity.PATHOGENIC], UNKNOWN, MISSING),
        ([Pathogenicity.PATHOGENIC], None, MISSING),
        ([], PASS, LABORATORY),
    ],
)
def test_the_cause_is_known_when_every_allele_is_classed_and_the_gate_agrees(alleles, gate, expected):
    where = build.target(*map(build.allele, alleles))
    design = DESIGN if alleles else replace(DESIGN, acts_on="HBB")
    said = (finding("policy.G7", gate),) if gate else ()
    plan = plan_of(design, gate=said, strategies=(build.strategy(where),))
    if alleles:
        plan = replace(
            plan, designs=(replace(plan.designs[0], design=replace(design, acts_on=acts_on(plan))),)
        )
    assert answered("causal_variant", plan, "policy.G7").state is expected


def acts_on(plan):
    return plan.strategies[0].acts_on


def test_without_a_strategy_the_cause_is_missing():
    assert answered("causal_variant", plan_of(DESIGN, gate=(finding("policy.G7"),))).state is MISSING


@pytest.mark.parametrize(
    ("route", "findings", "mechanism", "expected"),
    [
        (Route.RESTORE_WILD_TYPE, [PASS], Mechanism.LOSS_OF_FUNCTION, SATISFIED),
        (Route.RESTORE_WILD_TYPE, [PASS, CAUTION], Mechanism.LOSS_OF_FUNCTION, HUMAN),
        (Route.RESTORE_WILD_TYPE, [UNKNOWN], Mechanism.LOSS_OF_FUNCTION, MISSING),
        (Route.RESTORE_WILD_TYPE, [PASS], Mechanism.UNKNOWN, MISSING),
        (Route.RAISE_EXPRESSION, [PASS], Mechanism.HAPLOINSUFFICIENCY, HUMAN),
        (Route.DISRUPT_REGULATORY_SITE, [PASS], Mechanism.GAIN_OF_FUNCTION, HUMAN),
    ],
)
def test_the_product_acts_on_the_cause_or_a_person_justifies_it(route, findings, mechanism, expected):
    where = build.target(build.allele(), mechanism=mechanism)
    made = build.strategy(where, *(finding("m.r", one) for one in findings), route=route)
    plan = plan_of(replace(DESIGN, route=route, acts_on=made.acts_on), strategies=(made,))
    assert answered("mechanism_targeted", plan).state is expected


def test_a_named_site_is_never_the_cause_itself():
    where = build.target(build.allele())
    site = Site("k", "enhancer", build.GUIDE.locus, "GATA", "Raises HbF.", ("doi:x",))
    made = replace(build.strategy(where), allele=None, site=site)
    found = answered("mechanism_targeted", plan_of(replace(DESIGN, acts_on="enhancer"), strategies=(made,)))
    assert found.state is HUMAN
    assert "not on the variant itself" in found.because


def test_an_unchecked_rule_of_eligibility_needs_a_person():
    made = build.strategy(build.target(build.allele()), finding("m.r", checked=False))
    plan = plan_of(replace(DESIGN, acts_on=made.acts_on), strategies=(made,))
    assert answered("mechanism_targeted", plan).state is HUMAN


SEARCHES = ("offtarget_genome_wide", "offtarget_personal", "offtarget_annotated", "offtarget_reported")
KNOWN = (finding("offtarget.patient_sites", CAUTION), finding("offtarget.coding_site"))


@pytest.mark.parametrize("word", SEARCHES)
def test_a_whole_search_on_the_patient_satisfies(word):
    found = answered(word, plan_of(DESIGN, *KNOWN, reports=(build.report(),)))
    assert found.state is SATISFIED


@pytest.mark.parametrize("word", [*SEARCHES, "confirmation_sites"])
@pytest.mark.parametrize(
    "reports",
    [
        (),
        (build.report(WINDOWS),),
        (build.report(), build.report(WINDOWS, "A" * 20)),
        (build.report(spacer="A" * 20),),
    ],
    ids=["none", "windows", "one of two in windows", "another guide's"],
)
def test_windows_no_search_or_another_guide_never_satisfy(word, reports):
    assert answered(word, plan_of(DESIGN, *KNOWN, reports=reports)).state is MISSING


@pytest.mark.parametrize("word", ["offtarget_genome_wide", "offtarget_personal", "confirmation_sites"])
def test_the_reference_alone_is_not_the_patient(word):
    found = answered(word, plan_of(DESIGN, *KNOWN, reports=(build.report(REFERENCE_ONLY),)))
    assert found.state is MISSING
    assert "patient's own genome was not searched" in found.because


@pytest.mark.parametrize("word", ["offtarget_genome_wide", "offtarget_annotated", "confirmation_sites"])
def test_a_design_without_a_guide_has_no_search(word):
    assert answered(word, plan_of(replace(DESIGN, guides=()), *KNOWN, reports=())).state is MISSING


@pytest.mark.parametrize(
    ("word", "rule"),
    [("offtarget_personal", "offtarget.patient_sites"), ("offtarget_annotated", "offtarget.coding_site")],
)
@pytest.mark.parametrize("status", [None, UNKNOWN, FAIL])
def test_a_whole_search_whose_finding_is_not_known_is_missing(word, rule, status):
    plan = plan_of(DESIGN, *([finding(rule, status)] if status else []), reports=(build.report(),))
    assert answered(word, plan).state is MISSING


def test_what_the_search_left_out_and_its_reach_are_said():
    coverage = replace(WHOLE, not_searched=(("patient calls that could not be applied", 3),))
    found = answered("offtarget_genome_wide", plan_of(DESIGN, reports=(build.report(coverage),)))
    assert "Not searched: 3 patient calls that could not be applied." in found.because
    assert "Up to 4 mismatches, 0 DNA and 0 RNA bulges" in found.because


@pytest.mark.parametrize(
    "origin",
    [
        Provenance("revertant", "1", (), build.ORIGIN.catalogues, build.ORIGIN.parameters),
        replace(build.ORIGIN, parameters=()),
        replace(build.ORIGIN, catalogues=()),
        replace(build.ORIGIN, version=""),
    ],
)
def test_a_report_without_versions_parameters_or_reference_is_missing(origin):
    plan = plan_of(DESIGN, reports=(build.report(),), origin=origin)
    assert answered("offtarget_reported", plan).state is MISSING


def test_confirmation_is_an_assay_once_there_is_a_list_of_the_genome():
    found = answered("confirmation_sites", plan_of(DESIGN, reports=(build.report(),)))
    assert found.state is LABORATORY
    early = answered("confirmation_sites", plan_of(DESIGN))
    assert early.needs.startswith("First a search of the whole genome")


def record(state):
    return ScreeningRecord("long", LONG.sha256, len(LONG.sequence), state, "The record says so.", "tool 1")


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((), MISSING),
        ((not_screened(LONG, "Nobody did."),), MISSING),
        ((record(ScreeningState.REVIEW),), HUMAN),
        ((record(ScreeningState.CLEAR),), SATISFIED),
    ],
)
def test_every_long_sequence_needs_its_own_clear_record(records, expected):
    plan = plan_of(replace(DESIGN, oligos=(Oligo("long", LONG.sequence), Oligo("spacer", SPACER))))
    assert answered("screening_recorded", plan, records=records).state is expected


def test_a_record_of_another_sequence_proves_nothing():
    plan = plan_of(replace(DESIGN, oligos=(Oligo("long", LONG.sequence), Oligo("other", "T" * 70))))
    found = answered("screening_recorded", plan, records=(record(ScreeningState.CLEAR),))
    assert found.state is MISSING
    assert "1 of 2 sequences have no record: other." in found.because


def test_short_orders_need_no_record_and_the_length_depends_on_the_day():
    assert answered("screening_recorded", plan_of(DESIGN)).state is NA
    plan = plan_of(replace(DESIGN, oligos=(Oligo("fifty", "A" * 50),)))
    for day in (None, dt.date(2026, 11, 26)):
        assert answered("screening_recorded", plan, on_date=day).state is MISSING


@pytest.mark.parametrize(
    ("word", "expected"), [("laboratory", LABORATORY), ("human", HUMAN), ("not_in_plan", MISSING)]
)
def test_what_no_plan_can_answer_stays_with_its_owner(word, expected):
    everything = plan_of(DESIGN, finding("a.b"), *KNOWN, reports=(build.report(),))
    assert answered(word, everything, "a.b").state is expected
    assert answered(word, plan_of(DESIGN)).state is expected


def test_files_are_named_only_where_the_design_has_something_in_them():
    files = ("offtargets.tsv", "constructs/parts.tsv", "designs.tsv")

    def names(plan):
        found = answered("human", plan, files=files).evidence
        return [one.name for one in found if one.kind is EvidenceKind.FILE]

    assert names(plan_of(DESIGN)) == ["designs.tsv"]
    assert names(plan_of(DESIGN, reports=(build.report(),))) == ["offtargets.tsv", "designs.tsv"]
