"""A person's sites: laws over random people, and the traps other tools fall into."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offtarget_cases import (
    content,
    on_copy,
    random_bases,
    random_calls,
    random_variants,
    substituted,
)

from revertant.genome import PatientGenome, Reference
from revertant.model import Call, Locus, OffTargetRequest, SearchLimits, Sex, SiteOrigin, Variant
from revertant.offtarget import scan_by_hand, search, search_by_hand
from revertant.sequence import reverse_complement

GUIDE = "CTAACAGTTGCTTTTATCAC"
LEFT = "TATCTATATTACTATACTATCTTATACTAA"
RIGHT = "ATATTACTATACTATCTTATACTAATATCT"
EXACT = OffTargetRequest(GUIDE, "NGG", limits=SearchLimits(0))


def _genome(text: str, *calls: Call, contig: str = "s", **more: object) -> PatientGenome:
    return PatientGenome(Reference.from_sequences({contig: text}), calls, **more)


def _sites(text: str, *calls: Call, request: OffTargetRequest = EXACT):
    [report] = search([request], _genome(text, *calls))
    [by_hand] = search_by_hand([request], _genome(text, *calls))
    assert report == by_hand
    return report.sites


def _snv(text: str, at: int, alt: str, copies=(True, False), phase: str | None = "1") -> Call:
    return Call(Variant("s", at, text[at], alt), copies, phase_set=phase)


# --- the traps -----------------------------------------------------------------------------------------------

PAMLESS = LEFT + GUIDE + "ATA" + RIGHT
T_OF_PAM = len(LEFT) + 21


def test_two_snvs_in_cis_make_a_pam():
    calls = [_snv(PAMLESS, T_OF_PAM, "G"), _snv(PAMLESS, T_OF_PAM + 1, "G")]
    [site] = _sites(PAMLESS, *calls)
    assert (site.origin, site.haplotypes, site.pam, site.cfd) == (SiteOrigin.GAINED, ("1",), "AGG", 1.0)
    assert site.variants == tuple(call.variant for call in calls)
    assert site.locus == Locus("s", len(LEFT), len(LEFT) + 20)


def test_the_same_snvs_in_trans_make_none():
    calls = [_snv(PAMLESS, T_OF_PAM, "G"), _snv(PAMLESS, T_OF_PAM + 1, "G", (False, True))]
    assert _sites(PAMLESS, *calls) == ()


def test_unphased_snvs_may_make_one():
    calls = [_snv(PAMLESS, T_OF_PAM, "G", phase=None), _snv(PAMLESS, T_OF_PAM + 1, "G", phase=None)]
    [site] = _sites(PAMLESS, *calls)
    assert (site.origin, site.haplotypes) == (SiteOrigin.GAINED, ("putative",))


def test_a_deletion_makes_a_site_without_phantoms():
    text = LEFT + GUIDE[:9] + "GATTCAGA" + GUIDE[9:] + "AGG" + RIGHT
    deletion = Variant("s", len(LEFT) + 9, "GATTCAGA", "")
    request = OffTargetRequest(GUIDE, "NGG", limits=SearchLimits(2, 1, 1))
    [site] = _sites(text, Call(deletion, (True, True)), request=request)
    assert (site.origin, site.haplotypes, site.edits, site.variants) == (
        SiteOrigin.GAINED,
        ("1", "2"),
        0,
        (deletion,),
    )
    assert site.locus == Locus("s", len(LEFT), len(LEFT) + 28)


PERFECT = LEFT + GUIDE + "AGG" + RIGHT


@pytest.mark.parametrize("at", [len(LEFT) + 5, len(LEFT) + 21])
def test_a_homozygous_snv_destroys_a_site(at):
    call = _snv(PERFECT, at, "T", (True, True), None)
    [site] = _sites(PERFECT, call)
    assert (site.origin, site.haplotypes, site.variants) == (SiteOrigin.LOST, ("1", "2"), (call.variant,))
    assert (site.cfd, site.reference_cfd) == (None, 1.0)
    [report] = search([EXACT], _genome(PERFECT, call))
    assert report.present_sites == ()


def test_a_heterozygous_snv_leaves_the_site_on_the_other_copy():
    call = _snv(PERFECT, len(LEFT) + 5, "T")
    [site] = _sites(PERFECT, call)
    assert (site.origin, site.haplotypes, site.cfd) == (SiteOrigin.REFERENCE, ("2",), 1.0)
    assert site.variants == (call.variant,)


def test_compound_heterozygous_snvs_destroy_a_site_on_both_copies():
    calls = [_snv(PERFECT, len(LEFT) + 5, "T"), _snv(PERFECT, len(LEFT) + 9, "A", (False, True))]
    [site] = _sites(PERFECT, *calls)
    assert (site.origin, site.haplotypes) == (SiteOrigin.LOST, ("1", "2"))
    assert len(site.variants) == 2


def test_a_changed_site_carries_both_scores():
    call = _snv(PERFECT, len(LEFT) + 5, "T")
    changed, kept = sorted(
        _sites(PERFECT, call, request=OffTargetRequest(GUIDE, "NGG", limits=SearchLimits(1))),
        key=lambda site: site.origin.value,
    )
    assert (changed.origin, changed.haplotypes, changed.mismatches) == (SiteOrigin.CHANGED, ("1",), 1)
    assert changed.reference_cfd == 1.0
    assert 0 < changed.cfd < 1
    assert (kept.origin, kept.haplotypes, kept.cfd) == (SiteOrigin.REFERENCE, ("2",), 1.0)


def test_a_variant_nobody_carries_does_nothing():
    """0/0 is no call; far-away calls leave the site on both copies."""
    far = _snv(PERFECT, 2, "A")
    [site] = _sites(PERFECT, far)
    assert (site.origin, site.haplotypes) == (SiteOrigin.REFERENCE, ("1", "2"))
    [site] = _sites(PERFECT)
    assert site.haplotypes == ("reference",)


def test_a_known_phase_is_not_blurred_by_an_unphased_neighbour():
    """The neighbour shares the cluster, but no site."""
    neighbour = _snv(PERFECT, len(LEFT) - 10, "G", phase=None)
    [site] = _sites(PERFECT, _snv(PERFECT, len(LEFT) + 5, "T"), neighbour)
    assert site.haplotypes == ("2",)


def test_an_insertion_that_lengthens_the_pam_run_gains_one_site_only():
    text = LEFT + GUIDE + "AGGG" + RIGHT
    request = OffTargetRequest(GUIDE, "NGG", limits=SearchLimits(4, 1, 1))
    before = _sites(text, request=request)
    after = _sites(text, Call(Variant("s", len(LEFT) + 21, "", "G"), (True, True)), request=request)
    gained = [site for site in after if site.origin is SiteOrigin.GAINED]
    assert len(after) - len(before) == len(gained)
    assert not [site for site in after if site.origin in {SiteOrigin.LOST, SiteOrigin.CHANGED}]


@pytest.mark.parametrize("at_end", [False, True])
def test_an_insertion_at_the_end_of_a_contig_doubles_nothing(at_end):
    """The guide's bulge would reach past the contig, where the inserted bases come to lie."""
    site = GUIDE + "AGG"
    text = LEFT + reverse_complement(site) if at_end else site + RIGHT
    insertion = Variant("s", len(text) if at_end else 0, "", "TTT")
    request = OffTargetRequest(GUIDE, "NGG", limits=SearchLimits(0, 1))
    [found] = _sites(text, Call(insertion, (True, True)), request=request)
    assert (found.origin, found.haplotypes) == (SiteOrigin.REFERENCE, ("1", "2"))


def test_a_site_wholly_within_an_insertion_is_placed_at_its_anchor():
    text = LEFT + RIGHT
    insertion = Variant("s", len(LEFT), "", GUIDE + "AGG" + GUIDE + "TGG")
    one, two = _sites(text, Call(insertion, (False, True), phase_set="1"))
    assert {one.pam, two.pam} == {"AGG", "TGG"}
    assert one.haplotypes == two.haplotypes == ("2",)
    assert one.locus == two.locus == Locus("s", len(LEFT) - 1, len(LEFT))


def test_a_mans_x_has_one_copy():
    genome = _genome(PERFECT, _snv(PERFECT, 2, "A"), contig="chrX", sex=Sex.MALE)
    [report] = search([EXACT], genome)
    assert [site.haplotypes for site in report.sites] == [("1",)]


def test_a_pam_creating_variant_next_to_a_lookalike_of_the_exacel_target():
    """As rs114518452 does: a G makes CAG CC into a PAM beside a 3-mismatch neighbour, on one copy only."""
    lookalike = "CTAACAATTGCTTTTAACAA"
    text = LEFT + lookalike + "CAC" + RIGHT + GUIDE + "AGG" + LEFT
    target = Locus("s", len(LEFT + lookalike + "CAC" + RIGHT), len(LEFT + lookalike + "CAC" + RIGHT) + 20)
    calls = [
        _snv(text, len(LEFT) + 21, "G", (False, True)),
        _snv(text, len(LEFT) + 22, "G", (False, True)),
    ]
    request = OffTargetRequest(GUIDE, "NGG", limits=SearchLimits(4, 1, 1), target=target)
    assert _sites(text, request=request) == ()
    [site] = _sites(text, *calls, request=request)
    assert (site.origin, site.haplotypes, site.mismatches, site.pam) == (SiteOrigin.GAINED, ("2",), 3, "CGG")


# --- laws ----------------------------------------------------------------------------------------------------


def _person(seed: int, *, snv_only: bool):
    rng = random.Random(seed)
    text = random_bases(rng, rng.randint(60, 260), rng.choice(("ACGT", "AACG", "AGG")))
    size = rng.choice((6, 8, 12))
    at = rng.randrange(len(text) - size)
    limits = SearchLimits(rng.randint(0, 3), rng.randint(0, 1), rng.randint(0, 1))
    request = OffTargetRequest(text[at : at + size], rng.choice(("NGG", "NG", "NAG")), limits=limits)
    variants = random_variants(rng, text, "s", snv_only=snv_only)
    return text, request, random_calls(rng, variants)


def _carried(calls, copy: int):
    return [call.variant for call in calls if call.copies[copy]]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_each_copys_sites_are_those_of_its_substituted_sequence(seed):
    text, request, calls = _person(seed, snv_only=False)
    if not calls:
        return
    # A longer guide beside it widens the clusters; neither may disturb the other.
    longer = OffTargetRequest(text[5:21], "NGG", limits=SearchLimits(3, 2, 1))
    reports = search([request, longer], _genome(text, *calls))
    for copy in (0, 1):
        written = scan_by_hand([substituted(text, _carried(calls, copy))], [request, longer])
        for report, hits in zip(reports, written, strict=True):
            assert on_copy(report.present_sites, str(copy + 1)) == Counter(content(hit) for hit in hits)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_places_and_origins_follow_from_both_sequences(seed):
    """With substitutions alone every position stays, so that everything can be said independently."""
    text, request, calls = _person(seed, snv_only=True)
    if not calls:
        return
    [report] = search([request], _genome(text, *calls))

    def by_place(sequence):
        [hits] = scan_by_hand([sequence], [request])
        return {(hit.strand, hit.pam_start): (content(hit), hit.start, hit.end) for hit in hits}

    reference = by_place(text)
    copies = [by_place(substituted(text, _carried(calls, copy))) for copy in (0, 1)]
    expected = set()
    for place in {*reference, *copies[0], *copies[1]}:
        known = reference.get(place)
        seen = [copy.get(place) for copy in copies]
        for found in {*seen} - {None}:
            labels = tuple(str(i + 1) for i in (0, 1) if seen[i] == found)
            origin = "reference" if found == known else "gained" if known is None else "changed"
            expected.add((*found, origin, labels))
        if known is not None and seen == [None, None]:
            expected.add((*known, "lost", ("1", "2")))
    found = {
        (content(site), site.locus.start, site.locus.end, site.origin.value, site.haplotypes)
        for site in report.sites
    }
    assert found == expected
    assert len(report.sites) == len(expected)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_unphased_people_may_have_what_any_combination_gives(seed):
    text, request, calls = _person(seed, snv_only=False)
    calls = calls[:5]
    unphased = [Call(call.variant, call.copies) for call in calls]
    [report] = search([request], _genome(text, *unphased))
    found = {content(site) for site in report.present_sites}
    possible = set()
    fixed = [call.variant for call in calls if all(call.copies)]
    free = [call.variant for call in calls if not all(call.copies)]
    for choice in product((False, True), repeat=len(free)):
        chosen = [variant for variant, taken in zip(free, choice, strict=True) if taken]
        [hits] = scan_by_hand([substituted(text, fixed + chosen)], [request])
        possible |= {content(hit) for hit in hits}
    assert found == possible


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_twins_agree_on_people(seed):
    text, request, calls = _person(seed, snv_only=False)
    genome = _genome(text, *calls)
    assert search([request], genome) == search_by_hand([request], genome)
