"""What a reader sees first: groups of near-identical designs, and the off-targets that matter most.

A plan may hold hundreds of designs that differ by one base. They are shown as one card for each group; the
group's best design leads it and the others stand inside.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from revertant.dossier.words import count_text
from revertant.model import SiteOrigin, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from revertant.model import (
        Assessment,
        Design,
        Finding,
        OffTargetReport,
        OffTargetSite,
        Plan,
        RankedDesign,
        Strand,
        Transcript,
    )

__all__ = [
    "DesignGroup",
    "GuideReport",
    "by_severity",
    "design_groups",
    "design_off_targets",
    "gene_strands",
    "gene_transcripts",
    "guide_reports",
    "needs_search",
    "off_target_text",
    "searched_for",
    "status_counts",
    "worst_first",
]


@dataclass(frozen=True, slots=True)
class DesignGroup:
    """Near-identical designs: the one that leads, and its variants in rank order."""

    name: str
    lead: RankedDesign
    variants: tuple[RankedDesign, ...]


@dataclass(frozen=True, slots=True)
class GuideReport:
    """One off-target search and every design whose guide it answers for.

    ``number`` counts from 1 in rank order; ``design_ids`` are the designs that share the search.
    """

    number: int
    report: OffTargetReport
    design_ids: tuple[str, ...]


def design_groups(plan: Plan) -> tuple[DesignGroup, ...]:
    """Gather the designs by group, groups in the order of their best rank."""
    members: dict[str, list[RankedDesign]] = {}
    for ranked in sorted(plan.designs, key=lambda ranked: ranked.rank):
        members.setdefault(ranked.group, []).append(ranked)
    return tuple(DesignGroup(name, ranked[0], tuple(ranked[1:])) for name, ranked in members.items())


def guide_reports(plan: Plan) -> tuple[GuideReport, ...]:
    """List every distinct off-target search once: designs that share a guide share its sites."""
    users: dict[OffTargetReport, list[str]] = {}
    for ranked in plan.designs:
        for report in ranked.assessment.off_targets:
            ids = users.setdefault(report, [])
            if ranked.design.design_id not in ids:
                ids.append(ranked.design.design_id)
    return tuple(
        GuideReport(number, report, tuple(ids)) for number, (report, ids) in enumerate(users.items(), start=1)
    )


def worst_first(sites: Iterable[OffTargetSite]) -> tuple[OffTargetSite, ...]:
    """Order sites for reading: highest CFD, then fewest edits; sites lost in this person come last."""
    return tuple(
        sorted(
            sites,
            key=lambda site: (
                site.origin is SiteOrigin.LOST,
                -(site.cfd if site.cfd is not None else -1.0),
                site.edits,
                site.locus.contig,
                site.locus.start,
                site.locus.strand,
                site.aligned_target,
                site.haplotypes,
            ),
        )
    )


def needs_search(design: Design) -> bool:
    """Whether a design has off-targets to search for: a vector or a receptor without guides binds no sequence."""
    return bool(design.guides) or (design.vector is None and design.car is None)


def searched_for(plan: Plan) -> bool:
    """Whether a plan's silence on off-targets has to be said: of vectors without guides alone it need not."""
    return not plan.designs or any(needs_search(ranked.design) for ranked in plan.designs)


def design_off_targets(design: Design, assessment: Assessment) -> str:
    """Sum up the off-targets of a design in one line, also of one that has nothing to search for."""
    if not needs_search(design):
        return "no guide to search for"
    return off_target_text(assessment, len(design.guides))


def off_target_text(assessment: Assessment, guides: int) -> str:
    """Sum up the off-targets of one design in one line; a search that was not made is never "none"."""
    reports = assessment.off_targets
    matches = assessment.of("oligo.matches_elsewhere")
    if not guides and matches is not None:  # an oligo is looked up by its own rule
        return matches.because
    if not reports:
        return "not searched"
    partly = f"{len(reports)} of {guides} guides searched: " if len(reports) < guides else ""
    sites = [site for report in reports for site in report.present_sites]
    where = "" if all(report.coverage.genome_wide for report in reports) else " in the windows searched"
    if not sites:
        return f"{partly}no site found{where}"
    scores = [site.cfd for site in sites if site.cfd is not None]
    highest = max(scores, default=0.0)
    score = (
        f"highest CFD {'<0.01' if 0 < highest < 0.005 else f'{highest:.2f}'}" if scores else "CFD not defined"
    )
    nearest = min(edits for report in reports for edits, _ in report.sites_by_edits)
    total = sum(report.present_count for report in reports)
    return f"{partly}{count_text(total, 'site')}{where}; nearest {count_text(nearest, 'edit')}, {score}"


def by_severity(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Order findings for reading: fail, unknown, caution, pass, not applicable; by rule within."""
    return tuple(sorted(findings, key=lambda finding: (finding.status.severity, finding.rule)))


def status_counts(findings: Sequence[Finding]) -> tuple[tuple[Status, int], ...]:
    """Count findings by status, in reading order, without the statuses that do not occur."""
    counts = Counter(finding.status for finding in findings)
    return tuple(
        (status, counts[status]) for status in sorted(Status, key=lambda s: s.severity) if counts[status]
    )


def gene_transcripts(plan: Plan) -> dict[str, Transcript]:
    """Map the accession of each target's transcript to it."""
    return {target.transcript.transcript_id: target.transcript for target in plan.targets}


def gene_strands(plan: Plan) -> dict[str, Strand]:
    """Map each target gene to the strand it is read on."""
    return {target.gene: target.transcript.strand for target in plan.targets}
