"""Has this very guide been used before? A published use is evidence, and a reason to stand higher."""

from __future__ import annotations

from revertant import knowledge
from revertant.model import Guide

__all__ = ["precedent_of"]

#: Guides used only to measure off-targets have treated nobody.
_NOT_A_USE = frozenset({"benchmark"})


def precedent_of(guide: Guide, effector: str) -> tuple[str, ...]:
    """Return the sources of a published use of this spacer with this very effector; empty when none is known.

    A precedent of one effector says nothing for another: a variant nuclease may not cut there, and the spacer
    that cuts well may deaminate elsewhere.
    """
    row = knowledge.precedent_for(guide.spacer)
    if row is None or row.stage in _NOT_A_USE or row.effector != effector:
        return ()
    return (f"{row.stage}: {row.use}", *row.sources)
