"""What is known of promoters and of shortened genes: rows that contradict themselves do not load."""

from __future__ import annotations

import pytest

from revertant.errors import ProblemsError
from revertant.knowledge import (
    MiniGene,
    PromoterExperience,
    Tissue,
    load_rows,
    mini_genes,
    promoter_experience,
)

PROMOTER = """
[row]
part = "promoter_cbh"
tissues = ["retina"]
speaks_for = true
because = "it was used there"
sources = ["label:Luxturna"]
as_of = "2026-11-26"
"""
MINI = """
[row]
gene = "F8"
name = "short"
composition = "A part is out."
cds_bp = 300
stage = "tested"
sources = ["uniprot:P00451"]
as_of = "2026-11-26"
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("promoter_cbh", "promoter_nil", "no promoter"),
        ("promoter_cbh", "wpre3", "no promoter"),
        ("there", "there.", "without a full stop"),
        ("retina", "moon", "retina"),
    ],
)
def test_promoter_rows_that_contradict_themselves(old, new, says):
    assert load_rows("x.toml", PromoterExperience, text=PROMOTER)["row"].speaks_for
    with pytest.raises(ProblemsError, match=says):
        load_rows("x.toml", PromoterExperience, text=PROMOTER.replace(old, new))


@pytest.mark.parametrize(("old", "new", "says"), [("out.", "out", "sentence"), ("300", "301", "codons")])
def test_shortened_genes_that_contradict_themselves(old, new, says):
    assert load_rows("x.toml", MiniGene, text=MINI)["row"].cds_bp == 300
    with pytest.raises(ProblemsError, match=says):
        load_rows("x.toml", MiniGene, text=MINI.replace(old, new))


def test_what_holds_everywhere_holds_in_each_tissue():
    assert all(
        [one.speaks_for for one in promoter_experience("promoter_cmv", tissue)] == [False]
        for tissue in Tissue
    )
    assert promoter_experience("promoter_mhck7", Tissue.RETINA) == ()


def test_only_what_is_known_to_the_residue_has_a_length():
    assert [key for key, mini in mini_genes().items() if mini.cds_bp] == ["bdd_f8_sq"]
    assert mini_genes()["bdd_f8_sq"].cds_bp == 3 * (2351 - 894 + 1)
