"""Every command: what it prints, where it writes, and which exit status it ends with."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from revertant import __version__
from revertant.cli import main
from revertant.cli.demo import DEMOS
from revertant.dossier import DOSSIER_FILES, EXCHANGE_FILES
from revertant.genome import Reference

DATA = Path(str(files("revertant.cli") / "demo_data"))
REFERENCE, MODELS = str(DATA / "loci.GRCh38.fa"), str(DATA / "HBB.GRCh38.gtf")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def case_file(folder: Path, **changes: str) -> Path:
    """Write the sickle-cell case with some lines changed."""
    lines = {
        "id": "id: test-case",
        "subject": "subject: {id: p1, sex: female, age: 30}",
        "diseases": "diseases: [{id: 'OMIM:603903'}]",
        "variants": "variants: [{hgvs: 'NM_000518.5:c.20A>T', gene: HBB, zygosity: homozygous, "
        "pathogenicity: pathogenic}]",
        "consent": "consent: yes",
        "files": f"files: {{reference: {REFERENCE}, models: {MODELS}}}",
        **changes,
    }
    path = folder / "case.yaml"
    path.write_text("\n".join(lines.values()) + "\n", encoding="utf-8")
    return path


def test_version_and_help_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version") == (0, f"revertant {__version__}\n", "")
    status, out, _ = run(capsys, "--help")
    assert status == 0
    for command in ("plan", "demo", "variant", "atlas", "schema", "reference"):
        assert command in out


@pytest.mark.parametrize("demo", DEMOS, ids=lambda demo: demo.name)
def test_every_demo_makes_a_whole_dossier(
    demo: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out"
    status, out, err = run(capsys, "demo", demo.name, "--out", str(folder))
    assert (status, err) == (0, "")
    assert str(folder / "report.html") in out
    # A demo with vectors has a folder for them; one without a genome has no places on it.
    names = {path.name for path in folder.iterdir()} - {"constructs"}
    exchange = {name for name, _ in EXCHANGE_FILES}
    assert names - exchange == {name for name, _ in DOSSIER_FILES}
    on_genome = set() if demo.name in {"sma", "rpe65", "b-all"} else {"edits.bed", "edits.vcf"}
    assert names & exchange == {"phenopacket.json", "fhir.json", *on_genome}


def test_the_demo_list_says_what_each_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "demo", "--list")
    assert status == 0
    for demo in DEMOS:
        assert demo.name in out
        assert demo.teaches in out
    listed = json.loads(run(capsys, "demo", "--list", "--json")[1])
    assert [demo["name"] for demo in listed["demos"]] == [demo.name for demo in DEMOS]


def test_an_unknown_demo_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "demo", "nothing")
    assert (status, out) == (2, "")
    assert "sickle-cell" in err


def test_plan_refuses_to_overwrite_before_it_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "plan.json").write_text("kept", encoding="utf-8")
    monkeypatch.setattr("revertant.planning.make_plan", lambda *_: pytest.fail("planned before it looked"))
    status, _, err = run(capsys, "plan", str(case_file(tmp_path)), "--out", str(folder))
    assert status == 2
    assert "--force" in err
    assert (folder / "plan.json").read_text(encoding="utf-8") == "kept"


def test_plan_as_json_names_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "out"
    status, out, err = run(capsys, "plan", str(case_file(tmp_path)), "--out", str(folder), "--json")
    found = json.loads(out)
    assert (status, err, found["ok"]) == (0, "", True)
    assert {Path(name).name for name in found["files"]} >= {name for name, _ in DOSSIER_FILES}
    assert found["designs"] > 0


def test_options_win_over_the_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare = case_file(tmp_path, files="")
    run(capsys, "plan", str(bare), "--out", str(tmp_path / "a"))
    unjudged = json.loads((tmp_path / "a" / "plan.json").read_text(encoding="utf-8"))["rejections"]
    told = {one["modality"]: one["because"] for one in unjudged}
    assert told["base_editing"] == "Not judged: no reference genome was given."
    status, _, err = run(capsys, "plan", str(bare), "--models", MODELS, "--out", str(tmp_path / "c"))
    assert status == 2
    assert "--reference" in err
    arguments = ("--reference", REFERENCE, "--models", MODELS, "--no-offtargets", "--editor", "abe8e_nrch")
    status, _, _ = run(capsys, "plan", str(bare), "--out", str(tmp_path / "b"), *arguments)
    assert status == 0
    plan = json.loads((tmp_path / "b" / "plan.json").read_text(encoding="utf-8"))
    editors = {d["design"]["effector"] for d in plan["designs"] if d["design"]["modality"] == "base_editing"}
    assert editors == {"abe8e_nrch"}
    assert plan["coverage"] is None
    coverage = [
        f for d in plan["designs"] for f in d["assessment"]["findings"] if f["rule"] == "offtarget.coverage"
    ]
    assert {finding["status"] for finding in coverage} == {"unknown"}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"intent": "intent: heritable"}, "G1"),
        ({"cells": "target_cells: embryo"}, "G1"),
        ({"cells": "target_cells: germline"}, "G1"),
        ({"intent": "intent: enhancement"}, "G4"),
        (
            {"variants": "variants: [{hgvs: 'NM_000518.5:c.20A>T', pathogenicity: uncertain_significance}]"},
            "G7",
        ),
    ],
)
def test_the_gate_stops_with_status_6(
    changes: dict[str, str], rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out"
    status, out, err = run(
        capsys, "plan", str(case_file(tmp_path, **changes)), "--out", str(folder), "--force"
    )
    assert (status, out) == (6, "")
    assert rule in err
    assert not folder.exists()


def test_no_design_ends_with_status_5_and_a_dossier_that_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = case_file(
        tmp_path,
        diseases="diseases: [{id: 'OMIM:141749'}]",
        variants="variants: [{hgvs: 'NM_000518.5:c.20del', gene: HBB, zygosity: heterozygous, "
        "pathogenicity: pathogenic, mechanism: dominant_negative}]",
    )
    # Prime editors, and donors beside a cut, could put the base back; this base editor and this PAM cannot, and another
    # gene beside a harmful product helps nobody.
    narrowed = ("--editor", "abemax", "--nuclease", "spcas9_vrer")
    status, _, _ = run(capsys, "plan", str(case), *narrowed, "--out", str(tmp_path / "out"))
    assert status == 5
    plan = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert plan["designs"] == []
    assert plan["rejections"]
    assert plan["verdict"].startswith("No design")


@pytest.mark.parametrize(
    ("changes", "status", "word"),
    [
        (
            {"variants": "variants: [{hgvs: 'NM_000518.9:c.20A>T', pathogenicity: pathogenic}]"},
            4,
            "NM_000518.5",
        ),
        ({"variants": "variants: [{hgvs: 'NM_000518.5:c.20G>T', pathogenicity: pathogenic}]"}, 4, "A"),
        ({"variants": "variants: [{vcf: 'chr1:5227002:T:A', pathogenicity: pathogenic}]"}, 4, "chr1"),
        ({"variants": "variants: [{vcf: 'chr11:100:T:A', pathogenicity: pathogenic}]"}, 4, "chr11"),
        ({"variants": "variants: [{hgvs: 'nonsense', pathogenicity: pathogenic}]"}, 3, "nonsense"),
        ({"id": "idd: x"}, 3, "idd"),
        ({"transcript": "transcript: NM_999999.1"}, 4, "NM_999999.1"),
    ],
)
def test_bad_cases_are_clear_errors(
    changes: dict[str, str], status: int, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = case_file(tmp_path, **changes)
    found, out, err = run(capsys, "plan", str(case), "--out", str(tmp_path / "out"))
    assert (found, out) == (status, "")
    assert word in err
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()
    as_json = run(capsys, "plan", str(case), "--out", str(tmp_path / "out"), "--json")
    assert as_json[0] == status
    assert json.loads(as_json[1])["exit_status"] == status


def test_a_bug_is_said_to_be_one_without_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret patient name")

    monkeypatch.setattr("revertant.patient.read_case", fail)
    status, out, err = run(capsys, "plan", str(case_file(tmp_path)), "--out", str(tmp_path / "out"))
    assert (status, out) == (1, "")
    assert "bug" in err
    assert "secret" not in err
    monkeypatch.setenv("REVERTANT_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["plan", str(case_file(tmp_path)), "--out", str(tmp_path / "out")])


def test_an_interrupt_ends_with_130(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("revertant.patient.read_case", interrupt)
    assert run(capsys, "plan", str(case_file(tmp_path)), "--out", str(tmp_path / "out"))[0] == 130


@pytest.mark.parametrize(
    "arguments", [["plan"], ["plan", "x", "--nonsense"], ["nothing"], ["plan", "x", "-m", "99"]]
)
def test_misuse_ends_with_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("Error:")


def test_an_unknown_editor_is_named_with_the_known_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = str(case_file(tmp_path))
    status, _, err = run(capsys, "plan", case, "--out", str(tmp_path / "o"), "--editor", "abe99")
    assert status == 2
    assert "abe8e_nrch" in err


def test_variant_in_every_way_of_writing_it(capsys: pytest.CaptureFixture[str]) -> None:
    expressions = ("NM_000518.5:c.20A>T", "NC_000011.10:g.5227002T>A", "chr11:5227002:T:A", "11-5227002-T-A")
    answers = {
        run(capsys, "variant", e, "--reference", REFERENCE, "--models", MODELS)[1] for e in expressions
    }
    assert len(answers) == 1
    text = answers.pop()
    for part in (
        "chr11:5227002:T:A",
        "NC_000011.10:g.5227002T>A",
        "NM_000518.5:c.20A>T",
        "p.(Glu7Val)",
        "missense",
    ):
        assert part in text
    found = json.loads(
        run(
            capsys,
            "variant",
            "rs334",
            "--reference",
            REFERENCE,
            "--vcf",
            str(DATA / "rs713040.vcf"),
            "--json",
        )[1]
    )
    assert found["vcf"] == "chr11:5227002:T:A"


def test_schema_is_the_published_one(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "schema")
    assert status == 0
    published = Path(__file__).parents[2] / "docs" / "schema" / "plan.schema.json"
    assert json.loads(out) == json.loads(published.read_text(encoding="utf-8"))


def test_reference_info(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, "reference", "info", REFERENCE, "--json")[1])
    assert (found["stretches"], found["bases"], found["whole_genome"]) == (2, 3891, False)
    assert "bases\t3891" in run(capsys, "reference", "info", REFERENCE)[1]


def patient_vcf(folder: Path, *rows: str) -> Path:
    head = '##fileformat=VCFv4.2\n##contig=<ID=chr11,length=135086622>\n##FORMAT=<ID=GT,Number=1,Type=String,Description="GT">\n'
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tdemo\n"
    path = folder / "patient.vcf"
    path.write_text(head + columns + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_a_variant_in_the_start_codon_beside_the_disease(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vcf = patient_vcf(
        tmp_path,
        "chr11\t5227002\t.\tT\tA\t.\tPASS\t.\tGT\t1/1",
        "chr11\t5227020\t.\tA\tG\t.\tPASS\t.\tGT\t0/1",
    )
    out = tmp_path / "out"
    assert run(capsys, "plan", str(case_file(tmp_path)), "--vcf", str(vcf), "--out", str(out))[0] == 0


def test_many_unphased_variants_are_refused_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = Reference.open(REFERENCE)
    other = {"A": "G", "G": "A", "C": "T", "T": "C"}
    rows = ["variants:"]
    for position in range(5225600, 5225606):
        base = reference.fetch("chr11", position - 1, position)
        rows.append(
            f"  - {{vcf: 'chr11:{position}:{base}:{other[base]}', gene: HBB, zygosity: heterozygous, pathogenicity: pathogenic}}"
        )
    case = case_file(tmp_path, variants="\n".join(rows))
    run(capsys, "plan", str(case), "--out", str(tmp_path / "out"), "--no-offtargets")
    plan = (tmp_path / "out" / "plan.json").read_text(encoding="utf-8")
    assert "phase the variants first" in plan


def test_an_impossible_folder_is_refused_before_any_work(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "plan", "no-such-case.yaml", "--out", "x" * 300)
    assert (status, out) == (2, "")
    assert "bug" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_stdout_is_no_bug() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from revertant.cli import main; sys.exit(main(['schema']))"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode in {2, 120}
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ('{"a":' * 50_000, ("replay", "FILE")),
        ("a = " + "[" * 20_000, ("car", "--antigen", "CD19", "--parts", "FILE", "--out", "OUT")),
        ("a = " + "[" * 20_000, ("policy", "explain", "CASE", "--rules", "FILE")),
        ("[" * 50_000, ("policy", "replay", "FILE")),
        ("what\tsequence\nx\t" + "A" * 200_000, ("policy", "screen", "FILE")),
    ],
    ids=["replay", "parts", "rules", "log", "order"],
)
def test_a_file_that_no_reader_can_hold_is_no_bug(tmp_path, capsys, text, command):
    (tmp_path / "file").write_text(text, encoding="utf-8")
    names = {"FILE": tmp_path / "file", "OUT": tmp_path / "out", "CASE": tmp_path / "case.yaml"}
    names["CASE"].write_text("id: c\nvariants: [{hgvs: 'NM_000518.5:c.20A>T', zygosity: homozygous}]\n")
    status, _, err = run(capsys, *(str(names.get(one, one)) for one in command))
    assert status in {2, 3}
    assert "bug" not in err
    assert "nested too deeply" in err or "recursion" in err or "no sheet of sequences" in err, err
