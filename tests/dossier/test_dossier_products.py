"""Approved products in the report and on the terminal: verdicts, criteria in order, and nothing made better than it is."""

from __future__ import annotations

import io
from dataclasses import replace

import plan_builder
import product_builder as build
import pytest
from report_page import POISON, Page, check_nothing_is_loaded
from rich.console import Console

from revertant.dossier import report_html, summary_table
from revertant.dossier.views.products import (
    STATE_WORDS,
    VERDICT_WORDS,
    criteria_view,
    product_lines,
    product_views,
    state_status,
    verdict_counts,
    verdict_status,
)
from revertant.model import CriterionMatch, CriterionState, LabelMatch, LabelVerdict, Status


@pytest.fixture(scope="module")
def plan():
    return replace(plan_builder.sickle_plan(most_sites=0), products=build.MATCHES)


def test_every_verdict_and_state_has_its_words_and_mark():
    assert VERDICT_WORDS.keys() == set(LabelVerdict)
    assert STATE_WORDS.keys() == set(CriterionState)
    assert {verdict: verdict_status(verdict) for verdict in LabelVerdict} == {
        LabelVerdict.FITS: Status.PASS,
        LabelVerdict.FITS_IF: Status.UNKNOWN,
        LabelVerdict.DOES_NOT_FIT: Status.FAIL,
        LabelVerdict.NOT_AVAILABLE: Status.NOT_APPLICABLE,
    }


@pytest.mark.parametrize("kind", ["indication", "exclusion", "precaution", "trial"])
@pytest.mark.parametrize("state", CriterionState)
def test_only_what_is_met_carries_the_mark_of_a_pass(kind, state):
    status = state_status(CriterionMatch("x", kind, state, "because"))
    assert (status is Status.PASS) is (state is CriterionState.MET)
    assert (status is Status.FAIL) is (
        state is CriterionState.NOT_MET and kind in {"indication", "exclusion"}
    )


def test_a_product_that_fits_somewhere_stands_first(plan):
    assert [view.name for view in product_views(plan)] == ["Product A, intravenous", "Product withdrawn"]
    assert [match.jurisdiction for match in product_views(plan)[0].matches] == ["US", "EU", "JP"]
    assert verdict_counts(plan.products) == tuple((verdict, 1) for verdict in LabelVerdict)


def test_what_decides_stands_above_what_cautions():
    shown = criteria_view(build.MATCHES[1])
    assert [one.criterion for one in shown.deciding] == ["smn2_copies", "active_infection", "smn1_copies"]
    assert [one.criterion for one in shown.cautioning] == ["anti_aav9"]
    shown = criteria_view(build.MATCHES[3])
    assert [one.criterion for one in shown.deciding] == ["age", "active_infection", "smn1_copies"]


def test_a_source_is_written_once_and_numbered(plan):
    label, other = "label:A US 2025-02", "PMID:1"
    first = replace(build.MATCHES[1].criteria[0], sources=(label, other), checked=False)
    criteria = (first, *(replace(one, sources=(label,)) for one in build.MATCHES[1].criteria[1:]))
    match = replace(build.MATCHES[1], criteria=criteria)
    shown = criteria_view(match)
    assert set(shown.sources) == {label, other}
    for one in criteria:
        assert {shown.sources[number - 1] for number in shown.numbers_of(one)} == set(one.sources)
    page = Page(report_html(replace(plan, products=(match,)))).text
    assert page.count(label) == 1
    assert "1, 2 unchecked" in page
    assert criteria_view(build.MATCHES[0]).sources == ()


def test_the_section_shows_every_criterion_with_its_evidence(plan):
    page = Page(report_html(plan))
    for match in plan.products:
        for words in (match.product_name, match.jurisdiction, match.as_of, match.dose, *match.boxed_warnings):
            assert words in page.text
        assert VERDICT_WORDS[match.verdict] in page.text
        for one in match.criteria:
            for words in (
                one.because,
                one.evidence,
                one.to_measure,
                f"{one.criterion}, {one.kind}",
                *one.sources,
            ):
                assert words in page.text
    assert (
        "under 4 labels: 1 fits the label, 1 fits if confirmed, 1 does not fit, 1 not available" in page.text
    )
    assert "none in the case" in page.text
    assert "No criterion of this label is known here" in page.text
    assert page.text.index("Approved products for this person") < page.text.index("Designs, best first")
    assert page.open == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert ids.count("products") == 1
    check_nothing_is_loaded(report_html(plan))


def test_without_products_there_is_no_section():
    text = report_html(plan_builder.sickle_plan(most_sites=0))
    assert "Approved products" not in text
    assert 'href="#products"' not in text
    assert "verdict-chip" not in text


def test_hostile_text_stays_text(plan):
    hostile = tuple(plan_builder.hostile(match, POISON) for match in plan.products)
    page = Page(report_html(replace(plan, products=hostile)))
    assert page.open == []
    assert sum(tag == "script" for tag, _ in page.elements) == 1
    assert not [tag for tag, _ in page.elements if tag == "img"]


def test_the_terminal_says_what_decides(plan):
    assert product_lines(plan) == (
        "Product A, intravenous (US): fits if confirmed: active infection, smn2 copies; caution: anti aav9",
        "Product A, intravenous (EU): fits the label; caution: anti aav9",
        "Product A, intravenous (JP): does not fit: age",
        "Product withdrawn (EU): not available (withdrawn)",
    )
    stream = io.StringIO()
    Console(file=stream, width=150, color_system=None).print(summary_table(plan, width=150))
    shown = stream.getvalue()
    assert "Approved products, by label:" in shown
    assert all(line in shown for line in product_lines(plan))


def test_a_caution_that_is_not_met_stands_beside_the_verdict():
    criteria = (
        CriterionMatch("age", "indication", CriterionState.MET, "Under 2 years."),
        CriterionMatch("anti_AAV9", "trial", CriterionState.NOT_MET, "Above 1:50."),
        CriterionMatch("infection", "precaution", CriterionState.UNKNOWN, "Not stated."),
    )
    plan = plan_builder.sickle_plan(most_sites=0)
    match = LabelMatch("p", "P", "US", "2025-01", "marketed", criteria)
    assert product_lines(replace(plan, products=(match,))) == ("P (US): fits the label; caution: anti AAV9",)
    old = replace(criteria[0], state=CriterionState.NOT_MET)
    match = replace(match, criteria=(old, *criteria[1:]))
    assert product_lines(replace(plan, products=(match,))) == ("P (US): does not fit: age",)


def test_a_label_without_criteria_never_fits():
    match = LabelMatch("p", "P", "US", "2025-01", "marketed", ())
    assert match.verdict is LabelVerdict.FITS_IF
    [line] = product_lines(replace(plan_builder.sickle_plan(most_sites=0), products=(match,)))
    assert line == "P (US): fits if confirmed"
