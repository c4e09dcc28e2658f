"""The packed scan: cut sequences, empty ones, both PAM sides, known sites. The campaigns hold it against its twin."""

from __future__ import annotations

import random

import pytest
from offtarget_cases import random_case

from revertant.model import OffTargetRequest, PamSide, SearchLimits, Strand
from revertant.offtarget import scan, scan_by_hand
from revertant.sequence import reverse_complement

EXACEL = "CTAACAGTTGCTTTTATCAC"


def test_long_sequences_are_cut_without_losing_or_doubling_sites(monkeypatch):
    rng = random.Random(3)
    monkeypatch.setattr("revertant.offtarget.matching.pieces._BATCH_BASES", 17)
    monkeypatch.setattr("revertant.offtarget.matching.packed._BLOCK_SITES", 16)
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
