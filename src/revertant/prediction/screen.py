"""Base-editing outcomes of one guide, from a screen of guides with their own target beside them.

A :mod:`~revertant.prediction.profile` holds mean rates by position. Where a screen measured more than a thousand
guides, rates can depend on the neighbours of a base too, and the sum of it be checked on guides held out. The model
here has 30 numbers: how readily an adenine of each position is edited, what the base before it and the base behind it
add, and the share of edited reads that carry nothing else. Edits of one allele are independent given these rates; the
screen is so near to saturation that no class of unreached alleles is needed.

**The editor.** The source does not name the editor of this screen. It edits adenines from position 3 to 11, nearly
always between 4 and 8, and needs NG only: in the catalogue that fits ABE8e on SpCas9-NG or SpG. For these the answer
is given, marked as outside the domain; for any other editor there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from revertant.model import Estimate
from revertant.prediction.card import card_of
from revertant.prediction.model_file import load_model
from revertant.prediction.profile import MOST_BASES, UNIT, EditableBase, GenotypeShare, exact_share
from revertant.sequence import is_dna

__all__ = [
    "SCREEN_EDITORS",
    "ScreenProfile",
    "intended_edit_fraction",
    "measured_fraction",
    "screen_profile",
    "screen_rates",
]

#: Catalogue keys of the editors whose window and PAM are those of the screen's unnamed editor.
SCREEN_EDITORS = frozenset({"abe8e_ng", "abe8e_spg"})
#: Positions of the intended adenine in the screen.
INTENDED = range(4, 9)
#: A rate below this is taken as no editing.
LEAST_RATE = 0.02

_KEY = "adenine_screen"
_SPACER_NT = 20
_METHOD = (
    "position and neighbours of each adenine, learnt from an NG-PAM adenine editor screen whose editor the source does "
    "not name"
)
_AS_ABE8E = "; its window and PAM are those of NG-PAM ABE8e, for which it stands in here"


def screen_rates(protospacer: str, pam: str, weights: Any = None) -> NDArray[np.float64]:
    """Return the share of alleles edited at each position of a protospacer; 0 where there is no adenine.

    Parameters
    ----------
    protospacer
        20 nt, 5'→3' on the guide's strand.
    pam
        Its first letter is the base behind position 20.
    weights
        Arrays ``position``, ``before`` and ``behind`` of log-odds; those of the package when ``None``.

    Examples
    --------
    >>> rates = screen_rates("GCTTACGGTCGGTCGGTCGG", "TGG")
    >>> rates.nonzero()[0].tolist(), bool(rates[4] > 0.5)
    ([4], True)
    """
    if weights is None:
        weights = load_model(_KEY).extra
    text = protospacer + pam[:1]
    codes = np.array(["ACGT".index(letter) for letter in text])
    # The base before position 1 is not part of the guide: it has a number of its own, 4.
    before = np.concatenate([[4], codes[: _SPACER_NT - 1]])
    log_odds = weights["position"] + weights["before"][before] + weights["behind"][codes[1:]]
    return np.where(codes[:_SPACER_NT] == 0, 1 / (1 + np.exp(-log_odds)), 0.0)


@dataclass(frozen=True, slots=True)
class ScreenProfile:
    """Rates of one protospacer, with the questions of a :class:`~revertant.prediction.PositionProfile`.

    Parameters
    ----------
    protospacer, pam
        The site, 5'→3' on the guide's strand.
    rates
        Share of alleles edited, position 1 first.
    is_named
        Whether the caller's editor is another than the screen's own, so that the answer is out of domain.
    """

    protospacer: str
    pam: str
    rates: tuple[float, ...]
    is_named: bool = True

    @property
    def peak(self) -> float:
        """The highest rate an adenine of this editor can have at its best position among common neighbours."""
        return _peak()

    def rate(self, position: int, before: str, after: str) -> float:
        """Share of alleles with this change at a 1-based spacer position; 0 where it was not measured."""
        here = (before, after) == ("A", "G") and 1 <= position <= _SPACER_NT
        return self.rates[position - 1] if here else 0.0

    def share_of_any(
        self, genotypes: Collection[Collection[int]], editable: Iterable[EditableBase]
    ) -> Estimate:
        """Predict the share of edited alleles that carry exactly one of several combinations of edits.

        Parameters
        ----------
        genotypes
            Sets of edited spacer positions, each different; none gives a share of 0.
        editable
            Every base of this site the editor could change.
        """
        bases = tuple(sorted(editable))
        rates = [self.rate(*base) for base in bases]
        method = _METHOD + (_AS_ABE8E if self.is_named else "")
        sources = card_of(_KEY).sources
        if max(rates, default=0.0) < LEAST_RATE:
            why = f"{method}; no adenine here is edited in more than {LEAST_RATE:.0%} of alleles"
            return Estimate(None, UNIT, why, in_domain=False, sources=sources)
        value = sum(exact_share([base.position in edited for base in bases], rates) for edited in genotypes)
        low, high = _interval(value)
        return Estimate(
            value,
            UNIT,
            method,
            low=low,
            high=high,
            interval=card_of(_KEY).interval,
            in_domain=not self.is_named,
            sources=sources,
        )

    def genotype_shares(self, editable: Sequence[EditableBase]) -> tuple[GenotypeShare, ...]:
        """Predict the share of every combination of edits among edited alleles, largest first.

        Raises
        ------
        ValueError
            When more than 12 bases have a rate.
        """
        edited_here = sorted(base.position for base in editable if self.rate(*base) > 0)
        if all(self.rate(*base) < LEAST_RATE for base in editable):
            return ()
        if len(edited_here) > MOST_BASES:
            msg = f"{len(edited_here)} editable bases give too many genotypes to list; use share_of_any"
            raise ValueError(msg)
        shares = [
            GenotypeShare(edited, self.share_of_any([edited], editable))
            for size in range(1, len(edited_here) + 1)
            for edited in combinations(edited_here, size)
        ]
        return tuple(sorted(shares, key=lambda item: (-(item.share.value or 0.0), item.edited)))


def screen_profile(editor: str, protospacer: str, pam: str) -> ScreenProfile | None:
    """Return the rates of one site for an editor of the catalogue, or ``None`` when the screen says nothing of it.

    Parameters
    ----------
    editor
        Key of the catalogue; empty for the screen's own, unnamed editor.
    protospacer, pam
        The site, 5'→3' on the guide's strand.

    Examples
    --------
    >>> screen_profile("be4max", "GCTTACGGTCGGTCGGTCGG", "TGG") is None
    True
    >>> profile = screen_profile("abe8e_ng", "GCTTACGGTCGGTCGGTCGG", "TGG")
    >>> profile.share_of_any([(5,)], [EditableBase(5, "A", "G")]).in_domain
    False
    """
    if (editor and editor not in SCREEN_EDITORS) or _why_not(protospacer, pam):
        return None
    return ScreenProfile(
        protospacer, pam, tuple(screen_rates(protospacer, pam).tolist()), is_named=bool(editor)
    )


def intended_edit_fraction(protospacer: str, pam: str, position: int, *, editor: str = "") -> Estimate:
    """Predict the share of edited reads that carry the wanted adenine edit and nothing else.

    Unlike the shares of :class:`ScreenProfile` this counts reads with any other change as the screen does, errors of
    its own making among them: it is the figure the card's tests are about.

    Parameters
    ----------
    protospacer, pam
        The site, 5'→3' on the guide's strand; the PAM begins with NG.
    position
        1-based position of the adenine that should become guanine.
    editor
        Key of the catalogue; empty for the screen's own, unnamed editor.

    Returns
    -------
    Estimate
        Its value is ``None``, and its method says why, where the screen says nothing.

    Examples
    --------
    >>> one = intended_edit_fraction("GCTTACGGTCGGTCGGTCGG", "TGG", 5)
    >>> bool(one.low <= one.value <= one.high), one.in_domain
    (True, True)
    >>> intended_edit_fraction("GCTTACGGTCGGTCGGTCGG", "TGG", 4).method
    'not defined: position 4 is no adenine'
    """
    unit = "share of edited reads, 0 to 1"
    sources = card_of(_KEY).sources
    why = _why_not(protospacer, pam)
    if not why and protospacer[position - 1 : position] != "A":
        why = f"position {position} is no adenine"
    elif not why and position not in INTENDED:
        why = f"no guide of the screen was made for an adenine outside positions {INTENDED[0]} to {INTENDED[-1]}"
    profile = screen_profile(editor, protospacer, pam) if not why else None
    if profile is None:
        why = why or "the screen says nothing of this editor"
        return Estimate(None, unit, f"not defined: {why}", in_domain=False, sources=sources)
    value = measured_fraction(np.array(profile.rates), position, load_model(_KEY).extra)
    low, high = _interval(value)
    return Estimate(
        value,
        unit,
        _METHOD + (_AS_ABE8E if editor else ""),
        low=low,
        high=high,
        interval=card_of(_KEY).interval,
        in_domain=not editor,
        sources=sources,
    )


def measured_fraction(rates: NDArray[np.float64], position: int, weights: Any) -> float:
    """Return the fraction as the screen counts it, from the rates of a site and the share of clean reads."""
    clean = 1 / (1 + np.exp(-float(weights["clean"][0])))
    flags = [index == position - 1 for index in range(len(rates))]
    none = float(np.prod(1 - rates))
    exact = float(np.prod(np.where(flags, rates, 1 - rates)))
    return float(exact * clean / (1 - none * clean))


def _why_not(protospacer: str, pam: str) -> str:
    """Say why the screen says nothing of a site; empty when it does."""
    if len(protospacer) != _SPACER_NT or not is_dna(protospacer + pam) or pam[1:2] != "G":
        found = f"{len(protospacer)} nt and PAM {pam}"
        return f"the screen is of {_SPACER_NT}-nt guides beside NG, and this one has {found}"
    return ""


def _interval(value: float) -> tuple[float, float]:
    """Ends of the interval; the band lies on log-odds."""
    band = load_model(_KEY).band
    assert band is not None
    inside = min(max(value, 1e-4), 1 - 1e-4)
    low, high = band.around(np.array([np.log(inside / (1 - inside))]))
    ends = 1 / (1 + np.exp(-np.concatenate([low, high])))
    return min(float(ends[0]), value), max(float(ends[1]), value)


@cache
def _peak() -> float:
    weights = load_model(_KEY).extra
    best = weights["position"].max() + np.mean(weights["before"][:4]) + np.mean(weights["behind"])
    return float(1 / (1 + np.exp(-best)))
