"""The short answer of a nomination: it fits a terminal, counts what it leaves out, and prints no control character."""

from __future__ import annotations

from dataclasses import replace

import nomination_builder as build
from rich.console import Console

from revertant.dossier import nomination_summary
from revertant.model import Finding, Status


def printed(nomination, *, width=80, **options):
    console = Console(width=width, color_system=None)
    with console.capture() as captured:
        console.print(nomination_summary(nomination, **options))
    return captured.get()


def test_says_what_was_found_and_where():
    nomination = build.windows_nomination()
    text = printed(nomination, width=120)
    for words in ("BCL11A +58", "2 gained", "2 changed", "0 lost", "not defined", "9 amplicons to sequence"):
        assert words in text, words
    assert "Not genome-wide: only 3,891 reference bases" in text
    assert "10 sites are made, changed or destroyed by variants of the population" in " ".join(text.split())
    narrow = printed(nomination)
    assert max(map(len, narrow.splitlines())) <= 80
    assert "…" not in narrow


def test_without_a_person_there_is_no_such_column():
    text = printed(build.bare_nomination())
    assert "none" in text
    assert "This person" not in text


def test_many_guides_are_counted():
    assert "20 more guides not listed." in printed(build.large_nomination(guides=40, held=20), width=120)


def test_findings_that_matter_are_shown_the_gravest_first():
    nomination = build.windows_nomination()
    text = printed(nomination, width=200)
    assert "Caution: Some heterozygous calls are unphased." in text
    assert "No second perfect copy" not in text
    assert "Unknown: The search was not genome-wide." not in text  # said in the closing sentence
    many = tuple(Finding(f"a.rule_{n}", Status.UNKNOWN, f"Question {n}.") for n in range(12))
    text = printed(
        replace(nomination, findings=(*many, Finding("a.b", Status.FAIL, "Stop here."))), width=200
    )
    lines = text.splitlines()
    assert lines.index("Fail: Stop here.") + 1 == lines.index("Unknown: Question 0.")
    assert "5 more findings in the report." in lines
    alike = tuple(Finding("a.b", Status.UNKNOWN, f"guide-{n} fits no place.") for n in range(1200))
    text = printed(replace(nomination, findings=(*alike, *nomination.findings)), width=200)
    assert "Unknown: guide-0 fits no place. (1,199 more like it.)" in text
    assert "Caution: Some heterozygous calls are unphased." in text


def test_names_are_shown_as_they_stand():
    names = ("[bold]a[/bold]", "b\x1b[31m", "c\u202e")
    text = printed(replace(build.windows_nomination(), names=names), width=120)
    assert "[bold]a[/bold]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
