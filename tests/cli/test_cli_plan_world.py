"""``revertant plan --country --date``: the place and the day in which labels and rules are read."""

from __future__ import annotations

import json

import pytest

from revertant.cli import main

INFANT = """\
id: infant
subject: {age: P8W, weight_kg: 4.6}
jurisdiction: US
diseases: [{id: "OMIM:253300"}]
copy_numbers:
  - {gene: SMN1, copies: 0, method: MLPA}
  - {gene: SMN2, copies: 4, method: dPCR}
conditions: {sma_type_1: no, hypersensitivity_to_product: no}
"""


@pytest.fixture
def plan(tmp_path, capsys):
    case = tmp_path / "case.yaml"
    case.write_text(INFANT, encoding="utf-8")

    def planner(*options):
        out = tmp_path / "out"
        status = main(
            ["plan", str(case), "--out", str(out), "--force", "--quiet", "--no-offtargets", *options]
        )
        said = capsys.readouterr()
        file = out / "plan.json"
        return status, json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}, said.err

    return planner


def verdicts(made):
    return {(one["product"], one["jurisdiction"]): one["verdict"] for one in made["products"]}


def test_four_copies_of_smn2_fit_in_one_country_and_not_in_the_other(plan):
    _, here, _ = plan()
    assert verdicts(here) == {("zolgensma", "US"): "fits", ("itvisma", "US"): "does_not_fit"}
    _, there, _ = plan("--country", "DE")
    assert verdicts(there)["zolgensma", "EU"] == "does_not_fit"
    assert ["country", "DE"] in there["provenance"]["parameters"]


def test_the_day_chooses_the_labels(plan):
    _, made, _ = plan("--date", "2020-01-01")
    assert verdicts(made) == {("zolgensma", "US"): "fits"}
    _, before, _ = plan("--date", "2019-01-01")
    assert before["products"] == []
    assert any("holds no label of US on 2019-01-01" in one["because"] for one in before["findings"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--country", "UK"), "Write GB for the United Kingdom"),
        (("--country", "us"), "Write US if that country is meant"),
        (("--date", "26.11.2026"), "Write year-month-day"),
        (("--date", "2026-02-30"), "not a calendar date"),
    ],
)
def test_a_place_or_a_day_that_is_none_is_refused(plan, options, words):
    status, made, err = plan(*options)
    assert (status, made) == (2, {})
    assert words in err
