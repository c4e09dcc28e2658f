"""Scores of one site, each only where it is defined.

**CFD** (cutting frequency determination, Doench 2016) was measured for wild-type SpCas9 with 20-nt guides. It
multiplies a weight for every mismatch, by position and by the two bases that face each other, with a weight
for the PAM's last two bases. The same experiment measured guides with one base less or more. These weights
stand in for bulges **as CRISPRme applies them**, so that scores compare: one leading column is dropped for each
DNA bulge, so that twenty remain; a column's number is its position; a DNA bulge is looked up by the complement
of its base. Position 1 has no bulge weight, a gap there costs nothing (factor 1). The experiment's own rows
name the guide's letter instead of the complement, and count an inserted letter one position later: read a
bulged CFD as a ranking aid, not as a measured share.

**MIT** (Hsu 2013) multiplies position penalties with two terms for the number and spread of the mismatches.
It knows no bulges.

For any other guide length, PAM or letter the score is *not defined* (``None``), never 0 and never 1.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from revertant.model import PamSide
from revertant.sequence import complement, is_dna

__all__ = [
    "CFD_PAMS",
    "CFD_SOURCES",
    "MIT_SOURCES",
    "CfdWeights",
    "cfd_score",
    "cfd_weights",
    "mit_penalties",
    "mit_score",
    "mit_spread",
    "why_no_cfd",
]

#: PAM patterns of wild-type SpCas9 for which a search reports CFD.
CFD_PAMS = frozenset({"NGG", "NAG", "NRG"})
CFD_SOURCES = ("doi:10.1038/nbt.3437",)
MIT_SOURCES = ("doi:10.1038/nbt.2647",)

_SPACER = 20
Distance = TypeVar("Distance", float, NDArray[np.float64])


@dataclass(frozen=True, slots=True)
class CfdWeights:
    """CFD's factors.

    Parameters
    ----------
    column
        By guide letter, base of the target's own strand (``-`` for a gap) and position, 1 farthest from the PAM.
    pam
        By the PAM's last two bases.
    """

    column: dict[tuple[str, str, int], float]
    pam: dict[str, float]


@lru_cache(maxsize=1)
def cfd_weights() -> CfdWeights:
    """Return CFD's factors as published."""
    data = json.loads(
        files("revertant.offtarget.scoring").joinpath("weights/cfd.json").read_text(encoding="utf-8")
    )
    column: dict[tuple[str, str, int], float] = {}
    # The file names the base on the target strand, the aligned target shows the other strand.
    for pair, row in data["mismatch"].items():
        guide, base = pair[1].replace("U", "T"), complement(pair[4])
        column.update({(guide, base, i): weight for i, weight in enumerate(row, start=1)})
    for base, row in data["dna_bulge"].items():
        column.update({("-", complement(base), i): weight for i, weight in enumerate(row, start=2)})
    for guide, row in data["rna_bulge"].items():
        letter = guide.replace("U", "T")
        column.update({(letter, "-", i): weight for i, weight in enumerate(row, start=2)})
    return CfdWeights(column, data["pam"])


@lru_cache(maxsize=1)
def mit_penalties() -> tuple[float, ...]:
    """Return the MIT formula's penalty of each position, 1 farthest from the PAM."""
    data = json.loads(
        files("revertant.offtarget.scoring").joinpath("weights/mit.json").read_text(encoding="utf-8")
    )
    return tuple(data["penalty"])


def mit_spread(mean_distance: Distance) -> Distance:
    """Return the MIT formula's divisor for mismatches at a mean distance from each other.

    Examples
    --------
    >>> mit_spread(19.0), mit_spread(0.0)
    (1.0, 5.0)
    """
    return (19 - mean_distance) / 19 * 4 + 1


def why_no_cfd(spacer: str, pam: str, pam_side: PamSide, *, wild_type: bool = True) -> str:
    """Say why CFD is not defined for a guide; empty when it is.

    Parameters
    ----------
    spacer
        The guide, without gaps.
    pam
        The PAM pattern searched with.
    pam_side
        Where the PAM lies.
    wild_type
        Whether the nuclease is SpCas9 itself: an engineered variant tolerates other mismatches.

    Examples
    --------
    >>> why_no_cfd("A" * 20, "NGG", PamSide.THREE_PRIME)
    ''
    >>> why_no_cfd("A" * 21, "NNGRRT", PamSide.THREE_PRIME)
    'CFD is defined for 20-nt SpCas9 guides with PAM NGG or NAG only; this one has 21 nt and PAM NNGRRT.'
    """
    if not wild_type:
        return "CFD was fitted on wild-type SpCas9; this nuclease is another."
    if len(spacer) == _SPACER and pam in CFD_PAMS and pam_side is PamSide.THREE_PRIME and is_dna(spacer):
        return ""
    has = f"{len(spacer)} nt and PAM {pam}"
    if not is_dna(spacer):
        has += " and ambiguous letters"
    return f"CFD is defined for 20-nt SpCas9 guides with PAM NGG or NAG only; this one has {has}."


def cfd_score(aligned_spacer: str, aligned_target: str, pam: str) -> float | None:
    """Score one site by CFD, 0 to 1.

    Parameters
    ----------
    aligned_spacer, aligned_target
        The alignment, 5'→3' on the guide's strand, ``-`` for gaps, without PAM.
    pam
        The three PAM bases found.

    Returns
    -------
    float or None
        ``None`` when the guide has not 20 nt, the PAM not 3, or any letter is not A, C, G or T.

    Examples
    --------
    >>> cfd_score("ATGGTCGGACTCCCTGCCAG", "ATGGTGGGACTCCCTGCCAG", "AGG")
    0.5
    >>> cfd_score("ATGGTCGGACTCCCTGCCAG", "ATGGTCGGA-TCCCTGCCAG", "AGG")
    0.615384615385
    >>> cfd_score("ATGGTCGGACTCCCTGCCA", "ATGGTGGGACTCCCTGCCA", "AGG") is None
    True
    """
    guide, target = aligned_spacer.replace("-", ""), aligned_target.replace("-", "")
    if len(guide) != _SPACER or len(pam) != 3 or not is_dna(guide + target + pam):
        return None
    if len(aligned_spacer) != len(aligned_target):
        msg = (
            f"the rows of an alignment are equally long, got {len(aligned_spacer)} and {len(aligned_target)}"
        )
        raise ValueError(msg)
    weights = cfd_weights()
    score = 1.0
    dropped = len(aligned_spacer) - _SPACER
    columns = zip(aligned_spacer[dropped:], aligned_target[dropped:], strict=True)
    for position, (letter, base) in enumerate(columns, start=1):
        if letter != base:
            # Only a gap at position 1 has no entry.
            score *= weights.column.get((letter, base, position), 1.0)
    return score * weights.pam[pam[1:]]


def mit_score(aligned_spacer: str, aligned_target: str) -> float | None:
    """Score one site by the MIT formula, 0 to 100; the PAM plays no part.

    Parameters
    ----------
    aligned_spacer, aligned_target
        The alignment, 5'→3' on the guide's strand, without PAM.

    Returns
    -------
    float or None
        ``None`` for bulges, other lengths than 20, or letters other than A, C, G, T.

    Examples
    --------
    >>> mit_score("GACTTGTTTTCATTGTTCTC", "GACTTGTTTTCATTGTTCTC")
    100.0
    >>> round(mit_score("GACTTGTTTTCATTGTTCTC", "TCCTTGTTTTCATTGTTCTC"), 11)
    5.21978021978
    """
    if len(aligned_spacer) != _SPACER or len(aligned_target) != _SPACER:
        return None
    if not is_dna(aligned_spacer + aligned_target):
        return None
    wrong = [i for i in range(_SPACER) if aligned_spacer[i] != aligned_target[i]]
    score = 1.0
    for i in wrong:
        score *= 1 - mit_penalties()[i]
    if len(wrong) > 1:
        score /= mit_spread((wrong[-1] - wrong[0]) / (len(wrong) - 1))
    if wrong:
        score /= len(wrong) ** 2
    return score * 100
