"""Each guide-level number is the formula its name says."""

from __future__ import annotations

import pytest

from revertant.model import Locus, OffTargetRequest, OffTargetSite, SiteOrigin
from revertant.offtarget import AGGREGATES
from revertant.offtarget.scoring.aggregates import SiteSums, aggregate, sums_of

GUIDE = "ATGGTCGGACTCCCTGCCAG"
HALF = "ATGGTGGGACTCCCTGCCAG"  # CFD 0.5 beside NGG
REQUEST = OffTargetRequest(GUIDE, "NRG")


def _site(target: str, start: int, pam: str = "AGG", **more: object) -> OffTargetSite:
    mismatches = sum(a != b for a, b in zip(GUIDE, target, strict=True))
    return OffTargetSite(GUIDE, Locus("chr1", start, start + 20), pam, GUIDE, target, mismatches, **more)


def _values(sites, target_count=1) -> list[float | None]:
    return [estimate.value for _, estimate in aggregate(REQUEST, sums_of(sites), target_count)]


def test_formulas_differ_and_are_named():
    two_halves = [_site(HALF, 100), _site(HALF, 200)]
    mit_hit = 100 * (1 - 0.395)
    expected = [1 / 2, 1 / 2, round(10000 / (100 + 2 * mit_hit)), round(10000 / 101)]
    assert _values(two_halves) == pytest.approx(expected)
    assert tuple(name for name, _ in aggregate(REQUEST, sums_of(two_halves), 1)) == AGGREGATES
    for _, estimate in aggregate(REQUEST, sums_of(two_halves), 1):
        assert estimate.sources
        assert "sum of" in estimate.method


def test_a_second_perfect_match_halves_the_guidescan_formula():
    assert _values([_site(GUIDE, 100)])[:2] == [0.5, 0.5]


def test_guidescan_counts_one_where_no_perfect_match_was_found():
    assert _values([], target_count=0)[1] == 1.0
    assert _values([_site(HALF, 100)], target_count=0)[1] == pytest.approx(1 / 1.5)


def test_other_pams_count_less_in_mit():
    assert _values([_site(GUIDE, 100, "AAG")])[2] == round(10000 / 120)


def test_lost_and_bulged_sites_do_not_count_and_two_alleles_count_once():
    lost = _site(HALF, 100, origin=SiteOrigin.LOST, haplotypes=("1", "2"))
    bulged = OffTargetSite(
        GUIDE, Locus("chr1", 300, 319), "AGG", GUIDE, GUIDE[:9] + "-" + GUIDE[10:], 0, 0, 1
    )
    assert _values([lost, bulged]) == [1.0, 1.0, 100.0, 100.0]
    alleles = [_site(GUIDE, 200, haplotypes=("1",)), _site(HALF, 200, haplotypes=("2",))]
    assert _values(alleles)[0] == 0.5


def test_ambiguous_sites_are_left_out_and_counted():
    [(_, estimate), *_] = aggregate(REQUEST, sums_of([_site(GUIDE[:5] + "R" + GUIDE[6:], 100)]), 1)
    assert estimate.value == 1.0
    assert "1 sites with ambiguous bases left out" in estimate.method


@pytest.mark.parametrize(("spacer", "pam"), [("A" * 21, "NNGRRT"), ("A" * 20, "NG"), ("A" * 19, "NGG")])
def test_not_defined_outside_the_domain(spacer, pam):
    for _, estimate in aggregate(OffTargetRequest(spacer, pam), SiteSums(), 1):
        assert estimate.value is None
        assert not estimate.in_domain
        assert "The score is defined for" in estimate.method


def test_a_perfect_match_that_has_no_cfd_is_not_divided_by():
    """An ambiguous base fits without a mismatch, but CFD is not defined; a weak PAM scores below one."""
    ambiguous = OffTargetSite(GUIDE, Locus("chr1", 100, 120), "AGG", GUIDE, "R" + GUIDE[1:], 0)
    assert _values([ambiguous], target_count=0) == [1.0, 1.0, 100.0, 100.0]
    weak = _site(GUIDE, 100, "AAG")
    for value in _values([ambiguous, weak], target_count=0)[:2]:
        assert 0 < value <= 1
