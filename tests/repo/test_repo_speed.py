"""The command answers at once."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest
from repo_house import SOURCE

LIMIT_SECONDS = 0.5
COMMAND_LINE = (SOURCE / "cli" / "main.py").exists()
HELP = "import sys; from revertant.cli.main import main; sys.exit(main(['--help']))"


def _best_of_five(code: str) -> float:
    """Least processor time of five fresh processes: a busy machine makes none of them slower."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
        assert done.returncode == 0, done.stderr
    return min(times)


def test_import_is_fast():
    assert _best_of_five("import revertant") < LIMIT_SECONDS


def test_help_is_fast():
    if not COMMAND_LINE:
        pytest.skip("no command line in this tree")
    assert _best_of_five(HELP) < LIMIT_SECONDS


@pytest.mark.parametrize("heavy", ["numpy", "pysam", "google.protobuf", "lark"])
def test_import_and_help_load_nothing_heavy(heavy):
    """Heavy libraries are imported by the commands that use them."""
    code = f"import sys, revertant; sys.exit({heavy!r} in sys.modules)"
    if COMMAND_LINE:
        code = (
            f"import sys\nfrom revertant.cli.main import main\n"
            f"try:\n    main(['--help'])\nexcept SystemExit:\n    pass\nsys.exit({heavy!r} in sys.modules)"
        )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{heavy} is imported {done.stderr}"
