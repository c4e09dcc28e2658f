"""Designs without guides: oligos are judged, ranked, grouped and put into words like any other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from planning_cases import case_of, inputs_of, stated

from revertant.genome import GeneModels
from revertant.genome.reference import Reference
from revertant.modality.splice_switching import SPLICE_SWITCHING
from revertant.modality.splice_switching import design as room
from revertant.model import (
    AntisenseOligo,
    Assessment,
    Design,
    Effect,
    Finding,
    Locus,
    Mechanism,
    Outcome,
    Route,
    SpliceChange,
    Status,
    Strand,
    Transcript,
    Zygosity,
)
from revertant.planning import PlanOptions, make_plan, rank_designs
from revertant.planning.ranking import near_identical
from revertant.planning.verdict import verdict_of

CHEMISTRY = "2'-MOE phosphorothioate"


def oligo_design(
    start=100, sequence="ACGTTGCAACGGTACCATGA", route=Route.SKIP_EXON, strand=Strand.PLUS, stage=""
):
    oligo = AntisenseOligo(sequence, Locus("chr1", start, start + 20, strand), CHEMISTRY, "exon 2")
    best = Outcome((), Effect.SPLICE_CHANGED, useful=True, protein="", label="message without exon 2")
    return Design(
        "splice_switching",
        route,
        "G",
        "c.1A>G",
        "antisense_oligo",
        f"Antisense oligo ({CHEMISTRY})",
        (),
        "Hides.",
        (best,),
        precedent_stage=stage,
        antisense=(oligo,),
        splicing=SpliceChange("T.1", (2,)),
    )


def judged(design, delivery=Status.PASS):
    return design, Assessment(design.design_id, (Finding("delivery.vehicle", delivery, "It is given so."),))


def test_oligos_are_ranked_beside_guides():
    used, new, hiding, stopped = rank_designs(
        [
            judged(oligo_design(100)),
            judged(oligo_design(300, route=Route.DISRUPT_SPLICE_SITE)),
            judged(oligo_design(500, stage="approved")),
            judged(oligo_design(700), Status.FAIL),
        ]
    )
    assert used.tier == "used in people"
    assert new.tier == "hides a wrong splice site"
    assert hiding.tier == "leaves exons out"
    assert stopped.because == "Stopped: It is given so."
    assert not stopped.on_front


def looked_up(start, perfect, near):
    facts = (("perfect_matches_elsewhere", str(perfect)), ("one_mismatch_elsewhere", str(near)))
    return judged(replace(oligo_design(start), facts=facts))


def test_fewer_matches_elsewhere_stand_first():
    pairs = [looked_up(100, 1, 0), looked_up(200, 0, 0), looked_up(300, 0, 4), judged(oligo_design(400))]
    ranked = rank_designs(pairs)
    assert [r.design.antisense[0].locus.start for r in ranked] == [200, 300, 100, 400]
    assert "its worst off-target has fewer edits" in ranked[1].because
    assert "not searched" in ranked[3].because


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (oligo_design(104, "CGTTGCAACGGTACCATGAA"), True),
        (oligo_design(106, "TTGCAACGGTACCATGAAAA"), False),
        (oligo_design(101, strand=Strand.MINUS), False),
        (oligo_design(101, route=Route.DISRUPT_SPLICE_SITE), False),
        (replace(oligo_design(101), antisense=()), False),
    ],
)
def test_oligos_that_start_near_each_other_are_one_idea(other, alike):
    assert near_identical(oligo_design(100), other) is alike
    assert near_identical(other, oligo_design(100)) is alike


def test_the_verdict_names_oligo_and_exon():
    assert "ACGTTGCAACGGTACCATGA, to leave out exon 2 for c.1A>G" in verdict_of(
        rank_designs([judged(oligo_design())]), ()
    )
    hiding = rank_designs([judged(oligo_design(route=Route.DISRUPT_SPLICE_SITE))])
    assert "to hide the wrong splice site made by c.1A>G" in verdict_of(hiding, ())


EXON = "GCTCAAGAAGTCTCTGACAGCAATGAAGCTGACTCCAACCTGAAGGAC"
INTRON = "GTAAGTATTTACATACAATTTAACATTTATACATTACATTTCTAACTTCTCTTTCTTTTTTCTCCACAG"


def toy_inputs(tissue="spinal cord"):
    """Four coding exons in frame; the variant puts a stop into the second."""
    parts = ["ATG" + EXON, EXON, EXON, EXON + "TAA"]
    text, exons = "CATTAACATTACATTTACAT" * 4, []
    for number, part in enumerate(parts):
        exons.append((len(text), len(text) + len(part)))
        text += part + (INTRON if number < 3 else "")
    text += "CATTACATTTAACATTACAT" * 4
    gene = Transcript("NM_9.1", "TOY", "toy", Strand.PLUS, tuple(exons), (exons[0][0], exons[3][1]), True)
    start = exons[1][0] + 3
    assert text[start : start + 3] == "CAA"
    variant = stated(
        f"toy:{start + 1}:C:T", gene="TOY", zygosity=Zygosity.HOMOZYGOUS, mechanism=Mechanism.LOSS_OF_FUNCTION
    )
    case = case_of(variant, tissue=tissue, diseases=())
    return inputs_of(case, models=GeneModels([gene]), reference=Reference.from_sequences({"toy": text}))


@pytest.fixture(scope="module")
def plan():
    return make_plan(toy_inputs())


def test_a_plan_holds_oligos_beside_searched_guides(plan):
    oligos = [ranked for ranked in plan.designs if ranked.design.antisense]
    guides = [ranked for ranked in plan.designs if ranked.design.guides]
    assert oligos
    assert guides
    assert all(not ranked.assessment.off_targets for ranked in oligos)
    assert all(ranked.assessment.off_targets for ranked in guides)
    skipping = [ranked for ranked in oligos if ranked.design.route is Route.SKIP_EXON]
    assert {ranked.tier for ranked in skipping} == {"leaves exons out"}
    assert {ranked.design.splicing.skipped for ranked in skipping} == {(2,)}
    assert any(unknown.rule == "splice.result_on_rna" for unknown in plan.unknowns)


def test_a_disease_of_the_whole_body_is_told_in_words_and_what_to_do():
    inputs = toy_inputs("widespread")
    options = PlanOptions(modalities=("splice_switching",), search_off_targets=False)
    open_ones = [
        one
        for one in make_plan(inputs, options).unknowns
        if "acted in" in f"{one.question} {one.why_it_matters}"
    ]
    assert open_ones
    for one in open_ones:
        assert "acted in every tissue that would need it" in f"{one.question} {one.why_it_matters}"
        assert one.how_to_find_out != "See the finding."


def test_oligos_alone_need_no_search(monkeypatch):
    """Nothing is searched where no design has a guide, and the plan says so."""
    monkeypatch.setattr(room, "base_edit_designs", lambda *_: [])
    monkeypatch.setattr(room, "cut_designs", lambda *_: [])
    monkeypatch.setattr(room, "excision_designs", lambda *_: [])
    inputs = toy_inputs()
    plan = make_plan(inputs, PlanOptions(modalities=(SPLICE_SWITCHING.name,)))
    assert plan.designs
    assert all(ranked.design.antisense and not ranked.design.guides for ranked in plan.designs)
    assert plan.coverage is None
    assert plan.off_targets == ()
