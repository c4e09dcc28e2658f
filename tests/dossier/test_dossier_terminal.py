"""The terminal summary: short, and safe from what texts may hold."""

from __future__ import annotations

from io import StringIO

import plan_builder as build
import pytest
from rich.console import Console

from revertant.dossier import summary_table
from revertant.dossier.selection import off_target_text
from revertant.model import Assessment


def show(plan, width: int = 120, **more) -> str:
    console = Console(file=StringIO(), width=width, color_system=None)
    console.print(summary_table(plan, **more))
    return console.file.getvalue()


def test_says_verdict_designs_and_unknowns():
    text = " ".join(show(build.sickle_plan(), width=160).split())
    for words in (
        "Two routes are open.",
        "TTCTCCACAGGAGTCAGATG CACC",
        "79%",
        "2 near-identical variants",
        "3 questions are open",
        "3,891 bases",
    ):
        assert words in text


def test_cuts_long_lists():
    assert "1 more group not listed." in show(build.sickle_plan(), most=1)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_fits_the_width(width):
    assert max(len(line) for line in show(build.sickle_plan(), width=width).splitlines()) <= width


def test_markup_and_escapes_stay_text():
    text = show(build.hostile(build.sickle_plan(most_sites=2), "[red]x[/red]\x1b[31m"), width=300)
    assert "[red]" in text
    assert "\x1b" not in text


def test_a_search_that_was_not_made_is_not_none_found():
    assert off_target_text(Assessment("d", ()), 1) == "not searched"
    report = build.sickle_plan(most_sites=0).designs[0].assessment.off_targets[0]
    assert off_target_text(Assessment("d", (), (report,)), 1) == "no site found in the windows searched"
    assert off_target_text(Assessment("d", (), (report,)), 2).startswith("1 of 2 guides searched")
