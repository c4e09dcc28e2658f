"""The guide to the report names every tier of the ranking, in its order and in its words."""

from __future__ import annotations

from pathlib import Path

from revertant.planning import TIERS

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "report.md"


def test_the_guide_lists_the_tiers():
    text = GUIDE.read_text(encoding="utf-8")
    assert "\n".join(f"| {name} | {meaning} |" for name, meaning in TIERS) in text
