"""Tiers: one rule, the same for one site and for columns, never looser for a worse site."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import UsageError
from revertant.model import Locus, OffTargetSite, Region, SiteOrigin
from revertant.offtarget.scoring.tiers import (
    CFD_STEPS,
    FEW_EDITS,
    HIGH_CFD,
    TIER_MEANINGS,
    TIER_RULES,
    Tier,
    tier_counts,
    tier_of,
    tier_of_site,
    tiers_of,
)

EDITS = st.integers(0, 12)
CFD = st.one_of(st.none(), st.floats(0, 1), st.sampled_from(CFD_STEPS))


@pytest.mark.parametrize(
    ("edits", "cfd", "number"),
    [
        (0, None, 1), (0, 0.0, 1), (2, 0.0, 1), (2, None, 1), (3, None, 2), (4, None, 3), (5, None, 4), (6, None, 5),
        (9, None, 5), (3, 0.5, 1), (6, 1.0, 1), (3, 0.4999, 2), (4, 0.2, 2), (4, 0.1999, 3), (4, 0.1, 3), (4, 0.05, 4),
        (3, 0.0499, 5), (3, 0.0, 5),
    ],
)  # fmt: skip
def test_the_table_of_the_documentation(edits, cfd, number):
    assert tier_of(edits, cfd) == Tier(number)


def test_constants_are_the_first_tiers():
    assert (HIGH_CFD, FEW_EDITS, len(TIER_MEANINGS)) == (0.5, 2, len(CFD_STEPS) + 1)
    assert list(CFD_STEPS) == sorted(CFD_STEPS, reverse=True)
    assert all(meaning.endswith(".") for meaning in TIER_MEANINGS)
    assert [tier_of(edits, None).meaning for edits in (2, 3, 4, 5, 6)] == list(TIER_MEANINGS)


@given(
    EDITS, CFD, st.sampled_from([None, *Region]), st.lists(st.sampled_from(["cancer gene", "essential gene"]))
)
def test_the_place_marks_and_does_not_move(edits, cfd, region, lists):
    tier = tier_of(edits, cfd, region, lists)
    assert tier.number == tier_of(edits, cfd).number
    assert tier.marks[len(tier.marks) - len(lists) :] == tuple(lists)
    assert ("coding" in tier.marks) == (region is Region.CDS)
    assert ("splice site" in tier.marks) == (region is Region.SPLICE)


@given(EDITS, CFD, st.integers(0, 4), st.floats(0, 1))
def test_a_closer_site_is_never_in_a_later_tier(edits, cfd, fewer, more):
    assert tier_of(max(edits - fewer, 0), cfd).number <= tier_of(edits, cfd).number
    if cfd is not None:
        assert tier_of(edits, max(cfd, more)).number <= tier_of(edits, cfd).number


@given(st.lists(st.tuples(EDITS, CFD)))
def test_columns_and_sites_agree(rows):
    edits = [row[0] for row in rows]
    # What stands where CFD is not defined does not matter, not even NaN.
    cfd = [np.nan if row[1] is None else row[1] for row in rows]
    found = tiers_of(edits, cfd, [row[1] is not None for row in rows])
    assert found.dtype == np.uint8
    assert found.tolist() == [tier_of(*row).number for row in rows]


@pytest.mark.parametrize(("edits", "cfd"), [(-1, None), (3, -0.1), (3, 1.1), (3, float("nan"))])
def test_what_is_no_site_is_refused(edits, cfd):
    with pytest.raises(UsageError):
        tier_of(edits, cfd)
    with pytest.raises(UsageError):
        tiers_of([1, edits], [0.1, cfd or 0.0], [True, cfd is not None])


SITE = OffTargetSite("ACGT", Locus("chr1", 0, 4), "AGG", "ACGT", "ACTT", 3)


def test_a_lost_site_has_the_tier_of_the_reference_and_is_not_counted():
    lost = replace(SITE, origin=SiteOrigin.LOST, reference_cfd=0.6)
    changed = replace(SITE, origin=SiteOrigin.CHANGED, cfd=0.15, reference_cfd=0.6)
    assert [tier_of_site(site).number for site in (SITE, lost, changed)] == [2, 1, 3]
    assert tier_counts([SITE, lost, changed]) == (0, 1, 1, 0, 0)
    marked = replace(SITE, region=Region.CDS, gene_lists=("cancer gene",))
    assert tier_of_site(marked).marks == ("coding", "cancer gene")


def test_each_rule_says_what_the_function_does():
    """The words of a rule, read back, are the steps."""
    assert len(TIER_RULES) == len(TIER_MEANINGS)
    for number, words in enumerate(TIER_RULES, start=1):
        for score in re.findall(r"CFD ([0-9.]+)", words):
            assert tier_of(9, float(score)).number == number
            assert tier_of(9, float(score) - 1e-9).number == number + 1
        for edits in re.findall(r"(\d+) edits", words):
            assert tier_of(int(edits), None).number == number


def test_text():
    assert str(tier_of(1, None)) == "tier 1"
    assert str(tier_of(9, 0.3, Region.SPLICE, ("essential gene",))) == "tier 2 (splice site, essential gene)"
