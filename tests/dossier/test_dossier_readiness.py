"""Readiness in the report, on the terminal and as a file: every state in words, nothing promised."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import plan_builder as build
import pytest
from report_page import POISON, Page, check_nothing_is_loaded
from rich.console import Console

from revertant.dossier import summary_table, write_dossier
from revertant.dossier.report import report_html
from revertant.dossier.views.readiness import gate_view, readiness_line, readiness_views, state_words
from revertant.errors import IncompatibleInputsError
from revertant.model import ItemState, count_states
from revertant.policy import answer_checklists, read_decision, replay


def answered(plan, **more):
    return replace(plan, checklists=answer_checklists(plan, replace(build.CASE, **more)))


@pytest.fixture(scope="module")
def plan():
    return answered(build.sickle_plan(most_sites=2))


@pytest.fixture(scope="module")
def page(plan):
    return report_html(plan)


def readiness_of(page):
    return page[page.index('<section id="readiness">') : page.index('<section id="patient">')]


def test_every_item_stands_in_the_page_with_its_state_in_words(plan, page):
    part = readiness_of(page)
    rows = re.findall(r'<tr class="is-(\w+)">\n<td><span class="status state (\w+)">(.*?)</span></td>', part)
    items = [item for checklist in plan.checklists for item in checklist.items]
    assert [row[0] for row in rows] == [item.state.value for item in items]
    for (_, colour, mark), item in zip(rows, items, strict=True):
        assert colour == item.state.value
        assert f'href="#i-{item.state.value}"' in mark
        assert 'aria-hidden="true"' in mark
        assert f"<span>{item.state.label}</span>" in mark
    assert {f"i-{state.value}" for state in ItemState} <= set(re.findall(r'<symbol id="([\w-]+)"', page))


def test_the_part_is_short_until_it_is_opened(plan, page):
    part = readiness_of(page)
    assert part.count('<details class="document">') == len(plan.checklists)
    assert "<details open" not in part
    assert part.count("<summary>") == len(plan.checklists)
    assert page.index('id="designs"') < page.index('id="readiness"') < page.index('id="detail"')
    assert '<a href="#readiness">Readiness</a>' in page


def test_tables_have_heads_and_names(page):
    part = readiness_of(page)
    tables = re.findall(r"<table.*?</table>", part, re.DOTALL)
    assert tables
    assert all(one.count('<th scope="col">') == 5 and "<caption" in one for one in tables)


def test_the_page_is_well_formed_and_loads_nothing(page):
    check_nothing_is_loaded(page)
    Page(page)


def test_a_draft_and_what_was_not_read_are_marked(plan, page):
    part = readiness_of(page)
    drafts = sum(one.status.value == "draft" for one in plan.checklists)
    assert part.count('<span class="flag">draft</span>') == drafts > 0
    assert part.count(">unchecked</span>") >= sum(
        not item.checked for checklist in plan.checklists for item in checklist.items
    )


def test_nothing_is_promised(page):
    assert not re.search(r"IND[- ]ready|submission[- ]ready|compliant", page, re.IGNORECASE)
    assert "regulators alone say what is enough" in page


def test_without_a_place_the_page_says_so():
    page = report_html(answered(build.sickle_plan(most_sites=2), jurisdiction=""))
    assert "the case names no place" in readiness_of(page)
    assert "EMA (CAT)" in page


def test_a_plan_without_checklists_has_no_such_part():
    page = report_html(build.empty_plan())
    assert 'id="readiness"' not in page
    assert "#readiness" not in page
    assert readiness_line(build.empty_plan()) == ""


def test_counts_of_a_design_are_those_of_its_items(plan):
    for view in readiness_views(plan):
        mine = [one for one in plan.checklists if one.design_id == view.ranked.design.design_id]
        assert view.counts == count_states(mine)
        assert [one.checklist for one in view.documents] == mine


def test_hostile_text_stays_text():
    plan = answered(build.hostile(build.sickle_plan(most_sites=1), POISON))
    page = report_html(plan)
    assert "<script>alert" not in page
    assert "49" not in re.findall(r"\{\{.*?\}\}", page)
    Page(page)


def test_the_terminal_says_one_line(plan):
    console = Console(width=250, color_system=None)
    with console.capture() as capture:
        console.print(summary_table(plan, width=250))
    line = next(one for one in capture.get().splitlines() if one.startswith("Guidance, "))
    first = [one for one in plan.checklists if one.design_id == plan.checklists[0].design_id]
    for state, number in count_states(first):
        assert f"{number} {state_words(state, number)}" in line
    assert "design of rank 1" in line


def test_the_gate_shows_the_rules_that_apply_and_counts_the_others(plan, page):
    view = gate_view(plan)
    assert view is not None
    shown = {one.rule_id for one in view.rules}
    assert {"G15", "G16", "G20", "US6"} <= shown
    assert "G1" not in shown
    assert view.quiet == len(view.decision.answers) - len(shown)
    part = page[page.index("Rules of the gate that apply") : page.index("Every rule asked")]
    assert part.count("<tr class=") == len(shown)
    assert "<b>committee</b>" in part or f"<b>{view.decision.verdict.value}</b>" in part
    assert view.decision.digest[:12] in part
    assert gate_view(replace(plan, decision_log="")) is None


def test_the_log_is_a_file_that_replays_and_a_changed_one_does_not(plan, tmp_path):
    write_dossier(plan, tmp_path)
    text = (tmp_path / "policy.json").read_text(encoding="utf-8")
    assert text == plan.decision_log
    decision = read_decision(text)
    assert replay(decision) == decision
    changed = json.loads(text)
    changed["answers"][0]["status"] = "fail"
    with pytest.raises(IncompatibleInputsError):
        replay(read_decision(json.dumps(changed)))
    assert "sickle-demo" not in text


def test_a_plan_that_no_gate_decided_has_no_log_and_takes_an_old_one_away(plan, tmp_path):
    write_dossier(plan, tmp_path)
    paths = write_dossier(replace(plan, decision_log=""), tmp_path, force=True)
    assert "policy.json" not in {path.name for path in paths}
    assert not (tmp_path / "policy.json").exists()
