"""An option that takes one value is given once."""

from __future__ import annotations

from pathlib import Path

import pytest

from revertant.cli.main import main


@pytest.mark.parametrize(
    "arguments",
    [
        ["car", "--antigen", "CD19", "--switch", "egfrt", "--switch", "egfrt"],
        ["car", "--antigen", "CD19", "--antigen", "CD22"],
        ["plan", "case.yaml", "--gate-size", "2", "--gate-size=3"],
        ["reference", "info", "a.fa", "--json", "--json"],
    ],
)
def test_twice_is_refused_unless_it_is_a_mere_flag(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "out")] if arguments[0] != "reference" else []
    status = main([*arguments, *out])
    told = "is given 2 times" in "".join(capsys.readouterr())
    if arguments[0] == "reference":
        assert not told
    else:
        assert (status, told) == (2, True)


def test_what_may_stand_more_than_once_still_may(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["car", "--antigen", "CD19", "--vector", "mrna", "--vector", "lentiviral"]
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 0
    capsys.readouterr()
