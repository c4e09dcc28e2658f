"""What the template of a nomination is given: guides with their drawings, and lists that are all capped.

A search can give a guide a hundred thousand sites, and a library has hundreds of guides. Each shortened list
knows how many it leaves out, so that the page can say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from markupsafe import Markup

from revertant.dossier.activities import ShownActivity, shown_activities
from revertant.dossier.drawing.counts import draw_counts
from revertant.dossier.drawing.offtargets import MOST_MARKS, draw_contigs, draw_scores
from revertant.dossier.nomination.selection import (
    count_of,
    has_person,
    highest_cfd,
    nearest_site,
    personal_sites,
    worst_both_ways,
)
from revertant.dossier.words import count_text
from revertant.model import (
    Amplicon,
    Estimate,
    HaplotypeCount,
    Nomination,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    PopulationSite,
    SearchLimits,
    SiteOrigin,
    TranslocationPair,
)

__all__ = ["Capped", "GuideView", "NominationView", "PopulationView", "nomination_view"]

MOST_CARDS = 12  # more guides than this are shown as a table
MOST_DETAILS = 12
#: Marks in the drawings of all guides together: each stands in two of them.
_MOST_MARKS_TOGETHER, _FEWEST_MARKS = 1800, 100
_MOST_GUIDES = 2000
_MOST_ROWS, _MOST_ROWS_TOGETHER, _FEWEST_ROWS = 500, 1200, 50
_MOST_PERSONAL, _MOST_POPULATION, _MOST_PAIRS, _MOST_AMPLICONS = 300, 300, 100, 200
_MOST_POPULATIONS = 6
_MOST_EDIT_COLUMNS = 6

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Capped(Generic[Item]):
    """The first of many things, and how many there are."""

    shown: tuple[Item, ...]
    total: int

    @property
    def is_short(self) -> bool:
        """Whether some are left out."""
        return len(self.shown) < self.total


@dataclass(frozen=True, slots=True)
class GuideView:
    """One guide as shown; ``sites`` and the drawings are filled for the guides shown in detail only.

    ``by_edits`` has one count for each number of edits from 0 on, the last for all from there; ``sites.total``
    counts lost sites too, because they are listed. Guides are sorted by ``danger``: by their sites of tier 1, then of
    tier 2.
    """

    number: int
    name: str
    request: OffTargetRequest
    report: OffTargetReport
    present: int
    perfect: int
    alarm: bool
    gained: int
    changed: int
    lost: int
    nearest: OffTargetSite | None
    highest: OffTargetSite | None
    by_edits: tuple[int, ...]
    danger: float
    aggregates: tuple[tuple[str, Estimate], ...]
    chart: Markup
    sites: Capped[OffTargetSite]
    activities: tuple[ShownActivity, ...]
    marks: int
    contigs: Markup
    scores: Markup


@dataclass(frozen=True, slots=True)
class PopulationView:
    """A site of a population: the worst populations, and the counts over everybody."""

    found: PopulationSite
    worst: tuple[HaplotypeCount, ...]
    more: int
    unlabelled: HaplotypeCount | None
    overall: HaplotypeCount


@dataclass(frozen=True, slots=True)
class NominationView:
    """A nomination as shown."""

    headline: str
    reference: str
    guides: Capped[GuideView]
    as_cards: bool
    limits: SearchLimits | None
    details: tuple[GuideView, ...]
    edit_columns: tuple[str, ...]
    aggregate_names: tuple[str, ...]
    has_tiers: bool
    person: bool
    vcf_given: bool
    total: int
    gained: int
    changed: int
    lost: int
    nearest: OffTargetSite | None
    nearest_guide: str
    highest: float | None
    personal: Capped[tuple[str, OffTargetSite]]
    not_held: int
    population: Capped[PopulationView] | None
    pairs: Capped[TranslocationPair]
    amplicons: Capped[Amplicon]


def nomination_view(nomination: Nomination) -> NominationView:
    """Prepare everything the page shows."""
    reports = nomination.reports
    detailed = min(len(reports), MOST_DETAILS)
    rows = min(_MOST_ROWS, max(_FEWEST_ROWS, _MOST_ROWS_TOGETHER // max(detailed, 1)))
    marks = min(MOST_MARKS, max(_FEWEST_MARKS, _MOST_MARKS_TOGETHER // max(detailed, 1)))
    columns = _edit_columns(reports)
    guides = tuple(
        _guide(number, name, report, columns, (rows, marks) if number <= detailed else (0, 0))
        for number, (name, report) in enumerate(
            zip(nomination.names[:_MOST_GUIDES], reports[:_MOST_GUIDES], strict=True), start=1
        )
    )
    nearest = min(
        ((site.edits, number, site) for number, site in _nearest(reports)),
        key=lambda item: item[:2],
        default=None,
    )
    personal = personal_sites(nomination)
    totals = {origin: sum(count_of(report, origin) for report in reports) for origin in SiteOrigin}
    total = sum(map(count_of, reports))
    person = has_person(nomination)
    return NominationView(
        headline=_headline(nomination, total, totals, person=person),
        reference=next((item.name for item in nomination.provenance.inputs if item.role == "reference"), ""),
        guides=Capped(guides, len(reports)),
        as_cards=len(reports) <= MOST_CARDS,
        limits=_shared_limits(reports),
        details=guides[:detailed],
        edit_columns=(*map(str, range(columns)), f"{columns}+" if columns else "0"),
        aggregate_names=tuple(dict.fromkeys(name for report in reports for name, _ in report.aggregates))[:1],
        has_tiers=any(report.tier_counts for report in reports),
        person=person,
        vcf_given=any(item.role == "vcf" for item in nomination.provenance.inputs),
        total=total,
        gained=totals[SiteOrigin.GAINED],
        changed=totals[SiteOrigin.CHANGED],
        lost=totals[SiteOrigin.LOST],
        nearest=nearest[2] if nearest else None,
        nearest_guide=nomination.names[nearest[1]] if nearest else "",
        highest=max(
            (site.cfd for report in reports for site in report.present_sites if site.cfd is not None),
            default=None,
        ),
        personal=Capped(personal[:_MOST_PERSONAL], len(personal)),
        not_held=totals[SiteOrigin.GAINED]
        + totals[SiteOrigin.CHANGED]
        + totals[SiteOrigin.LOST]
        - len(personal),
        population=_population(nomination.population),
        pairs=Capped(nomination.pairs[:_MOST_PAIRS], len(nomination.pairs)),
        amplicons=_amplicons(nomination),
    )


def _guide(number: int, name: str, report: OffTargetReport, columns: int, most: tuple[int, int]) -> GuideView:
    """Show one guide, with at most so many rows and marks."""
    most_rows, most_marks = most
    held = report.sites if most_rows else ()
    sites = worst_both_ways(held, most_rows)
    marks = worst_both_ways(held, most_marks)
    perfect = count_of(report, edits=0)
    return GuideView(
        number=number,
        name=name,
        request=report.request,
        report=report,
        present=count_of(report),
        perfect=perfect,
        # Where no target is known, one perfect match may be the target itself.
        alarm=perfect > (0 if report.request.target else 1),
        gained=count_of(report, SiteOrigin.GAINED),
        changed=count_of(report, SiteOrigin.CHANGED),
        lost=count_of(report, SiteOrigin.LOST),
        nearest=nearest_site(report),
        highest=highest_cfd(report),
        by_edits=_by_edits(report, columns),
        danger=sum(count * 1e-9**place for place, count in enumerate(report.tier_counts[:2])),
        aggregates=report.aggregates,
        chart=Markup(draw_counts(report.sites_by_edits) if number <= max(MOST_CARDS, MOST_DETAILS) else ""),  # noqa: S704
        sites=Capped(sites, sum(count.sites for count in report.site_counts)),
        activities=shown_activities(sites, report.request),
        marks=len(marks),
        contigs=Markup(draw_contigs(report, marks) if marks else ""),  # noqa: S704
        scores=Markup(draw_scores(marks) if marks else ""),  # noqa: S704
    )


def _shared_limits(reports: Sequence[OffTargetReport]) -> SearchLimits | None:
    """Return the limits of the search where all guides have the same."""
    found = {report.request.limits for report in reports}
    return found.pop() if len(found) == 1 else None


def _edit_columns(reports: Sequence[OffTargetReport]) -> int:
    """How many columns count exactly one number of edits; the last one counts all further ones."""
    most = max((edits for report in reports for edits, _ in report.sites_by_edits), default=0)
    return min(most, _MOST_EDIT_COLUMNS - 1)


def _by_edits(report: OffTargetReport, columns: int) -> tuple[int, ...]:
    found = [0] * (columns + 1)
    for edits, sites in report.sites_by_edits:
        found[min(edits, columns)] += sites
    return tuple(found)


def _nearest(reports: Sequence[OffTargetReport]) -> list[tuple[int, OffTargetSite]]:
    return [(number, site) for number, report in enumerate(reports) if (site := nearest_site(report))]


def _headline(nomination: Nomination, total: int, totals: dict[SiteOrigin, int], *, person: bool) -> str:
    guides = count_text(len(nomination.reports), "guide")
    where = "" if nomination.coverage.genome_wide else " in the sequence searched"
    found = f"{count_text(total, 'site')} for {guides}{where}." if total else f"No site for {guides}{where}."
    if not person:
        return found
    parts = (totals[SiteOrigin.GAINED], totals[SiteOrigin.CHANGED], totals[SiteOrigin.LOST])
    if not any(parts):
        return f"{found} This person's variants make, change and destroy none."
    gained, changed, lost = (f"{part:,}" for part in parts)
    return f"{found} In this person {gained} are gained, {changed} changed and {lost} lost."


def _population(found: tuple[PopulationSite, ...] | None) -> Capped[PopulationView] | None:
    if found is None:
        return None
    views = []
    for one in found[:_MOST_POPULATION]:
        named = [count for count in one.counts[:-1] if count.population != "unlabelled"]
        carrying = [count for count in named if count.carrying or count.frequency]
        views.append(
            PopulationView(
                one,
                tuple(carrying[:_MOST_POPULATIONS]),
                len(named) - len(carrying[:_MOST_POPULATIONS]),
                next((count for count in one.counts if count.population == "unlabelled"), None),
                one.overall,
            )
        )
    return Capped(tuple(views), len(found))


def _amplicons(nomination: Nomination) -> Capped[Amplicon]:
    amplicons = nomination.panel.amplicons if nomination.panel else ()
    return Capped(amplicons[:_MOST_AMPLICONS], len(amplicons))
