"""The guide lists the fields of ``case.yaml`` as the reader knows them."""

from __future__ import annotations

from docs_blocks import ROOT

from revertant.patient import case_fields


def test_guide_lists_every_field_and_no_other():
    page = (ROOT / "docs" / "guides" / "case_file.md").read_text(encoding="utf-8")
    table = page[page.index("| field | what is written | meaning |\n") :].split("\n\n")[0].splitlines()[2:]
    assert table == [f"| `{name}` | {kind} | {meaning} |" for name, kind, meaning in case_fields()]
