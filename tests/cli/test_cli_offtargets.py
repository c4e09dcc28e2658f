"""``revertant offtargets``: what it hands on, what it writes and prints, and what it refuses before it works."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pysam
import pytest

from revertant.cli import main
from revertant.cli.effectors import choose_effector
from revertant.errors import UsageError
from revertant.genome import Reference
from revertant.model import Locus, PamSide, SearchLimits, Strand

DATA = Path(str(files("revertant.cli") / "demo_data"))
REFERENCE, MODELS, VCF = (str(DATA / name) for name in ("loci.GRCh38.fa", "HBB.GRCh38.gtf", "rs713040.vcf"))
ENHANCER, CODON_SIX = "CTAACAGTTGCTTTTATCAC", "CTTGCCCCACAGGGCAGTAA"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["offtargets", *[str(argument) for argument in arguments]])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Handed(Exception):  # noqa: N818 - not an error: it carries what was handed on
    """What the command hands to the search."""


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch):
    """Catch what the command hands to the search instead of searching."""

    def catch(names, requests, genome, options, **others):
        raise Handed(names, requests, genome, options, others)

    monkeypatch.setattr("revertant.offtarget.nominate.nominate", catch)
    monkeypatch.setenv("REVERTANT_DEBUG", "1")

    def call(*arguments):
        with pytest.raises(Handed) as caught:
            main(["offtargets", *map(str, arguments), "--reference", REFERENCE])
        return caught.value.args

    return call


def test_plain_options(handed, tmp_path):
    names, requests, genome, options, others = handed(ENHANCER, "--out", tmp_path / "o")
    assert names == ("guide-1",)
    (request,) = requests
    assert (request.spacer, request.pam, request.pam_side) == (ENHANCER, "NGG", PamSide.THREE_PRIME)
    assert request.limits == SearchLimits(4, 1, 1)
    assert request.cfd_applies
    assert request.target is None
    assert not genome.has_calls
    assert (options.effector, options.amplicons, options.panel, options.parquet) == ("", 0, None, False)
    assert (others["models"], others["vcf"], list(others["inputs"])) == (None, None, [])
    assert list(tmp_path.iterdir()) == []


def test_every_option_is_handed_on(handed, tmp_path):
    guides = tmp_path / "guides.tsv"
    guides.write_text(f"name\tspacer\ttarget\na\t{ENHANCER}\t2:60,495,264-60495283:-\nb\t{CODON_SIX}\t\n")
    listed = tmp_path / "genes.txt"
    names, requests, genome, options, others = handed(
        guides, "--out", tmp_path / "o", "--models", MODELS, "--vcf", VCF, "--sample", "demo",
        "-m", 3, "--dna-bulges", 0, "--rna-bulges", 2, "--max-edits", 4, "--end-bulges", "--pam", "nag",
        "--panel", "panel.vcf", "--populations", "people.tsv", "--amplicons", 12, "--cancer-genes", listed,
        "--essential-genes", "e.txt", "--parquet", "--nuclease", "spcas9",
    )  # fmt: skip
    assert names == ("a", "b")
    assert {request.limits for request in requests} == {SearchLimits(3, 0, 2, 4, end_bulges=True)}
    assert {request.pam for request in requests} == {"NAG"}
    assert requests[0].target == Locus("chr2", 60495263, 60495283, Strand.MINUS)
    assert (genome.has_calls, genome.name) == (True, "demo")
    assert (options.panel, options.populations) == (Path("panel.vcf"), Path("people.tsv"))
    assert (options.cancer_genes, options.essential_genes) == (listed, Path("e.txt"))
    assert (options.amplicons, options.parquet, options.effector) == (12, True, "spcas9")
    assert others["models"].genes == ("HBB",)
    assert others["vcf"].sample == "demo"
    assert [(digest.role, digest.name) for digest in others["inputs"]] == [
        ("guides", "guides.tsv"),
        ("vcf", "rs713040.vcf"),
    ]
    assert names and others["folder"].parent == tmp_path  # noqa: PT018


@pytest.mark.parametrize(
    ("nuclease", "editor", "pam", "side", "expected"),
    [
        ("", "", "", None, ("", "NGG", PamSide.THREE_PRIME, True)),
        ("", "", "TTTV", 5, ("", "TTTV", PamSide.FIVE_PRIME, True)),
        ("spcas9", "", "", None, ("spcas9", "NRG", PamSide.THREE_PRIME, True)),
        ("spcas9", "", "NGG", None, ("spcas9", "NGG", PamSide.THREE_PRIME, True)),
        ("spcas9_hf1", "", "", None, ("spcas9_hf1", "NRG", PamSide.THREE_PRIME, False)),
        ("ascas12a", "", "", None, ("ascas12a", None, PamSide.FIVE_PRIME, False)),
        ("", "abe8e_nrch", "", None, ("abe8e_nrch", "NRCH", PamSide.THREE_PRIME, False)),
    ],
)
def test_the_effector_says_pam_and_score(nuclease, editor, pam, side, expected):
    choice = choose_effector(nuclease, editor, pam, side)
    assert (choice.key, choice.pam_side, choice.cfd_applies) == (expected[0], *expected[2:])
    assert expected[1] in {None, choice.pam}


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--nuclease", "cas99"), "spcas9"),
        (("--editor", "abe99"), "abe8e_nrch"),
        (("--editor", "abe8e_nrch", "--nuclease", "spcas9"), "one of them"),
        (("--pam-side", "4"), "3 or 5"),
        (("--populations", "people.tsv"), "--panel"),
        (("--sample", "x"), "--vcf"),
        (("-m", "99"), "--mismatches"),
        (("--amplicons", "-1"), "--amplicons"),
    ],
)
def test_misuse_ends_with_status_2(arguments, word, tmp_path, capsys):
    status, out, err = run(capsys, ENHANCER, "--reference", REFERENCE, "--out", tmp_path / "o", *arguments)
    assert (status, out) == (2, "")
    assert word in err
    assert list(tmp_path.iterdir()) == []


def test_choosing_two_effectors_is_refused():
    with pytest.raises(UsageError, match="one of them"):
        choose_effector("spcas9", "abe8e_nrch", "", None)


@pytest.mark.parametrize(
    ("arguments", "status", "word"),
    [
        ((f"{ENHANCER}AGG",), 3, "ends in the PAM NGG"),
        (("CTAACAGTTGCTTTTATCAX",), 3, "neither a spacer nor a file"),
        (("no-such.tsv",), 3, "no such file"),
        ((ENHANCER, "--target", "chr2:1-20"), 3, "is no site"),
        ((ENHANCER, CODON_SIX, "--target", "chr2:60495264-60495283:-"), 3, "One target"),
        ((ENHANCER, "--target", "chr2:60495264-60495284:-"), 3, "21 bases"),
        ((ENHANCER, "--target", "chr9:60495264-60495283:-"), 4, "chr9"),
        ((ENHANCER, "--target", "chr2:264-283:-"), 4, "no sequence"),
        ((ENHANCER, "--vcf", "no-such.vcf"), 3, "no-such.vcf"),
        ((ENHANCER, "--models", "no-such.gtf"), 3, "no-such.gtf"),
    ],
)
def test_bad_input_is_a_clear_error(arguments, status, word, tmp_path, capsys):
    arguments = (*arguments, "--reference", REFERENCE, "--out", tmp_path / "o")
    found, out, err = run(capsys, *arguments)
    assert (found, out) == (status, "")
    assert word in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []
    found, out, _ = run(capsys, *arguments, "--json")
    assert (found, json.loads(out)["exit_status"]) == (status, status)


def test_refuses_to_overwrite_before_it_works(tmp_path, capsys):
    (tmp_path / "sites.tsv").write_text("kept")
    status, _, err = run(capsys, "no-such-guides.tsv", "--reference", "no-such.fa", "--out", tmp_path)
    assert status == 2
    assert "--force" in err
    assert (tmp_path / "sites.tsv").read_text() == "kept"


def nominate_demo(capsys, folder, *more):
    return run(
        capsys, ENHANCER, CODON_SIX, "--reference", REFERENCE, "--models", MODELS, "--vcf", VCF,
        "-m", "8", "--out", folder, *more,
    )  # fmt: skip


def test_a_run_writes_a_whole_nomination(tmp_path, capsys):
    folder = tmp_path / "found"
    status, out, err = nominate_demo(capsys, folder, "--amplicons", "3")
    assert (status, err) == (0, "")
    for part in (
        "guide-1",
        "guide-2",
        "Not genome-wide",
        "1 changed",
        str(folder / "report.html"),
    ):
        assert part in out
    assert names(folder) == [
        "amplicons.tsv", "gained.vcf", "nomination.json", "pairs.tsv", "report.html", "sites.bed", "sites.tsv",
    ]  # fmt: skip
    written = json.loads((folder / "nomination.json").read_text(encoding="utf-8"))
    rows = [line.split("\t") for line in (folder / "sites.tsv").read_text().splitlines()]
    cells = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    for name, report in zip(written["names"], written["reports"], strict=True):
        mine = [row for row in cells if row["guide"] == name]
        counted = sum(count["sites"] for count in report["site_counts"])
        assert len(mine) == counted
        assert mine
    with pysam.VariantFile(str(folder / "gained.vcf")) as variants:
        assert list(variants.header.contigs) == list(Reference.open(REFERENCE).contigs)
        made = [record for record in variants]  # noqa: C416 - reading is the test
    touched = {row["variants"] for row in cells if row["origin"] in {"gained", "changed"}}
    assert len(made) == len({one for row in touched for one in row.split(",")})


def test_the_edits_that_bulges_add_are_said(tmp_path, capsys):
    """Four mismatches and both bulges make six edits: a reader of the 4 would not expect it."""
    status, out, _ = run(capsys, ENHANCER, "--reference", REFERENCE, "--out", tmp_path / "o")
    assert status == 0
    assert "Searched with up to 4 mismatches, 1 DNA bulge, 1 RNA bulge, 6 edits together." in " ".join(
        out.split()
    )
    written = json.loads((tmp_path / "o" / "nomination.json").read_text(encoding="utf-8"))
    assert ["limits", "mismatches 4, DNA bulges 1, RNA bulges 1, edits in all 6, end bulges no"] in written[
        "provenance"
    ]["parameters"]


@pytest.mark.parametrize(("command", "words"), [("offtargets", "6 with the defaults"), ("plan", "4 in all")])
def test_the_help_says_how_many_edits_there_are_in_all(command, words, capsys):
    assert main([command, "--help"]) == 0
    help_ = " ".join(capsys.readouterr().out.split())
    assert words in help_
    assert "Bulges" in help_[help_.index("--mismatches") : help_.index("--dna-bulges")]
    assert ("a plan allows 4" if command == "offtargets" else "revertant offtargets allows 6") in help_


def test_the_same_run_gives_the_same_bytes(tmp_path, capsys):
    for name in ("a", "b"):
        assert nominate_demo(capsys, tmp_path / name)[0] == 0
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_force_replaces_and_json_is_one_object(tmp_path, capsys):
    folder = tmp_path / "found"
    assert nominate_demo(capsys, folder, "--amplicons", "3")[0] == 0
    assert nominate_demo(capsys, folder)[0] == 2
    status, out, err = nominate_demo(capsys, folder, "--force", "--json")
    found = json.loads(out)
    assert (status, err, found["ok"], found["genome_wide"]) == (0, "", True, False)
    assert [Path(name).name for name in found["files"]] == [
        "report.html", "sites.tsv", "sites.bed", "gained.vcf", "pairs.tsv", "nomination.json",
    ]  # fmt: skip
    assert sorted(Path(name).name for name in found["files"]) == names(folder)
    for guide in found["guides"]:
        assert guide["sites"] == sum(row["sites"] for row in guide["sites_by_edits"])
        assert guide["sites"] == guide["reference"] + guide["gained"] + guide["changed"]
        assert len(guide["tier_counts"]) == 5
        assert sum(guide["tier_counts"]) == guide["sites"]


def test_the_schema_is_the_published_one(capsys):
    assert main(["schema", "nomination"]) == 0
    published = Path(__file__).parents[2] / "docs" / "schema" / "nomination.schema.json"
    assert json.loads(capsys.readouterr().out) == json.loads(published.read_text(encoding="utf-8"))
    assert main(["schema", "case"]) == 2
    assert "plan, nomination" in capsys.readouterr().err


def test_nothing_found_is_said(tmp_path, capsys):
    status, out, _ = run(
        capsys, "ACGTACGTACGTACGTACGT", "--reference", REFERENCE, "-m", "0", "--dna-bulges", "0",
        "--rna-bulges", "0", "--out", tmp_path / "o",
    )  # fmt: skip
    assert status == 0
    assert "none" in out
    assert "Not genome-wide" in out
    assert "gained.vcf" not in names(tmp_path / "o")
