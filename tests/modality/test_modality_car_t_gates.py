"""Gates over single cells: the fast search finds exactly what weighing every gate by hand finds."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.errors import IncompatibleInputsError, InputError, UsageError
from revertant.modality.car_t.targets import (
    FORMS,
    MALIGNANT,
    Gate,
    GateLimits,
    gate_findings,
    measure_gate,
    pack_cells,
    parts_of,
    search_gates,
)
from revertant.modality.car_t.targets.gate_twin import gates_by_hand
from revertant.model import Status

ORGANS = ("gut", "heart", "lung")


def some_cells(genes, cells, seed, groups=(MALIGNANT, *ORGANS)):
    """Cells in which every gene has a share of its own in every group."""
    draw = np.random.default_rng(seed)
    labels = [*groups, *draw.choice(groups, cells, p=[0.4, *[0.6 / (len(groups) - 1)] * (len(groups) - 1)])]
    share = draw.choice([0.0, 0.03, 0.5, 0.97], (genes, len(groups)), p=[0.2, 0.3, 0.2, 0.3])
    at = np.array([groups.index(label) for label in labels])
    return pack_cells(
        [f"G{gene}" for gene in range(genes)], draw.random((genes, len(labels))) < share[:, at], labels
    )


@settings(max_examples=40)
@given(
    st.integers(2, 7),
    st.integers(1, 200),
    st.integers(0, 10**6),
    st.sampled_from([0.2, 0.5, 0.8]),
    st.sampled_from([0.0, 0.05, 0.3]),
    st.sampled_from([0.01, 0.1]),
)
def test_the_search_finds_exactly_the_gates_of_the_slow_twin(genes, cells, seed, coverage, hit, gain):
    packed = some_cells(genes, cells, seed)
    limits = GateLimits(coverage, hit, gain, keep=100_000)
    found = {
        result.gate: result.covered for result in search_gates(packed, most_antigens=3, limits=limits).gates
    }
    assert found == dict(gates_by_hand(packed, limits, 3))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("keep", [1, 3, 10])
def test_keeping_fewer_keeps_the_best_of_each_form(seed, keep):
    packed = some_cells(14, 400, seed)
    limits = GateLimits(0.2, 0.1, 0.01, keep=100_000)
    every = search_gates(packed, most_antigens=3, limits=limits).gates
    some = search_gates(packed, most_antigens=3, limits=replace(limits, keep=keep)).gates
    assert every
    for form in range(len(FORMS)):
        best = [result for result in every if result.gate.form == form][:keep]
        assert [result for result in some if result.gate.form == form] == best


@pytest.mark.parametrize("form", range(len(FORMS)))
def test_a_planted_gate_of_each_form_is_the_first_of_it(form):
    """Patterns in which the sentence and no shorter one tells the tumour from three organs."""
    patterns = {
        0: ("T",),
        1: ("T1", "T2"),
        2: ("t", "u"),
        3: ("T1", "1"),
        4: ("T12", "T13", "T23"),
        5: ("T13", "T23", "3"),
        6: ("T12", "1", "2"),
        7: ("t", "v", "w"),
        8: ("t1", "u1", "T23"),
        9: ("t1", "u1", "1"),
        10: ("t1", "t2", "u"),
        11: ("t1", "1", "u"),
    }[form]
    labels = [MALIGNANT] * 120 + ["gut"] * 70 + ["heart"] * 70 + ["lung"] * 70
    at = np.arange(len(labels))
    marks = {
        "T": at < 120,
        "t": at < 60,
        "u": (at >= 60) & (at < 120),
        "v": (at >= 60) & (at < 90),
        "w": (at >= 90) & (at < 120),
        "1": (at >= 120) & (at < 190),
        "2": (at >= 190) & (at < 260),
        "3": at >= 260,
    }
    rows = [np.any([marks[mark] for mark in pattern], axis=0) for pattern in patterns]
    noise = np.random.default_rng(form).random((9, len(labels))) < 0.15
    packed = pack_cells(
        [*"XYZ"[: len(rows)], *(f"N{n}" for n in range(9))], np.vstack([*rows, noise]), labels
    )
    search = search_gates(packed, most_antigens=3, limits=GateLimits(0.9, 0.05, 0.01))
    first = next(result for result in search.gates if result.gate.form == form)
    assert first.gate == Gate.of(form, "XYZ"[: len(rows)])
    assert first.coverage == 1
    assert first.worst.share == 0


@given(st.integers(0, 11), st.integers(0, 10**6))
def test_a_gate_counts_what_its_sentence_says(form, seed):
    packed = some_cells(4, 150, seed)
    names = list(permutations(packed.genes, FORMS[form].antigens))
    gate = Gate.of(form, names[seed % len(names)])
    result = measure_gate(packed, gate)
    by_group = {}
    for group in packed.groups:
        carried = {name: packed.positive(name)[group] for name in gate.antigens}
        words = gate.sentence.replace(" and ", " & ").replace(" or ", " | ").replace("not ", "~")
        by_group[group] = int(np.sum(eval(words, {}, carried)))
    assert result.covered == by_group[MALIGNANT]
    assert {organ.organ: organ.hits for organ in result.organs} == {
        organ: by_group[organ] for organ in ORGANS
    }
    assert result.worst.share == max(organ.share for organ in result.organs)


@given(st.integers(0, 11))
def test_no_part_of_a_gate_is_larger_or_another_way_to_write_it(form):
    gate = Gate.of(form, "ABC"[: FORMS[form].antigens])
    parts = list(parts_of(gate))
    assert len(parts) == len(set(parts))
    assert all(len(part.antigens) < len(gate.antigens) for part in parts)
    # A gate attacks only where one of its antigens is.
    assert not gate.attacks(dict.fromkeys("ABC", False))


def test_the_answer_does_not_depend_on_threads():
    packed = some_cells(30, 500, 3)
    limits = GateLimits(0.3, 0.05, 0.01, keep=5)
    one, four = (search_gates(packed, most_antigens=3, limits=limits, threads=threads) for threads in (1, 4))
    assert one == four
    assert one.gates


def test_no_safe_gate_is_an_answer_with_its_reason():
    packed = pack_cells(["A", "B"], np.ones((2, 40)), [MALIGNANT] * 20 + ["heart"] * 20)
    search = search_gates(packed, most_antigens=3)
    assert search.gates == ()
    assert "No gate of up to 3 antigens" in search.because
    assert "No gate of one or two antigens is safe and attacks any." in search.because
    assert search.considered == 2 + 4


def test_the_safe_gate_that_comes_nearest_is_named():
    labels = [MALIGNANT] * 20 + ["heart"] * 20
    rows = [[1] * 12 + [0] * 8 + [1] * 20, [0] * 20 + [1] * 20, [1] * 3 + [0] * 37]
    search = search_gates(pack_cells(["A", "B", "C"], rows, labels), most_antigens=2)
    assert "A and not B: 60% of the malignant cells" in search.because
    alone = search_gates(pack_cells(["A", "B", "C"], rows, labels), most_antigens=1)
    assert "C: 15% of the malignant cells" in alone.because


@pytest.mark.parametrize("genes", [1, 2, 3, 5])
def test_every_gate_is_accounted_for(genes):
    packed = pack_cells([f"G{n}" for n in range(genes)], np.ones((genes, 2)), [MALIGNANT, "heart"])
    for most in (1, 2, 3):
        gates = {
            Gate.of(form, antigens)
            for form, shape in enumerate(FORMS)
            if shape.antigens <= most
            for antigens in permutations(packed.genes, shape.antigens)
        }
        assert search_gates(packed, most_antigens=most).considered == len(gates)


@pytest.mark.parametrize(
    ("hits", "cells"), [(0, 1), (0, 30), (1, 30), (15, 30), (29, 30), (30, 30), (3, 2000)]
)
def test_the_upper_limit_of_a_share_is_the_exact_one(hits, cells):
    """By its definition: with that share, as few hits are seen once in twenty times."""
    row = np.array([1] + [1] * hits + [0] * (cells - hits))
    packed = pack_cells(["A"], row[None, :], [MALIGNANT] + ["heart"] * cells)
    (heart,) = measure_gate(packed, Gate(0, ("A",))).organs
    assert (heart.hits, heart.cells) == (hits, cells)
    if hits == cells:
        assert heart.upper == 1
        return
    seen = math.fsum(
        math.comb(cells, k) * heart.upper**k * (1 - heart.upper) ** (cells - k) for k in range(hits + 1)
    )
    assert seen == pytest.approx(0.05, rel=1e-6)


def test_findings_name_the_worst_organ_and_the_organ_with_few_cells():
    labels = [MALIGNANT] * 100 + ["heart"] * 400 + ["lung"] * 20
    row = np.array([1] * 90 + [0] * 10 + [1] * 40 + [0] * 360 + [0] * 20)
    result = measure_gate(pack_cells(["A"], row[None, :], labels), Gate(0, ("A",)))
    coverage, safety = gate_findings(result, GateLimits(0.8, 0.05))
    assert (coverage.status, safety.status) == (Status.PASS, Status.FAIL)
    assert "heart: 40 of 400" in safety.because
    coverage, safety = gate_findings(result, GateLimits(0.95, 0.1))
    assert (coverage.status, safety.status) == (Status.FAIL, Status.CAUTION)
    assert "lung" in safety.because
    assert "13.9%" in safety.because
    assert gate_findings(result, GateLimits(0.8, 0.2))[1].status is Status.PASS


@pytest.mark.parametrize(
    ("table", "labels", "error", "says"),
    [
        ([[1, 0]], [MALIGNANT], IncompatibleInputsError, "shape"),
        ([[1, -1]], [MALIGNANT, "heart"], InputError, "negative"),
        ([[1, 1]], [MALIGNANT, " "], InputError, "no label"),
        ([[1, 1]], [MALIGNANT, MALIGNANT], IncompatibleInputsError, "No cell is normal"),
        ([[1, 1]], ["heart", "lung"], IncompatibleInputsError, "No cell is malignant"),
    ],
)
def test_cells_that_cannot_be_weighed_are_refused(table, labels, error, says):
    with pytest.raises(error, match=says):
        pack_cells(["A"], table, labels)


def test_a_gene_in_two_rows_is_refused():
    with pytest.raises(InputError, match="more than one row: A"):
        pack_cells(["A", "A"], [[1, 1], [0, 0]], [MALIGNANT, "heart"])


@pytest.mark.parametrize("wrong", [{"least_coverage": 0}, {"most_hit": 1}, {"least_gain": 2}, {"keep": 0}])
def test_limits_that_are_no_shares_are_refused(wrong):
    with pytest.raises(UsageError):
        GateLimits(**wrong)


def test_more_than_three_antigens_and_genes_that_were_not_measured_are_refused():
    packed = pack_cells(["A"], [[1, 0]], [MALIGNANT, "heart"])
    with pytest.raises(UsageError, match="4 antigens"):
        search_gates(packed, most_antigens=4)
    with pytest.raises(UsageError, match="CD19: no row"):
        measure_gate(packed, Gate(0, ("CD19",)))
