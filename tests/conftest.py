"""Fixtures every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real test data; tests that need it are skipped, saying so, where it is absent."""
    folder = Path(os.environ.get("REVERTANT_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real test data at {folder} (set REVERTANT_TEST_DATA)")
    return folder
