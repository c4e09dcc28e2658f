"""``revertant replay``: what holds is listed, what does not ends the command with a status of its own."""

from __future__ import annotations

import hashlib
import json

import pytest

from revertant.cli import main

GOOD = {
    "format": "revertant.replay/1",
    "sequences": [
        {
            "name": "tiny",
            "protein": "MR",
            "native": "ATGCGTTAA",
            "edits": [{"codon": 2, "before": "CGT", "after": "AGA", "amino_acid": "R"}],
            "designed": "ATGAGATAA",
            "places": [],
        }
    ],
    "constructs": [],
}


@pytest.fixture
def replay_file(tmp_path):
    [one] = GOOD["sequences"]
    digests = {
        f"{name}_sha256": hashlib.sha256(one[name].encode()).hexdigest() for name in ("native", "designed")
    }
    path = tmp_path / "replay.json"
    path.write_text(json.dumps({**GOOD, "sequences": [{**one, **digests}]}))
    return path


def test_what_holds_is_listed(replay_file, capsys):
    assert main(["replay", str(replay_file)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in out] == ["pass", "pass", "pass", "unknown"]
    assert "1 codon edit leads" in out[1]


def test_as_json(replay_file, capsys):
    assert main(["replay", str(replay_file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is True
    assert {one["rule"] for one in found["findings"]} == {
        "replay.digests", "replay.edits", "replay.protein", "replay.places",
    }  # fmt: skip


def test_what_does_not_hold_is_an_error(replay_file, capsys):
    replay_file.write_text(replay_file.read_text().replace('"AGA"', '"AGC"'))
    assert main(["replay", str(replay_file)]) == 4
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "codon 2" in captured.err
    assert main(["replay", str(replay_file), "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_a_missing_file_is_an_input_error(tmp_path, capsys):
    assert main(["replay", str(tmp_path / "none.json")]) == 3
    assert "replay.json" in capsys.readouterr().err
