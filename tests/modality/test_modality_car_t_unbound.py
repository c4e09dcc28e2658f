"""What a therapy is without its receptor, and what is asked for to make it whole."""

from __future__ import annotations

import pytest

from revertant import knowledge
from revertant.modality.car_t.therapy import TherapyGround
from revertant.modality.car_t.unbound import (
    can_stand_without,
    holds_residues,
    needed_binder,
    therapy_without_receptor,
)
from revertant.model import CellProduct, CellSource, Status


@pytest.mark.parametrize("antigen", ["CD7", "CD5", "CD2"])
@pytest.mark.parametrize("source", list(CellSource))
def test_the_antigen_is_removed_and_the_receptor_is_what_fails(antigen, source):
    whole = therapy_without_receptor(antigen, TherapyGround(cells=CellProduct(source=source)))
    car = whole.design.car
    assert (whole.design.vector, car.protein, car.attacked) == (None, "", (antigen,))
    assert antigen in [edit.gene for edit in car.edit_set.edits]
    failed = [finding.rule for finding in whole.assessment.findings if finding.status is Status.FAIL]
    assert failed[0] == "receptor.binder"
    assert car.watch


def test_what_is_needed_names_the_format_and_the_records():
    lacking, needed = needed_binder("CD7")
    assert lacking.status is Status.FAIL
    assert needed.status is Status.UNKNOWN
    for word in (
        "role = 'variable_domain'",
        "fold",
        "protein",
        "length_aa",
        "antigen = 'CD7'",
        "domains",
        "--parts",
    ):
        assert word in needed.because
    assert needed.sources == ("patent:EP4501953A1", "patent:WO2025109223A1", "patent:US20170226204A1")


def test_binders_that_the_catalogue_knows_without_residues_are_named():
    lacking, _ = needed_binder("ERBB2")
    assert "Of the binders of ERBB2 in the catalogue no residues are held" in lacking.because
    assert "trastuzumab_vh" in lacking.because


def test_residues_are_held_or_not():
    assert holds_residues("CD19", {}, {})
    assert not holds_residues("ERBB2", {}, {})
    assert not holds_residues("CD7", {}, {})


def test_only_what_a_catalogue_knows_is_planned_without_a_receptor():
    assert can_stand_without("CD7")
    assert can_stand_without("GPRC5D") is (knowledge.antigen_named("GPRC5D") is not None)
    assert not can_stand_without("NOTAGENE")
