"""``revertant design``: a dossier without a case, and what is refused."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from revertant.cli import main
from revertant.dossier import DOSSIER_FILES

DATA = Path(str(files("revertant.cli") / "demo_data"))
GENOME = ("--reference", str(DATA / "loci.GRCh38.fa"), "--models", str(DATA / "HBB.GRCh38.gtf"))
QUICK = (*GENOME, "--no-offtargets", "--modality", "base_editing")
SICKLE = "NM_000518.5:c.20A>T"


def run(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_a_variant_gives_a_whole_dossier_that_names_nobody(tmp_path, capsys):
    out = tmp_path / "out"
    status, said, err = run(capsys, "design", SICKLE, *QUICK, "--zygosity", "homozygous", "--out", out)
    assert (status, err) == (0, "")
    assert str(out / "report.html") in said
    # Nobody is treated: there is no record of a person, and no page for a family.
    expected = ({name for name, _ in DOSSIER_FILES} | {"edits.bed", "edits.vcf"}) - {"family.html"}
    assert {path.name for path in out.iterdir()} == expected
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Design without a patient" in page
    assert "This is a design without a case" in page
    assert "TTCTCCACAGGAGTCAGATG" in page  # the Makassar guide (doi:10.1038/s41586-021-03609-w)


@pytest.mark.parametrize(
    "written",
    [
        "chr11:5227002:T:A",
        "NC_000011.10:g.5227002T>A",
        "NC_000011.10:5227001:T:A",
        "CAGTAACGGCAGACTTCTCC(T/A)CAGGAG",
    ],
)
def test_every_way_of_writing_it_gives_the_same_designs(written, tmp_path, capsys):
    found = []
    for number, variant in enumerate((SICKLE, written)):
        out = tmp_path / str(number)
        assert run(capsys, "design", variant, *QUICK, "--editor", "abe8e_nrch", "--out", out)[0] == 0
        found.append((out / "designs.tsv").read_text(encoding="utf-8"))
    assert found[0] == found[1]


def test_a_region_and_a_gene_are_designed_for(tmp_path, capsys):
    region = ("--region", "chr2:60,495,263-60,495,270", "--gene", "HBB")
    quick = (*GENOME, "--no-offtargets", "--modality", "nuclease", "--nuclease", "spcas9", "--json")
    status, said, _ = run(capsys, "design", *region, *quick, "--out", tmp_path / "region")
    assert (status, json.loads(said)["ok"]) == (0, True)
    status, said, _ = run(capsys, "design", "--gene", "HBB", *quick, "--out", tmp_path / "gene")
    assert (status, json.loads(said)["case_id"]) == (0, "no case: HBB")


def test_the_person_of_a_vcf_is_designed_for_without_a_case(tmp_path, capsys):
    calls = ("--vcf", DATA / "rs713040.vcf", "--sample", "demo")
    out = tmp_path / "out"
    assert run(capsys, "design", SICKLE, *QUICK, *calls, "--editor", "abe8e_nrch", "--out", out)[0] == 0
    table = (out / "designs.tsv").read_text(encoding="utf-8")
    assert "TTCTCCACAGGAGTCAGGTG" in table  # the copy with rs713040-C, not the reference's
    assert "TTCTCCACAGGAGTCAGATG" not in table


def test_no_design_is_exit_status_5_and_the_report_says_why(tmp_path, capsys):
    arguments = (*GENOME, "--no-offtargets", "--modality", "gene_addition", "--out", tmp_path / "out")
    status, said, _ = run(capsys, "design", SICKLE, *arguments)
    assert status == 5
    assert "No design can be put forward" in said
    assert (tmp_path / "out" / "report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ((), 2, "Nothing is asked for"),
        ((SICKLE, "--region", "chr11:5227000-5227010"), 2, "Ask for one of them"),
        ((SICKLE, "--modality", "magic"), 2, "Known are: base_editing"),
        ((SICKLE, "--editor", "abe99"), 2, "in the catalogue"),
        ((SICKLE, "--zygosity", "twice"), 2, "heterozygous, homozygous"),
        ((SICKLE, "--sample", "demo"), 2, "no VCF"),
        ((SICKLE, "--disease", "sickle cell disease"), 2, "OMIM:603903"),
        ((SICKLE, "--disease", "OMIM:"), 2, "no identifier"),
        (("c.20A>",), 3, "VARIANT"),
        (("no variant",), 3, "in no form that names a variant"),
        (("--region", "chr11"), 3, "contig:start-end"),
        (("chr11:5227002:G:A",), 4, "REF is 'G'"),
        (("--region", "chr2:60495263-60495270"), 4, "--gene"),
        ((SICKLE, "--pathogenicity", "benign"), 6, "G7"),
        ((SICKLE, "--tissue", "embryo"), 6, "G1"),
    ],
)
def test_what_cannot_be_designed_for_ends_with_its_status(arguments, status, words, tmp_path, capsys):
    out = tmp_path / "out"
    found, said, err = run(capsys, "design", *arguments, *QUICK, "--out", out)
    assert (found, said) == (status, "")
    assert words in err
    assert not out.exists()


def test_a_file_that_is_not_named_is_asked_for(tmp_path, capsys):
    status, _, err = run(capsys, "design", SICKLE, "--out", tmp_path / "out", *GENOME[:2])
    assert status == 2
    assert "--models" in err
