"""CFD and MIT against published values, and their refusal to leave their domain."""

from __future__ import annotations

import csv
import gzip

import pytest

from revertant.model import PamSide
from revertant.offtarget import cfd_score, mit_score, why_no_cfd


@pytest.mark.parametrize(
    ("guide", "target", "score"),
    [
        ("G" * 23, "GGGGGGGGGGGGGGGGGAAAGGG", 0.4635989007074176),
        ("ATGGTCGGACTCCCTGCCAGAGG", "ATGGTGGGACTCCCTGCCAGAGG", 0.5),
        ("ATGGTCGGACTCCCTGCCAGAGG", "ATGATCCAAATCCCTGCCAGAGG", 0.53625000020625),
        ("ATGTGGAGATTGCCACCTACCGG", "ATCTGGAGATTGCCACCTACAGG", 0.384615385),
        ("G" * 23, "AAAAGAGAGGGGGGGGGGGGGGG", 0.5140384614450001),
    ],
)
def test_cfd_vectors(guide, target, score):
    assert cfd_score(guide[:20], target[:20], target[20:]) == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize(
    ("pam", "weight"),
    [
        ("TGG", 1.0), ("TAG", 0.2593), ("TCG", 0.1071), ("TGA", 0.0694), ("TTG", 0.0390), ("TGC", 0.0222),
        ("TGT", 0.0161), *((f"T{pair}", 0.0) for pair in ("AA", "AC", "AT", "CA", "CC", "CT", "TA", "TC", "TT")),
    ],
)  # fmt: skip
def test_cfd_pam_weights(pam, weight):
    guide = "CTAACAGTTGCTTTTATCAC"
    assert cfd_score(guide, guide, pam) == pytest.approx(weight, abs=5e-5)


def _with(position: int, guide_letter: str, base: str) -> tuple[str, str]:
    """An otherwise perfect alignment of 20 guide letters with one column at a position, counted as for CFD."""
    left, right = "G" * (position - 1), "G" * (20 - position)
    if guide_letter == "-":
        left += "G"  # the leading column that is dropped for a DNA bulge
    return left + guide_letter + right, left + base + right


@pytest.mark.parametrize(
    ("guide_letter", "base", "weight"),
    [
        # The tables name the base on the target strand: its complement stands in the aligned target.
        ("-", "T", 0.40), ("-", "G", 0.133), ("-", "A", 0.25), ("-", "C", 0.333),
        ("A", "-", 0.569), ("C", "-", 0.615), ("T", "-", 0.651), ("G", "-", 0.587),
    ],
)  # fmt: skip
def test_cfd_bulge_weights_at_position_10(guide_letter, base, weight):
    assert cfd_score(*_with(10, guide_letter, base), "AGG") == pytest.approx(weight, abs=5e-4)


def test_cfd_gap_at_position_1_costs_nothing():
    assert cfd_score("-" + "G" * 20, "A" + "G" * 20, "AGG") == 1.0
    assert cfd_score("G" * 20, "-" + "G" * 19, "AGG") == 1.0


@pytest.mark.parametrize(
    ("guide", "target", "pam"),
    [
        ("G" * 19, "G" * 19, "AGG"),
        ("G" * 21, "G" * 21, "AGG"),
        ("G" * 20, "G" * 19 + "R", "AGG"),
        ("G" * 20, "G" * 20, "ANG"),
        ("G" * 20, "G" * 20, "AAGGGT"),
        ("N" * 20, "G" * 20, "AGG"),
    ],
)
def test_cfd_is_not_defined_outside_its_domain(guide, target, pam):
    assert cfd_score(guide, target, pam) is None


def test_rows_of_an_alignment_must_be_equally_long():
    with pytest.raises(ValueError, match="equally long"):
        cfd_score("G" * 20, "G" * 19, "AGG")


@pytest.mark.parametrize(
    ("spacer", "pam", "side", "defined"),
    [
        ("G" * 20, "NGG", PamSide.THREE_PRIME, True),
        ("G" * 20, "NRG", PamSide.THREE_PRIME, True),
        ("G" * 20, "NGG", PamSide.FIVE_PRIME, False),
        ("G" * 20, "NG", PamSide.THREE_PRIME, False),
        ("G" * 20, "NNN", PamSide.THREE_PRIME, False),
        ("G" * 19 + "N", "NGG", PamSide.THREE_PRIME, False),
    ],
)
def test_domain_is_said_in_words(spacer, pam, side, defined):
    assert (why_no_cfd(spacer, pam, side) == "") is defined


def test_mit_does_not_know_bulges_other_lengths_or_ambiguity():
    assert mit_score("G" * 19, "G" * 19) is None
    assert mit_score("G" * 19 + "-", "G" * 20) is None
    assert mit_score("G" * 20, "G" * 19 + "N") is None


def test_mit_by_hand():
    # One mismatch at position 20: (1 - 0.583); the other two terms are 1.
    assert mit_score("G" * 20, "G" * 19 + "A") == pytest.approx(41.7)
    # Positions 19 and 20, one apart: 0.315 * 0.417 / ((19 - 1) / 19 * 4 + 1) / 4.
    expected = 100 * 0.315 * 0.417 / (18 / 19 * 4 + 1) / 4
    assert mit_score("G" * 20, "G" * 18 + "AA") == pytest.approx(expected)


def test_cfd_agrees_with_26052_published_scores(shared_data):
    path = shared_data / "crispr/offtarget/truth/haeussler2016_sites_and_nonsites.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == 26052
    worst = max(
        abs(cfd_score(row["guide"][:20], row["off"][:20], row["off"][20:]) - float(row["cfdScore"]))
        for row in rows
    )
    assert worst < 1e-12


def test_mit_agrees_with_published_scores(shared_data):
    """The published column was computed with whole-number mean distances: compare where they are whole."""
    path = shared_data / "crispr/offtarget/truth/haeussler2016_annotOfftargets.tsv.gz"
    compared = 0
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            guide, target = row["guideSeq"][:20], row["otSeq"][:20]
            score = mit_score(guide, target)
            wrong = [i for i in range(20) if guide[i] != target[i]]
            if score is None or (len(wrong) > 1 and (wrong[-1] - wrong[0]) % (len(wrong) - 1)):
                continue
            assert score == pytest.approx(float(row["otScore"]), abs=1e-9)
            compared += 1
    assert compared == 331
