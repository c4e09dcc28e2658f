"""What the plan holds on pharmacology and safety: outcomes, off-target searches, distribution."""

from __future__ import annotations

from revertant.dossier.review.blocks import Block, Gap, Table, Text
from revertant.dossier.review.pool import Sources, detailed_designs
from revertant.dossier.selection import guide_reports, needs_search, status_counts, worst_first
from revertant.dossier.words import (
    STATUS_WORDS,
    copies_text,
    count_text,
    estimate_text,
    limits_text,
    locus_text,
    number_text,
    score_text,
    variant_text,
)
from revertant.model import Plan, SiteOrigin
from revertant.offtarget.scoring.tiers import TIER_MEANINGS, tier_of_site

__all__ = ["distribution", "off_targets", "outcomes", "overview"]

_MOST_SITES = 30
_MOST_OUTCOMES = 30


def overview(plan: Plan, _: Sources) -> tuple[Block, ...]:
    """Count the answers of each detailed design, worst first, and say how much is open."""
    leads = detailed_designs(plan)
    blocks: list[Block] = [
        Text(
            f"{count_text(len(plan.unknowns), 'question is', 'questions are')} open. Unknown never counts as pass."
        )
    ]
    if not leads:
        blocks.append(Gap("A design. No design can be put forward, so there is nothing to assess."))
        return tuple(blocks)
    rows = tuple(
        (
            str(ranked.rank),
            f"{ranked.design.effector_name}, {ranked.design.acts_on}",
            *(str(dict(status_counts(ranked.assessment.findings)).get(status, 0)) for status in STATUS_WORDS),
            ranked.because,
        )
        for ranked in leads
    )
    header = ("Design", "What", *(word.capitalize() for word in STATUS_WORDS.values()), "Why it stands here")
    blocks.append(Table("Answers of the rules, by design", header, rows, (8, 26, 7, 9, 7, 10, 12, 21)))
    return tuple(blocks)


def outcomes(plan: Plan, _: Sources) -> tuple[Block, ...]:
    """List what an edit can leave behind, with predicted shares."""
    rows = [
        (
            str(ranked.rank),
            outcome.label,
            outcome.protein or "–",
            "yes" if outcome.useful else "no",
            estimate_text(outcome.share),
        )
        for ranked in detailed_designs(plan)
        for outcome in ranked.design.outcomes
    ]
    if not rows:
        return ()
    left = len(rows) - _MOST_OUTCOMES
    more = f"{count_text(left, 'more outcome')} in report.html." if left > 0 else ""
    header = ("Design", "What it leaves", "Protein", "Serves the purpose", "Predicted share")
    return (
        Text("Predictions, not measurements. A share that is not predicted is not known."),
        Table("Outcomes", header, tuple(rows[:_MOST_OUTCOMES]), (9, 40, 19, 14, 18), more),
    )


def off_targets(plan: Plan, _: Sources) -> tuple[Block, ...]:
    """Give coverage and counts of every search of the detailed designs, and the sites to look at first."""
    leads = detailed_designs(plan)
    ids = {ranked.design.design_id for ranked in leads}
    searches = [one for one in guide_reports(plan) if ids & set(one.design_ids)]
    blocks: list[Block] = [
        Text("Editing elsewhere in the genome is placed here. Agree with the agency where it is to stand.")
    ]
    if not searches:
        if any(needs_search(ranked.design) for ranked in leads):
            blocks.append(Gap("An off-target search. None was made, and that is no evidence of safety."))
        return tuple(blocks) if len(blocks) > 1 or leads else ()
    if plan.coverage is not None:
        blocks.append(Text(plan.coverage.statement, is_strong=not plan.coverage.genome_wide))
    if plan.panel is not None:
        blocks.append(Text(f"Validation panel, with primers in laboratory.html: {plan.panel.statement}"))
    else:
        blocks.append(Gap("Primers for the sites to be sequenced: make the plan again with --amplicons."))
    if any(not one.report.coverage.genome_wide for one in searches):
        blocks.append(Gap("A search of the whole genome: the bases outside the windows were not looked at."))
    if not any("patient haplotypes" in one.report.coverage.genomes for one in searches):
        blocks.append(
            Gap("A search of this person's own genome: sites that their variants make are not known.")
        )
    counts = tuple(
        (
            f"G{one.number}",
            one.report.request.spacer,
            one.report.request.pam,
            f"up to {limits_text(one.report.request.limits)}",
            ", ".join(f"{edits}: {number_text(sites)}" for edits, sites in one.report.sites_by_edits)
            or "none found",
            number_text(len(one.report.personal_sites)),
        )
        for one in searches
    )
    header = (
        "Guide",
        "Spacer",
        "PAM",
        "Limits",
        "Sites by edits",
        "Made, changed or lost by this person's variants",
    )
    blocks.append(Table("Searches", header, counts, (8, 26, 8, 26, 16, 16)))
    sites = [(one, site) for one in searches for site in worst_first(one.report.sites)]
    sites.sort(key=lambda pair: (tier_of_site(pair[1]).number, pair[1].origin is SiteOrigin.LOST))
    rows = tuple(
        (
            f"G{one.number}",
            locus_text(site.locus),
            str(site.edits),
            score_text(site.cfd),
            str(tier_of_site(site).number),
            ", ".join(
                part
                for part in (
                    site.origin.value,
                    copies_text(site.haplotypes),
                    *map(variant_text, site.variants),
                )
                if part
            ),
            site.annotation or "not told",
        )
        for one, site in sites[:_MOST_SITES]
    )
    if rows:
        left = sum(one.sites for search in searches for one in search.report.site_counts) - len(rows)
        more = (
            f"{count_text(left, 'more site')}; offtargets.tsv holds those that were kept." if left > 0 else ""
        )
        columns = ("Guide", "Site", "Edits", "CFD", "Tier", "In this person", "Gene")
        blocks.append(Table("Sites to look at first", columns, rows, (8, 30, 8, 10, 7, 22, 15), more))
        blocks.append(Text(f"Tier 1: {TIER_MEANINGS[0]} No cut-off is known below which a site is safe."))
    return tuple(blocks)


def distribution(plan: Plan, _: Sources) -> tuple[Block, ...]:
    """Say which tissue is to be reached, by what, and in or outside the body."""
    targets = tuple(
        (
            target.gene,
            ", ".join(target.tissues) or "unknown",
            "not told" if target.editing_place is None else target.editing_place.value.replace("_", " "),
        )
        for target in plan.targets
    )
    header = ("Gene", "Tissues to reach, the main one first", "Where cells are treated")
    blocks: list[Block] = [Table("Tissues", header, targets, (20, 50, 30))] if targets else []
    rows = tuple(
        (
            str(ranked.rank),
            vector.capsid_name,
            vector.route or "not told",
            vector.tissue or "not told",
            vector.stage or "not told",
        )
        for ranked in detailed_designs(plan)
        if (vector := ranked.design.vector) is not None
    )
    if rows:
        columns = ("Design", "Capsid or particle", "Route", "Tissue", "How far it has come there")
        blocks.append(Table("Vectors", columns, rows, (10, 25, 20, 25, 20)))
    return tuple(blocks)
