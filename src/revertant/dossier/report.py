"""A plan's report: one HTML file that needs nothing else, and shows a reader the answer before the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revertant.dossier.page import render
from revertant.dossier.selection import searched_for
from revertant.dossier.tables import PLAN_TABLES
from revertant.dossier.vectors.tables import VECTOR_TABLES
from revertant.dossier.vectors.views import vector_rows
from revertant.dossier.views.common_disease import common_views, is_common
from revertant.dossier.views.designs import group_views
from revertant.dossier.views.products import product_views, verdict_counts
from revertant.dossier.views.readiness import gate_view, readiness_views, state_words
from revertant.dossier.views.trials import trial_account, trial_counts, trial_views
from revertant.dossier.views.tumour import tumour_view

if TYPE_CHECKING:
    from revertant.model import Plan

__all__ = ["report_html"]

_CARDS_OPEN = 12  # cards shown before the rest is folded away
#: Why there is no approved product. It and whatever is of nobody or of a common disease have a place of their own.
_NO_PRODUCT = "products.known"
_SHOWN_ABOVE = {_NO_PRODUCT, "case.none"}


def report_html(plan: Plan) -> str:
    """Return the report as one self-contained HTML page.

    Parameters
    ----------
    plan
        The plan.

    Examples
    --------
    >>> from importlib.resources import as_file, files
    >>> from revertant import patient, planning
    >>> with as_file(files("revertant.cli") / "demo_data") as folder:
    ...     inputs = planning.open_inputs(patient.read_case(folder / "sickle_cell.yaml"))
    >>> plan = planning.make_plan(inputs, planning.PlanOptions(search_off_targets=False))
    >>> report_html(plan).startswith("<!doctype html>")
    True
    """
    vectors = vector_rows(plan)
    return render(
        "report.html.j2",
        styles=_styles(plan, has_vectors=bool(vectors)),
        plan=plan,
        groups=group_views(plan),
        cards_open=_CARDS_OPEN,
        tables=(*PLAN_TABLES, *VECTOR_TABLES) if vectors else PLAN_TABLES,
        vectors=vectors,
        products=product_views(plan),
        no_product=next((one for one in plan.findings if one.rule == _NO_PRODUCT), None),
        noted=tuple(one for one in plan.findings if one.rule not in _SHOWN_ABOVE and not is_common(one)),
        trials=trial_views(plan),
        trial_counts=trial_counts(plan),
        trial_account=trial_account(plan),
        common=common_views(plan),
        tumour=tumour_view(plan),
        readiness=readiness_views(plan),
        gate=gate_view(plan),
        state_words=state_words,
        verdict_counts=verdict_counts(plan.products),
        searched_for=searched_for(plan),
        has_searches=any(ranked.assessment.off_targets for ranked in plan.designs),
    )


def _styles(plan: Plan, *, has_vectors: bool) -> tuple[str, ...]:
    """The style sheets a plan needs: a page without vectors or cells does not carry theirs."""
    cards = plan.products or plan.trials or plan.tumour is not None
    more = ["vector.css"] if has_vectors or cards else []
    if plan.tumour is not None or any(ranked.design.car is not None for ranked in plan.designs):
        more.append("car.css")
    if plan.checklists or plan.decision_log:
        more.append("readiness.css")
    return ("report.css", *more)
