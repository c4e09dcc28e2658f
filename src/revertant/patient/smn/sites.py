"""From bases to genes: how many of the full-length copies are SMN1.

Eight sites vote; what they say together must agree; and the base that decides about the disease, c.840, is tested
alone, since a person without a C there has no working SMN1 whatever the depth says.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from revertant.patient.smn.counts import Fragment
from revertant.patient.smn.depth import LEAST_POSTERIOR, LEAST_TAIL
from revertant.patient.smn.loci import voting_sites

__all__ = [
    "DECISIVE_SITE",
    "FEWEST_FRAGMENTS",
    "FEWEST_VOTES",
    "Vote",
    "VoteOutcome",
    "covered_sites",
    "disease_site_ratio",
    "full_length_evidence",
    "share_posterior",
    "smn1_given_full_length",
    "vote",
]

#: Share of bases read wrongly at a site, as published.
ERROR = 0.01
#: A site votes when one number has more than this posterior, as published.
VOTE_POSTERIOR = 0.8
#: So many of the eight must agree, as published.
FEWEST_VOTES = 5
#: A site with fewer fragments is not covered: our own choice.
FEWEST_FRAGMENTS = 5

#: Number of c.840C>T among the sites.
DECISIVE_SITE = next(number for number, site in enumerate(voting_sites()) if site.name == "c.840C>T")
_WINDOW = tuple(number for number, site in enumerate(voting_sites()) if site.splice_window)


class VoteOutcome(StrEnum):
    """How the vote ended; the first two are calls."""

    MAJORITY = "majority"
    AGREES_WITH_SUM = "agrees with the sum"
    SPLICE_DISAGREES = "splice window disagrees"
    AMBIGUOUS = "ambiguous"
    NO_WHOLE_NUMBER = "no whole number"
    NOT_COVERED = "not covered"


@dataclass(frozen=True, slots=True)
class Vote:
    """What the eight sites say about the copies of SMN1.

    Parameters
    ----------
    outcome
        How it ended.
    copies
        The number that was voted, called or not; ``None`` when no site is covered.
    votes
        For each site the number it votes for; ``None`` when it is not covered or undecided.
    """

    outcome: VoteOutcome
    copies: int | None
    votes: tuple[int | None, ...]

    @property
    def is_call(self) -> bool:
        """Whether the number can be relied on."""
        return self.outcome in {VoteOutcome.MAJORITY, VoteOutcome.AGREES_WITH_SUM}


def _expected_share(copies: int, of: int) -> float:
    """Share of reads with SMN1's base when so many of the copies are SMN1, errors included."""
    share = copies / of if of else 0.0
    return share * (1 - ERROR) + (1 - share) * ERROR


def _log_likelihood(smn1: float, smn2: float, copies: int, of: int) -> float:
    share = _expected_share(copies, of)
    return smn1 * math.log(share) + smn2 * math.log(1 - share)


def share_posterior(smn1: float, smn2: float, full_length: int) -> dict[int, float]:
    """Return the posterior of the copies of SMN1 among the full-length ones.

    Parameters
    ----------
    smn1, smn2
        Fragments with either gene's base.
    full_length
        Copies of both genes with exons 7-8.

    Examples
    --------
    >>> found = share_posterior(31, 29, 4)
    >>> max(found, key=found.get), round(found[2], 2)
    (2, 1.0)
    """
    logs = {copies: _log_likelihood(smn1, smn2, copies, full_length) for copies in range(full_length + 1)}
    highest = max(logs.values())
    weights = {copies: math.exp(value - highest) for copies, value in logs.items()}
    whole = sum(weights.values())
    return {copies: weight / whole for copies, weight in weights.items()}


def _per_site(fragments: Iterable[Fragment]) -> list[tuple[int, int]]:
    """Fragments with SMN1's and with SMN2's base at each site."""
    counts = Counter(shown for fragment in fragments for shown in fragment)
    return [(counts[number, True], counts[number, False]) for number in range(len(voting_sites()))]


def _pooled(fragments: Iterable[Fragment], sites: Collection[int]) -> tuple[float, float]:
    """Fragments by gene over several sites, each fragment counted once: a mixed one in parts."""
    smn1 = smn2 = 0.0
    for fragment in fragments:
        bases = [is_smn1 for number, is_smn1 in fragment if number in sites]
        if bases:
            smn1 += sum(bases) / len(bases)
            smn2 += 1 - sum(bases) / len(bases)
    return smn1, smn2


def covered_sites(fragments: Sequence[Fragment], at_smn1: Sequence[int]) -> tuple[int, ...]:
    """Return the numbers of the sites that can vote.

    Parameters
    ----------
    fragments
        What the fragments show.
    at_smn1
        Fragments aligned to SMN1 over each site. Where some sites have them, a site without any is not covered: its
        reads of SMN1 are missing from the file, and it would vote for none.
    """
    counts = _per_site(fragments)
    some = any(number >= FEWEST_FRAGMENTS for number in at_smn1)
    return tuple(
        number
        for number, (smn1, smn2) in enumerate(counts)
        if smn1 + smn2 >= FEWEST_FRAGMENTS and (at_smn1[number] or not some)
    )


def smn1_given_full_length(
    fragments: Sequence[Fragment], covered: Collection[int], full_length: int
) -> dict[int, float]:
    """Return the posterior of the copies of SMN1 by all covered sites together.

    Fragments that show several sites count once, since they are one observation.
    """
    return share_posterior(*_pooled(fragments, covered), full_length)


def full_length_evidence(
    fragments: Sequence[Fragment], covered: Collection[int], numbers: Iterable[int]
) -> dict[int, float]:
    """Return how well each number of full-length copies explains the share of SMN1's bases.

    A share of a half is 4 of 8 and neither of 7 nor of 9 copies: the sites help where depth alone is unsure.

    Parameters
    ----------
    fragments, covered
        What the fragments show, and the sites that can vote.
    numbers
        The numbers to weigh.

    Returns
    -------
    dict of int to float
        Natural logarithm of the evidence, every number of copies of SMN1 being equally likely beforehand.
    """
    smn1, smn2 = _pooled(fragments, covered)
    found = {}
    for of in numbers:
        logs = [_log_likelihood(smn1, smn2, copies, of) for copies in range(of + 1)]
        highest = max(logs)
        found[of] = highest + math.log(sum(math.exp(value - highest) for value in logs) / (of + 1))
    return found


def vote(fragments: Sequence[Fragment], covered: Collection[int], full_length: int) -> Vote:
    """Let the sites vote.

    A number is called when at least five sites agree on it (majority), or when it leads the vote and the sum of all
    sites calls it too (agrees with the sum). It is not called when the three sites around the splice sites of exon 7
    together call another number (a hybrid of both genes), when the sum contradicts it, or when the share of reads
    fits no whole number of copies.

    Parameters
    ----------
    fragments
        What the fragments show.
    covered
        Numbers of the sites that can vote.
    full_length
        Copies of both genes with exons 7-8.

    Examples
    --------
    >>> half = [tuple((n, True) for n in range(8))] * 60 + [tuple((n, False) for n in range(8))] * 60
    >>> vote(half, range(8), 4).outcome.value, vote(half, range(8), 4).copies
    ('majority', 2)
    """
    counts = _per_site(fragments)
    votes: list[int | None] = []
    for number, (smn1, smn2) in enumerate(counts):
        found = share_posterior(smn1, smn2, full_length)
        best = _best(found)
        votes.append(best if number in covered and found[best] > VOTE_POSTERIOR else None)
    cast = Counter(choice for choice in votes if choice is not None)
    if len(covered) < FEWEST_VOTES:
        leading = cast.most_common(1)[0][0] if cast else None
        return Vote(VoteOutcome.NOT_COVERED, leading, tuple(votes))
    together = _pooled(fragments, covered)
    summed = share_posterior(*together, full_length)
    best = _best(summed)
    leaders = {choice for choice, count in cast.items() if count == max(cast.values())}
    copies = best if not leaders or best in leaders else min(leaders)
    window = share_posterior(*_pooled(fragments, set(covered) & set(_WINDOW)), full_length)
    if not _fits(*together, copies, full_length):
        outcome = VoteOutcome.NO_WHOLE_NUMBER
    elif _best(window) != copies and window[_best(window)] >= LEAST_POSTERIOR:
        outcome = VoteOutcome.SPLICE_DISAGREES
    elif copies != best or summed[best] < LEAST_POSTERIOR:
        outcome = VoteOutcome.AMBIGUOUS
    elif cast[copies] >= FEWEST_VOTES:
        outcome = VoteOutcome.MAJORITY
    elif copies in leaders:
        outcome = VoteOutcome.AGREES_WITH_SUM
    else:
        outcome = VoteOutcome.AMBIGUOUS
    return Vote(outcome, copies, tuple(votes))


def _best(posterior: Mapping[int, float]) -> int:
    return max(posterior, key=lambda copies: posterior[copies])


def _fits(smn1: float, smn2: float, copies: int, full_length: int) -> bool:
    """Whether a share of reads belongs to a number of copies: errors may be rarer than assumed, not more frequent."""
    of = smn1 + smn2
    if not of:
        return False
    lowest = copies / full_length if full_length else 0.0
    shares = sorted((lowest, _expected_share(copies, full_length)))
    nearest = min(max(smn1 / of, shares[0]), shares[1])
    return _binomial_tail(smn1, of, nearest) >= LEAST_TAIL


def _binomial_tail(count: float, of: float, share: float) -> float:
    """Two-sided tail of a binomial: twice the smaller side, at most 1; counts in parts are rounded."""
    total, seen = round(of), round(count)
    if share in {0.0, 1.0}:
        return 1.0 if seen == round(share * total) else 0.0
    logs = [
        math.lgamma(total + 1)
        - math.lgamma(k + 1)
        - math.lgamma(total - k + 1)
        + k * math.log(share)
        + (total - k) * math.log(1 - share)
        for k in range(total + 1)
    ]
    below = sum(math.exp(value) for value in logs[: seen + 1])
    above = sum(math.exp(value) for value in logs[seen:])
    return min(1.0, 2 * min(below, above))


def disease_site_ratio(fragments: Iterable[Fragment], full_lengths: Collection[int]) -> float | None:
    """Compare "one SMN1 or more" with "none" at c.840 alone.

    Parameters
    ----------
    fragments
        What the fragments show.
    full_lengths
        The numbers of full-length copies that are possible.

    Returns
    -------
    float or None
        Decimal logarithm of the likelihood ratio, the most favourable number of copies taken against none: strongly
        negative means that there is no SMN1. ``None`` when too few fragments cover the site.

    Examples
    --------
    >>> round(disease_site_ratio([((5, False),)] * 60, [3]), 1)
    -10.4
    """
    smn1, smn2 = _per_site(fragments)[DECISIVE_SITE]
    if smn1 + smn2 < FEWEST_FRAGMENTS:
        return None
    none = _log_likelihood(smn1, smn2, 0, 1)
    some = [_log_likelihood(smn1, smn2, copies, of) for of in full_lengths for copies in range(1, of + 1)]
    return (max(some) - none) / math.log(10) if some else None
