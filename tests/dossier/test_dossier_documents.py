"""The documents for people on the built-in demos: each opens, says what the plan says, and is as plain as it states."""

from __future__ import annotations

import io

import docx
import pytest
from plan_kinds import DEMO_NAMES, demo_plan
from report_page import check_nothing_is_loaded

from revertant.dossier import write_dossier
from revertant.dossier.family import family_html
from revertant.dossier.family.story import story_of
from revertant.dossier.laboratory import laboratory_html
from revertant.dossier.laboratory.designs import bench_designs
from revertant.dossier.review import review_docx


@pytest.mark.parametrize("name", DEMO_NAMES)
def test_documents_of_a_demo(name):
    plan = demo_plan(name)
    document = docx.Document(io.BytesIO(review_docx(plan)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(one.text for one in document.paragraphs), *cells])
    assert plan.verdict in text
    assert "ind-ready" not in text.lower()
    for checklist in plan.checklists:
        assert checklist.title in text
        assert all(item.asked in text for item in checklist.items)
    assert all(match.product_name in text for match in plan.products)
    assert story_of(plan).grade <= 8
    for page in (family_html(plan), laboratory_html(plan)):
        check_nothing_is_loaded(page)
    for ranked in bench_designs(plan):
        assert f"Design {ranked.rank}" in laboratory_html(plan)


def test_they_stand_in_the_folder_together(tmp_path):
    paths = {path.name: path for path in write_dossier(demo_plan("sma"), tmp_path / "dossier")}
    assert {"report.html", "review.docx", "laboratory.html", "family.html"} <= set(paths)
    assert docx.Document(str(paths["review.docx"])).paragraphs[0].text == "Plan for review: sma-demo"
