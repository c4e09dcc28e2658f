"""What a validation panel covers and what it leaves out, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from revertant.model import OffTargetReport, SiteOrigin
from revertant.offtarget.panel.sites import ChosenSite, must_be_looked_at
from revertant.offtarget.scoring.tiers import FEW_EDITS

__all__ = ["panel_statement"]

#: So many places are named one by one; there can be hundreds.
_MOST_NAMED = 20


def panel_statement(
    chosen: Sequence[ChosenSite],
    missed: Sequence[ChosenSite],
    reports: Sequence[OffTargetReport],
    without_control: Sequence[str],
) -> str:
    """State how much of what was found is on a panel.

    Parameters
    ----------
    chosen
        What is on it, positive controls included.
    missed
        Those of them for which no primers were found.
    reports
        What was found for each guide.
    without_control
        Names of the guides that have no intended target to sequence.

    Examples
    --------
    >>> from revertant.genome import PatientGenome, Reference
    >>> from revertant.model import Locus, OffTargetRequest, SearchLimits
    >>> from revertant.offtarget import search
    >>> from revertant.offtarget.panel.sites import choose_sites
    >>> genome = PatientGenome(Reference.from_sequences({"chr1": "TTACGTACGTGGTTTACGAACGTGG"}))
    >>> guide = OffTargetRequest("TACGTACG", "NGG", limits=SearchLimits(1), target=Locus("chr1", 1, 9))
    >>> reports = search([guide], genome)
    >>> print(panel_statement(choose_sites(["g1"], reports, 5), (), reports, ("g1",)).split(" A panel")[0])
    1 of 1 off-target sites found is on the panel (1 of 1 with 1 edit). No intended target to sequence for: g1.
    """
    sites = [item for item in chosen if not item.is_control]
    found: Counter[int] = Counter()
    for report in reports:
        found.update(dict(report.sites_by_edits))
    on_panel = Counter(item.site.edits for item in sites)
    shares = ", ".join(
        f"{on_panel[edits]:,} of {count:,} with {edits} edit{'' if edits == 1 else 's'}"
        for edits, count in sorted(found.items())
    )
    verb = "is" if len(sites) == 1 else "are"
    total = f"{len(sites):,} of {found.total():,} off-target sites found {verb} on the panel"
    parts = [f"{total} ({shares})." if shares else f"{total}."]
    not_listed = _not_listed(reports)
    if not_listed:
        parts.append(
            f"{not_listed:,} sites with at most {FEW_EDITS} edits are counted in the reports but not listed, so not"
            " on it."
        )
    if without_control:
        parts.append(f"No intended target to sequence for: {', '.join(without_control)}.")
    if missed:
        parts.append(f"For {len(missed):,} of all its sites no primers were found.")
        urgent = [item for item in missed if item.is_control or must_be_looked_at(item.site)]
        named = [f"{item.site.locus} ({item.guide})" for item in urgent[:_MOST_NAMED]]
        if len(urgent) > _MOST_NAMED:
            named.append(f"and {len(urgent) - _MOST_NAMED:,} more")
        if named:
            parts.append(f"Among them are sites that must be looked at: {', '.join(named)}.")
    parts.append("A panel cannot see sites that the search could not see.")
    coverages = list(dict.fromkeys(report.coverage for report in reports))
    for coverage in coverages:
        parts.append(coverage.statement)
        if coverage.not_searched:
            left = ", ".join(f"{what}: {count:,}" for what, count in coverage.not_searched)
            parts.append(f"Not searched there: {left}.")
    return " ".join(parts)


def _not_listed(reports: Sequence[OffTargetReport]) -> int:
    """Sites of few edits that a report counts but does not hold."""
    missing = 0
    for report in reports:
        counted = sum(count for edits, count in report.sites_by_edits if edits <= FEW_EDITS)
        held = sum(site.edits <= FEW_EDITS for site in report.sites if site.origin is not SiteOrigin.LOST)
        missing += max(counted - held, 0)
    return missing
