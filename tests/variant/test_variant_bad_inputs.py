"""Bad inputs in one table: each gives an error with what, remedy and its exit status, never a traceback."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pysam
import pytest

from revertant.errors import RevertantError
from revertant.genome import GeneModels, Reference
from revertant.model import Strand, Transcript
from revertant.variant import parse_edit, read_calls, resolve

Reader = Callable[[Path, Reference], object]

BASES = "TTTTTCCATGGAACGTAAGTCCCCAGGTTTTAACGCGTTT"
REFERENCE = Reference.from_sequences({"chr1:1001-1040": BASES}, build="GRCh38")
GENE = Transcript("NM_1.2", "GENE1", "chr1", Strand.PLUS, ((1005, 1015), (1026, 1038)), (1007, 1033))
OTHER = Transcript("NR_2.1", "GENE2", "chr1", Strand.MINUS, ((1005, 1015), (1026, 1038)))
MODELS = GeneModels([GENE, OTHER])

HEAD = "##fileformat=VCFv4.2\n"
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
GOOD = "chr1\t1006\t.\tC\tA\t.\tPASS\t.\tGT\t0/1\n"


def check(error: RevertantError, status: int, words: str) -> None:
    assert error.exit_status == status, str(error)
    assert words in str(error)
    assert error.what
    assert error.remedy
    assert error.code
    assert "Traceback" not in str(error)


NINES = "9" * 5000  # Python refuses to read more than 4,300 digits

EXPRESSIONS = [
    ("", 3, "in no form"),
    ("HBB sickle", 3, "Accepted"),
    ("chr1:1006", 3, "in no form"),
    ("NM_1.2:c.5A", 3, "put a variant with > in quotes"),
    ("NM_1.2:c.5A[?]", 3, "a repeat count is unknown"),
    ("chr1:0:C:A", 3, "positions count from 1"),
    ("chr1:1006:G:A", 4, "reference has 'C'"),
    ("chr1:1006:C:C", 3, "the same"),
    (f"chr1:{NINES}:T:A", 3, "is not a position"),
    (f"chr1-{NINES}-T-A", 3, "is not a position"),
    (f"chr1\t{NINES}\t.\tT\tA", 3, "is not a position"),
    (f"NC_000001.11:{NINES}:C:A", 3, "is not a position"),
    (f"NC_000001.11:1005:{NINES}:A", 3, "more than 12 digits"),
    (f"NC_000001.11:g.{NINES}C>A", 3, "cannot be used"),
    (f"NC_000001.11:g.1006_1007insA[{NINES}]", 3, "cannot be used"),
    (f"NM_1.2:c.5+{NINES}A>T", 3, "cannot be used"),
    ("chr1:1006:" + "G" * 5000 + ":A", 4, "not wholly in the reference"),
    ("chr1:1006:" + "Z" * 5000 + ":A", 3, "(5012 characters)' cannot be used"),
    ("chr1:1006:C:A,T", 3, "several ALT"),
    ("chr1:1006:C:<DEL>", 3, "A, C, G and T only"),
    ("chr1:1006:-:A", 3, "anchor"),
    ("chr7:1006:C:A", 4, "no contig 'chr7'"),
    ("chr1:90000:C:A", 4, "not wholly in the reference"),
    ("rs334", 3, "dbSNP"),
    ("NC_000001.11:1005:G:A", 4, "reference has 'C'"),
    ("NC_000001.11:x:C:A", 3, "not a position"),
    ("NC_000001.11:1005:C:C", 3, "changes nothing"),
    ("NC_000001.11:1005:C:Z", 3, "A, C, G and T only"),
    ("NM_1.2:5:C:A", 3, "not a chromosome"),
    ("NC_000001.10:1005:C:A", 4, "GRCh37"),
    ("NC_000001.10:g.1006C>A", 4, "GRCh37"),
    ("NC_000001.11:g.1006G>A", 4, "says G, but"),
    ("NC_000001.11:g.1006_1005del", 3, "before its start"),
    ("NC_000001.11:g.0C>A", 3, "count from 1"),
    ("NC_000001.11:g.1006+1C>A", 3, "no offsets"),
    ("NC_000001.11:g.(1006_1010)del", 3, "uncertain"),
    ("NC_000001.11:g.?_1010del", 3, "uncertain or unknown"),
    ("NC_000001.11:g.1006=", 3, "nothing is changed"),
    ("NC_000001.11:g.1006C=", 3, "nothing is changed"),
    ("NC_000001.11:g.[1006C>A;1008A>C]", 3, "2 variants"),
    ("NC_000001.11:g.1006CA[5]", 4, "units of CA"),
    ("NC_000001.11:g.1006_1007del5", 3, "counts 5"),
    ("NC_000001.11:g.1006_1007delCCC", 3, "names 3"),
    ("NC_000001.11:g.1006_1007insN[5]", 3, "other than A, C, G, T"),
    ("NC_000001.11:g.1006_1008insA", 3, "neighbouring"),
    ("NC_000001.11:g.1006insA", 3, "neighbouring"),
    ("NC_000001.11:g.1035_1036inv", 3, "leaves the sequence as it is"),
    ("NC_000001.11:g.1006_1007delins6", 3, "not given as sequence"),
    ("NC_000001.11:g.1006_1007insA[9999999]", 3, "more than"),
    ("NC_000001.11:g.1006C>U", 3, "RNA"),
    ("NC_000001.11:g.1006C>>A", 3, "does not fit the grammar"),
    ("NC_000001.11:g.1006C>", 3, "cannot be used"),
    ("NC_000001.11:c.6C>A", 3, "counts on a transcript"),
    ("NM_1.2:g.6C>A", 3, "counts on a chromosome"),
    ("NM_1.2:c.5A>U", 3, "RNA"),
    ("NC_000001.11:g.1006_1007del" + "C" * 5000, 3, "names 5000"),
    ("NC_000001.11:g.1006_1020delins" + "C" * 5000 + "Z", 3, "cannot be used"),
    ("NM_1.2:c.5C>T", 4, "says C, but"),
    ("NM_1.2:c.0A>T", 3, "no position 0"),
    ("NM_1.2:c.900A>T", 3, "no position 900"),
    ("NM_1.2:c.5+1A>T", 3, "not the last base of an exon"),
    ("NM_1.2:c.9-90A>T", 3, "11 bases long"),
    ("NM_1.2:c.8+?A>T", 3, "cannot be used"),
    ("NM_1.2:c.-9999A>T", 3, "more than 5000"),
    ("NM_1.1:c.5A>T", 4, "NM_1.2"),
    ("NM_77.1:c.5A>T", 4, "NM_77"),
    ("GENE1:c.5A>T", 3, "name a transcript (NM_1.2)"),
    ("NR_2.1:c.5A>T", 4, "non-coding"),
    ("c.5A>T", 3, "does not name the reference"),
    ("NP_1.1:p.(Glu2Val)", 3, "protein"),
    ("p.Glu2Val", 3, "protein"),
    ("NM_1.2:r.5a>u", 3, "RNA"),
]


@pytest.mark.parametrize(("expression", "status", "words"), EXPRESSIONS)
def test_bad_expressions(expression: str, status: int, words: str) -> None:
    with pytest.raises(RevertantError) as caught:
        resolve(expression, REFERENCE, MODELS, where="case.yaml: variants[0]")
    check(caught.value, status, words)
    assert caught.value.where.startswith("case.yaml: variants[0]")


def test_coding_positions_need_gene_models() -> None:
    with pytest.raises(RevertantError) as caught:
        resolve("NM_1.2:c.5A>T", REFERENCE)
    check(caught.value, 4, "no gene models")


EDITS = [
    ("", "empty"),
    ("ACGT", "no edit"),
    ("AC(A/G", "not closed"),
    ("ACA/G)", "not opened"),
    ("AC((A/G))", "nested"),
    ("AC(A/G)T(C/T)", "2 edits"),
    ("AC[A/G]T", "square"),
    ("AC()T", "none of"),
    ("AC(A)T", "none of"),
    ("AC(A/G/T)T", "none of"),
    ("AC(+)T", "names no bases"),
    ("AC(A/A)T", "changes nothing"),
    ("AC(/)T", "changes nothing"),
    ("AC(A/U)T", "RNA"),
    ("AUUC(A/G)T", "RNA"),
    ("AC(A/N)T", "must be A, C, G or T"),
    ("AC*(A/G)T", "left flank"),
    ("AC(A/G)T!", "right flank"),
]


@pytest.mark.parametrize(("text", "words"), EDITS)
def test_bad_edit_strings(text: str, words: str) -> None:
    with pytest.raises(RevertantError) as caught:
        parse_edit(text, where="row 3")
    check(caught.value, 3, words)
    assert caught.value.where == "row 3"


def bgzf(text: str, folder: Path) -> bytes:
    path = folder / "whole.vcf.gz"
    with pysam.BGZFile(str(path), "wb") as file:
        file.write(text.encode())
    return path.read_bytes()


WHOLE = HEAD + COLUMNS + GOOD
FILES = {
    "empty file": (lambda _: b"", 3, "empty"),
    "not a VCF": (lambda _: b">chr1\nACGT\n", 3, "##fileformat"),
    "BCF": (lambda _: b"BCF\x02\x02", 3, "BCF"),
    "ZIP": (lambda _: b"PK\x03\x04rest", 3, "ZIP"),
    "no column line": (lambda _: HEAD.encode(), 3, "#CHROM"),
    "record before the column line": (lambda _: (HEAD + GOOD).encode(), 3, "before the '#CHROM' line"),
    "column line with blanks": (lambda _: (HEAD + COLUMNS.replace("\t", " ")).encode(), 3, "tab-separated"),
    "columns missing": (lambda _: (HEAD + "#CHROM\tPOS\tREF\n").encode(), 3, "does not name the columns"),
    "ninth column": (lambda _: (HEAD + COLUMNS.replace("FORMAT", "S0")).encode(), 3, "not FORMAT"),
    "doubled sample": (lambda _: (HEAD + COLUMNS.strip() + "\tS1\n").encode(), 3, "two columns"),
    "no samples": (lambda _: (HEAD + COLUMNS.split("\tFORMAT", maxsplit=1)[0] + "\n").encode(), 3, "no sample column"),
    "several samples": (lambda _: (HEAD + COLUMNS.strip() + "\tS2\n").encode(), 3, "none was named"),
    "short record": (lambda _: (WHOLE + "chr1\t1007\t.\tC\n").encode(), 3, "4 columns"),
    "record with blanks": (lambda _: (WHOLE + GOOD.replace("\t", " ")).encode(), 3, "1 columns"),
    "POS no number": (lambda _: (WHOLE + GOOD.replace("1006", "1e3")).encode(), 3, "POS is '1e3'"),
    "POS of 5,000 digits": (lambda _: (WHOLE + GOOD.replace("1006", NINES)).encode(), 3, "(5000 characters)"),
    "allele of 5,000 digits": (lambda _: (WHOLE + GOOD.replace("0/1", f"0/{NINES}")).encode(), 3, "more than 12 digits"),
    "GT named twice": (lambda _: (WHOLE + GOOD.replace("GT\t0/1", "GT:GT\t0/0:0/1")).encode(), 3, "names GT twice"),
    "PS named twice": (lambda _: (WHOLE + GOOD.replace("GT\t0/1", "GT:PS:PS\t0|1:1:2")).encode(), 3, "names PS twice"),
    "allele beyond ALT": (lambda _: (WHOLE + GOOD.replace("0/1", "0/3")).encode(), 3, "names allele 3"),
    "Latin-1": (lambda _: (HEAD + "##note=caf\xe9\n" + COLUMNS + GOOD).encode("latin-1"), 3, "UTF-8"),
    "UTF-16": (lambda _: WHOLE.encode("utf-16"), 3, ""),
    "gzip cut": (lambda _: gzip.compress(WHOLE.encode())[:-12], 3, "cut short"),
    "gzip damaged": (lambda _: gzip.compress(WHOLE.encode())[:40] + b"\xff" * 60, 3, "damaged"),
    "BGZF without end": (lambda folder: bgzf(WHOLE, folder)[:-28], 3, "cut off"),
    "BGZF cut in a block": (lambda folder: bgzf(WHOLE, folder)[:60], 3, "cut off"),
    "no common contig": (lambda _: WHOLE.replace("chr1\t", "chr9\t").encode(), 4, "No contig"),
    "accession of another build": (lambda _: WHOLE.replace("chr1\t", "NC_000001.10\t").encode(), 4, "GRCh37"),
    "header of another build": (
        lambda _: (HEAD + "##contig=<ID=1,length=249250621>\n" + COLUMNS + GOOD).encode(),
        4,
        "GRCh37",
    ),
    "REF of another build": (
        lambda _: (HEAD + COLUMNS + "".join(GOOD.replace("1006\t.\tC", f"{1002 + i}\t.\tG") for i in range(30))).encode(),
        4,
        "REF agrees",
    ),
    "deletions of another build": (
        lambda _: (HEAD + COLUMNS + "".join(GOOD.replace("1006\t.\tC", f"{1002 + i}\t.\tGG") for i in range(30))).encode(),
        4,
        "carried alleles",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_bad_vcf_files(tmp_path: Path, name: str) -> None:
    made, status, words = FILES[name]
    path = tmp_path / "patient.vcf.gz"
    path.write_bytes(made(tmp_path))
    with pytest.raises(RevertantError) as caught:
        read_calls(path, REFERENCE)
    check(caught.value, status, words)


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
@pytest.mark.parametrize("read", [read_calls, lambda path, genome: resolve("rs5", genome, rsid_vcf=path)])
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path, kind: str, read: Reader) -> None:
    path = tmp_path / "patient.vcf"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    with pytest.raises(RevertantError) as caught:
        read(path, REFERENCE)
    check(caught.value, 3, "not a regular file")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("before", ["", HEAD, WHOLE])
def test_a_line_without_end_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, *, packed: bool
) -> None:
    monkeypatch.setattr("revertant.variant.vcf_lines._LONGEST_LINE", 1000)
    path = tmp_path / "patient.vcf"
    text = (before + "#" * 2000).encode()
    path.write_bytes(gzip.compress(text) if packed else text)
    with pytest.raises(RevertantError) as caught:
        read_calls(path, REFERENCE)
    check(caught.value, 3, f"patient.vcf:{before.count(chr(10)) + 1}: The line is longer than 1,000 bytes")


def test_a_path_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(RevertantError) as caught:
        read_calls(tmp_path / "a\0b.vcf", REFERENCE)
    check(caught.value, 3, "not valid")


def test_messages_stay_short(tmp_path: Path) -> None:
    path = tmp_path / "patient.vcf"
    for record in (
        GOOD.replace("1006", NINES),
        GOOD.replace("PASS", "F" * 100_000),
        GOOD.replace("0/1", "/".join(["1"] * 100_000)),
        GOOD.replace("chr1", "c" * 100_000),
    ):
        path.write_text(HEAD + COLUMNS + record)
        try:
            text = str(read_calls(path, REFERENCE))
        except RevertantError as error:
            text = str(error)
        assert len(text) < 1500, record[:80]
    for expression, _, _ in EXPRESSIONS:
        with pytest.raises(RevertantError) as caught:
            resolve(expression, REFERENCE, MODELS)
        assert len(str(caught.value)) < 700, expression[:80]


@pytest.mark.parametrize(("sample", "words"), [("S9", "no sample 'S9'"), ("s1", "It has: S1")])
def test_unknown_sample(tmp_path: Path, sample: str, words: str) -> None:
    path = tmp_path / "patient.vcf"
    path.write_text(WHOLE)
    with pytest.raises(RevertantError) as caught:
        read_calls(path, REFERENCE, sample)
    check(caught.value, 3, words)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.vcf", tmp_path):
        with pytest.raises(RevertantError) as caught:
            read_calls(path, REFERENCE)
        check(caught.value, 3, "cannot be read")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("rs5\tC\tA", "4 columns"),
        ("chr1\t1006\trs5\tC\t<DEL>\t.\t.\t.", "only as <DEL>"),
        ("chr1\t1006\trs5\tC\tA,G\t.\t.\t.", "2 alleles"),
        ("chr1\t1006\trs6\tC\tA\t.\t.\t.", "nowhere"),
    ],
)
def test_bad_rsid_files(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "ids.vcf"
    content = "chr1\t" + content if content.startswith("rs5") else content
    path.write_text(HEAD + COLUMNS.split("\tFORMAT", maxsplit=1)[0] + "\n" + content + "\n")
    with pytest.raises(RevertantError) as caught:
        resolve("rs5", REFERENCE, rsid_vcf=path)
    check(caught.value, 3, words)
