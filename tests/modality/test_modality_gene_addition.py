"""Whether adding a gene makes sense: mechanism, way there, size on the curve, and level."""

from __future__ import annotations

import pytest

from revertant.modality import modality_named
from revertant.model import Case, EditingPlace, Mechanism, Status, Strand, Subject, Target, Transcript

ADDITION = modality_named("gene_addition")
CASE = Case("c", Subject("s"), ())


def target(gene="G", coding_bp=1500, tissue="liver", mechanism=Mechanism.LOSS_OF_FUNCTION, **more):
    transcript = Transcript(
        "T.1", gene, "c", Strand.PLUS, ((0, coding_bp or 9),), (0, coding_bp) if coding_bp else None
    )
    tissues = (tissue,) if tissue else ()
    fields = {"editing_place": EditingPlace.IN_VIVO, "biallelic": True, **more}
    return Target(gene, transcript, (), mechanism, tissues=tissues, **fields)


def findings(one):
    [strategy] = ADDITION.eligibility(one, CASE)
    return strategy, {finding.rule: finding for finding in strategy.findings}


def test_a_lacking_product_with_a_way_and_room_is_eligible():
    strategy, found = findings(target())
    assert strategy.is_eligible
    assert found["vector.vehicle"].status is Status.PASS
    assert found["vector.cargo_fits"].status is Status.PASS
    assert found["vector.dosage_sensitive"].status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("more", "rule", "status", "eligible"),
    [
        ({"tissue": "kidney"}, "vector.vehicle", Status.FAIL, False),
        ({"tissue": ""}, "vector.vehicle", Status.UNKNOWN, False),
        ({"mechanism": Mechanism.DOMINANT_NEGATIVE}, "mechanism.addition", Status.FAIL, False),
        ({"mechanism": Mechanism.UNKNOWN}, "mechanism.addition", Status.UNKNOWN, False),
        ({"gene": "MECP2", "tissue": "brain"}, "vector.dosage_sensitive", Status.CAUTION, True),
        ({"coding_bp": 0}, "vector.cargo_fits", Status.UNKNOWN, False),
        ({"biallelic": None}, "mechanism.addition", Status.UNKNOWN, False),
        ({"coding_bp": 3900}, "vector.cargo_fits", Status.PASS, True),
        ({"coding_bp": 3912}, "vector.cargo_fits", Status.CAUTION, True),
        ({"coding_bp": 4209}, "vector.cargo_fits", Status.CAUTION, True),
        ({"coding_bp": 11_058}, "vector.cargo_fits", Status.CAUTION, True),
    ],
)
def test_each_rule_decides_alone(more, rule, status, eligible):
    strategy, found = findings(target(**more))
    assert found[rule].status is status
    assert strategy.is_eligible is eligible
    assert found[rule].because.endswith(".")


def test_size_is_told_by_the_curve_and_oversized_is_never_offered():
    _, near = findings(target(coding_bp=4200))
    assert "whole genomes as at 4.7 kb" in near["vector.cargo_fits"].because
    _, far = findings(target(coding_bp=6822, tissue="retina"))
    assert "an oversized one is never proposed" in far["vector.cargo_fits"].because


def test_what_is_not_packaged_in_an_aav_is_not_bound_by_it():
    one = target(coding_bp=6000, tissue="haematopoietic stem cell", editing_place=EditingPlace.EX_VIVO)
    _, found = findings(one)
    assert found["vector.cargo_fits"].status in {Status.PASS, Status.CAUTION}
    assert found["vector.vehicle"].status is Status.PASS
