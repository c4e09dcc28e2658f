"""How well a guide is predicted to cut its own target, on the sequence the patient has there."""

from __future__ import annotations

from revertant.knowledge import Nuclease
from revertant.modality.protospacers import Protospacer
from revertant.model import Estimate, PamSide
from revertant.prediction import (
    CAS12A_CONTEXT_NT,
    CONTEXT_NT,
    cas12a_activity,
    on_target_activity,
)

__all__ = ["activity_facts", "predicted_activity"]

#: Letters before protospacer and PAM in a context of either kind.
_BEFORE = 4


def predicted_activity(protospacer: Protospacer, nuclease: Nuclease) -> Estimate:
    """Predict the activity of a guide at its own target.

    Parameters
    ----------
    protospacer
        The target on one haplotype.
    nuclease
        The nuclease that cuts it.

    Returns
    -------
    Estimate
        Its value is ``None``, with the reason in ``method``, where no model's domain holds the case.
    """
    cas12a = nuclease.pam_side is PamSide.FIVE_PRIME
    letters = CAS12A_CONTEXT_NT if cas12a else CONTEXT_NT
    after = letters - _BEFORE - len(protospacer.spacer) - len(protospacer.pam)
    # A longer spacer or PAM leaves no room for flanks; no nuclease with a model has one.
    context = protospacer.with_flanks(_BEFORE, max(0, after))
    return (cas12a_activity if cas12a else on_target_activity)(context, nuclease.key)


def activity_facts(protospacer: Protospacer, nuclease: Nuclease) -> tuple[tuple[str, str], ...]:
    """Return the prediction as facts of a design: value and interval, and what they mean."""
    estimate = predicted_activity(protospacer, nuclease)
    if estimate.value is None:
        return (("predicted_activity", estimate.method),)
    return (
        ("predicted_activity", f"{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"),
        ("predicted_activity_is", estimate.unit),
    )
