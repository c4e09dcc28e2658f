"""A variant outside the reference: a plan that refuses and says what it needs, or an error where the case is wrong."""

from __future__ import annotations

import pytest
from planning_cases import HOM, MODELS, REFERENCE, case_of, inputs_of, stated

from revertant.errors import RevertantError
from revertant.genome import GeneModels, Reference
from revertant.model import Disease, Status
from revertant.planning import PlanOptions, make_plan, resolve_case
from revertant.planning.outside import OUTSIDE

SICKLE = "NM_000518.5:c.20A>T"
ABCA4 = ("NM_000350.3:c.1938-1G>A", "NC_000001.11:g.94060760C>T")


def plan_of(*variants, **more):
    return make_plan(inputs_of(case_of(*variants, **more)), PlanOptions(search_off_targets=False))


def test_gene_outside_gives_a_plan_that_refuses_and_says_what_it_needs():
    plan = plan_of(stated(*ABCA4, gene="ABCA4"), diseases=(Disease("OMIM:248200", "Stargardt disease 1"),))
    assert (plan.targets, plan.strategies, plan.designs) == ((), (), ())
    assert (
        plan.question
        == "Which gene therapies could treat Stargardt disease 1 from ABCA4 c.1938-1G>A (heterozygous)?"
    )
    assert "No design can be put forward" in plan.verdict
    assert "does not reach it" in plan.verdict
    first = plan.unknowns[0]
    assert first.rule == OUTSIDE
    assert "ABCA4" in first.question
    assert "no whole genome" in first.why_it_matters
    assert "NC_000001.11:g.94060760C>T" in first.how_to_find_out
    assert "--models that hold ABCA4" in first.how_to_find_out
    assert sum(unknown.rule == OUTSIDE for unknown in plan.unknowns) == 1
    rejected = {rejection.modality for rejection in plan.rejections}
    assert {"base_editing", "prime_editing", "nuclease", "hdr", "gene_addition"} <= rejected
    assert "car_t" not in rejected
    assert all("Not judged" in rejection.because for rejection in plan.rejections)
    assert [(f.rule, f.status) for f in plan.findings if f.rule == OUTSIDE] == [(OUTSIDE, Status.UNKNOWN)]
    account = next(tally for tally in plan.tallies if tally.name == "case variants")
    assert (account.read, account.kept, dict(account.refused)) == (1, 0, {"outside the reference": 1})


def test_products_are_told_though_the_gene_is_outside():
    plan = plan_of(
        stated("NC_000001.11:g.68438288G>A", gene="RPE65", zygosity=HOM), diseases=(Disease("OMIM:204100"),)
    )
    assert "Luxturna" in {match.product_name for match in plan.products}
    assert "coding sequence alone" in plan.unknowns[0].how_to_find_out


def test_other_genes_are_planned_for_and_the_missing_one_is_said():
    plan = plan_of(stated(SICKLE, zygosity=HOM), stated(*ABCA4, gene="ABCA4", path="variants[1]"))
    assert [target.gene for target in plan.targets] == ["HBB"]
    assert plan.designs
    assert "Nothing was judged for ABCA4" in plan.verdict
    assert plan.unknowns[0].rule == OUTSIDE


def test_a_gene_is_not_planned_for_by_one_of_its_two_variants():
    models = GeneModels([one for one in MODELS.transcripts if one.gene != "HBB"])
    pieces = {"chr2:60495200-60495300": REFERENCE.fetch("chr2", 60495199, 60495300)}
    reference = Reference.from_sequences(pieces)
    both = (stated("chr11:5227002:T:A"), stated("chr11:5226930:C:G", path="variants[1]"))
    resolved = resolve_case(inputs_of(case_of(*both), models=models, reference=reference))
    assert resolved.targets == ()
    assert len(resolved.outside) == 2


@pytest.mark.parametrize(
    ("variant", "code"),
    [
        (stated("chr11:9000001:T:A"), "outside-reference"),  # its gene is there, the place is not the gene's
        (stated("chr99:100:T:A", gene="ABCA4"), "unknown-contig"),  # no genome has it
        (stated("chr1:300000000:T:A", gene="ABCA4"), "unknown-contig"),  # the contig is shorter
        (stated("NM_999999.9:c.20A>T"), "unknown-transcript"),  # the gene is there
    ],
)
def test_what_no_larger_reference_would_mend_stays_an_error(variant, code):
    with pytest.raises(RevertantError) as caught:
        resolve_case(inputs_of(case_of(variant)))
    assert caught.value.code == code


def test_a_variant_whose_gene_nobody_says_stays_an_error():
    alone = stated("NC_000001.11:g.94060760C>T", gene="")
    with pytest.raises(RevertantError):
        resolve_case(inputs_of(case_of(alone)))


def test_a_text_that_is_wrong_comes_before_a_reference_that_is_too_small():
    both = stated("NC_000001.11:g.94060760C>T", "chr11:5227002:G:A", gene="ABCA4")
    with pytest.raises(RevertantError) as caught:
        resolve_case(inputs_of(case_of(both)))
    assert caught.value.code == "ref-mismatch"


def test_transcript_alone_is_outside_where_the_models_lack_the_gene():
    resolved = resolve_case(inputs_of(case_of(stated("NM_000350.3:c.1938-1G>A", gene="ABCA4"))))
    assert [one.gene for one in resolved.outside] == ["ABCA4"]
