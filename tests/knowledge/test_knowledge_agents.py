"""Classes of treatment by the time since the last one: what the catalogue holds and what its loader refuses."""

from __future__ import annotations

import pytest

from revertant.errors import ProblemsError
from revertant.knowledge import Agent, Criterion, agents, conditions, load_rows

HEAD = 'as_of = "2026-11-26"\n'
ROW = '[a]\nname = "treatment"\nsources = ["nct:NCT00000000"]\n'


def test_every_agent_names_a_record_and_a_condition_that_exists():
    for agent in agents().values():
        assert any(source.startswith("nct:NCT") for source in agent.sources), agent.key
        assert not agent.condition or agent.condition in conditions()


def test_a_condition_that_does_not_exist_is_refused():
    assert load_rows("a.toml", Agent, text=HEAD + ROW)["a"].condition == ""
    with pytest.raises(ProblemsError, match="is no condition"):
        load_rows("a.toml", Agent, text=HEAD + ROW + 'condition = "bad_teeth"\n')


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"agent": "chemotherapy", "unit": "weeks"}, "needs a threshold"),
        ({"agent": "tea", "unit": "weeks", "above": 4}, "which is no agent"),
        ({"agent": "chemotherapy", "unit": "fortnights", "above": 4}, "has a time in"),
        ({"agent": "chemotherapy", "unit": "weeks", "above": 4, "gene": "SMN1"}, "does not use gene"),
    ],
)
def test_a_time_without_a_treatment_says_what_is_wrong_with_it(fields, problem):
    asked = Criterion(key="x", kind="exclusion", asks="washout", text="Asked.", **fields)
    assert any(problem in one for one in asked.problems())


def test_every_criterion_may_have_a_reservation():
    asked = Criterion(
        key="x", kind="exclusion", asks="weight", text="?", below=4, unless="unless", provided="then"
    )
    assert not list(asked.problems())
