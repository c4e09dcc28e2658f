"""What an off-target search means for a design. No search, no pass."""

from __future__ import annotations

from collections.abc import Sequence

from revertant.model import Finding, OffTargetReport, OffTargetSite, Region, SiteOrigin, Status
from revertant.offtarget.scoring.tiers import TIER_SOURCES, tier_of

__all__ = ["off_target_findings", "worst_site"]

#: Sites up to this tier are a caution even where not the whole genome was searched.
_DANGEROUS = 2


def worst_site(reports: Sequence[OffTargetReport]) -> OffTargetSite | None:
    """Return the site to look at first: a perfect match, then by CFD where every site has one, else by fewest edits.

    A score and its absence are never compared: no score is not a low score.

    Examples
    --------
    >>> worst_site([]) is None
    True
    """
    sites = [site for report in reports for site in report.present_sites]
    if not sites:
        return None
    scored = all(site.cfd is not None for site in sites)
    return min(sites, key=lambda site: _danger(site, scored=scored))


def _danger(site: OffTargetSite, *, scored: bool) -> tuple[object, ...]:
    by_score = -(site.cfd or 0.0) if scored else 0.0
    return (site.edits != 0, by_score, site.edits, site.locus, site.pam)


def off_target_findings(
    reports: Sequence[OffTargetReport] | None, called: Sequence[tuple[str, int, int]] | None
) -> tuple[Finding, ...]:
    """Judge the off-target search of a design.

    Parameters
    ----------
    reports
        One for each guide; ``None`` when no search was made.
    called
        Stretches on which the patient's VCF has records; ``None`` without a VCF.
    """
    if reports is None:
        return (
            Finding(
                "offtarget.coverage",
                Status.UNKNOWN,
                "No off-target search was made; that is not a clean search.",
            ),
            Finding("offtarget.worst_site", Status.UNKNOWN, "Not known without a search."),
        )
    return (
        _coverage(reports),
        _worst(reports),
        _copies(reports),
        _coding(reports),
        _patient(reports, called),
    )


def _coverage(reports: Sequence[OffTargetReport]) -> Finding:
    coverage = reports[0].coverage
    status = Status.PASS if coverage.genome_wide else Status.UNKNOWN
    return Finding("offtarget.coverage", status, coverage.statement, value=f"{coverage.searched_bases} bases")


def _worst(reports: Sequence[OffTargetReport]) -> Finding:
    rule = "offtarget.worst_site"
    site = worst_site(reports)
    genome_wide = all(report.coverage.genome_wide for report in reports)
    limits = reports[0].request.limits
    reach = f"{limits.mismatches} mismatches, {limits.dna_bulges} DNA and {limits.rna_bulges} RNA bulges"
    if site is None:
        status = Status.PASS if genome_wide else Status.UNKNOWN
        where = "in this genome" if genome_wide else "in the bases searched, which are not the whole genome"
        return Finding(rule, status, f"No site within {reach} {where}.", threshold=reach)
    score = f"CFD {site.cfd:.3f}" if site.cfd is not None else "CFD not defined for this guide"
    place = f" in {site.annotation}" if site.annotation else ""
    total = sum(report.present_count for report in reports)
    dangerous = tier_of(site.edits, site.cfd).number <= _DANGEROUS
    status = Status.CAUTION if dangerous or genome_wide else Status.UNKNOWN
    tail = "" if genome_wide else " Outside the bases searched nothing is known."
    return Finding(
        rule,
        status,
        f"The worst of {total} sites is {site.locus}{place}: {site.edits} edits, {score}.{tail}",
        value=f"{site.locus}, {site.edits} edits, {score}",
        threshold=reach,
        sources=TIER_SOURCES,
    )


def _copies(reports: Sequence[OffTargetReport]) -> Finding:
    """A perfect second copy of the target is cut like the target."""
    rule = "offtarget.perfect_copies"
    copies = [site for report in reports for site in report.present_sites if site.edits == 0]
    if copies:
        places = ", ".join(
            f"{site.locus}{f' ({site.annotation})' if site.annotation else ''}" for site in copies[:5]
        )
        return Finding(
            rule,
            Status.CAUTION,
            f"{len(copies)} further perfect match{'es' if len(copies) > 1 else ''}: {places}. Edited like the target.",
            value=str(len(copies)),
            threshold="0",
        )
    genome_wide = all(report.coverage.genome_wide for report in reports)
    return Finding(
        rule,
        Status.PASS if genome_wide else Status.UNKNOWN,
        "No second perfect match " + ("in this genome." if genome_wide else "in the bases searched."),
        value="0",
        threshold="0",
    )


def _coding(reports: Sequence[OffTargetReport]) -> Finding:
    rule = "offtarget.coding_site"
    present = [site for report in reports for site in report.present_sites]
    coding = [site for site in present if site.region in {Region.CDS, Region.SPLICE}]
    if coding:
        worst = min(coding, key=lambda site: (site.edits, site.locus, site.pam))
        # The first gene is the one whose coding sequence or splice site it is.
        genes = ", ".join(sorted({site.genes[0] for site in coding if site.genes})[:8])
        splice = " or at a splice site" if any(site.region is Region.SPLICE for site in coding) else ""
        is_all = all(report.holds_every_site for report in reports)
        some = (
            f"{len(coding)} sites lie" if is_all else f"Of the {len(present):,} worst sites {len(coding)} lie"
        )
        return Finding(
            rule,
            Status.CAUTION,
            f"{some} in coding sequence{splice} ({genes}); the worst has {worst.edits} edits.",
            value=str(len(coding)),
        )
    if present and all(site.region is None for site in present):
        return Finding(
            rule, Status.UNKNOWN, "No gene models were given: whether a site is coding is not known."
        )
    if not all(report.holds_every_site for report in reports):
        return Finding(
            rule,
            Status.UNKNOWN,
            f"None of the {len(present):,} worst sites is coding; the others were counted, not looked at.",
            value="0",
        )
    genome_wide = all(report.coverage.genome_wide for report in reports)
    return Finding(
        rule,
        Status.PASS if genome_wide else Status.UNKNOWN,
        "No site in coding sequence " + ("of the gene models." if genome_wide else "of the bases searched."),
        value="0",
    )


def _patient(reports: Sequence[OffTargetReport], called: Sequence[tuple[str, int, int]] | None) -> Finding:
    """Sites that exist in this person and not in the reference, and the reverse."""
    rule = "offtarget.patient_sites"
    if called is None:
        return Finding(
            rule, Status.UNKNOWN, "No genome of the patient was given: sites of their own are not known."
        )
    gained, lost, changed = (
        sum(report.count_of(origin) for report in reports)
        for origin in (SiteOrigin.GAINED, SiteOrigin.LOST, SiteOrigin.CHANGED)
    )
    text = f"{gained} sites gained, {changed} changed and {lost} lost against the reference."
    searched = {contig for contig, _, _ in reports[0].coverage.windows}
    silent = searched - {contig for contig, _, _ in called}
    if silent:
        return Finding(
            rule,
            Status.UNKNOWN,
            f"{text} The patient's VCF has no records on {len(silent)} of the {len(searched)} contigs searched: there "
            "the patient's own sites are not known.",
            value=f"{gained} gained",
        )
    return Finding(rule, Status.CAUTION if gained or changed else Status.PASS, text, value=f"{gained} gained")
