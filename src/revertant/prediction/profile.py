"""How often each position of the protospacer is edited, as measured, and the genotypes that follow.

A profile is a list of mean rates by position, for one editor, in one experiment. Its :class:`ProfileCard`
says where it comes from, what it may be used for, and how well it did against data it was not made from.

**From rates to genotypes.** Measured rates mix alleles the editor never reached with alleles it worked on for
hours. So edits are *not* independent over all alleles: in the BE-DICT tables two ABEmax edits stand on one
allele 1.2 to 1.8 times as often as independence says. The rule here is: the editor *engages* some alleles,
and on an engaged allele positions are edited independently, with rates in the measured proportions and a peak
of :data:`ENGAGED_PEAK`. Shares are among edited alleles, so the number of engaged alleles drops out. The
interval spans the two extremes, independence over all alleles and a nearly saturated peak.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import combinations
from math import expm1, log1p, prod
from typing import NamedTuple

from revertant.knowledge import Row, load_rows
from revertant.model import Estimate

__all__ = [
    "ENGAGED_PEAK",
    "MOST_BASES",
    "UNIT",
    "EditableBase",
    "GenotypeShare",
    "PositionProfile",
    "ProfileCard",
    "exact_share",
    "position_profile",
    "profile_keys",
]

#: Rate of the most edited position on an engaged allele, chosen on two ABEmax spacers (see the card).
ENGAGED_PEAK = 0.5
#: The other end of the interval: nearly every engaged allele is edited at the peak.
SATURATED_PEAK = 0.95
#: Rates below this are near what is read at bases no editor should touch (see the card).
BACKGROUND = 0.02
#: More bases than this are not enumerated together: 2 ** 12 genotypes are a table nobody reads.
MOST_BASES = 12

#: Unit of every share.
UNIT = "share of edited alleles, 0 to 1"
_METHOD = (
    "position rates of {editor} (Sakata 2020), edits independent on alleles the editor engages, peak rate 0.5"
)
_INTERVAL = "from edits independent over all alleles to 95 % editing at the best position"

_PACKAGE = "revertant.prediction"
_CARD = "sakata2020"


class EditableBase(NamedTuple):
    """A base an editor could change.

    Parameters
    ----------
    position
        1-based position in the protospacer.
    before, after
        The change on the strand that reads as the spacer.
    """

    position: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class GenotypeShare:
    """One combination of edits and its share: ``edited`` holds the spacer positions changed, sorted."""

    edited: tuple[int, ...]
    share: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileCard(Row):
    """Where a set of profiles comes from and what it is good for.

    Parameters
    ----------
    title, cells, licence, unit, domain
        One sentence each.
    positions
        How the source's positions became spacer positions, with the evidence.
    limits
        What the profiles are not.
    checks
        How predictions from them did against other data.
    """

    title: str
    cells: str
    licence: str
    unit: str
    domain: str
    positions: tuple[str, ...]
    limits: tuple[str, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PositionProfile:
    """Measured editing rates of one editor by spacer position.

    Parameters
    ----------
    key, editor
        Key, and the editor's name in the source.
    rates
        ``(change, rates of positions 1, 2, ...)`` pairs, a change written ``"A>G"``.
    card
        The data's card.

    Examples
    --------
    >>> profile = position_profile("abemax")
    >>> profile.rate(5, "A", "G"), profile.rate(5, "C", "G"), profile.rate(21, "A", "G")
    (0.21144, 0.0, 0.0)
    >>> bases = [EditableBase(5, "A", "G"), EditableBase(9, "A", "G")]
    >>> [(item.edited, round(item.share.value, 2)) for item in profile.genotype_shares(bases)]
    [((5,), 0.9), ((5, 9), 0.05), ((9,), 0.05)]
    """

    key: str
    editor: str
    rates: tuple[tuple[str, tuple[float, ...]], ...]
    card: ProfileCard

    @property
    def changes(self) -> tuple[str, ...]:
        """The base changes measured, ``"A>G"``."""
        return tuple(change for change, _ in self.rates)

    @property
    def peak(self) -> float:
        """The highest rate of any change at any position."""
        return max(max(rates) for _, rates in self.rates)

    def rate(self, position: int, before: str, after: str) -> float:
        """Mean share of reads with this change at a 1-based spacer position; 0 where it was not measured."""
        rates = dict(self.rates).get(f"{before}>{after}", ())
        return rates[position - 1] if 1 <= position <= len(rates) else 0.0

    def measured(self, base: EditableBase) -> bool:
        """Whether the source measured this change at this position."""
        rates = dict(self.rates).get(f"{base.before}>{base.after}", ())
        return 1 <= base.position <= len(rates)

    def share_of(self, edited: Collection[int], editable: Iterable[EditableBase]) -> Estimate:
        """Predict the share of edited alleles that carry exactly these edits.

        Parameters
        ----------
        edited
            Spacer positions that are changed; not empty, all among ``editable``.
        editable
            Every base of this site the editor could change, targets and bystanders.

        Returns
        -------
        Estimate
            Its value is ``None``, and it is out of domain, where no base was measured to be edited above
            background.

        Raises
        ------
        ValueError
            When ``edited`` is empty, or names a position that is not editable, or a position stands twice.
        """
        bases = tuple(sorted(editable))
        places = [base.position for base in bases]
        if not edited or not set(edited) <= set(places) or len(set(places)) < len(places):
            msg = f"edited positions {sorted(edited)} should be some of the editable positions {places}"
            raise ValueError(msg)
        return self.share_of_any([edited], bases)

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

        Returns
        -------
        Estimate
            As :meth:`share_of`.
        """
        bases = tuple(sorted(editable))
        method = _METHOD.format(editor=self.editor)
        rates = [self.rate(*base) for base in bases]
        if max(rates, default=0.0) < BACKGROUND:
            return Estimate(
                None,
                UNIT,
                f"{method}; no position here is edited above background ({BACKGROUND}) in the profile",
                in_domain=False,
                sources=self.card.sources[:1],
            )
        flags = [[base.position in edited for base in bases] for edited in genotypes]
        value, *extremes = (
            sum(exact_share(one, [rate * peak / self.peak for rate in rates]) for one in flags)
            for peak in (ENGAGED_PEAK, self.peak, SATURATED_PEAK)
        )
        return Estimate(
            value,
            UNIT,
            method,
            low=min(value, *extremes),
            high=max(value, *extremes),
            interval=_INTERVAL,
            in_domain=all(self.measured(base) for base in bases),
            sources=self.card.sources[:1],
        )

    def genotype_shares(self, editable: Sequence[EditableBase]) -> tuple[GenotypeShare, ...]:
        """Predict the share of every combination of edits among edited alleles, largest first.

        The shares sum to 1. Bases whose rate is 0 never appear as edited. Where no base is edited above
        background the answer is ``()``, and :meth:`share_of` says so.

        Parameters
        ----------
        editable
            Every base of this site the editor could change, targets and bystanders.

        Raises
        ------
        ValueError
            When more than 12 bases have a rate: ask :meth:`share_of` for the combinations of interest.
        """
        edited_here = sorted(base.position for base in editable if self.rate(*base) > 0)
        if all(self.rate(*base) < BACKGROUND for base in editable):
            return ()
        if len(edited_here) > MOST_BASES:
            msg = f"{len(edited_here)} editable bases give too many genotypes to list; use share_of"
            raise ValueError(msg)
        shares = [
            GenotypeShare(edited, self.share_of(edited, editable))
            for size in range(1, len(edited_here) + 1)
            for edited in combinations(edited_here, size)
        ]
        return tuple(sorted(shares, key=lambda item: (-(item.share.value or 0.0), item.edited)))


def exact_share(edited: Sequence[bool], rates: Sequence[float]) -> float:
    """Return the probability of exactly these edits, given that there is at least one, edits being independent.

    >>> exact_share([True, False], [0.5, 0.5])
    0.3333333333333333
    """
    # log1p and expm1: with small rates 1 - (1 - rate) loses most of its digits
    any_edit = -expm1(sum(log1p(-rate) for rate in rates))
    exactly = prod(rate if flag else 1 - rate for flag, rate in zip(edited, rates, strict=True))
    return min(1.0, exactly / any_edit)


@cache
def _profiles() -> dict[str, PositionProfile]:
    folder = resources.files(_PACKAGE)
    card = load_rows(
        f"{_CARD}.toml", ProfileCard, text=(folder / f"{_CARD}.toml").read_text(encoding="utf-8")
    )[_CARD]
    measured: dict[tuple[str, str], list[tuple[str, tuple[float, ...]]]] = {}
    for line in (folder / f"{_CARD}.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        key, editor, change, *rates = line.split("\t")
        measured.setdefault((key, editor), []).append((change, tuple(map(float, rates))))
    return {
        key: PositionProfile(key, editor, tuple(rates), card) for (key, editor), rates in measured.items()
    }


def position_profile(key: str) -> PositionProfile | None:
    """Return a measured profile, or ``None``: then no share may be predicted, and the caller says so.

    Parameters
    ----------
    key
        The ``profile`` field of a :class:`revertant.knowledge.BaseEditor`; empty when it has none.

    Examples
    --------
    >>> position_profile("be4max").peak
    0.39062
    >>> position_profile("") is None
    True
    """
    return _profiles().get(key)


def profile_keys() -> tuple[str, ...]:
    """Return the keys of all measured profiles, sorted.

    Examples
    --------
    >>> "abemax" in profile_keys()
    True
    """
    return tuple(sorted(_profiles()))
