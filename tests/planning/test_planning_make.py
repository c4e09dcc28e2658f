"""From a case to a plan: stops before designing, says why there is nothing, and is the same byte for byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from planning_cases import DEMO, HET, HOM, case_of, inputs_of, sickle_case, stated

from revertant.errors import PolicyStopError, UsageError
from revertant.modality import DesignOptions
from revertant.model import (
    Call,
    EditingPlace,
    Intent,
    Mechanism,
    Pathogenicity,
    Status,
    TargetCells,
    Variant,
    Zygosity,
)
from revertant.planning import PlanOptions, make_plan, open_inputs
from revertant.planning import make as make_module

QUICK = PlanOptions(DesignOptions(("abe8e_nrch", "abemax"), ("spcas9",), 10), search_off_targets=False)


@pytest.fixture(scope="module")
def sickle_plan():
    return make_plan(inputs_of(sickle_case()))


def test_the_sickle_cell_plan_holds_what_it_must(sickle_plan):
    by_spacer = {}
    for ranked in (r for r in sickle_plan.designs if r.design.guides):
        by_spacer.setdefault((ranked.design.effector, ranked.design.guides[0].spacer), ranked)
    makassar = by_spacer["abe8e_nrch", "TTCTCCACAGGAGTCAGATG"]
    assert (makassar.tier, makassar.design.guides[0].pam) == ("known benign substitution", "CACC")
    enhancer = by_spacer["spcas9", "CTAACAGTTGCTTTTATCAC"]
    assert (enhancer.tier, enhancer.design.guides[0].pam) == ("used in people", "AGG")
    assert (enhancer.rank, enhancer.design.precedent_stage) == (1, "approved")
    # A use that has only been published does not make the first tier.
    assert makassar.design.precedent_stage not in {"approved", "clinical"}
    assert makassar.rank > enhancer.rank
    [direct] = [
        r for r in sickle_plan.rejections if (r.modality, r.route) == ("base_editing", "restore_wild_type")
    ]
    assert "no base editor makes" in direct.because
    restoring = [r.design for r in sickle_plan.designs if r.design.route == "restore_wild_type"]
    modalities = {design.modality for design in restoring}
    assert modalities == {"prime_editing", "hdr"}
    # The published pegRNA on the sickle allele is told from those that differ in one guide only.
    assert {
        d.precedent_stage
        for d in restoring
        if (d.modality, d.guides[0].spacer) == ("prime_editing", "GTAACGGCAGACTTCTCCAC")
    } == {"preclinical"}
    # So is the published cut beside a donor, which writes the base back with a silent change.
    cut = next(d for d in restoring if d.modality == "hdr" and d.precedent_stage)
    assert cut.guides[0].target_with_pam == "CTTGCCCCACAGGGCAGTAACGG"
    assert len({r.design.design_id for r in sickle_plan.designs}) == len(sickle_plan.designs)
    assert "2 stretches" in sickle_plan.coverage.statement
    assert not sickle_plan.coverage.genome_wide
    said = enhancer.assessment.of("knowledge.precedent")
    assert said.status is Status.CAUTION
    assert "rs114518452" in said.because
    worst = [r.assessment.of("offtarget.coverage").status for r in sickle_plan.designs if r.design.guides]
    assert set(worst) == {Status.UNKNOWN}


def test_every_route_ends_in_a_design_or_a_reason(sickle_plan):
    taken = {(r.design.modality, r.design.route, r.design.acts_on) for r in sickle_plan.designs}
    told = {(r.modality, r.route, r.acts_on) for r in sickle_plan.rejections}
    for strategy in sickle_plan.strategies:
        assert (strategy.modality, strategy.route, strategy.acts_on) in taken | told
    assert all(r.because for r in sickle_plan.rejections)
    assert all(u.question and u.why_it_matters and u.how_to_find_out for u in sickle_plan.unknowns)
    assert all(t.read == t.kept + sum(n for _, n in t.refused) for t in sickle_plan.tallies)


@pytest.mark.parametrize(
    "change",
    [
        {"intent": Intent.HERITABLE},
        {"intent": Intent.ENHANCEMENT},
        {"target_cells": TargetCells.GERMLINE},
        {"target_cells": TargetCells.EMBRYO},
        {"variants": (replace(stated("NM_000518.5:c.20A>T"), pathogenicity=Pathogenicity.BENIGN),)},
        {"variants": (replace(stated("not read at all"), pathogenicity=Pathogenicity.UNCERTAIN),)},
    ],
)
def test_policy_stops_before_anything_is_designed(change, monkeypatch):
    def never(*_, **__):
        pytest.fail("something was done before the gate")

    for name in ("resolve_case", "ask_modalities", "modality_named", "search_off_targets", "assess_designs"):
        monkeypatch.setattr(make_module, name, never)
    with pytest.raises(PolicyStopError) as caught:
        make_plan(inputs_of(replace(sickle_case(), **change)))
    assert caught.value.exit_status == 6


def test_without_a_search_nothing_passes_for_safe():
    plan = make_plan(inputs_of(sickle_case()), QUICK)
    assert plan.designs
    assert plan.coverage is None
    assert plan.off_targets == ()
    for ranked in plan.designs:
        for finding in ranked.assessment.findings:
            if finding.rule.startswith("offtarget."):
                assert finding.status is Status.UNKNOWN
    assert "offtarget.coverage" in {u.rule for u in plan.unknowns}
    assert dict(plan.provenance.parameters)["search_off_targets"] == "False"


def test_a_plan_without_designs_says_why():
    case = case_of(
        stated("NM_000518.5:c.20A>T", zygosity=HOM, mechanism=Mechanism.LOSS_OF_FUNCTION),
        tissue="kidney",
        editing_place=EditingPlace.IN_VIVO,
        diseases=(),
    )
    plan = make_plan(inputs_of(case), QUICK)
    assert "No design can be put forward" in plan.verdict
    assert plan.rejections
    assert all(ranked.tier.startswith("stopped") for ranked in plan.designs)
    assert {r.stage for r in plan.rejections} >= {"eligibility", "assessment"}
    nothing = make_plan(
        inputs_of(case), PlanOptions(DesignOptions(("lbabe8e",), ("st1cas9",)), search_off_targets=False)
    )
    assert "No design can be put forward" in nothing.verdict
    assert all(r.because for r in nothing.rejections)


def test_an_unknown_zygosity_or_mechanism_is_asked_for():
    case = case_of(stated("chr11:5227002:T:A", zygosity=Zygosity.UNKNOWN), diseases=())
    plan = make_plan(inputs_of(case), QUICK)
    rules = {unknown.rule for unknown in plan.unknowns}
    assert "case.zygosity" in rules
    assert not any(s.is_eligible and s.route.value.endswith("knock_out") for s in plan.strategies)


def test_two_copies_are_planned_for_by_themselves():
    case = case_of(
        stated("NM_000518.5:c.20A>T", phase="maternal"),
        stated("NM_000518.5:c.79G>A", phase="paternal", path="variants[1]"),
    )
    plan = make_plan(
        inputs_of(case), replace(QUICK, design=DesignOptions(("abe8e_nrch", "abe8e_spry"), ("spcas9",), 30))
    )
    acted = {r.design.acts_on for r in plan.designs}
    assert {"NM_000518.5:c.20A>T", "NM_000518.5:c.79G>A"} <= acted
    restored = [r for r in plan.designs if r.design.acts_on.endswith("c.79G>A")]
    assert restored
    assert all(r.design.guides[0].haplotypes == ("2",) for r in restored)


def test_rs713040_on_one_copy_changes_the_spacer():
    neighbour = Call(Variant("chr11", 5227012, "A", "G"), (True, True))
    plan = make_plan(inputs_of(sickle_case(), neighbour), QUICK)
    spacers = {r.design.guides[0].spacer for r in plan.designs if r.design.route == "benign_substitution"}
    assert "TTCTCCACAGGAGTCAGGTG" in spacers
    assert "TTCTCCACAGGAGTCAGATG" not in spacers


@pytest.mark.parametrize("missing", ["reference", "models"])
def test_files_must_be_named(missing):
    case = sickle_case()
    with pytest.raises(UsageError) as caught:
        open_inputs(replace(case, files=replace(case.files, **{missing: ""})))
    assert caught.value.code == f"no-{missing}"


SCRIPT = """
import sys
from pathlib import Path
from revertant import patient, planning
path = Path(sys.argv[1])
case = patient.read_case(path)
sys.stdout.buffer.write(planning.make_plan(planning.open_inputs(case, path)).to_json().encode())
"""


def run(seed, locale):
    env = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "LANG": locale}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(DEMO / "sickle_cell.yaml")],
        env=env,
        capture_output=True,
        check=True,
    )
    return done.stdout


def test_plan_json_is_the_same_byte_for_byte():
    """Two runs, two hash seeds, two locales (a comma locale where the machine has one)."""
    first = run("0", "C")
    assert run("12345", "C.UTF-8") == first
    assert run("0", "de_DE.UTF-8") == first
    plan = json.loads(first)
    assert plan["schema"].startswith("revertant-plan/")
    assert "/work" not in first.decode()
    assert str(DEMO) not in first.decode()


def test_heterozygote_has_the_healthy_copy_looked_at():
    case = case_of(stated("NM_000518.5:c.79G>A", zygosity=HET))
    plan = make_plan(inputs_of(case), replace(QUICK, design=DesignOptions(("abe8e_spry",), ("spcas9",), 30)))
    found = [
        r.assessment.of("edit.other_copy") for r in plan.designs if r.design.route == "restore_wild_type"
    ]
    assert found
    assert {f.status for f in found} <= {Status.PASS, Status.CAUTION}
    assert all(f.because for f in found)
