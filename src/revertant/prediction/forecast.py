"""The indels a cut leaves, by FORECasT's published weights (Allen 2019).

FORECasT gives every indel a score, the sum of the weights of what it is: its size and place, the letters beside its
ends and beside the cut, repeats of the end's letters (microhomology), the letters inserted, and pairs of these. Shares
are the exponentials of the scores, made to sum to 1. Indels are deletions of 1 to 30 bases that touch the cut and
insertions of one or two bases at it. Several deletions can leave the same sequence; such a product has every feature
that one of them has. This module does that arithmetic on arrays, from the description in the authors' software; the
weights are theirs, as figures.

Three oddities of the original are kept, since the weights were fitted with them: the ranges of left ends beyond 3
bases never match, size 8 to 12 begins at 7, and homologies longer than 15 count as none.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from revertant.prediction.model_file import load_model

__all__ = ["FLANK_NT", "MOST_DELETED", "Placed", "feature_names", "score_table"]

#: Bases on each side of the cut that the model can look at: deletions reach 30 bases, homologies beside them 15.
FLANK_NT = 50
MOST_DELETED = 30

_KEY = "forecast"
_LETTERS = "ATGC"
_SIZES = ("Any Deletion", "D1", "D2-3", "D4-7", "D8-12", "D>12")
_LEFTS = ("DL-1--1", "DL-2--2", "DL-3--3", "DL-4--6", "DL-7--10", "DL-11--15", "DL-16--30", "DL<-30", "DL>=0")
_RIGHTS = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 9), (10, 14), (15, 29))
_NEAR = range(-5, 4)
_BESIDE = range(-3, 3)
_TWO_NEAR = tuple((a, b) for a in range(-3, 2) for b in range(-3, a))
_HOMOLOGIES = ((1, 1), (2, 2), (3, 3), (4, 6), (7, 10), (11, 15))
#: Groups of features whose pairs count too; a pair of groups named twice has two weights, which are added.
_PAIRS = (
    ("size", "place"),
    ("inserted", "repeat"),
    ("homology", "size"),
    ("homology", "place"),
    ("ends", "size"),
    ("cut", "insertion"),
    ("matches", "size"),
    ("ends", "place"),
    ("cut", "size"),
    ("two", "size"),
    ("cut", "repeat"),
    ("two", "repeat"),
)

Flags = NDArray[np.bool_]


class Placed(NamedTuple):
    """A product of a cut, as one of the alignments that give it, the leftmost.

    Parameters
    ----------
    left, right
        Index of the last base kept before the cut and of the first kept behind it.
    inserted
        Letters inserted at the cut.
    homology_nt
        Bases by which a deletion can be moved without changing its product.
    """

    left: int
    right: int
    inserted: str
    homology_nt: int


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """Names of the features of each group, as the published table has them."""
    pairs = [a + b for a, b in product(_LETTERS, repeat=2)]
    homology = []
    for low, high in _HOMOLOGIES:
        homology += [f"L_MH{low}-{high}", f"R_MH{low}-{high}"]
        if high > 2:
            homology += [f"L_MM1_MH{low}-{high}", f"R_MM1_MH{low}-{high}"]
    return {
        "insertion": ("Any Insertion", "I1", "I2"),
        "size": _SIZES,
        "place": (*_LEFTS, *(f"DR{low}-{high}" for low, high in _RIGHTS), "DR<0", "DR=>30"),
        "where": ("IL-1--1", "IL-2--2", "IL-3--3", "IL<-3", "IL>=0"),
        "repeat": ("I1Rpt", "I1NonRpt", "I2Rpt", "I2NonRpt"),
        "inserted": (*(f"I1_{one}" for one in _LETTERS), *(f"I2_{two}" for two in pairs)),
        "cut": tuple(f"CS{place}_NT={one}" for place in _NEAR for one in _LETTERS),
        "two": tuple(f"M_CS{a}_{b}_NT={one}" for a, b in _TWO_NEAR for one in _LETTERS),
        "ends": tuple(f"{side}{i}_NT={one}" for i in _BESIDE for one in _LETTERS for side in "LR"),
        "matches": tuple(f"{kind}_L{a}_R{b}" for a in _BESIDE for b in _BESIDE for kind in "MX"),
        "homology": (*homology, "No MH"),
    }


@cache
def feature_names() -> tuple[str, ...]:
    """Return the names of all features in the order of the arrays: groups first, then pairs.

    Examples
    --------
    >>> len(feature_names()), feature_names()[-1]
    (3417, 'PW_M_CS1_0_NT=C_vs_I2NonRpt')
    """
    groups = _groups()
    single = [name for names in groups.values() for name in names]
    pairs = [f"PW_{a}_vs_{b}" for one, other in _PAIRS for a in groups[one] for b in groups[other]]
    return tuple(single + pairs)


def score_table(text: str, cut: int) -> tuple[list[Placed], NDArray[np.float64]]:
    """Return the products of a blunt cut and their scores, natural logarithms of shares up to a constant.

    Parameters
    ----------
    text
        The strand that reads as the spacer, 5'→3', in A, C, G, T; what lies farther than 50 bases from the cut plays
        no part.
    cut
        Index of the base right of the cut, 3 bases before the PAM.

    Examples
    --------
    >>> site = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"
    >>> placed, scores = score_table(site, 39)
    >>> placed[scores.argmax()]
    Placed(left=32, right=40, inserted='', homology_nt=4)
    """
    codes = np.array([_LETTERS.index(letter) for letter in text])
    product_of: dict[str, int] = {}
    owner, lefts, rights, added = [], [], [], []
    for left in range(max(0, cut - MOST_DELETED - 1), cut):
        for right in range(cut, min(len(text), left + MOST_DELETED + 2)):
            if right - left > 1:
                key = text[: left + 1] + text[right:]
                owner.append(product_of.setdefault(key, len(product_of)))
                lefts.append(left)
                rights.append(right)
                added.append("")
    deletions = len(product_of)
    for letters in _groups()["inserted"]:
        owner.append(len(product_of) + len(owner))
        lefts.append(cut - 1)
        rights.append(cut)
        added.append(letters.partition("_")[2])
    numbers = {value: place for place, value in enumerate(dict.fromkeys(owner))}
    group = np.array([numbers[value] for value in owner])
    rows = _features(codes, cut, np.array(lefts), np.array(rights), added)
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(len(numbers)))
    together = np.logical_or.reduceat(rows[order], starts, axis=0)
    scores = together @ _theta()
    first = order[starts]
    homology = [
        _homology(text, lefts[i], rights[i]) if number < deletions else 0 for number, i in enumerate(first)
    ]
    placed = [Placed(lefts[i], rights[i], added[i], nt) for i, nt in zip(first, homology, strict=True)]
    return placed, scores


@cache
def _theta() -> NDArray[np.float64]:
    model = load_model(_KEY)
    assert model.features == feature_names(), "the weights are in the order of the features"
    return np.asarray(model.extra["theta"], np.float64)


def _homology(text: str, left: int, right: int) -> int:
    """Bases by which a deletion can be moved without changing its product."""
    size = right - left - 1
    back, ahead = 0, 0
    while left - back >= 0 and text[left - back] == text[left - back + size]:
        back += 1
    while right + ahead < len(text) and text[right + ahead] == text[right + ahead - size]:
        ahead += 1
    return back + ahead


def _features(
    codes: NDArray[np.int64], cut: int, left: NDArray[np.int64], right: NDArray[np.int64], added: list[str]
) -> Flags:
    """All features of every placement, shape (placements, features)."""
    is_deletion = np.array([not letters for letters in added])
    groups = {
        "insertion": _columns([~is_deletion, *([len(text) == n for text in added] for n in (1, 2))]),
        "size": _size(right - left - 1, is_deletion),
        "place": _place(left - cut, right - cut, is_deletion),
        "where": _columns([~is_deletion, *([np.zeros(len(added), np.bool_)] * 4)]),
        "repeat": _repeat(codes, cut, added),
        "inserted": _columns(
            [[text == name.partition("_")[2] for text in added] for name in _groups()["inserted"]]
        ),
        "cut": np.broadcast_to(_near(codes, cut), (len(added), len(_groups()["cut"]))),
        "two": np.broadcast_to(_two(codes, cut), (len(added), len(_groups()["two"]))),
        "ends": _ends(codes, left, right) & is_deletion[:, None],
        "matches": _matches(codes, left, right) & is_deletion[:, None],
        "homology": _homologies(codes, left, right) & is_deletion[:, None],
    }
    pairs = [
        (groups[one][:, :, None] & groups[other][:, None, :]).reshape(len(added), -1) for one, other in _PAIRS
    ]
    return np.concatenate([*groups.values(), *pairs], axis=1)


def _columns(flags: Iterable[object]) -> Flags:
    return np.stack([np.asarray(flag, np.bool_) for flag in flags], axis=1)


def _size(size: NDArray[np.int64], is_deletion: Flags) -> Flags:
    classes = [size > 0, size == 1, (size >= 2) & (size <= 3), (size >= 4) & (size <= 7)]
    classes += [(size >= 7) & (size <= 12), size > 12]
    return _columns(classes) & is_deletion[:, None]


def _place(left: NDArray[np.int64], right: NDArray[np.int64], is_deletion: Flags) -> Flags:
    never = np.zeros(len(left), np.bool_)
    lefts = [left == -1, left == -2, left == -3, never, never, never, never, left < -30, left >= 0]
    rights = [(right >= low) & (right <= high) for low, high in _RIGHTS]
    return _columns([*lefts, *rights, right < 0, right > 30]) & is_deletion[:, None]


def _repeat(codes: NDArray[np.int64], cut: int, added: list[str]) -> Flags:
    before = _LETTERS[codes[cut - 1]]
    return _columns(
        [
            [text == before for text in added],
            [len(text) == 1 and text != before for text in added],
            [text == 2 * before for text in added],
            [len(text) == 2 and text != 2 * before for text in added],
        ]
    )


def _near(codes: NDArray[np.int64], cut: int) -> Flags:
    return np.concatenate([np.arange(4) == codes[cut + place] for place in _NEAR])


def _two(codes: NDArray[np.int64], cut: int) -> Flags:
    return np.concatenate(
        [(np.arange(4) == codes[cut + a]) & bool(codes[cut + a] == codes[cut + b]) for a, b in _TWO_NEAR]
    )


def _at(codes: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Letters at places, -1 beyond the ends."""
    inside = (places >= 0) & (places < len(codes))
    return np.where(inside, codes[np.clip(places, 0, len(codes) - 1)], -1)


def _ends(codes: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64]) -> Flags:
    columns = []
    for offset in _BESIDE:
        a, b = _at(codes, left + 1 + offset), _at(codes, right + offset)
        for letter in range(4):
            columns += [a == letter, b == letter]
    return _columns(columns)


def _matches(codes: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64]) -> Flags:
    columns = []
    for a in _BESIDE:
        for b in _BESIDE:
            inside = (left + a > 0) & (right + b < len(codes))
            same = _at(codes, left + a + 1) == _at(codes, right + b)
            columns += [inside & same, inside & ~same]
    return _columns(columns)


def _homologies(codes: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64]) -> Flags:
    """Repeats that end at the deletion's ends: exact, and with one letter different inside."""
    columns = []
    steps = np.arange(_HOMOLOGIES[-1][1] + 1)
    sides = {
        "L": (left[:, None] - steps, right[:, None] - 1 - steps),
        "R": (left[:, None] + 1 + steps, right[:, None] + steps),
    }
    same, inside = {}, {}
    for side, (one, other) in sides.items():
        a, b = _at(codes, one), _at(codes, other)
        inside[side] = (a >= 0) & (b >= 0)
        same[side] = (a == b) & inside[side]
    for low, high in _HOMOLOGIES:
        for wrong in (0, 1) if high > 2 else (0,):
            columns += [
                np.logical_or.reduce(
                    [_of_length(same[side], inside[side], size, wrong) for size in range(low, high + 1)]
                )
                for side in "LR"
            ]
    return _columns([*columns, ~np.logical_or.reduce(columns)])


def _of_length(same: Flags, inside: Flags, size: int, wrong: int) -> Flags:
    """Whether a repeat has exactly so many letters, first and last alike, ``wrong`` of them different."""
    ends_there = ~same[:, size]
    run = same[:, :size]
    # A repeat that runs to the end of the sequence is none: nobody knows where it would have ended.
    return np.asarray(
        inside[:, size] & ends_there & run[:, 0] & run[:, -1] & (run.sum(axis=1) == size - wrong)
    )
