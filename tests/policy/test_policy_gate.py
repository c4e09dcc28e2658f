"""The gate: each rule's truth table, and what nothing can turn off."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import PolicyStopError, UsageError
from revertant.model import (
    Case,
    CaseVariant,
    Disease,
    EditingPlace,
    Finding,
    Intent,
    Pathogenicity,
    Sex,
    Status,
    Subject,
    TargetCells,
)
from revertant.policy import enforce, gate, rules
from revertant.policy.places import EVERYWHERE

EVERYWHERE_RULES = tuple(
    rule for rule in rules() if rule.rule_id.startswith("G") and EVERYWHERE in rule.jurisdictions
)

GOOD = {
    "case_id": "c",
    "subject": Subject("SECRET-PERSON", age_years=34.0),
    "variants": (CaseVariant(("rs334",), pathogenicity=Pathogenicity.PATHOGENIC),),
    "diseases": (Disease("OMIM:603903"),),
    "jurisdiction": "KR",
    "consent": True,
    "tissue": "haematopoietic stem cell",
    "editing_place": EditingPlace.EX_VIVO,
}


def made(**changes):
    return Case(**{**GOOD, **changes})


def statuses(case):
    return {finding.rule.removeprefix("policy."): finding.status for finding in gate(case)}


def variants(*classes):
    return tuple(CaseVariant(("rs1",), pathogenicity=one) for one in classes)


def test_a_complete_somatic_case_passes():
    found = statuses(made())
    assert {found.pop(name) for name in ("G8", "G15", "KR2")} == {Status.NOT_APPLICABLE}
    assert {found.pop(name) for name in ("G16", "G20")} == {Status.CAUTION}  # they inform everyone
    assert set(found.values()) == {Status.PASS}
    enforce(gate(made()))


def test_every_rule_answers_once_in_order_with_its_reason():
    found = gate(made())
    here = [rule for rule in rules() if rule.holds_in("KR") and not rule.about_order]
    assert [one.rule for one in found] == [f"policy.{rule.rule_id}" for rule in here]
    assert [rule.rule_id for rule in here][-2:] == ["KR1", "KR2"]
    assert all(one.because and one.sources and one.threshold for one in found)


PATHOGENIC, LIKELY = Pathogenicity.PATHOGENIC, Pathogenicity.LIKELY_PATHOGENIC
TRUTH = [
    ("G1", {"intent": Intent.HERITABLE}, Status.FAIL),
    ("G1", {"target_cells": TargetCells.GERMLINE}, Status.FAIL),
    ("G1", {"target_cells": TargetCells.EMBRYO}, Status.FAIL),
    ("G1", {"target_cells": TargetCells.FETAL}, Status.PASS),
    ("G1", {"tissue": "Oocytes"}, Status.FAIL),
    ("G1", {"tissue": "germ-cell"}, Status.FAIL),
    ("G1", {"tissue": "germ_line"}, Status.FAIL),
    ("G1", {"tissue": "primordial germ  cells"}, Status.FAIL),
    ("G1", {"tissue": "lymph node germinal centre"}, Status.PASS),
    ("G1", {"tissue": ""}, Status.PASS),
    ("G2", {"target_cells": TargetCells.GERMLINE}, Status.FAIL),
    ("G2", {"target_cells": TargetCells.EMBRYO}, Status.FAIL),
    ("G2", {"target_cells": TargetCells.EMBRYO, "editing_place": EditingPlace.IN_VIVO}, Status.PASS),
    ("G2", {"target_cells": TargetCells.EMBRYO, "editing_place": None}, Status.UNKNOWN),
    ("G2", {"editing_place": None}, Status.PASS),
    ("G3", {"target_cells": TargetCells.FETAL}, Status.CAUTION),
    ("G4", {"intent": Intent.ENHANCEMENT}, Status.FAIL),
    ("G4", {"intent": Intent.PREVENTION}, Status.PASS),
    ("G5", {"tissue": "testis"}, Status.CAUTION),
    ("G5", {"tissue": "ovaries"}, Status.CAUTION),
    ("G6", {"intent": Intent.PREVENTION}, Status.CAUTION),
    ("G7", {"variants": ()}, Status.FAIL),
    ("G7", {"variants": variants(PATHOGENIC, LIKELY)}, Status.PASS),
    ("G7", {"variants": variants(Pathogenicity.UNCERTAIN)}, Status.FAIL),
    ("G7", {"variants": variants(Pathogenicity.LIKELY_BENIGN)}, Status.FAIL),
    ("G7", {"variants": variants(Pathogenicity.BENIGN)}, Status.FAIL),
    ("G7", {"variants": variants(Pathogenicity.NOT_PROVIDED)}, Status.FAIL),
    ("G7", {"variants": variants(PATHOGENIC, Pathogenicity.UNCERTAIN)}, Status.FAIL),
    ("G8", {"subject": Subject("s", age_years=17.99)}, Status.CAUTION),
    ("G8", {"subject": Subject("s", age_years=0.0)}, Status.CAUTION),
    ("G8", {"subject": Subject("s", age_years=18.0)}, Status.NOT_APPLICABLE),
    ("G8", {"subject": Subject("s")}, Status.UNKNOWN),
    ("G9", {"consent": False}, Status.FAIL),
    ("G9", {"consent": None}, Status.PASS),
    ("G10", {"consent": False}, Status.PASS),
    ("G10", {"consent": None}, Status.UNKNOWN),
    ("G11", {"jurisdiction": ""}, Status.UNKNOWN),
    ("G12", {"diseases": ()}, Status.UNKNOWN),
    ("G12", {}, Status.PASS),
    ("G13", {"jurisdiction": "KE"}, Status.UNKNOWN),
    ("G13", {"jurisdiction": "NO"}, Status.UNKNOWN),  # a treaty alone does not tell the law
    ("G13", {"jurisdiction": "FR"}, Status.PASS),
    ("G13", {"jurisdiction": ""}, Status.PASS),  # G11 says it
    ("G14", {"conditions": (("polygenic_score_target", True),)}, Status.FAIL),
    (
        "G14",
        {"variants": (CaseVariant(("PGS000018",), pathogenicity=Pathogenicity.PATHOGENIC),)},
        Status.FAIL,
    ),
    ("G14", {"variants": (CaseVariant(("rs334", " pgs000018 ")),)}, Status.FAIL),
    ("G14", {"conditions": (("polygenic_score_target", False),)}, Status.PASS),
    ("G14", {"variants": (CaseVariant(("PGS1",), pathogenicity=Pathogenicity.PATHOGENIC),)}, Status.PASS),
    ("G15", {"editing_place": EditingPlace.IN_VIVO}, Status.CAUTION),
    ("G15", {"editing_place": None}, Status.CAUTION),
    ("G15", {"editing_place": EditingPlace.EX_VIVO}, Status.NOT_APPLICABLE),
    ("G16", {}, Status.CAUTION),
    ("G17", {"subject": Subject("s", age_years=17.99)}, Status.UNKNOWN),
    (
        "G17",
        {"subject": Subject("s", age_years=3.0), "conditions": (("guardian_permission", True),)},
        Status.PASS,
    ),
    (
        "G17",
        {"subject": Subject("s", age_years=3.0), "conditions": (("guardian_permission", False),)},
        Status.PASS,
    ),
    ("G17", {"subject": Subject("s", age_years=18.0)}, Status.PASS),
    ("G17", {"subject": Subject("s")}, Status.UNKNOWN),
    (
        "G18",
        {"subject": Subject("s", age_years=3.0), "conditions": (("guardian_permission", False),)},
        Status.FAIL,
    ),
    ("G18", {"subject": Subject("s"), "conditions": (("guardian_permission", False),)}, Status.UNKNOWN),
    (
        "G18",
        {"subject": Subject("s", age_years=40.0), "conditions": (("guardian_permission", False),)},
        Status.PASS,
    ),
    (
        "G18",
        {"subject": Subject("s", age_years=3.0), "conditions": (("guardian_permission", True),)},
        Status.PASS,
    ),
    ("G18", {"subject": Subject("s", age_years=3.0)}, Status.PASS),
    (
        "G19",
        {"subject": Subject("s", age_years=9.0), "conditions": (("child_assent", False),)},
        Status.CAUTION,
    ),
    ("G19", {"subject": Subject("s", age_years=9.0), "conditions": (("child_assent", True),)}, Status.PASS),
    ("G19", {"subject": Subject("s", age_years=20.0), "conditions": (("child_assent", False),)}, Status.PASS),
    ("G20", {}, Status.CAUTION),
    ("G21", {"target_cells": TargetCells.FETAL}, Status.UNKNOWN),
    ("G21", {"tissue": "ovary"}, Status.UNKNOWN),
    ("G21", {"tissue": "ovary", "conditions": (("germ_cells_spared", True),)}, Status.PASS),
    ("G21", {"tissue": "liver"}, Status.PASS),
    ("G22", {"conditions": (("germ_cells_spared", False),)}, Status.FAIL),
    ("G22", {"conditions": (("germ_cells_spared", True),)}, Status.PASS),
]
#: Rules met by a complete case cannot be unmet by one; those on persons are unmet where nobody is treated.
NOBODY = {
    "G16": Status.NOT_APPLICABLE,
    "G20": Status.NOT_APPLICABLE,
    "G15": Status.NOT_APPLICABLE,
    "G17": Status.PASS,
}


@pytest.mark.parametrize(("rule", "changes", "status"), TRUTH)
def test_truth_table(rule, changes, status):
    assert statuses(made(**changes))[rule] is status


@pytest.mark.parametrize(("rule", "status"), NOBODY.items())
def test_rules_on_persons_are_silent_where_nobody_is_treated(rule, status):
    child = made(subject=Subject("s", age_years=3.0), editing_place=EditingPlace.IN_VIVO)
    found = {one.rule: one.status for one in gate(child, for_person=False)}
    assert found[f"policy.{rule}"] is status


def test_every_rule_that_holds_everywhere_is_in_the_truth_table_met_and_not_met():
    whole = statuses(made())
    assert len(EVERYWHERE_RULES) == 22
    for rule in EVERYWHERE_RULES:
        seen = {status for name, _, status in TRUTH if name == rule.rule_id} | {whole[rule.rule_id]}
        seen |= {NOBODY[rule.rule_id]} if rule.rule_id in NOBODY else set()
        assert seen - {Status.PASS, Status.NOT_APPLICABLE}, rule.rule_id
        assert seen & {Status.PASS, Status.NOT_APPLICABLE}, rule.rule_id


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"variants": ()}, Status.UNKNOWN),
        ({"variants": variants(Pathogenicity.NOT_PROVIDED)}, Status.UNKNOWN),
        ({"variants": variants(Pathogenicity.BENIGN)}, Status.FAIL),
        ({"variants": variants(Pathogenicity.PATHOGENIC)}, Status.PASS),
    ],
)
def test_where_nobody_is_treated_silence_does_not_deny(changes, status):
    for_nobody = {finding.rule: finding.status for finding in gate(made(**changes), for_person=False)}
    for_person = {finding.rule: finding.status for finding in gate(made(**changes))}
    for name in NOBODY:
        del for_nobody[f"policy.{name}"], for_person[f"policy.{name}"]
    assert for_nobody.pop("policy.G7") is status
    assert for_person.pop("policy.G7") is (Status.FAIL if status is Status.UNKNOWN else status)
    assert for_nobody == for_person


@pytest.mark.parametrize(
    "changes",
    [
        {"target_cells": TargetCells.EMBRYO},
        {"intent": Intent.HERITABLE},
        {"intent": Intent.ENHANCEMENT},
        {"consent": False},
    ],
)
def test_where_nobody_is_treated_words_deny_all_the_same(changes):
    with pytest.raises(PolicyStopError):
        enforce(gate(made(variants=(), **changes), for_person=False))


def test_a_stop_names_the_rule_and_nothing_of_the_person():
    case = made(target_cells=TargetCells.EMBRYO, variants=variants(Pathogenicity.UNCERTAIN))
    with pytest.raises(PolicyStopError) as caught:
        enforce(gate(case))
    error = caught.value
    assert (error.exit_status, error.code, error.where) == (6, "policy-stop", "policy.G1")
    assert "No heritable editing" in error.what
    assert "policy.G7" in error.what
    assert "No option overrides this rule" in error.remedy
    assert "SECRET" not in str(error)


def test_only_failed_policy_findings_stop():
    enforce([Finding("delivery.vehicle", Status.FAIL, "none"), Finding("policy.G3", Status.CAUTION, "ask")])
    with pytest.raises(PolicyStopError, match=r"policy\.X9: no Correct the case"):
        enforce([Finding("policy.X9", Status.FAIL, "no")])


@pytest.mark.parametrize(
    "changes",
    [
        {"target_cells": "Embryo"},
        {"target_cells": "embryos"},
        {"intent": "heritable"},
        {"intent": None, "target_cells": "germ"},
        {"editing_place": "ex_vivo"},
        {"variants": (CaseVariant(("rs1",), pathogenicity="Pathogenic"),)},
        {"subject": Subject("s", sex="F")},
    ],
)
def test_words_that_are_none_of_the_models_are_refused(changes):
    with pytest.raises(UsageError):
        gate(made(**changes))


@pytest.mark.parametrize("missing", [{"intent": None}, {"target_cells": None}])
def test_what_the_gate_turns_on_cannot_be_left_out(missing):
    with pytest.raises(UsageError):
        gate(made(**missing))


cases = st.builds(
    Case,
    case_id=st.text(max_size=5),
    subject=st.builds(
        Subject,
        subject_id=st.text(max_size=5),
        sex=st.sampled_from(Sex),
        age_years=st.none() | st.floats(0, 130),
        weight_kg=st.none() | st.floats(0.2, 400),
    ),
    variants=st.lists(
        st.builds(CaseVariant, st.just(("rs1",)), pathogenicity=st.sampled_from(Pathogenicity)), max_size=3
    ).map(tuple),
    diseases=st.lists(st.builds(Disease, st.text(max_size=8)), max_size=2).map(tuple),
    intent=st.sampled_from(Intent),
    target_cells=st.sampled_from(TargetCells),
    jurisdiction=st.sampled_from(["", "GB", "US", "NO", "EU", "CN"]),
    consent=st.none() | st.booleans(),
    editing_place=st.none() | st.sampled_from(EditingPlace),
    tissue=st.text(max_size=12) | st.sampled_from(["", "liver", "testis", "sperm", "retina"]),
)
days = st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1))


@given(case=cases, day=days)
def test_nothing_lets_heritable_editing_pass(case, day):
    """Whatever else the case says, and on whatever day, germline, embryo and heritable stop with G1."""
    found = gate(case, on_date=day)
    heritable = case.intent is Intent.HERITABLE or case.target_cells in (
        TargetCells.GERMLINE,
        TargetCells.EMBRYO,
    )
    if heritable:
        assert found[0].rule == "policy.G1"
        assert found[0].status is Status.FAIL
        with pytest.raises(PolicyStopError, match=r"^policy\.G1: No heritable editing"):
            enforce(found)
    else:
        assert found[0].status is (Status.FAIL if case.tissue == "sperm" else Status.PASS)


def test_every_combination_of_the_words():
    """All 4 x 4 x 3 x 3 x 6 combinations: 864, of which only those with nothing denied pass."""
    passed = 0
    for intent, cells, place, consent, acmg in itertools.product(
        Intent, TargetCells, (None, *EditingPlace), (None, True, False), Pathogenicity
    ):
        case = made(
            intent=intent,
            target_cells=cells,
            editing_place=place,
            consent=consent,
            variants=variants(acmg),
            jurisdiction="KE",
        )
        allowed = (
            intent in (Intent.TREATMENT, Intent.PREVENTION)
            and cells
            in (TargetCells.SOMATIC, TargetCells.FETAL)  # Kenya: Korean law would stop the fetal ones
            and consent is not False
            and acmg in (PATHOGENIC, LIKELY)
        )
        stopped = any(one.status is Status.FAIL for one in gate(case))
        assert stopped is not allowed
        passed += not stopped
    assert passed == 2 * 2 * 3 * 2 * 2


@given(case=cases)
def test_a_rule_never_passes_on_what_is_not_said(case):
    found = statuses(case)
    assert (found["G10"] is Status.UNKNOWN) == (case.consent is None)
    assert (found["G11"] is Status.UNKNOWN) == (case.jurisdiction == "")
    assert (found["G8"] is Status.UNKNOWN) == (case.subject.age_years is None)
