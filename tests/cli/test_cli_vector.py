"""``revertant vector``: a gene or a file in, vectors out as a dossier with constructs that other programs read."""

from __future__ import annotations

import json

import pytest
from Bio import SeqIO

from revertant.cli import main
from revertant.knowledge import transgene

#: A short made-up protein: quick to design, and no gene of the catalogue.
PROTEIN = "MSTNPKPQRKTKRNTNRRPQDVKFPGGGQIVGGVYLLPRRGPRLGVRATRKTSERSQPRGRRQPIPKAR"


def run(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.fixture
def protein_file(tmp_path):
    path = tmp_path / "mine.fa"
    path.write_text(f">mine a protein\n{PROTEIN}\n")
    return path


def test_a_gene_of_the_catalogue_needs_no_file(tmp_path, capsys):
    out = tmp_path / "out"
    status, said, err = run(capsys, "vector", "SMN1", "--tissue", "spinal cord", "--form", "sc", "--out", out)
    assert (status, err) == (0, "")
    assert str(out / "report.html") in said
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    forms = {ranked["design"]["vector"]["form"] for ranked in plan["designs"]}
    assert forms == {"scAAV"}
    assert plan["question"].endswith("working copy of SMN1?")
    records = [SeqIO.read(path, "genbank") for path in sorted((out / "constructs").glob("*.gb"))]
    assert len(records) == 2 * len(plan["designs"])
    coding = [f for record in records for f in record.features if f.type == "CDS"]
    protein = transgene("SMN1").protein
    translations = {f.qualifiers.get("translation", [""])[0] for f in coding}
    assert protein in translations
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Design without a patient" in page
    assert "CBh" in page


def test_a_protein_in_a_file(tmp_path, protein_file, capsys):
    out = tmp_path / "out"
    arguments = ("--tissue", "liver", "--avoid-site", "EcoRV", "--out", out, "--json")
    status, said, _ = run(capsys, "vector", protein_file, *arguments)
    told = json.loads(said)
    assert (status, told["ok"]) == (0, True)
    assert "working copy of mine" in told["verdict"]
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    for ranked in plan["designs"]:
        [coding] = ranked["design"]["vector"]["coding"]
        assert coding["protein"] == PROTEIN
        assert "GATATC" not in coding["designed"]
    stated = dict(plan["provenance"]["parameters"])
    assert stated["avoid_sites"] == "EcoRV"
    assert "transgene" in {entry["role"] for entry in plan["provenance"]["inputs"]}


def test_the_same_question_gives_the_same_bytes(tmp_path, protein_file, capsys):
    texts = []
    for number in range(2):
        out = tmp_path / str(number)
        assert run(capsys, "vector", protein_file, "--tissue", "retina", "--out", out, "--quiet")[0] == 0
        texts.append((out / "plan.json").read_bytes())
    assert texts[0] == texts[1]


def test_nothing_fits_is_exit_status_5_with_the_reasons(tmp_path, capsys):
    out = tmp_path / "out"
    status, said, _ = run(capsys, "vector", "DMD", "--tissue", "muscle", "--out", out)
    assert status == 5
    assert "No design can be put forward" in said
    assert "acts on the genome" not in said  # nobody asked for that
    assert "only the length of the coding sequence is known here" in " ".join(said.split())
    assert "oversized" in (out / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("SMN1", "--form", "triple"), 2, "--form is 'triple'"),
        (("SMN1", "--promoter", "promoter_none"), 2, "There is no promoter"),
        (("SMN1", "--capsid", "AAV99"), 2, "There is no capsid 'AAV99'"),
        (("SMN1", "--avoid-site", "NoneI"), 2, "no restriction enzyme"),
        (("missing.fa",), 2, "There is no file"),
        (("SMN1", "--name", "x"), 2, "belongs to a file"),
        (("SMN1", "--transcript", "NM_1.1"), 2, "spliced from a reference genome"),
        (("SMN1", "--tissue", "hair"), 3, "no tissue this project knows"),
        (("NOSUCHGENE",), 2, "not in the catalogues"),
        (("SMN1", "--parts", "missing.toml"), 3, "cannot be read"),
        (("",), 2, "No gene is named"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(arguments, status, words, tmp_path, capsys):
    out = tmp_path / "out"
    found, said, err = run(capsys, "vector", *arguments, "--out", out)
    assert found == status
    told = said + err
    assert words in told


def test_a_bad_file_names_the_place_and_the_remedy(tmp_path, capsys):
    path = tmp_path / "bad.fa"
    path.write_text(">x\nATGAAATAAAAATAA\n")
    status, _, err = run(capsys, "vector", path, "--tissue", "liver", "--out", tmp_path / "out")
    assert status == 3
    assert "Codon 3 of 5 is a stop" in " ".join(err.split())


def test_capitals_of_a_symbol_do_not_matter_and_another_tissue_is_treated_where_it_is_reached(
    tmp_path, capsys
):
    """The catalogue treats ARSA in blood stem cells, outside the body; that says nothing of the brain."""
    out = tmp_path / "out"
    status, _, _ = run(capsys, "vector", "arsa", "--tissue", "brain", "--form", "ss", "--out", out, "--quiet")
    assert status == 0
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert plan["targets"][0]["gene"] == "ARSA"
    assert plan["targets"][0]["editing_place"] is None
    assert {ranked["design"]["vector"]["form"] for ranked in plan["designs"]} == {"ssAAV"}
