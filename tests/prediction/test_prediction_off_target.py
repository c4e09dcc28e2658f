"""Off-target activity: the encoding, the domain, and the card's figures from the weights of the package."""

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.model import SearchLimits
from revertant.offtarget import align
from revertant.prediction import card_of, load_model, off_target_activities, off_target_activity
from revertant.prediction.model_file import model_digest
from revertant.prediction.off_target_features import FEATURES, encode, features

SPACER = st.text(alphabet="ACGT", min_size=20, max_size=20)
VEGFA = "GACCCCCTCCACCCCGCCTC"


def column(rows, name):
    return rows[:, FEATURES.index(name)]


@given(SPACER, st.integers(1, 18), st.sampled_from("ACGT"), st.lists(st.integers(0, 19), max_size=4))
def test_bulges_and_mismatches_are_counted_where_they_stand(spacer, place, letter, wrong):
    target = "".join("TGCA"["ACGT".index(x)] if i in wrong else x for i, x in enumerate(spacer))
    dna = (spacer[:place] + "-" + spacer[place:], target[:place] + letter + target[place:])
    rna = (spacer, target[:place] + "-" + target[place + 1 :])
    rows = features(encode([spacer, dna[0], rna[0]], [target, dna[1], rna[1]], ["TGG"] * 3))
    assert column(rows, "mismatches").tolist() == [
        len(set(wrong)), len(set(wrong)), len(set(wrong) - {place})
    ]  # fmt: skip
    assert column(rows, "dna_bulges").tolist() == [0, 1, 0]
    assert column(rows, "rna_bulges").tolist() == [0, 0, 1]
    assert column(rows, "dna_bulge_position").tolist() == [0, place, 0]
    assert column(rows, "rna_bulge_position").tolist() == [0, 0, place + 1]
    assert column(rows, "mismatch_nearest_pam_1")[0] == (max(wrong) + 1 if wrong else 0)
    assert np.isfinite(rows).all()


@given(st.lists(st.tuples(SPACER, SPACER, st.sampled_from(["AGG", "CAG", "TGA", "CTT"])), max_size=6))
def test_many_at_once_are_each_alone(cases):
    sites = [
        (a, "".join(x if i % 4 else y for i, (x, y) in enumerate(zip(a, b, strict=True))), p)
        for a, b, p in cases
    ]
    found = off_target_activities(*([site[i] for site in sites] for i in range(3)))
    for i, site in enumerate(sites):
        alone = off_target_activity(*site)
        assert alone.in_domain == bool(found.defined[i]) == (alone.value is not None)
        if alone.value is not None:
            assert alone.value == pytest.approx(found.value[i], rel=1e-2)
            assert 0 < alone.low <= alone.value <= alone.high <= 1


@pytest.mark.parametrize(
    ("guide", "target", "pam", "why"),
    [
        (VEGFA[1:], VEGFA[1:], "TGG", "20-nt"),
        (VEGFA, VEGFA[:19] + "N", "TGG", "20-nt"),
        (VEGFA, VEGFA, "TGGT", "PAM of three"),
        (VEGFA, VEGFA, "TTT", "PAM other than"),
        (VEGFA, "T" * 20, "TGG", "beyond 6 mismatches"),
        (VEGFA[:9] + "-" + VEGFA[9:], VEGFA[:9] + "A" + "A" * 11, "TGG", "one bulge"),
        (VEGFA[:9] + "--" + VEGFA[9:], VEGFA[:9] + "AA" + VEGFA[9:], "TGG", "one bulge"),
        ("-" + VEGFA, "A" + VEGFA, "TGG", "20-nt"),
    ],
)
def test_outside_the_domain_there_is_a_reason_and_no_number(guide, target, pam, why):
    found = off_target_activity(guide, target, pam)
    assert found.value is None
    assert not found.in_domain
    assert why in found.method


def test_another_nuclease_is_not_defined():
    assert "wild-type" in off_target_activity(VEGFA, VEGFA, "TGG", wild_type=False).method
    assert off_target_activities([], [], []).value.size == 0


def test_a_site_near_the_guide_is_likelier_than_one_far_off():
    near = off_target_activity(VEGFA, VEGFA[:1] + "T" + VEGFA[2:], "TGG").value
    far = off_target_activity(VEGFA, "CTGA" + VEGFA[4:17] + "GGC", "TAG").value
    assert near > 100 * far > 0


def test_the_canonical_alignment_of_a_search_is_readable():
    found = align(VEGFA[::-1], (VEGFA[:7] + VEGFA[8:])[::-1], SearchLimits(0, 1, 1))
    site = off_target_activity(found.guide[::-1], found.dna[::-1], "TGG")
    assert site.value is not None


def test_the_card_is_of_these_weights():
    assert card_of("off_target").digest == model_digest("off_target")


def auprc(score, positive):
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(positive[order])
    last = np.append(np.diff(score[order]) != 0, True)
    return float((np.diff(hits[last], prepend=0) * hits[last] / (np.flatnonzero(last) + 1)).sum() / hits[-1])


@pytest.mark.long
def test_the_card_figure_comes_from_the_pair_that_never_saw_the_guide(shared_data):
    """Each spacer differs from every other of all sets at more than 5 positions, so it names its own part."""
    import hashlib  # noqa: PLC0415

    path = shared_data / "crispr/offtarget/truth/haeussler2016_sites_and_nonsites.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    spacers = [row["guide"][:20] for row in rows]
    cells = features(encode(spacers, [row["off"][:20] for row in rows], [row["off"][20:] for row in rows]))
    members = load_model("off_target").members
    part = np.array([int(hashlib.sha256(s.encode()).hexdigest()[:8], 16) % 8 for s in spacers])
    score = np.zeros(len(rows))
    for k in range(8):
        here = part == k
        score[here] = sum(member.predict(cells[here]) for member in members[2 * k : 2 * k + 2])
    value = auprc(score, np.array([row["wasValidated"] == "1" for row in rows]))
    [figure] = [f for f in card_of("off_target").figures if "Haeussler" in f.test and f.metric == "AUPRC"]
    assert figure.n == len(rows)
    assert value == pytest.approx(figure.value, abs=1e-3)
    assert value > figure.baseline_value
