"""Can the expression of this gene be raised or lowered without changing its sequence?"""

from __future__ import annotations

from revertant.modality.mechanism import knock_out_helps, raising_helps
from revertant.model import Case, Route, Strategy, Target

__all__ = ["NAME", "epigenome_strategies"]

NAME = "epigenome"


def epigenome_strategies(target: Target, case: Case) -> tuple[Strategy, ...]:
    """Judge raising the intact copy and silencing the gene.

    Parameters
    ----------
    target, case
        The target and the case.
    """
    return (
        Strategy(NAME, Route.RAISE_EXPRESSION, target, (raising_helps(target),)),
        Strategy(NAME, Route.LOWER_EXPRESSION, target, (knock_out_helps(target),)),
    )
