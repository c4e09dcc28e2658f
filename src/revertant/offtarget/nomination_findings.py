"""What a reader of a nomination must know beside the sites: targets, perfect copies, what was not looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from revertant.genome import MOST_WINDOWS, PatientGenome
from revertant.model import Coverage, Finding, Locus, OffTargetReport, SiteOrigin, Status
from revertant.offtarget.guides.targets import TargetSearch
from revertant.offtarget.stream.report import target_is_found
from revertant.variant import VcfCalls

__all__ = ["nomination_findings"]

_NAMED = 5


def nomination_findings(
    names: Sequence[str],
    reports: Sequence[OffTargetReport],
    targets: Sequence[TargetSearch],
    genome: PatientGenome,
    vcf: VcfCalls | None,
    *,
    places: Sequence[Locus] = (),
) -> tuple[Finding, ...]:
    """Collect the findings, the gravest first.

    Parameters
    ----------
    names, reports, targets
        Of each guide.
    genome
        The person's genome.
    vcf
        What their VCF said, where one was read.
    places
        Where the person could carry more haplotypes than were searched.
    """
    found = [*_of_coverage(reports[0].coverage), *_of_person(reports[0].coverage, genome, vcf, places)]
    for name, report, target in zip(names, reports, targets, strict=True):
        found += _of_target(name, report, target)
        found += _of_copies(name, report, target)
        found += _of_what_is_held(name, report)
    return tuple(sorted(found, key=lambda finding: finding.status.severity))


def _of_coverage(coverage: Coverage) -> Iterator[Finding]:
    yield Finding(
        "offtarget.coverage",
        Status.PASS if coverage.genome_wide else Status.UNKNOWN,
        coverage.statement,
        value=f"{coverage.searched_bases:,} bases",
    )


def _of_person(
    coverage: Coverage, genome: PatientGenome, vcf: VcfCalls | None, places: Sequence[Locus]
) -> Iterator[Finding]:
    rule = "offtarget.patient_genome"
    if places:
        some = ", ".join(f"{place.contig}:{place.start + 1}-{place.end}" for place in places[:_NAMED])
        more = " and others" if len(places) > _NAMED else ""
        yield Finding(
            "offtarget.combinations",
            Status.UNKNOWN,
            f"Places where unphased variants allow more haplotypes than the {MOST_WINDOWS} that were searched:"
            f" {some}{more}. A site of another combination is not known.",
            value=str(len(places)),
            threshold=f"{MOST_WINDOWS} haplotypes at a place",
        )
    if vcf is None:
        if not genome.has_calls:
            yield Finding(
                rule, Status.UNKNOWN, "No genome of a person was given: sites of their own are not known."
            )
        return
    yield from vcf.findings
    silent = sorted({contig for contig, _, _ in coverage.windows} - set(vcf.contigs))
    if silent:
        some = ", ".join(silent[:_NAMED]) + (" and others" if len(silent) > _NAMED else "")
        yield Finding(
            rule,
            Status.UNKNOWN,
            f"The VCF has no records on {some}: there the person's own sites are not known.",
            value=f"{len(silent)} contigs",
        )
    structural = sum(count for reason, count in vcf.not_used if reason.startswith(("symbolic", "breakend")))
    if structural:
        yield Finding(
            "offtarget.structural_variants",
            Status.UNKNOWN,
            "Symbolic and structural alleles of the person were not searched.",
            value=f"{structural} alleles",
        )


def _of_target(name: str, report: OffTargetReport, target: TargetSearch) -> Iterator[Finding]:
    rule = "offtarget.target"
    if target.is_given:
        if target.target is not None and not target_is_found(report):
            yield Finding(
                rule,
                Status.FAIL,
                f"{name}: nothing within the limits of the search lies at the target named, {target.target}: check its"
                " place, its strand and the build.",
                value=str(target.target),
            )
        return
    if target.target is not None and target.copies:
        carried = (
            "a combination of variants this person may carry"
            if "putative" in target.copies
            else (f"this person's copy {' and '.join(target.copies)}")
        )
        yield Finding(
            rule,
            Status.CAUTION,
            f"{name} fits the reference nowhere perfectly. Its only perfect match, {target.target} on {carried}, is "
            "taken as the intended target and not listed: name the target if it is another.",
            value=str(target.target),
        )
    elif target.target is not None:
        yield Finding(
            rule,
            Status.PASS,
            f"{name}: the only perfect match, {target.target}, is taken as the intended target.",
            value=str(target.target),
        )
    elif target.count:
        yield Finding(
            rule,
            Status.CAUTION,
            f"{name} fits {target.count} places perfectly, so none can be told to be the target: all are listed.",
            value=f"{target.count} perfect matches",
            threshold="1",
        )
    else:
        yield Finding(
            rule,
            Status.UNKNOWN,
            f"{name} fits no place of the searched sequence perfectly: its target is not known.",
            value="0 perfect matches",
            threshold="1",
        )


def _of_copies(name: str, report: OffTargetReport, target: TargetSearch) -> Iterator[Finding]:
    """A perfect second copy of the target is cut like the target."""
    count = sum(
        one.sites for one in report.site_counts if not one.edits and one.origin is not SiteOrigin.LOST
    )
    if not count or (target.target is None and not target.is_given):
        return
    copies = [site for site in report.present_sites if not site.edits][:_NAMED]
    places = ", ".join(f"{s.locus}{f' ({s.annotation})' if s.annotation else ''}" for s in copies)
    more = " and others" if count > len(copies) else ""
    yield Finding(
        "offtarget.perfect_copies",
        Status.CAUTION,
        f"{name}: {count} perfect {'copy' if count == 1 else 'copies'} of the target elsewhere: {places}{more}."
        " Edited like the target.",
        value=str(count),
        threshold="0",
    )


def _of_what_is_held(name: str, report: OffTargetReport) -> Iterator[Finding]:
    """Say when a report does not hold every site."""
    listed, all_sites = len(report.present_sites), report.present_count
    if listed < all_sites:
        yield Finding(
            "offtarget.listed",
            Status.NOT_APPLICABLE,
            f"{name}: the worst {listed:,} of {all_sites:,} sites are shown; the counts and sites.tsv are of all.",
            value=f"{listed} of {all_sites}",
        )
