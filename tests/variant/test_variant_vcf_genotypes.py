"""What a VCF says of a variant: carried, denied, not called, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from revertant.errors import InputError
from revertant.genome import Reference
from revertant.model import Variant
from revertant.variant import GenotypeSeen, Seen, genotypes_of, read_calls

BASES = "TTGCACACACGTTAGGCATCATCTTTGGTGTT"
SNV = Variant("chr1", 10, "G", "A")
#: One CA of the repeat at 4-9, leftmost.
DELETION = Variant("chr1", 3, "CA", "")
INSERTION = Variant("chr1", 3, "", "CA")
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT"


def reference() -> Reference:
    return Reference.from_sequences({"chr1": BASES})


def line(position: int, ref: str, alt: str, sample: str, **more: str) -> str:
    field = {"chrom": "1", "filter": "PASS", "info": ".", "format": "GT"} | more
    head = f"{field['chrom']}\t{position}\t.\t{ref}\t{alt}\t.\t{field['filter']}\t{field['info']}"
    return f"{head}\t{field['format']}\t{sample}\n"


def ask(folder: Path, *lines: str, asked: Variant = SNV) -> GenotypeSeen:
    path = folder / "patient.vcf"
    path.write_text(f"##fileformat=VCFv4.3\n{COLUMNS}\tS1\n" + "".join(lines))
    [found] = genotypes_of(path, reference(), "", [asked])
    return found


@pytest.mark.parametrize(
    ("record", "seen"),
    [
        (line(11, "G", "A", "0/0"), Seen.ABSENT),
        (line(11, "G", "A", "0|0"), Seen.ABSENT),
        (line(11, "g", "a", "0"), Seen.ABSENT),
        (line(11, "G", "A", "0/1"), Seen.CARRIED),
        (line(11, "G", "A", "./."), Seen.MISSING),
        (line(11, "G", "A", "./0"), Seen.MISSING),
        (line(11, "G", "A", "0/0/0"), Seen.MISSING),
        (line(11, "G", "A", "0/0:20", format="GT:GQ"), Seen.ABSENT),
        (line(11, "G", "A", "0/0:19", format="GT:GQ"), Seen.MISSING),
        (line(11, "G", "A", "0/0:.", format="GT:GQ"), Seen.ABSENT),
        (line(11, "G", "A", "0/0", filter="LowQual"), Seen.MISSING),
        (line(11, "G", "A", "0/0", filter="RefCall"), Seen.ABSENT),
        (line(11, "G", "A", "0/1", filter="LowQual"), Seen.CARRIED),
        (line(11, "G", "A", "0/0:0/1", format="GT:GT"), Seen.MISSING),
        (line(11, "G", "A", "0/" + "9" * 5000), Seen.MISSING),
        # Several alleles: the other one is carried, so this one is not.
        (line(11, "G", "C,A", "1/1"), Seen.ABSENT),
        (line(11, "G", "C,A", "0/1"), Seen.ABSENT),
        (line(11, "G", "C,A", "1/2"), Seen.CARRIED),
        # The carried allele changes two bases, one of which may be the one asked for.
        (line(11, "GT", "AT,AC", "0/2"), Seen.MISSING),
        (line(11, "G", "A,*", "0/2"), Seen.MISSING),
        (line(10, "CG", "CA", "0/0"), Seen.ABSENT),
        # Other changes at the place say nothing of this one.
        (line(11, "G", "C", "0/0"), Seen.NO_RECORD),
        (line(11, "C", "A", "0/0"), Seen.NO_RECORD),
        (line(12, "T", "A", "0/0"), Seen.NO_RECORD),
        (line(11, "G", "A", "0/0", chrom="2"), Seen.NO_RECORD),
        # Records that state the reference.
        (line(11, "G", ".", "0/0"), Seen.ABSENT),
        (line(11, "G", ".", "./."), Seen.MISSING),
        (line(8, "C", "<NON_REF>", "0/0:60", info="END=20", format="GT:GQ"), Seen.ABSENT),
        (line(8, "C", "<*>", "0/0:0", info="DP=1;END=20", format="GT:GQ"), Seen.MISSING),
        (line(8, "C", "<NON_REF>", "0/0", info="END=10"), Seen.NO_RECORD),
        (line(8, "C", "<DEL>", "0/0", info="END=20"), Seen.NO_RECORD),
        (line(11, "G", "C,<NON_REF>", "0/1"), Seen.NO_RECORD),
        (line(0, "N", "A", "0/0"), Seen.NO_RECORD),
    ],
)
def test_one_record(tmp_path: Path, record: str, seen: Seen) -> None:
    assert ask(tmp_path, record).seen is seen


@pytest.mark.parametrize(
    ("asked", "record", "seen"),
    [
        (DELETION, line(3, "GCA", "G", "0/0"), Seen.ABSENT),
        (DELETION, line(8, "CAC", "C", "0/0"), Seen.ABSENT),
        (DELETION, line(8, "CAC", "C", "0/1"), Seen.CARRIED),
        (DELETION, line(3, "GCACA", "G,GCA", "0/0"), Seen.ABSENT),
        (DELETION, line(3, "GCACA", "G,GCA", "0/1"), Seen.ABSENT),
        (DELETION, line(3, "GCACA", "G,GCA", "2|0"), Seen.CARRIED),
        (DELETION, line(3, "GCACACACG", "GCACACG", "0/0"), Seen.ABSENT),
        (INSERTION, line(10, "C", "CAC", "0/0"), Seen.ABSENT),
        (INSERTION, line(3, "G", "GCA", "0/0"), Seen.ABSENT),
        (INSERTION, line(3, "GCA", "G", "0/0"), Seen.NO_RECORD),
        # A block must reach beyond both ends of the repeat before it speaks of its length.
        (DELETION, line(3, "G", "<NON_REF>", "0/0", info="END=11"), Seen.ABSENT),
        (DELETION, line(3, "G", "<NON_REF>", "0/0", info="END=10"), Seen.NO_RECORD),
        (DELETION, line(4, "C", "<NON_REF>", "0/0", info="END=12"), Seen.NO_RECORD),
        (INSERTION, line(3, "G", ".", "0/0"), Seen.NO_RECORD),
    ],
)
def test_indels_in_any_placement(tmp_path: Path, asked: Variant, record: str, seen: Seen) -> None:
    assert ask(tmp_path, record, asked=asked).seen is seen


def test_the_repeat_is_where_the_cases_above_take_it_to_be() -> None:
    assert BASES[2:11] == "GCACACACG"


def test_numbers_too_long_to_be_any_say_nothing(tmp_path: Path) -> None:
    nines = "9" * 5000
    assert ask(tmp_path, line(11, "G", "A", "0/1").replace("11", nines)).seen is Seen.NO_RECORD
    assert ask(tmp_path, line(2, "T", "<*>", "0/0", info=f"END={nines}")).seen is Seen.NO_RECORD


def test_long_texts_of_the_file_are_cut_short(tmp_path: Path) -> None:
    many = "/".join(["1"] * 100_000)
    found = ask(tmp_path, line(11, "G", "A," + "C" * 100_000, many, filter="F" * 1000))
    assert found.seen is Seen.MISSING
    assert len(found.genotype + found.record + found.filters) < 400


def test_a_carrying_record_wins_then_a_firm_denial(tmp_path: Path) -> None:
    missing, absent = line(11, "G", "A", "./."), line(10, "CG", "CA", "0/0")
    carried = line(11, "G", "A", "0/1", filter="LowQual")
    assert ask(tmp_path, missing, absent).seen is Seen.ABSENT
    found = ask(tmp_path, absent, carried, missing)
    assert found == GenotypeSeen(SNV, Seen.CARRIED, "0/1", "1:11 G>A", "LowQual")


def test_several_variants_samples_and_placements_in_one_pass(tmp_path: Path) -> None:
    path = tmp_path / "family.vcf"
    lines = line(8, "CAC", "C", "0/1\t0/0") + line(11, "G", "A", "0/0\t1/1")
    path.write_text(f"##fileformat=VCFv4.3\n{COLUMNS}\tS1\tS2\n{lines}")
    shifted = Variant("1", 7, "CA", "")
    both = {s: [f.seen for f in genotypes_of(path, reference(), s, [SNV, shifted])] for s in ("S1", "S2")}
    assert both == {"S1": [Seen.ABSENT, Seen.CARRIED], "S2": [Seen.CARRIED, Seen.ABSENT]}
    with pytest.raises(InputError, match="no sample"):
        genotypes_of(path, reference(), "S3", [SNV])


def test_real_file_agrees_with_its_calls(shared_data: Path) -> None:
    """What the reader calls is carried; F508del, which HG00096 has as 0|0, is denied."""
    path = shared_data / "variants" / "GRCh38.1kgp.CFTR.vcf.gz"
    genome = Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")
    calls = read_calls(path, genome, "HG00096").calls
    asked = [call.variant for call in calls] + [Variant("chr7", 117559590, "TCT", "")]
    *found, last = genotypes_of(path, genome, "HG00096", asked)
    assert {one.seen for one in found} == {Seen.CARRIED}
    assert last == GenotypeSeen(asked[-1], Seen.ABSENT, "0|0", "chr7:117559590 ATCT>A", "PASS")
