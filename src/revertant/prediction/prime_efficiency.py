"""How often a pegRNA writes its edit: prime editor 2 in HEK293T cells.

The answer is the share of reads with the intended edit at an integrated target, as measured for PE2. Other editors
(PEmax, PE3, mismatch repair held off) and other cells move all pegRNAs up or down; their *order* is what carries
over, and the card says how well it did.
"""

from __future__ import annotations

from collections.abc import Sequence

from revertant.model import Estimate
from revertant.prediction.predictions import Predictions, predictions_of
from revertant.prediction.prime_features import (
    MOST_CHANGED_NT,
    MOST_PBS_NT,
    MOST_RTT_NT,
    NICK,
    PAM_GG,
    TARGET_NT,
    PegSite,
    WrittenEdit,
    edit_of,
    prime_features,
)
from revertant.sequence import is_dna, reverse_complement

__all__ = ["PRIME_MODEL", "prime_editing_efficiencies", "prime_editing_efficiency"]

PRIME_MODEL = "prime_editing_pe2"


def prime_editing_efficiency(target: str, pbs: str, rtt: str) -> Estimate:
    """Predict how often a pegRNA writes its edit.

    Parameters
    ----------
    target
        74 nt before editing, as the spacer reads: 4, the protospacer of 20, the PAM of 3, 47 after.
    pbs, rtt
        As in :class:`revertant.model.PegRna`: 5'→3', written as DNA.

    Returns
    -------
    Estimate
        With an interval; its value is ``None``, with the reason in ``method``, outside the model's domain.

    Examples
    --------
    >>> target = "TGTATGGGTCGTAGCGAACTGAGAAGGGCCAAGGTATTGTGGCAGCAAAGTTCCTAAGACCAAAACCATCCTGT"
    >>> estimate = prime_editing_efficiency(target, "CAGTTCGCTACGA", "CCTCGGCCCTTCT")
    >>> estimate.in_domain, estimate.low <= estimate.value <= estimate.high
    (True, True)
    >>> prime_editing_efficiency(target, "CAGTTCGCTACGA", "CCTTGGCCCTTCT").method.partition(": ")[2]
    'the template writes nothing new'
    """
    return prime_editing_efficiencies([PegSite(target, pbs, rtt)]).estimate(0)


def prime_editing_efficiencies(sites: Sequence[PegSite]) -> Predictions:
    """Predict the efficiency of many pegRNAs; see :func:`prime_editing_efficiency`.

    Examples
    --------
    >>> many = prime_editing_efficiencies([PegSite("ACGT", "ACGT", "ACGT")])
    >>> many.why_not
    ('the target is not 74 letters of A, C, G, T (it may run over the end of the sequence)',)
    """
    judged = [_judged(site) for site in sites]
    inside = [(site, edit) for site, (edit, _) in zip(sites, judged, strict=True) if edit is not None]
    return predictions_of(
        PRIME_MODEL,
        [reason for _, reason in judged],
        lambda part: prime_features([site for site, _ in inside[part]], [edit for _, edit in inside[part]]),
    )


def _judged(site: PegSite) -> tuple[WrittenEdit | None, str]:
    """What a pegRNA writes, or why no prediction is defined for it."""
    if len(site.target) != TARGET_NT or not is_dna(site.target):
        return None, "the target is not 74 letters of A, C, G, T (it may run over the end of the sequence)"
    if site.target[slice(*PAM_GG)] != "GG":
        return None, f"the PAM is N{site.target[slice(*PAM_GG)]}, and the domain is NGG"
    if not is_dna(site.pbs) or not is_dna(site.rtt) or not site.pbs or not site.rtt:
        return None, "PBS and template are not letters of A, C, G, T"
    if len(site.pbs) > MOST_PBS_NT or len(site.rtt) > MOST_RTT_NT:
        return (
            None,
            f"a PBS of {len(site.pbs)} or a template of {len(site.rtt)} nt is longer than any measured",
        )
    if not site.target[:NICK].endswith(reverse_complement(site.pbs)):
        return None, "the PBS does not pair with the target at the nick"
    edit = edit_of(reverse_complement(site.rtt), site.target[NICK:])
    if edit is None:
        return None, "the template writes nothing new"
    if max(edit.written, edit.removed) > MOST_CHANGED_NT:
        return (
            None,
            f"an edit of {max(edit.written, edit.removed)} nt is longer than any the model learnt from",
        )
    return edit, ""
