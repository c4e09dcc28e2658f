"""Vectors in the report: maps, tables and side by side; capped, escaped, and silent on what was never searched."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import plan_builder
import pytest
import vector_builder as build
from report_page import POISON, Page, check_nothing_is_loaded
from rich.console import Console

from revertant.dossier import report_html, summary_table
from revertant.dossier.vectors.constructs import placed_constructs
from revertant.dossier.vectors.views import vector_rows, vector_view
from revertant.dossier.vectors.words import dose_text, whole_text
from revertant.model import Estimate, VectorDose


@pytest.fixture(scope="module")
def plan():
    return build.vector_plan()


@pytest.fixture(scope="module")
def text(plan):
    return report_html(plan)


def test_page_is_well_formed_and_loads_nothing(text):
    page = Page(text)
    assert page.open == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    anchors = [attrs["href"][1:] for _, attrs in page.elements if attrs.get("href", "").startswith("#")]
    assert set(anchors) <= set(ids)
    check_nothing_is_loaded(text)


def test_same_plan_gives_the_same_bytes(text):
    assert report_html(build.vector_plan()) == text


def test_every_construct_is_drawn_in_both_widths_and_names_its_files(plan, text):
    vectors = [ranked.design.vector for ranked in plan.designs]
    constructs = sum(len(vector.constructs) for vector in vectors)
    plasmids = sum(len(vector.plasmids) for vector in vectors)
    assert text.count('<svg class="construct"') == 2 * constructs == 12
    assert text.count('<svg class="plasmid"') == 2 * plasmids == 6
    assert text.count('<svg class="packaging"') == 2 * 3
    assert text.count('<svg class="domains"') == 2
    page = Page(text).text
    for placed in placed_constructs(plan):
        assert f"constructs/{placed.stem}.gb" in page


def test_every_part_choice_and_measure_is_shown(plan, text):
    page = Page(text).text
    for ranked in plan.designs:
        vector = ranked.design.vector
        for part in vector.parts:
            assert part.name in page
            assert part.key in page
        for choice in vector.choices:
            for words in (choice.chosen, choice.because, *(name for name, _ in choice.alternatives)):
                assert words in page
        for share in vector.full_length:
            assert share.method in page
        view = vector_view(vector, plan)
        for one in view.coding:
            assert len(one.rows) == 13
            assert f"{len(one.coding.protein):,} residues" in page
    parts = re.findall(r"<table class=\"stack parts\">.*?</table>", text, re.DOTALL)
    unchecked = sum(not part.checked for ranked in plan.designs for part in ranked.design.vector.parts)
    assert sum(table.count("unchecked") for table in parts) == 2 * unchecked  # the word, and what it means
    assert "nothing else was weighed" in page
    assert "Only the protein was known" in page
    assert "every codon chosen" in page


def test_vectors_stand_side_by_side(plan, text):
    rows = vector_rows(plan)
    assert [row.packaged for row in rows] == [
        ("2,133",),
        ("1,567",),
        ("3,557", "4,147"),
        ("4,181",),
        ("1,167",),
    ]
    table = re.search(r'<table class="stack vectors">(.*?)</table>', text, re.DOTALL)[1]
    assert table.count("<tr>") == 6
    assert "100% of that at 4.7 kb (20%–100%)" in table
    assert "A stronger promoter does not count" in Page(text).text
    alone = report_html(build.vector_plan(build.smn_vector()))
    assert "Vectors side by side" not in alone


def test_a_vector_is_not_blamed_for_a_search_it_cannot_have(plan, text):
    page = Page(text).text
    assert "No off-target search was made." not in page
    assert "A vector without guides binds no sequence" in page
    assert "no guide to search for" in page
    # As soon as one design has a guide, its silence counts again.
    guided = plan_builder.sickle_plan(most_sites=0).designs[0]
    unsearched = replace(guided, assessment=replace(guided.assessment, off_targets=()), rank=9, group="other")
    both = Page(report_html(replace(plan, designs=(*plan.designs, unsearched)))).text
    assert "No off-target search was made." in both


def test_a_plan_without_vectors_has_nothing_of_them():
    text = report_html(plan_builder.sickle_plan(most_sites=0))
    for words in ("constructs/", "Vectors side by side", "svg.construct", "replay.json"):
        assert words not in text


def test_hostile_text_stays_text(plan):
    def hostile(ranked):
        vector = ranked.design.vector
        poisoned = {
            name: plan_builder.hostile(getattr(vector, name), POISON)
            for name in ("capsid_name", "route", "tissue", "parts", "choices", "dose", "full_length")
        }
        constructs = tuple(
            replace(one, name=one.name + POISON, features=plan_builder.hostile(one.features, POISON))
            for one in vector.constructs
        )
        return replace(ranked, design=replace(ranked.design, vector=replace(vector, constructs=constructs, **poisoned)))  # fmt: skip

    text = report_html(replace(plan, designs=tuple(map(hostile, plan.designs))))
    page = Page(text)
    assert page.open == []
    assert sum(tag == "script" for tag, _ in page.elements) == 1
    assert not [tag for tag, _ in page.elements if tag == "img"]
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert "\u202e" not in text
    assert "\x00" not in text


def test_many_vectors_are_capped_and_say_so():
    vectors = [replace(build.smn_vector(), capsid=f"aav-{n}", capsid_name=f"AAV {n}") for n in range(60)]
    text = report_html(build.vector_plan(*vectors))
    assert len(text.encode()) < 3_000_000
    assert text.count('<svg class="construct"') == 80
    assert "Not drawn: this page draws the leading designs only. The folder" in Page(text).text


def test_the_terminal_shows_a_vector(plan):
    stream = io.StringIO()
    Console(file=stream, width=150, color_system=None).print(summary_table(plan, width=150))
    shown = " ".join(stream.getvalue().split())
    assert "Guide or vector" in shown
    assert "self-complementary AAV, CBh, 2,133 bp" in shown
    assert "dual AAV, EFS, 3,557 + 4,147 bp" in shown
    assert "1,167 nt" in shown
    assert "not predicted" not in shown
    assert "No off-target search was made" not in shown


@pytest.mark.parametrize(
    ("dose", "expected"),
    [
        (VectorDose(1.1e14, None, "b", (), True, 25.3, "2 vials"), "1.1e14 vg/kg; 25.3 ml; 2 vials"),
        (VectorDose(None, 1.5e11, "b", (), False), "1.5e11 vg in all"),
        (VectorDose(None, None, "b", (), False), "no figure"),
    ],
)
def test_doses_are_written_as_labels_do(dose, expected):
    assert dose_text(replace(build.smn_vector(), dose=dose)) == expected


def test_a_share_that_is_not_defined_is_never_a_number():
    assert whole_text(Estimate(None, "u", "m")) == "not defined"
    assert whole_text(Estimate(0.0, "u", "m")) == "0% of that at 4.7 kb"
    assert whole_text(Estimate(0.999, "u", "m", 0.1, 1.0)) == ">99% of that at 4.7 kb (10%–100%)"
