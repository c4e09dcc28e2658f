"""``revertant policy``: what it prints, and how it ends."""

from __future__ import annotations

import json

import pytest

from revertant.cli import main

CASE = """\
id: child
subject: {id: SECRET-PERSON, age: 9, weight_kg: 28}
jurisdiction: FR
diseases: [{id: "OMIM:603903"}]
variants: [{hgvs: "NM_000518.5:c.20A>T", gene: HBB, pathogenicity: pathogenic}]
consent: yes
"""
HOUSE = """\
[[rule]]
id = "HOUSE1"
title = "Our board sees every child"
jurisdiction = ["*"]
from = ""
until = ""
effect = "committee"
overridable = false
because = "The person is under 12."
otherwise = "The person is 12 or older."
remedy = "Send it to the board."
sources = ["board"]
checked = true
when = { field = "subject.age_years", is = "less_than", value = 12 }
"""


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    (tmp_path / "house.toml").write_text(HOUSE, encoding="utf-8")

    def runner(*arguments):
        status = main(["policy", *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return runner


def rules_of(out):
    return {row["rule"]: row for row in json.loads(out)["rules"]}


def test_the_table_says_rule_effect_answer_why_and_citation(run):
    status, out, err = run("explain", "case.yaml", "--date", "2026-11-26")
    assert (status, err) == (0, "")
    for words in (
        "Policy: FR, on 2026-11-26",
        "OPEN: something that a rule needs is not stated.",
        "rule",
        "effect",
        "citation",
        "EU3 One patient",
        "Regulation (EU) No 536/2014",
        "source not checked",
        "B1 Screen every order",
        "No legal advice",
    ):
        assert words in out
    assert "EU1" not in out  # met, and so not shown
    assert "SECRET" not in out
    _, whole, _ = run("explain", "case.yaml", "--date", "2026-11-26", "--all")
    assert "EU1 No heritable editing" in whole
    assert "more rules are met" not in whole


def test_place_and_day_choose_the_rules(run):
    _, here, _ = run("explain", "case.yaml", "--json")
    assert {"EU3", "OV1"} <= set(rules_of(here))
    _, there, _ = run("explain", "case.yaml", "--country", "JP", "--date", "2025-05-30", "--json")
    found = rules_of(there)
    assert not {"EU3", "OV1"} & set(found)
    assert (found["JP2"]["status"], found["JP2"]["from"]) == ("not_applicable", "2025-05-31")
    _, later, _ = run("explain", "case.yaml", "--country", "JP", "--date", "2025-05-31", "--json")
    assert rules_of(later)["JP2"]["status"] == "caution"
    assert [row["rule"] for row in json.loads(later)["orders"]] == ["B1"]


def test_a_denied_case_is_explained_and_not_an_error(run, tmp_path):
    (tmp_path / "case.yaml").write_text(f"{CASE}target_cells: embryo\n", encoding="utf-8")
    status, out, _ = run("explain", "case.yaml")
    assert status == 0
    assert "DENIED: nothing is designed." in out
    first = out.index("G1 No heritable editing")
    assert first < out.index("G17")
    _, out, _ = run("explain", "case.yaml", "--json")
    assert json.loads(out)["verdict"] == "denied"


@pytest.mark.parametrize("house", [(), ("--rules", "house.toml")])
def test_the_log_replays(run, tmp_path, house):
    _, out, _ = run("explain", "case.yaml", "--date", "2026-11-26", *house, "--json")
    (tmp_path / "log.json").write_text(out, encoding="utf-8")
    assert ("HOUSE1" in rules_of(out)) is bool(house)
    status, said, _ = run("replay", "log.json", *house)
    assert status == 0
    assert said.startswith("The same answer: open, from ")
    status, said, _ = run("replay", "log.json", *house, "--json")
    assert (status, json.loads(said)["ok"]) == (0, True)
    # With other rules, or another fact, it does not.
    other = () if house else ("--rules", "house.toml")
    status, _, err = run("replay", "log.json", *other)
    assert status == 4
    assert "made with other rules" in err
    (tmp_path / "log.json").write_text(out.replace('"somatic"', '"embryo"'), encoding="utf-8")
    status, _, err = run("replay", "log.json", *house)
    assert status == 4
    assert "does not replay" in err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("explain", "none.yaml"), 3, "none.yaml"),
        (("explain", "case.yaml", "--country", "UK"), 2, "Write GB"),
        (("explain", "case.yaml", "--date", "26.11.2026"), 2, "Write year-month-day"),
        (("explain", "case.yaml", "--rules", "none.toml"), 3, "rules cannot be read"),
        (("explain", "case.yaml", "--rules", "case.yaml"), 3, "rules cannot be used"),
        (("replay", "none.json"), 3, "log cannot be read"),
        (("replay", "case.yaml"), 3, "no decision log"),
    ],
)
def test_what_cannot_be_read_is_refused(run, arguments, status, words):
    ended, out, err = run(*arguments)
    assert (ended, out) == (status, "")
    assert words in err


def test_an_order_gets_its_records(run, tmp_path):
    (tmp_path / "order.fasta").write_text(f">cassette\n{'ACGTTGCAAC' * 12}\n>guide\nACGTACGTACGTACGTACGT\n")
    status, out, err = run("screen", "order.fasta", "--out", "records.json")
    assert (status, err) == (0, "")
    for words in (
        "cassette",
        "not screened",
        "No tool was run",
        "Before you order: Have it screened by the maker",
        "a reviewer clears them",
    ):
        assert words in out
    written = json.loads((tmp_path / "records.json").read_text(encoding="utf-8"))
    assert written["not_screened"] == 1
    digest = written["sequences"][0]["record"]["sha256"]
    (tmp_path / "maker.toml").write_text(
        'provider = "M"\ntool = "T"\nreference = "R"\ndate = "2026-11-20"\n'
        f'[[sequence]]\nsha256 = "{digest}"\nresult = "clear"\n',
        encoding="utf-8",
    )
    status, out, _ = run("screen", "order.fasta", "--certificate", "maker.toml", "--country", "US", "--json")
    found = json.loads(out)
    assert (status, found["not_screened"]) == (0, 0)
    assert [row["record"]["state"] for row in found["sequences"]] == ["clear", "not screened"]
    assert found["sequences"][1]["findings"][0]["status"] == "not_applicable"


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        (("--out", "house.toml"), 2, "exists"),
        (("--certificate", "house.toml"), 3, "no screening certificate"),
        (("--databases", ".", "--commec", "no-such-screening-tool"), 2, "not installed"),
        (("--databases", ".", "--certificate", "house.toml"), 2, "A certificate and a tool"),
    ],
)
def test_screens_that_cannot_be_made_are_refused(run, tmp_path, options, status, words):
    (tmp_path / "order.fasta").write_text(">a\nACGT\n")
    ended, out, err = run("screen", "order.fasta", *options)
    assert (ended, out) == (status, "")
    assert words in err
