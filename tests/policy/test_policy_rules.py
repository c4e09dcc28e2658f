"""Rules as data: a wrong rule file does not load, and a weak one does not either."""

from __future__ import annotations

import datetime as dt
import re
from importlib import resources

import pytest

from revertant.model import Case, CaseVariant, Pathogenicity, Status, Subject, canonical_json
from revertant.policy import Effect, decide, gate, rulebook, rules, rules_digest
from revertant.policy.conditions import answer, fields_of, parse_condition
from revertant.policy.facts import facts_of_case
from revertant.policy.places import EVERYWHERE, GROUPS
from revertant.policy.rulebook import FILES, parse_rules

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


FACTS = facts_of_case(CASE, for_person=True, law_is_held=None)


def test_ids_are_in_natural_order_and_those_that_hold_everywhere_first():
    names = [rule.rule_id for rule in rules()]
    general = [name for name in names if name.startswith("G") and name[1:].isdigit()]
    assert general == names[: len(general)] == [f"G{number}" for number in range(1, len(general) + 1)]
    assert names[len(general) : len(general) + 2] == ["AU1", "AU2"]


def test_at_least_twelve_places_have_rules_of_their_own():
    named = {place for rule in rules() for place in rule.jurisdictions} - {EVERYWHERE, *GROUPS}
    assert named >= {"US", "GB", "CH", "CA", "AU", "JP", "CN", "KR", "SG", "BR", "IN", "IL", "DE"}
    assert len(GROUPS["EU"]) == 27
    assert "GB" not in GROUPS["EU"]


def test_the_law_of_a_country_or_a_group_holds_in_its_members():
    def asked(place):
        case = Case("c", Subject("s"), CASE.variants, jurisdiction=place)
        return {one.rule_id for one in decide(case).answers if not one.rule_id.startswith("G")}

    union = {"EU1", "EU2", "EU3", "EU4", "EU5"}
    assert asked("FR") == {*union, "OV1"}
    assert asked("DE") == {*union, "DE1"}
    assert asked("EU") == union
    assert asked("NO") == {"OV1"}
    assert asked("KE") == asked("") == set()


def test_no_rule_of_the_first_form_can_be_overridden():
    assert not any(rule.overridable for rule in rules())
    assert rules()[0].effect is Effect.DENY
    assert (rules()[0].first_day, rules()[0].last_day) == (None, None)


def test_every_rule_has_sources_and_says_whether_they_were_read():
    assert all(rule.sources for rule in rules())
    assert "doi:10.1089/crispr.2020.0082" in rules()[0].sources


def test_digest_counts_content_only():
    assert re.fullmatch(r"[0-9a-f]{64}", rules_digest())
    assert parse_rules("# a comment\n" + TEXT.replace("\n", "\r\n")) == parse_rules(TEXT)
    assert rulebook("# a comment\n").digest == rules_digest()
    assert rulebook(EXTRA).digest != rules_digest()


def test_house_rules_add_and_take_nothing_away():
    book = rulebook(EXTRA)
    assert {*book.rules} - {*rules()} == {book.of("G99")}
    assert {*rules()} < {*book.rules}
    with pytest.raises(ValueError, match="stands twice"):
        rulebook(EXTRA.replace('"G99"', '"G1"'))
    with pytest.raises(KeyError):
        book.of("G98")


@pytest.mark.parametrize("name", FILES)
def test_the_rule_files_say_nothing_in_vain(name):
    """No empty file, and the number of rules is that of the headings."""
    text = resources.files("revertant.policy").joinpath(name).read_text(encoding="utf-8")
    assert text.count("[[rule]]") > 4
    assert all(rule.because.endswith(".") and rule.otherwise.endswith(".") for rule in rules())


def test_a_rule_asks_about_a_case_or_an_order():
    mixed = (
        EXTRA.replace("when = {", 'when = { all = [{ field = "order.length_nt", is = "stated" }, {') + "] }"
    )
    with pytest.raises(ValueError, match="a case or about an order, not both"):
        parse_rules(TEXT + mixed)
    with pytest.raises(ValueError, match="no rule"):
        parse_rules("")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('value = ["heritable"]', 'value = ["heritible"]', "cannot be 'heritible'"),
        ('field = "intent"', 'field = "intend"', "no field"),
        ('is = "in"', 'is = "among"', "no operator"),
        ('["germline", "embryo"]', '["germline"]', "embryo pass"),
        ('effect = "deny"', 'effect = "committee"', "pass"),
        ('"conditions.guardian_permission"', '"conditions.guardian_permision"', "no field"),
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


def test_dates_and_jurisdictions():
    book = rulebook(EXTRA)
    old = Subject("s", age_years=91.0)

    def status(jurisdiction="GB", subject=old, day=None):
        case = Case("c", subject, CASE.variants, jurisdiction=jurisdiction)
        found = {finding.rule: finding.status for finding in gate(case, on_date=day, book=book)}
        return found.get("policy.G99")

    assert status() is Status.FAIL
    assert status(day=dt.date(2026, 1, 1)) is Status.FAIL
    assert status(day=dt.date(2026, 12, 31)) is Status.FAIL
    assert status(day=dt.date(2027, 1, 1)) is Status.NOT_APPLICABLE
    assert status(day=dt.date(2025, 12, 31)) is Status.NOT_APPLICABLE
    assert status("US") is None
    assert status("") is None
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
    assert answer(parse_condition(table), FACTS) is expected


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
