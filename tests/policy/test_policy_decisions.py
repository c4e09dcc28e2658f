"""Decision logs: what stands in them, and that they replay to the same answer or say why not."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest

from revertant.errors import IncompatibleInputsError, InputError
from revertant.model import (
    Case,
    CaseVariant,
    Disease,
    Intent,
    Pathogenicity,
    Status,
    Subject,
    TargetCells,
    canonical_json,
)
from revertant.policy import (
    Verdict,
    decide,
    decide_order,
    enforce,
    findings_of,
    gate,
    read_decision,
    replay,
    rulebook,
    rules_digest,
)

CASE = Case(
    "SECRET-CASE",
    Subject("SECRET-PERSON", age_years=9.0),
    (CaseVariant(("NM_000518.5:c.20A>T",), pathogenicity=Pathogenicity.PATHOGENIC, gene="HBB"),),
    diseases=(Disease("OMIM:603903", "SECRET-DISEASE"),),
    consent=True,
    jurisdiction="FR",
    conditions=(("guardian_permission", True),),
)
DAY = dt.date(2026, 11, 26)
HOUSE = """
[[rule]]
id = "HOUSE1"
title = "Nobody over 90"
jurisdiction = ["*"]
from = ""
until = ""
effect = "deny"
overridable = false
because = "It says so."
otherwise = "It does not."
remedy = "Ask the board."
sources = ["test"]
checked = false
when = { field = "subject.age_years", is = "at_least", value = 90 }
"""


def written(decision):
    return json.loads(canonical_json(decision.as_json()))


@pytest.mark.parametrize("day", [None, DAY])
def test_a_log_survives_writing_and_replays(day):
    for made in (decide(CASE, on_date=day), decide_order(4700, jurisdiction="US", on_date=day)):
        again = read_decision(json.dumps(written(made)))
        assert again == made
        assert replay(again) == made
        assert findings_of(again) == findings_of(made)


def test_the_gate_is_the_decision_in_words():
    decision = decide(CASE, on_date=DAY)
    assert gate(CASE, on_date=DAY) == findings_of(decision)
    assert decision.digest == rules_digest()
    assert decision.elsewhere + len(decision.answers) == sum(
        not rule.about_order for rule in rulebook().rules
    )


def test_a_log_holds_the_fields_that_were_asked_for_and_nothing_of_who_it_is():
    text = json.dumps(written(decide(CASE)))
    for secret in ("SECRET", "NM_000518", "603903", "HBB"):
        assert secret not in text
    facts = dict(decide(CASE).facts)
    assert facts["diseases"] == (1,)
    assert facts["variants[].pathogenicity"] == (Pathogenicity.PATHOGENIC,)
    assert "subject.weight_kg" not in facts


def test_what_a_decision_comes_to():
    whole = replace(CASE, subject=Subject("s", age_years=30.0), jurisdiction="CA")
    assert decide(whole).verdict is Verdict.ALLOWED
    assert decide(replace(whole, intent=Intent.PREVENTION)).verdict is Verdict.COMMITTEE
    assert decide(replace(whole, consent=None)).verdict is Verdict.OPEN
    assert decide(replace(whole, consent=False)).verdict is Verdict.DENIED
    denied = decide(replace(whole, target_cells=TargetCells.EMBRYO, intent=Intent.HERITABLE))
    assert denied.fired[:1] == ("G1",)
    assert "CA1" in denied.fired


def altered(change):
    table = written(decide(CASE, on_date=DAY))
    change(table)
    return read_decision(json.dumps(table))


def flip_fact(table):
    table["facts"]["intent"] = ["heritable"]


def flip_answer(table):
    table["answers"][0] |= {"holds": True, "status": "fail"}
    table["verdict"] = "denied"


def forge_verdict(table):
    table["verdict"] = "allowed" if table["verdict"] != "allowed" else "denied"


def forge_a_denied_verdict(table):
    flip_answer(table)
    table["verdict"] = "allowed"


def drop_answer(table):
    del table["answers"][-1]


def drop_fact(table):
    del table["facts"]["consent"]


def move(table):
    table["place"] = "US"


def other_day(table):
    table["on_date"] = "2022-01-30"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (flip_fact, "G1"),
        (flip_answer, "G1"),
        (forge_verdict, "its verdict"),
        (forge_a_denied_verdict, "its verdict"),
        (drop_answer, "other rules were asked"),
        (drop_fact, "the facts lack consent"),
        (move, "facts"),
        (other_day, "EU1"),
    ],
)
def test_a_changed_log_does_not_replay(change, says):
    with pytest.raises(IncompatibleInputsError, match=says) as caught:
        replay(altered(change))
    assert caught.value.exit_status == 4


def test_other_rules_do_not_replay():
    book = rulebook(HOUSE)
    old = decide(replace(CASE, subject=Subject("s", age_years=91.0)), book=book)
    assert old.fired[-1] == "HOUSE1"
    assert replay(old, book=book) == old
    with pytest.raises(IncompatibleInputsError, match="made with other rules"):
        replay(old)
    with pytest.raises(Exception, match="Ask the board"):
        enforce(findings_of(old, book=book), book=book)


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.update(form="another"),
        lambda table: table.update(about="dinner"),
        lambda table: table.update(on_date="soon"),
        lambda table: table["facts"].update(intent=["heritible"]),
        lambda table: table["facts"].update(shoe_size=[43]),
        lambda table: table["facts"].update(consent=["yes"]),
        lambda table: table["facts"].update(consent=[1]),
        lambda table: table["facts"].update(diseases=[True]),
        lambda table: table["facts"].update(intent=[None]),
        lambda table: table["answers"][0].update(status="fine"),
        lambda table: table["answers"][0].pop("effect"),
        lambda table: table["answers"][0].update(in_force="false"),
        lambda table: table.pop("verdict"),
        lambda table: table.pop("digest"),
    ],
)
def test_what_is_no_log_is_refused(change):
    table = written(decide(CASE))
    change(table)
    with pytest.raises(Exception) as caught:
        read_decision(json.dumps(table))
    assert caught.type.__name__ in {"InputError", "UsageError"}


@pytest.mark.parametrize("text", ["", "[" * 100_000, "[]", "3", "null", '{"decision": 3}', "{}"])
def test_what_is_no_json_object_is_refused(text):
    with pytest.raises(InputError, match="no decision log"):
        read_decision(text)


def test_a_denial_that_rests_on_silence_is_open_where_nobody_is_treated():
    silent = replace(CASE, variants=())
    answers = {one.rule_id: one for one in decide(silent, for_person=False).answers}
    assert (answers["G7"].holds, answers["G7"].status) == (True, Status.UNKNOWN)
    assert replay(decide(silent, for_person=False)).verdict is Verdict.OPEN
