"""Off-targets for every guide at once, then every design judged by its modality."""

from __future__ import annotations

from collections.abc import Sequence

from revertant import knowledge, offtarget
from revertant.genome import PatientGenome
from revertant.modality import AssessmentContext, modality_named
from revertant.model import (
    Assessment,
    Design,
    Guide,
    OffTargetReport,
    OffTargetRequest,
    SearchLimits,
    Strategy,
)
from revertant.planning.inputs import Inputs, Progress

__all__ = ["assess_designs", "search_off_targets"]


def search_off_targets(
    designs: Sequence[Design],
    genome: PatientGenome,
    inputs: Inputs,
    limits: SearchLimits,
    progress: Progress,
) -> dict[tuple[str, str, str], OffTargetReport]:
    """Search each distinct guide once.

    Returns
    -------
    dict
        Reports by spacer, PAM pattern searched and place of the target.
    """
    requests: dict[tuple[str, str, str], OffTargetRequest] = {}
    for design in designs:
        for guide in design.guides:
            requests.setdefault(_key(design, guide), _request(design, guide, limits))
    keys = sorted(requests)
    reports = offtarget.search(
        [requests[key] for key in keys], genome, models=inputs.models, progress=progress
    )
    return dict(zip(keys, reports, strict=True))


def assess_designs(
    pairs: Sequence[tuple[Strategy, Design]],
    genome: PatientGenome,
    inputs: Inputs,
    reports: dict[tuple[str, str, str], OffTargetReport] | None,
) -> tuple[tuple[Design, Assessment], ...]:
    """Have every design judged by its modality, with its guides' reports or without any."""
    judged = []
    for strategy, design in pairs:
        found = None if reports is None else tuple(reports[_key(design, guide)] for guide in design.guides)
        context = AssessmentContext(
            case=inputs.case,
            strategy=strategy,
            genome=genome,
            models=inputs.models,
            off_targets=found,
            has_patient_genome=inputs.vcf is not None,
        )
        judged.append((design, modality_named(design.modality).assess(design, context)))
    return tuple(judged)


def _request(design: Design, guide: Guide, limits: SearchLimits) -> OffTargetRequest:
    return OffTargetRequest(
        spacer=guide.spacer,
        pam=_search_pam(design, guide),
        pam_side=guide.pam_side,
        limits=limits,
        target=guide.locus,
    )


def _search_pam(design: Design, guide: Guide) -> str:
    """The PAM to search with: what the nuclease still binds, which can be wider than what one designs for."""
    editor = knowledge.editors().get(design.effector)
    nuclease = knowledge.nucleases().get(editor.nuclease if editor else design.effector)
    if nuclease is None or nuclease.pam != guide.pam_pattern:
        return guide.pam_pattern
    return nuclease.search_pam


def _key(design: Design, guide: Guide) -> tuple[str, str, str]:
    return guide.spacer, _search_pam(design, guide), str(guide.locus)
