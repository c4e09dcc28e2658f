"""``revertant reproduce``: the same bytes from the crate, and a clear word where they cannot be had."""

from __future__ import annotations

import json
import os
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from revertant.cli import main
from revertant.model import Trial
from revertant.trials.store import TrialStore

DEMO = Path(str(files("revertant.cli") / "demo_data"))
QUICK = ("--no-offtargets", "--most-designs", "2", "--nuclease", "spcas9", "--editor", "abemax", "--quiet")


def run(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def names_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def assert_same(one: Path, other: Path) -> None:
    assert names_of(one) == names_of(other)
    for name in names_of(one):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small dossier of a built-in case, made once; tests that change it copy it."""
    folder = tmp_path_factory.mktemp("made") / "a"
    assert main(["plan", str(DEMO / "sickle_cell.yaml"), *QUICK, "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def scattered(tmp_path):
    """A case whose files lie elsewhere than beside it: a phenopacket below, a VCF above, models and genome named."""
    home = tmp_path / "study" / "cases"
    home.mkdir(parents=True)
    (home / "packets").mkdir()
    (tmp_path / "study" / "calls").mkdir()
    # Another file than the demo's own, which would be found by its digest.
    calls = (DEMO / "rs713040.vcf").read_bytes().replace(b"\n", b"\n##person=another\n", 1)
    (tmp_path / "study" / "calls" / "person.vcf").write_bytes(calls)
    for name in ("loci.GRCh38.fa", "HBB.GRCh38.gtf"):
        shutil.copy(DEMO / name, tmp_path / "study" / name)
    case = (DEMO / "sickle_cell_rs713040.yaml").read_text(encoding="utf-8")
    packet = {
        "id": "packet",
        "subject": {"id": "demo-patient"},
        "phenotypicFeatures": [{"type": {"id": "HP:0001923", "label": "Reticulocytosis"}}],
        "metaData": {"created": "2026-01-01T00:00:00Z", "createdBy": "a test"},
    }
    (home / "packets" / "packet.json").write_text(json.dumps(packet), encoding="utf-8")
    text = case.replace("rs713040.vcf", "../calls/person.vcf")
    text = text.replace("loci.GRCh38.fa", "../loci.GRCh38.fa").replace("HBB.GRCh38.gtf", "../HBB.GRCh38.gtf")
    (home / "case.yaml").write_text(f"phenopacket: packets/packet.json\n{text}\n", encoding="utf-8")
    return home / "case.yaml"


@pytest.mark.parametrize(
    "demo",
    [
        "b-all",
        *(
            pytest.param(name, marks=pytest.mark.long)
            for name in ("sickle-cell", "sickle-cell-phased", "sma", "rpe65")
        ),
    ],
)
def test_a_demo_is_made_again_without_naming_anything(tmp_path, capsys, demo):
    assert run(capsys, "demo", demo, "--out", tmp_path / "a")[0] == 0
    status, out, err = run(capsys, "reproduce", tmp_path / "a", "--out", tmp_path / "b")
    assert (status, err) == (0, "")
    assert "Every file is the same, byte for byte." in out
    assert_same(tmp_path / "a", tmp_path / "b")


def test_options_come_out_of_the_crate(tmp_path, capsys):
    case = DEMO / "sickle_cell.yaml"
    chosen = (
        "--nuclease",
        "spcas9",
        "--country",
        "DE",
        "--date",
        "2026-11-26",
        "-m",
        "2",
        "--max-edits",
        "3",
    )
    assert run(capsys, "plan", case, *chosen, "--most-designs", "1", "--out", tmp_path / "a")[0] == 0
    crate = tmp_path / "a" / "ro-crate-metadata.json"
    status, out, _ = run(capsys, "reproduce", crate, "--out", tmp_path / "b", "--json")
    found = json.loads(out)
    assert (status, found["ok"], found["notes"]) == (0, True, [])
    assert {row["state"] for row in found["files"]} == {"same"}
    assert_same(tmp_path / "a", tmp_path / "b")


def test_inputs_are_found_by_digest_whatever_they_are_called(tmp_path, capsys, scattered):
    assert run(capsys, "plan", scattered, *QUICK, "--out", tmp_path / "a")[0] == 0
    moved = tmp_path / "moved"
    moved.mkdir()
    originals = [path for path in scattered.parents[1].rglob("*") if path.is_file()]
    for number, path in enumerate(originals):
        path.rename(moved / f"{number}{path.suffix}")
    status, out, err = run(
        capsys, "reproduce", tmp_path / "a", "--inputs", moved, "--out", tmp_path / "b", "--quiet"
    )
    assert (status, err) == (0, ""), out
    assert_same(tmp_path / "a", tmp_path / "b")


def test_own_parts_and_a_store_of_trials_are_inputs_like_any(tmp_path, capsys):
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "own.toml").write_text(
        '[rqr8]\nname = "ours"\nrole = "switch"\norigin = "synthetic"\nprotein = "ACPYSNPSLC"\nlength_aa = 10\n'
        'action = "rituximab"\nneeds_signal = true\nsources = ["repository:ours"]\nas_of = "2026-11-26"\n',
        encoding="utf-8",
    )
    trial = Trial(
        nct_id="NCT00000001",
        title="Sickle cell",
        last_update="2026-01-01",
        conditions=("Sickle Cell Disease",),
    )
    with TrialStore(inputs / "trials.sqlite", writing=True) as store:
        store.put([trial])
    named = ("--parts", inputs / "own.toml", "--trials", inputs / "trials.sqlite")
    assert run(capsys, "plan", DEMO / "sickle_cell.yaml", *QUICK, *named, "--out", tmp_path / "a")[0] == 0
    again = ("reproduce", tmp_path / "a", "--out", tmp_path / "b", "--quiet")
    status, _, err = run(capsys, *again)
    assert status == 4
    assert "parts own.toml" in err
    assert "trials trials.sqlite" in err
    assert run(capsys, *again, "--inputs", inputs)[0] == 0
    assert_same(tmp_path / "a", tmp_path / "b")


def test_carried_inputs_are_enough(tmp_path, capsys, scattered):
    assert run(capsys, "plan", scattered, *QUICK, "--bundle-inputs", "--out", tmp_path / "a")[0] == 0
    assert {path.name for path in (tmp_path / "a" / "crate_inputs").iterdir()} >= {
        "case.yaml",
        "person.vcf",
        "packet.json",
    }
    shutil.rmtree(scattered.parents[1])
    shutil.move(tmp_path / "a", tmp_path / "elsewhere")
    assert run(capsys, "reproduce", tmp_path / "elsewhere", "--out", tmp_path / "b", "--quiet")[0] == 0
    assert_same(tmp_path / "elsewhere", tmp_path / "b")


def test_an_input_that_is_missing_or_another_is_named(tmp_path, capsys, scattered):
    assert run(capsys, "plan", scattered, *QUICK, "--out", tmp_path / "a")[0] == 0
    vcf = scattered.parents[1] / "calls" / "person.vcf"
    vcf.write_bytes(vcf.read_bytes().replace(b"\n", b"\n##changed=yes\n", 1))
    scattered.unlink()
    again = ("reproduce", tmp_path / "a", "--inputs", scattered.parents[1], "--out", tmp_path / "b")
    status, out, err = run(capsys, *again, "--quiet")
    assert (status, out) == (4, "")
    assert "vcf person.vcf" in err
    assert "with other content" in err
    assert "case case.yaml" in err
    assert "--inputs" in err
    assert not (tmp_path / "b").exists()


def test_a_file_changed_after_it_was_made_is_told(tmp_path, capsys, made):
    shutil.copytree(made, tmp_path / "a")
    table = tmp_path / "a" / "designs.tsv"
    table.write_text(table.read_text(encoding="utf-8") + "added\n", encoding="utf-8")
    (tmp_path / "a" / "oligos.tsv").unlink()
    status, out, _ = run(capsys, "reproduce", tmp_path / "a", "--out", tmp_path / "b", "--quiet")
    assert status == 4
    assert "different  designs.tsv" in out
    assert "different  oligos.tsv (the earlier file is gone)" in out
    assert "were changed after it was made, or are gone: designs.tsv, oligos.tsv." in out
    assert "The dossiers are not the same." in out


def test_another_version_and_another_catalogue_are_told(tmp_path, capsys, made):
    shutil.copytree(made, tmp_path / "a")
    crate = tmp_path / "a" / "ro-crate-metadata.json"
    value = json.loads(crate.read_text(encoding="utf-8"))
    for entity in value["@graph"]:
        if entity["@type"] == "SoftwareApplication":
            entity["softwareVersion"] = "0.0.9"
        if entity.get("name") == "genes.toml":
            entity["version"] = "000000000000"
    crate.write_text(json.dumps(value), encoding="utf-8")
    status, out, _ = run(capsys, "reproduce", tmp_path / "a", "--out", tmp_path / "b", "--json")
    notes = " ".join(json.loads(out)["notes"])
    assert status == 4
    assert "version 0.0.9" in notes
    assert "genes.toml" in notes


def test_a_design_without_a_case_is_refused(tmp_path, capsys):
    variant = (
        "NM_000518.5:c.20A>T",
        "--reference",
        DEMO / "loci.GRCh38.fa",
        "--models",
        DEMO / "HBB.GRCh38.gtf",
    )
    assert run(capsys, "design", *variant, *QUICK, "--out", tmp_path / "a")[0] == 0
    status, out, err = run(capsys, "reproduce", tmp_path / "a", "--out", tmp_path / "b")
    assert (status, out) == (4, "")
    assert "without a case" in err


def test_over_itself_is_refused(tmp_path, capsys, made):
    shutil.copytree(made, tmp_path / "a")
    before = (tmp_path / "a" / "plan.json").read_bytes()
    status, _, err = run(capsys, "reproduce", tmp_path / "a", "--out", tmp_path / "a", "--force")
    assert status == 4
    assert "--out" in err
    assert (tmp_path / "a" / "plan.json").read_bytes() == before


@pytest.mark.parametrize(
    "text", ["", "[" * 100_000, "[]", "{}", '{"@graph": [1]}', '{"@graph": [{"@id": "#making"}]}']
)
def test_what_is_no_crate_is_refused(tmp_path, capsys, text):
    (tmp_path / "ro-crate-metadata.json").write_text(text, encoding="utf-8")
    status, out, err = run(capsys, "reproduce", tmp_path, "--out", tmp_path / "b")
    assert (status, out) == (3, "")
    assert "not the crate of a dossier" in err
    assert run(capsys, "reproduce", tmp_path / "nowhere", "--out", tmp_path / "b")[0] == 3


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "a\0b"),
        ("name", "x" * 300),
        ("name", 5),
        ("sha256", ""),
        ("sha256", None),
        ("sha256", "a pass"),
        ("additionalType", None),
    ],
)
def test_a_crate_edited_by_hand_is_refused_and_no_bug(tmp_path, capsys, made, key, value):
    crate = json.loads((made / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    next(entity for entity in crate["@graph"] if entity.get("additionalType") == "case")[key] = value
    (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(crate), encoding="utf-8")
    status, _, err = run(capsys, "reproduce", tmp_path, "--out", tmp_path / "b")
    assert status == 3
    assert "not the crate of a dossier" in err


def test_a_parameter_that_is_no_text_and_a_name_with_a_nul_are_refused(tmp_path, capsys, made):
    for change in (
        {"@type": "PropertyValue", "value": ["3"]},
        {"@type": "File", "@id": "a\0b", "sha256": "ab"},
    ):
        crate = json.loads((made / "ro-crate-metadata.json").read_text(encoding="utf-8"))
        next(one for one in crate["@graph"] if one["@type"] == change["@type"]).update(change)
        (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(crate), encoding="utf-8")
        assert run(capsys, "reproduce", tmp_path, "--out", tmp_path / "b")[0] == 3


def test_a_pipe_and_a_device_in_a_dossier_are_not_read(tmp_path, capsys, made):
    shutil.copytree(made, tmp_path / "a")
    (tmp_path / "a" / "report.html").unlink()
    (tmp_path / "a" / "report.html").symlink_to("/dev/zero")
    (tmp_path / "a" / "designs.tsv").unlink()
    os.mkfifo(tmp_path / "a" / "designs.tsv")
    status, out, _ = run(capsys, "reproduce", tmp_path / "a", "--out", tmp_path / "b")
    assert status == 4
    assert "changed after it was made, or are gone: " in out
    assert "different  report.html (the earlier file is gone)" in out


def test_a_crate_whose_names_lead_out_of_a_folder_is_refused(tmp_path, capsys, made):
    shutil.copytree(made, tmp_path / "a")
    crate = tmp_path / "a" / "ro-crate-metadata.json"
    for name in ("../../taken.yaml", "/etc/passwd", ".."):
        value = json.loads(crate.read_text(encoding="utf-8"))
        case = next(entity for entity in value["@graph"] if entity.get("additionalType") == "case")
        case["name"] = name
        (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(value), encoding="utf-8")
        assert run(capsys, "reproduce", tmp_path, "--out", tmp_path / "b")[0] == 3


def test_force_does_not_replace_a_folder_of_ones_own(tmp_path, capsys):
    out = tmp_path / "a"
    (out / "crate_inputs" / "mine").mkdir(parents=True)
    status, _, err = run(capsys, "demo", "sma", "--out", out, "--force")
    assert status == 2
    assert "crate_inputs" in err
    assert (out / "crate_inputs" / "mine").is_dir()
