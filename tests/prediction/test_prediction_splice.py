"""Splice-site scores: the published examples, the published tables, and scanning against scoring one by one."""

from __future__ import annotations

import gzip
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.prediction import SpliceKind, acceptor_score, donor_score, splice_card, splice_sites

dna = st.text("ACGT", min_size=23, max_size=60)

#: Documentation of maxentpy, https://github.com/kepbod/maxentpy (its README and tests).
DONORS = {"cagGTAAGT": 10.86, "gagGTAAGT": 11.08, "taaATAAGT": -0.12}
ACCEPTORS = {
    "ttccaaacgaacttttgtAGgga": 2.89,
    "tgtctttttctgtgtggcAGtgg": 8.19,
    "ttctctcttcagacttatAGcaa": -0.08,
}


@pytest.mark.parametrize(("bases", "score"), DONORS.items())
def test_published_donors(bases, score):
    assert round(donor_score(bases), 2) == score


@pytest.mark.parametrize(("bases", "score"), ACCEPTORS.items())
def test_published_acceptors(bases, score):
    assert round(acceptor_score(bases), 2) == score


@pytest.fixture(scope="session")
def published(shared_data):
    folder = shared_data / "splice"
    with gzip.open(folder / "maxent_score5_matrix.txt.gz", "rt") as lines:
        donors = {line.split()[0]: float(line.split()[1]) for line in lines}
    acceptors: dict[tuple[int, int], float] = {}
    with gzip.open(folder / "maxent_score3_matrix.txt.gz", "rt") as lines:
        for line in lines:
            part, number, value = line.split()
            acceptors[int(part), int(number)] = float(value)
    return donors, acceptors


def number_of(bases):
    return sum("ACGT".index(base) * 4**place for place, base in enumerate(reversed(bases)))


def test_every_donor_of_the_published_table(published):
    """The formula written out a second time, from the tables as published."""
    donors, _ = published
    gt = log2(0.9896 * 0.9884 / (0.23 * 0.27))
    names = sorted(donors)
    text = "".join(name[:3] + "GT" + name[3:] for name in names)
    found = {site.edge: site for site in splice_sites(text, -1000.0, kind=SpliceKind.DONOR)}
    for place, name in enumerate(names):
        expected = gt + log2(donors[name])
        assert found[9 * place + 3].score == pytest.approx(expected, abs=0.0051)
    for name in names[:: len(names) // 50]:
        assert donor_score(name[:3] + "GT" + name[3:]) == pytest.approx(gt + log2(donors[name]), abs=1e-5)


def test_acceptors_from_the_published_tables(published):
    _, tables = published
    letters = np.random.default_rng(5).choice(list("ACGT"), (200, 21))
    above, below = ((0, 7), (7, 14), (14, 21), (4, 11), (11, 18)), ((4, 7), (7, 11), (11, 14), (14, 18))
    for row in letters:
        rest = "".join(row)
        expected = log2(0.9903 * 0.9905 / (0.27 * 0.23))
        for part, (low, high) in enumerate((*above, *below)):
            share = log2(tables[part, number_of(rest[low:high])])
            expected += share if part < len(above) else -share
        assert acceptor_score(rest[:18] + "AG" + rest[18:]) == pytest.approx(expected, abs=1e-5)


@given(dna)
def test_scanning_equals_scoring_one_by_one(bases):
    found = splice_sites(bases, 0.0)
    assert list(found) == sorted(found)
    by_hand = set()
    for edge in range(3, len(bases) - 5):
        score = donor_score(bases[edge - 3 : edge + 6])
        if bases[edge : edge + 2] == "GT" and score >= 0:
            by_hand.add((edge, SpliceKind.DONOR, round(score, 2)))
    for edge in range(20, len(bases) - 2):
        score = acceptor_score(bases[edge - 20 : edge + 3])
        if bases[edge - 2 : edge] == "AG" and score >= 0:
            by_hand.add((edge, SpliceKind.ACCEPTOR, round(score, 2)))
    assert {(site.edge, site.kind, site.score) for site in found} == by_hand


@given(st.text("ACGTN", min_size=9, max_size=9))
def test_an_ambiguous_base_gives_no_score(bases):
    assert (donor_score(bases) is None) == ("N" in bases)
    assert (acceptor_score(bases + "ACGTACGTACGTAC") is None) == ("N" in bases)


@given(dna)
def test_case_does_not_matter(bases):
    assert splice_sites(bases.lower(), 0.0) == splice_sites(bases, 0.0)


@pytest.mark.parametrize("bases", ["", "CAGGTAAG", "CAGGTAAGTA"])
def test_wrong_length(bases):
    with pytest.raises(ValueError, match="judged on 9 bases"):
        donor_score(bases)
    with pytest.raises(ValueError, match="judged on 23 bases"):
        acceptor_score(bases)


@pytest.mark.parametrize("bases", ["", "G", "ACGTACGT", "é" * 30])
def test_nothing_to_scan(bases):
    assert splice_sites(bases, -1000.0) == ()


def test_the_card_says_what_was_measured():
    card = splice_card()
    assert card.checked
    assert any("AUROC 0.974" in check for check in card.checks)
