"""Trials in a plan: held against the person before anything is designed, or said not to have been asked."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from revertant import planning
from revertant.dossier.report import report_html
from revertant.errors import InputError
from revertant.model import (
    AgeLimit,
    Case,
    CopyNumber,
    Disease,
    Intervention,
    StudyType,
    Subject,
    Trial,
    TrialSite,
    TrialVerdict,
)
from revertant.planning.trials_asked import MOST_OTHERS, MOST_POSSIBLE, ask_trials
from revertant.trials.store import TrialStore

INFANT = Case(
    "infant",
    Subject("i", age_years=56 / 365.25, weight_kg=4.6),
    (),
    diseases=(Disease("OMIM:253300"),),
    jurisdiction="US",
    consent=True,
    copy_numbers=(CopyNumber("SMN1", 0, 0, "MLPA"), CopyNumber("SMN2", 2, 2, "MLPA")),
)


def trial(number, **values):
    return Trial(
        **{
            "nct_id": f"NCT{number:08d}",
            "title": f"Trial {number} <b>",
            "status": "RECRUITING",
            "conditions": ("Spinal Muscular Atrophy",),
            "last_update": "2026-01-01",
            "sex": "all",
            **values,
        }
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("trials") / "trials.sqlite"
    sites = (TrialSite("A", "Columbus", country="United States", country_code="US"),)
    trials = [
        trial(
            1,
            eligibility="Inclusion Criteria:\n\n* Able to whistle <i>",
            eligibility_of="2026-01-01",
            sites=sites,
        ),
        trial(2, study_type=StudyType.EXPANDED_ACCESS, status="AVAILABLE"),
        trial(3, min_age=AgeLimit(18, "years")),
        trial(4, status="COMPLETED"),
        trial(5, conditions=("Measles",)),
        trial(
            6,
            conditions=("Weakness",),
            interventions=(Intervention("AAV9-SMN1", "GENETIC"),),
            genes=("SMN1",),
        ),
        *(trial(100 + at) for at in range(MOST_POSSIBLE)),
        *(trial(200 + at, status="COMPLETED") for at in range(MOST_OTHERS)),
    ]
    with TrialStore(path, writing=True) as opened:
        opened.put(trials)
    return str(path)


@pytest.fixture(scope="module")
def plan(store):
    return planning.make_plan(planning.with_trials(planning.open_inputs(INFANT), store))


def test_possible_trials_stand_in_the_verdict_behind_the_products(plan):
    assert plan.verdict.startswith("An approved product")
    assert f" {MOST_POSSIBLE + 3} clinical trials are possible, the first are NCT00000001, " in plan.verdict
    assert "whether they fit is not known" in plan.verdict


def test_every_record_is_accounted_for(plan):
    (tally,) = (one for one in plan.tallies if one.name == "records of trials")
    assert tally.read == 6 + MOST_POSSIBLE + MOST_OTHERS
    assert tally.kept == len(plan.trials) == MOST_POSSIBLE + MOST_OTHERS
    assert dict(tally.refused) == {
        "about another disease": 1,
        "possible, beyond those shown": 3,
        "not recruiting, beyond those shown": 1,
        "not eligible, beyond those shown": 1,
    }


def test_the_store_stands_in_the_provenance(plan, store):
    (digest,) = (one for one in plan.provenance.inputs if one.role == "trials")
    assert digest.name == "trials.sqlite"
    assert digest.sha256 == planning.file_digest(Path(store))


def test_a_plan_names_records_without_their_long_texts(plan):
    text = plan.to_json()
    assert "Able to whistle" in text  # unread, word for word
    assert '"eligibility": ' not in text
    assert '"is_expanded_access": true' in text


def test_the_same_plan_twice_gives_the_same_bytes(plan, store):
    again = planning.make_plan(planning.with_trials(planning.open_inputs(INFANT), store))
    assert again.to_json() == plan.to_json()


def test_the_report_shows_trials_and_escapes_what_they_say(plan):
    page = report_html(plan)
    assert 'id="trials"' in page
    assert "* Able to whistle &lt;i&gt;" in page
    assert "Trial 1 &lt;b&gt;" in page
    assert "expanded access" in page
    assert 'href="https://clinicaltrials.gov/study/NCT00000001"' in page


def test_without_a_store_the_plan_says_so_and_how():
    made = planning.make_plan(planning.open_inputs(INFANT))
    assert made.trials == ()
    (unknown,) = (one for one in made.unknowns if one.rule == "trials.asked")
    assert "--trials STORE" in unknown.how_to_find_out
    assert 'id="trials"' not in report_html(made)


def test_a_case_that_names_nothing_to_look_for_is_told_so(store):
    inputs = planning.with_trials(planning.open_inputs(INFANT), store)
    silent = dataclasses.replace(inputs, case=Case("c", Subject("s"), ()))
    asked = ask_trials(silent, ())
    assert asked.matches == ()
    assert "no disease by name" in asked.unknowns[0].why_it_matters


def test_none_found_is_no_statement_that_there_is_none(store):
    inputs = planning.with_trials(planning.open_inputs(INFANT), store)
    other = dataclasses.replace(
        inputs, case=Case("c", Subject("s"), (), diseases=(Disease("", "Kabuki syndrome"),))
    )
    asked = ask_trials(other, ())
    assert (asked.matches, asked.sentence) == ((), "")
    assert "none names Kabuki syndrome" in asked.unknowns[0].why_it_matters


def test_only_possible_trials_reach_the_verdict(plan):
    verdicts = [match.verdict for match in plan.trials]
    assert verdicts == sorted(verdicts, key=list(TrialVerdict).index)


def test_a_file_that_is_no_store_stops_before_anything_is_planned(tmp_path):
    path = tmp_path / "x.sqlite"
    path.write_text("x" * 5000)
    with pytest.raises(InputError, match="no store of trials"):
        planning.with_trials(planning.open_inputs(INFANT), str(path))
