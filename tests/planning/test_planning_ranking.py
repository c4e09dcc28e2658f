"""The order of designs: tiers, the front, groups, and sentences that are true."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from revertant.model import (
    Assessment,
    BaseChange,
    Coverage,
    Design,
    Effect,
    Estimate,
    Finding,
    Guide,
    Locus,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    Outcome,
    PamSide,
    Route,
    Status,
)
from revertant.planning import TIERS, rank_designs
from revertant.planning.ranking import near_identical

COVERAGE = Coverage(10, (), False, ("reference",), "Not genome-wide.")
NAMES = [name for name, _ in TIERS]
EFFECTS = {
    Route.RESTORE_WILD_TYPE: Effect.RESTORES_WILD_TYPE,
    Route.RESTORE_PROTEIN: Effect.RESTORES_PROTEIN,
    Route.BENIGN_SUBSTITUTION: Effect.BENIGN_SUBSTITUTION,
    Route.ADD_GENE: Effect.GENE_ADDED,
    Route.DISRUPT_SPLICE_SITE: Effect.SPLICE_CHANGED,
    Route.SKIP_EXON: Effect.SPLICE_CHANGED,
    Route.DISRUPT_REGULATORY_SITE: Effect.DISRUPTS_SITE,
    Route.ALLELE_SPECIFIC_KNOCK_OUT: Effect.KNOCKS_OUT,
    Route.KNOCK_OUT: Effect.KNOCKS_OUT,
    Route.REMOVE_STRETCH: Effect.STRETCH_REMOVED,
    Route.LOWER_EXPRESSION: Effect.EXPRESSION_CHANGED,
}


def pair(
    route=Route.RESTORE_WILD_TYPE,
    start=100,
    *,
    effector="abemax",
    share=0.5,
    cfd="none",
    bystander=Status.PASS,
    core=Status.PASS,
    delivery=Status.PASS,
    stage="",
    edge=Status.PASS,
    harm=Status.PASS,
    extra=(),
    label="best",
    effect=None,
    yielded=None,
):
    guide = Guide("A" * 20, "TGG", "NGG", PamSide.THREE_PRIME, Locus("chr1", start, start + 20))
    best = Outcome((BaseChange(start, "A", "G", 5),), effect or EFFECTS[route], True, "", label)
    estimate = Estimate(share, "share", "m", in_domain=share is not None)
    design = Design(
        "base_editing",
        route,
        "G",
        "c.1A>G",
        effector,
        effector.upper(),
        (guide,),
        "Edits.",
        (best,),
        estimate,
    )
    weighed = None if yielded is None else Estimate(yielded, "yield", "m")
    design = replace(design, precedent_stage=stage, useful_yield=weighed)
    findings = (
        Finding("edit.coding_bystander", bystander, "b."),
        Finding("edit.just_outside_window", edge, "e."),
        Finding("edit.more_harm_than_good", harm, "Most alleles would be harmed."),
        Finding("edit.target_in_core_window", core, "c."),
        Finding("delivery.vehicle", delivery, "No vehicle is known."),
        *extra,
    )
    reports = ()
    if cfd != "not searched":
        sites = (
            ()
            if cfd == "none"
            else (OffTargetSite("A" * 20, Locus("chr2", 5, 25), "TGG", "A" * 20, "A" * 20, 3, cfd=cfd),)
        )
        reports = (OffTargetReport(OffTargetRequest("A" * 20, "NGG"), sites, COVERAGE),)
    return design, Assessment(design.design_id, findings, reports)


def test_tiers_stand_in_their_order():
    made = [pair(route, 100 * n) for n, route in enumerate(EFFECTS)]
    made.append(pair(Route.DISRUPT_REGULATORY_SITE, 1900, stage="approved"))
    made.append(pair(Route.RESTORE_WILD_TYPE, 2000, delivery=Status.FAIL, stage="approved"))
    ranked = rank_designs(made)
    assert [r.tier for r in ranked] == NAMES
    assert [r.rank for r in ranked] == list(range(1, len(NAMES) + 1))
    assert ranked[-1].because == "Stopped: No vehicle is known."
    assert not ranked[-1].on_front


@pytest.mark.parametrize("stage", ["approved", "clinical", "preclinical", "published", ""])
def test_only_use_in_people_makes_the_first_tier(stage):
    [ranked] = rank_designs([pair(Route.KNOCK_OUT, stage=stage)])
    assert (ranked.tier == "used in people") == (stage in {"approved", "clinical"})


@pytest.mark.parametrize("route", [Route.RESTORE_WILD_TYPE, Route.DISRUPT_SPLICE_SITE])
def test_more_harm_than_good_stops_a_design_whatever_else_it_does_well(route):
    [ranked] = rank_designs([pair(route, harm=Status.FAIL, stage="approved", share=0.9)])
    assert ranked.tier == "stopped by a failed rule"
    assert ranked.because == "Stopped: Most alleles would be harmed."


def test_a_failed_rule_that_is_no_gate_stops_nothing():
    [ranked] = rank_designs([pair(extra=(Finding("delivery.also_brain", Status.FAIL, "No vehicle."),))])
    assert ranked.tier == "restores the wild type"


def test_stages_of_use_stand_in_their_order():
    stages = ("approved", "clinical", "preclinical", "published", "")
    made = [pair(Route.DISRUPT_REGULATORY_SITE, 1000 - 100 * n, stage=s) for n, s in enumerate(stages)]
    assert [r.design.precedent_stage for r in rank_designs(made)] == list(stages)


@pytest.mark.parametrize("low", [0.0, 0.1, 0.49])
def test_a_low_share_is_no_better_than_an_unknown_one(low):
    """The next question decides, here the worst off-target, and not that one of them has a figure."""
    for share, other in ((low, None), (None, low), (low, 0.3)):
        first, second = rank_designs(
            [pair(start=500, share=share, cfd=0.1), pair(start=100, share=other, cfd=0.6)]
        )
        assert first.design.guides[0].locus.start == 500
        assert "worst off-target" in second.because


def test_the_yield_counts_before_the_bare_share():
    """A clean genotype at a position that is hardly edited does not pass for a good design."""
    badly_placed = pair(start=100, share=0.95, yielded=0.1)
    well_placed = pair(start=500, share=0.7, yielded=0.65)
    first, second = rank_designs([badly_placed, well_placed])
    assert first.design.guides[0].locus.start == 500
    assert "its expected useful yield is 10% against 65%" in second.because


def test_the_tier_is_what_a_design_does_best():
    design, assessment = pair()
    likely = Outcome((BaseChange(5, "A", "G", 4),), Effect.RESTORES_PROTEIN, True, "", "with a bystander")
    mixed = replace(design, outcomes=(likely, *design.outcomes))
    assert rank_designs([(mixed, assessment)])[0].tier == "restores the wild-type protein"


@pytest.mark.parametrize(
    ("better", "worse", "text"),
    [
        ({"stage": "preclinical"}, {}, "published use has come further (preclinical)"),
        ({"stage": "preclinical"}, {"stage": "published"}, "has come further (preclinical)"),
        ({"stage": "published", "core": Status.CAUTION}, {}, "has come further (published)"),
        ({}, {"core": Status.CAUTION}, "outside the core"),
        ({"bystander": Status.CAUTION}, {"core": Status.CAUTION}, "outside the core"),
        ({}, {"bystander": Status.CAUTION}, "or just outside the window, changes the protein"),
        ({}, {"edge": Status.CAUTION}, "or just outside the window, changes the protein"),
        ({"share": 0.5}, {"edge": Status.CAUTION, "share": 0.9}, "or just outside the window"),
        ({"share": 0.8}, {"share": 0.3}, "its expected useful yield is 30% against 80%"),
        ({"share": 0.5}, {"share": None}, "its expected useful yield is not predicted against 50%"),
        ({"cfd": 0.2}, {"cfd": 0.6}, "scores higher"),
        ({"cfd": "none"}, {"cfd": 0.1}, "fewer edits"),
        ({"cfd": 0.9}, {"cfd": "not searched"}, "were not searched"),
        ({"effector": "spcas9"}, {}, "has been used in people and "),
        (
            {"effector": "spcas9", "extra": (Finding("a.b", Status.UNKNOWN, "?"),)},
            {"effector": "spry"},
            "used in people",
        ),
        ({"cfd": "none"}, {"effector": "spcas9", "cfd": 0.1}, "fewer edits"),
        ({}, {"extra": (Finding("a.b", Status.UNKNOWN, "?"),)}, "leaves 1 questions open against 0"),
        ({}, {"extra": (Finding("a.b", Status.CAUTION, "!"),)}, "has 1 cautions against 0"),
    ],
)
def test_each_question_decides_and_is_named(better, worse, text):
    first, second = rank_designs([pair(start=500, **worse), pair(start=100, **better)])
    assert first.design.guides[0].locus.start == 100
    assert first.because.startswith(TIERS[1][1])
    assert "First in its tier" in first.because
    assert "First in its tier" not in second.because
    assert text in second.because


def test_unknown_never_beats_known_on_the_front():
    known = pair(start=100, share=0.2, cfd=0.9)
    unknown = pair(start=500, share=None, cfd="not searched")
    front = {r.design.guides[0].locus.start: r.on_front for r in rank_designs([unknown, known])}
    assert front == {100: True, 500: False}
    trade = [pair(start=100, share=0.2, cfd=0.1), pair(start=500, share=0.9, cfd=0.8)]
    assert all(r.on_front for r in rank_designs(trade))


def test_near_designs_share_a_card():
    at = [pair(start=s, effector=e)[0] for s, e in ((100, "a"), (105, "b"), (106, "c"))]
    assert near_identical(at[0], at[1])
    assert not near_identical(at[0], at[2])
    assert not near_identical(at[0], pair(start=100, label="other")[0])
    assert not near_identical(at[0], pair(Route.RESTORE_PROTEIN, 100)[0])
    minus = replace(at[0].guides[0], locus=Locus("chr1", 100, 120, "-"))
    assert not near_identical(at[0], replace(at[0], guides=(minus,)))
    ranked = rank_designs(
        [pair(start=s, effector=e, share=x) for s, e, x in ((100, "a", 0.9), (105, "b", 0.2))]
    )
    assert {r.group for r in ranked} == {"group-1"}
    assert ranked[1].because.startswith(
        "A variant of the design above: its expected useful yield is 20% against 90%"
    )


def test_a_stopped_design_never_stands_in_the_group_of_a_standing_one():
    ranked = rank_designs(
        [
            pair(start=100, effector="a", delivery=Status.FAIL),
            pair(start=101, effector="b"),
            pair(Route.KNOCK_OUT, 900),
        ]
    )
    assert [r.tier.startswith("stopped") for r in ranked] == [False, False, True]


def many(seed):
    rng = random.Random(seed)
    return [
        pair(
            rng.choice(list(EFFECTS)),
            rng.randrange(100, 160),
            effector=f"editor{n}",
            share=rng.choice([None, 0.2, 0.5, 0.9]),
            cfd=rng.choice(["none", "not searched", 0.1, 0.7]),
            bystander=rng.choice([Status.PASS, Status.CAUTION]),
            core=rng.choice([Status.PASS, Status.CAUTION]),
            delivery=rng.choice([Status.PASS, Status.PASS, Status.FAIL]),
            harm=rng.choice([Status.PASS, Status.UNKNOWN, Status.FAIL]),
            edge=rng.choice([Status.PASS, Status.CAUTION]),
            stage=rng.choice(["", "published", "preclinical", "clinical"]),
            label=rng.choice(["x", "y"]),
        )
        for n in range(40)
    ]


@pytest.mark.parametrize("seed", range(15))
def test_any_order_of_input_gives_the_same_ranking_with_true_sentences(seed):
    made = many(seed)
    ranked = rank_designs(made)
    shuffled = list(made)
    random.Random(seed + 1).shuffle(shuffled)
    assert rank_designs(shuffled) == ranked
    assert sorted(r.design.design_id for r in ranked) == sorted(d.design_id for d, _ in made)
    assert [r.rank for r in ranked] == list(range(1, 41))
    stopped = [r.tier.startswith("stopped") for r in ranked]
    assert stopped == sorted(stopped)
    groups = [r.group for r in ranked]
    assert all(a == b or b not in groups[: i + 1] for i, (a, b) in enumerate(pairwise(groups)))
    assert any(r.on_front for r in ranked)
    firsts = [r.tier for r in ranked if "First in its tier" in r.because]
    assert len(firsts) == len(set(firsts))
    leads = {r.group: r for r in reversed(ranked)}
    assert [NAMES.index(r.tier) for r in sorted(leads.values(), key=lambda r: r.rank)] == sorted(
        NAMES.index(r.tier) for r in leads.values()
    )
    for r in ranked:
        assert r.because.endswith(".")
        assert not re.search(r"None|nan", r.because)
        if "only one in its tier" in r.because:
            assert [o.tier for o in ranked].count(r.tier) == 1
        if r is not leads[r.group] and not r.tier.startswith("stopped"):
            assert r.because.startswith("A variant of the design above")


def test_nothing_to_rank():
    assert rank_designs([]) == ()


def test_strength_says_only_what_was_asked_of_the_design():
    """An oligo has no editing window and no bystander: neither may be said to be good."""
    design, assessment = pair(start=500, share=0.001)
    asked = ("edit.target_in_core_window", "edit.coding_bystander", "edit.just_outside_window")
    bare = replace(assessment, findings=tuple(f for f in assessment.findings if f.rule not in asked))
    [first, _] = rank_designs([(design, bare), pair(start=100, core=Status.CAUTION)])
    assert first.because.endswith("First in its tier: <1% expected useful yield.")


def test_yields_that_read_alike_are_not_set_against_each_other():
    _, second = rank_designs([pair(start=100, share=0.2203), pair(start=104, share=0.2201)])
    assert second.because.endswith("its expected useful yield is 22.0% too, less by what rounding hides.")
