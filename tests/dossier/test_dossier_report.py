"""The report: self-contained, escaped, complete, and of bounded size."""

from __future__ import annotations

from dataclasses import replace

import plan_builder as build
import pytest
from report_page import POISON, Page, check_nothing_is_loaded

from revertant.dossier import report_html
from revertant.model import Finding, Plan, SiteOrigin, Status
from revertant.offtarget.scoring.tiers import TIER_MEANINGS

PLANS = {
    "sickle": build.sickle_plan,
    "compound": build.patient_plan,
    "empty": build.empty_plan,
    "bare": build.bare_plan,
}


def all_findings(plan: Plan) -> list[Finding]:
    found = [*plan.gate]
    for part in (*plan.targets, *plan.strategies, *plan.rejections):
        found += part.findings
    return found + [finding for ranked in plan.designs for finding in ranked.assessment.findings]


@pytest.mark.parametrize("name", PLANS)
def test_page_is_well_formed_with_unique_ids(name):
    page = Page(report_html(PLANS[name]()))
    assert page.open == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    anchors = [attrs["href"][1:] for _, attrs in page.elements if attrs.get("href", "").startswith("#")]
    assert set(anchors) <= set(ids)


@pytest.mark.parametrize("name", PLANS)
def test_nothing_is_loaded_from_anywhere(name):
    text = report_html(PLANS[name]())
    check_nothing_is_loaded(text)


def test_every_finding_appears_with_status_value_and_sources():
    plan = build.sickle_plan()
    text = Page(report_html(plan)).text
    for finding in all_findings(plan):
        for words in (finding.because, finding.rule, finding.value, finding.threshold, *finding.sources):
            assert words in text
    assert text.count("unchecked") >= 4


@pytest.mark.parametrize("name", PLANS)
def test_tiers_are_explained_once_where_sites_are_listed(name):
    plan = PLANS[name]()
    is_searched = any(ranked.assessment.off_targets for ranked in plan.designs)
    page = report_html(plan)
    for meaning in TIER_MEANINGS:
        assert page.count(meaning) == is_searched
    sites = sum(page.count(f'data-origin="{origin}"') for origin in SiteOrigin)
    assert page.count('data-label="Tier"') == sites


def test_what_was_found_of_the_case_itself_is_shown():
    """That a build is known from a file's name alone, say, or that no product is catalogued."""
    noted = (
        Finding("case.build", Status.CAUTION, "The build is known only from the name of the file.", "GRCh38"),
        Finding("products.known", Status.NOT_APPLICABLE, "No approved product of the catalogue is for this."),
    )
    for make in PLANS.values():
        plan = make()
        text = Page(report_html(replace(plan, findings=(*plan.findings, *noted)))).text
        for finding in noted:
            assert text.count(finding.because) == 1
        assert text.index("Approved products for this person") < text.index("Designs, best first")
        assert "Findings on the case" in text


def test_main_facts_appear():
    plan = build.sickle_plan()
    text = Page(report_html(plan)).text
    for words in (
        plan.verdict,
        plan.question,
        plan.notice,
        "NM_000518.5:c.20A>T",
        "chr11:5,226,996–5,227,015 (+)",
        "p.(Glu7Ala)",
        "The off-target search is not genome-wide.",
        "3,891 bases",
        "Human sign-off",
        "2 near-identical variants",
        "not defined",
        *(unknown.how_to_find_out for unknown in plan.unknowns),
        *(rejection.because for rejection in plan.rejections),
        *(ranked.because for ranked in plan.designs),
        *(digest.sha256 for digest in plan.provenance.inputs),
    ):
        assert words in text, words


def test_a_missing_search_is_never_reassuring():
    text = Page(report_html(build.bare_plan())).text
    assert "No off-target search was made." in text
    assert "not searched" in text
    assert "not evidence of safety" in text
    assert "every question about it is open" in text


def test_empty_plan_says_why():
    text = Page(report_html(build.empty_plan())).text
    assert "No design is offered." in text
    assert "Restoring the wild type would turn T into A." in text


def test_hostile_text_stays_text():
    plan = build.hostile(build.sickle_plan(most_sites=5), POISON)
    text = report_html(plan)
    page = Page(text)
    assert page.open == []
    assert sum(tag == "script" for tag, _ in page.elements) == 1
    assert not [tag for tag, _ in page.elements if tag == "img"]
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert "{{ 7*7 }}" in page.text
    assert "\u202e" not in text
    assert "\x00" not in text


def test_sources_become_links_only_when_they_are_identifiers():
    plan = build.sickle_plan(most_sites=2)
    sources = (
        "javascript:alert(1)",
        "https://example.org/",
        "doi:10.1000/x y",
        "doi:10.1038/nature17946",
        "PMID:1",
    )
    finding = replace(plan.gate[0], sources=sources)
    page = Page(report_html(replace(plan, gate=(finding,))))
    addresses = {attrs.get("href", "") for tag, attrs in page.elements if tag == "a"}
    assert {"https://doi.org/10.1038/nature17946", "https://pubmed.ncbi.nlm.nih.gov/1/"} <= addresses
    assert not [
        address for address in addresses if "alert" in address or "example" in address or " " in address
    ]


def test_same_plan_gives_the_same_bytes():
    again = build.sickle_plan.__wrapped__()
    assert report_html(build.sickle_plan()) == report_html(again)


def test_large_plans_are_capped_and_say_so():
    text = report_html(build.large_plan(2000, variants=60))
    assert len(text.encode()) < 3_000_000
    words = Page(text).text
    assert "Listed: the first 500 of 2,000 sites." in words
    assert "Drawn: the first 600 of 2,000 sites" in words
    assert "Not drawn: this page draws the leading designs only." in words


def test_long_deletions_are_shortened_with_their_length():
    text = Page(report_html(build.patient_plan())).text
    assert "(223 bases)" in text
    assert "copy unknown" in text
    assert "on copy 1 of phase set 5226000" in text
    assert "carries chr11:5227013:A:G" in text


def test_a_group_is_one_card():
    page = Page(report_html(build.sickle_plan()))
    cards = [attrs for tag, attrs in page.elements if tag == "article" and attrs.get("class") == "card"]
    assert len(cards) == 2


def test_a_design_that_fails_does_not_look_like_an_offer():
    plan = build.sickle_plan(most_sites=2)
    failed = replace(plan.designs[0].assessment, findings=(replace(plan.gate[0], status=Status.FAIL),))
    page = Page(report_html(replace(plan, designs=(replace(plan.designs[0], assessment=failed),))))
    cards = [attrs["class"] for tag, attrs in page.elements if attrs.get("class", "").startswith("card ")]
    assert cards == ["card stopped"]
