"""The terminal summary: short, and safe from what texts may hold."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import plan_builder as build
import pytest
from rich.console import Console

from revertant.dossier import summary_table
from revertant.dossier.selection import off_target_text
from revertant.model import Assessment, Estimate


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


def with_figures(plan, *, share, expected):
    first = plan.designs[0]
    design = replace(first.design, useful_share=share, useful_yield=expected)
    return replace(plan, designs=(replace(first, design=design), *plan.designs[1:]))


def test_a_design_without_a_share_shows_its_yield():
    none = Estimate(None, "share of edited alleles, 0 to 1", "not predicted")
    written = Estimate(0.24, "share of reads, 0 to 1", "m", low=0.1, high=0.4)
    text = show(with_figures(build.sickle_plan(), share=none, expected=written))
    assert "yield 24%" in text
    assert "(10%–40%)" in text


@pytest.mark.parametrize("in_domain", [True, False])
def test_a_figure_outside_its_domain_says_so(in_domain):
    share = Estimate(0.62, "share of edited alleles, 0 to 1", "m", in_domain=in_domain)
    assert (
        "out of domain" in show(with_figures(build.sickle_plan(), share=share, expected=None))
    ) is not in_domain


def test_no_design_is_told_with_the_reasons_and_not_in_the_report_alone():
    plan = build.empty_plan()
    text = " ".join(show(plan, width=200).split())
    assert plan.rejections
    assert all(" ".join(one.because.split()) in text for one in plan.rejections[:6])
    many = replace(plan, rejections=tuple(replace(plan.rejections[0], because=f"No {i}.") for i in range(9)))
    assert "3 more reasons in the report." in show(many)
    same = replace(plan, rejections=tuple(replace(plan.rejections[0], acts_on=f"g{i}") for i in range(9)))
    assert show(same, width=300).count(plan.rejections[0].because[:20]) == 1
