"""What the off-target model looks at in a site: mismatches and bulges by place and kind, the PAM, the guide.

Positions count from the PAM-distal end, 1 to 20. A DNA bulge is told by the guide position before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEATURES", "SPACER_NT", "Sites", "encode", "features"]

SPACER_NT = 20
GAP = 4
UNKNOWN = 9
#: Weights of CFD below this count as this: a product of tiny measured shares is not more telling than one.
LEAST_WEIGHT = 0.01

_CODES = np.full(256, UNKNOWN, np.int8)
_CODES[list(b"ACGT-")] = range(5)
_BORDERS = ((0, 5), (5, 10), (10, 15), (15, 20), (8, 20), (12, 20))
_COLUMNS = SPACER_NT + 4

FEATURES: tuple[str, ...] = (
    "log_cfd",
    "cfd_pam",
    "mismatches",
    *(f"mismatches_{first + 1}_{last}" for first, last in _BORDERS),
    *(f"pam_{i}" for i in (1, 2, 3)),
    "adjacent",
    *(f"mismatch_nearest_pam_{i}" for i in (1, 2, 3)),
    "mismatch_farthest",
    "transitions",
    "guide_g_target_a",
    "guide_t_target_c",
    "guide_gc",
    "guide_gc_seed",
    "target_gc",
    "guide_purines",
    *(f"guide_{letter}" for letter in "agt"),
    "gc_paired",
    "gc_paired_seed",
    "rna_bulges",
    "dna_bulges",
    "rna_bulge_position",
    "dna_bulge_position",
    "dna_bulge_repeats",
    *(f"log_cfd_{i + 1}" for i in range(SPACER_NT)),
)


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Aligned sites as numbers: A, C, G, T are 0 to 3, a gap 4, anything else 9.

    Parameters
    ----------
    guide, target
        Letters at the guide's positions, shape (sites, 20).
    extra
        Unpaired bases of the target behind each position, shape (sites, 20).
    inserted
        The first of these bases, 9 where there is none.
    pam
        Shape (sites, 3).
    is_readable
        Whether the guide has 20 letters, the PAM 3, both rows are equally long and every letter is a base.
    """

    guide: NDArray[np.int8]
    target: NDArray[np.int8]
    extra: NDArray[np.int8]
    inserted: NDArray[np.int8]
    pam: NDArray[np.int8]
    is_readable: NDArray[np.bool_]

    def take(self, rows: NDArray[np.int64]) -> Sites:
        """Return some of the sites."""
        return Sites(*(getattr(self, field.name)[rows] for field in fields(self)))


def _codes(texts: Sequence[str], width: int) -> NDArray[np.int8]:
    """Letters as numbers, one text a row, filled up with unknown."""
    joined = "".join(text[:width].ljust(width, "?") for text in texts)
    raw = np.frombuffer(joined.encode("ascii", "replace"), np.uint8)
    return _CODES[raw].reshape(len(texts), width)


def encode(aligned_spacers: Sequence[str], aligned_targets: Sequence[str], pams: Sequence[str]) -> Sites:
    """Turn alignments into numbers.

    Parameters
    ----------
    aligned_spacers, aligned_targets
        Rows of the alignments, 5'→3' on the guide's strand, ``-`` for gaps, without PAM.
    pams
        The three bases of each PAM.

    Examples
    --------
    >>> sites = encode(["ACGTACGTACGTACGTACG-T"], ["ACGTACGTACGTACGTACGAT"], ["TGG"])
    >>> sites.extra[0].nonzero()[0].tolist(), sites.inserted[0, 18], sites.is_readable.tolist()
    ([18], np.int8(0), [True])
    """
    count = len(aligned_spacers)
    upper, lower = _codes(aligned_spacers, _COLUMNS), _codes(aligned_targets, _COLUMNS)
    guide = np.full((count, SPACER_NT + 1), UNKNOWN, np.int8)
    target, inserted = guide.copy(), guide.copy()
    extra = np.zeros((count, SPACER_NT + 1), np.int8)
    rows = np.arange(count)
    place = np.zeros(count, np.int64)
    for column in range(_COLUMNS):
        letter, base = upper[:, column], lower[:, column]
        pairs = rows[(letter <= 3) & (place < SPACER_NT)]
        guide[pairs, place[pairs]], target[pairs, place[pairs]] = letter[pairs], base[pairs]
        bulges = rows[(letter == GAP) & (place > 0)]
        first = bulges[extra[bulges, place[bulges] - 1] == 0]
        inserted[first, place[first] - 1] = base[first]
        extra[bulges, place[bulges] - 1] += 1
        place += letter <= 3
    lengths = np.array([len(text) for text in aligned_spacers], np.int64)
    pam = _codes(pams, 3)
    is_letter = ((upper <= 4) & (lower <= 4)) | (np.arange(_COLUMNS) >= lengths[:, None])
    is_readable = (
        (place == SPACER_NT)
        & (lengths == [len(text) for text in aligned_targets])
        & (lengths <= _COLUMNS)
        & is_letter.all(axis=1)
        & ((upper != GAP) | (lower != GAP)).all(axis=1)
        & (upper[:, 0] != GAP)
        & (pam <= 3).all(axis=1)
        & (np.array([len(text) for text in pams], np.int64) == 3)
    )
    cut = slice(0, SPACER_NT)
    return Sites(guide[:, cut], target[:, cut], extra[:, cut], inserted[:, cut], pam, is_readable)


def features(sites: Sites) -> NDArray[np.float32]:
    """Return the model's features, shape (sites, features), columns as in :data:`FEATURES`.

    Rows that are not readable hold numbers without meaning.
    """
    guide, target = sites.guide, sites.target
    rows = np.arange(len(guide))[:, None]
    column, pam_weight = _weights()
    is_gap = target == GAP
    is_wrong = (guide != target) & ~is_gap
    letter, base = np.minimum(guide, GAP), np.minimum(target, GAP)
    logs = column[np.arange(SPACER_NT), letter, base]
    inserted = np.minimum(sites.inserted, GAP)
    bulge_logs = np.where(sites.extra > 0, column[np.arange(SPACER_NT), GAP, inserted] * sites.extra, 0)
    logs = logs + bulge_logs
    near = np.sort(np.where(is_wrong, np.arange(1, SPACER_NT + 1), 0), axis=1)[:, ::-1]
    far = np.where(is_wrong, np.arange(1, SPACER_NT + 1), SPACER_NT + 1).min(axis=1)
    strong = (guide == 1) | (guide == 2)
    purine = (guide == 0) | (guide == 2)
    is_purine_target = (target == 0) | (target == 2)
    paired = strong & (guide == target)
    pam = np.minimum(sites.pam, 3)
    position = np.arange(1, SPACER_NT + 1)
    at_dna = (position * (sites.extra > 0)).max(axis=1)
    before = base[rows[:, 0], np.maximum(at_dna - 1, 0)]
    behind = base[rows[:, 0], np.minimum(at_dna, SPACER_NT - 1)]
    bulge = inserted[rows[:, 0], np.maximum(at_dna - 1, 0)]
    columns: list[NDArray[Any]] = [
        logs.sum(axis=1),
        pam_weight[pam[:, 1], pam[:, 2]],
        is_wrong.sum(axis=1),
        *(is_wrong[:, first:last].sum(axis=1) for first, last in _BORDERS),
        pam[:, 0],
        pam[:, 1],
        pam[:, 2],
        (is_wrong[:, 1:] & is_wrong[:, :-1]).sum(axis=1),
        near[:, 0],
        near[:, 1],
        near[:, 2],
        far,
        (is_wrong & (purine == is_purine_target)).sum(axis=1),
        ((guide == 2) & (target == 0)).sum(axis=1),
        ((guide == 3) & (target == 1)).sum(axis=1),
        strong.sum(axis=1),
        strong[:, 10:].sum(axis=1),
        ((target == 1) | (target == 2)).sum(axis=1),
        purine.sum(axis=1),
        *((guide == code).sum(axis=1) for code in (0, 2, 3)),
        paired.sum(axis=1),
        paired[:, 10:].sum(axis=1),
        is_gap.sum(axis=1),
        sites.extra.sum(axis=1),
        (position * is_gap).max(axis=1),
        at_dna,
        (at_dna > 0) & ((bulge == before) | (bulge == behind)),
        *logs.T,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


@cache
def _weights() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Logarithms of CFD's factors by (position, guide letter, target base), and its factors for the PAM."""
    from revertant.offtarget.scoring.scores import cfd_weights  # noqa: PLC0415 - loads the room when asked

    weights = cfd_weights()
    column = np.zeros((SPACER_NT, 5, 5))
    for (letter, base, position), weight in weights.column.items():
        column[position - 1, "ACGT-".index(letter), "ACGT-".index(base)] = np.log(max(weight, LEAST_WEIGHT))
    for code in range(4):
        column[:, code, code] = 0
    pam = np.zeros((4, 4))
    for last_two, weight in weights.pam.items():
        pam["ACGT".index(last_two[0]), "ACGT".index(last_two[1])] = weight
    return column, pam
