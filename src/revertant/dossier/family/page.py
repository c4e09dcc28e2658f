"""The family's page: a plan in plain words, one file that can be read on a phone and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revertant.dossier.family.sentences import sentences
from revertant.dossier.family.story import story_of
from revertant.dossier.page import render

if TYPE_CHECKING:
    from revertant.model import Plan

__all__ = ["family_html"]


def family_html(plan: Plan) -> str:
    """Return the family's page as one self-contained HTML page.

    Parameters
    ----------
    plan
        The plan of a person; ``is_for_a_person`` says whether it is one.

    Examples
    --------
    >>> from revertant.model import Plan, Provenance
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> plan = Plan("s", "c", "Why?", "No.", (), (), (), (), (), (), None, (), origin, "Research use.")
    >>> family_html(plan).startswith("<!doctype html>")
    True
    """
    return render(
        "family.html.j2",
        styles=("report.css", "family.css"),
        plan=plan,
        story=story_of(plan),
        say=sentences().texts,
    )
