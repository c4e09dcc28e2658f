"""How well a guide cuts its own target: SpCas9 and those of its variants whose activity was measured.

The answer for SpCas9 is a *rank* among guides, learnt from screens and indel counts of many studies whose units
differ. For a variant it is the indel frequency in the one library its measurements come from. Neither is the
frequency in a patient's cells: chromatin, delivery and dose are not in the sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from revertant.knowledge import nucleases
from revertant.model import Estimate
from revertant.prediction.guide_features import encode, guide_features
from revertant.prediction.predictions import Predictions, predictions_of, undefined
from revertant.sequence import is_dna, matches

__all__ = [
    "CONTEXT_NT",
    "OnTargetModel",
    "on_target_activities",
    "on_target_activity",
    "on_target_models",
]

#: Letters of a context: 4 before the protospacer, 20 of it, the 3-nt PAM, 3 after.
CONTEXT_NT = 30
SPACER_START, SPACER_STOP = 4, 24
PAM_STOP = 27


class OnTargetModel(NamedTuple):
    """A model of one nuclease.

    Parameters
    ----------
    key
        Of weights and card.
    pam
        PAMs it was trained on, IUPAC.
    flanked
        Whether it looks at the flanks too, or at protospacer and PAM only.
    """

    key: str
    pam: str
    flanked: bool


_MODELS = MappingProxyType(
    {
        "espcas9_1_1": OnTargetModel("on_target_espcas9_1_1", "NGG", flanked=False),
        "sniper_cas9": OnTargetModel("on_target_sniper_cas9", "NGG", flanked=False),
        "spcas9": OnTargetModel("on_target_spcas9", "NGG", flanked=True),
        "spcas9_hf1": OnTargetModel("on_target_spcas9_hf1", "NGG", flanked=False),
        "spcas9_ng": OnTargetModel("on_target_spcas9_ng", "NGN", flanked=False),
        "xcas9": OnTargetModel("on_target_xcas9", "NGN", flanked=False),
    }
)
_UNIT = "activity of a guide"
_METHOD = "on-target activity"


@cache
def on_target_models() -> tuple[tuple[str, OnTargetModel], ...]:
    """Return the nucleases that have a model, with it, sorted.

    Examples
    --------
    >>> dict(on_target_models())["spcas9"].pam
    'NGG'
    """
    return tuple(sorted(_MODELS.items()))


def on_target_activity(context: str, nuclease_key: str) -> Estimate:
    """Predict how well a guide cuts its target.

    Parameters
    ----------
    context
        30 nt as the spacer reads: 4 before the protospacer, the protospacer of 20, the PAM of 3, 3 after.
    nuclease_key
        Key of a :class:`revertant.knowledge.Nuclease`.

    Returns
    -------
    Estimate
        With an interval; its value is ``None``, with the reason in ``method``, outside the model's domain.

    Examples
    --------
    >>> estimate = on_target_activity("ACTGAAAAACCTGGTCATGAACACTGGACC", "spcas9")
    >>> estimate.in_domain, estimate.low < estimate.value < estimate.high
    (True, True)
    >>> on_target_activity("ACTGAAAAACCTGGTCATGAACACTGGACC", "spry").method
    'not defined (on-target activity): no model was trained for SpRY'
    """
    return on_target_activities([context], nuclease_key).estimate(0)


def on_target_activities(contexts: Sequence[str], nuclease_key: str) -> Predictions:
    """Predict the activity of many guides of one nuclease; see :func:`on_target_activity`.

    Examples
    --------
    >>> many = on_target_activities(["ACTGAAAAACCTGGTCATGAACACTGGACC", "ACTG"], "spcas9")
    >>> many.defined.tolist(), many.why_not[1]
    ([True, False], 'the context is not 30 letters of A, C, G, T (it may run over the end of the sequence)')
    """
    known = _MODELS.get(nuclease_key)
    if known is None:
        name = nucleases()[nuclease_key].name if nuclease_key in nucleases() else nuclease_key
        return undefined([f"no model was trained for {name}"] * len(contexts), _UNIT, _METHOD)
    why_not = [_why_not(context, known.pam) for context in contexts]
    inside = [context for context, reason in zip(contexts, why_not, strict=True) if not reason]
    codes = encode(inside, CONTEXT_NT)
    if not known.flanked:
        codes = codes[:, SPACER_START:PAM_STOP]
    start = SPACER_START if known.flanked else 0
    return predictions_of(
        known.key,
        why_not,
        lambda part: guide_features(codes[part], start, start + SPACER_STOP - SPACER_START),
    )


def _why_not(context: str, pam: str) -> str:
    if len(context) != CONTEXT_NT or not is_dna(context):
        return "the context is not 30 letters of A, C, G, T (it may run over the end of the sequence)"
    if not matches(pam, context[SPACER_STOP:PAM_STOP]):
        return f"the model was trained on {pam} PAMs, and this one is {context[SPACER_STOP:PAM_STOP]}"
    return ""
