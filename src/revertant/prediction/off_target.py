"""How likely a site beside the target is cut in cells, by the project's own model.

CFD multiplies one factor for each mismatch. This model sees the same factors, and what CFD leaves out: where
mismatches stand in respect of each other, bulges as bulges, the guide's own letters, every letter of the PAM. It
answers one question, **would an assay in cells (GUIDE-seq or alike) find this site cut?**, as a probability.
Its card says how it was trained and how well it did on guides it never saw.

The model is a mean of members, one pair (trees, and a straight line) for each part of the guides: a pair saw
every part but its own. So each figure on the card can be had from the weights of the package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from revertant.model import Estimate
from revertant.prediction.card import card_of
from revertant.prediction.model_file import load_model
from revertant.prediction.off_target_features import SPACER_NT, Sites, encode, features
from revertant.prediction.predictions import Predictions

__all__ = [
    "ACTIVITY_PAMS",
    "ACTIVITY_UNIT",
    "off_target_activities",
    "off_target_activity",
]

#: Unit of every activity.
ACTIVITY_UNIT = "probability that an assay in cells finds the site cut, 0 to 1"
#: The last two PAM bases with enough sites among the training data.
ACTIVITY_PAMS = frozenset({"GG", "AG", "GA"})
#: Most mismatches without a bulge, and with one; the training data hold hardly any site beyond.
MOST_MISMATCHES, MOST_BESIDE_BULGE = 6, 4

_KEY = "off_target"
#: Sites whose features are held at one time.
_ROWS_TOGETHER = 1 << 14
_ANOTHER = "the model was trained on wild-type SpCas9 and this nuclease is another"
_UNREADABLE = f"it takes alignments of {SPACER_NT}-nt guides in A, C, G and T with a PAM of three"
_PAM = "too few sites with a PAM other than NGG, NAG and NGA were measured"
_FAR = (
    f"too few sites beyond {MOST_MISMATCHES} mismatches, or beyond one bulge and {MOST_BESIDE_BULGE} mismatches, were "
    "measured"
)


def off_target_activities(
    aligned_spacers: Sequence[str],
    aligned_targets: Sequence[str],
    pams: Sequence[str],
    *,
    wild_type: bool = True,
) -> Predictions:
    """Predict the activity of many sites at once.

    Parameters
    ----------
    aligned_spacers, aligned_targets
        The alignments as :class:`~revertant.model.OffTargetSite` holds them: 5'→3' on the guide's strand, ``-``
        for gaps, without PAM.
    pams
        The three PAM bases found.
    wild_type
        Whether the nuclease is SpCas9 itself; the data are of no other.

    Returns
    -------
    Predictions
        Probabilities in ``ACTIVITY_UNIT``; not defined outside the model's domain, with the reason.

    Examples
    --------
    >>> found = off_target_activities(["GACCCCCTCCACCCCGCCTC"] * 2,
    ...     ["GACCCCCTCCACCCCGCCTC", "GACCCCCTCCACCCCGCCT"], ["CGG", "CGG"])
    >>> found.defined.tolist(), found.why_not[1]
    ([True, False], 'it takes alignments of 20-nt guides in A, C, G and T with a PAM of three')
    """
    count, card = len(aligned_spacers), card_of(_KEY)
    value, low, high = (np.full(count, np.nan) for _ in range(3))
    sites = encode(aligned_spacers, aligned_targets, pams)
    why = _why_not(sites) if wild_type else np.full(count, _ANOTHER, object)
    rows = np.flatnonzero(why == "")
    model = load_model(_KEY)
    assert model.band is not None
    for start in range(0, len(rows), _ROWS_TOGETHER):
        some = rows[start : start + _ROWS_TOGETHER]
        log_odds = model.predict(features(sites.take(some)))
        ends = model.band.around(log_odds)
        value[some], low[some], high[some] = (1 / (1 + np.exp(-end)) for end in (log_odds, *ends))
    method = f"{card.title} [{card.key}, weights {card.digest}]"
    return Predictions(
        value, low, high, tuple(why.tolist()), ACTIVITY_UNIT, method, card.interval, card.sources
    )


def off_target_activity(
    aligned_spacer: str, aligned_target: str, pam: str, *, wild_type: bool = True
) -> Estimate:
    """Predict whether one site is cut in cells.

    Parameters
    ----------
    aligned_spacer, aligned_target
        The alignment, 5'→3' on the guide's strand, ``-`` for gaps, without PAM.
    pam
        The three PAM bases found.
    wild_type
        Whether the nuclease is SpCas9 itself; the data are of no other.

    Returns
    -------
    Estimate
        To three digits. Its value is ``None``, and its method says why, outside the model's domain.

    Examples
    --------
    >>> site = off_target_activity("GGTGAGTGAGTGTGTGCGTG", "GGTGAGTGAGTGTGTGTGTG", "GGG")
    >>> site.in_domain, bool(site.low <= site.value <= site.high)
    (True, True)
    >>> off_target_activity("GGTGAGTGAGTGTGTGCGTG", "GGTGAGTGAGTGTGTGTGTG", "TTT").value is None
    True
    """
    found = off_target_activities([aligned_spacer], [aligned_target], [pam], wild_type=wild_type)
    estimate = found.estimate(0)
    if estimate.value is None:
        return estimate
    # Most sites are cut far less often than once in ten thousand: digits count from the first that is not 0.
    value, low, high = (float(f"{end[0]:.3g}") for end in (found.value, found.low, found.high))
    return replace(estimate, value=value, low=low, high=high)


def _why_not(sites: Sites) -> NDArray[np.object_]:
    """Say of each site why it lies outside the domain; empty where it lies inside."""
    mismatches = ((sites.guide != sites.target) & (sites.target <= 3)).sum(axis=1)
    bulges = (sites.target > 3).sum(axis=1) + sites.extra.sum(axis=1)
    is_known_pam = np.zeros(len(mismatches), np.bool_)
    for pair in ACTIVITY_PAMS:
        is_known_pam |= (sites.pam[:, 1:] == ["ACGT".index(letter) for letter in pair]).all(axis=1)
    is_near = ((bulges == 0) & (mismatches <= MOST_MISMATCHES)) | (
        (bulges == 1) & (mismatches <= MOST_BESIDE_BULGE)
    )
    why = np.full(len(mismatches), "", object)
    why[~is_near] = _FAR
    why[~is_known_pam] = _PAM
    why[~sites.is_readable] = _UNREADABLE
    return why
