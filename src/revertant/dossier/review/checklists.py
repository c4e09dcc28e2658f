"""Guidance documents as checklists, as they stand in the plan: who has to do the next thing, item by item.

A plan answers a document once for each leading design. Here each document stands once; answers that are the same for
several designs stand once too, and name them.
"""

from __future__ import annotations

from revertant.dossier.review.blocks import Block, Gap, Subheading, Table, Text
from revertant.dossier.review.pool import Sources
from revertant.dossier.words import count_text
from revertant.model import Checklist, ChecklistItem, ItemState, Plan, count_states

__all__ = ["checklists"]


def checklists(plan: Plan, sources: Sources) -> tuple[Block, ...]:
    """Lay out the checklists of a plan; an item whose input is missing is a gap too."""
    if not plan.checklists:
        return (Gap("Guidance documents held against a design for a person: the plan has none."),)
    ranks = {ranked.design.design_id: str(ranked.rank) for ranked in plan.designs}
    documents: dict[str, list[Checklist]] = {}
    for one in plan.checklists:
        documents.setdefault(one.checklist_id, []).append(one)
    blocks: list[Block] = [
        Text("A checklist says who has to do the next thing. It never says that a plan may be used.")
    ]
    for held in documents.values():
        blocks += _document(held, ranks, sources)
    return tuple(blocks)


def _document(held: list[Checklist], ranks: dict[str, str], sources: Sources) -> list[Block]:
    first = held[0]
    answers: dict[ChecklistItem, list[str]] = {}
    for position in range(max(len(one.items) for one in held)):
        for one in held:
            if position < len(one.items):
                answers.setdefault(one.items[position], []).append(ranks.get(one.design_id, one.design_id))
    said = ", ".join(f"{count_text(number, 'answer')} {state.label}" for state, number in count_states(held))
    unread = "" if first.checked else " Title, date and status were not read at the issuer."
    designs = ", ".join(dict.fromkeys(rank for ranks_of in answers.values() for rank in ranks_of))
    rows = tuple(
        (
            item.state.label,
            f"{item.asked} ({item.section})" if item.section else item.asked,
            item.because,
            item.needs or "–",
            ", ".join(dict.fromkeys(found)),
            sources.cite(item.sources, checked=item.checked),
        )
        for item, found in answers.items()
    )
    header = ("State", "Asked", "Why it stands so", "Needs", "Designs", "Sources")
    missing = dict.fromkeys(
        f"{item.asked} {item.needs}" for item in answers if item.state is ItemState.MISSING
    )
    return [
        Subheading(first.title),
        Text(
            f"{first.issuer}, {first.dated}, {first.status.value}; held against design {designs}: {said}.{unread}"
        ),
        Table(f"Items of {first.title}", header, rows, (13, 28, 23, 15, 9, 12)),
        *(Gap(words.strip()) for words in missing),
    ]
