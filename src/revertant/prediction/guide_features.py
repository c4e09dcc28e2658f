"""Features of a guide and its target: what the activity models look at.

A target is a stretch of DNA as the spacer reads, PAM and flanks with it. Letters are coded A 0, C 1, G 2, T 3,
anything else 4: a flank that is not known is 4, and then none of its columns is set.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from revertant.sequence import BASES

__all__ = [
    "HYBRID_STACKING",
    "UNKNOWN",
    "best_hairpin",
    "encode",
    "guide_feature_names",
    "guide_features",
    "longest_runs",
    "one_hot",
]

Codes = NDArray[np.uint8]
Floats = NDArray[np.float32]

#: Code of a letter that is not A, C, G or T.
UNKNOWN = 4
#: Free energy of stacking at 37 °C in kcal/mol of an RNA:DNA hybrid, by RNA dinucleotide 5'→3', A C G U by
#: A C G U (Sugimoto 1995, doi:10.1021/bi00035a029); a test holds it to the paper's enthalpies and entropies.
HYBRID_STACKING = np.array(
    [[-1.0, -2.1, -1.8, -0.9], [-0.9, -2.1, -1.7, -0.9], [-1.3, -2.7, -2.9, -1.1], [-0.6, -1.5, -1.6, -0.2]],
    np.float32,
)
#: Hydrogen bonds of a base pair of RNA, by codes; G·U counts half a bond, as it adds little.
_PAIRS = np.zeros((5, 5), np.float32)
for _first, _second, _bonds in ((0, 3, 2.0), (1, 2, 3.0), (2, 3, 0.5)):
    _PAIRS[_first, _second] = _PAIRS[_second, _first] = _bonds
#: Fewest unpaired letters in the loop of a hairpin.
_LOOP = 3
_LETTERS = np.full(256, UNKNOWN, np.uint8)
_LETTERS[np.frombuffer(BASES.encode(), np.uint8)] = range(4)


def encode(sequences: Sequence[str], length: int) -> Codes:
    """Return the codes of sequences of one length, shape (sequences, length).

    Parameters
    ----------
    sequences
        Upper-case DNA; a sequence of another length becomes a row of unknown letters.
    length
        Letters in each.

    Examples
    --------
    >>> encode(["ACGT", "NTAA", "AC"], 4).tolist()
    [[0, 1, 2, 3], [4, 3, 0, 0], [4, 4, 4, 4]]
    """
    text = "".join(item if len(item) == length else "N" * length for item in sequences)
    letters = np.frombuffer(text.encode("latin-1", "replace"), np.uint8)
    return _LETTERS[letters].reshape(len(sequences), length)


def one_hot(codes: NDArray[Any], kinds: int = 4) -> Floats:
    """Return a column for each kind at each position, set where the code is that kind: (rows, length × kinds)."""
    columns: Floats = (codes[:, :, None] == np.arange(kinds)).reshape(len(codes), -1).astype(np.float32)
    return columns


def guide_features(codes: Codes, start: int, stop: int) -> Floats:
    """Return the features of targets, columns named by :func:`guide_feature_names`.

    Parameters
    ----------
    codes
        From :func:`encode`: targets with their flanks.
    start, stop
        Where the spacer stands in a target.

    Examples
    --------
    >>> codes = encode(["ACGTACGTACGTACGTACGTACGTTGGAAA"], 30)
    >>> guide_features(codes, 4, 24).shape == (1, len(guide_feature_names(30, 4, 24)))
    True
    """
    guide = codes[:, start:stop]
    steps, guide_steps = _dinucleotides(codes), _dinucleotides(guide)
    bases = (guide[:, :, None] == np.arange(4)).sum(axis=1)
    energy = np.append(HYBRID_STACKING.ravel(), 0)[guide_steps]
    length = guide.shape[1]
    parts = [
        one_hot(codes),
        one_hot(steps, 16),
        bases,
        bases[:, [1]] + bases[:, [2]],
        (guide_steps[:, :, None] == np.arange(16)).sum(axis=1),
        longest_runs(guide),
        best_hairpin(guide),
        *(energy[:, a:b].sum(axis=1, keepdims=True) for a, b in _segments(length)),
    ]
    return np.concatenate([np.asarray(part, np.float32) for part in parts], axis=1)


@cache
def guide_feature_names(length: int, start: int, stop: int) -> tuple[str, ...]:
    """Return the names of the columns of :func:`guide_features`, positions counted from 1 at the left.

    >>> names = guide_feature_names(30, 4, 24)
    >>> names[0], names[-1], len(names)
    ('1A', 'hybrid_energy_1_5', 616)
    """
    pairs = ["".join(pair) for pair in product(BASES, repeat=2)]
    return (
        *(f"{place + 1}{base}" for place in range(length) for base in BASES),
        *(f"{place + 1}{pair}" for place in range(length - 1) for pair in pairs),
        *(f"count_{base}" for base in BASES),
        "count_GC",
        *(f"count_{pair}" for pair in pairs),
        *(f"run_{base}" for base in BASES),
        "hairpin_bonds",
        "hairpin_pairs",
        *(f"hybrid_energy_{a + 1}_{b}" for a, b in _segments(stop - start)),
    )


def _segments(length: int) -> tuple[tuple[int, int], ...]:
    """Stretches of stacking steps: all, the PAM side of a 3' PAM outward, and the first five."""
    return (0, length - 1), (length - 6, length - 1), (length - 11, length - 6), (5, length - 11), (0, 5)


def _dinucleotides(codes: Codes) -> NDArray[np.int16]:
    """Code of each step 5'→3', 0 to 15; 16 where a letter is unknown."""
    first, second = codes[:, :-1].astype(np.int16), codes[:, 1:].astype(np.int16)
    return np.where((first < UNKNOWN) & (second < UNKNOWN), first * 4 + second, 16).astype(np.int16)


def longest_runs(codes: Codes) -> Floats:
    """Return the length of the longest run of each base, shape (rows, 4)."""
    runs = np.zeros((len(codes), 4), np.float32)
    for base in range(4):
        now = np.zeros(len(codes), np.float32)
        for column in codes.T:
            now = np.where(column == base, now + 1, 0)
            runs[:, base] = np.maximum(runs[:, base], now)
    return runs


def best_hairpin(codes: Codes) -> Floats:
    """Return the most hydrogen bonds, and the most pairs, of one stem without bulges a strand can fold into."""
    from revertant.prediction.kernels_hairpin import best_stems  # noqa: PLC0415 - compiles when needed

    best = np.zeros((len(codes), 2), np.float32)
    best_stems(np.ascontiguousarray(codes), _PAIRS, _LOOP, best)
    return best
