"""Escape: the exact probability against Luria and Delbrück, and simulated tumours against the exact probability."""

from __future__ import annotations

import math
from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.errors import UsageError
from revertant.modality.car_t.escape import (
    EscapeGate,
    EscapeScenario,
    escape_finding,
    no_escape_probability,
    simulate_escape,
)
from revertant.model import Status

A, B = "CD19", "CD22"


def single(cells, rate):
    return EscapeScenario(EscapeGate.SINGLE, cells, ((A, rate),))


def pair(gate, cells, first, second, joint=0.0):
    return EscapeScenario(gate, cells, ((A, first), (B, second)), joint)


@given(st.integers(1, 43), st.floats(1e-12, 1e-3))
def test_one_antigen_follows_luria_and_delbrueck(rounds, rate):
    found = no_escape_probability(single(2**rounds, rate))
    # With fifty digits: a double cannot tell 1 - 1e-12 from its neighbours well enough.
    with localcontext(Context(prec=50)):
        exact = float((1 - Decimal(rate)) ** (2**rounds - 1))
    assert found == pytest.approx(exact, rel=1e-9, abs=1e-300)
    if rate * 2**rounds < 50 and rate < 1e-5:
        assert found == pytest.approx(math.exp(-rate * (2**rounds - 1)), rel=1e-3)


@given(st.integers(1, 40), st.floats(1e-10, 1e-4), st.floats(1e-10, 1e-4), st.floats(0, 1e-6))
def test_gates_are_ordered_as_logic_orders_them(rounds, first, second, joint):
    cells = 2**rounds
    either = no_escape_probability(pair(EscapeGate.EITHER, cells, first, second, joint))
    both = no_escape_probability(pair(EscapeGate.BOTH, cells, first, second, joint))
    alone = [no_escape_probability(single(cells, rate + joint)) for rate in (first, second)]
    assert either >= max(alone) - 1e-12
    assert both <= min(alone) + 1e-12


@given(st.integers(2, 40), st.floats(1e-8, 1e-4), st.floats(1e-8, 1e-4))
def test_a_gate_of_either_is_symmetric_and_worse_with_joint_loss(rounds, first, second):
    cells = 2**rounds
    one = no_escape_probability(pair(EscapeGate.EITHER, cells, first, second))
    other = no_escape_probability(pair(EscapeGate.EITHER, cells, second, first))
    assert one == pytest.approx(other, rel=1e-9)
    assert no_escape_probability(pair(EscapeGate.EITHER, cells, first, second, 1e-6)) <= one


def brute_force(rounds, first, second, joint):
    """Probability of no cell without both, by the tree of one cell: slow, and written otherwise."""

    def stays(state, left):
        if state == "neither":
            return 0.0
        if left == 0:
            return 1.0
        daughters = {
            "whole": [("no_first", first), ("no_second", second), ("neither", joint)],
            "no_first": [("neither", second)],
            "no_second": [("neither", first)],
        }[state]
        kept = 1 - sum(rate for _, rate in daughters)
        same = stays(state, left - 1)
        return kept * same**2 + sum(rate * stays(other, left - 1) * same for other, rate in daughters)

    return stays("whole", rounds)


@pytest.mark.parametrize("rounds", [1, 2, 3, 5])
@pytest.mark.parametrize(("first", "second", "joint"), [(0.1, 0.2, 0.0), (0.05, 0.05, 0.02), (0.3, 0.0, 0.1)])
def test_a_gate_of_either_equals_the_tree_written_out(rounds, first, second, joint):
    found = no_escape_probability(pair(EscapeGate.EITHER, 2**rounds, first, second, joint))
    assert found == pytest.approx(brute_force(rounds, first, second, joint), rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(list(EscapeGate)), st.integers(4, 18), st.integers(0, 10_000))
def test_simulated_tumours_escape_as_often_as_is_exact(gate, rounds, seed):
    rate = 0.7 / 2**rounds if gate is not EscapeGate.EITHER else 0.9 / (rounds * 2 ** (rounds / 2))
    scenario = single(2**rounds, rate) if gate is EscapeGate.SINGLE else pair(gate, 2**rounds, rate, rate)
    runs = 4000
    outcome = simulate_escape(scenario, runs=runs, seed=seed)
    spread = math.sqrt(outcome.probability * (1 - outcome.probability) / runs)
    assert outcome.simulated_share == pytest.approx(outcome.probability, abs=5 * spread + 1e-3)


def test_no_rate_no_escape_and_certain_loss_certain_escape():
    assert simulate_escape(single(1e6, 0.0), runs=100).simulated_share == 0
    never = simulate_escape(pair(EscapeGate.EITHER, 1e6, 0.0, 0.0), runs=100)
    assert (never.probability, never.escaped_cells, never.regrowth_days) == (0, (), ())
    assert no_escape_probability(single(16, 1.0)) == 0
    assert no_escape_probability(pair(EscapeGate.EITHER, 16, 0.0, 0.0, 1.0)) == 0


def test_regrowth_follows_the_doubling_time():
    scenario = EscapeScenario(EscapeGate.SINGLE, 2**30, ((A, 1e-8),), doubling_days=5)
    outcome = simulate_escape(scenario, runs=2000)
    low, middle, high = outcome.escaped_cells
    assert outcome.regrowth_days[1] == pytest.approx(5 * math.log2(2**30 / middle), rel=0.02)
    assert low <= middle <= high
    # One mutant of the last round needs thirty doublings.
    assert max(outcome.regrowth_days) <= 150


def test_the_same_seed_gives_the_same_numbers_and_another_others():
    scenario = single(2**25, 1e-7)
    one, again, other = (simulate_escape(scenario, runs=500, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert one.escaped_cells != other.escaped_cells


def test_a_scenario_never_passes_and_says_what_it_assumes():
    found = escape_finding(simulate_escape(single(1e6, 0.0), runs=100))
    assert found.status is Status.UNKNOWN
    assert "CD19 0" in found.because
    assert "no forecast" in found.because


BAD = [
    {"gate": EscapeGate.SINGLE, "burden_cells": 1e6, "loss_per_division": ()},
    {"gate": EscapeGate.EITHER, "burden_cells": 1e6, "loss_per_division": ((A, 0.1),)},
    {"gate": EscapeGate.EITHER, "burden_cells": 1e6, "loss_per_division": ((A, 0.1), (B, 0.1))},
    {"gate": EscapeGate.SINGLE, "burden_cells": 1, "loss_per_division": ((A, 0.1),)},
    {"gate": EscapeGate.SINGLE, "burden_cells": math.nan, "loss_per_division": ((A, 0.1),)},
    {"gate": EscapeGate.SINGLE, "burden_cells": 1e14, "loss_per_division": ((A, 0.1),)},
    {"gate": EscapeGate.SINGLE, "burden_cells": 1e6, "loss_per_division": ((A, -0.1),)},
    {"gate": EscapeGate.SINGLE, "burden_cells": 1e6, "loss_per_division": ((A, math.nan),)},
    {"gate": EscapeGate.SINGLE, "burden_cells": 1e6, "loss_per_division": ((A, 0.1),), "doubling_days": 0},
    {
        "gate": EscapeGate.SINGLE,
        "burden_cells": 1e6,
        "loss_per_division": ((A, 0.1),),
        "doubling_days": math.nan,
    },
    {
        "gate": EscapeGate.EITHER,
        "burden_cells": 1e6,
        "loss_per_division": ((A, 0.6), (B, 0.6)),
        "joint_loss_per_division": 0.0,
    },
]


@pytest.mark.parametrize("wrong", BAD)
def test_what_is_no_scenario_is_refused(wrong):
    with pytest.raises(UsageError):
        EscapeScenario(**wrong)


@pytest.mark.parametrize("runs", [0, 99, 200_001])
def test_too_few_and_too_many_runs_are_refused(runs):
    with pytest.raises(UsageError, match="cannot be simulated"):
        simulate_escape(single(8, 0.1), runs=runs)
