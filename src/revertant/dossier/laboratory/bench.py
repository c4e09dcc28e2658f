"""Assays with their controls, guides that are known to work, and the places to sequence."""

from __future__ import annotations

import math
from dataclasses import dataclass

from revertant import knowledge
from revertant.dossier.laboratory.designs import bench_designs
from revertant.dossier.selection import guide_reports
from revertant.knowledge import Assay, Precedent
from revertant.model import ChecklistItem, Design, ItemState, Plan
from revertant.offtarget.panel.sites import ChosenSite, choose_sites

__all__ = [
    "KIND_WORDS",
    "AssayView",
    "ControlView",
    "SitesView",
    "assay_views",
    "control_views",
    "laboratory_items",
    "reads_needed",
    "sites_view",
]

#: Headings of the kinds of assays, in the order in which they are run.
KIND_WORDS = {
    "nominates_in_vitro": "Find sites on purified DNA",
    "nominates_in_cells": "Find sites in cells",
    "confirms": "Confirm what was found",
    "structure": "Look for large changes",
    "function": "Ask whether the purpose is served",
    "vector": "Look at the vector",
}
_MOST_SITES = 24
_MOST_CONTROLS = 4
_STAGES = ("benchmark", "approved", "clinical", "preclinical", "published")


@dataclass(frozen=True, slots=True)
class AssayView:
    """Assays of one kind, each with the ranks of the designs that call for it."""

    kind: str
    rows: tuple[tuple[Assay, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class ControlView:
    """Guides that are known to work with one effector; none known is said.

    ``ranks`` are the designs that use the effector.
    """

    effector: str
    ranks: tuple[int, ...]
    guides: tuple[Precedent, ...]


@dataclass(frozen=True, slots=True)
class SitesView:
    """Where to sequence when no primers were designed: the sites, and how many are left out."""

    sites: tuple[ChosenSite, ...]
    left: int


def assay_views(plan: Plan) -> tuple[AssayView, ...]:
    """Gather the assays that the designs to start with call for, by kind."""
    ranks: dict[Assay, list[int]] = {}
    for ranked in bench_designs(plan):
        for assay in knowledge.assays_for(ranked.design.modality, _edited_bases(ranked.design)):
            ranks.setdefault(assay, []).append(ranked.rank)
    return tuple(
        AssayView(kind, rows)
        for kind in KIND_WORDS
        if (rows := tuple((one, tuple(found)) for one, found in ranks.items() if one.kind == kind))
    )


def _edited_bases(design: Design) -> str:
    editor = knowledge.editors().get(design.effector)
    return "" if editor is None else "".join(sorted({pair[0] for pair in editor.conversions}))


def control_views(plan: Plan) -> tuple[ControlView, ...]:
    """Name guides that are known to work with each effector, benchmark guides first."""
    users: dict[tuple[str, str], list[int]] = {}
    for ranked in bench_designs(plan):
        if ranked.design.guides and ranked.design.effector:
            key = ranked.design.effector, ranked.design.effector_name
            users.setdefault(key, []).append(ranked.rank)
    return tuple(
        ControlView(name, tuple(ranks), _known_guides(effector, plan))
        for (effector, name), ranks in users.items()
    )


def _known_guides(effector: str, plan: Plan) -> tuple[Precedent, ...]:
    """Published guides of this very effector; those of the plan's own genes come first within their stage."""
    genes = {target.gene for target in plan.targets}
    rows = [row for row in knowledge.precedents().values() if row.effector == effector]
    rows.sort(key=lambda row: (_STAGES.index(row.stage), row.gene not in genes, row.key))
    return tuple(rows[:_MOST_CONTROLS])


def sites_view(plan: Plan) -> SitesView:
    """Choose the sites to sequence by the rule of the validation panel, where a plan has none with primers."""
    ids = {ranked.design.design_id for ranked in bench_designs(plan)}
    searches = [one for one in guide_reports(plan) if ids & set(one.design_ids)]
    chosen = choose_sites(
        [f"G{one.number}" for one in searches], [one.report for one in searches], _MOST_SITES
    )
    present = sum(one.report.present_count for one in searches)
    return SitesView(chosen, present - len(chosen))


def laboratory_items(plan: Plan) -> tuple[ChecklistItem, ...]:
    """Return what guidance documents ask of a laboratory for the designs to start with, each thing once."""
    ids = {ranked.design.design_id for ranked in bench_designs(plan)}
    asked: dict[tuple[str, str], ChecklistItem] = {}
    for checklist in plan.checklists:
        for item in checklist.items if checklist.design_id in ids else ():
            if item.state is ItemState.LABORATORY:
                asked.setdefault((item.asked, item.needs), item)
    return tuple(asked.values())


def reads_needed(share: float, certainty: float = 0.95) -> int:
    """Return how many molecules must be read to see one that is there in this share, with this probability.

    Parameters
    ----------
    share
        Share of molecules that carry the edit, above 0 and below 1.
    certainty
        Probability of seeing at least one.

    Examples
    --------
    >>> reads_needed(0.01), reads_needed(0.001)
    (299, 2995)
    """
    return math.ceil(math.log(1 - certainty) / math.log1p(-share))
