"""How well a sequence fits a human splice site: the maximum-entropy scores of Yeo and Burge (MaxEntScan).

A 5' splice site (donor) is judged on 9 bases, the last 3 of the exon and the first 6 of the intron; a 3' splice
site (acceptor) on 23, the last 20 of the intron and the first 3 of the exon. The score is the base-2 logarithm of
how much likelier the bases are in true sites than in decoys with the same two letters. It knows nothing of what
lies farther away (branch point, enhancers, the other end of the exon): a high score is no proof of use.

The tables are the published figures, kept in single precision (``maxent2004.npz``); their card is
``maxent2004.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from revertant.knowledge import Row, load_rows

__all__ = [
    "ACCEPTOR_EXON_NT",
    "ACCEPTOR_INTRON_NT",
    "DONOR_EXON_NT",
    "DONOR_INTRON_NT",
    "SPLICE_UNIT",
    "SpliceCard",
    "SpliceKind",
    "SpliceSite",
    "acceptor_score",
    "donor_score",
    "splice_card",
    "splice_sites",
]

DONOR_EXON_NT, DONOR_INTRON_NT = 3, 6
ACCEPTOR_INTRON_NT, ACCEPTOR_EXON_NT = 20, 3

#: Unit of every score.
SPLICE_UNIT = "MaxEntScan score, bits"

_PACKAGE = "revertant.prediction"
_CARD = "maxent2004"

# Share of each base at the two letters of the site, in sites and in the background (Yeo and Burge's own figures).
_BACKGROUND = np.array([0.27, 0.23, 0.23, 0.27])
_DONOR_LETTERS = np.array([[0.0040, 0.0032, 0.9896, 0.0032], [0.0034, 0.0039, 0.0042, 0.9884]])
_ACCEPTOR_LETTERS = np.array([[0.9903, 0.0032, 0.0034, 0.0030], [0.0027, 0.0037, 0.9905, 0.0030]])

#: Overlapping parts of the 21 bases beside AG: the score is the product of the first five over the last four.
_ACCEPTOR_PARTS = ((0, 7), (7, 14), (14, 21), (4, 11), (11, 18), (4, 7), (7, 11), (11, 14), (14, 18))
_PARTS_ABOVE = 5

_CODE = np.full(256, 4, dtype=np.uint8)
for _number, _letter in enumerate("ACGT"):
    _CODE[ord(_letter)] = _number


class SpliceKind(StrEnum):
    """The two ends of an intron."""

    DONOR = "donor"
    ACCEPTOR = "acceptor"

    @property
    def letters(self) -> str:
        """The two intron letters of a canonical site."""
        return "GT" if self is SpliceKind.DONOR else "AG"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpliceCard(Row):
    """Where the scores come from and what they are good for.

    Parameters
    ----------
    title, licence, unit, domain
        One sentence each.
    limits
        What the scores are not.
    checks
        What was verified, and how well the scores tell true sites from decoys.
    """

    title: str
    licence: str
    unit: str
    domain: str
    limits: tuple[str, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class SpliceSite:
    """A place where a sequence could be spliced.

    Parameters
    ----------
    edge
        Index, in the sequence that was scanned, of the first intron base (donor) or the first exon base (acceptor).
    kind
        Donor or acceptor.
    score
        In bits.
    """

    edge: int
    kind: SpliceKind
    score: float


def donor_score(bases: str) -> float | None:
    """Score a 5' splice site.

    Parameters
    ----------
    bases
        3 exon and 6 intron bases on the transcript's strand, in any case.

    Returns
    -------
    float or None
        Bits. ``None`` where a letter is none of A, C, G and T. The published formula gives a figure for intron
        letters other than GT too; the model was made from GT sites only.

    Raises
    ------
    ValueError
        When it is not 9 letters long.

    Examples
    --------
    >>> round(donor_score("cagGTAAGT"), 2), donor_score("cagGTNAGT")
    (10.86, None)
    """
    return _one(bases, SpliceKind.DONOR)


def acceptor_score(bases: str) -> float | None:
    """Score a 3' splice site.

    Parameters
    ----------
    bases
        20 intron and 3 exon bases on the transcript's strand, in any case.

    Returns
    -------
    float or None
        Bits; ``None`` where a letter is none of A, C, G and T.

    Raises
    ------
    ValueError
        When it is not 23 letters long.

    Examples
    --------
    >>> round(acceptor_score("ttccaaacgaacttttgtAGgga"), 2)
    2.89
    """
    return _one(bases, SpliceKind.ACCEPTOR)


def splice_sites(bases: str, lowest: float, *, kind: SpliceKind | None = None) -> tuple[SpliceSite, ...]:
    """Find every canonical site (GT or AG) of a sequence that scores at least so much.

    Parameters
    ----------
    bases
        A sequence on the transcript's strand. A site too near to its ends to be scored is left out.
    lowest
        The least score, in bits.
    kind
        Donors or acceptors only.

    Returns
    -------
    tuple[SpliceSite, ...]
        From left to right.

    Examples
    --------
    >>> splice_sites("TTTTCAGGTAAGTATC", 3.0)
    (SpliceSite(edge=7, kind=<SpliceKind.DONOR: 'donor'>, score=10.86),)
    """
    found = []
    for one in SpliceKind:
        if kind in {None, one}:
            scores = _scores(bases, one)
            letters = np.frombuffer(bases.upper().encode("ascii", "replace"), np.uint8)
            before = DONOR_EXON_NT if one is SpliceKind.DONOR else ACCEPTOR_INTRON_NT
            first = before if one is SpliceKind.DONOR else before - 2
            canonical = np.ones(len(scores), bool)
            for offset, letter in enumerate(one.letters):
                canonical &= letters[first + offset : first + offset + len(scores)] == ord(letter)
            at = np.flatnonzero(canonical & (np.nan_to_num(scores, nan=-np.inf) >= lowest))
            found += [SpliceSite(int(i) + before, one, round(float(scores[i]), 2)) for i in at]
    return tuple(sorted(found))


@cache
def splice_card() -> SpliceCard:
    """Return the card of the scores.

    Examples
    --------
    >>> splice_card().unit
    'MaxEntScan score, bits'
    """
    text = (resources.files(_PACKAGE) / f"{_CARD}.toml").read_text(encoding="utf-8")
    return load_rows(f"{_CARD}.toml", SpliceCard, text=text)[_CARD]


def _one(bases: str, kind: SpliceKind) -> float | None:
    wanted = 9 if kind is SpliceKind.DONOR else 23
    if len(bases) != wanted:
        msg = f"a {kind.value} site is judged on {wanted} bases, got {len(bases)}"
        raise ValueError(msg)
    score = float(_scores(bases, kind)[0])
    return None if np.isnan(score) else score


@cache
def _tables() -> dict[str, NDArray[np.float64]]:
    """Base-2 logarithms of the published ratios, by the base-4 number of the bases they stand for."""
    with (resources.files(_PACKAGE) / f"{_CARD}.npz").open("rb") as file, np.load(file) as stored:
        return {name: np.log2(stored[name].astype(np.float64)) for name in stored.files}


def _scores(bases: str, kind: SpliceKind) -> NDArray[np.float64]:
    """The score of every window of a sequence; NaN where a letter is ambiguous."""
    codes = _CODE[np.frombuffer(bases.upper().encode("ascii", "replace"), np.uint8)]
    donor = kind is SpliceKind.DONOR
    size, first = (9, DONOR_EXON_NT) if donor else (23, ACCEPTOR_INTRON_NT - 2)
    count = len(codes) - size + 1
    if count < 1:
        return np.empty(0)
    unclear = np.zeros(count, bool)
    for offset in range(size):
        unclear |= codes[offset : offset + count] == len(_BACKGROUND)
    clean = np.where(codes == len(_BACKGROUND), 0, codes).astype(np.int64)
    total = np.zeros(count)
    for offset, share in enumerate(_DONOR_LETTERS if donor else _ACCEPTOR_LETTERS):
        total += np.log2(share / _BACKGROUND)[clean[first + offset : first + offset + count]]
    rest = [offset for offset in range(size) if not first <= offset < first + 2]
    tables = _tables()
    if donor:
        total += tables["donor"][_number_of(clean, rest, count)]
    else:
        for part, (low, high) in enumerate(_ACCEPTOR_PARTS):
            sign = 1 if part < _PARTS_ABOVE else -1
            total += sign * tables[f"acceptor{part}"][_number_of(clean, rest[low:high], count)]
    total[unclear] = np.nan
    return total


def _number_of(codes: NDArray[np.int64], offsets: list[int], count: int) -> NDArray[np.int64]:
    """Read the letters at these offsets of every window as one number in base 4."""
    number = np.zeros(count, np.int64)
    for offset in offsets:
        number = number * 4 + codes[offset : offset + count]
    return number
