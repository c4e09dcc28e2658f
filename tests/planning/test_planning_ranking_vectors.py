"""The order of vectors: how far the vehicle has come, then the maker's own order; never by counting questions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from revertant.model import (
    Assessment,
    Design,
    Effect,
    Estimate,
    Finding,
    GenomeForm,
    Outcome,
    Route,
    Status,
    Vector,
)
from revertant.planning import rank_designs


def pair(
    alternative, evidence="approved", *, whole=1.0, unknowns=0, fails="", capsid="AAV9", route="intravenous"
):
    vector = Vector(
        GenomeForm.SINGLE_STRANDED_AAV,
        capsid,
        capsid,
        route,
        "liver",
        (),
        (),
        (),
        (),
        full_length=(Estimate(whole, "share", "m"),),
        stage=evidence,
        preference=alternative,
        stands_because=f"it is the maker's number {alternative}",
    )
    design = Design(
        "gene_addition",
        Route.ADD_GENE,
        "G",
        "G",
        f"vehicle_{alternative}",
        f"vector {alternative}",
        (),
        "Adds.",
        (Outcome((), Effect.GENE_ADDED, True, "", "a working copy"),),
        vector=vector,
    )
    findings = [Finding("delivery.vehicle", Status.PASS, "p.")]
    findings += [Finding(f"vector.q{n}", Status.UNKNOWN, "?") for n in range(unknowns)]
    if fails:
        findings.append(Finding(fails, Status.FAIL, "It does not fit."))
    return design, Assessment(design.design_id, tuple(findings))


def names(ranked):
    return [one.design.effector_name for one in ranked]


@given(st.permutations([1, 2, 3, 4]), st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_the_maker_s_order_stands_whatever_is_unknown(order, unknowns):
    made = [pair(number, unknowns=unknowns[number - 1]) for number in order]
    ranked = rank_designs(made)
    assert names(ranked) == [f"vector {number}" for number in (1, 2, 3, 4)]
    assert {one.tier for one in ranked} == {"adds a working copy"}
    assert "Behind vector 1 because it is the maker's number 3" in ranked[2].because
    assert len({one.group for one in ranked}) == 4


def test_a_vehicle_never_used_in_people_stands_behind_one_that_was():
    first, second = rank_designs([pair(1, "preclinical"), pair(2, "clinical")])
    assert names([first, second]) == ["vector 2", "vector 1"]
    assert "vector 2 has been used in people and vector 1 has not" in second.because


def test_capsid_and_route_of_a_fitting_product_come_first():
    made = [pair(1, route="intrathecal"), pair(2, route="intravenous")]
    first, second = rank_designs(made, {("AAV9", "intravenous")})
    assert names([first, second]) == ["vector 2", "vector 1"]
    assert "product whose label fits" in first.because
    assert "product whose label fits" in second.because


def test_a_construct_that_is_not_what_it_says_is_stopped():
    for rule in ("vector.construct", "vector.protein_unchanged", "packaging.length"):
        ranked = rank_designs([pair(1, fails=rule), pair(2)])
        assert names(ranked) == ["vector 2", "vector 1"]
        assert ranked[1].tier == "stopped by a failed rule"
        assert ranked[1].because == "Stopped: It does not fit."


def test_the_front_is_of_evidence_whole_genomes_and_what_is_known():
    made = [pair(1), pair(2, whole=0.5), pair(3, "clinical"), pair(4, unknowns=2)]
    front = {one.design.effector_name for one in rank_designs(made) if one.on_front}
    assert front == {"vector 1"}
    trade = [pair(1, whole=0.5), pair(2, "clinical")]
    assert all(one.on_front for one in rank_designs(trade))
