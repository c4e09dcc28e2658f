"""References: whole, windows, in memory, indexed; contig names; builds."""

from __future__ import annotations

import gzip
import os
import pickle
import random
import shutil

import pysam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import Reference, builds, check_build, contig_name, recognise_build
from revertant.genome import fasta as fasta_module
from revertant.model import Locus, Status

WINDOWS = {"chr11:101-110": "ACGTACGTAC", "chr11:121-125": "GGGGG", "chr2:1-4": "TTTT"}


def write_bgzf(path, text: bytes):
    with pysam.BGZFile(str(path), "wb", None) as file:
        file.write(text)
    return path


def fasta(records: dict[str, str], width: int = 60, end: str = "\n") -> bytes:
    lines = []
    for name, bases in records.items():
        lines += [f">{name} some words", *(bases[i : i + width] for i in range(0, len(bases), width))]
    return (end.join(lines) + end).encode()


def test_windows_are_addressed_by_genomic_position():
    reference = Reference.from_sequences(WINDOWS)
    assert reference.contigs == ("chr11", "chr2")
    assert reference.windows == (Locus("chr11", 100, 110), Locus("chr11", 120, 125), Locus("chr2", 0, 4))
    assert reference.fetch("11", 102, 106) == "GTAC"
    assert reference.fetch("chr11", 105, 105) == ""
    assert reference.total_bases == 19
    assert not reference.covers(Locus("chr11", 109, 111))
    assert reference.stretch_around("NC_000011.10", 121) == Locus("chr11", 120, 125)
    assert reference.stretch_around("chr11", 115) is None
    assert not reference.is_whole_genome


@pytest.mark.parametrize(
    ("start", "end"), [(99, 101), (109, 111), (105, 122), (200, 201), (-1, 3), (104, 102)]
)
def test_what_is_not_covered_is_refused_and_the_nearest_windows_named(start, end):
    with pytest.raises(IncompatibleInputsError) as caught:
        Reference.from_sequences(WINDOWS).fetch("chr11", start, end)
    assert caught.value.code == "outside-reference"
    assert "chr11:101-110" in caught.value.remedy


def test_touching_and_overlapping_windows_are_joined():
    bases = "".join(random.Random(1).choices("ACGT", k=100))
    spans = [(1, 60), (10, 20), (40, 80), (81, 100), (15, 18)]
    reference = Reference.from_sequences({f"chr1:{a}-{b}": bases[a - 1 : b] for a, b in spans})
    assert reference.windows == (Locus("chr1", 0, 100),)
    for start in range(0, 100, 7):
        for end in range(start, 101, 9):
            assert reference.fetch("1", start, end) == bases[start:end]


@settings(max_examples=40, deadline=None)
@given(
    st.text("ACGTNRYacgtn", min_size=1, max_size=300),
    st.integers(1, 70),
    st.sampled_from(["\n", "\r\n"]),
    st.data(),
)
def test_every_way_of_reading_gives_the_same_bases(tmp_path_factory, bases, width, end, data):
    folder = tmp_path_factory.mktemp("fa")
    text = fasta({"chr3:51-" + str(50 + len(bases)): bases, "chrM": "ACGT" * 9}, width, end)
    plain = folder / "r.fa"
    plain.write_bytes(text)
    packed = write_bgzf(folder / "r.fa.gz", text)
    small = folder / "plain.fa.gz"
    small.write_bytes(gzip.compress(text))
    references = [
        Reference.open(plain),
        Reference.open(packed),
        Reference.open(small),
        Reference.open(plain, in_memory_bytes=0),
        Reference.open(packed, in_memory_bytes=0),
    ]
    low = data.draw(st.integers(0, len(bases)))
    high = data.draw(st.integers(low, len(bases)))
    for reference in references:
        assert reference.fetch("chr3", 50 + low, 50 + high) == bases[low:high].upper()
        assert reference.contigs == ("chr3", "chrM")
        again = pickle.loads(pickle.dumps(reference))
        assert again.fetch("NC_012920.1", 30, 36) == "GTACGT"


def test_blocks_of_a_large_file_are_joined_and_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr(fasta_module.IndexedStore, "block", 16)
    monkeypatch.setattr(fasta_module.IndexedStore, "kept_blocks", 2)
    bases = "".join(random.Random(2).choices("ACGTN", k=500))
    path = write_bgzf(tmp_path / "r.fa.gz", fasta({"chr1": bases}))
    reference = Reference.open(path, in_memory_bytes=0)
    for start in range(0, 500, 13):
        for size in (0, 1, 15, 16, 17, 60):
            assert (
                reference.fetch("chr1", start, min(500, start + size))
                == bases[start : min(500, start + size)]
            )
    assert len(reference._store._blocks) <= 2


def test_the_index_of_a_read_only_folder_goes_to_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "locked"
    folder.mkdir()
    path = write_bgzf(folder / "r.fa.gz", fasta({"chr1": "ACGT" * 50}))
    folder.chmod(0o555)
    try:
        assert Reference.open(path, in_memory_bytes=0).fetch("1", 4, 8) == "ACGT"
        assert sorted(item.name for item in folder.iterdir()) == ["r.fa.gz"]
        assert len(list((tmp_path / "cache" / "revertant" / "indexes").iterdir())) == 2
    finally:
        folder.chmod(0o755)


def test_the_index_beside_a_file_is_built_once_and_survives_copying(tmp_path):
    path = write_bgzf(tmp_path / "r.fa.gz", fasta({"chr1": "ACGT" * 50}))
    Reference.open(path, in_memory_bytes=0)
    made = (tmp_path / "r.fa.gz.fai").stat().st_mtime_ns
    os.utime(path)  # newer than its index, but the same file
    assert Reference.open(path, in_memory_bytes=0).fetch("1", 0, 4) == "ACGT"
    assert (tmp_path / "r.fa.gz.fai").stat().st_mtime_ns == made


STYLES = ("chr{}", "{}", "NC", "CM", "Chr{}", "NC without version")


def spelling(style: str, name: str, build: str) -> str:
    fact = builds()[build].contigs[name]
    if style.startswith("NC"):
        return fact.refseq if style == "NC" else fact.refseq.split(".")[0]
    if style == "CM":
        return fact.genbank
    return style.format("M" if name == "MT" and "hr" in style else name)


@pytest.mark.parametrize("build", ["GRCh37", "GRCh38"])
@pytest.mark.parametrize("asked", STYLES)
@pytest.mark.parametrize("has", STYLES)
def test_contig_naming_matrix(has, asked, build):
    names = builds()[build].contigs
    reference = Reference.from_sequences({f"{spelling(has, name, build)}:1-4": "ACGT" for name in names})
    for name in names:
        assert reference.canonical_contig(spelling(asked, name, build)) == spelling(has, name, build)
        assert reference.fetch(spelling(asked, name, build), 1, 3) == "CG"


def test_an_accession_of_another_build_is_a_wrong_build():
    reference = Reference.from_sequences({"chr11:1-4": "ACGT"}, build="hg38")
    with pytest.raises(IncompatibleInputsError) as caught:
        reference.canonical_contig("NC_000011.9")
    assert caught.value.code == "wrong-build"
    assert not reference.has_contig("NC_000011.9")
    assert Reference.from_sequences({"NC_000011.9:1-4": "ACGT"}).build == "GRCh37"


def test_an_unknown_contig_names_those_there_are():
    with pytest.raises(IncompatibleInputsError) as caught:
        Reference.from_sequences(WINDOWS).canonical_contig("chr9")
    assert caught.value.code == "unknown-contig"
    assert "chr11" in caught.value.remedy


def test_catalogue_of_builds():
    for build in builds().values():
        assert len(build.contigs) == 25
        nuclear = [fact.length for name, fact in build.contigs.items() if name != "MT"]
        assert sum(nuclear) == build.nuclear_bases
        assert build.sources
        assert build.checked
    assert contig_name("chrUn_GL000218v1") is None
    assert contig_name("NC_060941.1").build == "T2T-CHM13v2.0"


def test_catalogue_agrees_with_public_vcf_headers(shared_data):
    seen = set()
    for path in sorted((shared_data / "variants").glob("*.vcf.gz")):
        build = path.name.split(".")[0]
        with gzip.open(path, "rt") as file:
            for line in file:
                if not line.startswith("##"):
                    break
                if line.startswith("##contig=<") and "length=" in line:
                    fields = dict(
                        f.split("=", 1) for f in line[10:].strip().strip("<>").split(",") if "=" in f
                    )
                    meant = contig_name(fields["ID"])
                    if meant:
                        assert builds()[build].contigs[meant.name].length == int(fields["length"])
                        seen.add((build, meant.name))
    assert len(seen) >= 24 + 22


@pytest.mark.parametrize("build", ["GRCh37", "GRCh38", "T2T-CHM13v2.0"])
def test_build_by_contig_lengths(build):
    facts = builds()[build].contigs
    assert recognise_build({f"chr{name}": fact.length for name, fact in facts.items()}) == build
    assert recognise_build({"21": facts["21"].length}) == build
    assert recognise_build({"MT": 16569}) == ""
    others = [other for other in builds() if other != build]
    assert recognise_build({"1": facts["1"].length, "2": builds()[others[0]].contigs["2"].length}) == ""


class LengthsOnly:
    """A whole genome that is only measured, never read."""

    def __init__(self, lengths):
        self.lengths = lengths

    def read(self, name, start, end):
        return "N" * (end - start)


def test_whole_genome_is_recognised():
    facts = builds()["GRCh38"].contigs
    lengths = {f"chr{name}": fact.length for name, fact in facts.items() if name != "MT"}
    whole = Reference(LengthsOnly(lengths), name="a.fa")
    assert (whole.build, whole.build_basis, whole.is_whole_genome) == ("GRCh38", "contig lengths", True)
    del lengths["chr7"]
    part = Reference(LengthsOnly(lengths), name="a.fa")
    assert (part.build, part.is_whole_genome) == ("GRCh38", False)
    with pytest.raises(IncompatibleInputsError) as caught:
        Reference(LengthsOnly(lengths), name="a.fa", build="GRCh37")
    assert caught.value.code == "wrong-build"


def test_build_by_name_is_only_a_hint():
    assert Reference.from_sequences(WINDOWS, name="GRCh38.windows.fa").build_basis == "file name"
    assert Reference.from_sequences(WINDOWS, name="hg19_and_hg38.fa").build == ""
    with pytest.raises(InputError):
        Reference.from_sequences(WINDOWS, build="hg99")


# --- real data ---


@pytest.fixture(scope="module")
def windows(shared_data):
    return Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")


def snvs(path, limit: int = 5000):
    with gzip.open(path, "rt") as file:
        for line in file:
            if line.startswith("#"):
                continue
            contig, position, _, ref, alt = line.split("\t", 5)[:5]
            if len(ref) == 1 and ref in "ACGT" and len(alt) == 1:
                yield contig, int(position) - 1, ref
                limit -= 1
                if not limit:
                    return


def test_real_windows(windows, shared_data, tmp_path):
    assert len(windows.windows) == 103
    assert windows.build == "GRCh38"
    with (shared_data / "genome" / "GRCh38.windows.bed").open() as file:
        rows = [line.split("\t") for line in file]
    bed = sorted(Locus(row[0], int(row[1]), int(row[2])) for row in rows)
    assert list(windows.windows) == bed
    copy = shutil.copy(shared_data / "genome" / "GRCh38.windows.fa.gz", tmp_path)
    indexed = Reference.open(copy, in_memory_bytes=0)
    assert indexed.windows == windows.windows
    assert indexed.sha256 == windows.sha256
    for locus in windows.windows[::7]:
        end = min(locus.end, locus.start + 3000)
        assert indexed.fetch(locus.contig, locus.start, end) == windows.fetch(locus.contig, locus.start, end)


@pytest.mark.parametrize(
    "name",
    [
        "GRCh38.1kgp.CFTR",
        "GRCh38.HG002.chr20.unphased",
        "GRCh38.PlatinumGenomes_NA12878.chr21",
        "GRCh38.chr22_omni",
    ],
)
def test_real_ref_alleles_agree(windows, shared_data, name):
    finding = check_build(windows, snvs(shared_data / "variants" / f"{name}.vcf.gz", 60_000))
    assert finding.status is Status.PASS
    assert finding.value == "100.00%"


def test_a_real_grch38_file_on_real_grch37_sequence_is_refused(shared_data):
    old = Reference.open(shared_data / "genome" / "GRCh37.chr22_20000001-21000000.fa.gz")
    with pytest.raises(IncompatibleInputsError) as caught:
        check_build(old, snvs(shared_data / "variants" / "GRCh38.chr22_omni.vcf.gz", 60_000))
    assert caught.value.code == "wrong-build"
    assert "build" in caught.value.remedy


def test_real_grch37_variants_are_not_covered_or_refused(windows, shared_data):
    rows = list(snvs(shared_data / "variants" / "GRCh37.1kgp.CFTR.vcf.gz"))
    assert check_build(windows, rows).status is Status.UNKNOWN  # all lie outside the GRCh38 windows
    right = 359_946  # CFTR lies this much further right in GRCh38
    assert check_build(windows, [(c, p + right, b) for c, p, b in rows]).status is Status.PASS
    for shift in (right - 1, right + 1, right + 1000):
        with pytest.raises(IncompatibleInputsError):
            check_build(windows, [(c, p + shift, b) for c, p, b in rows])


def test_build_needs_twenty_and_judges_each_contig():
    reference = Reference.from_sequences({"chr1": "ACGT" * 500, "chr2": "ACGT" * 500})
    right = [("1", i, "ACGT"[i % 4]) for i in range(1990)]
    wrong = [("2", i, "CATG"[i % 4]) for i in range(20)]
    assert check_build(reference, right[:19]).status is Status.UNKNOWN
    assert check_build(reference, right[:20]).status is Status.PASS
    assert check_build(reference, [*right, *wrong[:4]]).status is Status.PASS
    with pytest.raises(IncompatibleInputsError, match="chr2"):
        check_build(reference, [*right, *wrong])
    outside = [("chr9", 5, "A"), ("chr1", 10**6, "A"), ("chr1", -1, "A"), ("chr1", 1, "AC")]
    assert check_build(reference, outside).status is Status.UNKNOWN
