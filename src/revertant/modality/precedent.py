"""Has this very guide been used before? A published use is evidence, and a reason to stand higher."""

from __future__ import annotations

from typing import NamedTuple

from revertant import knowledge
from revertant.model import Design, Finding, Guide, Status

__all__ = ["PrecedentUse", "precedent_finding", "precedent_of"]

#: Guides used only to measure off-targets have treated nobody.
_NOT_A_USE = frozenset({"benchmark"})


class PrecedentUse(NamedTuple):
    """How far a guide has come, and where that is told; both empty when it is new."""

    stage: str = ""
    sources: tuple[str, ...] = ()


def precedent_of(guide: Guide, effector: str) -> PrecedentUse:
    """Look up a published use of this spacer with this very effector.

    A precedent of one effector says nothing for another: a variant nuclease may not cut there, and the spacer
    that cuts well may deaminate elsewhere.
    """
    row = knowledge.precedent_for(guide.spacer)
    if row is None or row.stage in _NOT_A_USE or row.effector != effector:
        return PrecedentUse()
    return PrecedentUse(row.stage, (f"{row.stage}: {row.use}", *row.sources))


def precedent_finding(design: Design) -> Finding:
    """Tell what is known of this very guide, the catalogue's warnings included."""
    rule = "knowledge.precedent"
    if not design.precedent_stage:
        return Finding(
            rule, Status.NOT_APPLICABLE, "No published use of this very guide and effector is known here."
        )
    row = knowledge.precedent_for(design.guides[0].spacer)
    assert row is not None
    note = f" {row.note}" if row.note else ""
    use = row.use.rstrip(".")
    status = Status.PASS if row.stage in {"approved", "clinical"} and not row.note else Status.CAUTION
    return Finding(
        rule, status, f"{use} ({row.stage}).{note}", row.stage, sources=row.sources, checked=row.checked
    )
