"""Rules as data: a wrong rule file does not load, and a weak one does not either."""

from __future__ import annotations

import datetime as dt
import re
from importlib import resources

import pytest

from revertant.model import Case, CaseVariant, Pathogenicity, Status, Subject, canonical_json
from revertant.policy import Effect, gate, rules, rules_digest
from revertant.policy.conditions import answer, fields_of, parse_condition
from revertant.policy.rulebook import parse_rules

TEXT = resources.files("revertant.policy").joinpath("rules.toml").read_text(encoding="utf-8")
CASE = Case("c", Subject("s"), (CaseVariant(("rs1",), pathogenicity=Pathogenicity.PATHOGENIC),))

EXTRA = """
[[rule]]
id = "G99"
title = "A rule of two countries"
jurisdiction = ["GB", "NO"]
from = "2026-01-01"
until = "2026-12-31"
effect = "deny"
overridable = true
because = "It says so."
otherwise = "It does not."
remedy = "Ask."
sources = ["test"]
checked = false
when = { field = "subject.age_years", is = "at_least", value = 90 }
"""


def test_ids_are_in_natural_order():
    assert [rule.rule_id for rule in rules()] == [f"G{number}" for number in range(1, len(rules()) + 1)]


def test_no_rule_of_the_first_form_can_be_overridden():
    assert not any(rule.overridable for rule in rules())
    assert rules()[0].effect is Effect.DENY
    assert (rules()[0].first_day, rules()[0].last_day) == (None, None)


def test_every_rule_has_sources_and_says_whether_they_were_read():
    assert all(rule.sources for rule in rules())
    assert "doi:10.1089/crispr.2020.0082" in rules()[0].sources


def test_digest_counts_content_only():
    assert re.fullmatch(r"[0-9a-f]{64}", rules_digest())
    assert parse_rules("# a comment\n" + TEXT.replace("\n", "\r\n")) == rules()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('value = ["heritable"]', 'value = ["heritible"]', "cannot be 'heritible'"),
        ('field = "intent"', 'field = "intend"', "no field"),
        ('is = "in"', 'is = "among"', "no operator"),
        ('["germline", "embryo"]', '["germline"]', "embryo pass"),
        ('effect = "deny"', 'effect = "committee"', "pass"),
        ('effect = "deny"', 'effect = "forbid"', "forbid"),
        ("overridable = false", "overridable = true", "pass"),
        ('jurisdiction = ["*"]', 'jurisdiction = ["GB"]', "pass"),
        ('from = ""', 'from = "2030-01-01"', "pass"),
        ('from = ""', 'from = "soon"', "soon"),
        ('until = ""', 'until = "2020-01-01"', "pass"),
        ('because = "', 'because = ""\nx = "', "unknown or missing keys"),
        ('title = "No heritable editing"', 'title = ""', "title must be a text"),
        ('title = "No heritable editing"', "title = 3", "title must be a text"),
        ("sources = [", "sources = [] \nz = [", "unknown or missing keys"),
        ("checked = true", 'checked = "yes"', "true or false"),
        ('id = "G2"', 'id = "G1"', "stands twice"),
        ('id = "G2"', 'id = "Gx"', "rule 'Gx'"),
        ("value = 18", 'value = "18"', "needs a number"),
        ("value = [false]", "value = [0]", "cannot be 0"),
        ('is = "missing" }', 'is = "missing", value = 1 }', "keys"),
    ],
)
def test_wrong_and_weak_rule_files_do_not_load(old, new, says):
    assert old in TEXT
    with pytest.raises(ValueError, match=re.escape(says)):
        parse_rules(TEXT.replace(old, new, 1))


def test_dates_and_jurisdictions(monkeypatch):
    found = parse_rules(TEXT + EXTRA)
    monkeypatch.setattr("revertant.policy.gating.rules", lambda: found)
    old = Subject("s", age_years=91.0)

    def status(jurisdiction="GB", subject=old, day=None):
        case = Case("c", subject, CASE.variants, jurisdiction=jurisdiction)
        return gate(case, on_date=day)[-1].status

    assert status() is Status.FAIL
    assert status(day=dt.date(2026, 1, 1)) is Status.FAIL
    assert status(day=dt.date(2026, 12, 31)) is Status.FAIL
    assert status(day=dt.date(2027, 1, 1)) is Status.NOT_APPLICABLE
    assert status(day=dt.date(2025, 12, 31)) is Status.NOT_APPLICABLE
    assert status("US") is Status.NOT_APPLICABLE
    assert status("") is Status.UNKNOWN
    assert status(subject=Subject("s", age_years=20.0)) is Status.PASS
    assert status(subject=Subject("s")) is Status.UNKNOWN


YES = {"field": "intent", "is": "in", "value": ["treatment"]}
NO = {"field": "intent", "is": "in", "value": ["heritable"]}
OPEN = {"field": "subject.age_years", "is": "less_than", "value": 18}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"any": [YES, OPEN]}, True),
        ({"any": [OPEN, YES]}, True),
        ({"any": [NO, OPEN]}, None),
        ({"any": [NO, NO]}, False),
        ({"all": [YES, OPEN]}, None),
        ({"all": [NO, OPEN]}, False),
        ({"all": [OPEN, NO]}, False),
        ({"all": [YES, YES]}, True),
        ({"all": [{"any": [NO, OPEN]}, YES]}, None),
    ],
)
def test_unknown_joins_by_kleenes_logic(table, expected):
    assert answer(parse_condition(table), CASE) is expected


def test_fields_of_a_condition():
    assert fields_of(parse_condition({"all": [YES, {"any": [OPEN, NO]}]})) == ("intent", "subject.age_years")


@pytest.mark.parametrize(
    "table", [{}, {"any": []}, {"any": YES}, [], None, {"field": "intent"}, {**YES, "x": 1}]
)
def test_malformed_conditions(table):
    with pytest.raises(ValueError):
        parse_condition(table)


def test_findings_are_plain_values():
    assert canonical_json(gate(CASE)) == canonical_json(gate(CASE))
