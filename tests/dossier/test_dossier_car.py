"""The section of a cell therapy: its drawings, and what stands beside them."""

from __future__ import annotations

import re
from dataclasses import replace

import car_builder as build
import pytest
from report_page import POISON, Page, check_nothing_is_loaded

from revertant.dossier import report_html
from revertant.dossier.drawing.antigens import MOST_DRAWN, draw_antigens
from revertant.dossier.drawing.course import draw_course
from revertant.dossier.drawing.joinings import draw_joinings
from revertant.dossier.views.tumour import tumour_view
from revertant.model import Status


def _places(drawing: str, kind: str) -> list[float]:
    """The x at which the marks of one kind stand."""
    dots = re.findall(rf'<path class="{kind}" d="M([\d.]+) ', drawing)
    squares = re.findall(rf'<rect class="{kind}" x="([\d.]+)"', drawing)
    return [float(x) for x in (*dots, *squares)]


def _plan(kinetics=True, **changes):
    """The plan with another tumour, or without a course."""
    plan = build.car_plan()
    [ranked] = plan.designs
    car = ranked.design.car if kinetics else replace(ranked.design.car, kinetics=None)
    design = replace(ranked.design, car=car)
    return replace(plan, tumour=replace(plan.tumour, **changes), designs=(replace(ranked, design=design),))


class TestAntigens:
    def test_tumour_and_organ_stand_in_the_order_of_their_levels(self):
        drawing = draw_antigens([build.antigen("CD19", 240.0, "spleen", 31.0, Status.PASS)])
        [tumour], [organ] = _places(drawing, "tumour"), _places(drawing, "organ")
        assert tumour > organ
        assert 'class="gap"' in drawing

    def test_tumour_below_the_organ_is_marked(self):
        assert 'class="gap lost"' in draw_antigens(
            [build.antigen("MS4A1", 12.0, "spleen", 140.0, Status.CAUTION)]
        )

    def test_what_was_not_measured_is_not_drawn_as_nothing(self):
        only = build.antigen("TNFRSF17", None, "", None, Status.UNKNOWN)
        assert draw_antigens([only]) == ""
        drawing = draw_antigens([build.antigen("CD33", 3.1, "", None, Status.FAIL)])
        assert "no normal samples" in drawing
        assert _places(drawing, "organ") == []

    def test_no_more_than_the_most_are_drawn(self):
        many = [build.antigen(f"G{n}", 10.0 + n, "liver", 1.0, Status.PASS) for n in range(MOST_DRAWN + 5)]
        assert len(_places(draw_antigens(many), "tumour")) == MOST_DRAWN
        assert tumour_view(_plan(antigens=tuple(many))).undrawn == 5

    def test_levels_are_in_the_words_of_the_drawing(self):
        assert "CD19 240 against 31 in spleen, pass" in draw_antigens(build.tumour().antigens)


class TestJoinings:
    def test_three_breaks_make_three_cells(self):
        drawing = draw_joinings(build.edit_set())
        assert drawing.count('class="between"') == 3
        assert 'class="within"' not in drawing

    def test_no_breaks_no_drawing(self):
        assert draw_joinings(build.edit_set(donated=False)) == ""


class TestCourse:
    @pytest.mark.parametrize("width", [760.0, 360.0])
    def test_bands_lie_within_each_other(self, width):
        drawing = draw_course(build.therapy().kinetics, width=width)
        heights = {}
        for kind in ("outer", "inner", "median"):
            [data] = re.findall(rf'<path class="{kind}" d="M([^"]+)"', drawing)
            heights[kind] = [float(point.split()[1]) for point in data.rstrip("z").split("L")]
        assert min(heights["outer"]) < min(heights["inner"]) < min(heights["median"])

    def test_peak_is_told(self):
        assert "median peak" in draw_course(build.therapy().kinetics)


@pytest.fixture(scope="module", name="html")
def _html() -> str:
    return report_html(build.car_plan())


class TestPage:
    def test_nothing_is_loaded(self, html):
        check_nothing_is_loaded(html)

    @pytest.mark.parametrize(
        "words",
        [
            "What the tumour offers",
            "CD19 or CD22",
            "Allogeneic cells: 4 genes, at least 3 double-strand breaks made on purpose",
            "Pairs of breaks whose ends can be joined: 3",
            "the sequence of CIITA (chr16, 16p13.13) is needed",
            "1 of 2",
            "Before the cells are given",
        ],
    )
    def test_page_says(self, html, words):
        assert words in Page(html).text

    def test_every_junction_stands_in_the_table(self, html):
        made = build.edit_set()
        for assay in made.assays:
            for junction in assay.junctions:
                assert junction.ends in html
                assert junction.forward in html

    def test_outside_the_model_no_course_is_drawn(self):
        text = report_html(_plan(kinetics=False))
        assert 'class="course"' not in text
        assert "Whether the model holds here" in text

    def test_nothing_measured_is_said(self):
        text = report_html(_plan(antigens=(), gates=(), gates_because="No single cells were given."))
        assert "Nothing was measured in this tumour" in text
        assert "No single cells were given." in text

    def test_a_plan_without_designs_shows_the_tumour(self):
        text = report_html(replace(build.car_plan(), designs=()))
        assert '<svg class="antigens"' in text
        assert "attacked here" not in text
        assert "No design is offered." in text

    def test_a_plan_without_a_tumour_shows_none(self):
        text = report_html(replace(build.car_plan(), tumour=None))
        assert 'id="tumour"' not in text

    def test_own_cells_without_edits_are_said_so(self):
        page = Page(report_html(build.car_plan(donated=False)))
        assert "No gene of these cells has to be edited" in page.text

    def test_texts_are_escaped(self):
        poisoned = build.antigen("CD19", 240.0, POISON, 31.0, Status.PASS)
        text = report_html(
            _plan(antigens=(replace(poisoned, because=POISON, name=POISON),), gates_because=POISON)
        )
        check_nothing_is_loaded(text)
        assert "<script>alert" not in text

    def test_without_guides_there_is_nothing_to_search_for_and_no_alarm(self):
        plan = build.car_plan()
        [ranked] = plan.designs
        bare = replace(ranked.design, guides=(), vector=None)
        page = Page(report_html(replace(plan, designs=(replace(ranked, design=bare),), coverage=None)))
        assert "No off-target search was made" not in page.text
        assert "Without a receptor and without edits there is no guide to search for." in page.text
