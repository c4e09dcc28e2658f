"""FORECasT's arithmetic: a slow twin that names each feature, and what the products must obey."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.prediction import load_model
from revertant.prediction.forecast import feature_names, score_table

DNA = st.text(alphabet="ACGT", min_size=60, max_size=90)
PAIRS = (
    ("size", "place"), ("inserted", "repeat"), ("homology", "size"), ("homology", "place"), ("ends", "size"),
    ("cut", "insertion"), ("matches", "size"), ("ends", "place"), ("cut", "size"), ("two", "size"),
    ("cut", "repeat"), ("two", "repeat"),
)  # fmt: skip


def repeat_left(text, left, right, size, wrong):
    a, b = (text[end - size : end + 1] if end >= size else "" for end in (left, right - 1))
    if len(a) != size + 1 or len(b) != size + 1 or a[0] == b[0] or a[-1] != b[-1] or a[1] != b[1]:
        return False
    return sum(x == y for x, y in zip(a[1:], b[1:], strict=True)) == size - wrong


def repeat_right(text, left, right, size, wrong):
    a, b = text[left + 1 : left + size + 2], text[right : right + size + 1]
    if len(a) != size + 1 or len(b) != size + 1 or a[-1] == b[-1] or a[-2] != b[-2] or a[0] != b[0]:
        return False
    return sum(x == y for x, y in zip(a[:-1], b[:-1], strict=True)) == size - wrong


def groups_of(text, cut, left, right, added):
    """Names of the features one placement has, by group: written from the authors' description, letter by letter."""
    size, is_deletion = right - left - 1, not added
    found = {name: set() for pair in PAIRS for name in pair}
    found["where"] = set()
    if added:
        found["insertion"] = {"Any Insertion", f"I{len(added)}"}
        found["where"] = {"IL-1--1"}
        found["inserted"] = {f"I{len(added)}_{added}"}
        same = added == text[cut - 1] * len(added)
        found["repeat"] = {f"I{len(added)}{'Rpt' if same else 'NonRpt'}"}
    else:
        classes = {
            "D1": {1},
            "D2-3": {2, 3},
            "D4-7": range(4, 8),
            "D8-12": range(7, 13),
            "D>12": range(13, 99),
        }
        found["size"] = {"Any Deletion"} | {name for name, sizes in classes.items() if size in sizes}
        found["place"] = {f"DL{i}-{i}" for i in (-1, -2, -3) if left - cut == i}
        found["place"] |= {"DL<-30"} if left - cut < -30 else set()
        for low, high in ((0, 0), (1, 1), (2, 2), (3, 5), (6, 9), (10, 14), (15, 29)):
            found["place"] |= {f"DR{low}-{high}"} if low <= right - cut <= high else set()
        found["place"] |= {"DR=>30"} if right - cut > 30 else set()
    found["cut"] = {f"CS{i}_NT={text[cut + i]}" for i in range(-5, 4)}
    for a in range(-3, 2):
        for b in range(-3, a):
            if text[cut + a] == text[cut + b]:
                found["two"].add(f"M_CS{a}_{b}_NT={text[cut + a]}")
    if is_deletion:
        for i in range(-3, 3):
            if left + 1 + i >= 0:
                found["ends"].add(f"L{i}_NT={text[left + 1 + i]}")
            if right + i < len(text):
                found["ends"].add(f"R{i}_NT={text[right + i]}")
            for j in range(-3, 3):
                if left + i > 0 and right + j < len(text):
                    kind = "M" if text[left + i + 1] == text[right + j] else "X"
                    found["matches"].add(f"{kind}_L{i}_R{j}")
        for low, high in ((1, 1), (2, 2), (3, 3), (4, 6), (7, 10), (11, 15)):
            for side, test in (("L", repeat_left), ("R", repeat_right)):
                if any(test(text, left, right, n, 0) for n in range(low, high + 1)):
                    found["homology"].add(f"{side}_MH{low}-{high}")
                if high > 2 and any(test(text, left, right, n, 1) for n in range(low, high + 1)):
                    found["homology"].add(f"{side}_MM1_MH{low}-{high}")
        found["homology"] = found["homology"] or {"No MH"}
    return found


def slow_scores(text, cut):
    theta = dict(zip(feature_names(), load_model("forecast").extra["theta"], strict=True))
    products = {}
    for left in range(max(0, cut - 31), cut):
        for right in range(cut, min(len(text), left + 32)):
            if right - left > 1:
                products.setdefault(text[: left + 1] + text[right:], []).append((left, right, ""))
    for letter in "ACGT":
        for second in ("", *"ACGT"):
            added = letter + second
            products[text[:cut] + added + text[cut:], added] = [(cut - 1, cut, added)]
    scores = {}
    for placements in products.values():
        names = set()
        for placement in placements:
            groups = groups_of(text, cut, *placement)
            names |= set().union(*groups.values())
            names |= {f"PW_{a}_vs_{b}" for one, two in PAIRS for a in groups[one] for b in groups[two]}
        scores[placements[0]] = sum(theta[name] for name in names)
    return scores


@pytest.mark.parametrize("seed", range(3))
def test_scores_are_those_of_the_slow_twin(seed):
    rng = random.Random(seed)
    unit = "".join(rng.choice("ACGT") for _ in range(7))
    # a tandem repeat across the cut, so that products have many alignments
    text = (
        "".join(rng.choice("ACGT") for _ in range(24))
        + unit * 3
        + "".join(rng.choice("ACGT") for _ in range(30))
    )
    placed, scores = score_table(text, 36)
    expected = slow_scores(text, 36)
    assert len(placed) == len(expected)
    for place, score in zip(placed, scores, strict=True):
        assert score == pytest.approx(expected[place[:3]], abs=1e-4)


@given(DNA)
def test_products_are_different_and_homologies_are_what_a_deletion_can_move(text):
    cut = len(text) // 2
    placed, scores = score_table(text, cut)
    made = [text[: p.left + 1] + p.inserted + text[p.right :] for p in placed]
    deletions = [one for one, place in zip(made, placed, strict=True) if not place.inserted]
    assert len(set(deletions)) == len(deletions)
    assert np.isfinite(scores).all()
    for place, sequence in zip(placed[::7], made[::7], strict=True):
        size = place.right - place.left - 1
        if not place.inserted:
            starts = [i for i in range(len(text) - size + 1) if text[:i] + text[i + size :] == sequence]
            assert len(starts) == place.homology_nt + 1


def test_the_weights_are_the_published_table(shared_data):
    published = dict.fromkeys(feature_names(), 0.0)
    lines = (shared_data / "crispr/indel/weights/forecast_theta.txt").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        name, value = line.split("\t")
        published[name.removesuffix(".1")] += float(value)
    assert len(lines) == 3634
    assert load_model("forecast").extra["theta"] == pytest.approx(np.array([*published.values()]), abs=1e-6)
