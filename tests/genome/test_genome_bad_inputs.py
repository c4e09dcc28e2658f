"""Files that cannot be used: each gives one clear error with place and remedy, and the right exit status."""

from __future__ import annotations

import gzip
import random

import pysam
import pytest

from revertant.errors import InputError, RevertantError
from revertant.genome import Reference, load_gene_models

GOOD = b">chr1:101-160\n" + b"ACGTACGTAC" * 6 + b"\n"
LONG = b">chr1\n" + "".join(random.Random(5).choices("ACGT", k=400_000)).encode() + b"\n"


def bgzf(tmp_path, text: bytes) -> bytes:
    path = tmp_path / "made.gz"
    with pysam.BGZFile(str(path), "wb", None) as file:
        file.write(text)
    return path.read_bytes()


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


#: name, content (bytes, or a function of tmp_path), word of the error
BAD_FASTA = [
    ("empty", b"", "empty"),
    ("blank lines only", b"\n\n \n", "empty"),
    ("no header", b"ACGT\n", "'>'"),
    ("fastq", b"@read\nACGT\n+\nIIII\n", "FASTQ"),
    ("genbank", b"LOCUS  X 4 bp\n", "GenBank"),
    ("vcf", b"##fileformat=VCFv4.2\n", "VCF"),
    ("gff3", b"##gff-version 3\n", "GFF3"),
    ("sam", b"@HD\tVN:1.6\n", "SAM"),
    ("2bit", b"\x43\x27\x41\x1a\x00\x00", "2bit"),
    ("bzip2", b"BZh91AY&SY", "bzip2"),
    ("xz", b"\xfd7zXZ\x00", "xz"),
    ("zstd", b"\x28\xb5\x2f\xfd\x00", "zstd"),
    ("zip", b"PK\x03\x04\x14\x00", "ZIP"),
    ("utf-16", ">chr1\nACGT\n".encode("utf-16"), "UTF-16"),
    ("web page", b"<!DOCTYPE html><html>404</html>", "web page"),
    ("protein", b">HBB\nMVHLTPEEKSAVTALWGKV\n", "no DNA letter"),
    ("rna", b">chr1\nACGU\n", "no DNA letter"),
    ("aligned", b">chr1\nAC--GT\n", "no DNA letter"),
    ("numbers in the lines", b">chr1\n1 ACGT\n", "no DNA letter"),
    ("NUL", b">chr1\nAC\x00GT\n", "no DNA letter"),
    ("not ASCII", b">chr1\nAC\xc3\xa9GT\n", "no DNA letter"),
    ("nameless record", b">\nACGT\n", "no name"),
    ("blank before the name", b"> chr1\nACGT\n", "no name"),
    ("record without sequence", b">chr1\n>chr2\nACGT\n", "no sequence"),
    ("double name", b">chr1 a\nACGT\n>chr1 b\nTTTT\n", "Two records"),
    ("two names of one contig", b">chr1\nACGT\n>1\nACGT\n", "two names"),
    ("window too short", b">chr1:101-110\nACGT\n", "not the 10"),
    ("window counted from 0", b">chr1:100-104\nACGT\n", "not the 5"),
    ("window from 0", b">chr1:0-3\nACGT\n", "starts at 0, but windows count from 1"),
    ("windows that disagree", b">chr1:1-4\nACGT\n>chr1:3-6\nCCCC\n", "differ"),
    ("gzip cut off", lambda _: gzip.compress(LONG)[:-3000], "cut off"),
    ("gzip damaged", lambda _: flipped(gzip.compress(LONG), 4000), "damaged"),
    ("bgzf without its end", lambda p: bgzf(p, LONG)[:-28], "end marker"),
    ("bgzf cut in a block", lambda p: bgzf(p, LONG)[:-5000], "end marker"),
    ("bgzf damaged", lambda p: flipped(bgzf(p, LONG), 4000), "damaged"),
    ("gzip of nothing", lambda _: gzip.compress(b""), "empty"),
]

NOTE = 'gene_id "G"; transcript_id "T.1";'
ROW = f"chr1\tx\texon\t1\t90\t.\t+\t.\t{NOTE}"


def two_rows(span: str) -> bytes:
    return (ROW + "\n" + ROW.replace("1\t90", span)).encode()


BAD_MODELS = [
    ("empty", b"", "no rows"),
    ("comments only", b"#a\n#b\n", "no rows"),
    ("spaces for tabs", ROW.replace("\t", " ").encode(), "neither GTF"),
    ("a FASTA", GOOD, "neither GTF"),
    ("a BED", b"chr1\t1\t90\tname\n", "neither GTF"),
    ("row cut off", f"{ROW}\nchr1\tx\tex".encode(), "3 columns"),
    ("no transcript_id", ROW.replace("transcript_id", "other").encode(), "no transcript_id"),
    ("start after end", two_rows("90\t1"), "no 1-based stretch"),
    ("start 0", two_rows("0\t90"), "no 1-based stretch"),
    ("start is text", two_rows("x\t90"), "no 1-based stretch"),
    ("no strand", ROW.replace("+", ".").encode(), "neither + nor -"),
    ("only genes", ROW.replace("exon", "gene").encode(), "no usable transcript"),
    ("only CDS in GTF", ROW.replace("exon", "CDS").encode(), "no exon rows"),
    (
        "gff3 without transcripts",
        b"##gff-version 3\nchr1\tx\texon\t1\t9\t.\t+\t.\tParent=t\n",
        "no usable transcript",
    ),
    ("gff3 row cut off", b"##gff-version 3\nchr1\tx\texon\t1\n", "4 columns"),
    ("genePred counts disagree", b"T\tchr1\t+\t0\t90\t0\t90\t2\t0,\t90,\n", "2 exons"),
    ("genePred not a number", b"T\tchr1\t+\t0\t90\tx\t90\t1\t0,\t90,\n", "no number"),
    ("genePred row of another shape", b"T\tchr1\t+\t0\t90\t0\t90\t1\t0,\t90,\nT\tchr1\n", "no genePred row"),
    ("genePred exon without bases", b"T\tchr1\t+\t0\t90\t0\t90\t1\t90,\t90,\n", "exon without bases"),
    ("latin-1", ROW.replace("G", "\xe9").encode("latin-1"), "UTF-8"),
    ("gzip cut off", lambda _: gzip.compress((ROW + "\n").encode() * 9000)[:-40], "cut off"),
    ("bgzf without its end", lambda p: bgzf(p, (ROW + "\n").encode() * 9000)[:-28], "end marker"),
    ("bgzf damaged", lambda p: flipped(bgzf(p, (ROW + "\n").encode() * 9000), 60), "damaged"),
    ("zip", b"PK\x03\x04\xff\xfe", ""),
]


def check(error: RevertantError, word: str) -> None:
    assert isinstance(error, InputError)
    assert error.exit_status == 3
    assert word in error.what
    assert error.what.strip()
    assert error.where.strip()
    assert error.remedy.strip()
    assert "Traceback" not in str(error)


def save(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content(tmp_path) if callable(content) else content)
    return path


@pytest.mark.parametrize(
    ("content", "word"), [row[1:] for row in BAD_FASTA], ids=[row[0] for row in BAD_FASTA]
)
def test_bad_fasta(tmp_path, content, word):
    with pytest.raises(RevertantError) as caught:
        Reference.open(save(tmp_path, content, "bad.fa"))
    check(caught.value, word)


@pytest.mark.parametrize(
    ("content", "word"), [row[1:] for row in BAD_FASTA], ids=[row[0] for row in BAD_FASTA]
)
def test_bad_fasta_through_the_index(tmp_path, content, word):
    """The same files, as if they were large: found at opening, or at the latest when their bases are read."""
    path = save(tmp_path, content, "bad.fa")
    with pytest.raises(RevertantError) as caught:
        read_everything(path)
    check(caught.value, "")


@pytest.mark.parametrize(
    ("content", "word"), [row[1:] for row in BAD_MODELS], ids=[row[0] for row in BAD_MODELS]
)
def test_bad_gene_models(tmp_path, content, word):
    with pytest.raises(RevertantError) as caught:
        load_gene_models(save(tmp_path, content, "bad.gtf"))
    check(caught.value, word)


SPANS = [("0-3", "chr1:1-4"), ("0-4", "chr1:1-4"), ("9-13", "chr1:10-13"), ("0-9", "samtools faidx")]


@pytest.mark.parametrize(("span", "remedy"), SPANS)
def test_a_window_counted_from_0_names_its_remedy(tmp_path, span, remedy):
    with pytest.raises(InputError) as caught:
        Reference.open(save(tmp_path, f">chr1:{span}\nACGT\n".encode(), "bad.fa"))
    assert remedy in caught.value.remedy


@pytest.mark.parametrize("load", [Reference.open, load_gene_models])
def test_no_file_and_a_folder(tmp_path, load):
    for path in (tmp_path / "absent.fa", tmp_path):
        with pytest.raises(RevertantError) as caught:
            load(path)
        check(caught.value, "")


def read_everything(path) -> None:
    reference = Reference.open(path, in_memory_bytes=0)
    for locus in reference.windows:
        reference.fetch(locus.contig, locus.start, locus.end)


def test_large_plain_gzip_names_the_command(tmp_path):
    path = save(tmp_path, gzip.compress(LONG), "genome.fa.gz")
    with pytest.raises(InputError) as caught:
        Reference.open(path, in_memory_bytes=1000)
    check(caught.value, "bgzip")
    assert caught.value.remedy == f"Run: gunzip -c {path} | bgzip > {tmp_path / 'genome.fa'}.bgz"


def indexed(tmp_path, text: bytes, *, packed: bool):
    path = save(tmp_path, (lambda p: bgzf(p, text)) if packed else text, "genome.fa")
    Reference.open(path, in_memory_bytes=0)
    return path


RECORDS = b">chr1\nACGTACGTAC\nACGT\n>chr2\nTTTTTTTTTT\nGG\n"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("other", "code"),
    [
        (b">chr1\nACGTACGTAC\nACGTA\n>chr2\nTTTTTTTTTT\nGG\n", "stale-index"),
        (b">chr1\nACGTACGTAC\nACG\n>chr2\nTTTTTTTTTT\nGG\n", "stale-index"),
        (b">chr2\nACGTACGTAC\nACGT\n>chr1\nTTTTTTTTTT\nGG\n", "stale-index"),
        (b">chr1\nACGTACGTAC\nACGT\n>chr2\nTTTTTTTTTT\nGGG\n", "stale-index"),
        (b">chr1\nACGTACGTAC\nACGT\n>chr2\nTTTTTTTTTT\nG\n", "stale-index"),
        (RECORDS + b">chr3\nAAAA\n", "stale-index"),
        (RECORDS + b">chr1\nAAAA\n", "duplicate-record"),
        (b">chr0\nAAAA\n" + RECORDS, "stale-index"),
        (b">chr1 x\n" + RECORDS[6:], "stale-index"),
    ],
)
def test_an_index_of_another_file_is_found_out(tmp_path, other, code, packed):
    path = indexed(tmp_path, RECORDS, packed=packed)
    fai, gzi = (tmp_path / f"genome.fa.{kind}" for kind in ("fai", "gzi"))
    old = fai.read_bytes()
    save(tmp_path, (lambda p: bgzf(p, other)) if packed else other, "genome.fa")
    fai.write_bytes(old)
    with pytest.raises(InputError) as caught:
        Reference.open(path, in_memory_bytes=0)
    check(caught.value, "index")
    assert caught.value.code == code
    if code == "stale-index":
        fai.unlink()
        gzi.unlink(missing_ok=True)
        assert Reference.open(path, in_memory_bytes=0).contigs


@pytest.mark.parametrize("damage", [b"", b"chr1\n", b"chr1\tx\ty\tz\tw\n", b"\xff\xfe\n"])
def test_a_damaged_index_is_found_out(tmp_path, damage):
    path = indexed(tmp_path, RECORDS, packed=True)
    (tmp_path / "genome.fa.fai").write_bytes(damage)
    with pytest.raises(InputError) as caught:
        Reference.open(path, in_memory_bytes=0)
    check(caught.value, "index")


@pytest.mark.parametrize("damage", [b"", b"\x01", b"\xff" * 8, (1).to_bytes(8, "little") + b"\x07" * 16])
def test_a_damaged_block_index_is_found_out(tmp_path, damage):
    path = indexed(tmp_path, LONG, packed=True)
    (tmp_path / "genome.fa.gzi").write_bytes(damage)
    with pytest.raises(InputError) as caught:
        Reference.open(path, in_memory_bytes=0)
    check(caught.value, "index")


@pytest.mark.parametrize("packed", [False, True])
def test_a_bgzf_cut_anywhere_is_never_read(tmp_path, packed):
    whole = bgzf(tmp_path, LONG) if packed else gzip.compress(LONG)
    for cut in [*range(1, 30), *range(30, len(whole), len(whole) // 60)]:
        path = save(tmp_path, whole[:-cut], "cut.fa.gz")
        with pytest.raises(RevertantError) as caught:
            Reference.open(path)
        check(caught.value, "")
