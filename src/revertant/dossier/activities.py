"""The activity model asked about the sites of a report: where sites are shown or listed, and nowhere else.

The search finds and ranks sites by what it can say of every one (edits, CFD, tier). The model's probability is laid
beside these when a table is made; no order and no tier follows from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from revertant.model import OffTargetRequest, OffTargetSite
from revertant.prediction import Predictions, off_target_activities

__all__ = ["ShownActivity", "shown_activities", "site_activities"]


@dataclass(frozen=True, slots=True)
class ShownActivity:
    """One site's activity as shown: value and interval as text, a key to sort by, or why there is none."""

    text: str
    interval: str
    sort: float
    why_not: str


def site_activities(sites: Sequence[OffTargetSite], request: OffTargetRequest) -> Predictions:
    """Predict the activity of each site of one search, all at once.

    Parameters
    ----------
    sites
        Sites found.
    request
        The search; it tells wild-type SpCas9, for which the model was made, from other nucleases.

    Examples
    --------
    >>> site_activities([], OffTargetRequest("ACGT", "NGG")).value.tolist()
    []
    """
    return off_target_activities(
        [site.aligned_spacer for site in sites],
        [site.aligned_target for site in sites],
        [site.pam for site in sites],
        wild_type=request.cfd_applies,
    )


def shown_activities(sites: Sequence[OffTargetSite], request: OffTargetRequest) -> tuple[ShownActivity, ...]:
    """Return the activity of each site as a page shows it."""
    found = site_activities(sites, request)
    return tuple(
        ShownActivity("not defined", "", -1.0, why)
        if why
        else ShownActivity(_percent(value), f"{_percent(low)}–{_percent(high)}", float(f"{value:.3g}"), "")
        for value, low, high, why in zip(found.value, found.low, found.high, found.why_not, strict=True)
    )


def _percent(value: float) -> str:
    """Write a probability with two digits that tell something.

    >>> _percent(0.523), _percent(0.00012)
    ('52%', '0.012%')
    """
    return f"{float(f'{100 * value:.2g}'):.12g}%"
