"""The canonical alignment against plain enumeration, and the rules its docstring states."""

from __future__ import annotations

import random

import pytest
from offtarget_cases import alignments, random_bases

from revertant.model import SearchLimits
from revertant.offtarget.matching.alignment import Alignment, align


def test_alignment_is_the_first_of_all_enumerated_ones():
    rng = random.Random(1)
    seen = at_ends = 0
    for _ in range(2500):
        guide = random_bases(rng, rng.randint(2, 7), "ACGTACGTACGTN")
        dna = random_bases(rng, rng.randint(0, 9), "ACGTACGTACGTRN")
        limits = SearchLimits(
            rng.randint(0, 2),
            rng.randint(0, 2),
            rng.randint(0, 2),
            rng.choice((None, 0, 2, 3)),
            end_bulges=rng.random() < 0.5,
        )
        best = min(alignments(guide, dna, limits), default=None)
        found = align(guide, dna, limits)
        if best is None:
            assert found is None
        else:
            _, mismatches, _, top, low, d, r = best
            assert found == Alignment(top, low, mismatches, d, r)
            seen += d + r > 0
            at_ends += "-" in (top[0], low[0], top[-1], low[-1])
            assert limits.end_bulges or "-" not in (top[0], low[0], top[-1], low[-1])
            # Enumerated, but never the first: what lies behind the guide is left out instead.
            assert top[-1] != "-"
    assert seen > 100
    assert at_ends > 100


@pytest.mark.parametrize(
    ("guide", "dna", "limits", "rows"),
    [
        # Fewest bulges first, even where a bulge would save mismatches.
        ("ACGTACGT", "ACGTTACG", SearchLimits(4, 1), ("ACGTACGT", "ACGTTACG")),
        ("ACGTACGT", "ACGTTACGT", SearchLimits(1, 1), ("ACGT-ACGT", "ACGTTACGT")),
        # Of equal placements in a run the gap lies as far from the PAM (the left end) as it can.
        ("ACCCG", "ACCCCG", SearchLimits(0, 1), ("ACCC-G", "ACCCCG")),
        ("ACCCG", "ACCG", SearchLimits(0, 0, 1), ("ACCCG", "ACC-G")),
        # A DNA bulge beside an RNA bulge stands in for a mismatch only when those are used up.
        ("AACGT", "AATGT", SearchLimits(1, 1, 1), ("AACGT", "AATGT")),
        ("AACGT", "AATGT", SearchLimits(0, 1, 1), ("AA-CGT", "AAT-GT")),
    ],
)
def test_tie_rule(guide, dna, limits, rows):
    found = align(guide, dna, limits)
    assert (found.guide, found.dna) == rows


@pytest.mark.parametrize("dna", ["TACGTACGT", "CGTACGT", "ACGTACG"])
def test_no_gap_at_either_end(dna):
    assert align("ACGTACGT", dna, SearchLimits(0, 1, 1)) is None


@pytest.mark.parametrize(
    ("dna", "rows"),
    [
        ("TACGTACGT", ("-ACGTACGT", "TACGTACGT")),
        ("CGTACGT", ("ACGTACGT", "-CGTACGT")),
        ("ACGTACG", ("ACGTACGT", "ACGTACG-")),
        # One bulge at the far end says the same as an internal one and a mismatch: fewest mismatches win.
        ("ACGTACGG", ("ACGTACGT", "ACGTACG-")),
        # Nothing to choose: the guide pairs wholly, and what follows is not looked at.
        ("ACGTACGTT", ("ACGTACGT", "ACGTACGT")),
    ],
)
def test_gaps_at_the_ends_when_asked_for(dna, rows):
    found = align("ACGTACGT", dna, SearchLimits(0, 1, 1, end_bulges=True))
    assert (found.guide, found.dna) == rows


def test_genome_n_matches_nothing_and_iupac_matches_what_it_may_be():
    exact = SearchLimits(0)
    assert align("ACGN", "ACGN", exact) is None
    assert align("ACGT", "ACGK", exact).dna == "ACGK"
    assert align("ACGT", "ACGM", exact) is None


def test_total_edits_caps_the_sum():
    dna = "ACCTTACGT"  # one mismatch and one DNA bulge
    assert align("ACGTACGT", dna, SearchLimits(1, 1)).dna_bulges == 1
    assert align("ACGTACGT", dna, SearchLimits(1, 1, 0, 1)) is None
