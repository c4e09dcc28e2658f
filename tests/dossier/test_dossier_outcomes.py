"""Drawings of predicted outcomes, and activities beside off-target sites."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.dossier.activities import shown_activities, site_activities
from revertant.dossier.drawing.outcomes import MOST_GENOTYPES, draw_genotypes, draw_indels
from revertant.model import Effect, Estimate, Locus, OffTargetRequest, OffTargetSite, Outcome
from revertant.prediction import off_target_activity

SVG = "{http://www.w3.org/2000/svg}"
GUIDE = "GGTGAGTGAGTGTGTGCGTG"
SITE = "GGTGAGTGAGTGTGTGTGTG"


def rects(drawing, kind):
    return [e for e in ET.fromstring(drawing).iter(f"{SVG}rect") if kind in e.get("class", "").split()]


def outcome(label, value, *, useful=False, low=None, high=None):
    share = Estimate(value, "share of edited alleles, 0 to 1", "m", low=low, high=high)
    return Outcome((), Effect.PROTEIN_CHANGED, useful, "", label, share)


@given(
    st.dictionaries(st.integers(-30, 2).filter(bool), st.floats(0.001, 1), min_size=1, max_size=20),
    st.booleans(),
)
def test_every_length_with_a_share_has_a_bar_of_its_height(shares, narrow):
    total = sum(shares.values())
    lengths = [(length, share / total) for length, share in shares.items()]
    drawing = draw_indels(lengths, narrow=narrow)
    shown = [pair for pair in lengths if pair[1] >= 0.0005]
    assert len(rects(drawing, "kept")) == sum(length % 3 == 0 for length, _ in shown)
    assert len(rects(drawing, "shifted")) == sum(length % 3 != 0 for length, _ in shown)
    heights = sorted(float(e.get("height")) for e in rects(drawing, "indel"))
    tallest = max(share for _, share in lengths)
    expected = sorted(max(0.8, 96 * share / tallest) for _, share in shown)
    assert heights == pytest.approx(expected, abs=0.06)


def test_genotypes_are_drawn_largest_first_with_their_intervals():
    outcomes = [outcome("small", 0.1), outcome("large", 0.6, useful=True, low=0.4, high=0.8)]
    outcomes.append(Outcome((), Effect.NO_EFFECT, False, "", "open", None))
    drawing = draw_genotypes(outcomes)
    labels = [e.text for e in ET.fromstring(drawing).iter(f"{SVG}text") if e.get("class") == "genotype-label"]
    assert labels == ["large", "small"]
    [useful] = rects(drawing, "useful")
    whiskers = [e for e in ET.fromstring(drawing).iter(f"{SVG}line") if e.get("class") == "whisker"]
    assert float(useful.get("width")) == pytest.approx(180)
    assert len(whiskers) == 3
    assert (float(whiskers[0].get("x1")), float(whiskers[0].get("x2"))) == (120, 240)


def test_of_many_genotypes_the_largest_are_drawn():
    many = [outcome(f"{i} & <more>", i / 100) for i in range(20)]
    assert len(rects(draw_genotypes(many), "genotype")) == MOST_GENOTYPES


def test_nothing_predicted_draws_nothing():
    assert draw_genotypes([outcome("x", None)]) == "" == draw_indels([])


def site(target, pam="GGG"):
    return OffTargetSite(GUIDE, Locus("chr1", 5, 25), pam, GUIDE, target, 1)


def test_activities_are_those_of_the_model_and_other_nucleases_have_none():
    sites = [site(SITE), site(SITE, "TTT")]
    found = site_activities(sites, OffTargetRequest(GUIDE, "NGG"))
    assert found.value[0] == pytest.approx(off_target_activity(GUIDE, SITE, "GGG").value, rel=0.01)
    shown = shown_activities(sites, OffTargetRequest(GUIDE, "NGG"))
    assert shown[0].text.endswith("%")
    assert shown[0].sort > 0
    assert not shown[0].why_not
    assert shown[1].text == "not defined"
    assert shown[1].sort == -1
    assert "PAM" in shown[1].why_not
    [other] = shown_activities(sites[:1], OffTargetRequest(GUIDE, "NGG", cfd_applies=False))
    assert "another" in other.why_not
