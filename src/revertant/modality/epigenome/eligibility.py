"""Whether the expression of a gene can usefully be raised or lowered, its sequence left alone."""

from __future__ import annotations

from revertant.modality.mechanism import knock_out_helps, raising_helps
from revertant.model import Route, Strategy, Target

__all__ = ["NAME", "epigenome_strategies"]

NAME = "epigenome"


def epigenome_strategies(target: Target) -> tuple[Strategy, ...]:
    """Judge raising the intact copy and silencing the gene.

    Parameters
    ----------
    target
        The target, resolved on the genome.
    """
    return (
        Strategy(NAME, Route.RAISE_EXPRESSION, target, (raising_helps(target),)),
        Strategy(NAME, Route.LOWER_EXPRESSION, target, (knock_out_helps(target),)),
    )
