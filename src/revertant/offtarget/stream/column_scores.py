"""CFD and MIT of thousands of sites at once.

The twin, one site at a time, is :mod:`revertant.offtarget.scoring.scores`. A score that is not defined is ``NaN``,
never 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from revertant.model import OffTargetRequest
from revertant.offtarget.matching.found import FoundSites
from revertant.offtarget.matching.hit import outward
from revertant.offtarget.scoring.scores import cfd_weights, mit_penalties, mit_spread, why_no_cfd

__all__ = ["ColumnScores"]

_SPACER = 20
_GAP = 4
_DNA_BULGE, _RNA_BULGE = 1, 2
_ROWS = 1 << 16
#: The number of each base set that is one base; others have none.
_NUMBER = np.full(16, -1, np.int8)
_NUMBER[[1, 2, 4, 8]] = range(4)


class ColumnScores:
    """Scores the sites of some guides.

    Parameters
    ----------
    requests
        The guides; rows name them by index.
    is_compiled
        Whether to use the compiled kernels, which must be loaded; it pays from some ten thousand rows on.
    """

    def __init__(self, requests: Sequence[OffTargetRequest], *, is_compiled: bool = False) -> None:
        self._is_compiled = is_compiled
        self._is_scored = np.array(
            [not why_no_cfd(r.spacer, r.pam, r.pam_side, wild_type=r.cfd_applies) for r in requests], np.bool_
        )
        self._letters = np.zeros((len(requests), _SPACER + 1), np.int8)
        for row in np.flatnonzero(self._is_scored).tolist():
            text = outward(requests[row].spacer, requests[row].pam_side)
            self._letters[row, :_SPACER] = ["ACGT".index(letter) for letter in text]
        weights = cfd_weights()
        # Position 1 is the farthest from the PAM; what has no entry costs nothing.
        self._weights = np.ones((_SPACER + 1, 5, 5))
        for (letter, base, position), weight in weights.column.items():
            self._weights[position, "ACGT-".index(letter), "ACGT-".index(base)] = weight
        self._pam_weights = np.full((4, 4), np.nan)
        for pam, weight in weights.pam.items():
            self._pam_weights["ACGT".index(pam[0]), "ACGT".index(pam[1])] = weight
        self._penalties = np.array(mit_penalties())

    def cfd(self, found: FoundSites) -> NDArray[np.float64]:
        """Return the CFD score of each row, 0 to 1; ``NaN`` where it is not defined."""
        scores = np.full(len(found), np.nan)
        if self._is_compiled:
            from revertant.offtarget.kernels.scores import score_cfd  # noqa: PLC0415

            score_cfd(
                found.guide, found.edits, found.columns, found.bases, found.pams, self._is_scored,
                self._letters, self._weights, self._pam_weights, _NUMBER, scores,
            )  # fmt: skip
            return scores
        for low in range(0, len(found), _ROWS):
            rows = np.arange(low, min(low + _ROWS, len(found)))
            rows = rows[self._is_scored[found.guide[rows]]]
            if len(rows):
                scores[rows] = self._cfd(found.take(rows))
        return scores

    def mit(self, found: FoundSites) -> NDArray[np.float64]:
        """Return the MIT score of each row, 0 to 100; ``NaN`` where it is not defined, bulged sites included."""
        scores = np.full(len(found), np.nan)
        if self._is_compiled:
            from revertant.offtarget.kernels.scores import score_mit  # noqa: PLC0415

            score_mit(
                found.guide, found.columns, found.bases, self._is_scored, self._letters, self._penalties,
                _NUMBER, scores,
            )  # fmt: skip
            return scores
        for low in range(0, len(found), _ROWS):
            rows = np.arange(low, min(low + _ROWS, len(found)))
            rows = rows[self._is_scored[found.guide[rows]] & (found.columns[rows] == 0)]
            if len(rows):
                scores[rows] = self._mit(found.take(rows))
        return scores

    def _cfd(self, found: FoundSites) -> NDArray[np.float64]:
        bases, rows = _NUMBER[found.bases & 15], np.arange(len(found))
        used = _SPACER + found.edits[:, 1].astype(np.int64) - found.edits[:, 2]
        weights = np.empty((_SPACER, len(found)))
        j, t = np.zeros(len(found), np.int64), np.zeros(len(found), np.int64)
        for column in range(_SPACER):
            kind = found.columns >> np.uint64(2 * column) & np.uint64(3)
            is_dna, is_rna = kind == _DNA_BULGE, kind == _RNA_BULGE
            letter = np.where(is_dna, _GAP, self._letters[found.guide, j])
            base = np.where(is_rna, _GAP, bases[rows, np.minimum(t, bases.shape[1] - 1)])
            weight = self._weights[_SPACER - column, letter, base]
            weights[column] = np.where(letter == base, 1.0, weight)
            j += ~is_dna
            t += ~is_rna
        # Multiplied in the twin's order, so that both give the same number to the last bit.
        score = np.ones(len(found))
        for weight in weights[::-1]:
            score *= weight
        # Every base of the site must be one base, those of the leading columns that carry no weight as well.
        beyond = np.arange(bases.shape[1]) >= used[:, None]
        is_plain = ((bases >= 0) | beyond).all(axis=1)
        last, middle, first = (_NUMBER[found.pams >> np.uint64(4 * k) & np.uint64(15)] for k in range(3))
        # Outward the PAM begins beside the spacer: its letters lie in the order N, G, G reversed.
        is_plain &= (last >= 0) & (middle >= 0) & (first >= 0)
        return np.where(is_plain, score * self._pam_weights[middle, last], np.nan)

    def _mit(self, found: FoundSites) -> NDArray[np.float64]:
        bases = _NUMBER[found.bases[:, :_SPACER] & 15]
        # From outward to 5'→3', in which the penalties are written.
        wrong = (bases != self._letters[found.guide, :_SPACER])[:, ::-1]
        count = wrong.sum(axis=1)
        score = np.ones(len(found))
        for position in range(_SPACER):
            score *= np.where(wrong[:, position], 1 - self._penalties[position], 1.0)
        first, last = wrong.argmax(axis=1), _SPACER - 1 - wrong[:, ::-1].argmax(axis=1)
        several = count > 1
        mean = np.where(several, (last - first) / np.maximum(count - 1, 1), 0.0)
        score = np.where(several, score / mit_spread(mean), score) / np.maximum(count, 1) ** 2
        return np.where((bases >= 0).all(axis=1), score * 100, np.nan)
