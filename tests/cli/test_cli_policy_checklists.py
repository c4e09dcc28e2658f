"""``revertant policy checklists``, and the log of a dossier replayed."""

from __future__ import annotations

import json

import pytest

from revertant.cli.main import main
from revertant.policy import checklists_digest, guidance_documents


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    def runner(*arguments):
        status = main([str(one) for one in arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return runner


def test_all_documents_are_listed_with_date_status_and_whether_they_were_read(run):
    status, out, err = run("policy", "checklists")
    assert (status, err) == (0, "")
    for name, document in guidance_documents().items():
        assert name in out
        assert document.dated in out
    assert "not at its issuer" in out
    assert f"{len(guidance_documents())} of {len(guidance_documents())} documents" in out


def test_place_and_day_choose(run):
    status, out, _ = run("policy", "checklists", "--country", "US", "--date", "2026-04-13", "--json")
    found = json.loads(out)
    names = {one["key"] for one in found["documents"]}
    assert status == 0
    assert "fda_plausible_mechanism_2026" in names
    assert not {"fda_editing_ngs_2026", "ema_follow_up_2009"} & names
    assert found["digest"] == checklists_digest()


def test_one_document_shows_its_items(run):
    status, out, _ = run("policy", "checklists", "fda_plausible_mechanism_2026")
    assert status == 0
    assert "A specific abnormality is known to cause the disease." in out
    _, out, _ = run("policy", "checklists", "ich_s12_2023", "--json")
    assert json.loads(out)["document"]["items"][0]["id"] == "route"


def test_a_document_that_is_not_held_is_refused(run):
    status, _, err = run("policy", "checklists", "fda_1999")
    assert status == 2
    assert "There is no document 'fda_1999'" in err
    assert "ich_m4_2016" in err


def test_the_log_beside_a_plan_replays_until_it_is_changed(run, tmp_path):
    out = tmp_path / "out"
    assert run("demo", "sma", "--out", out, "--quiet")[0] == 0
    status, said, _ = run("policy", "replay", out / "policy.json")
    assert status == 0
    assert said.startswith("The same answer: open, from 28 rules")
    log = json.loads((out / "policy.json").read_text(encoding="utf-8"))
    log["facts"]["subject.age_years"] = [40.0]
    (out / "policy.json").write_text(json.dumps(log), encoding="utf-8")
    status, _, err = run("policy", "replay", out / "policy.json")
    assert status == 4
    assert "does not replay" in err
