"""CFD and MIT of many sites, compiled; the twin of each is in :mod:`revertant.offtarget.scoring.scores`.

Factors are multiplied in the twin's order, from the far end to the PAM, so that both give the same number to the last
bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels.cache import kernel

__all__ = ["score_cfd", "score_mit"]

_SPACER = 20
_GAP = 4
_DNA_BULGE, _RNA_BULGE = 1, 2


@kernel
def score_cfd(
    guide: Any,
    edits: Any,
    columns: Any,
    bases: Any,
    pams: Any,
    is_scored: Any,
    letters: Any,
    weights: Any,
    pam_weights: Any,
    number_of: Any,
    scores: Any,
) -> None:
    """Write the CFD score of each row, ``NaN`` where it is not defined.

    Parameters
    ----------
    guide, edits, columns, bases, pams
        The columns of :class:`revertant.offtarget.matching.found.FoundSites`.
    is_scored, letters
        For each guide whether CFD is defined for it, and its letters outward, as 0 to 3.
    weights
        By position (1 farthest from the PAM), letter and base; 4 is a gap.
    pam_weights
        By the last two letters of the PAM.
    number_of
        The number of each base set that is one base, else -1.
    scores
        Where to write.
    """
    factors = np.empty(_SPACER, np.float64)
    for row in range(guide.size):
        g = guide[row]
        scores[row] = np.nan
        if not is_scored[g]:
            continue
        last = number_of[pams[row] & np.uint64(15)]
        middle = number_of[pams[row] >> np.uint64(4) & np.uint64(15)]
        plain = last >= 0 and middle >= 0 and number_of[pams[row] >> np.uint64(8) & np.uint64(15)] >= 0
        for t in range(_SPACER + np.int64(edits[row, 1]) - np.int64(edits[row, 2])):
            plain = plain and number_of[bases[row, t] & 15] >= 0
        if not plain:
            continue
        j = t = 0
        for column in range(_SPACER):
            kind = columns[row] >> np.uint64(2 * column) & np.uint64(3)
            letter = base = _GAP
            if kind != _DNA_BULGE:
                letter = letters[g, j]
                j += 1
            if kind != _RNA_BULGE:
                base = number_of[bases[row, t] & 15]
                t += 1
            factors[column] = 1.0 if letter == base else weights[_SPACER - column, letter, base]
        score = 1.0
        for column in range(_SPACER - 1, -1, -1):
            score *= factors[column]
        scores[row] = score * pam_weights[middle, last]


@kernel
def score_mit(
    guide: Any,
    columns: Any,
    bases: Any,
    is_scored: Any,
    letters: Any,
    penalties: Any,
    number_of: Any,
    scores: Any,
) -> None:
    """Write the MIT score of each row, ``NaN`` where it is not defined; arguments as for :func:`score_cfd`.

    ``penalties`` are by position, the first farthest from the PAM.
    """
    for row in range(guide.size):
        g = guide[row]
        scores[row] = np.nan
        plain = is_scored[g] and columns[row] == 0
        for t in range(_SPACER):
            plain = plain and number_of[bases[row, t] & 15] >= 0
        if not plain:
            continue
        score, count, first, last = 1.0, 0, 0, 0
        for position in range(_SPACER):
            t = _SPACER - 1 - position
            if letters[g, t] != number_of[bases[row, t] & 15]:
                score *= 1 - penalties[position]
                if count == 0:
                    first = position
                last = position
                count += 1
        if count > 1:
            score /= (19 - (last - first) / (count - 1)) / 19 * 4 + 1
        if count > 0:
            score /= count**2
        scores[row] = score * 100
