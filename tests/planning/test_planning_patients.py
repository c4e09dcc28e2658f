"""Published patients through the whole planning line, in the windows where their genes lie."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from revertant.model import Case, Effect, Plan, Route, Status, Subject
from revertant.planning import Inputs, PlanOptions, make_plan, open_inputs
from revertant.variant import resolve

ROOT = Path(__file__).parents[2]

#: Variant, whether base editing can restore it, and the terms that must stand in the reason when it cannot.
CHOSEN = [
    ("NM_170707.4:c.1824C>T", True, ""),
    ("NM_170707.4:c.1444C>T", True, ""),
    ("NM_005572.4:c.1711C>A", False, "which no base editor makes"),
    ("NM_005138.3:c.418G>A", True, ""),
    ("NM_005138.3:c.16_17insAGCATGCAGCAGTGACTCA", False, "is an insertion: base editors change bases"),
    ("NM_017446.4:c.589-924G>A", True, ""),
]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The benchmark itself, so that what it prints and what is held here cannot drift apart."""
    spec = importlib.util.spec_from_file_location("patients_run", ROOT / "benchmarks" / "patients" / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["patients_run"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def inputs(bench: ModuleType, shared_data: Path) -> Inputs:
    empty = Case("none", Subject("none"), ())
    return open_inputs(
        empty, reference=str(shared_data / bench.REFERENCE), models=str(shared_data / bench.MODELS)
    )


@pytest.fixture(scope="module")
def rows(bench: ModuleType, inputs: Inputs, shared_data: Path) -> list[dict[str, object]]:
    return bench.rows_inside(shared_data, inputs.reference)


@pytest.fixture(scope="module")
def asked(bench: ModuleType, rows: list[dict[str, object]], inputs: Inputs) -> Callable[[str], Plan]:
    cases = [case for case, _ in bench.questions(rows).values()]

    def plan(name: str) -> Plan:
        case = next(c for c in cases if any(name in v.expressions for v in c.variants))
        return make_plan(replace(inputs, case=case), PlanOptions(search_off_targets=False))

    return plan


def test_all_rows_are_there_and_their_hgvs_agrees(
    bench: ModuleType, rows: list[dict[str, object]], inputs: Inputs
) -> None:
    assert len(rows) == 230
    distinct = {resolve(bench.coordinates(row), inputs.reference) for row in rows}
    assert len(distinct) == 67
    seen = {bench.coordinates(row): row for row in rows}
    wrong = [
        text for row in seen.values() for text in bench.disagreements(row, inputs.reference, inputs.models)
    ]
    assert not wrong


@pytest.mark.parametrize(("name", "restorable", "words"), CHOSEN)
def test_six_variants(asked: Callable[[str], Plan], name: str, restorable: bool, words: str) -> None:
    plan = asked(name)
    direct = [
        r
        for r in plan.designs
        if r.design.route is Route.RESTORE_WILD_TYPE
        and r.design.acts_on == name
        and r.design.modality == "base_editing"
    ]
    assert bool(direct) is restorable
    for ranked in direct:
        assert Effect.RESTORES_WILD_TYPE in {outcome.effect for outcome in ranked.design.outcomes}
        harm = ranked.assessment.of("edit.more_harm_than_good")
        assert harm is not None
        stopped = harm.status is Status.FAIL
        # The likeliest useful genotype names the tier: with a silent bystander it is the protein that is restored.
        likeliest = ranked.design.outcomes[0].effect is Effect.RESTORES_WILD_TYPE
        restores = "restores the wild type" if likeliest else "restores the wild-type protein"
        assert ranked.tier == ("stopped by a failed rule" if stopped else restores)
    refused = [
        r for r in plan.rejections if r.route is Route.RESTORE_WILD_TYPE and r.modality == "base_editing"
    ]
    if not restorable:
        assert words in " ".join(r.because for r in refused if r.acts_on == name)
    # A prime editor writes every one of them.
    written = [r.design for r in plan.designs if r.design.modality == "prime_editing"]
    assert written
    assert {d.outcomes[0].effect for d in written} <= {Effect.RESTORES_WILD_TYPE, Effect.RESTORES_PROTEIN}
    # No search was made, so nothing may be said to be safe.
    assert all(r.assessment.off_targets == () for r in plan.designs)
    assert plan.rejections
    assert plan.unknowns


def test_the_usual_editor_does_more_harm_than_good_to_lmna_r482w(asked: Callable[[str], Plan]) -> None:
    """Two A that change Phe483 stand where ABEmax edits best, the wanted one at position 8 where it hardly does."""
    plan = asked("NM_170707.4:c.1444C>T")
    [ranked] = [
        r
        for r in plan.designs
        if r.design.effector == "abemax" and r.design.guides[0].spacer == "GGGAACCAGTAAGTCAGCAA"
    ]
    assert ranked.tier == "stopped by a failed rule"
    assert ranked.because.startswith(
        "Stopped: 95% of edited alleles are predicted to be changed in a way nobody"
    )
    harm = ranked.assessment.of("edit.more_harm_than_good")
    assert harm is not None
    assert harm.status is Status.FAIL
    # By hand: only position 8 edited, on alleles where 4, 5 and 8 are edited with odds of the measured rates.
    rates = [0.5 * rate / 0.21144 for rate in (0.09663, 0.21144, 0.0343)]
    none = (1 - rates[0]) * (1 - rates[1]) * (1 - rates[2])
    alone = (1 - rates[0]) * (1 - rates[1]) * rates[2] / (1 - none)
    share = ranked.design.useful_share
    assert share is not None
    assert share.value == pytest.approx(alone, rel=0.05)
    standing = [r for r in plan.designs if not r.tier.startswith("stopped")]
    assert all(r.rank < ranked.rank for r in standing)
    standing = [r for r in standing if r.design.modality == "base_editing"]
    assert standing
    assert all(r.assessment.of("edit.more_harm_than_good").status is Status.UNKNOWN for r in standing)


def test_no_design_stands_in_a_plan_twice(asked: Callable[[str], Plan]) -> None:
    """One set of molecules appears once, whatever routes could use it."""
    for name in ("NM_170707.4:c.1364G>C", "NM_005138.3:c.418G>A"):
        places = [
            (
                d.effector,
                *(guide.locus for guide in d.guides),
                *d.pegrnas,
                d.donor,
                *d.antisense,
                d.vector,
                d.acts_on,
            )
            for d in (r.design for r in asked(name).designs)
        ]
        assert len(places) == len(set(places))


def test_an_engineered_cas9_is_judged_by_its_parent_and_a_lower_bound_is_called_one(
    asked: Callable[[str], Plan],
) -> None:
    designs = asked("NM_170707.4:c.1045C>T").designs
    ranked = next(r for r in designs if r.design.effector == "abe8e_spry")
    immunity = ranked.assessment.of("immunity.editor")
    delivery = ranked.assessment.of("delivery.vehicle")
    assert immunity is not None
    assert "SpCas9" in immunity.because
    assert delivery is not None
    assert "lower bound" in delivery.because


def test_a_phenopacket_through_the_command(bench: ModuleType, shared_data: Path) -> None:
    options = ("--reference", str(shared_data / bench.REFERENCE), "--models", str(shared_data / bench.MODELS))
    packets = bench.packets_inside(shared_data)
    assert len(packets) == 182
    for name, text in (packets[0], packets[60]):
        _, status, _ = bench.run_packet((name, text, (*options, "--no-offtargets")))
        assert status in {0, 5}


@pytest.mark.long
def test_every_question(bench: ModuleType, rows: list[dict[str, object]], inputs: Inputs) -> None:
    asked = bench.questions(rows)
    assert sum(count for _, count in asked.values()) == 230
    for case, count in asked.values():
        outcome = bench.outcome_of(case, count, inputs, PlanOptions(search_off_targets=False))
        assert not outcome.error, outcome
        assert outcome.designs or outcome.refused


@pytest.mark.long
def test_every_phenopacket(bench: ModuleType, shared_data: Path) -> None:
    assert bench.run_packets(shared_data, search=False, limit=0, processes=1) == 0
