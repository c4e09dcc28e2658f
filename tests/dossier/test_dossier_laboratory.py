"""The laboratory sheet: only designs that stand, every strand they need, honest where nothing is known."""

from __future__ import annotations

import re
from dataclasses import replace

import nomination_builder
import plan_builder
import pytest
from plan_kinds import built_plans
from report_page import POISON, Page, check_nothing_is_loaded

from revertant.dossier.laboratory import laboratory_html
from revertant.dossier.laboratory.bench import (
    KIND_WORDS,
    assay_views,
    control_views,
    reads_needed,
    sites_view,
)
from revertant.dossier.laboratory.designs import MOST_DESIGNS, bench_designs, order_lines
from revertant.dossier.vectors.tables import order_rows
from revertant.knowledge import Assay, assays
from revertant.policy import must_be_screened

every_plan = pytest.mark.parametrize("kind", list(built_plans()))


@every_plan
def test_the_page_loads_nothing_and_is_the_same_each_time(kind):
    text = laboratory_html(built_plans()[kind])
    check_nothing_is_loaded(text)
    assert text == laboratory_html(built_plans()[kind])
    assert "for research use" in text


@every_plan
def test_only_designs_that_stand_are_made(kind):
    plan = built_plans()[kind]
    designs = bench_designs(plan)
    assert len(designs) <= MOST_DESIGNS
    assert not [one for one in designs if one.tier.startswith("stopped")]
    assert len({one.group for one in designs}) == len(designs)


@every_plan
def test_every_strand_of_these_designs_is_listed_and_marked(kind):
    plan = built_plans()[kind]
    lines = order_lines(plan)
    ids = {one.design.design_id for one in bench_designs(plan)}
    wanted = {
        oligo.sequence
        for one in bench_designs(plan)
        if one.design.vector is None
        for oligo in one.design.oligos
    } | {row.sequence for row in order_rows(plan) if ids & {design.design_id for design in row.designs}}
    assert {line.length for line in lines} == {len(bases) for bases in wanted}
    for line in lines:
        assert (line.screening == "not screened") is must_be_screened(line.length)
        assert len(line.digest) == 64
        assert line.bases in wanted | {""}
        assert line.bases or line.length > 200


def test_a_plan_that_stops_everything_orders_nothing():
    for kind in ("gene, all stopped", "refusal", "products, no design"):
        plan = built_plans()[kind]
        text = laboratory_html(plan)
        assert "there is nothing to order" in text
        assert order_lines(plan) == ()
        assert 'id="order"' not in text


def test_orthogonal_nomination_is_asked_for_where_guides_are():
    plan = built_plans()["gene"]
    kinds = {view.kind for view in assay_views(plan)}
    assert {"nominates_in_vitro", "nominates_in_cells", "confirms"} <= kinds
    text = laboratory_html(plan)
    for view in assay_views(plan):
        assert KIND_WORDS[view.kind] in text
        for assay, _ in view.rows:
            assert assay.controls.split(";")[0] in text


def test_a_vector_gets_no_assay_of_guides():
    found = [assay for view in assay_views(built_plans()["AAV"]) for assay, _ in view.rows]
    assert found
    assert not [one for one in found if one.kind.startswith("nominates")]
    assert "No guide of these designs was to be searched for" in laboratory_html(built_plans()["AAV"])


def test_controls_come_from_the_catalogue_or_are_said_to_be_missing():
    plan = built_plans()["gene"]
    views = {view.effector: view for view in control_views(plan)}
    text = laboratory_html(plan)
    for name, view in views.items():
        if view.guides:
            assert all(row.spacer in text for row in view.guides)
        else:
            assert f"No guide is known here that was published with {name}" in text
    cas9 = replace(plan.designs[0].design, effector="spcas9", effector_name="SpCas9")
    own = replace(plan, designs=(replace(plan.designs[0], design=cas9),))
    [view] = control_views(own)
    assert view.guides[0].stage == "benchmark"
    unknown = replace(cas9, effector="nobody_knows", effector_name="Nobody")
    assert control_views(replace(own, designs=(replace(own.designs[0], design=unknown),)))[0].guides == ()


def test_without_primers_the_sheet_says_how_to_get_them():
    plan = built_plans()["gene"]
    assert plan.panel is None
    text = laboratory_html(plan)
    assert "No primers were designed." in text
    assert "--amplicons 24" in text
    sites = sites_view(plan)
    assert sites.sites
    reports = [report for ranked in plan.designs for report in ranked.assessment.off_targets]
    present = {site.locus for report in reports for site in report.present_sites}
    assert {one.site.locus for one in sites.sites} <= present


def test_primers_of_the_panel_are_printed():
    plan = built_plans()["gene"]
    panel = nomination_builder.panel(nomination_builder.windows_nomination().reports)
    text = laboratory_html(replace(plan, panel=panel))
    for amplicon in panel.amplicons:
        assert amplicon.forward in text
        assert amplicon.reverse in text
    assert "No primers were designed." not in text


def test_a_search_that_was_not_made_is_not_a_clean_one():
    plan = built_plans()["gene"]
    bare = replace(
        plan,
        coverage=None,
        off_targets=(),
        designs=tuple(
            replace(one, assessment=replace(one.assessment, off_targets=())) for one in plan.designs
        ),
    )
    text = laboratory_html(bare)
    assert "No off-target search was made" in text
    assert "That is not evidence of safety." in text
    assert "No off-target site was found" not in text


def test_cells_get_the_primers_of_their_junctions():
    plan = built_plans()["donor's T cells"]
    text = laboratory_html(plan)
    junctions = [
        junction
        for one in bench_designs(plan)
        for assay in one.design.car.edit_set.assays
        for junction in assay.junctions
        if junction.forward
    ]
    assert junctions
    assert all(one.forward in text and one.reverse in text for one in junctions)


@pytest.mark.parametrize(("share", "least"), [(0.5, 5), (0.01, 299), (0.001, 2995), (0.0001, 29956)])
def test_reads_needed_by_hand(share, least):
    assert reads_needed(share) == least
    assert 1 - (1 - share) ** least >= 0.95 > 1 - (1 - share) ** (least - 1)


def test_an_unchecked_assay_is_marked():
    text = laboratory_html(built_plans()["gene"])
    used: list[Assay] = [assay for view in assay_views(built_plans()["gene"]) for assay, _ in view.rows]
    assert any(not one.checked for one in used)
    assert 'title="Not checked against the primary document"' in text
    assert set(used) <= set(assays().values())


def test_texts_from_outside_stay_text():
    text = laboratory_html(plan_builder.hostile(built_plans()["gene"], POISON))
    check_nothing_is_loaded(text)
    assert "<script>alert" not in text


def test_columns_and_cells_go_together():
    page = Page(laboratory_html(built_plans()["gene"]))
    assert [tag for tag, _ in page.elements if tag == "table"]
    assert not [attrs for tag, attrs in page.elements if tag == "th" and "scope" not in attrs]
    assert not re.findall(r"\{\{|\}\}", page.text)
