"""Checklists as shown: by design, one folded table for each document; and the rules of the gate that apply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from revertant.model import (
    Checklist,
    ChecklistItem,
    EvidenceKind,
    Finding,
    ItemState,
    Plan,
    RankedDesign,
    Status,
    count_states,
)
from revertant.policy import Decision, read_decision

__all__ = [
    "DesignReadiness",
    "DocumentView",
    "GateView",
    "ItemView",
    "RuleView",
    "gate_view",
    "readiness_line",
    "readiness_views",
    "state_words",
]

_SHOWN = (Status.FAIL, Status.UNKNOWN, Status.CAUTION)


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item with its evidence in words, and the sources that are its own."""

    item: ChecklistItem
    findings: tuple[str, ...]
    files: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document answered, with the sources that most of its items name."""

    checklist: Checklist
    items: tuple[ItemView, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DesignReadiness:
    """What is asked of one design, document by document, and how its items stand together."""

    ranked: RankedDesign
    counts: tuple[tuple[ItemState, int], ...]
    documents: tuple[DocumentView, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule of the gate that applies or is open: what it does, and what it says of the case."""

    rule_id: str
    effect: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class GateView:
    """The gate's decision with the rules that apply or are open, and how many are met or silent."""

    decision: Decision
    rules: tuple[RuleView, ...]
    quiet: int


def readiness_views(plan: Plan) -> tuple[DesignReadiness, ...]:
    """Gather the checklists by design, in the order of the plan."""
    by_design: dict[str, list[Checklist]] = {}
    for checklist in plan.checklists:
        by_design.setdefault(checklist.design_id, []).append(checklist)
    ranked = {one.design.design_id: one for one in plan.designs}
    return tuple(
        DesignReadiness(ranked[name], count_states(found), tuple(map(_document, found)))
        for name, found in by_design.items()
    )


def _document(checklist: Checklist) -> DocumentView:
    named = Counter(source for one in checklist.items for source in one.sources)
    shared = tuple(source for source, number in named.items() if 2 * number > len(checklist.items))
    return DocumentView(checklist, tuple(_item(one, shared) for one in checklist.items), shared)


def _item(item: ChecklistItem, shared: Iterable[str]) -> ItemView:
    files = tuple(one.name for one in item.evidence if one.kind is EvidenceKind.FILE)
    others = tuple(one.name for one in item.evidence if one.kind is not EvidenceKind.FILE)
    own = tuple(source for source in item.sources if source not in shared)
    return ItemView(item, others, files, own)


def gate_view(plan: Plan) -> GateView | None:
    """Join the gate's decision with the words of its rules; ``None`` for a plan that no gate decided."""
    if not plan.decision_log:
        return None
    decision = read_decision(plan.decision_log)
    said = {one.rule: one for one in plan.gate}
    names = [(answer, f"policy.{answer.rule_id}") for answer in decision.answers]
    pairs = [(answer, said[name]) for answer, name in names if name in said]
    shown = [
        RuleView(answer.rule_id, answer.effect.value, finding)
        for answer, finding in pairs
        if finding.status in _SHOWN
    ]
    rules = sorted(shown, key=lambda one: one.finding.status.severity)
    return GateView(decision, tuple(rules), len(pairs) - len(shown))


def state_words(state: ItemState, number: int) -> str:
    """Say how so many items stand, as the words after their number.

    Examples
    --------
    >>> state_words(ItemState.LABORATORY, 1), state_words(ItemState.LABORATORY, 2)
    ('needs a laboratory', 'need a laboratory')
    """
    verb = "needs" if number == 1 else "need"
    words = {ItemState.LABORATORY: f"{verb} a laboratory", ItemState.HUMAN: f"{verb} a person"}
    return words.get(state, state.label)


def readiness_line(plan: Plan) -> str:
    """Say in one line how the items asked of the first design stand; empty where no document was answered.

    Examples
    --------
    >>> from revertant.model import Provenance
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> readiness_line(Plan("s", "c", "Why?", "No.", (), (), (), (), (), (), None, (), origin, "Research use."))
    ''
    """
    if not plan.checklists:
        return ""
    first = [one for one in plan.checklists if one.design_id == plan.checklists[0].design_id]
    said = ", ".join(f"{number} {state_words(state, number)}" for state, number in count_states(first))
    asked = sum(len(one.items) for one in first)
    rank = next(one.rank for one in plan.designs if one.design.design_id == first[0].design_id)
    return f"Guidance, {asked} items of {len(first)} documents for the design of rank {rank}: {said}."
