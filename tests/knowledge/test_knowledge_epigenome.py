"""Every epigenome editor row, and the windows its sources give."""

import dataclasses

import pytest

from revertant.knowledge import EpigenomeEditor, epigenome_editors
from revertant.knowledge.nucleases import nucleases

ROWS = list(epigenome_editors().values())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_rows_keep_the_contract(row):
    assert row.base is nucleases()[row.nuclease]
    assert list(row.problems()) == []
    assert row.least_cargo_bp > row.base.cds_bp
    assert row.direction == ("silence" if row.name.startswith(("CRISPRi", "CRISPRoff")) else "raise")
    assert row.durability.endswith(".")


def test_windows_are_the_published_ones():
    """CRISPRiaDesign's library windows, and the stretches crisprVerse names after Sanson 2018."""
    rows = epigenome_editors()
    assert rows["crispri_krab"].window == (-25, 500)
    assert rows["crispra_vp64"].window == (-550, -25)
    assert rows["crispri_krab"].core_window == (25, 75)
    assert rows["crispra_vp64"].core_window == (-150, -75)
    assert {row.key for row in ROWS if row.checked} == {"crispri_krab", "crispra_vp64"}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"core_window": (-60, 75)}, "does not lie in window"),
        ({"fused_residues": 0}, "fused to something"),
        ({"durability_sources": ()}, "no source"),
        ({"checked_against": ""}, "go together"),
        ({"methylates": True, "direction": "raise"}, "methylation silences"),
        ({"needs_methylated": True}, "taking methylation off raises"),
    ],
)
def test_faults_are_named(change, text):
    good: EpigenomeEditor = epigenome_editors()["crispri_krab"]
    assert text in "; ".join(dataclasses.replace(good, **change).problems())
