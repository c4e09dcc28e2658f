"""The reviewer's document: opened with python-docx, every section there, every gap visible, the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from functools import cache
from itertools import pairwise

import docx
import plan_builder
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_kinds import built_plans
from report_page import POISON

from revertant.dossier.review.blocks import Gap, Table
from revertant.dossier.review.compose import review_of
from revertant.dossier.review.pool import detailed_designs
from revertant.dossier.review.sections import section_for, sections
from revertant.dossier.review.word import review_docx
from revertant.model import Finding, Plan, Status, Trial, TrialMatch, TrialVerdict, Unknown

every_plan = pytest.mark.parametrize("kind", list(built_plans()))


@cache
def data_of(kind: str) -> bytes:
    return review_docx(built_plans()[kind])


def opened(plan: Plan | str):
    return docx.Document(io.BytesIO(data_of(plan) if isinstance(plan, str) else review_docx(plan)))


def words_of(document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def headings(document) -> list[tuple[int, str]]:
    return [
        (int(one.style.name.split()[1]), one.text)
        for one in document.paragraphs
        if one.style.name.startswith("Heading ")
    ]


@every_plan
def test_every_section_is_there_in_order_and_none_is_silent(kind):
    plan = built_plans()[kind]
    document = opened(kind)
    titles = [text for _, text in headings(document)]
    wanted = [f"{one.number} {one.title}" for one in sections()]
    assert [title for title in titles if title in wanted] == wanted
    assert titles[-3:] == ["References", "What this rests on", "Human sign-off"]
    silent = [
        one.section.key for one in review_of(plan).sections if not one.blocks and one.section.level == 3
    ]
    assert not silent


@every_plan
def test_headings_skip_no_level(kind):
    levels = [level for level, _ in headings(opened(kind))]
    jumps = [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1 and pair[1] != 4]
    assert levels[0] == 1
    assert not jumps


@every_plan
def test_never_says_that_it_is_ready(kind):
    text = words_of(opened(kind)).lower()
    for word in ("ind-ready", "ind ready", "submission-ready", "ready for submission"):
        assert word not in text
    assert "for research use" in text
    assert "a hypothesis until a qualified person has reviewed it" in text


@every_plan
def test_gaps_are_paragraphs_of_their_own_and_counted(kind):
    plan = built_plans()[kind]
    review, document = review_of(plan), opened(kind)
    printed = [one.text for one in document.paragraphs if one.style.name == "Gap"]
    assert len(printed) == review.gap_count > 20
    assert all(text.startswith("Gap: ") and len(text) > 15 for text in printed)
    assert f"{review.gap_count} gaps are" in words_of(document)
    for unknown in plan.unknowns:
        assert any(unknown.question in text and unknown.how_to_find_out in text for text in printed)


@every_plan
def test_every_finding_of_the_detailed_designs_stands_once(kind):
    """A finding belongs to one section; what no section names goes to the one that takes the rest."""
    plan = built_plans()[kind]
    found = {
        *plan.findings,
        *plan.gate,
        *(finding for target in plan.targets for finding in target.findings),
        *(finding for ranked in detailed_designs(plan) for finding in ranked.assessment.findings),
        *(ranked.design.car.kinetics_finding for ranked in detailed_designs(plan) if ranked.design.car),
    }
    rows = [
        row[1]
        for one in review_of(plan).sections
        for block in one.blocks
        if isinstance(block, Table) and block.header[1] == "Finding and rule"
        for row in block.rows
    ]
    assert len(rows) == len(found)
    assert {f"{one.because} ({one.rule})" for one in found} == set(rows)


@every_plan
def test_the_same_plan_gives_the_same_bytes(kind):
    data = data_of(kind)
    assert data == review_docx(built_plans()[kind])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert not [name for name in archive.namelist() if "thumbnail" in name]


@every_plan
def test_it_is_made_for_every_reader(kind):
    """Language, title, header rows, text instead of a picture of a table; each style that is used is there."""
    document = opened(kind)
    properties = document.core_properties
    assert (properties.language, properties.created.year) == ("en-GB", 1980)
    assert properties.title.startswith(built_plans()[kind].case_id.split("\u202e")[0][:5])
    languages = {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    known = {one.get(qn("w:styleId")) for one in document.styles.element.iter(qn("w:style"))}
    used = {
        one.get(qn("w:val")) for name in ("w:pStyle", "w:tblStyle") for one in document.element.iter(qn(name))
    }
    assert used <= known
    assert not document.inline_shapes
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert all(cell.text.strip() for cell in table.rows[0].cells)


def test_contents_lead_to_every_heading():
    document = opened("gene")
    body = document.element.body
    anchors = {one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))}
    links = [one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))]
    assert len(links) == len(set(links)) == len(sections()) + 4
    assert set(links) == anchors
    numbers = [one.get(qn("w:id")) for one in body.iter(qn("w:bookmarkStart"))]
    assert len(numbers) == len(set(numbers))


def test_sources_are_numbered_and_listed():
    plan = built_plans()["gene"]
    document = opened(plan)
    lines = [one.text for one in document.paragraphs if re.match(r"\[\d+\] ", one.text)]
    assert [int(line[1 : line.index("]")]) for line in lines] == list(range(1, len(lines) + 1))
    listed = {line.split("] ", 1)[1] for line in lines}
    named = {
        source
        for ranked in detailed_designs(plan)
        for finding in ranked.assessment.findings
        for source in finding.sources
    }
    assert named
    assert named <= listed


def test_an_unchecked_source_says_so():
    plan = built_plans()["gene"]
    unchecked = [
        f for r in detailed_designs(plan) for f in r.assessment.findings if not f.checked and f.sources
    ]
    assert unchecked
    rows = [
        row
        for one in review_of(plan).sections
        for block in one.blocks
        if isinstance(block, Table) and block.header[-1] == "Sources"
        for row in block.rows
    ]
    for finding in unchecked:
        assert any(finding.because in row[1] and row[-1].endswith("unchecked") for row in rows)


def test_a_refusal_names_what_a_design_would_have_filled():
    gaps = {one.section.key: one.gaps for one in review_of(built_plans()["refusal"]).sections}
    assert any("No design can be put forward" in gap.words for gap in gaps["3.2.S"])
    assert any("no sequence" in gap.words for gap in gaps["3.2.S.1.2"])
    text = words_of(opened(built_plans()["refusal"]))
    for rejection in built_plans()["refusal"].rejections:
        assert rejection.because in text


def test_a_search_that_was_not_made_is_a_gap_and_not_a_clean_result():
    plan = plan_builder.sickle_plan()
    bare = replace(
        plan,
        coverage=None,
        off_targets=(),
        designs=tuple(
            replace(one, assessment=replace(one.assessment, off_targets=())) for one in plan.designs
        ),
    )
    [section] = [one for one in review_of(bare).sections if one.section.key == "4.2.3.3"]
    assert any("None was made, and that is no evidence of safety" in gap.words for gap in section.gaps)


def test_an_open_question_goes_to_the_section_of_its_rule():
    plan = replace(
        built_plans()["gene"],
        unknowns=(
            Unknown("Is it so?", "It matters.", "Measure it.", "immunity.capsid"),
            Unknown("And this?", "Yes.", "Ask."),
        ),
    )
    where = {
        one.section.key
        for one in review_of(plan).sections
        for gap in one.gaps
        if gap.words.startswith(("Is it so?", "And this?"))
    }
    assert where == {"4.2.3.7", section_for("")}


def test_vectors_are_named_by_digest_and_screening_is_asked_for():
    text = words_of(opened(built_plans()["AAV"]))
    assert "in constructs; SHA-256" in text
    assert "not screened" in text
    assert any(isinstance(block, Gap) and "screening record" in block.words
               for one in review_of(built_plans()["AAV"]).sections for block in one.blocks)  # fmt: skip


def test_texts_from_outside_stay_text():
    """Control characters and mark-up of a case do not break the document."""
    document = opened(plan_builder.hostile(built_plans()["gene"], POISON))
    text = words_of(document)
    assert "<script>" in text
    assert "\u202e" not in text
    assert "\x00" not in text


@settings(max_examples=15)
@given(st.text(max_size=300))
def test_any_text_can_be_written(text):
    document = opened(replace(built_plans()["bare"], case_id=text, question=text, verdict=text, notice=text))
    assert document.core_properties.title.endswith(": plan for review")


def test_first_resort_and_reference_stand_where_a_reviewer_looks_for_them():
    wanted = {
        "products.known": "2.5.1",
        "product.age": "2.5.1",
        "trials.asked": "5.2",
        "reference.covers_variant": "2.2",
    }
    assert {rule: section_for(rule) for rule in wanted} == wanted


def test_why_there_is_no_product_stands_under_its_heading():
    because = "The catalogue holds no label of BR for these genes or diseases."
    known = Finding("products.known", Status.UNKNOWN, because, "BR")
    plan = replace(built_plans()["refusal"], findings=(known,))
    (section,) = [one for one in review_of(plan).sections if one.section.key == "2.5.1"]
    assert f"Approved products for this disease: {because}" in [gap.words for gap in section.gaps]


def test_the_question_on_trials_is_printed_once():
    asked = Unknown(
        "Which trials could this person take part in?", "No store was given.", "Sync.", "trials.asked"
    )
    plan = replace(built_plans()["gene"], unknowns=(asked,))
    (section,) = [one for one in review_of(plan).sections if one.section.key == "5.2"]
    assert [gap.words for gap in section.gaps if "rial" in gap.words] == [
        "Which trials could this person take part in? No store was given. How to find out: Sync."
    ]


def test_a_gene_outside_the_reference_is_no_case_without_a_gene():
    missing = Finding("reference.covers_variant", Status.UNKNOWN, "CFTR: not in the reference.")
    bare = replace(built_plans()["refusal"], targets=())
    for plan, said in (
        (bare, "none was found in the case"),
        (replace(bare, findings=(missing,)), "does not reach it"),
    ):
        (section,) = [one for one in review_of(plan).sections if one.section.key == "2.2"]
        assert any(said in gap.words for gap in section.gaps)


def test_trials_are_listed_and_their_absence_is_a_gap():
    plan = built_plans()["gene"]
    [section] = [one for one in review_of(plan).sections if one.section.key == "5.2"]
    assert any("no store of trials was asked" in gap.words for gap in section.gaps)
    match = TrialMatch(
        Trial(nct_id="NCT00000000", title="A made-up trial", status="RECRUITING"),
        TrialVerdict.POSSIBLE,
        (),
        reasons_for=("The disease is named.",),
        unparsed=("A line.",),
    )
    text = words_of(opened(replace(plan, trials=(match,))))
    for words in (
        "NCT00000000",
        "A made-up trial",
        "recruiting",
        "possible",
        "The disease is named.",
        "1 line",
    ):
        assert words in text
    assert "no store of trials was asked" not in text
