"""``revertant trials``: fill a store, search it, show a record, hold a case against it; every mistake is told."""

from __future__ import annotations

import json
import unicodedata

import pytest

from revertant.cli.main import main

STUDIES = [
    {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT0000000{at}", "briefTitle": title},
            "statusModule": {"overallStatus": status, "lastUpdatePostDateStruct": {"date": f"2026-01-0{at}"}},
            "designModule": {"studyType": kind, "phases": ["PHASE1"]},
            "conditionsModule": {"conditions": [condition]},
            "armsInterventionsModule": {
                "interventions": [{"type": "GENETIC", "name": "AAV9-SMN1" if at < 4 else "AAV9"}]
            },
            "eligibilityModule": {
                "eligibilityCriteria": "Inclusion Criteria:\n\n* Able to whistle",
                "sex": "ALL",
                "maximumAge": "9 Months",
            },
            "contactsLocationsModule": {
                "locations": [
                    {
                        "facility": "A",
                        "city": "Bern",
                        "country": "Switzerland",
                        "geoPoint": {"lat": 46.9, "lon": 7.4},
                    }
                ]
            },
        }
    }
    for at, title, status, kind, condition in (
        (1, "SMN1 gene transfer", "RECRUITING", "INTERVENTIONAL", "Spinal Muscular Atrophy"),
        (2, "SMN1 for those who wait", "AVAILABLE", "EXPANDED_ACCESS", "SMA"),
        (3, "SMN1 long ago", "COMPLETED", "INTERVENTIONAL", "Spinal Muscular Atrophy"),
        (4, "Something else", "RECRUITING", "INTERVENTIONAL", "Measles"),
    )
]
CASE = """
id: infant
subject: {id: p, sex: female, age: P2M}
diseases: [{id: "OMIM:253300", label: spinal muscular atrophy}]
copy_numbers:
  - {gene: SMN1, copies: 0, method: MLPA}
jurisdiction: CH
"""


@pytest.fixture
def store(tmp_path, capsys):
    path = tmp_path / "studies.json"
    path.write_text(json.dumps({"studies": [*STUDIES, {}]}))
    store = tmp_path / "data" / "trials.sqlite"
    assert main(["trials", "load", str(path), "--store", str(store)]) == 0
    told = capsys.readouterr()
    assert "records of trials: 5 read, 4 kept" in told.out
    assert "Not taken: 1 (no study: protocolSection is missing)." in told.err
    return str(store)


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(CASE)
    return str(path)


def asked(capsys, *arguments):
    assert main(["trials", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_load_again_changes_nothing(store, tmp_path, capsys):
    found = asked(capsys, "load", str(tmp_path / "studies.json"), "--store", store)
    assert found["count"] == {"new": 0, "changed": 0, "known": 4}
    assert found["refused"][0]["where"].endswith("studies.json: 5")


def test_match_says_why_and_why_not(store, case, capsys):
    found = asked(capsys, "match", case, "--store", store, "--all", "--near", "47.4,8.5")
    verdicts = {one["trial"]["nct_id"]: one["verdict"] for one in found["matches"]}
    assert verdicts == {"NCT00000001": "possible", "NCT00000002": "possible", "NCT00000003": "not_recruiting"}
    assert found["tally"]["refused"] == [["about another disease", 1]]
    first = found["matches"][0]
    assert first["trial"]["is_expanded_access"] is (first["trial"]["nct_id"] == "NCT00000002")
    assert first["unparsed"] == ["* Able to whistle"]
    assert first["distance_km"] == pytest.approx(101, abs=3)
    assert all(one["because"] for one in first["criteria"])
    assert "eligibility" not in first["trial"]


def test_a_diagnosis_is_enough_to_be_held_against_trials_and_not_for_a_plan(store, tmp_path, capsys):
    path = tmp_path / "named.yaml"
    path.write_text("id: c\nsubject: {id: p, age: P2M}\ndiseases: [{id: 'OMIM:253300', label: SMA}]\n")
    found = asked(capsys, "match", str(path), "--store", store)
    assert [one["trial"]["nct_id"] for one in found["matches"]] == ["NCT00000001", "NCT00000002"]
    assert main(["plan", str(path), "--out", str(tmp_path / "plan")]) == 3
    assert "names no variant" in capsys.readouterr().err
    path.write_text("id: c\nsubject: {id: p, age: P2M}\n")
    assert main(["trials", "match", str(path), "--store", store]) == 3


def test_match_on_the_terminal(store, case, capsys):
    assert main(["trials", "match", case, "--store", store]) == 0
    shown = capsys.readouterr().out
    assert "possible" in shown
    assert "[expanded access]" in shown
    assert "Able to whistle" in shown
    assert "Possible is not eligible" in shown
    assert "NCT00000003" not in shown


def test_search_and_show(store, capsys):
    found = asked(capsys, "search", "smn1 gene transfre", "--store", store, "--recruiting")["result"]
    assert found["hits"][0]["trial"]["nct_id"] == "NCT00000001"
    assert found["corrected"] == [["transfre", "transfer"]]
    expanded = asked(capsys, "search", "--store", store, "--expanded-access", "--country", "EU")["result"]
    assert expanded["found"] == 0
    assert expanded["steps"][-1][1] == 0
    whole = asked(capsys, "show", "nct00000001", "--store", store)["trial"]
    assert whole["eligibility"] == "Inclusion Criteria:\n\n* Able to whistle"
    assert whole["sites"][0]["country_code"] == "CH"
    assert main(["trials", "show", "NCT00000001", "--store", store]) == 0
    assert "unread" in capsys.readouterr().out
    assert main(["trials", "search", "nothingatall", "--store", store]) == 0
    told = capsys.readouterr()
    assert "Nothing was found" in told.out
    assert "was left out" in told.err


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["show", "NCT99999999"], 2, "not among the 4 trials"),
        (["search", "x", "--within", "3"], 2, "needs a place"),
        (["search", "x", "--near", "here"], 2, "no place"),
        (["search", "x", "--near", "95,0"], 2, "no place"),
        (["search", "x", "--sex", "both"], 2, "no sex"),
        (["search", "x", "--country", "Atlantis"], 2, "Atlantis"),
        (["sync", "--url", "nowhere"], 2, "no web address"),
    ],
)
def test_mistakes_are_told(store, capsys, arguments, status, says):
    assert main(["trials", *arguments, "--store", store]) == status
    assert says in capsys.readouterr().err


def test_without_a_store_the_way_to_one_is_told(tmp_path, case, capsys):
    assert main(["trials", "match", case, "--store", str(tmp_path / "none.sqlite")]) == 3
    assert "revertant trials sync" in capsys.readouterr().err
    assert main(["trials", "match", case, "--store", str(tmp_path / "none.sqlite"), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["code"] == "no-store"


HOSTILE = "[/red][bold] \x1b[2J\x1b]0;renamed\x07\x9b31m\u202eturned\u202c"


@pytest.mark.parametrize(
    "arguments",
    [("search", "SMN1"), ("show", "NCT00000009"), ("search", HOSTILE), ("search", "SMN1", "--json")],
)
def test_nothing_that_is_read_commands_the_terminal(arguments, tmp_path, capsys):
    study = json.loads(json.dumps(STUDIES[0]))
    protocol = study["protocolSection"]
    protocol["identificationModule"] = {"nctId": "NCT00000009", "briefTitle": f"SMN1 {HOSTILE}"}
    protocol["statusModule"]["overallStatus"] = HOSTILE
    protocol["eligibilityModule"]["eligibilityCriteria"] = f"Inclusion Criteria:\n* {HOSTILE}"
    path = tmp_path / f"{HOSTILE.replace('/', '')}.json"
    path.write_text(json.dumps([study]))
    store = str(tmp_path / "trials.sqlite")
    assert main(["trials", "load", str(path), str(path), "--store", store]) == 0
    assert main(["trials", *arguments, "--store", store]) == 0
    told = capsys.readouterr()
    for letter in told.out + told.err:
        assert unicodedata.category(letter) != "Cc" or letter in "\n\t"
        assert letter not in "\u202e\u202c"
    if arguments[0] == "show":
        assert "[/red][bold]" in told.out
    if arguments[-1] == "--json":
        found = json.loads(told.out[told.out.index("{") :])
        assert found["result"]["hits"][0]["trial"]["title"] == f"SMN1 {HOSTILE}"


def test_an_error_names_a_hostile_file_without_obeying_it(tmp_path, capsys):
    for more in ((), ("--json",)):
        assert main(["trials", "load", str(tmp_path / "\x1b[2J.json"), *more]) == 3
        told = capsys.readouterr()
        assert "\x1b" not in told.out + told.err
        assert "[2J.json" in told.out + told.err
