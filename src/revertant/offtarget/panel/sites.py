"""Which sites go on a validation panel, and why.

The rule is the same for sites of the reference and for those this person's variants make or change: it looks at
the sequence the person has. Lost sites are not chosen.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace

from revertant.genome import HaplotypeWindow, PatientGenome
from revertant.model import (
    Locus,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    PamSide,
    SearchLimits,
    SiteOrigin,
    Strand,
)
from revertant.offtarget.matching.hit import Hit
from revertant.offtarget.matching.twin import scan_by_hand
from revertant.offtarget.person.delta import disturbs
from revertant.offtarget.scoring.scores import cfd_score, why_no_cfd
from revertant.offtarget.scoring.tiers import FEW_EDITS, HIGH_CFD
from revertant.offtarget.stream.report import site_order

__all__ = ["ChosenSite", "choose_sites", "intended_targets", "must_be_looked_at"]

_CONTROL = "intended target (positive control)"
_OTHER_ALLELE = "what this person has at the intended target (positive control)"
# Bases beside a target that an indel of the person could bring in.
_SLACK = 50


@dataclass(frozen=True, slots=True)
class ChosenSite:
    """One site of a panel.

    Parameters
    ----------
    guide
        Name of the guide.
    site
        The site.
    reason
        Why it was chosen.
    is_control
        Whether it is the intended target.
    """

    guide: str
    site: OffTargetSite
    reason: str
    is_control: bool = False


def must_be_looked_at(site: OffTargetSite) -> bool:
    """Whether a site is on every panel: in the first tier, and one that the person has.

    Examples
    --------
    >>> site = OffTargetSite("ACGT", Locus("1", 4, 8), "AGG", "ACGT", "ACTT", 1)
    >>> must_be_looked_at(site), must_be_looked_at(replace(site, mismatches=3, cfd=0.5))
    (True, True)
    >>> must_be_looked_at(replace(site, origin=SiteOrigin.LOST))
    False
    """
    if site.origin is SiteOrigin.LOST:
        return False
    return site.edits <= FEW_EDITS or (site.cfd is not None and site.cfd >= HIGH_CFD)


def choose_sites(
    names: Sequence[str], reports: Sequence[OffTargetReport], size: int
) -> tuple[ChosenSite, ...]:
    """Choose the off-target sites to sequence.

    Parameters
    ----------
    names
        A name for each guide.
    reports
        What was found for each, in the same order.
    size
        How many sites; those that must be looked at are all taken even when they are more.

    Returns
    -------
    tuple of ChosenSite
        First those that must be looked at, then the worst others; each part by CFD, then edits, then place. Where
        CFD is not defined for one of the guides, edits come before CFD, lest its sites all come last.

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> from revertant.offtarget import search
    >>> genome = PatientGenome(Reference.from_sequences({"chr1": "TTACGTACGTGGTTTACGAACGTGG"}))
    >>> guide = OffTargetRequest("TACGTACG", "NGG", limits=SearchLimits(1), target=Locus("chr1", 1, 9))
    >>> [(str(item.site.locus), item.reason) for item in choose_sites(["g1"], search([guide], genome), 5)]
    [('chr1:15-22:+', '1 edit')]
    """
    by_cfd = all(_has_cfd(report.request) for report in reports)

    def order(pair: tuple[int, OffTargetSite]) -> tuple[object, ...]:
        guide, site = pair
        return (0 if by_cfd else site.edits, *site_order(site), guide)

    must: list[tuple[int, OffTargetSite]] = []
    others: list[tuple[int, OffTargetSite]] = []
    for guide, report in enumerate(reports):
        for site in report.sites:
            if must_be_looked_at(site):
                must.append((guide, site))
            elif site.origin is not SiteOrigin.LOST:
                others.append((guide, site))
    must.sort(key=order)
    more = heapq.nsmallest(max(size - len(must), 0), others, key=order)
    return tuple(
        ChosenSite(names[guide], site, reason)
        for pairs, is_must in ((must, True), (more, False))
        for guide, site in pairs
        for reason in (_reason(site, is_must=is_must),)
    )


def _has_cfd(request: OffTargetRequest) -> bool:
    return not why_no_cfd(request.spacer, request.pam, request.pam_side, wild_type=request.cfd_applies)


def _reason(site: OffTargetSite, *, is_must: bool) -> str:
    parts = [f"{site.edits} edit{'' if site.edits == 1 else 's'}"]
    if site.cfd is not None:
        parts.append(f"CFD {site.cfd:.2f}")
    if site.origin is not SiteOrigin.REFERENCE:
        parts.append(f"{site.origin.value} in this person")
    text = ", ".join(parts)
    return text if is_must else f"among the worst others: {text}"


def intended_targets(
    names: Sequence[str], reports: Sequence[OffTargetReport], genome: PatientGenome
) -> tuple[tuple[ChosenSite, ...], tuple[str, ...]]:
    """Find the intended target of each guide as this person has it.

    Parameters
    ----------
    names
        A name for each guide.
    reports
        What was found for each; their requests name the targets.
    genome
        The genome that was searched.

    Returns
    -------
    tuple
        The targets (two for a guide, where the person's copies spell one differently), and the names of the guides
        that have none. Where no copy has the target itself, what the guide finds in its place stands in.
    """
    found: list[ChosenSite] = []
    without: list[str] = []
    for name, report in zip(names, reports, strict=True):
        sites = [(site, _CONTROL) for site in _perfect_at_target(report.request, genome)]
        if not sites and report.request.target is not None and report.other_allele is not None:
            sites = [(report.other_allele, _OTHER_ALLELE)]
        found += [ChosenSite(name, site, reason, is_control=True) for site, reason in sites]
        if not sites:
            without.append(name)
    return tuple(found), tuple(without)


def _perfect_at_target(request: OffTargetRequest, genome: PatientGenome) -> list[OffTargetSite]:
    target, reference = request.target, genome.reference
    if target is None or not reference.has_contig(target.contig):
        return []
    contig = reference.canonical_contig(target.contig)
    stretch = reference.stretch_around(contig, target.start)
    if stretch is None or target.end > stretch.end:
        return []
    # A narrow look first: what lies farther off may be unphased, and then blurs which copy the target is on.
    for reach in (len(request.pam), len(request.pam) + _SLACK):
        place = Locus(contig, max(target.start - reach, stretch.start), min(target.end + reach, stretch.end))
        windows = genome.windows(place)
        exact = replace(request, limits=SearchLimits(0))
        [hits] = scan_by_hand([window.bases for window in windows], [exact])
        versions: dict[tuple[object, ...], OffTargetSite] = {}
        for hit in hits:
            window = windows[hit.sequence]
            site = _site_of(request, window, hit)
            if _is_at(request, target, window, hit, site):
                key = site.locus, site.pam, site.aligned_target, site.variants
                known = versions.setdefault(key, site)
                copies = tuple(sorted({*known.haplotypes, *site.haplotypes}))
                versions[key] = replace(known, haplotypes=copies)
        if versions:
            return sorted(versions.values(), key=site_order)
    return []


def _site_of(request: OffTargetRequest, window: HaplotypeWindow, hit: Hit) -> OffTargetSite:
    low, high = hit.footprint
    place = window.reference_locus(low, high)
    variants = tuple(variant for variant in window.variants if disturbs(variant, place.start, place.end))
    return OffTargetSite(
        request.spacer,
        window.reference_locus(hit.start, hit.end, hit.strand),
        hit.pam,
        hit.aligned_spacer,
        hit.aligned_target,
        0,
        origin=SiteOrigin.GAINED if variants else SiteOrigin.REFERENCE,
        haplotypes=window.haplotypes,
        variants=variants,
        cfd=cfd_score(hit.aligned_spacer, hit.aligned_target, hit.pam) if _has_cfd(request) else None,
    )


def _is_at(
    request: OffTargetRequest, target: Locus, window: HaplotypeWindow, hit: Hit, site: OffTargetSite
) -> bool:
    """Whether a perfect match is the target: the same DNA, or DNA beside the same PAM."""
    if hit.strand is not target.strand:
        return False
    if (site.locus.start, site.locus.end) == (target.start, target.end):
        return True
    at_right = (request.pam_side is PamSide.THREE_PRIME) == (target.strand is Strand.PLUS)
    neighbour = hit.pam_start if at_right else hit.pam_start + len(hit.pam) - 1
    return window.to_reference(neighbour) == (target.end if at_right else target.start - 1)
