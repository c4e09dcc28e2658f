"""Whether the expression of a gene can usefully be raised or lowered, its sequence left alone."""

from __future__ import annotations

from revertant.modality.handles import phase_finding_of
from revertant.modality.mechanism import allele_specific_knock_out_helps, knock_out_helps, raising_helps
from revertant.model import Finding, Route, Status, Strategy, Target

__all__ = ["NAME", "epigenome_strategies"]

NAME = "epigenome"


def epigenome_strategies(target: Target) -> tuple[Strategy, ...]:
    """Judge raising the intact copy, silencing the gene, and silencing the harmful copy alone.

    Parameters
    ----------
    target
        The target, resolved on the genome.
    """
    strategies = [
        Strategy(NAME, Route.RAISE_EXPRESSION, target, (raising_helps(target), _dose(target))),
        Strategy(NAME, Route.LOWER_EXPRESSION, target, (knock_out_helps(target),)),
    ]
    strategies += [
        Strategy(
            NAME,
            Route.LOWER_EXPRESSION,
            target,
            (allele_specific_knock_out_helps(target, allele), phase_finding_of(allele)),
            allele=allele,
        )
        for allele in target.alleles
    ]
    return tuple(strategies)


def _dose(target: Target) -> Finding:
    """Raising acts on both copies, and how far is not ruled by the guide."""
    return Finding(
        "dose.both_copies",
        Status.CAUTION,
        f"The promoter is raised on both copies, so the product of the copy with the variant rises too; how much "
        f"{target.gene} is too much has to be known.",
    )
