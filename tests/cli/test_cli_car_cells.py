"""``revertant car`` with the cells: whose they are, what is edited in them, and what their breaks can be joined to."""

from __future__ import annotations

import json

import pytest

from revertant.cli import main
from revertant.sequence import reverse_complement
from t_cell_genes import B2M, B2M_START, TRBC2_PIECE, TRBC2_START, write_files

# Made up for this test: no domain of any antibody. It has the form of a binder's file and nothing else.
BINDER = """as_of = "2026-11-26"

[test_vhh]
name = "Test domain, made up"
role = "variable_domain"
fold = "VHH"
origin = "synthetic"
protein = "QVQLTESTTESTAAACTESTWGQGTQVTVSS"
length_aa = 31
sources = ["repository:made up for a test"]

[test_binder]
name = "Test binder, made up"
antigen = "CD7"
domains = ["test_vhh"]
stage = "none"
sources = ["repository:made up for a test"]
"""


def run(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def plan_of(folder):
    return json.loads((folder / "plan.json").read_text(encoding="utf-8"))


def car_of(plan):
    return plan["designs"][0]["design"]["car"]


def rules_of(plan):
    return {one["rule"]: one["status"] for one in plan["designs"][0]["assessment"]["findings"]}


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    return write_files(tmp_path_factory.mktemp("genome"))


def test_given_cells_against_cd7_without_a_binder_are_planned_but_for_the_receptor(tmp_path, capsys):
    out = tmp_path / "a"
    status, said, _ = run(
        capsys, "car", "--antigen", "CD7", "--cells", "allogeneic", "--alemtuzumab", "--out", out
    )
    assert status == 5
    assert "for want of a binder" in " ".join(said.split())
    plan = plan_of(out)
    car = car_of(plan)
    assert [edit["gene"] for edit in car["edit_set"]["edits"]] == ["TRAC", "CD7", "B2M", "CIITA", "CD52"]
    assert all("is needed" in edit["needs"] for edit in car["edit_set"]["edits"])
    rules = rules_of(plan)
    assert (rules["receptor.binder"], rules["receptor.binder_needed"]) == ("fail", "unknown")
    assert {"edits.graft_versus_host", "edits.host_versus_graft", "edits.fratricide"} <= set(rules)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "No receptor could be laid" in page
    assert "antigen = &#39;CD7&#39;" in page


def test_a_binder_of_the_users_own_makes_the_receptor_and_the_cells_are_edited(tmp_path, capsys, genome):
    own = tmp_path / "own.toml"
    own.write_text(BINDER)
    fasta, models = genome
    out = tmp_path / "a"
    status, _, err = run(
        capsys, "car", "--antigen", "CD7", "--parts", own, "--cells", "allogeneic", "--knock-out", "TRBC1,TRBC2",
        "--hla", "A*02:01,A*24:02", "--donor-hla", "A*02:01", "--donor-hla", "A*01:01", "--edit-first", "nuclease",
        "--reference", fasta, "--models", models, "-m", "2", "--dna-bulges", "0", "--rna-bulges", "0", "--out", out,
    )  # fmt: skip
    assert (status, err) == (0, "")
    plan = plan_of(out)
    car = car_of(plan)
    assert "QVQLTESTTESTAAACTESTWGQGTQVTVSS" in car["protein"]
    edits = {edit["gene"]: edit for edit in car["edit_set"]["edits"]}
    assert list(edits) == ["CD7", "B2M", "CIITA", "TRBC1", "TRBC2"]
    breaks = sum(edit["options"][0]["breaks"] for edit in edits.values() if edit["options"])
    assert breaks == 3
    assert len(car["edit_set"]["assays"]) == breaks * (breaks - 1) // 2
    assert all(len(assay["junctions"]) == 4 for assay in car["edit_set"]["assays"])
    assert [locus["shared"] for locus in car["edit_set"]["hla"]] == [1]
    rules = rules_of(plan)
    assert (rules["edits.two_copies"], rules["edits.hla_match"]) == ("caution", "caution")
    assert plan["off_targets"]
    assert [one["role"] for one in plan["provenance"]["inputs"]] == ["parts", "reference", "gene models"]
    page = (out / "report.html").read_text(encoding="utf-8")
    for words in ("Assays of rearrangements", "HLA of donor and patient"):
        assert words in page


def test_the_donors_own_variant_moves_the_guide(tmp_path, capsys, genome):
    """Under the base-editing guide of B2M the donor has another base on both copies: the guide is another one."""
    fasta, models = genome
    guide = "ACTCACGCTGGATAGCCTCC"
    place = B2M.index(reverse_complement(guide)) + 3
    ref = B2M[place]
    alt = {"A": "C", "C": "T", "G": "A", "T": "G"}[ref]
    vcf = tmp_path / "donor.vcf"
    vcf.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr15>\n"
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tdonor\n"
        f"chr15\t{B2M_START + place + 1}\t.\t{ref}\t{alt}\t.\tPASS\t.\tGT\t1/1\n"
    )
    spacers = []
    for name, more in (("a", ()), ("b", ("--vcf", vcf))):
        status, _, err = run(
            capsys, "car", "--antigen", "CD19", "--vector", "mrna", "--cells", "allogeneic", "--reference", fasta,
            "--models", models, "-m", "1", "--dna-bulges", "0", "--rna-bulges", "0", *more, "--out", tmp_path / name,
        )  # fmt: skip
        assert (status, err) == (0, "")
        plan = plan_of(tmp_path / name)
        edits = {edit["gene"]: edit for edit in car_of(plan)["edit_set"]["edits"]}
        spacers.append(edits["B2M"]["options"][0]["guide"]["spacer"])
        assert ("cells.genome" in {one["rule"] for one in plan["findings"]}) is bool(more)
    assert spacers[0] == guide
    assert spacers[1] != guide


def test_off_targets_are_those_of_the_cells(tmp_path, capsys, genome):
    """In TRBC2 the guide for TRBC1 meets a PAM that these cells have changed: one cut less, and a site of their own."""
    fasta, models = genome
    guide = "GGAGAATGACGAGTGGACCC"
    place = TRBC2_PIECE.index(guide) + len(guide) + 1
    vcf = tmp_path / "own.vcf"
    vcf.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr7>\n"
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\town\n"
        f"chr7\t{TRBC2_START + place + 1}\t.\tG\tA\t.\tPASS\t.\tGT\t1/1\n"
    )
    found = []
    for name, more in (("a", ()), ("b", ("--vcf", vcf))):
        status, _, err = run(
            capsys, "car", "--antigen", "CD19", "--vector", "mrna", "--knock-out", "TRBC1", "--edit-first", "nuclease",
            "--reference", fasta, "--models", models, "-m", "1", "--dna-bulges", "0", "--rna-bulges", "0", *more,
            "--out", tmp_path / name,
        )  # fmt: skip
        assert (status, err) == (0, "")
        plan = plan_of(tmp_path / name)
        [report] = plan["off_targets"]
        [edit] = car_of(plan)["edit_set"]["edits"]
        origins = [row["origin"] for row in report["site_counts"]]
        found.append((edit["options"][0]["breaks"], origins, len(report["personal_sites"])))
    assert found == [(2, ["reference"], 0), (1, ["changed"], 1)]


def test_keeping_what_is_needed_fails_the_rule_it_is_needed_for(tmp_path, capsys):
    out = tmp_path / "a"
    status, _, _ = run(capsys, "car", "--antigen", "CD19", "--vector", "mrna", "--cells", "allogeneic", "--keep",
                       "TRAC,B2M,CIITA", "--out", out)  # fmt: skip
    assert status == 5
    rules = rules_of(plan_of(out))
    assert (rules["edits.graft_versus_host"], rules["edits.host_versus_graft"]) == ("fail", "caution")


def test_the_patients_own_cells_are_as_before(tmp_path, capsys):
    status, said, _ = run(
        capsys, "car", "--antigen", "CD19", "--vector", "mrna", "--out", tmp_path / "a", "--json"
    )
    assert status == 0
    assert car_of(plan_of(tmp_path / "a"))["edit_set"]["edits"] == []
    assert json.loads(said)["ok"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--cells", "sibling"], 2, "--cells is 'sibling'"),
        (["--knock-out", "TP53"], 2, "TP53 is not among"),
        (
            ["--cells", "allogeneic", "--keep", "TRBC1", "--knock-out", "TRBC1"],
            2,
            "to be edited and to be kept",
        ),
        (["--knock-in", "AAVS1"], 2, "put into TRAC"),
        (["--knock-in", "TRAC", "--vector", "lentiviral"], 2, "other vectors are named"),
        (["--cells", "allogeneic", "--edit-first", "talen"], 2, "--edit-first is 'talen'"),
        (["--edit-first", "nuclease"], 2, "Nothing would come of --edit-first"),
        (["--donor-hla", "A*02:01"], 2, "Nothing would come of --donor-hla"),
        (["--cells", "allogeneic", "--donor-hla", "A2"], 2, "HLA"),
        (["--cells", "allogeneic", "--models", "none.gtf"], 2, "no reference"),
        (["--models", "none.gtf"], 2, "Nothing would come of --models"),
        (["--cells", "allogeneic", "--reference", "none.fa"], 3, "none.fa"),
        (["--cells", "allogeneic", "--nuclease", "scissors"], 2, "scissors"),
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path, capsys, arguments, status, words):
    found, said, err = run(capsys, "car", "--antigen", "CD19", *arguments, "--out", tmp_path / "a")
    assert found == status
    assert words in said + err
    assert "Traceback" not in err
