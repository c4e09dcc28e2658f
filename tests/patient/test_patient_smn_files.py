"""Files that cannot be used are refused with what is wrong, where, and what to do."""

from __future__ import annotations

import hashlib
import os
import shutil

import numpy as np
import pysam
import pytest
from smn_simulator import Person, simulated_controls, write_person, write_reads

from revertant.errors import IncompatibleInputsError, InputError, UsageError
from revertant.genome import builds
from revertant.patient.smn import call_smn, read_controls, read_panel
from revertant.patient.smn.alignments import alternate_contigs

#: Few reads: these files are refused before they are counted.
THIN = Person(depth=1.0)
HG007 = {
    "hg38": "HG007.GRCh38_full_plus_hs38d1_analysis_set_minus_alts.100x.includedRegions.downSampled.bam",
    "hs37d5": "HG007.hs37d5.100x.includedRegions.downSampled.bam",
}


@pytest.fixture(scope="module")
def thin(tmp_path_factory):
    path = tmp_path_factory.mktemp("thin") / "thin.bam"
    write_person(path, THIN, 1)
    return path


def empty_bam(path, contigs, header=None):
    """A file without reads; ``header`` adds lines."""
    if header is None:
        nothing = np.zeros(0, int)
        write_reads(path, contigs, nothing, nothing, np.zeros((0, 150), np.uint8), nothing, nothing)
        return path
    lines = {
        "HD": {"VN": "1.6", "SO": "coordinate"},
        "SQ": [{"SN": n, "LN": s} for n, s in contigs],
        **header,
    }
    with pysam.AlignmentFile(str(path), "wb", header=lines):
        pass
    pysam.index(str(path))
    return path


def contigs_of(build, prefix="chr"):
    return [(prefix + fact.name, fact.length) for fact in builds()[build].contigs.values()]


def refusal(kind, code, **arguments):
    with pytest.raises(kind) as caught:
        call_smn(**arguments)
    assert caught.value.code == code
    assert caught.value.remedy
    assert caught.value.where or code in {"no-chromosome-5", "unknown-ancestry"}
    return caught.value


def test_no_such_file(tmp_path):
    refusal(InputError, "no-file", path=tmp_path / "none.bam")


def test_no_index(thin, tmp_path):
    alone = tmp_path / "alone.bam"
    shutil.copy(thin, alone)
    assert "samtools index" in refusal(InputError, "no-index", path=alone).remedy


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_truncated(thin, tmp_path, share):
    cut = tmp_path / "cut.bam"
    content = thin.read_bytes()
    cut.write_bytes(content[: int(len(content) * share)])
    shutil.copy(f"{thin}.bai", f"{cut}.bai")
    refusal(InputError, "truncated", path=cut, controls=simulated_controls())


def test_damaged_in_the_middle(thin, tmp_path):
    bad = tmp_path / "bad.bam"
    content = bytearray(thin.read_bytes())
    content[100_000:1_000_000] = bytes(900_000)
    bad.write_bytes(content)
    shutil.copy(f"{thin}.bai", f"{bad}.bai")
    with pytest.raises(InputError) as caught:
        call_smn(bad, controls=simulated_controls())
    assert caught.value.code in {"bad-alignments", "truncated"}


@pytest.mark.parametrize("content", [b"", b"chr5\t1\t2\n", b"\x1f\x8b rest"])
def test_not_a_file_of_reads(tmp_path, content):
    path = tmp_path / "text.bam"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        call_smn(path)
    assert caught.value.code in {"bad-alignments", "truncated"}


@pytest.mark.parametrize(
    "name", ["chr5_KI270897v1_alt", "chr5_GL339449v2_alt", "HSCHR5_1_CTG1", "KI270897.1", "5_KI270897v1_alt"]
)
def test_reference_with_alternate_contigs(tmp_path, name):
    path = empty_bam(tmp_path / "alt.bam", [*contigs_of("GRCh38"), (name, 1_000_000)])
    error = refusal(IncompatibleInputsError, "alternate-contigs", path=path)
    assert name in error.what


def test_alternate_contig_marked_in_the_header(tmp_path):
    rows = [{"SN": n, "LN": s} for n, s in contigs_of("GRCh38")] + [{"SN": "x", "LN": 9, "AH": "chr5:1-9"}]
    path = empty_bam(tmp_path / "alt.bam", contigs_of("GRCh38"), header={"SQ": rows})
    refusal(IncompatibleInputsError, "alternate-contigs", path=path)


def test_alternate_contigs_under_their_accession(tmp_path):
    """GRCh38 without alternates has 169 scaffolds; a reference with more of them has alternates."""
    scaffolds = [(f"NT_{187_300 + number}.1", 1_000) for number in range(170)]
    path = empty_bam(tmp_path / "more.bam", [*contigs_of("GRCh38"), *scaffolds])
    refusal(IncompatibleInputsError, "alternate-contigs", path=path)
    path = empty_bam(tmp_path / "fewer.bam", [*contigs_of("GRCh38"), *scaffolds[:-1]])
    refusal(InputError, "no-control-regions", path=path)


def test_other_contigs_are_no_alternates():
    fine = ["chr5", "chr5_GL000208v1_random", "chr6_GL000250v2_alt", "chrUn_KI270442v1", "hs37d5", "chrEBV"]
    assert alternate_contigs(fine) == ()


def test_wrong_build(thin):
    refusal(IncompatibleInputsError, "wrong-build", path=thin, build="hg19")
    refusal(IncompatibleInputsError, "wrong-build", path=thin, build="nonsense")


def test_unsupported_build(tmp_path):
    path = empty_bam(tmp_path / "t2t.bam", contigs_of("T2T-CHM13v2.0"))
    refusal(IncompatibleInputsError, "unsupported-build", path=path)


def test_no_build(tmp_path):
    path = empty_bam(tmp_path / "odd.bam", [("chr5", 12_345)])
    refusal(InputError, "no-build", path=path)


def test_no_chromosome_5(tmp_path):
    path = empty_bam(tmp_path / "some.bam", [row for row in contigs_of("GRCh38") if row[0] != "chr5"])
    refusal(InputError, "no-chromosome-5", path=path)


def test_several_samples(tmp_path):
    groups = {"RG": [{"ID": "1", "SM": "a"}, {"ID": "2", "SM": "b"}]}
    path = empty_bam(tmp_path / "two.bam", contigs_of("GRCh38"), header=groups)
    refusal(IncompatibleInputsError, "several-samples", path=path)


def test_no_reads_to_measure_against(tmp_path):
    path = empty_bam(tmp_path / "empty.bam", contigs_of("GRCh38"))
    error = refusal(InputError, "no-control-regions", path=path)
    assert "0 of 1435" in error.what


def test_a_folder_is_no_file(tmp_path):
    refusal(InputError, "no-file", path=tmp_path)


@pytest.mark.parametrize("build", HG007)
def test_real_reads_without_control_regions(shared_data, build):
    error = refusal(InputError, "no-control-regions", path=shared_data / "smn" / HG007[build])
    assert "--controls" in error.remedy


def test_unknown_population(thin):
    error = refusal(UsageError, "unknown-ancestry", path=thin, ancestry="martian")
    assert "hispanic" in error.remedy


@pytest.fixture
def cram(tmp_path):
    """A CRAM with a few reads, and the FASTA it was written with."""
    fasta = tmp_path / "small.fa"
    letters = "A" * builds()["GRCh38"].contigs["21"].length
    fasta.write_text(f">chr21\n{letters}\n")
    pysam.faidx(str(fasta))
    sums = {"chr21": hashlib.md5(letters.encode()).hexdigest()}
    rows = [{"SN": n, "LN": s, "M5": sums.get(n, "0" * 32)} for n, s in contigs_of("GRCh38")]
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": rows}
    path = tmp_path / "reads.cram"
    options = {"reference_filename": str(fasta), "format_options": [b"embed_ref=0"]}
    with pysam.AlignmentFile(str(path), "wc", header=header, **options) as file:
        for number in range(50):
            read = pysam.AlignedSegment(file.header)
            read.query_name = str(number)
            read.reference_id = 20
            read.reference_start = 1_000_000 + number
            read.query_sequence = "A" * 99 + "C"
            read.query_qualities = pysam.qualitystring_to_array("I" * 100)
            read.cigartuples = [(0, 100)]
            read.mapping_quality = 60
            file.write(read)
    pysam.index(str(path))
    return path, fasta


def test_cram_needs_its_reference(cram):
    path, fasta = cram
    assert "--reference" in refusal(InputError, "cram-needs-reference", path=path).remedy
    refusal(InputError, "no-file", path=path, reference=fasta.with_name("none.fa"))
    # With it, the file is read: it has too few reads, which is another thing.
    refusal(InputError, "no-control-regions", path=path, reference=fasta)


def test_cram_with_another_reference(cram, tmp_path):
    path, fasta = cram
    fasta.unlink()  # the file names it, and it would be found
    other = tmp_path / "other.fa"
    other.write_text(">chr22\nACGT\n")
    pysam.faidx(str(other))
    refusal(InputError, "bad-alignments", path=path, reference=other)


def test_environment_is_left_as_it_was(thin, monkeypatch):
    monkeypatch.setenv("REF_PATH", "/somewhere")
    with pytest.raises(IncompatibleInputsError):
        call_smn(thin, build="GRCh37")
    assert os.environ["REF_PATH"] == "/somewhere"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "chr1\t1\n",
        "chr1\tx\t9\n",
        "chr1\t9\t9\n",
        "chr1\t1\t2\n" * 9,
        "chrX\t1\t900\n" * 9,
        "chr1\t1\t900\n" * 9,
    ],
)
def test_bad_controls(tmp_path, text):
    path = tmp_path / "controls.bed"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_controls(path)
    assert caught.value.code == "bad-controls"


def test_controls_may_have_header_lines(tmp_path):
    path = tmp_path / "controls.bed"
    rows = "".join(f"chr{number}\t1000\t2000\tGENE\t0\t+\n" for number in range(1, 8))
    path.write_text(f"track name=x\n# more\n\n{rows}")
    assert len(read_controls(path).regions) == 7


HEAD = "sample\ttotal\tfull_length\ttotal_measured\tfull_length_measured\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD,
        HEAD + "a\t4\t4\t2\t2\n" * 9,
        HEAD + "a\t4\tfour\t2\t2\n" * 12,
        HEAD + "a\t4\t5\t2\t2\n" * 12,
        HEAD + "a\t4\t4\t0\t2\n" * 12,
        HEAD + "a\t4\t4\t2\n" * 12,
        "total\tfull_length\n" + "4\t4\n" * 12,
    ],
)
def test_bad_panel(tmp_path, text):
    path = tmp_path / "panel.tsv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_panel(path)
    assert caught.value.code == "bad-panel"


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(InputError):
        read_controls(tmp_path / "none.bed")
    with pytest.raises(InputError):
        read_panel(tmp_path / "none.tsv")
