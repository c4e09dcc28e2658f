"""The validation panel of a plan: the guides of the designs that lead, and where they could act in this person."""

from __future__ import annotations

from collections.abc import Sequence

from revertant.genome import PatientGenome
from revertant.model import OffTargetReport, RankedDesign, ValidationPanel
from revertant.offtarget.panel.panel import validation_panel
from revertant.offtarget.panel.primers import require_primer3
from revertant.planning.inputs import Progress, no_progress

__all__ = ["MOST_DESIGNS", "check_primers", "panel_of_plan"]

#: Designs whose guides go on the panel: the leads of the first groups that stand.
MOST_DESIGNS = 5


def check_primers(size: int) -> None:
    """Refuse a panel that cannot be made, before any work is done for the plan.

    Raises
    ------
    UsageError
        Code ``no-primer3`` when a panel is asked for and primer3-py is not installed.

    Examples
    --------
    >>> check_primers(0)
    """
    if size:
        require_primer3()


def panel_of_plan(
    designs: Sequence[RankedDesign], genome: PatientGenome, size: int, progress: Progress = no_progress
) -> ValidationPanel | None:
    """Choose the sites to sequence for the designs that lead, and find primers for them.

    Parameters
    ----------
    designs
        In rank order.
    genome
        The genome that was searched.
    size
        Off-target sites to look at; those that must be looked at are all taken. 0 for no panel.
    progress
        Told what is being done.

    Returns
    -------
    ValidationPanel or None
        Guides are named by their spacers. ``None`` without a size, and where no guide was searched for.

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> panel_of_plan((), PatientGenome(Reference.from_sequences({"chr1": "ACGT"})), 24)
    """
    leads: dict[str, RankedDesign] = {}
    for ranked in designs:
        if not ranked.tier.startswith("stopped"):
            leads.setdefault(ranked.group, ranked)
    reports: dict[OffTargetReport, str] = {
        report: report.request.spacer
        for ranked in list(leads.values())[:MOST_DESIGNS]
        for report in ranked.assessment.off_targets
    }
    if not size or not reports:
        return None
    return validation_panel(list(reports.values()), list(reports), genome, size=size, progress=progress)
