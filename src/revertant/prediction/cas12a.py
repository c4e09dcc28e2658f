"""How often AsCas12a leaves an indel at its target."""

from __future__ import annotations

from collections.abc import Sequence

from revertant.knowledge import nucleases
from revertant.model import Estimate
from revertant.prediction.guide_features import encode, guide_features
from revertant.prediction.predictions import Predictions, predictions_of, undefined
from revertant.sequence import is_dna

__all__ = ["CAS12A_CONTEXT_NT", "CAS12A_MODEL", "cas12a_activities", "cas12a_activity"]

#: Letters of a context: 4 before the PAM, the 4-nt PAM, the protospacer of 23, 3 after.
CAS12A_CONTEXT_NT = 34
PAM_START, PAM_STOP, SPACER_STOP = 4, 8, 31
CAS12A_MODEL = "cas12a_ascas12a"
_MEASURED = "ascas12a"
_UNIT = "indel frequency"
_METHOD = "Cas12a activity"


def cas12a_activity(context: str, nuclease_key: str = _MEASURED) -> Estimate:
    """Predict the indel frequency of a Cas12a guide at its target.

    Parameters
    ----------
    context
        34 nt as the spacer reads: 4 before the PAM, the PAM of 4, the protospacer of 23, 3 after.
    nuclease_key
        Key of a :class:`revertant.knowledge.Nuclease`; only AsCas12a was measured.

    Returns
    -------
    Estimate
        With an interval; its value is ``None``, with the reason in ``method``, outside the model's domain.

    Examples
    --------
    >>> estimate = cas12a_activity("TTGCTTTAAAACTCGCAAGGCTTTCTGCTTGACC")
    >>> estimate.low <= estimate.value <= estimate.high
    True
    >>> cas12a_activity("TTGCTTTAAAACTCGCAAGGCTTTCTGCTTGACC", "lbcas12a").value is None
    True
    """
    return cas12a_activities([context], nuclease_key).estimate(0)


def cas12a_activities(contexts: Sequence[str], nuclease_key: str = _MEASURED) -> Predictions:
    """Predict the indel frequencies of many guides; see :func:`cas12a_activity`.

    Examples
    --------
    >>> cas12a_activities(["TTGCCTTAAAACTCGCAAGGCTTTCTGCTTGACC"]).why_not
    ('the model was trained on TTTN PAMs, and this one is CTTA',)
    """
    if nuclease_key != _MEASURED:
        name = nucleases()[nuclease_key].name if nuclease_key in nucleases() else nuclease_key
        return undefined([f"no model was trained for {name}"] * len(contexts), _UNIT, _METHOD)
    why_not = [_why_not(context) for context in contexts]
    codes = encode(
        [context for context, reason in zip(contexts, why_not, strict=True) if not reason], CAS12A_CONTEXT_NT
    )
    return predictions_of(
        CAS12A_MODEL, why_not, lambda part: guide_features(codes[part], PAM_STOP, SPACER_STOP)
    )


def _why_not(context: str) -> str:
    if len(context) != CAS12A_CONTEXT_NT or not is_dna(context):
        return "the context is not 34 letters of A, C, G, T (it may run over the end of the sequence)"
    pam = context[PAM_START:PAM_STOP]
    return "" if pam.startswith("TTT") else f"the model was trained on TTTN PAMs, and this one is {pam}"
