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

__all__ = ["assess_designs", "reports_of", "search_off_targets"]

#: Sites that are held of each guide beside those of the person's own; counts and scores are of all.
MOST_HELD = 2000

#: Spacer, PAM searched, place of the target, whether CFD applies: designs with the same share one report.
_Key = tuple[str, str, str, bool]


def search_off_targets(
    designs: Sequence[Design],
    genome: PatientGenome,
    inputs: Inputs,
    limits: SearchLimits,
    progress: Progress,
) -> dict[_Key, OffTargetReport]:
    """Search each distinct guide once.

    Returns
    -------
    dict
        Reports by spacer, PAM searched, place of the target and whether CFD applies.
    """
    requests: dict[_Key, OffTargetRequest] = {}
    for design in designs:
        for guide in design.guides:
            requests.setdefault(_key(design, guide), _request(design, guide, limits))
    keys = sorted(requests)
    if not keys:  # oligos alone: there is no guide to search for
        return {}
    reports = offtarget.search(
        [requests[key] for key in keys],
        genome,
        models=inputs.models,
        keep=MOST_HELD,
        progress=progress,
    )
    return dict(zip(keys, reports, strict=True))


def assess_designs(
    pairs: Sequence[tuple[Strategy, Design]],
    genome: PatientGenome,
    inputs: Inputs,
    reports: dict[_Key, OffTargetReport] | None,
) -> tuple[tuple[Design, Assessment], ...]:
    """Have every design judged by its modality, with its guides' reports or without any."""
    judged = []
    for strategy, design in pairs:
        found = reports_of(design, reports) if reports is not None and design.guides else None
        context = AssessmentContext(
            case=inputs.case,
            strategy=strategy,
            genome=genome,
            models=inputs.models,
            off_targets=found,
            called=inputs.vcf.extent if inputs.vcf is not None else None,
        )
        judged.append((design, modality_named(design.modality).assess(design, context)))
    return tuple(judged)


def reports_of(design: Design, reports: dict[_Key, OffTargetReport]) -> tuple[OffTargetReport, ...]:
    """Return what was found for each guide of a design that was searched, in the guides' order."""
    return tuple(reports[_key(design, guide)] for guide in design.guides)


def _request(design: Design, guide: Guide, limits: SearchLimits) -> OffTargetRequest:
    return OffTargetRequest(
        spacer=guide.spacer,
        pam=_search_pam(design, guide),
        pam_side=guide.pam_side,
        limits=limits,
        target=guide.locus,
        cfd_applies=_cfd_applies(design),
    )


def _search_pam(design: Design, guide: Guide) -> str:
    """The PAM to search with: what the nuclease still binds, which can be wider than what one designs for."""
    nuclease = knowledge.nuclease_behind(design.effector)
    return nuclease.search_pam if nuclease and nuclease.pam == guide.pam_pattern else guide.pam_pattern


def _cfd_applies(design: Design) -> bool:
    """CFD was fitted on cutting: it says nothing of a Cas9 that only binds."""
    nuclease = knowledge.nuclease_behind(design.effector)
    return (
        design.effector not in knowledge.epigenome_editors() and nuclease is not None and nuclease.cfd_defined
    )


def _key(design: Design, guide: Guide) -> _Key:
    return guide.spacer, _search_pam(design, guide), str(guide.locus), _cfd_applies(design)
