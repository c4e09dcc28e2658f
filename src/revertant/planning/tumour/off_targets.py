"""Off-targets of the guides that edit a therapy's cells, and what their breaks could be joined to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from revertant.genome import PatientGenome
from revertant.modality.car_t.therapy import Completed
from revertant.model import Assessment, Design, OffTargetReport, SearchLimits
from revertant.planning.assess import reports_of, search_off_targets
from revertant.planning.inputs import Inputs, Progress
from revertant.planning.tumour.pairs import pair_cuts

__all__ = ["TherapyReports", "therapy_off_targets", "with_off_targets"]

#: Reports of one therapy: those of the guides of each design behind its edits.
TherapyReports = tuple[tuple[OffTargetReport, ...], ...]


def therapy_off_targets(
    completed: Sequence[Completed],
    genome: PatientGenome | None,
    inputs: Inputs,
    limits: SearchLimits | None,
    progress: Progress,
) -> dict[str, TherapyReports]:
    """Search the off-targets of each therapy's guides, on the genome of the cells.

    Parameters
    ----------
    completed
        The therapies.
    genome, inputs
        Whose cells are edited, with the gene models; nothing is searched without a genome.
    limits
        How far an off-target may be; ``None`` skips the search.
    progress
        Told what is being done.

    Returns
    -------
    dict
        Reports by the therapy's design, in the order of its edits.
    """
    designs = list(dict.fromkeys(design for one in completed for design in one.edit_designs))
    if genome is None or limits is None or not designs:
        return {}
    reports = search_off_targets(designs, genome, inputs, limits, progress)
    return {
        one.design.design_id: tuple(reports_of(design, reports) for design in one.edit_designs)
        for one in completed
    }


def with_off_targets(one: Completed, found: TherapyReports | None) -> tuple[Design, Assessment]:
    """Add the reports of the guides, and the breaks that off-target cuts could join.

    Parameters
    ----------
    one
        The therapy.
    found
        Its reports; ``None`` where nothing was searched.
    """
    car = one.design.car
    assert car is not None
    paired = pair_cuts(car.edit_set, one.edit_designs, found)
    findings = one.assessment.findings + ((paired.finding,) if paired.finding is not None else ())
    reports = tuple(report for of_design in found or () for report in of_design)
    return (
        replace(one.design, car=replace(car, off_target_pairs=paired.pairs)),
        replace(one.assessment, findings=findings, off_targets=reports),
    )
