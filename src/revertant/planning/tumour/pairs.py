"""Cuts made on purpose beside cuts that were not: which off-target sites could join the breaks of an edit set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from revertant import knowledge
from revertant.model import (
    Design,
    EditMethod,
    EditSet,
    Finding,
    Locus,
    OffTargetReport,
    SiteOrigin,
    Status,
    TranslocationPair,
)
from revertant.offtarget.annotation.translocations import translocation_pairs
from revertant.offtarget.scoring.tiers import CFD_STEPS, FEW_EDITS, TIER_SOURCES, tier_of_site

__all__ = ["WORST_TIER", "PairedCuts", "pair_cuts"]

RULE = "edits.off_target_pairs"
#: Off-target sites down to this tier are paired; there is no published cut-off below which a site is safe.
WORST_TIER = 2
_MOST_PAIRS = 100
_WHICH = (
    f"off-target sites with CFD {CFD_STEPS[WORST_TIER - 1]:g} or more, or at most {FEW_EDITS} edits "
    f"({FEW_EDITS + WORST_TIER - 1} where CFD is not defined)"
)


@dataclass(frozen=True, slots=True)
class PairedCuts:
    """Pairs of an intended with an off-target cut, the likeliest first, and what is to be said of them."""

    pairs: tuple[TranslocationPair, ...] = ()
    finding: Finding | None = None


def pair_cuts(
    edits: EditSet, designs: Sequence[Design], reports: Sequence[Sequence[OffTargetReport]] | None
) -> PairedCuts:
    """Pair every break made on purpose with the off-target sites of the guides that cut.

    Parameters
    ----------
    edits
        The edit set; without a break in it there is nothing to pair.
    designs
        The designs behind its guides.
    reports
        What was found for the guides of each design; ``None`` where off-targets were not searched.

    Examples
    --------
    >>> from revertant.model import CellSource
    >>> pair_cuts(EditSet(CellSource.AUTOLOGOUS, ()), (), None)
    PairedCuts(pairs=(), finding=None)
    """
    cutting = [
        edit
        for edit in edits.edits
        if edit.chosen is not None
        and edit.chosen.breaks
        and edit.chosen.method is not EditMethod.BASE_EDITING
    ]
    if not cutting:
        return PairedCuts()
    if reports is None:
        text = "Off-target cuts were not searched, so what the breaks made on purpose could join with is not known."
        return PairedCuts(finding=Finding(RULE, Status.UNKNOWN, text))
    by_design = {
        design.design_id: (design, found) for design, found in zip(designs, reports, strict=True) if found
    }
    searched = [edit for edit in cutting if edit.chosen is not None and edit.chosen.design_id in by_design]
    intended = {locus for edit in cutting if edit.chosen is not None for locus in edit.chosen.copies}
    intended |= {edit.chosen.guide.locus for edit in cutting if edit.chosen is not None}
    rows = [
        (
            knowledge.nucleases()[edit.chosen.effector].cut_offset_top,
            edit.gene,
            report,
            edit.chosen.guide.locus,
        )
        for edit in searched
        if edit.chosen is not None
        for report in by_design[edit.chosen.design_id][1]
    ]
    rows.sort(key=lambda row: (row[0], row[1]))
    pairs: list[TranslocationPair] = []
    for offset, group in groupby(rows, key=lambda row: row[0]):
        pairs += _near(list(group), offset, intended)
    missing = [edit.gene for edit in cutting if edit not in searched]
    return PairedCuts(tuple(pairs), _finding(pairs, missing, kinds=len({row[0] for row in rows})))


def _near(
    rows: Sequence[tuple[int, str, OffTargetReport, Locus]], offset: int, intended: set[Locus]
) -> list[TranslocationPair]:
    near = {
        site.locus
        for _, _, report, _ in rows
        for site in report.sites
        if site.origin is not SiteOrigin.LOST and tier_of_site(site).number <= WORST_TIER
    } - intended
    found = translocation_pairs(
        [gene for _, gene, _, _ in rows],
        [report for _, _, report, _ in rows],
        [target for _, _, _, target in rows],
        cut_offset=offset,
        most=_MOST_PAIRS,
    )
    return [
        pair
        for pair in found
        if (pair.first in near and pair.second in intended)
        or (pair.second in near and pair.first in intended)
    ]


def _finding(pairs: Sequence[TranslocationPair], missing: Sequence[str], *, kinds: int) -> Finding:
    tail = f" The guides for {', '.join(missing)} were not searched." if missing else ""
    if kinds > 1:
        tail += " Guides of nucleases that cut at different places were paired within their own kind only."
    value = f"{len(pairs)} {'pair' if len(pairs) == 1 else 'pairs'}"
    if pairs:
        text = (
            f"{value} of a break made on purpose with {_WHICH}. How often such ends join is not predicted; look for "
            f"them in the edited cells.{tail}"
        )
        return Finding(
            RULE, Status.CAUTION, text, value, f"tier {WORST_TIER} or nearer", TIER_SOURCES, checked=False
        )
    text = f"No break made on purpose is paired with {_WHICH}: there are none.{tail}"
    status = Status.UNKNOWN if missing else Status.PASS
    return Finding(RULE, status, text, value, f"tier {WORST_TIER} or nearer", TIER_SOURCES, checked=False)
