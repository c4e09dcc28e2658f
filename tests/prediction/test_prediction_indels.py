"""Indel spectra: they sum to one, refuse what was not measured, and do as well as their card says."""

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.prediction import Indel, card_of, frameshift_share, indel_spectrum, load_model
from revertant.prediction.forecast import score_table
from revertant.prediction.indels import correction_terms
from revertant.prediction.model_file import model_digest

SITE = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"
CUT = 39


@given(st.text(alphabet="ACGT", min_size=70, max_size=110))
def test_shares_sum_to_one_and_frames_to_their_parts(text):
    cut = len(text) // 2
    text = text[: cut + 4] + "GG" + text[cut + 6 :]
    spectrum = indel_spectrum(text, cut)
    if spectrum.why_not:
        assert "repeat" in spectrum.why_not
        return
    assert sum(indel.share for indel in spectrum.indels) == pytest.approx(1)
    shares = [spectrum.share_where(lambda indel, k=k: indel.length % 3 == k).value for k in range(3)]
    assert shares[1] + shares[2] == pytest.approx(frameshift_share(text, cut).value, abs=2e-4)
    assert all(1 <= -i.length <= 30 if not i.inserted else 1 <= i.length <= 2 for i in spectrum.indels)
    assert all(len(i.applied(text, cut)) == len(text) + i.length for i in spectrum.indels[:20])


@pytest.mark.parametrize(
    ("text", "cut", "why"),
    [
        (SITE[:60], CUT, "fewer than 27 bases"),
        (SITE[20:], CUT - 20, "fewer than 27 bases"),
        (SITE.replace("GCGGCAG", "GCTTCAG"), CUT, "NGG"),
        (SITE[:20] + "N" + SITE[21:], CUT, "letter"),
        ("ACGT" * 5 + "GATTACCGGATCCTTAGCAAGTC" * 3, 50, "repeat of"),
    ],
)
def test_what_was_not_measured_is_not_defined(text, cut, why):
    share = frameshift_share(text, cut)
    if why == "repeat of":
        text = text[: cut + 4] + "GG" + text[cut + 6 :]
        unit = "GATTACCGGATCCTTAGCAAGGG"
        text = "ACGTA" * 5 + unit * 2 + "TTACGCA" * 5
        share = frameshift_share(text, 25 + 17)
    assert share.value is None
    assert not share.in_domain
    assert why in share.method


def test_only_the_bases_near_the_cut_matter():
    far = frameshift_share("ACGTTGCA" * 4 + "T" * 20 + SITE + "GATTACA" * 9, 52 + CUT)
    near = frameshift_share(("ACGTTGCA" * 4 + "T" * 20 + SITE + "GATTACA" * 9)[52 + CUT - 50 :][:100], 50)
    assert far == near


def test_the_card_is_of_these_weights():
    assert card_of("indel_spectrum").digest == model_digest("indel_spectrum")


def test_an_indel_is_applied_where_it_stands():
    assert Indel(-2, 1, "", 0, 0.5).applied("AACCGGTT", 4) == "AAGTT"
    assert Indel(0, 0, "TA", 0, 0.5).applied("AACCGGTT", 4) == "AACCTAGGTT"


@pytest.mark.long
def test_alleles_are_brought_back_into_frame_as_often_as_the_card_says(shared_data):
    """The weights shipped saw these alleles: they do at least as well as the folds that did not."""
    with gzip.open(shared_data / "crispr/indel/truth/indelphi_table1.tsv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["mESC frameshift rate observed"]]
    terms, measured, own, raw = load_model("indel_spectrum").extra["terms"], [], [], []
    for row in rows:
        text, extra = row["Lib-B Sequence Context"], int(float(row["Insertion length"]))
        placed, scores = score_table(text, 27)
        restores = np.array([(len(p.inserted) - (p.right - p.left - 1) + extra) % 3 == 0 for p in placed])
        for found, logs in ((own, correction_terms(text, placed, scores) @ terms), (raw, scores)):
            shares = np.exp(logs - logs.max())
            found.append(shares[restores].sum() / shares.sum())
        measured.append(float(row["mESC frameshift rate observed"]))
    ranks = [np.argsort(np.argsort(values)) for values in (own, raw, measured)]
    figures = {figure.note: figure for figure in card_of("indel_spectrum").figures if figure.n == 655}
    assert len(rows) == 655
    assert (
        np.corrcoef(ranks[0], ranks[2])[0, 1] > figures["with the correction, families held out"].value - 0.01
    )
    assert np.corrcoef(ranks[1], ranks[2])[0, 1] == pytest.approx(figures["FORECasT alone"].value, abs=0.002)
