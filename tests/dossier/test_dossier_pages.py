"""Every kind of page in a browser: no network, no accessibility violation that axe finds, and pages that print.

These tests need Chromium and the extra ``pages``; they are skipped, saying so, where either is missing.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import nomination_builder
import plan_builder
import product_builder
import pytest
import test_dossier_simulation as simulated
from plan_kinds import built_plans

from revertant.dossier import atlas_html, nomination_html, report_html, simulation_html
from revertant.dossier.family import family_html
from revertant.dossier.laboratory import laboratory_html
from revertant.planning import ContextRow, ContextTable, build_atlas
from revertant.variant import parse_edit

CHROMIUM = os.environ.get("REVERTANT_TEST_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
_PACKAGES = ("playwright", "axe_playwright_python")
_MISSING = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed (set REVERTANT_TEST_CHROMIUM)"),
    pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)} (pip install revertant[pages])"),
]  # fmt: skip

SETTLE_MS = 60_000


def small_atlas() -> str:
    rows = (
        ContextRow(2, "c.20A>T", "HBB", "", parse_edit("CATGGTGCATCTGACTCCTG(A/T)GGAGAAGTCTGCCGTTACTGCC")),
    )
    return atlas_html(build_atlas(ContextTable(rows, ())))


PAGES = {
    "report": lambda: report_html(plan_builder.sickle_plan(most_sites=8)),
    "report of a refusal": lambda: report_html(built_plans()["refusal"]),
    "report of products": lambda: report_html(
        replace(built_plans()["refusal"], products=product_builder.MATCHES)
    ),
    "report of a vector": lambda: report_html(built_plans()["AAV"]),
    "report of T cells": lambda: report_html(built_plans()["donor's T cells"]),
    "laboratory": lambda: laboratory_html(plan_builder.sickle_plan(most_sites=8)),
    "laboratory, panel": lambda: laboratory_html(
        replace(
            plan_builder.sickle_plan(most_sites=8),
            panel=nomination_builder.panel(nomination_builder.windows_nomination().reports),
        )
    ),
    "family": lambda: family_html(built_plans()["gene"]),
    "nomination": lambda: nomination_html(nomination_builder.bare_nomination()),
    "nomination, panel": lambda: nomination_html(nomination_builder.windows_nomination()),
    "simulation": lambda: simulation_html(simulated.report_of(simulated.CUT)),
    "atlas": small_atlas,
}
every_page = pytest.mark.parametrize("name", list(PAGES))


@cache
def html_of(name: str) -> str:
    return PAGES[name]()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def axe() -> str:
    origin = importlib.util.find_spec("axe_playwright_python").origin
    return (Path(origin).parent / "axe.min.js").read_text(encoding="utf-8")


def opened(browser, path: Path, scheme: str = "light", width: int = 1200):
    """Open a page; every address it asks for, and every complaint of the browser, is kept."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.set_default_timeout(SETTLE_MS)
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    return context, page, asked, said


@every_page
def test_a_page_asks_for_nothing_and_prints(name, browser, tmp_path):
    """One request, for the page itself; no error of its script or policy; and paper with something on it."""
    path = tmp_path / "page.html"
    path.write_text(html_of(name), encoding="utf-8")
    context, page, asked, said = opened(browser, path)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    assert asked == [path.as_uri()]
    assert said == []
    wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    assert wide, "the page is wider than the window"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.top-bar')).display") == "none"
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert 1 <= paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page/") < 60
    context.close()


@every_page
def test_axe_finds_nothing(name, browser, axe, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(html_of(name), encoding="utf-8")
    context, page, _, _ = opened(browser, path)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    context.close()
    violations = [
        f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"][:3]
    ]
    assert not violations
    assert len(found["passes"]) > 10  # axe has looked


@pytest.mark.parametrize("name", ["report", "laboratory", "family"])
def test_axe_finds_nothing_in_the_dark_nor_on_a_phone(name, browser, axe, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(html_of(name), encoding="utf-8")
    context, page, _, _ = opened(browser, path, scheme="dark", width=390)
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    narrow = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    context.close()
    assert not [(one["id"], one["nodes"][0]["html"][:160]) for one in found["violations"]]
    assert narrow, "the page is wider than a phone"


def test_axe_would_find_something(browser, axe, tmp_path):
    """The check can fail: a picture without words is found."""
    path = tmp_path / "page.html"
    path.write_text(html_of("family").replace("<h1>", '<svg role="img"></svg><h1>', 1), encoding="utf-8")
    context, page, _, _ = opened(browser, path)
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    context.close()
    assert [one["id"] for one in found["violations"]] == ["svg-img-alt"]


def test_a_request_would_be_seen(browser, tmp_path):
    """The check can fail: a page that loads a picture is seen to, whatever its policy says."""
    path = tmp_path / "page.html"
    path.write_text("<!doctype html><title>x</title><img alt='x' src='other.png'>", encoding="utf-8")
    context, _, asked, _ = opened(browser, path)
    context.close()
    assert len(asked) == 2
