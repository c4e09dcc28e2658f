"""Shares from the adenine editor screen: rates, genotypes, domain, and the card's figure."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.knowledge import editors
from revertant.prediction import (
    EditableBase,
    card_of,
    intended_edit_fraction,
    load_model,
    screen_profile,
)
from revertant.prediction.model_file import model_digest
from revertant.prediction.screen import SCREEN_EDITORS, measured_fraction

SPACER = st.text(alphabet="ACGT", min_size=20, max_size=20)
ONE_A = "GCTTACGGTCGGTCGGTCGG"


def bases_of(spacer, last=12):
    return [EditableBase(i, "A", "G") for i, letter in enumerate(spacer[:last], start=1) if letter == "A"]


@given(SPACER)
def test_genotype_shares_sum_to_one(spacer):
    bases = bases_of(spacer, 9)
    profile = screen_profile("abe8e_ng", spacer, "TGG")
    shares = profile.genotype_shares(bases)
    if shares:
        assert sum(item.share.value for item in shares) == pytest.approx(1)
        sets = [
            edited
            for n in range(1, len(bases) + 1)
            for edited in combinations([b.position for b in bases], n)
        ]
        assert profile.share_of_any(sets, bases).value == pytest.approx(1)
    else:
        assert profile.share_of_any([()], bases).value is None


@given(SPACER)
def test_only_adenines_have_a_rate(spacer):
    rates = screen_profile("", spacer, "AGT").rates
    assert [rate > 0 for rate in rates] == [letter == "A" for letter in spacer]
    assert all(rate < 1 for rate in rates)


def test_editors_named_are_out_of_domain_and_others_have_nothing():
    for key in SCREEN_EDITORS:
        assert editors()[key].base_changes == (("A", "G"),)
        assert not editors()[key].profile
        share = screen_profile(key, ONE_A, "TGG").share_of_any([(5,)], bases_of(ONE_A))
        assert share.value == pytest.approx(1)
        assert not share.in_domain
        assert "does not name" in share.method
    assert screen_profile("abemax", ONE_A, "TGG") is None
    assert screen_profile("abe8e_ng", ONE_A[1:], "TGG") is None
    assert screen_profile("abe8e_ng", ONE_A, "TTG") is None


def test_a_single_adenine_is_nearly_always_edited_alone():
    one = intended_edit_fraction(ONE_A, "TGG", 5)
    two = intended_edit_fraction("GCTTAAGGTCGGTCGGTCGG", "TGG", 5)
    assert one.in_domain
    assert one.value > 0.5 > two.value
    assert one.low <= one.value <= one.high


@pytest.mark.parametrize(
    ("spacer", "pam", "position", "why"),
    [
        (ONE_A, "TGG", 4, "no adenine"),
        ("ACTTACGGTCGGTCGGTCGG", "TGG", 1, "positions 4 to 8"),
        (ONE_A, "TTG", 5, "beside NG"),
        (ONE_A[:19], "TGG", 5, "19 nt"),
    ],
)
def test_what_the_screen_did_not_test_is_not_defined(spacer, pam, position, why):
    found = intended_edit_fraction(spacer, pam, position)
    assert found.value is None
    assert not found.in_domain
    assert why in found.method
    assert intended_edit_fraction(ONE_A, "TGG", 5, editor="be4max").value is None


def test_the_fraction_counts_clean_reads_of_all_edited():
    import numpy as np  # noqa: PLC0415

    rates = np.array([0.5, 0.2])
    clean = {"clean": np.array([0.0])}  # a share of one half
    # edited or otherwise changed: all but the clean unedited; intended: only the first, and clean
    assert measured_fraction(rates, 1, clean) == pytest.approx(0.5 * 0.8 * 0.5 / (1 - 0.5 * 0.8 * 0.5))


def test_the_card_is_of_these_weights_and_beats_the_profile():
    card = card_of("adenine_screen")
    assert card.digest == model_digest("adenine_screen")
    assert load_model("adenine_screen").band.level == 0.8
    by_metric = {figure.metric.split(",")[0]: figure for figure in card.figures}
    assert by_metric["Spearman"].low > by_metric["Spearman"].baseline_value
    assert by_metric["mean absolute error"].high < by_metric["mean absolute error"].baseline_value
