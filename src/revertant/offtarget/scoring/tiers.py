"""Which sites to look at first: one rule that sorts sites into five tiers.

There is no published cut-off below which a site is safe, so a tier orders the work and promises nothing. The steps of
CFD are those the report of CRISPRme uses. Where CFD is not defined the number of edits takes its place. Two edits or
fewer stand in the first tier whatever CFD says: there are few such sites, and a low score is only a prediction. The
steps by edits, and that rule, are this project's own choice:

====  ==================  =======================
tier  where CFD is known  where it is not defined
====  ==================  =======================
1     0.5 or more         2 edits or fewer
2     0.2 or more         3 edits
3     0.1 or more         4 edits
4     0.05 or more        5 edits
5     less                6 edits or more
====  ==================  =======================

A site the person has lost is in the tier it has in the reference: that says what was lost.

Where a site lies does not change its tier: how likely it is edited and what an edit would do there are two
questions. It is *marked* instead, as coding, as a splice site, as in a cancer gene.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from revertant.errors import UsageError
from revertant.model import OffTargetSite, Region, SiteOrigin

__all__ = [
    "CFD_STEPS",
    "FEW_EDITS",
    "HIGH_CFD",
    "TIER_MEANINGS",
    "TIER_RULES",
    "TIER_SOURCES",
    "Tier",
    "tier_counts",
    "tier_of",
    "tier_of_site",
    "tiers_of",
]

#: Smallest CFD of the tiers 1 to 4.
CFD_STEPS = (0.5, 0.2, 0.1, 0.05)
TIER_SOURCES = ("repository:pinellolab/crisprme-plus",)

#: CFD from which on a site is in the first tier.
HIGH_CFD = CFD_STEPS[0]

#: A site with so few edits is in the first tier whatever its score.
FEW_EDITS = 2

#: What each tier means, for reports; the first is tier 1.
TIER_MEANINGS = (
    "Closest to the guide: to be sequenced in any case.",
    "Close to the guide: to be sequenced as far as the panel reaches.",
    "Some way off: to be sequenced where its gene matters, or an assay finds it.",
    "Far from the guide: to be sequenced where an assay finds it.",
    "Farthest from the guide: listed for completeness; a low score is not zero.",
)

#: Which sites are in each tier, in words, in the same order.
TIER_RULES = (
    f"CFD {CFD_STEPS[0]:g} or more, or {FEW_EDITS} edits or fewer",
    *(
        f"CFD {step:g} or more; {FEW_EDITS + number} edits where CFD is not defined"
        for number, step in enumerate(CFD_STEPS[1:], start=1)
    ),
    f"a lower CFD; {FEW_EDITS + len(CFD_STEPS)} edits or more where CFD is not defined",
)

_MARKS = {Region.CDS: "coding", Region.SPLICE: "splice site"}


@dataclass(frozen=True, slots=True)
class Tier:
    """Where a site stands among others.

    Parameters
    ----------
    number
        1 (look here first) to 5.
    marks
        What else to know: ``"coding"``, ``"splice site"``, the lists its genes are on.
    """

    number: int
    marks: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"tier {self.number}" + (f" ({', '.join(self.marks)})" if self.marks else "")

    @property
    def meaning(self) -> str:
        """The tier in one sentence."""
        return TIER_MEANINGS[self.number - 1]


def tier_of(
    edits: int, cfd: float | None, region: Region | None = None, gene_lists: Sequence[str] = ()
) -> Tier:
    """Sort one site into its tier.

    Parameters
    ----------
    edits
        Mismatches and bulges together.
    cfd
        Its CFD, ``None`` where that is not defined.
    region, gene_lists
        Where it lies and the lists its genes are on: they mark it.

    Raises
    ------
    UsageError
        For a negative number of edits, or a CFD that is not 0 to 1.

    Examples
    --------
    >>> str(tier_of(4, 0.31, Region.CDS, ["cancer gene"])), tier_of(4, None).number, tier_of(2, 0.01).number
    ('tier 2 (coding, cancer gene)', 3, 1)
    >>> tier_of(1, None).meaning
    'Closest to the guide: to be sequenced in any case.'
    """
    if edits < 0 or (cfd is not None and (isnan(cfd) or not 0 <= cfd <= 1)):
        raise UsageError(
            f"{edits} edits and CFD {cfd} are no site's.", remedy="Give None where CFD is not defined."
        )
    number = 1
    if edits > FEW_EDITS:
        number = edits - 1 if cfd is None else 1 + sum(cfd < step for step in CFD_STEPS)
    place = (_MARKS[region],) if region in _MARKS else ()
    return Tier(min(number, len(TIER_MEANINGS)), (*place, *gene_lists))


def tier_of_site(site: OffTargetSite) -> Tier:
    """Sort a site into its tier, with its marks; one the person has lost, as the reference has it.

    Examples
    --------
    >>> from revertant.model import Locus
    >>> site = OffTargetSite("ACGT", Locus("chr1", 0, 4), "AGG", "ACGT", "ACTT", 3, region=Region.SPLICE)
    >>> str(tier_of_site(site))
    'tier 2 (splice site)'
    """
    score = site.reference_cfd if site.origin is SiteOrigin.LOST else site.cfd
    return tier_of(site.edits, score, site.region, site.gene_lists)


def tier_counts(sites: Iterable[OffTargetSite]) -> tuple[int, ...]:
    """Count the sites a person has by tier: those of tier 1 first. Lost ones are not there to be counted.

    Examples
    --------
    >>> tier_counts([])
    (0, 0, 0, 0, 0)
    """
    counts = [0] * len(TIER_MEANINGS)
    for site in sites:
        if site.origin is not SiteOrigin.LOST:
            counts[tier_of_site(site).number - 1] += 1
    return tuple(counts)


def tiers_of(edits: ArrayLike, cfd: ArrayLike, has_cfd: ArrayLike) -> NDArray[np.uint8]:
    """Sort many sites into their tiers; the twin of :func:`tier_of` for columns.

    Parameters
    ----------
    edits
        Mismatches and bulges together.
    cfd
        CFD; what stands where it is not defined does not matter.
    has_cfd
        Whether it is defined.

    Returns
    -------
    NDArray[np.uint8]
        1 to 5.

    Examples
    --------
    >>> tiers_of([4, 4, 2], [0.31, 0.0, 0.01], [True, False, True]).tolist()
    [2, 3, 1]
    """
    count, score, known = np.asarray(edits, np.int64), np.asarray(cfd, np.float64), np.asarray(has_cfd, bool)
    if (count < 0).any() or not ((score >= 0) & (score <= 1) | ~known).all():
        raise UsageError(
            "The columns hold what is no number of edits or no CFD.", remedy="Give 0 or more, and 0 to 1."
        )
    by_score = np.ones(score.shape, np.int64)
    for step in CFD_STEPS:
        by_score += score < step
    tier = np.where(known, by_score, count - 1)
    return np.clip(np.where(count <= FEW_EDITS, 1, tier), 1, len(TIER_MEANINGS)).astype(np.uint8)
