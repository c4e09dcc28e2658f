"""``revertant edit simulate``: what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from revertant.cli import main

DATA = Path(str(files("revertant.cli") / "demo_data"))
GENOME = ("--reference", str(DATA / "loci.GRCh38.fa"), "--models", str(DATA / "HBB.GRCh38.gtf"))
SICKLE = ("--variant", "NM_000518.5:c.20A>T")
HERE = "TTGACCTTGAGCTAACCATGGTGCACCTGACTCCTGTGGAGAAGTCTGCCGTTACTGCCCTG"
SPACER = "CATGGTGCACCTGACTCCTG"
PEGRNA = ("--guide", SPACER, "--editor", "pe2", "--pbs", "GAGTCAGGTGCAC", "--rtt", "AGACTTCTCCTCAG")
CUT = ("--guide", SPACER, "--nuclease", "spcas9")
MAKASSAR = ("--guide", "TTCTCCACAGGAGTCAGATG", "--editor", "abe8e_nrch")


def run(capsys, *arguments):
    status = main(["edit", "simulate", *(str(argument) for argument in arguments)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_a_pegrna_is_drawn_before_and_after(capsys):
    status, said, err = run(capsys, *PEGRNA, "--sequence", HERE)
    assert (status, err) == (0, "")
    assert "PE2 writes A in the place of T at sequence:37" in said
    before, between, after = re.findall(r"^before +(\S+)\n +(.+)\nafter +(\S+)$", said, re.MULTILINE)[0]
    assert [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [between.index(" ")]
    assert "CCTGTGGAG" in before
    assert "CCTGAGGAG" in after


def test_an_rna_spelling_and_a_fasta_file_are_read(tmp_path, capsys):
    fasta = tmp_path / "here.fa"
    fasta.write_text(f">mine some words\n{HERE[:30]}\n{HERE[30:].lower()}\n", encoding="utf-8")
    guide = ("--guide", SPACER.replace("T", "U"), *PEGRNA[2:])
    status, said, _ = run(capsys, *guide, "--sequence", fasta, "--json")
    assert status == 0
    [made] = json.loads(said)["simulations"]
    assert made["alleles"][0]["hgvs_g"] == ["mine:g.37T>A"]


def test_a_person_s_copies_are_told_in_hgvs(capsys):
    calls = ("--vcf", DATA / "rs713040.vcf", "--sample", "demo")
    status, said, _ = run(capsys, *PEGRNA, *GENOME, *SICKLE, *calls, "--json")
    found = json.loads(said)
    assert status == 0
    [made] = found["simulations"]
    assert made["before"]["hgvs_g"] == ["NC_000011.10:g.5227002T>A", "NC_000011.10:g.5227013A>G"]
    [after] = made["alleles"]
    assert after["hgvs_g"] == ["NC_000011.10:g.5227013A>G"]
    assert after["consequences"][0]["hgvs_c"] == "NM_000518.5:c.9T>C"
    assert ["vcf", "rs713040.vcf"] in found["parameters"]
    assert "For research use only" in found["notice"]


def test_every_genotype_of_a_base_edit_is_listed(capsys):
    status, said, _ = run(capsys, *MAKASSAR, *GENOME, *SICKLE)
    assert status == 0
    assert "p.(Glu7Ala)" in said
    for genotype in ("A7G", "A9G", "A7G and A9G"):
        assert re.search(rf"^ ?{genotype} +not predicted", said, re.MULTILINE)


@pytest.mark.parametrize("kind", ["html", "svg"])
def test_the_file_needs_nothing_else(kind, tmp_path, capsys):
    out = tmp_path / f"edit.{kind}"
    status, said, _ = run(capsys, *MAKASSAR, *GENOME, *SICKLE, "--out", out)
    assert status == 0
    assert str(out) in said
    text = out.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>" if kind == "html" else "<svg ")
    assert not re.search(r"""(src|href)=["'](?!https://doi\.org|https://(www|pubmed)\.|\#)""", text)
    assert "p.(Glu7Ala)" in text
    again = run(capsys, *MAKASSAR, *GENOME, *SICKLE, "--out", out)
    assert again[0] == 2
    assert "--force" in again[2]
    assert run(capsys, *MAKASSAR, *GENOME, *SICKLE, "--out", out, "--force")[0] == 0
    assert out.read_text(encoding="utf-8") == text
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_a_donor_repairs_the_cut(tmp_path, capsys):
    donor = tmp_path / "donor.fa"
    donor.write_text(f">donor\n{HERE.replace('TGTGGAG', 'TGAAGAG')}\n", encoding="utf-8")
    status, said, _ = run(capsys, *CUT, "--sequence", HERE, "--donor", donor)
    assert status == 0
    assert "Repair from the donor after SpCas9 writes AA in the place of TG at sequence:37" in said


def test_text_that_looks_like_mark_up_stays_text(tmp_path, capsys):
    fasta = tmp_path / "odd.fa"
    fasta.write_text(f"><script>alert(1)</script>\n{HERE}\n", encoding="utf-8")
    out = tmp_path / "edit.html"
    assert run(capsys, *CUT, "--sequence", fasta, "--out", out)[0] == 0
    assert "<script>alert" not in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--guide", SPACER, "--sequence", HERE), 2, "Neither a nuclease nor an editor"),
        ((*CUT, "--editor", "pe2", "--sequence", HERE), 2, "A nuclease and an editor"),
        ((*CUT, "--pbs", "ACGT", "--sequence", HERE), 2, "--pbs belongs to a pegRNA"),
        ((*MAKASSAR, "--rtt", "ACGT", "--sequence", HERE), 2, "belongs to a pegRNA"),
        ((*PEGRNA, "--donor", HERE, "--sequence", HERE), 2, "without a cut"),
        (("--guide", SPACER, "--nuclease", "cas99", "--sequence", HERE), 2, "in the catalogue"),
        (("--guide", SPACER, "--editor", "crisproff_v2", "--sequence", HERE), 2, "editor"),
        (CUT, 2, "Nothing is named to be edited"),
        ((*CUT, *GENOME), 2, "No place on the genome"),
        ((*CUT, "--sequence", HERE, *GENOME), 2, "A sequence is given, and a genome"),
        ((*CUT, "--sequence", "no such file"), 2, "neither a sequence nor a file"),
        ((*CUT, "--sequence", HERE, "--out", "edit.pdf"), 2, ".html or .svg"),
        ((*CUT, *GENOME, *SICKLE, "--copy", "2"), 2, "There is no copy '2'"),
        (("--guide", "CATGX", *CUT[2:], "--sequence", HERE), 3, "holds 'X'"),
        (("--guide", "CATGG", *CUT[2:], "--sequence", HERE), 3, "17 to 24"),
        ((*CUT, *GENOME, "--locus", "chr11"), 3, "is no region"),
        ((*CUT, "--sequence", HERE + HERE), 4, "2 protospacers"),
        ((*CUT, "--sequence", HERE[:36]), 4, "without its PAM"),
        ((*CUT, *GENOME, "--locus", "chr2:60495263-60495270"), 4, "is not on the reference"),
        ((*PEGRNA[:-1], "AAAAAAAAAAA", "--sequence", HERE), 4, "writes nothing certain"),
        ((*CUT, "--sequence", HERE, "--donor", "ACGTACGTACGT"), 4, "arms need"),
        ((*CUT, "--sequence", HERE, "--donor", ""), 2, "neither a sequence nor a file"),
    ],
)
def test_what_cannot_be_done_ends_with_its_status(arguments, status, words, capsys):
    found, said, err = run(capsys, *arguments)
    assert (found, said) == (status, "")
    assert words in err
    as_json = run(capsys, *arguments, "--json")
    assert as_json[0] == status
    error = json.loads(as_json[1])
    assert error["ok"] is False
    assert error["remedy"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no sequence"),
        (">a\nACGT\n>b\nACGT\n", "2 sequences"),
        (">a\n", "no sequence"),
        (b"\xff\xfe\x00", "not text"),
    ],
)
def test_a_file_without_one_sequence_is_refused(text, words, tmp_path, capsys):
    path = tmp_path / "bad.fa"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    status, _, err = run(capsys, *CUT, "--sequence", path)
    assert status == 3
    assert words in err
    assert str(path) in err
