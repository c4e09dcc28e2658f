"""Routes for common disease in the report: evidence with sources, unchecked shown, nothing of it for other plans."""

from __future__ import annotations

from importlib.resources import as_file, files

from revertant import patient, planning
from revertant.dossier.report import report_html
from revertant.dossier.views.common_disease import common_views
from revertant.model import Case, Disease, Subject

QUICK = planning.PlanOptions(search_off_targets=False)


def plan_of(*diseases):
    case = Case("common", Subject("s", age_years=60), (), diseases, jurisdiction="US", consent=True)
    return planning.make_plan(planning.open_inputs(case), QUICK)


def test_each_gene_has_a_card_with_what_is_known_in_order():
    plan = plan_of(Disease("X:1", "ATTR amyloidosis"))
    (view,) = common_views(plan)
    assert view.title == "Lower TTR, for transthyretin amyloidosis"
    assert [word for word, _ in view.evidence] == ["Human genetics", "Trial", "Trial", "Harm", "Design"]
    page = report_html(plan)
    assert 'id="common"' in page
    assert "2025-11-05" in page
    assert "A polygenic score is never a target." in page
    assert page.count('class="unchecked"') >= 1


def test_a_route_for_research_alone_says_so():
    (view,) = common_views(plan_of(Disease("MONDO:0004975")))
    assert view.research_only
    assert "research only" in report_html(plan_of(Disease("MONDO:0004975")))


def test_a_plan_of_a_variant_has_no_such_part():
    with as_file(files("revertant.cli") / "demo_data") as folder:
        inputs = planning.open_inputs(patient.read_case(folder / "sickle_cell.yaml"))
    plan = planning.make_plan(inputs, QUICK)
    assert common_views(plan) == ()
    assert 'id="common"' not in report_html(plan)
