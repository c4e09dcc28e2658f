"""Editors as cargo of one AAV, on the terminal and as JSON."""

from __future__ import annotations

import json

import pytest

from revertant.cli.main import main


def test_which_editors_fit_one_aav(capsys):
    assert main(["cargo", "sacas9", "spcas9", "abe8e"]) == 0
    shown = capsys.readouterr().out
    assert "SaCas9" in shown
    assert main(["cargo", "--json"]) == 0
    cargos = {one["key"]: one for one in json.loads(capsys.readouterr().out)["cargos"]}
    assert cargos["sacas9"]["status"] == "pass"
    assert cargos["abe8e"]["status"] == "fail"
    assert cargos["abe8e"]["coding_bp"] == 4608
    assert all(one["because"] for one in cargos.values())


@pytest.mark.parametrize("arguments", [["nonsense"], ["sacas9", ""]])
def test_an_unknown_editor_is_refused(arguments, capsys):
    assert main(["cargo", *arguments]) == 2
    assert "There is no nuclease, base editor or prime editor" in capsys.readouterr().err
