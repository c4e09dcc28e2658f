"""The command reference says what the command line says."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_command_reference_is_current():
    written = runpy.run_path(str(DOCS / "make_cli.py"))
    assert written["PAGE"].read_text(encoding="utf-8") == written["page"](), "run: python docs/make_cli.py"
