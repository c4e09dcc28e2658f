"""The packed scan against its slow twin, and laws that hold for any right search."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offtarget_cases import random_case

from revertant.model import OffTargetRequest, PamSide, SearchLimits, Strand
from revertant.offtarget import scan, scan_by_hand
from revertant.sequence import reverse_complement

EXACEL = "CTAACAGTTGCTTTTATCAC"


def _compare(seed: int, cases: int) -> tuple[int, int]:
    rng = random.Random(seed)
    hits = bulged = 0
    for _ in range(cases):
        sequences, request = random_case(rng)
        fast, slow = scan(sequences, [request]), scan_by_hand(sequences, [request])
        assert fast == slow, (sequences, request)
        hits += len(fast[0])
        bulged += sum(hit.dna_bulges + hit.rna_bulges > 0 for hit in fast[0])
    return hits, bulged


def test_twin_agrees_on_two_thousand_cases():
    hits, bulged = _compare(seed=0, cases=2000)
    assert hits > 2000
    assert bulged > 500


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 21))
def test_twin_agrees_on_a_hundred_thousand_cases(seed):
    hits, bulged = _compare(seed=seed, cases=5000)
    assert hits > 5000
    assert bulged > 1250


CASES = st.integers(0, 2**32).map(lambda seed: random_case(random.Random(seed)))


@settings(max_examples=60, deadline=None)
@given(CASES)
def test_more_edits_find_no_less(case):
    sequences, request = case
    tight = replace(request, limits=replace(request.limits, total_edits=None))
    places = {(hit.sequence, hit.strand, hit.pam_start) for hit in scan(sequences, [tight])[0]}
    for kind in ("mismatches", "dna_bulges", "rna_bulges"):
        limits = replace(tight.limits, **{kind: getattr(tight.limits, kind) + 1})
        wider = scan(sequences, [replace(tight, limits=limits)])[0]
        assert places <= {(hit.sequence, hit.strand, hit.pam_start) for hit in wider}


@settings(max_examples=60, deadline=None)
@given(CASES)
def test_the_other_strand_gives_the_mirror_image(case):
    sequences, request = case
    size = len(request.pam)
    here = scan(sequences, [request])[0]
    there = scan([reverse_complement(text) for text in sequences], [request])[0]
    mirrored = sorted(
        replace(
            hit,
            strand=hit.strand.opposite,
            pam_start=len(sequences[hit.sequence]) - hit.pam_start - size,
            start=len(sequences[hit.sequence]) - hit.end,
            end=len(sequences[hit.sequence]) - hit.start,
        )
        for hit in there
    )
    assert list(here) == mirrored


@settings(max_examples=60, deadline=None)
@given(CASES, st.integers(0, 60))
def test_a_split_contig_keeps_the_sites_that_lie_in_either_half(case, cut):
    sequences, request = case
    text = sequences[0]
    cut = min(cut, len(text))
    whole = [hit for hit in scan([text], [request])[0] if not hit.footprint[0] < cut < hit.footprint[1]]
    halves = scan([text[:cut], text[cut:]], [request])[0]
    moved = [
        replace(hit, sequence=0, pam_start=hit.pam_start + cut, start=hit.start + cut, end=hit.end + cut)
        if hit.sequence
        else hit
        for hit in halves
    ]
    # A half may align a PAM otherwise where the whole's better alignment crosses the cut.
    crossing = {
        (hit.strand, hit.pam_start)
        for hit in scan([text], [request])[0]
        if hit.footprint[0] < cut < hit.footprint[1]
    }
    assert sorted(whole) == sorted(hit for hit in moved if (hit.strand, hit.pam_start) not in crossing)


def test_guides_do_not_disturb_each_other():
    rng = random.Random(7)
    cases = [random_case(rng) for _ in range(12)]
    sequences = [text for texts, _ in cases for text in texts]
    requests = [request for _, request in cases]
    together = scan(sequences, requests)
    assert together == tuple(scan(sequences, [request])[0] for request in requests)


def test_long_sequences_are_cut_without_losing_or_doubling_sites(monkeypatch):
    rng = random.Random(3)
    monkeypatch.setattr("revertant.offtarget.pieces._BATCH_BASES", 17)
    monkeypatch.setattr("revertant.offtarget.packed._BLOCK_SITES", 16)
    for _ in range(40):
        sequences, request = random_case(rng)
        assert scan(sequences, [request]) == scan_by_hand(sequences, [request])


@pytest.mark.parametrize("letter", ["A", "N"])
@pytest.mark.parametrize("spacer", ["ACGTACGTACGTACGTACGTA", "AAAAAAAAAAAAAAAAA"])
def test_empty_short_and_unknown_sequences(letter, spacer):
    request = OffTargetRequest(spacer, "NGG", limits=SearchLimits(4, 1, 1))
    assert scan([], [request]) == ((),)
    assert scan(["", letter, letter * 200], [request]) == ((),)


def test_no_requests():
    assert scan(["ACGT"], []) == ()
    assert scan_by_hand(["ACGT"], []) == ()


def test_progress_adds_up_to_all_bases():
    for function in (scan, scan_by_hand):
        seen: list[int] = []
        function(["ACGT" * 10, "", "GG"], [OffTargetRequest("ACGT", "NGG")], seen.append)
        assert sum(seen) == 42


def test_cas12a_reads_away_from_its_pam_on_both_strands():
    guide = "GCTGATGGTCCATGTCTGTTACT"
    site = "TTTC" + guide
    text = "ACAC" + site + "GGATCC" + reverse_complement(site) + "CA"
    request = OffTargetRequest(guide, "TTTV", PamSide.FIVE_PRIME, SearchLimits(0))
    plus, minus = scan([text], [request])[0]
    assert (plus.pam_start, plus.start, plus.end, plus.pam, plus.strand) == (4, 8, 31, "TTTC", Strand.PLUS)
    assert (minus.start, minus.end, minus.pam_start, minus.pam) == (37, 60, 60, "TTTC")
    assert minus.strand is Strand.MINUS
    assert minus.aligned_target == guide


def test_exact_sites_of_the_exacel_guide():
    """CTAACAGTTGCTTTTATCAC, its target, and planted neighbours with known edits."""
    target = EXACEL + "AGG"
    two_mismatches = "CTAACAGTTGCTTTTATAAT" + "TGG"
    dna_bulge = "CTAACAGTTGACTTTTATCAC" + "CGG"
    rna_bulge = "CTAACAGTTGTTTTATCAC" + "GGG"
    wrong_pam = EXACEL + "AGA"
    parts = [target, two_mismatches, dna_bulge, reverse_complement(rna_bulge), wrong_pam]
    text = "TATCTATA".join(["", *parts, ""])
    request = OffTargetRequest(EXACEL, "NGG", limits=SearchLimits(2, 1, 1))
    found = [
        (hit.aligned_spacer, hit.aligned_target, hit.pam, hit.strand.value, hit.mismatches)
        for hit in scan([text], [request])[0]
    ]
    assert found == [
        (EXACEL, EXACEL, "AGG", "+", 0),
        (EXACEL, "CTAACAGTTGCTTTTATAAT", "TGG", "+", 2),
        ("CTAACAGTTG-CTTTTATCAC", "CTAACAGTTGACTTTTATCAC", "CGG", "+", 0),
        (EXACEL, "CTAACAGTTG-TTTTATCAC", "GGG", "-", 0),
    ]
