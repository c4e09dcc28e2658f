"""The tables of routes and epigenome editors in the guides are the catalogues'."""

from __future__ import annotations

from pathlib import Path

from revertant import knowledge
from revertant.model import StructureKind

GUIDES = Path(__file__).parents[2] / "docs" / "guides"


def test_structural_routes_are_the_catalogues():
    text = (GUIDES / "structural.md").read_text(encoding="utf-8")
    rows = [
        f"| {kind.label} | {row.route} | {row.verdict} | {row.statement} |"
        for kind in StructureKind
        for row in knowledge.structural_routes(kind)
    ]
    assert len(rows) > 10
    assert "\n".join(rows) in text


def test_windows_are_the_catalogues():
    text = (GUIDES / "one_copy.md").read_text(encoding="utf-8")
    for editor in knowledge.epigenome_editors().values():
        window, core = (f"{low} to {high}" for low, high in (editor.window, editor.core_window))
        does = "silences" if editor.direction == "silence" else "raises"
        assert f"| `{editor.key}` | {editor.name} | {does} | {window} | {core} |" in text
