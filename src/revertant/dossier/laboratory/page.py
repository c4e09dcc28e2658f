"""The laboratory sheet as one self-contained page that prints well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revertant.dossier.laboratory.bench import (
    KIND_WORDS,
    assay_views,
    control_views,
    laboratory_items,
    reads_needed,
    sites_view,
)
from revertant.dossier.laboratory.designs import bench_designs, order_lines
from revertant.dossier.page import render
from revertant.dossier.selection import needs_search
from revertant.policy import HOW_TO_SCREEN

if TYPE_CHECKING:
    from revertant.model import Plan

__all__ = ["laboratory_html"]

#: Shares of edited molecules for which the sheet says how many have to be read.
_SHARES = (0.01, 0.001, 0.0001)


def laboratory_html(plan: Plan) -> str:
    """Return the laboratory sheet as one HTML page.

    Parameters
    ----------
    plan
        The plan; without a design that stands there is nothing to make, and the page says so.

    Examples
    --------
    >>> from revertant.model import Plan, Provenance
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> plan = Plan("s", "c", "Why?", "No.", (), (), (), (), (), (), None, (), origin, "Research use.")
    >>> "nothing to order" in laboratory_html(plan)
    True
    """
    designs = bench_designs(plan)
    orders = order_lines(plan)
    return render(
        "laboratory.html.j2",
        styles=("report.css", "laboratory.css"),
        plan=plan,
        designs=designs,
        orders=orders,
        unscreened=[line for line in orders if line.screening == "not screened"],
        how_to_screen=HOW_TO_SCREEN,
        controls=control_views(plan),
        assays=assay_views(plan),
        kinds=KIND_WORDS,
        sites=sites_view(plan),
        is_searched=any(ranked.assessment.off_targets for ranked in designs),
        wants_search=any(needs_search(ranked.design) and ranked.design.guides for ranked in designs),
        breaks=[
            ranked
            for ranked in designs
            if ranked.design.car is not None and ranked.design.car.edit_set.assays
        ],
        asked=laboratory_items(plan),
        depths=[(share, reads_needed(share)) for share in _SHARES],
    )
