"""Pairs of cuts: the order against all pairs made one by one, what never enters, and what is said."""

from __future__ import annotations

import random
import time
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import UsageError
from revertant.model import (
    Coverage,
    Locus,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    PamSide,
    SiteCount,
    SiteOrigin,
    Strand,
    Tally,
)
from revertant.offtarget.annotation import translocations
from revertant.offtarget.annotation.translocations import (
    WORST_OF_EACH_GUIDE,
    cut_position,
    translocation_pairs,
)
from revertant.offtarget.stream.report import site_order

SPACER = "CTAACAGTTGCTTTTATCAC"
COVERAGE = Coverage(1, (), False, ("reference",), "")


def _site(contig: str, start: int, cfd: float | None, mismatches: int = 3, **more: object) -> OffTargetSite:
    strand = more.pop("strand", Strand.PLUS)
    locus = Locus(contig, start, start + 20, strand)
    return OffTargetSite(SPACER, locus, "AGG", SPACER, SPACER, mismatches, cfd=cfd, **more)


def _report(*sites: OffTargetSite, pam: str = "NGG", **more: object) -> OffTargetReport:
    ordered = tuple(sorted(sites, key=site_order))
    return OffTargetReport(OffTargetRequest(SPACER, pam), ordered, COVERAGE, **more)


def _random_report(rng: random.Random, pam: str) -> OffTargetReport:
    sites = []
    for _ in range(rng.randint(0, 12)):
        origin = rng.choice((SiteOrigin.REFERENCE, SiteOrigin.REFERENCE, SiteOrigin.GAINED, SiteOrigin.LOST))
        lost = origin is SiteOrigin.LOST
        cfd = None if pam != "NGG" or lost or rng.random() < 0.1 else rng.choice((0.05, 0.25, 0.5, 0.9, 1.0))
        sites.append(
            _site(
                rng.choice(("chr1", "chr2")),
                rng.randrange(0, 400, 7),
                cfd,
                rng.randint(0, 4),
                origin=origin,
                strand=rng.choice(list(Strand)),
            )
        )
    return _report(*sites, pam=pam)


def _all_pairs(reports, targets, offset):
    """Every pair, made one by one, in the order promised."""
    by_cfd = all(report.request.pam == "NGG" for report in reports)
    cuts = []
    for guide, (report, target) in enumerate(zip(reports, targets, strict=True)):
        if target is not None:
            cuts.append((1.0, 0, False, target, guide))
        seen = set()
        usable = [
            site
            for site in report.sites
            if site.origin is not SiteOrigin.LOST and (site.cfd is not None or not by_cfd)
        ]
        for site in sorted(usable, key=lambda site: -site.cfd if by_cfd else site.edits):
            place = (
                site.locus.contig,
                cut_position(site.locus, PamSide.THREE_PRIME, offset),
                site.locus.strand,
            )
            if place not in seen:
                seen.add(place)
                cuts.append((site.cfd, site.edits, True, site.locus, guide))
    cuts.sort(key=lambda cut: (-cut[0] if by_cfd else 0, *cut[1:]))
    pairs = []
    for (i, one), (j, other) in combinations(enumerate(cuts), 2):
        if not one[3].overlaps(other[3]):
            score = one[0] * other[0] if by_cfd else 1 / (1 + one[1] + other[1])
            pairs.append((-score, i, j, one[3], other[3], one[4], other[4]))
    return sorted(pairs, key=lambda pair: pair[:3])


@given(st.randoms(use_true_random=False), st.integers(1, 60))
def test_the_first_pairs_are_those_of_all_pairs(rng, most):
    pams = [rng.choice(("NGG", "NGG", "NGG", "NGA")) for _ in range(rng.randint(1, 3))]
    reports = [_random_report(rng, pam) for pam in pams]
    targets = [rng.choice((None, Locus("chr1", 800 + 5 * i, 820 + 5 * i))) for i in range(len(reports))]
    names = [f"g{i}" for i in range(len(reports))]
    found = translocation_pairs(names, reports, targets, cut_offset=3, most=most)
    expected = _all_pairs(reports, targets, 3)[:most]
    assert [(p.score, p.first, p.second, p.first_guide, p.second_guide) for p in found] == [
        (-score, one, other, names[g], names[h]) for score, _, _, one, other, g, h in expected
    ]
    assert all(0 <= pair.score <= 1 for pair in found)
    assert found == translocation_pairs(names, reports, targets, cut_offset=3, most=most)


def test_kind_and_distance():
    target = Locus("chr1", 100, 120)
    report = _report(_site("chr1", 1000, 0.5, strand=Strand.MINUS), _site("chr9", 100, 0.4))
    near, far, both = translocation_pairs(["a"], [report], [target], cut_offset=3)
    assert (near.kind, near.distance_bp, near.on_target, near.score) == (
        "inversion or deletion",
        1003 - 117,
        True,
        0.5,
    )
    assert (far.kind, far.distance_bp, far.on_target, far.score) == ("translocation", None, True, 0.4)
    assert (both.kind, both.on_target, both.score) == ("translocation", False, 0.2)
    assert near.first == target
    assert "ranking aid, not a measured or predicted frequency" in near.method


def test_a_lost_site_is_never_cut():
    lost = _site("chr3", 0, None, origin=SiteOrigin.LOST, reference_cfd=1.0)
    assert translocation_pairs(["a"], [_report(lost)], [Locus("chr1", 0, 20)], cut_offset=3) == ()
    # Even where a score was left on it by hand, and where edits rank.
    for pam in ("NGG", "NGA"):
        marked = _report(_site("chr3", 0, 1.0, origin=SiteOrigin.LOST), pam=pam)
        assert translocation_pairs(["a"], [marked], [Locus("chr1", 0, 20)], cut_offset=3) == ()


def test_overlapping_sites_are_one_place():
    shifted = _report(_site("chr1", 101, 0.9), _site("chr1", 300, 0.5))
    pairs = translocation_pairs(["a"], [shifted], [Locus("chr1", 100, 120)], cut_offset=3)
    assert [(pair.first.start, pair.second.start) for pair in pairs] == [(100, 300), (101, 300)]


def test_two_spellings_of_one_place_enter_once_by_the_worse():
    kept = _site("chr2", 50, 0.3, haplotypes=("2",))
    changed = _site("chr2", 50, 0.8, origin=SiteOrigin.CHANGED, haplotypes=("1",))
    [pair] = translocation_pairs(["a"], [_report(kept, changed)], [Locus("chr1", 0, 20)], cut_offset=3)
    assert pair.score == 0.8


def test_two_guides_of_one_treatment_cut_together():
    reports = [_report(), _report()]
    targets = [Locus("chr2", 100, 120), Locus("chr2", 700, 720)]
    [pair] = translocation_pairs(["a", "b"], reports, targets, cut_offset=3)
    assert (pair.first_guide, pair.second_guide, pair.distance_bp, pair.score) == ("a", "b", 600, 1.0)


def test_where_cfd_is_undefined_for_one_guide_edits_rank_all():
    reports = [_report(_site("chr2", 0, 0.01, 1)), _report(_site("chr3", 0, None, 4), pam="NGA")]
    pairs = translocation_pairs(["a", "b"], reports, [Locus("chr1", 0, 20), None], cut_offset=3)
    assert [pair.score for pair in pairs] == [1 / 2, 1 / 5, 1 / 6]
    assert "CFD is not defined for every guide" in pairs[0].method


def test_what_does_not_enter_is_said():
    sites = [_site("chr2", 30 * i, 0.2 if i else None) for i in range(WORST_OF_EACH_GUIDE + 2)]
    pairs = translocation_pairs(["a"], [_report(*sites)], [Locus("chr1", 0, 20)], cut_offset=3)
    assert len(pairs) == 100
    assert f"Only the worst {WORST_OF_EACH_GUIDE} off-target sites" in pairs[0].method
    assert "1 site has ambiguous bases" in pairs[0].method
    few = translocation_pairs(["a"], [_report(*sites[1:9])], [Locus("chr1", 0, 20)], cut_offset=3)
    assert "Only" not in few[0].method
    assert "ambiguous" not in few[0].method


def test_a_report_that_holds_the_worst_only_says_so():
    counts = (SiteCount(SiteOrigin.REFERENCE, 3, 90_000),)
    held = [_site("chr2", 30 * i, 0.2) for i in range(WORST_OF_EACH_GUIDE)]
    pairs = translocation_pairs(["a"], [_report(*held, counts=counts)], [Locus("chr1", 0, 20)], cut_offset=3)
    assert "Only the worst" in pairs[0].method


def test_a_lost_target_is_replaced_by_the_other_allele():
    target = Locus("chr1", 0, 20)
    tally = Tally.of("sites found", kept=1, refused=["the intended target, which this person has lost"])
    off = _site("chr5", 0, 0.5)
    assert translocation_pairs(["a"], [_report(off, tally=tally)], [target], cut_offset=3) == ()
    allele = _site("chr1", 0, 0.25, 1)
    both = _report(off, tally=tally, other_allele=allele)
    [pair] = translocation_pairs(["a"], [both], [target], cut_offset=3)
    assert (pair.on_target, pair.score, pair.first) == (True, 0.125, off.locus)
    unscored = _report(off, tally=tally, other_allele=_site("chr1", 0, None, 1))
    assert translocation_pairs(["a"], [unscored], [target], cut_offset=3) == ()


@pytest.mark.parametrize(
    ("strand", "side", "expected"),
    [
        (Strand.PLUS, PamSide.THREE_PRIME, 117),
        (Strand.MINUS, PamSide.THREE_PRIME, 103),
        (Strand.PLUS, PamSide.FIVE_PRIME, 103),
        (Strand.MINUS, PamSide.FIVE_PRIME, 117),
    ],
)
def test_the_cut_is_counted_from_the_pam(strand, side, expected):
    assert cut_position(Locus("c", 100, 120, strand), side, 3) == expected


def test_a_site_within_an_insertion_at_the_start_of_a_contig_has_a_cut():
    assert cut_position(Locus("c", 0, 1), PamSide.THREE_PRIME, 3) == 0


@pytest.mark.parametrize(
    ("names", "reports", "targets", "more"),
    [
        (["a"], [], [], {"cut_offset": 3}),
        (["a"], [_report()], [], {"cut_offset": 3}),
        (["a"], [_report()], [None], {"cut_offset": 3, "most": 0}),
        (["a"], [_report()], [None], {"cut_offset": -1}),
    ],
)
def test_arguments_that_do_not_go_together_are_refused(names, reports, targets, more):
    with pytest.raises(UsageError):
        translocation_pairs(names, reports, targets, **more)


def test_nothing_makes_no_pair():
    assert translocation_pairs([], [], [], cut_offset=3) == ()
    assert translocation_pairs(["a"], [_report()], [Locus("chr1", 0, 20)], cut_offset=3) == ()


@pytest.mark.long
def test_twenty_guides_with_a_hundred_thousand_sites_each_take_a_second():
    rng = random.Random(3)
    reports = [
        _report(
            *(_site(f"chr{rng.randint(1, 22)}", rng.randrange(10**8), rng.random()) for _ in range(100_000))
        )
        for _ in range(20)
    ]
    names = [str(i) for i in range(20)]
    before = time.process_time()
    pairs = translocations.translocation_pairs(names, reports, [None] * 20, cut_offset=3)
    # A second on a quiet machine; twice that leaves room for a busy one.
    assert time.process_time() - before < 2
    assert len(pairs) == 100
