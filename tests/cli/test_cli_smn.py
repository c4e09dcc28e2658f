"""``revertant smn``: what it prints and writes, and with which exit status it ends."""

from __future__ import annotations

import json

import pytest

from revertant.cli import main

HG007 = {
    "hg38": "HG007.GRCh38_full_plus_hs38d1_analysis_set_minus_alts.100x.includedRegions.downSampled.bam",
    "hs37d5": "HG007.hs37d5.100x.includedRegions.downSampled.bam",
}


@pytest.fixture
def real(shared_data):
    folder = shared_data / "smn"
    return {
        build: [str(folder / name), "--controls", str(folder / f"included_regions_{build}.bed")]
        for build, name in HG007.items()
    }


def run(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize("build", HG007)
def test_real_reads_on_the_terminal(capsys, monkeypatch, real, build):
    monkeypatch.setenv("COLUMNS", "100")
    status, out, err = run(capsys, "smn", *real[build])
    assert (status, err) == (0, "")
    words = " ".join(out.split())
    assert "SMN1 present: The reads at c.840 are 10^19.9 times likelier" in words
    assert "SMN1 at least 1 no see the reasons" in words
    assert "SMN2 not known no see the reasons" in words
    assert "Only 4 of the 8 sites that tell SMN1 from SMN2 are covered" in words
    assert "must be confirmed by a laboratory (MLPA or digital PCR)" in words
    # The reasons stand once.
    assert words.count("capture takes SMN1, SMN2 and the controls") == 1
    assert max(map(len, out.splitlines())) <= 100


def test_json_and_out_hold_the_same(capsys, tmp_path, real):
    path = tmp_path / "smn.json"
    status, out, err = run(capsys, "smn", *real["hg38"], "--json", "--out", path)
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found == json.loads(path.read_text(encoding="utf-8"))
    assert found["ok"] is True
    assert found["status"] == "SMN1 present"
    assert found["smn1"]["low"] == 1
    assert found["smn1"]["high"] is None
    assert len(found["reasons"]) == 3
    assert [row["method"] for row in found["copy_numbers"]] == ["in_silico"]
    status, out, err = run(capsys, "smn", *real["hg38"], "--out", path)
    assert status == 2
    assert "--force" in err
    assert run(capsys, "smn", *real["hg38"], "--out", path, "--force")[0] == 0


def test_out_in_a_folder_that_is_not_there(capsys, tmp_path, real):
    status, _, err = run(capsys, "smn", *real["hg38"], "--out", tmp_path / "none" / "smn.json")
    assert status == 2
    assert "cannot be written" in err


def test_errors_have_their_status_and_code(capsys, tmp_path, real):
    status, out, _ = run(capsys, "smn", real["hg38"][0], "--json")
    assert (status, json.loads(out)["code"]) == (3, "no-control-regions")
    status, out, _ = run(capsys, "smn", *real["hg38"], "--build", "GRCh37", "--json")
    assert (status, json.loads(out)["code"]) == (4, "wrong-build")
    status, out, _ = run(capsys, "smn", tmp_path / "none.bam", "--json")
    assert (status, json.loads(out)["code"]) == (3, "no-file")
    status, out, _ = run(capsys, "smn", *real["hg38"], "--ancestry", "martian", "--json")
    assert (status, json.loads(out)["code"]) == (2, "unknown-ancestry")
    status, out, _ = run(capsys, "smn", real["hg38"][0], "--panel", tmp_path / "panel.tsv", "--json")
    assert (status, json.loads(out)["code"]) == (2, "panel-without-controls")
