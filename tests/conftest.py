"""Fixtures every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No test is timed: a busy machine must not fail it. In CI the examples are the same in every run; elsewhere they
# are new each time, so that faults are found by those who can mend them.
settings.register_profile("revertant", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("revertant"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "revertant")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real test data; tests that need it are skipped, saying so, where it is absent."""
    folder = Path(os.environ.get("REVERTANT_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real test data at {folder} (set REVERTANT_TEST_DATA)")
    return folder
