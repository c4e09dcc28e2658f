"""Rules of places and of orders: each met and not met, and each changing its answer on its first and last day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from revertant.model import (
    Case,
    CaseVariant,
    Disease,
    EditingPlace,
    Intent,
    Pathogenicity,
    Status,
    Subject,
    TargetCells,
)
from revertant.policy import Effect, decide, decide_order, enforce, gate, rulebook, rules

DAY = dt.timedelta(days=1)
CASE = Case(
    "c",
    Subject("s", age_years=34.0),
    (CaseVariant(("rs334",), pathogenicity=Pathogenicity.PATHOGENIC),),
    diseases=(Disease("OMIM:603903"),),
    consent=True,
    editing_place=EditingPlace.EX_VIVO,
)

#: Rules that deny, and a place where each holds.
DENY = {
    "AU1": "AU", "BR1": "BR", "CA1": "CA", "CH1": "CH", "CN1": "CN", "DE1": "DE", "EU1": "SE", "GB1": "GB",
    "IL1": "IL", "IN1": "IN", "JP1": "JP", "KR1": "KR", "OV1": "NO", "SG1": "SG", "US1": "US",
}  # fmt: skip
#: Rules on minors: the place, and the age from which they are silent.
MINORS = {
    "CH2": ("CH", 18.0), "EU2": ("PL", 18.0), "GB2": ("GB", 16.0), "IN2": ("IN", 18.0), "JP4": ("JP", 18.0),
    "KR2": ("KR", 19.0), "SG2": ("SG", 21.0), "US2": ("US", 18.0),
}  # fmt: skip
#: Rules that everyone meets who is to be treated there, with the status where nobody is.
PATHS = {
    "AU2": "AU", "BR2": "BR", "CA2": "CA", "CH3": "CH", "CN2": "CN", "EU3": "IT", "EU4": "IT", "EU5": "IT",
    "GB3": "GB", "JP2": "JP", "US3": "US", "US4": "US", "US5": "US", "US6": "US",
}  # fmt: skip
NEWEST = dt.date(2026, 11, 26)


def status_of(rule_id, case, **options):
    found = {one.rule: one for one in gate(case, **options)}[f"policy.{rule_id}"]
    return found.status


def child(place, age):
    return replace(CASE, jurisdiction=place, subject=Subject("s", age_years=age))


@pytest.mark.parametrize(("rule_id", "place"), DENY.items())
def test_the_law_of_a_place_denies_what_is_heritable_and_nothing_else(rule_id, place):
    case = replace(CASE, jurisdiction=place)
    for changes in (
        {"intent": Intent.HERITABLE},
        {"target_cells": TargetCells.GERMLINE},
        {"target_cells": TargetCells.EMBRYO},
    ):
        assert status_of(rule_id, replace(case, **changes), on_date=NEWEST) is Status.FAIL
    assert status_of(rule_id, case, on_date=NEWEST) is Status.PASS
    fetal = status_of(rule_id, replace(case, target_cells=TargetCells.FETAL), on_date=NEWEST)
    assert fetal is (Status.FAIL if rule_id == "KR1" else Status.PASS)


@pytest.mark.parametrize(("rule_id", "where"), MINORS.items())
def test_rules_on_minors_turn_on_the_age_of_the_place(rule_id, where):
    place, age = where
    assert status_of(rule_id, child(place, age - 0.01)) is Status.CAUTION
    assert status_of(rule_id, child(place, age)) is Status.NOT_APPLICABLE
    assert status_of(rule_id, child(place, None)) is Status.UNKNOWN
    assert status_of(rule_id, child(place, 3.0), for_person=False) is Status.NOT_APPLICABLE


@pytest.mark.parametrize(("rule_id", "place"), PATHS.items())
def test_paths_and_duties_are_named_where_someone_is_to_be_treated(rule_id, place):
    case = replace(CASE, jurisdiction=place)
    nobody = Status.PASS if rulebook().of(rule_id).effect is Effect.COMMITTEE else Status.NOT_APPLICABLE
    assert status_of(rule_id, case, on_date=NEWEST) is Status.CAUTION
    assert status_of(rule_id, case, on_date=NEWEST, for_person=False) is nobody
    enforce(gate(case, on_date=NEWEST))


def test_the_age_of_majority_in_japan_changed_on_a_day():
    before, after = dt.date(2022, 3, 31), dt.date(2022, 4, 1)
    nineteen = child("JP", 19.0)
    assert status_of("JP3", nineteen, on_date=before) is Status.CAUTION
    assert status_of("JP3", child("JP", 20.0), on_date=before) is Status.NOT_APPLICABLE
    assert status_of("JP4", nineteen, on_date=before) is Status.NOT_APPLICABLE
    assert (
        "Not in force on 2022-03-31"
        in {o.rule: o.because for o in gate(nineteen, on_date=before)}["policy.JP4"]
    )
    assert status_of("JP3", nineteen, on_date=after) is Status.NOT_APPLICABLE
    assert status_of("JP4", child("JP", 17.0), on_date=after) is Status.CAUTION
    # Without a day the newest rules count.
    assert decide(nineteen).fired == decide(nineteen, on_date=NEWEST).fired
    assert {one.rule: one.because for one in gate(nineteen)}["policy.JP3"] == "Not in force any more."


ORDERS = [
    ("B1", "", 50, None, None, Status.UNKNOWN),
    ("B1", "", 50, False, None, Status.UNKNOWN),
    ("B1", "", 50, True, None, Status.PASS),
    ("B1", "KE", 49, None, None, Status.PASS),
    ("B2", "US", 200, None, dt.date(2024, 10, 26), Status.UNKNOWN),
    ("B2", "US", 199, None, dt.date(2024, 10, 26), Status.PASS),
    ("B2", "US", 200, True, dt.date(2024, 10, 26), Status.PASS),
    ("B2", "US", 200, None, dt.date(2024, 10, 25), Status.NOT_APPLICABLE),
    ("B2", "US", 200, None, dt.date(2026, 10, 13), Status.NOT_APPLICABLE),
    ("B3", "US", 50, None, dt.date(2026, 10, 12), Status.NOT_APPLICABLE),
    ("B3", "US", 50, None, dt.date(2026, 10, 13), Status.UNKNOWN),
    ("B3", "US", 49, None, dt.date(2026, 10, 13), Status.PASS),
    ("B3", "US", 4700, False, None, Status.UNKNOWN),
    ("B3", "US", 4700, True, None, Status.PASS),
    ("B4", "US", 50, True, dt.date(2025, 5, 5), Status.CAUTION),
    ("B4", "US", 49, True, dt.date(2025, 5, 5), Status.NOT_APPLICABLE),
    ("B4", "US", 50, True, dt.date(2025, 5, 4), Status.NOT_APPLICABLE),
    ("B5", "GB", 50, None, dt.date(2024, 10, 8), Status.CAUTION),
    ("B5", "GB", 49, None, dt.date(2024, 10, 8), Status.NOT_APPLICABLE),
]


@pytest.mark.parametrize(("rule_id", "place", "length", "screened", "day", "status"), ORDERS)
def test_orders(rule_id, place, length, screened, day, status):
    decision = decide_order(length, jurisdiction=place, screened=screened, on_date=day)
    assert {one.rule_id: one.status for one in decision.answers}[rule_id] is status


def test_an_order_between_the_two_lengths_must_be_screened_from_the_day_on():
    """120 nt in the United States: nothing of its law asks on the day before, its law asks on the day."""
    before, after = (
        decide_order(120, jurisdiction="US", on_date=day)
        for day in (dt.date(2026, 10, 12), dt.date(2026, 10, 13))
    )
    assert before.fired == ("B1", "B4")
    assert after.fired == ("B1", "B3", "B4")


def test_a_house_may_ask_for_screening_from_a_length_of_its_own():
    house = """
[[rule]]
id = "HOUSE1"
title = "Screen from 20 nt"
jurisdiction = ["*"]
from = ""
until = ""
effect = "require"
overridable = false
because = "This house screens every order from 20 nt."
otherwise = "Shorter than 20 nt, or screened."
remedy = "Have it screened."
sources = ["biosafety board, 2026-11-01"]
checked = true
when = { all = [{ field = "order.length_nt", is = "at_least", value = 20 }, { field = "order.screened", is = "missing" }] }
"""
    book = rulebook(house)
    assert decide_order(20, book=book).fired == ("HOUSE1",)
    assert decide_order(20).fired == ()
    assert decide_order(60, book=book).fired == ("B1", "HOUSE1")


def test_no_rule_is_left_out_of_these_tables():
    tables = {*DENY, *MINORS, *PATHS, "JP3", *(row[0] for row in ORDERS)}
    assert tables == {
        rule.rule_id for rule in rules() if not (rule.rule_id[0] == "G" and rule.rule_id[1:].isdigit())
    }
    for name in {row[0] for row in ORDERS}:
        statuses = {row[-1] for row in ORDERS if row[0] == name}
        assert statuses & {Status.PASS, Status.NOT_APPLICABLE}
        assert statuses & {Status.UNKNOWN, Status.CAUTION}


DATED = [
    *((rule.rule_id, rule.first_day - DAY, rule.first_day) for rule in rules() if rule.first_day),
    *((rule.rule_id, rule.last_day + DAY, rule.last_day) for rule in rules() if rule.last_day),
]


@pytest.mark.parametrize(("rule_id", "outside", "inside"), DATED)
def test_every_dated_rule_changes_the_answer_on_its_days(rule_id, outside, inside):
    def asked(day):
        if rule_id.startswith("B"):
            place = rulebook().of(rule_id).jurisdictions[0]
            return decide_order(5000, jurisdiction=place, on_date=day)
        place = DENY.get(rule_id) or PATHS.get(rule_id) or MINORS.get(rule_id, ("JP",))[0]
        intent = Intent.HERITABLE if rule_id in DENY else Intent.TREATMENT
        return decide(replace(child(place, 3.0), intent=intent), on_date=day)

    without, within = asked(outside), asked(inside)
    assert rule_id in within.fired
    assert rule_id not in without.fired
    assert without.answers != within.answers


def test_there_are_dated_rules_enough():
    assert len(DATED) == 21
