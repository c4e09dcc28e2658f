"""``revertant car``: an antigen or a product in, a receptor in its vectors out as a dossier other programs read."""

from __future__ import annotations

import json

import pytest
from Bio import SeqIO

from revertant.cli import main
from revertant.modality.car_t import product_receptor

EXON = "CTTTGCCCCAACCCAGGCTGGAGTCCCTCTTGTCCCACAGATATCCAGAACCCTGACCCTGCCGTGTACCAGCTGAGAGACTCTAAATCC"


def run(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_an_antigen_gives_a_receptor_with_genbank_fasta_tables_and_a_report(tmp_path, capsys):
    out = tmp_path / "out"
    status, said, err = run(capsys, "car", "--antigen", "CD19", "--vector", "lentiviral", "--vector", "mrna",
                            "--vector", "transposon", "--out", out)  # fmt: skip
    assert (status, err) == (0, "")
    assert "486 residues" in said
    assert "no terminal repeats of a transposon" in said
    inside = out / "constructs"
    record = SeqIO.read(inside / "proteins.faa", "fasta")
    protein = str(record.seq)
    assert len(protein) == 486
    constructs = [SeqIO.read(path, "genbank") for path in sorted(inside.glob("*.gb"))]
    assert len(constructs) == 3
    for construct in constructs:
        (cds,) = [one for one in construct.features if one.type == "CDS"]
        assert str(cds.extract(construct.seq).translate(to_stop=True)) == protein
        assert cds.qualifiers["translation"] == [protein]
    head, *rows = [line.split("\t") for line in (inside / "domains.tsv").read_text().splitlines()]
    assert "".join(dict(zip(head, row, strict=True))["residues"] for row in rows) == protein
    keys = {line.split("\t")[0] for line in (inside / "parts.tsv").read_text().splitlines()}
    assert {"fmc63_vl", "cd137_icd", "promoter_ef1a"} <= keys
    page = (out / "report.html").read_text(encoding="utf-8")
    for words in (
        "FMC63 VH",
        "T-cell malignancies",
        "No longer in force: Sold under a REMS",
        "Design without a patient",
    ):
        assert words in page
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert plan["designs"][0]["design"]["route"] == "attack_tumour"
    assert dict(plan["provenance"]["parameters"])["antigen"] == "CD19"


def test_a_product_is_rebuilt_and_said_so(tmp_path, capsys):
    status, said, _ = run(
        capsys, "car", "--product", "Breyanzi", "--vector", "mrna", "--out", tmp_path / "a", "--json"
    )
    found = json.loads(said)
    assert status == 0
    (design,) = found["designs"]
    assert design["protein"] == product_receptor("breyanzi").protein
    assert design["tier"] == "receptor of an approved product"


def test_costimulation_is_named_as_people_name_it(tmp_path, capsys):
    status, said, _ = run(capsys, "car", "--antigen", "cd19", "--costim", "CD28", "--vector", "mrna", "--json",
                          "--out", tmp_path / "a")  # fmt: skip
    assert status == 0
    assert len(json.loads(said)["designs"][0]["protein"]) == 482


def test_the_day_decides_what_labels_say(tmp_path, capsys):
    def rems(day, name):
        _, said, _ = run(capsys, "car", "--antigen", "CD19", "--vector", "mrna", "--date", day, "--json",
                         "--out", tmp_path / name)  # fmt: skip
        found = json.loads(said)["designs"][0]["findings"]
        return next(one["status"] for one in found if one["rule"] == "car_t.rems")

    assert rems("2025-06-25", "a") == "caution"
    assert rems("2025-06-26", "b") == "not_applicable"


def test_a_donor_with_arms_that_are_too_short_is_stopped(tmp_path, capsys):
    place = tmp_path / "trac.fa"
    place.write_text(f">trac\n{EXON}\n")
    status, said, _ = run(capsys, "car", "--antigen", "CD19", "--vector", "aav6_trac", "--trac", place,
                          "--out", tmp_path / "a")  # fmt: skip
    assert status == 5
    assert "too short" in said
    assert list((tmp_path / "a" / "constructs").glob("*TRAC.gb"))


def test_a_donor_reads_its_arms_from_a_reference_window(tmp_path, capsys):
    before = "ACGTTGCAAT" * 96
    bases = (before + EXON).ljust(2003, "G")
    window = tmp_path / "windows.fa"
    window.write_text(f">chr14:22546506-{22546505 + len(bases)}\n{bases}\n")
    status, said, err = run(capsys, "car", "--antigen", "CD19", "--vector", "aav6_trac", "--reference", window,
                            "--json", "--out", tmp_path / "a")  # fmt: skip
    assert (status, err) == (0, "")
    found = {one["rule"]: one["status"] for one in json.loads(said)["designs"][0]["findings"]}
    assert (found["trac.arms"], found["trac.donor_not_cut"]) == ("pass", "pass")


def test_a_reference_without_the_place_is_refused_with_the_interval(tmp_path, capsys):
    window = tmp_path / "windows.fa"
    window.write_text(">chr14:1-100\n" + "A" * 100 + "\n")
    status, _, err = run(capsys, "car", "--antigen", "CD19", "--vector", "aav6_trac", "--reference", window,
                         "--out", tmp_path / "a")  # fmt: skip
    assert status == 3
    assert "chr14:22546506-22548506" in err


def test_without_the_place_the_donor_is_refused_and_the_rest_is_made(tmp_path, capsys):
    status, said, _ = run(capsys, "car", "--antigen", "CD19", "--vector", "aav6_trac", "--vector", "mrna",
                          "--out", tmp_path / "a")  # fmt: skip
    assert status == 0
    assert "chr14:22546506-22548506" in said


def test_a_scenario_of_escape_is_worked_out_for_what_was_stated(tmp_path, capsys):
    status, said, _ = run(capsys, "car", "--antigen", "CD19", "--second-binder", "m971", "--vector", "mrna", "--json",
                          "--burden-cells", "1e9", "--loss-rate", "1e-7", "--loss-rate", "1e-7",
                          "--joint-loss-rate", "0", "--doubling-days", "7", "--out", tmp_path / "a")  # fmt: skip
    assert status == 0
    found = next(
        one for one in json.loads(said)["designs"][0]["findings"] if one["rule"] == "escape.probability"
    )
    assert found["status"] == "unknown"
    assert float(found["value"].split(";")[0]) < 0.01
    assert "CD19 1e-7, CD22 1e-7" in found["because"]


def test_a_users_parts_make_what_the_catalogue_refuses(tmp_path, capsys):
    asked = ["car", "--antigen", "CD19", "--switch", "rqr8", "--vector", "mrna"]
    status, _, err = run(capsys, *asked, "--out", tmp_path / "a")
    assert status == 5
    assert "Bring them with --parts" in err
    own = tmp_path / "own.toml"
    own.write_text(
        '[rqr8]\nname = "ours"\nrole = "switch"\norigin = "synthetic"\nprotein = "ACPYSNPSLC"\nlength_aa = 10\n'
        'action = "rituximab"\nneeds_signal = true\nsources = ["repository:ours"]\nas_of = "2026-11-26"\n'
    )
    status, _, err = run(capsys, *asked, "--parts", own, "--out", tmp_path / "a")
    assert (status, err) == (0, "")
    assert "ACPYSNPSLC" in (tmp_path / "a" / "constructs" / "domains.tsv").read_text()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ([], 2, "antigen or for a product"),
        (["--antigen", "CD19", "--product", "kymriah_leukaemia"], 2, "one of them"),
        (["--antigen", "CD1x"], 3, "No binder"),
        (["--antigen", "ERBB2"], 5, "No residues of Trastuzumab"),
        (["--antigen", "CD19", "--vector", "plasmid"], 2, "--vector is 'plasmid'"),
        (["--antigen", "CD19", "--date", "yesterday"], 2, "is no day"),
        (["--antigen", "CD19", "--generation", "3", "--costim", "CD28"], 2, "2 costimulatory"),
        (["--antigen", "CD19", "--loss-rate", "1e-7"], 2, "--burden-cells"),
        (
            ["--antigen", "CD19", "--burden-cells", "1e9", "--loss-rate", "0", "--loss-rate", "0"],
            2,
            "2 rates",
        ),
        (["--antigen", "CD19", "--vector", "transposon"], 5, ""),
        (["--product", "nothing"], 3, "No receptor of a product"),
        (["--antigen", "CD19", "--promoter", "nothing"], 2, "no promoter"),
        (["--product", "Kymriah", "--switch", "egfrt"], 2, "Nothing would come of --switch"),
        (
            ["--antigen", "CD19", "--vector", "mrna", "--promoter", "promoter_efs"],
            2,
            "Nothing would come of --promoter",
        ),
        (["--antigen", "CD19", "--reference", "none.fa"], 2, "Nothing would come of --reference"),
        (["--antigen", "CD19", "--avoid-site", "NoEnzyme"], 2, "no restriction enzyme"),
    ],
)
def test_what_cannot_be_done_says_why(tmp_path, capsys, arguments, status, words):
    found, said, err = run(capsys, "car", *arguments, "--out", tmp_path / "a")
    assert found == status
    assert words in said + err
    assert "Traceback" not in err


def test_an_earlier_dossier_is_not_replaced_unasked(tmp_path, capsys):
    asked = ["car", "--antigen", "CD19", "--vector", "mrna", "--out", tmp_path / "a"]
    assert run(capsys, *asked)[0] == 0
    assert run(capsys, *asked)[0] == 2
    assert run(capsys, *asked, "--force")[0] == 0


def test_a_file_with_two_records_is_no_place(tmp_path, capsys):
    place = tmp_path / "two.fa"
    place.write_text(f">a\n{EXON}\n>b\n{EXON}\n")
    status, _, err = run(capsys, "car", "--antigen", "CD19", "--vector", "aav6_trac", "--trac", place,
                         "--out", tmp_path / "a")  # fmt: skip
    assert status == 3
    assert "2 records" in err


def test_residues_of_a_switch_are_told_apart_from_the_receptor(tmp_path, capsys):
    asked = ("car", "--antigen", "CD19", "--costim", "CD28", "--vector", "mrna")
    _, said, _ = run(capsys, *asked, "--switch", "egfrt", "--out", tmp_path / "a")
    assert "860 residues with its safety switch" in " ".join(said.split())
    _, said, _ = run(capsys, *asked, "--out", tmp_path / "b")
    assert "482 residues, can be" in " ".join(said.split())
