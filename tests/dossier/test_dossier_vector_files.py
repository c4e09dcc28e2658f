"""The folder of constructs: there for vectors only, whole or not at all, with tables that agree with the plan."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from pathlib import Path

import plan_builder
import pytest
import vector_builder as build
from jsonschema import Draft202012Validator

from revertant.dossier import (
    CONSTRUCT_FILES,
    DOSSIER_FILES,
    check_folder,
    columns_text,
    plan_schema,
    write_dossier,
)
from revertant.dossier.vectors.tables import ORDER_COLUMNS, PART_COLUMNS, VECTOR_TABLES, order_rows
from revertant.errors import UsageError

DOCS = Path(__file__).parents[2] / "docs"
NAMES = {name for name, _ in DOSSIER_FILES}


def all_bytes(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows_of(path):
    head, *rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_folder_holds_what_is_documented(tmp_path):
    paths = write_dossier(build.vector_plan(), tmp_path / "a")
    assert {str(path.relative_to(tmp_path / "a")) for path in paths} == set(all_bytes(tmp_path / "a"))
    assert {path.name for path in (tmp_path / "a").iterdir()} == {*NAMES, "constructs"}
    inside = {path.name for path in (tmp_path / "a" / "constructs").iterdir()}
    assert {"parts.tsv", "constructs_order.tsv", "replay.json"} <= inside
    assert len([name for name in inside if name.endswith(".gb")]) == 9
    assert {name[:-3] for name in inside if name.endswith(".gb")} == {name[:-3] for name in inside if name.endswith(".fa")}  # fmt: skip
    assert {f"*{Path(name).suffix}" if name.endswith((".gb", ".fa")) else name for name in inside} == {name for name, _ in CONSTRUCT_FILES}  # fmt: skip
    write_dossier(build.vector_plan(), tmp_path / "b")
    assert all_bytes(tmp_path / "a") == all_bytes(tmp_path / "b")
    assert not [
        name
        for name, data in all_bytes(tmp_path / "a").items()
        if b"\r" in data and not name.endswith(".docx")
    ]


def test_a_plan_without_vectors_has_no_such_folder(tmp_path):
    write_dossier(plan_builder.sickle_plan(most_sites=2), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == NAMES


def test_the_plan_stays_valid():
    errors = Draft202012Validator(plan_schema()).iter_errors(json.loads(build.vector_plan().to_json()))
    assert [error.message for error in errors] == []


def test_a_second_dossier_leaves_nothing_of_the_first(tmp_path):
    write_dossier(build.vector_plan(), tmp_path)
    with pytest.raises(UsageError, match="already holds"):
        write_dossier(build.vector_plan(build.mrna_vector()), tmp_path)
    write_dossier(build.vector_plan(build.mrna_vector()), tmp_path, force=True)
    assert [path.name for path in sorted((tmp_path / "constructs").glob("*.gb"))] == ["01_SMN1-mRNA.gb"]
    write_dossier(plan_builder.sickle_plan(most_sites=0), tmp_path, force=True)
    assert not (tmp_path / "constructs").exists()


@pytest.mark.parametrize("make", [lambda place: place.write_text("mine"), Path.mkdir])
def test_what_somebody_put_there_is_never_lost(tmp_path, make):
    write_dossier(build.vector_plan(build.mrna_vector()), tmp_path)
    make(tmp_path / "constructs" / "notes.docx")
    before = all_bytes(tmp_path)
    with pytest.raises(UsageError, match=r"notes\.docx"):
        check_folder(tmp_path, force=True)
    with pytest.raises(UsageError, match=r"notes\.docx"):
        write_dossier(build.vector_plan(), tmp_path, force=True)
    assert all_bytes(tmp_path) == before


def test_a_file_of_that_name_is_replaced_by_force_only(tmp_path):
    (tmp_path / "constructs").write_text("x")
    with pytest.raises(UsageError):
        write_dossier(build.vector_plan(build.mrna_vector()), tmp_path)
    write_dossier(build.vector_plan(build.mrna_vector()), tmp_path, force=True)
    assert (tmp_path / "constructs").is_dir()


@pytest.mark.parametrize("failing", range(1, 15))
def test_a_failing_rename_puts_the_folder_back(tmp_path, monkeypatch, failing):
    write_dossier(build.vector_plan(build.smn_vector()), tmp_path)
    before = all_bytes(tmp_path)
    rename, calls = Path.rename, []

    def broken(self, target):
        calls.append(self)
        if len(calls) == failing:
            raise OSError(errno.EIO, "broken")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", broken)
    with pytest.raises(UsageError, match="Nothing was changed"):
        write_dossier(build.vector_plan(build.mrna_vector()), tmp_path, force=True)
    assert all_bytes(tmp_path) == before


def test_files_in_the_folder_are_flushed(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(os, "fsync", flushed.append)
    paths = write_dossier(build.vector_plan(build.mrna_vector()), tmp_path / "out")
    assert len(flushed) == len(paths)


def test_parts_are_listed_once_with_their_marks(tmp_path):
    plan = build.vector_plan()
    write_dossier(plan, tmp_path)
    rows = rows_of(tmp_path / "constructs" / "parts.tsv")
    assert list(rows[0]) == [column.name for column in PART_COLUMNS]
    used = {part for ranked in plan.designs for part in ranked.design.vector.parts}
    assert len(rows) == len(used)
    assert {row["key"] for row in rows if row["checked"] == "no"} == {
        part.key for part in used if not part.checked
    }
    shared = next(row for row in rows if row["key"] == "itr_aav2")
    assert shared["design_ids"].split(";") == [
        plan.designs[0].design.design_id,
        plan.designs[1].design.design_id,
    ]


def test_what_to_order_is_what_stands_in_the_constructs(tmp_path):
    plan = build.vector_plan()
    write_dossier(plan, tmp_path)
    rows = rows_of(tmp_path / "constructs" / "constructs_order.tsv")
    assert list(rows[0]) == [column.name for column in ORDER_COLUMNS]
    for row in rows:
        assert len(row["sequence"]) == int(row["length_bp"])
        assert hashlib.sha256(row["sequence"].encode()).hexdigest() == row["sha256"]
        if row["file"]:
            lines = (tmp_path / "constructs" / row["file"]).with_suffix(".fa").read_text().splitlines()
            assert (
                "".join(lines[1:])[int(row["start_1based"]) - 1 : int(row["end_1based"])] == row["sequence"]
            )
    what = [row["what"] for row in rows]
    assert what[0] == "cassette between the ITRs of SMN1-sc-AAV9-CBh"
    assert (rows[0]["start_1based"], rows[0]["end_1based"]) == ("107", "2003")
    assert "genome of CAR-lenti-EFS" in what
    assert "transcribed stretch of SMN1-mRNA" in what
    # SMN1 of the AAV and of the mRNA is one sequence; a line for each that differs.
    assert [one for one in what if one.startswith("coding")] == [
        "coding sequence of SMN1", "coding sequence of BIG1", "coding sequence of CAR",
    ]  # fmt: skip


def test_a_genome_without_itrs_is_ordered_whole():
    construct = build.assemble("bare", build.GenomeForm.SINGLE_STRANDED_AAV, [(build.K.PROMOTER, "EFS", build.part("EFS", 232), "")])  # fmt: skip
    vector = build.replace(build.smn_vector(), constructs=(construct,), plasmids=(), full_length=())
    assert order_rows(build.vector_plan(vector))[0].sequence == construct.sequence


def test_vectors_in_the_table_of_designs(tmp_path):
    write_dossier(build.vector_plan(), tmp_path)
    rows = rows_of(tmp_path / "designs.tsv")
    assert [row["vector"] for row in rows] == ["scAAV", "scAAV", "dual_AAV", "lentiviral", "LNP-mRNA"]
    assert [row["packaged_bp"] for row in rows] == ["2133", "1567", "3557;4147", "4181", "1167"]
    assert [row["full_length"] for row in rows] == ["", "", "1;1", "", ""]
    assert [row["spacer"] for row in rows] == [""] * 5
    assert rows[4]["cds_cpg_native"] == ""
    assert rows[0]["promoter"] == "CBh"
    write_dossier(plan_builder.sickle_plan(most_sites=0), tmp_path / "other")
    assert {row["vector"] + row["packaged_bp"] for row in rows_of(tmp_path / "other" / "designs.tsv")} == {""}


def test_every_column_is_documented():
    page = (DOCS / "reference" / "tables.md").read_text(encoding="utf-8")
    assert columns_text(VECTOR_TABLES) in page


def test_every_file_is_named_in_the_guide():
    page = (DOCS / "guides" / "report.md").read_text(encoding="utf-8")
    for name, _ in CONSTRUCT_FILES:
        assert f"`constructs/{name}`" in page
