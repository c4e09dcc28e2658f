"""Whether prime editing can serve a target.

It writes any small change without a template and without a double-strand break.
"""

from __future__ import annotations

from revertant.modality.mechanism import correction_helps
from revertant.modality.prime_editing.pegrna import LONGEST_EDIT_NT
from revertant.model import Finding, Route, Status, Strategy, Target

__all__ = ["NAME", "prime_editing_strategies"]

NAME = "prime_editing"

SOURCES = ("doi:10.1038/s41586-019-1711-4", "doi:10.1038/s41587-024-02268-2")


def prime_editing_strategies(target: Target) -> tuple[Strategy, ...]:
    """Judge restoration by prime editing for each allele.

    Parameters
    ----------
    target
        The target, resolved on the genome.
    """
    strategies = []
    for allele in target.alleles:
        length = max(len(allele.variant.ref), len(allele.variant.alt))
        fits = length <= LONGEST_EDIT_NT
        size = Finding(
            "chemistry.edit_length",
            Status.PASS if fits else Status.FAIL,
            f"An edit of {length} bases is {'within' if fits else 'beyond'} what single pegRNAs write.",
            value=f"{length} bp",
            threshold=f"{LONGEST_EDIT_NT} bp",
            sources=SOURCES,
            checked=False,
        )
        findings = (size, correction_helps(target, allele))
        strategies.append(Strategy(NAME, Route.RESTORE_WILD_TYPE, target, findings, allele=allele))
    return tuple(strategies)
