"""What a nuclease's cut becomes: every indel with its share, and the share that shifts the frame.

The spectrum is that of :mod:`~revertant.prediction.forecast`, corrected by a few terms fitted on disease alleles with a
duplication (inDelphi's library B): long microhomologies, of which FORECasT knows nothing, are weighed by their length.
Its card says what could be checked and what could not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from revertant.model import Estimate
from revertant.prediction.card import card_of
from revertant.prediction.forecast import FLANK_NT, Placed, score_table
from revertant.prediction.model_file import load_model
from revertant.sequence import is_dna

__all__ = ["INDEL_UNIT", "Indel", "IndelSpectrum", "correction_terms", "frameshift_share", "indel_spectrum"]

#: Unit of every share.
INDEL_UNIT = "share of indels, 0 to 1"
#: Fewest bases needed on each side of the cut; with fewer, some deletions and homologies could not be seen.
FEWEST_FLANK = 27
#: Homologies longer than this were not among the alleles the correction was fitted on.
LONGEST_HOMOLOGY = 20

_KEY = "indel_spectrum"


@dataclass(frozen=True, slots=True)
class Indel:
    """One product of a cut.

    Parameters
    ----------
    start, end
        The bases deleted, as offsets from the cut on the guide's strand, of several alignments the leftmost; both 0
        for an insertion.
    inserted
        Bases inserted at the cut.
    homology_nt
        Bases by which the deletion can be moved without changing its product.
    share
        Share of all indels, 0 to 1.

    Examples
    --------
    >>> Indel(-3, 1, "", 2, 0.1).length, Indel(0, 0, "A", 0, 0.2).length
    (-4, 1)
    """

    start: int
    end: int
    inserted: str
    homology_nt: int
    share: float

    @property
    def length(self) -> int:
        """Bases gained, negative for a deletion."""
        return len(self.inserted) - (self.end - self.start)

    def applied(self, sequence: str, cut: int) -> str:
        """Return the sequence with this indel.

        >>> Indel(-1, 1, "", 0, 1.0).applied("AACCGGTT", 4)
        'AACGTT'
        """
        return sequence[: cut + self.start] + self.inserted + sequence[cut + self.end :]


@dataclass(frozen=True, slots=True)
class IndelSpectrum:
    """All indels of one cut.

    Parameters
    ----------
    indels
        Largest share first; empty where the model is not defined, and ``why_not`` says why.
    why_not
        Empty when the model is defined.
    """

    indels: tuple[Indel, ...]
    why_not: str = ""

    def share_where(self, test: Callable[[Indel], bool]) -> Estimate:
        """Return the share of indels that pass a test, with an interval.

        Examples
        --------
        >>> indel_spectrum("ACGT" * 4, 8).share_where(lambda indel: indel.length == 1).value is None
        True
        """
        card = card_of(_KEY)
        method = f"{card.title} [{card.key}, weights {card.digest}]"
        if self.why_not:
            why = f"not defined ({method}): {self.why_not}"
            return Estimate(None, INDEL_UNIT, why, in_domain=False, sources=card.sources)
        value = sum(indel.share for indel in self.indels if test(indel))
        band = load_model(_KEY).band
        assert band is not None
        low, high = band.around(np.array([value]))
        return Estimate(
            round(value, 4),
            INDEL_UNIT,
            method,
            low=round(float(low[0]), 4),
            high=round(float(high[0]), 4),
            interval=card.interval,
            sources=card.sources,
        )


def indel_spectrum(sequence: str, cut: int) -> IndelSpectrum:
    """Predict every indel of SpCas9's cut and its share.

    Deletions of up to 30 bases that touch the cut, and insertions of one or two; the shares are of these.

    Parameters
    ----------
    sequence
        The strand that reads as the spacer, 5'→3', in A, C, G, T, with the PAM; 50 bases on each side of the cut are
        used, and at least 27 are needed.
    cut
        Index of the base right of the cut, 3 bases before the PAM.

    Examples
    --------
    >>> site = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"
    >>> spectrum = indel_spectrum(site, 39)
    >>> round(sum(indel.share for indel in spectrum.indels), 6)
    1.0
    """
    text = sequence[max(0, cut - FLANK_NT) : cut + FLANK_NT]
    cut = min(cut, FLANK_NT)
    why = _why_not(text, cut)
    if why:
        return IndelSpectrum((), why)
    placed, scores = score_table(text, cut)
    longest = max(place.homology_nt for place in placed)
    if longest > LONGEST_HOMOLOGY:
        why = f"a repeat of {longest} bases spans the cut, longer than the {LONGEST_HOMOLOGY} of any allele measured"
        return IndelSpectrum((), why)
    log_shares = correction_terms(text, placed, scores) @ load_model(_KEY).extra["terms"]
    shares = np.exp(log_shares - log_shares.max())
    shares /= shares.sum()
    found = [
        Indel(place.left + 1 - cut, place.right - cut, place.inserted, place.homology_nt, float(share))
        for place, share in zip(placed, shares, strict=True)
    ]
    return IndelSpectrum(tuple(sorted(found, key=lambda one: (-one.share, one.start, one.end, one.inserted))))


def frameshift_share(sequence: str, cut: int) -> Estimate:
    """Predict the share of indels whose length is no multiple of three.

    Parameters
    ----------
    sequence, cut
        As for :func:`indel_spectrum`.

    Examples
    --------
    >>> site = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"
    >>> share = frameshift_share(site, 39)
    >>> 0.5 < share.value < 1, share.in_domain
    (True, True)
    """
    return indel_spectrum(sequence, cut).share_where(lambda indel: indel.length % 3 != 0)


def correction_terms(text: str, placed: list[Placed], scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what the correction looks at, shape (products, terms).

    The first is FORECasT's score. The others say that a product is an insertion of one or two bases, or a deletion
    without homology; and of a homology its length (as it is, up to 6, beyond 10), the logarithm of the deletion's size
    beside it, whether it is as long as the deletion, its G and C, and its share of the deletion from 4 bases on.
    """
    added = np.array([len(place.inserted) for place in placed])
    is_deletion = added == 0
    size = np.array([place.right - place.left - 1 for place in placed])
    homology = np.array([place.homology_nt for place in placed])
    strong = np.array(
        [
            sum(base in "GC" for base in text[place.right : place.right + place.homology_nt])
            for place in placed
        ]
    )
    length = np.minimum(homology, LONGEST_HOMOLOGY)
    columns = [
        scores,
        added == 1,
        added == 2,
        is_deletion & (homology == 0),
        length,
        np.minimum(length, 6),
        np.maximum(length - 10, 0),
        (homology > 0) * np.log(np.maximum(size, 1)),
        is_deletion & (homology >= size),
        strong,
        (homology >= 4) * length / np.maximum(size, 1),
    ]
    return np.stack([np.asarray(column, np.float64) for column in columns], axis=1)


def _why_not(text: str, cut: int) -> str:
    if cut < FEWEST_FLANK or len(text) - cut < FEWEST_FLANK:
        return f"fewer than {FEWEST_FLANK} bases are known on one side of the cut"
    if not is_dna(text):
        return "the sequence holds a letter other than A, C, G and T"
    if text[cut + 4 : cut + 6] != "GG":
        return f"only cuts of SpCas9 beside an NGG PAM were measured; here stands {text[cut + 3 : cut + 6]}"
    return ""
