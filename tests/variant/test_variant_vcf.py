"""VCF reading: what becomes of each kind of record, and real files."""

from __future__ import annotations

import gzip
from itertools import islice
from pathlib import Path

import pysam
import pytest

from revertant.errors import IncompatibleInputsError
from revertant.genome import PatientGenome, Reference
from revertant.model import Call, Locus, Sex, Status, Variant
from revertant.variant import VcfCalls, read_calls

BASES = "ACGTACGTACCCCGTACGTACGTTGCA" * 4
HEADER = "##fileformat=VCFv4.3\n##contig=<ID=chr1>\n"
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT"


def reference() -> Reference:
    return Reference.from_sequences({f"chr1:1001-{1000 + len(BASES)}": BASES})


def at(position: int, size: int = 1) -> str:
    return BASES[position - 1001 : position - 1001 + size]


def record(position: int, alt: str, genotype: str, **more: str) -> str:
    fields = {"chrom": "chr1", "ref": at(position), "filter": "PASS", "format": "GT"} | more
    head = f"{fields['chrom']}\t{position}\t.\t{fields['ref']}\t{alt}\t.\t{fields['filter']}\t."
    return f"{head}\t{fields['format']}\t{genotype}"


def read(folder: Path, *records: str, samples: str = "S1", **options: object) -> VcfCalls:
    path = folder / "patient.vcf"
    path.write_text(HEADER + f"{COLUMNS}\t{samples}\n" + "".join(f"{line}\n" for line in records))
    return read_calls(path, reference(), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("genotype", "fmt", "copies", "phase_set"),
    [
        ("0/1", "GT", (False, True), None),
        ("1/0", "GT", (True, False), None),
        ("0|1", "GT", (False, True), "chr1"),
        ("1|0:77", "GT:PS", (True, False), "chr1:77"),
        ("1|0:block_a", "GT:PS", (True, False), "chr1:block_a"),
        ("1|0:.", "GT:PS", (True, False), "chr1"),
        ("1|0", "GT:PS", (True, False), "chr1"),
        ("0/1:77", "GT:PS", (False, True), None),
        ("1|1", "GT", (True, True), None),
        ("1/1", "GT", (True, True), None),
        ("1", "GT", (True,), None),
        ("./1", "GT", (False, True), None),
        ("1|.", "GT", (True, False), "chr1"),
        ("|0|1", "GT", (False, True), "chr1"),
        ("12:0/1", "DP:GT", (False, True), None),
    ],
)
def test_genotypes(
    tmp_path: Path, genotype: str, fmt: str, copies: tuple[bool, ...], phase_set: str | None
) -> None:
    found = read(tmp_path, record(1003, "A", genotype, format=fmt))
    assert found.calls == (Call(Variant("chr1", 1002, "G", "A"), copies, phase_set),)
    assert found.tally.kept == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (record(1003, "A", "0/0"), "only the reference allele is carried"),
        (record(1003, "A", "./."), "genotype is missing"),
        (record(1003, "A", "."), "genotype is missing"),
        (record(1003, "A", "12", format="DP"), "no GT in FORMAT"),
        (record(1003, "A", ".", format="DP:GT"), "genotype is missing"),
        (record(1003, "A", "0/0/1"), "more than two copies"),
        (record(1003, "A", "0/x"), "malformed genotype"),
        (record(1003, "*", "0/1"), "star allele: an upstream deletion covers the place"),
        (record(1003, "<DEL>", "0/1"), "symbolic allele"),
        (record(1003, "G[chr2:5[", "0/1"), "breakend or missing ALT"),
        (record(1003, ".A", "0/1"), "breakend or missing ALT"),
        (record(1003, ".", "0/0"), "no ALT allele"),
        (record(1003, "N", "0/1"), "ALT holds letters other than A, C, G, T"),
        (record(1003, "A", "0/1", ref="N"), "REF holds letters other than A, C, G, T"),
        (record(1003, "A", "0/1", ref="T"), "REF does not match the reference"),
        (record(1003, "G", "0/1"), "ALT is the same as REF"),
        (record(1003, "A", "0/1", filter="LowQual"), "FILTER is not PASS (LowQual)"),
        (record(9003, "A", "0/1", ref="G"), "outside the reference windows"),
        (record(1108, "A", "0/1", ref="AC"), "outside the reference windows"),
        (record(0, "A", "0/1", ref="N"), "outside the reference windows"),
        (record(1003, "A", "0/1", chrom="chr2"), "contig is not in the reference"),
    ],
)
def test_refusals_are_counted(tmp_path: Path, line: str, reason: str) -> None:
    found = read(tmp_path, line, record(1001, "C", "0/1"))
    assert found.tally.refused == ((reason, 1),)
    assert (found.tally.read, found.tally.kept, len(found.calls)) == (2, 1, 1)


def test_filtered_records_can_be_kept(tmp_path: Path) -> None:
    line = record(1003, "A", "0/1", filter="LowQual")
    assert len(read(tmp_path, line, keep_filtered=True).calls) == 1
    assert "vcf.filtered" in {finding.rule for finding in read(tmp_path, line).findings}


def test_multi_allelic_records_are_split_and_stay_on_opposite_copies(tmp_path: Path) -> None:
    found = read(tmp_path, record(1003, "A,GT", "1/2"))
    variants = {call.variant: call.copies for call in found.calls}
    assert variants == {
        Variant("chr1", 1002, "G", "A"): (True, False),
        Variant("chr1", 1003, "", "T"): (False, True),
    }
    assert len({call.phase_set for call in found.calls} - {None}) == 1
    genome = PatientGenome(reference(), found.calls)
    carried = {window.variants for window in genome.windows(Locus("chr1", 1000, 1010))}
    assert all(len(variants) == 1 for variants in carried)


def test_one_star_allele_does_not_lose_the_other(tmp_path: Path) -> None:
    found = read(tmp_path, record(1003, "A,*", "1|2"))
    assert [call.copies for call in found.calls] == [(True, False)]
    assert found.not_used == (("star allele: an upstream deletion covers the place", 1),)
    assert found.tally.refused == ()


def test_calls_are_normalised_sorted_and_unique(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        record(1012, "CG", "0/1", ref="CCG"),
        record(1003, "A", "0/1"),
        record(1011, "C", "0/1", ref="CC"),
        record(1012, "C", "0/1", ref="CC"),
        record(1003, "A", "1/0"),
    )
    calls = [(str(call.variant), call.moved) for call in found.calls]
    assert calls == [("chr1:1003:G:A", 0), ("chr1:1010:C:-", 2), ("chr1:1010:C:-", 3)]
    assert found.tally.refused == (("duplicate record", 1), ("duplicate record with another genotype", 1))
    assert {"vcf.sorted", "vcf.conflicts"} <= {finding.rule for finding in found.findings}


@pytest.mark.parametrize(
    ("records", "conflicts"),
    [
        ([record(1003, "A", "1/1"), record(1003, "A", "0/1")], 1),
        ([record(1003, "A", "0/0"), record(1003, "A", "0/1")], 1),
        ([record(1003, "A", "1|1"), record(1003, "A", "0|0")], 1),
        ([record(1003, "A", "1"), record(1003, "A", "0")], 1),
        ([record(1003, "C,A", "0/1"), record(1003, "A", "0/1")], 1),
        # The same deletion, at both ends of its repeat.
        ([record(1012, "CG", "0/0", ref="CCG"), record(1009, "A", "0/1", ref="AC")], 1),
        ([record(1003, "A", "0/0"), record(1003, "C", "0/1")], 0),
        ([record(1003, "A", "./."), record(1003, "A", "0/1")], 0),
        ([record(1003, "A", "./0"), record(1003, "A", "0/1")], 0),
        ([record(1003, "A", "0/0"), record(1003, "A", "0/0")], 0),
        ([record(1003, "A", "0/0", filter="LowQual"), record(1003, "A", "0/1")], 0),
        ([record(1003, "<NON_REF>", "0/0"), record(1003, "A", "0/1")], 0),
        ([record(1003, "A,<NON_REF>", "0/1")], 0),
        ([record(1003, "A,C", "1/2")], 0),
    ],
)
def test_a_variant_called_in_two_ways_is_a_conflict(
    tmp_path: Path, records: list[str], conflicts: int
) -> None:
    found = [one.value for one in read(tmp_path, *records).findings if one.rule == "vcf.conflicts"]
    assert found == ([f"{conflicts} records"] if conflicts else [])


@pytest.mark.parametrize("chrom", ["1", "chr1", "NC_000001.11", "CM000663.2"])
def test_contig_aliases(tmp_path: Path, chrom: str) -> None:
    assert read(tmp_path, record(1003, "A", "0/1", chrom=chrom)).calls[0].variant.contig == "chr1"


def test_one_sample_of_several(tmp_path: Path) -> None:
    found = read(tmp_path, record(1003, "A", "0/1\t1/1"), samples="S1\tS2", sample="S2")
    assert found.sample == "S2"
    assert found.calls[0].copies == (True, True)


def test_regions(tmp_path: Path) -> None:
    lines = (record(1003, "A", "0/1"), record(1050, "A" if at(1050) != "A" else "C", "0/1"))
    found = read(tmp_path, *lines, regions=[Locus("1", 1040, 1060)])
    assert [call.variant.start for call in found.calls] == [1049]
    assert found.tally.refused == (("outside the asked regions", 1),)


def test_findings_say_what_a_report_needs(tmp_path: Path) -> None:
    found = read(tmp_path, record(1003, "A", "0/1"), record(1005, "G", "0|1"), record(1007, "A", "./1"))
    by_rule = {finding.rule: finding for finding in found.findings}
    assert by_rule["genome.build"].status is Status.UNKNOWN
    assert by_rule["vcf.phase"].status is Status.CAUTION
    assert by_rule["vcf.phase"].value == "1 of 3 heterozygous calls are phased"
    assert by_rule["vcf.half_calls"].value == "1 records"


@pytest.mark.parametrize("packing", ["plain", "crlf", "gzip", "bgzf", "no last line end"])
def test_packings_read_the_same(tmp_path: Path, packing: str) -> None:
    text = f"{HEADER}{COLUMNS}\tS1\n{record(1003, 'A', '0/1')}\n"
    path = tmp_path / f"{packing}.vcf"
    if packing == "bgzf":
        with pysam.BGZFile(str(path), "wb") as file:
            file.write(text.encode())
    elif packing == "gzip":
        path.write_bytes(gzip.compress(text.encode()))
    elif packing == "crlf":
        path.write_bytes(text.replace("\n", "\r\n").encode())
    else:
        path.write_text(text.rstrip("\n") if "no last" in packing else text)
    found = read_calls(path, reference())
    assert [str(call.variant) for call in found.calls] == ["chr1:1003:G:A"]
    assert ("vcf.end" in {finding.rule for finding in found.findings}) == ("no last" in packing)


def test_a_wrong_build_is_refused_by_share(tmp_path: Path) -> None:
    lines = [record(1001 + i, "A", "0/1", ref="ACGT"[i % 3 + 1]) for i in range(60)]
    with pytest.raises(IncompatibleInputsError) as caught:
        read(tmp_path, *lines)
    assert caught.value.code == "wrong-build"


def test_sex_hint(tmp_path: Path) -> None:
    genome = Reference.from_sequences({f"chrX:5000001-{5000000 + len(BASES)}": BASES}, build="GRCh38")
    for genotype, sex in (("1", Sex.MALE), ("0/1", Sex.FEMALE), ("1/1", Sex.UNKNOWN)):
        lines = [
            f"X\t{5000001 + i}\t.\t{BASES[i]}\t{'A' if BASES[i] != 'A' else 'C'}\t.\t.\t.\tGT\t{genotype}\n"
            for i in range(30)
        ]
        path = tmp_path / "x.vcf"
        path.write_text(HEADER + f"{COLUMNS}\tS1\n" + "".join(lines))
        assert read_calls(path, genome).sex_hint is sex


def test_progress(tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []
    read(tmp_path, record(1003, "A", "0/1"), progress=lambda stage, share: seen.append((stage, share)))
    assert seen[-1] == ("reading VCF", 1.0)


@pytest.fixture(scope="module")
def windows(shared_data: Path) -> Reference:
    return Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")


@pytest.mark.parametrize(
    ("name", "sample", "calls", "phased"),
    [
        ("GRCh38.1kgp.CFTR.vcf.gz", "HG00096", 12, 1.0),
        ("GRCh38.HG002.chr20.unphased.vcf.gz", "", 2778, 0.0),
        ("GRCh38.PlatinumGenomes_NA12878.chr21.vcf.gz", "", 2007, 0.99),
    ],
)
def test_real_files(
    windows: Reference, shared_data: Path, name: str, sample: str, calls: int, phased: float
) -> None:
    found = read_calls(shared_data / "variants" / name, windows, sample)
    assert len(found.calls) == calls
    assert found.findings[0].status is Status.PASS
    heterozygous = [call for call in found.calls if call.is_heterozygous]
    assert sum(call.is_phased for call in heterozygous) / len(heterozygous) >= phased
    assert list(found.calls) == sorted(found.calls, key=lambda call: call.variant)


def test_a_vcf_beside_the_windows_says_that_nothing_is_known(windows: Reference, shared_data: Path) -> None:
    found = read_calls(shared_data / "variants" / "GRCh37.1kgp.CFTR.vcf.gz", windows, "HG00096")
    assert not found.calls
    assert {finding.rule: finding.status for finding in found.findings}["vcf.coverage"] is Status.UNKNOWN


@pytest.mark.parametrize("has_lengths", [True, False])
def test_a_real_wrong_build_is_refused(shared_data: Path, tmp_path: Path, has_lengths: bool) -> None:
    """GRCh38 calls over the GRCh37 sequence: by the header's lengths, else by the REF bases."""
    with gzip.open(shared_data / "genome" / "GRCh37.chr20_1000001-2000000.fa.gz", "rt") as file:
        bases = "".join(file.read().split("\n")[1:])
    other = Reference.from_sequences({"chr20:1000001-2000000": bases}, build="GRCh37")
    path = shared_data / "variants" / "GRCh38.HG002.chr20.unphased.vcf.gz"
    if not has_lengths:
        with gzip.open(path, "rt") as file:
            kept = [line for line in islice(file, 10_000) if not line.startswith("##contig")]
        path = tmp_path / "bare.vcf"
        path.write_text("".join(kept))
    with pytest.raises(IncompatibleInputsError) as caught:
        read_calls(path, other)
    assert caught.value.code == "wrong-build"


def test_extent_counts_records_of_any_genotype_inside_the_windows(tmp_path: Path) -> None:
    lines = (
        record(1050, "A" if at(1050) != "A" else "C", "0/0"),
        record(1003, "A", "./."),
        record(1060, "<DEL>", "0/1", ref=at(1060, 3)),
        record(9003, "A", "0/1", ref="G"),
        record(1003, "A", "0/1", chrom="chr2"),
    )
    found = read(tmp_path, *lines)
    assert found.extent == (("chr1", 1002, 1062),)
    assert found.contigs == ("chr1",)
    assert not read(tmp_path, lines[3]).contigs


def test_extent_of_a_real_file(windows: Reference, shared_data: Path) -> None:
    found = read_calls(shared_data / "variants" / "GRCh38.1kgp.CFTR.vcf.gz", windows, "HG00096")
    [(contig, start, end)] = found.extent
    assert found.contigs == (contig,) == ("chr7",)
    assert windows.covers(Locus(contig, start, end))
    assert start < 117559590 < end
