"""What of a nomination a reader sees first: which sites are worst, and what one person changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from revertant.model import Nomination, OffTargetReport, OffTargetSite, SiteOrigin

__all__ = [
    "count_of",
    "has_person",
    "highest_cfd",
    "nearest_first",
    "nearest_site",
    "personal_sites",
    "worst_both_ways",
]

#: What ``Coverage.genomes`` names when one person's variants were searched.
PERSONAL_GENOMES = frozenset({"patient haplotypes", "case variants"})


def has_person(nomination: Nomination) -> bool:
    """Whether one person's own variants were searched."""
    return not PERSONAL_GENOMES.isdisjoint(nomination.coverage.genomes)


def count_of(report: OffTargetReport, origin: SiteOrigin | None = None, *, edits: int | None = None) -> int:
    """Count the sites of a guide.

    Parameters
    ----------
    report
        The guide's report; its counts are of all sites, also those it does not hold.
    origin
        Of this origin only; when left out, every site the person has (all but the lost ones).
    edits
        With so many edits only.
    """
    return sum(
        count.sites
        for count in report.site_counts
        if (count.origin is not SiteOrigin.LOST if origin is None else count.origin is origin)
        and edits in {None, count.edits}
    )


def nearest_first(sites: Iterable[OffTargetSite]) -> tuple[OffTargetSite, ...]:
    """Order sites: fewest edits, then highest CFD (an undefined one is not taken for a low one), lost ones last."""
    return tuple(sorted(sites, key=_nearness))


def worst_both_ways(sites: Sequence[OffTargetSite], most: int) -> tuple[OffTargetSite, ...]:
    """Choose the nearest sites and those with the highest CFD in turn, and return them nearest first.

    Neither order alone will do: a site with four edits can have a high score, and a near one none at all.
    """
    nearest = nearest_first(sites)
    if len(nearest) <= most:
        return nearest
    scored = sorted(
        (site for site in nearest if site.cfd is not None),
        key=lambda site: (-(site.cfd or 0.0), *_place(site)),
    )
    chosen: dict[int, OffTargetSite] = {}
    for pair in zip_longest(nearest, scored):
        for site in pair:
            if site is not None and len(chosen) < most:
                chosen[id(site)] = site
    return nearest_first(chosen.values())


def nearest_site(report: OffTargetReport) -> OffTargetSite | None:
    """Return the site with the fewest edits that the person has."""
    return min(report.present_sites, key=_nearness, default=None)


def highest_cfd(report: OffTargetReport) -> OffTargetSite | None:
    """Return the site with the highest CFD that the person has, ``None`` where CFD is not defined."""
    scored = (site for site in report.present_sites if site.cfd is not None)
    return min(scored, key=lambda site: (-(site.cfd or 0.0), *_nearness(site)), default=None)


def personal_sites(nomination: Nomination) -> tuple[tuple[str, OffTargetSite], ...]:
    """List what the person's variants make, change or destroy, with the guide's name: gained ones first."""
    order = (SiteOrigin.GAINED, SiteOrigin.CHANGED, SiteOrigin.LOST)
    found = [
        (order.index(site.origin), number, place, name, site)
        for number, (name, report) in enumerate(zip(nomination.names, nomination.reports, strict=True))
        for place, site in enumerate(nearest_first(report.personal_sites))
    ]
    found.sort(
        key=lambda row: (row[0], row[4].edits, -(row[4].cfd or row[4].reference_cfd or 0.0), *row[1:3])
    )
    return tuple((name, site) for _, _, _, name, site in found)


def _nearness(site: OffTargetSite) -> tuple[object, ...]:
    return (
        site.origin is SiteOrigin.LOST,
        site.edits,
        -(1.0 if site.cfd is None else site.cfd),
        *_place(site),
    )


def _place(site: OffTargetSite) -> tuple[object, ...]:
    """A total order of sites that are equally bad."""
    return (
        site.locus.contig,
        site.locus.start,
        site.locus.end,
        site.locus.strand,
        site.aligned_target,
        site.aligned_spacer,
        site.pam,
        site.haplotypes,
        site.variants,
    )
