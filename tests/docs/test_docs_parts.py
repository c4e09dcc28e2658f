"""The guide to parts says what the catalogues say."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_guide_to_parts_is_current():
    written = runpy.run_path(str(DOCS / "make_parts.py"))
    assert written["PAGE"].read_text(encoding="utf-8") == written["page"](), "run: python docs/make_parts.py"
