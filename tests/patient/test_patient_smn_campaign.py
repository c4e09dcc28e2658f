"""People over the whole grid of copies, through BAM files: how often the caller is right, and that it is not wrong."""

from __future__ import annotations

import pytest
from smn_campaign import GRID, run_many

#: The slice of a plain run: an affected infant, carriers and others, of both builds and several depths.
SLICE = (1, 18, 40, 100, 105, 190, 210, 290)
#: Twelve people of each cell of the grid.
LONG = range(12 * len(GRID))


def shares(outcomes):
    """Shares of wrong and of no call, by what is asked for: both genes and status together, and status alone."""
    number = len(outcomes)
    genes = [outcome.genes for outcome in outcomes]
    status = [dict(outcome.answers)["status"] for outcome in outcomes]
    return {
        "wrong": genes.count("wrong") / number,
        "no call": genes.count("no call") / number,
        "status wrong": status.count("wrong"),
    }


def test_a_slice_of_people(tmp_path):
    outcomes = run_many(SLICE, tmp_path)
    found = shares(outcomes)
    assert found["status wrong"] == 0
    assert found["wrong"] == 0
    assert found["no call"] <= 0.25
    # All depths of the campaign stand in the slice, and affected and unaffected people.
    assert len({outcome.depth for outcome in outcomes}) >= 4
    assert len({outcome.person.smn1 > 0 for outcome in outcomes}) == 2
    assert len({outcome.person.build for outcome in outcomes}) == 2


@pytest.mark.long
def test_a_thousand_people(tmp_path):
    outcomes = run_many(LONG, tmp_path)
    assert len(outcomes) >= 1_000
    found = shares(outcomes)
    assert found["status wrong"] == 0
    assert found["wrong"] <= 0.01
    at_30x = shares([outcome for outcome in outcomes if outcome.depth == 30])
    assert at_30x["no call"] < 0.02
    assert sum(outcome.inside for outcome in outcomes) / len(outcomes) > 0.98
