"""Writing a dossier: all of it or nothing of it, the same bytes each time, tables safe to open."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import plan_builder as build
import pytest

from revertant.dossier import DOSSIER_FILES, check_folder, columns_text, write_dossier
from revertant.dossier.tables import DESIGN_COLUMNS, OFF_TARGET_COLUMNS, OLIGO_COLUMNS, safe_cell
from revertant.errors import RevertantError, UsageError

NAMES = [name for name, _ in DOSSIER_FILES]
DOCS = Path(__file__).parents[2] / "docs"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_builder_matches_the_real_loci(shared_data):
    text = (shared_data / "shippable" / "loci.GRCh38.fa").read_text()
    assert build.LOCI.read_text() == text
    design = build.sickle_plan().designs[0].design
    assert (design.guides[0].spacer, design.guides[0].pam) == ("TTCTCCACAGGAGTCAGATG", "CACC")
    assert build.in_rank_order(build.sickle_plan())


def test_writes_every_file_with_unix_line_ends(tmp_path):
    folder = tmp_path / "new" / "dossier"
    paths = write_dossier(build.sickle_plan(), folder)
    assert [path.name for path in paths] == NAMES
    assert sorted(contents(folder)) == sorted(NAMES)
    assert not [
        name for name, data in contents(folder).items() if b"\r" in data and not name.endswith(".docx")
    ]
    assert names(tmp_path / "new") == ["dossier"]
    assert json.loads((folder / "plan.json").read_text())["case_id"] == "sickle-demo"


def test_two_runs_give_identical_bytes(tmp_path):
    for name in ("a", "b"):
        write_dossier(build.sickle_plan(), tmp_path / name)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_refuses_to_overwrite_without_force(tmp_path):
    write_dossier(build.sickle_plan(), tmp_path)
    before = contents(tmp_path)
    with pytest.raises(UsageError) as caught:
        write_dossier(build.empty_plan(), tmp_path)
    assert caught.value.code == "output-exists"
    assert "--force" in caught.value.remedy
    assert contents(tmp_path) == before


def test_force_replaces_ours_and_leaves_other_files(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    write_dossier(build.sickle_plan(), tmp_path)
    write_dossier(build.empty_plan(), tmp_path, force=True)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert json.loads((tmp_path / "plan.json").read_text())["case_id"] == "nothing"
    assert sorted(contents(tmp_path)) == sorted([*NAMES, "notes.txt"])


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(UsageError, match="is a file"):
        write_dossier(build.empty_plan(), tmp_path / "out", force=True)


def test_a_folder_can_be_checked_before_any_work(tmp_path, monkeypatch):
    check_folder(tmp_path / "new" / "dossier")
    assert names(tmp_path) == []
    write_dossier(build.empty_plan(), tmp_path)
    check_folder(tmp_path, force=True)
    with pytest.raises(UsageError, match="already holds"):
        check_folder(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(UsageError, match="cannot be written"):
        check_folder(tmp_path / "new" / "dossier")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "cannot be written"),
        (errno.EACCES, "cannot be written"),
        (errno.EIO, "could not be written"),
    ],
)
@pytest.mark.parametrize("there", [False, True])
def test_a_failing_disk_leaves_what_was_there(tmp_path, monkeypatch, code, words, there):
    folder = tmp_path / "out"
    if there:
        write_dossier(build.sickle_plan(), folder)
    before = contents(folder) if there else None
    calls = []

    def full(handle):
        calls.append(handle)
        if len(calls) == 4:
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RevertantError, match=words) as caught:
        write_dossier(build.empty_plan(), folder, force=True)
    assert caught.value.remedy
    assert (contents(folder) if there else None) == before
    assert names(tmp_path) == (["out"] if there else [])


@pytest.mark.parametrize("failing", range(1, 13))
def test_a_failing_rename_puts_everything_back(tmp_path, monkeypatch, failing):
    folder = tmp_path / "out"
    write_dossier(build.sickle_plan(), folder)
    before = contents(folder)
    rename, calls = Path.rename, []

    def broken(self, target):
        calls.append(self)
        if len(calls) == failing:
            raise OSError(errno.EIO, "broken")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", broken)
    with pytest.raises(UsageError, match="Nothing was changed"):
        write_dossier(build.empty_plan(), folder, force=True)
    assert contents(folder) == before
    assert names(tmp_path) == ["out"]


def test_tables_agree_with_the_plan(tmp_path):
    plan = build.sickle_plan()
    write_dossier(plan, tmp_path)
    tables = {
        name: [row.split("\t") for row in (tmp_path / name).read_text().splitlines()]
        for name in NAMES
        if name.endswith((".tsv", ".bed"))
    }
    for name, columns in (
        ("designs.tsv", DESIGN_COLUMNS),
        ("offtargets.tsv", OFF_TARGET_COLUMNS),
        ("oligos.tsv", OLIGO_COLUMNS),
    ):
        assert tables[name][0] == [column.name for column in columns]
        assert {len(row) for row in tables[name]} == {len(columns)}
    assert [row[0] for row in tables["designs.tsv"][1:]] == ["1", "2", "3", "4"]
    first = dict(zip(*tables["designs.tsv"][:2], strict=True))
    assert (first["start_1based"], first["end_1based"], first["strand"]) == ("5226996", "5227015", "+")
    reports = [ranked.assessment.off_targets[0] for ranked in plan.designs]
    assert len(tables["offtargets.tsv"]) - 1 == sum(len(report.sites) for report in reports)
    assert len(tables["offtargets.bed"]) == sum(len(report.present_sites) for report in reports)
    assert {len(row) for row in tables["offtargets.bed"]} == {6}
    assert len(tables["oligos.tsv"]) - 1 == sum(len(ranked.design.oligos) for ranked in plan.designs)


def test_shared_searches_are_listed_once(tmp_path):
    plan = build.sickle_plan()
    twin = replace(plan.designs[0], rank=5, design=replace(plan.designs[0].design, effector="other"))
    write_dossier(replace(plan, designs=(*plan.designs, twin)), tmp_path)
    rows = (tmp_path / "offtargets.tsv").read_text().splitlines()
    assert len(rows) - 1 == sum(len(r.assessment.off_targets[0].sites) for r in plan.designs)
    assert twin.design.design_id in rows[1]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"), ("+cmd", "'+cmd"), ("-ACGT", "'-ACGT"), ("@x", "'@x"), (" =1", "' =1"), ("\t=1", "' =1"),
        ("a\tb\nc\rd", "a b c d"), ("-1.5e-3", "-1.5e-3"), ("+", "+"), ("-", "-"), (None, ""), (0, "0"), (False, "no"), (0.25, "0.25"),
    ],
)  # fmt: skip
def test_cells_are_no_formulas(value, expected):
    assert safe_cell(value) == expected


def test_hostile_text_keeps_the_shape_of_the_tables(tmp_path):
    plan = build.hostile(build.sickle_plan(most_sites=4), "\t\n=cmd")
    plan = replace(plan, question="half a pair \ud800")
    write_dossier(plan, tmp_path)
    rows = [line.split("\t") for line in (tmp_path / "designs.tsv").read_text().splitlines()]
    assert {len(row) for row in rows} == {len(DESIGN_COLUMNS)}
    assert json.loads((tmp_path / "plan.json").read_text())["question"].endswith("\ud800")


def test_sizes_of_a_large_dossier(tmp_path):
    for path in write_dossier(build.large_plan(2000), tmp_path):
        assert path.stat().st_size < 3_000_000


def test_every_column_is_documented():
    page = (DOCS / "reference" / "tables.md").read_text(encoding="utf-8")
    assert columns_text() in page
