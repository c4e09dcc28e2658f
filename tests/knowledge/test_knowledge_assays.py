"""Assays: each modality that edits has some, in the order in which they are run, and no editor is given another's."""

from __future__ import annotations

import pytest

from revertant.knowledge import assays, assays_for, editors
from revertant.modality import modalities

ORDER = ["nominates_in_vitro", "nominates_in_cells", "confirms", "structure", "function", "vector"]


@pytest.mark.parametrize("modality", [one.name for one in modalities()])
def test_every_modality_has_assays_in_order(modality):
    found = assays_for(modality)
    assert found
    kinds = [ORDER.index(one.kind) for one in found]
    assert kinds == sorted(kinds)


@pytest.mark.parametrize("modality", ["nuclease", "hdr", "prime_editing"])
def test_orthogonal_nomination_has_one_in_the_tube_and_one_in_cells(modality):
    kinds = {one.kind for one in assays_for(modality)}
    assert {"nominates_in_vitro", "nominates_in_cells", "confirms"} <= kinds


def test_a_base_editor_gets_the_assays_of_its_own_bases():
    adenine = {one.key for one in assays_for("base_editing", "A")}
    cytosine = {one.key for one in assays_for("base_editing", "C")}
    assert "endov_seq" in adenine - cytosine
    assert "detect_seq" in cytosine - adenine
    assert {one.key for one in assays_for("base_editing")} == adenine | cytosine
    assert {one.key for one in assays_for("base_editing", "AC")} == adenine | cytosine


def test_breaks_are_not_looked_for_where_none_are_made():
    for modality in ("base_editing", "prime_editing", "splice_switching", "epigenome"):
        assert "guide_seq" not in {one.key for one in assays_for(modality)}


def test_modalities_of_the_rows_exist_and_every_row_is_reachable():
    known = {one.name for one in modalities()}
    assert all(set(row.modalities) <= known for row in assays().values())
    assert all(
        row.kind != "nominates_in_cells" or row.sources[0].startswith("doi:") for row in assays().values()
    )
    assert {one.conversions[0][0] for one in editors().values()} <= {"A", "C"}


def test_unknown_modality_has_none():
    assert assays_for("magic") == ()
