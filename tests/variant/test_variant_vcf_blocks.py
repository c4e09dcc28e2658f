"""A VCF read in blocks against the same read record by record: same calls, same account, same errors."""

from __future__ import annotations

import gzip
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.errors import RevertantError
from revertant.genome import Reference
from revertant.model import Locus, Variant
from revertant.variant import normalise, read_calls, vcf, vcf_alleles, vcf_block, vcf_lines, vcf_reader
from revertant.variant.vcf import VcfCalls
from revertant.variant.vcf_fields import Words
from revertant.variant.vcf_reader import RecordReader

UNIT = "ACGTTTTTTTTACACACACAGGRACGATCNAGCATCATCATG"
SEQUENCES = {
    "chr1:101-184": UNIT * 2,
    "chr1:301-384": UNIT[::-1] * 2,
    "chrX:3000001-3000084": UNIT * 2,
    "chrX:20001-20084": UNIT * 2,  # shared with Y, so that it says nothing of the sex
    "chr2": UNIT,
}
HEADER = "##fileformat=VCFv4.3\n"
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT"


def outcome(path: Path, reference: Reference, **options) -> object:
    """Everything a reader says, or the error with everything in it."""
    try:
        found = read_calls(path, reference, **options)
    except RevertantError as error:
        return type(error), error.code, error.what, error.where, error.remedy
    return (tuple(found.calls), *(getattr(found, name) for name in VcfCalls.__slots__ if name != "calls"))


def both(path: Path, reference: Reference, **options) -> tuple[object, object]:
    with pytest.MonkeyPatch.context() as patch:
        # Without blocks every line goes through the line source to the record-wise reader.
        patch.setattr(vcf, "BlockReader", RecordReader)
        patch.setattr(vcf, "vcf_blocks", lambda path, skipped: iter(()))
        twin = outcome(path, reference, **options)
    return outcome(path, reference, **options), twin


def bases_at(contig: str, position: int, size: int) -> str:
    reference = REFERENCE
    try:
        return reference.fetch(contig, position - 1, position - 1 + size)
    except RevertantError:
        return "ACGTACGTACGT"[:size]


REFERENCE = Reference.from_sequences(SEQUENCES, build="GRCh38")
PLACES = {
    "chr1": (95, 390),
    "1": (101, 184),
    "chrX": (3000001, 3000084),
    "X": (3000001, 3000084),
    "chr2": (0, 45),
}
GENOTYPES = (
    "0/1", "1/0", "0|1", "1|0", "1/1", "1|1", "0/0", "0|0", "./.", ".|.", "./1", "1|.", "0/.", ".", "0", "1",
    "0/1", "0|1", "1|0", "1/1", "0/0", "0/0/1", "|0|1", "x", "", "0/1/", "00/1",
)  # fmt: skip
#: Right where there are two ALT alleles, an error elsewhere.
TWO = ("1/2", "2|1", "2", "0/2", "2/.", "1/2", "1|2")
FORMATS = ("GT", "GT", "GT", "GT:DP", "GT:PS", "GT:PS", "GT:DP:PS", "DP:GT", "DP", "PS:GT", "")
#: What ends the reading.
BAD_GENOTYPES, BAD_FORMATS = ("0/9", "9999999999999", "2/3"), ("GT:GT", "GT:PS:PS", "PS:GT:PS")
MORE = ("", ":7", ":9", ":.", ":7:9", ":7:8:12", "::", ":block_a", ":" + "7" * 40, ":7é")


def contig_has_repeat(chrom: str) -> bool:
    return chrom in {"chr1", "1"}


def in_repeat(rng: Random) -> tuple[int, str, str]:
    """A change within T x 8 or (AC) x 4: an indel in any place of it, or what an indel is moved over."""
    position = 101 + rng.choice((0, 42)) + rng.randint(3, 20)
    ref = bases_at("1", position, rng.choice((1, 2, 3, 3, 5)))
    unit = rng.choice(("T", "AC", "CA", ref[-2:]))
    alts = (
        ref[:1],
        ref + unit,
        ref[:1] + unit + ref[1:],
        ref[-1:],
        unit + ref,
        f"{ref[:1]},{ref}{unit}",
        "G" + ref[1:],
    )
    return position, ref, rng.choice([alt for alt in alts if alt != ref])


def row(rng: Random, samples: int, *, is_sound: bool, is_male: bool) -> str:
    """A record: mostly a plain one, sometimes odd, rarely, unless sound, one that ends the reading."""
    chrom = rng.choice((*PLACES, "chr1", "chr1", "chr1"))
    low, high = (
        rng.choice(((101, 184), (301, 384))) if chrom == "chr1" and rng.randrange(20) else PLACES[chrom]
    )
    position = rng.randint(low, high)
    if "X" in chrom and rng.randrange(2):
        position = rng.randint(20001, 20084)
    ref = bases_at(chrom, position, rng.choice((1, 1, 1, 1, 2, 3, 5, 9)))
    if is_sound and "N" in ref:
        return ""
    ref = ref.replace("N", "A").replace("R", rng.choice("AG" if is_sound else "AGC")) or "A"
    alt = rng.choice([base for base in "ACGT" if base != ref])
    kind = rng.randrange(12)
    if kind < 3:
        alt = ref[:1] + rng.choice(("A", "T", "AC", "CA", "CAT", "G", "TTTT", "a"))
    elif kind < 5:
        alt = ref[:1]
    elif kind == 5:
        alt = "".join(rng.choices("ACGTacgt", k=rng.randint(1, 6)))
    elif kind == 6:
        alt = rng.choice(("A,C", "G,T", f"{ref}A,{ref}", "A,*", "A,<*>", "A,A", "é,C", "AC,ACC"))
    if contig_has_repeat(chrom) and rng.randrange(6) == 0:
        position, ref, alt = in_repeat(rng)
    filters, info, fmt, genotypes = "PASS", ".", rng.choice(FORMATS[:7]), GENOTYPES[:21]
    if "X" in chrom and is_male:
        genotypes = ("0", "1", ".", "1") if position > 30000 else ("0/1", "0", "1/1")
    elif "," in alt:
        genotypes = (*genotypes, *TWO * 3)
    match rng.randrange(40):
        case 0:
            alt = rng.choice(("*", "<DEL>", ".", "", "N", "G[chr2:5[", "<NON_REF>", "<*>", "é", ref))
        case 1 if not is_sound or rng.randrange(10) == 0:
            ref = rng.choice(("A", "T", "N", "", "acgt", "AC", "é", "ACGTACGT" * 80, "<DEL>"))
        case 2:
            filters = rng.choice((".", "", "LowQual", "q10;s50", "pass", "é"))
        case 3:
            info = rng.choice(("AC=1:2;X=é", "END=9", "a\rb"))
        case 4 if not is_sound:
            fmt = rng.choice(FORMATS)
        case 5:
            genotypes = GENOTYPES
        case 6:
            alt, genotypes = rng.choice(("<NON_REF>", "<*>")), ("0/0", "./.", "0/1", "0")
        case 7:
            ref = ref.lower()
    odd = rng.randrange(5, 1500) if is_sound else rng.randrange(400)
    if odd == 0:
        genotypes = BAD_GENOTYPES
    elif odd == 1:
        fmt = rng.choice(BAD_FORMATS)
    columns = [rng.choice(genotypes) + rng.choice(MORE) for _ in range(samples)]
    fields = [chrom, str(position), ".", ref, alt, ".", filters, info, fmt, *columns]
    if odd == 2:
        fields.pop()
    elif odd == 3:
        fields[1] = rng.choice(("-1", "", "1e3", "1" * 13, "٣", "+5"))
    elif odd == 4:
        fields[0] = "NC_000001.10"
    elif odd < 20:
        fields[0] = rng.choice(("NC_000001.11", "é", "", "chr9", "chr9", "chrUn_1"))
    elif odd < 30:
        return rng.choice(("", "#", "# comment\t\t", "\r", "#" * 3000))
    elif odd == 30 and not is_sound:
        return "#" * 5000
    return "\t".join(fields)


def file_of(seed: int) -> tuple[bytes, dict[str, object]]:
    """A messy file, and options to read it with."""
    rng = Random(seed)
    samples = rng.choice((1, 1, 3))
    is_sound = rng.randrange(4) > 0
    is_male = rng.randrange(2) > 0
    lines = [
        row(rng, samples, is_sound=is_sound, is_male=is_male)
        for _ in range(rng.choice((0, 1, 30, 60, 150, 300)))
    ]
    if rng.randrange(4):
        lines.sort(key=lambda line: (line.split("\t")[:1], line.split("\t")[1:2]))
    if lines and rng.randrange(2):
        lines += rng.choices(lines, k=8)
    end = rng.choice(("\n", "\n", "\r\n", "\r\r\n"))
    names = "\t".join(f"S{number}" for number in range(samples))
    text = HEADER + f"{COLUMNS}\t{names}\n" + end.join(lines)
    data = (text + rng.choice((end, ""))).encode()
    options: dict[str, object] = {"sample": f"S{rng.randrange(samples)}"}
    if rng.randrange(5) == 0:
        options["keep_filtered"] = True
    if rng.randrange(5) == 0:
        spans = [(rng.randint(90, 390), rng.choice((0, 9, 30, 200))) for _ in range(rng.randrange(6))]
        options["regions"] = [Locus("1", low, low + size) for low, size in spans]
    packing = rng.choice((*["plain"] * 24, "gzip", "gzip", "cut", "damaged", "not text"))
    if packing == "not text":
        at = rng.randint(len(HEADER), len(data))
        data = data[:at] + b"\xff" + data[at:]
    if packing in {"gzip", "cut", "damaged"}:
        data = gzip.compress(data, mtime=0)
    if packing == "cut":
        data = data[: rng.randint(20, len(data))]
    if packing == "damaged":
        at = rng.randint(12, len(data) - 1)
        data = data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]
    return data, options


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("blocks")


def check(folder: Path, seed: int, block: int, tile: int, margin: int, most: int) -> None:
    data, options = file_of(seed)
    path = folder / "patient.vcf"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vcf_lines, "_BLOCK", block)
        patch.setattr(vcf_lines, "_LONGEST_LINE", 4000)
        patch.setattr(vcf_alleles, "_TILE_BITS", tile)
        patch.setattr(vcf_alleles, "_MARGIN", margin)
        patch.setattr(vcf_alleles, "_TILES", 2)
        patch.setattr(Words, "most", most)
        # So that most REF bases are beyond what the build check sees, as in a whole genome.
        patch.setattr(vcf_reader, "PER_CONTIG", few := Random(seed).choice((4, 2000)))
        patch.setattr(vcf_block, "PER_CONTIG", few)
        patch.setattr(vcf_reader, "_ENOUGH_X", 2)
        found, twin = both(path, REFERENCE, **options)
    assert found == twin


SEEDS = st.integers(0, 1 << 60)
SHAPES = (
    st.sampled_from((64, 700, 1 << 20)),
    st.sampled_from((3, 5, 18)),
    st.sampled_from((0, 4, 1024)),
    st.sampled_from((1, 2, 1000)),
)


@given(SEEDS, *SHAPES)
def test_blocks_read_what_records_say(folder, seed, block, tile, margin, most):
    check(folder, seed, block, tile, margin, most)


@pytest.mark.long
@settings(max_examples=30_000)
@given(SEEDS, *SHAPES)
def test_blocks_read_what_records_say_many_times(folder, seed, block, tile, margin, most):
    check(folder, seed, block, tile, margin, most)


@given(st.text("ACGT", min_size=1, max_size=5), st.text("ACGT", min_size=1, max_size=5), st.integers(1, 84))
def test_indels_are_normalised_as_one_by_one(folder, old, new, at):
    """Every allele pair whose REF fits, in a reference of repeats."""
    repeats = Reference.from_sequences({"chr1:101-184": "CATATATAGGGGGCAGCAGCAGT" * 3 + "AAAAAAAAAAAAAAA"})
    position = 100 + at
    size = min(len(old), 185 - position)
    ref = repeats.fetch("1", position - 1, position - 1 + size)
    alt = ref[:1] + new if len(new) > 2 else new
    if alt == ref:
        return
    path = folder / "one.vcf"
    path.write_text(f"{HEADER}{COLUMNS}\tS\n1\t{position}\t.\t{ref}\t{alt}\t.\t.\t.\tGT\t0/1\n")
    [call] = read_calls(path, repeats).calls
    assert call.variant == normalise(Variant("1", position - 1, ref, alt), repeats)


def plain_file(path: Path, *, fmt: str = "GT", sample: str = "0/1") -> Reference:
    """A hundred plain records, one at each base."""
    bases = "ACGTTGCAAC" * 10
    lines = (
        f"1\t{at}\t.\t{base}\t{'A' if base != 'A' else 'C'}\t.\tPASS\t.\t{fmt}\t{sample}\n"
        for at, base in enumerate(bases, start=1)
    )
    path.write_text(f"{HEADER}{COLUMNS}\tS\n{''.join(lines)}")
    return Reference.from_sequences({"chr1": bases})


@pytest.mark.parametrize("fmt", BAD_FORMATS[:2])
def test_a_key_given_twice_is_an_error_in_a_plain_record(tmp_path, fmt):
    genome = plain_file(tmp_path / "twice.vcf", fmt=fmt, sample="0|1:0|1:7")
    with pytest.raises(RevertantError, match="twice"):
        read_calls(tmp_path / "twice.vcf", genome)


def test_a_contig_by_two_names_fills_the_build_check_in_the_order_of_the_file(tmp_path):
    """Of three places the first two are taken, under whichever name; the third could not be judged."""
    path = tmp_path / "names.vcf"
    places = (("1", 1, "A"), ("chr1", 2, "C"), ("1", 3, "A"))
    lines = (f"{name}\t{at}\t.\t{ref}\tT\t.\t.\t.\tGT\t0/1\n" for name, at, ref in places)
    path.write_text(f"{HEADER}{COLUMNS}\tS\n{''.join(lines)}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vcf_reader, "PER_CONTIG", 2)
        patch.setattr(vcf_block, "PER_CONTIG", 2)
        found = read_calls(path, Reference.from_sequences({"chr1": "ACRT"}))
    assert {one.rule: one.value for one in found.findings}["genome.build"] == "2 of 2 agree"


def test_regions_within_regions(tmp_path):
    genome = plain_file(tmp_path / "plain.vcf")
    regions = [Locus("1", *span) for span in ((10, 90), (20, 25), (30, 30), (95, 96))]
    found = read_calls(tmp_path / "plain.vcf", genome, regions=regions)
    assert [call.variant.start for call in found.calls] == [*range(10, 90), 95]


def test_each_line_counts_once_where_blocks_end_early(tmp_path):
    """Blocks stop at a fault; should there be none when the lines are read again, all of them count, once."""
    genome = plain_file(path := tmp_path / "plain.vcf")
    whole = read_calls(path, genome)
    for taken in range(4):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(vcf_lines, "_BLOCK", 1000)
            patch.setattr(vcf, "vcf_blocks", lambda *where, n=taken: islice(vcf_lines.vcf_blocks(*where), n))
            assert read_calls(path, genome) == whole
    assert whole.tally.kept == 100


@pytest.mark.parametrize("stride", [1, 7])
def test_a_large_file_in_small_blocks(tmp_path, stride):
    """Thousands of records, so that blocks end in the middle of lines and the build check reaches its limit."""
    genome = Reference.from_sequences({"chr1": "ACGT" * 5000})
    text = "".join(
        f"1\t{at}\t.\t{'ACGT'[(at - 1) % 4]}\t{'CGTA'[(at - 1) % 4]}\t.\tPASS\t.\tGT:PS\t0|1:{at // 50}\n"
        for at in range(1, 20_000, stride)
    )
    path = tmp_path / "large.vcf"
    path.write_text(f"{HEADER}{COLUMNS}\tS\n{text}")
    for size in (1000, 1 << 22):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(vcf_lines, "_BLOCK", size)
            found, twin = both(path, genome)
        assert found == twin


@pytest.fixture(scope="module")
def windows(shared_data: Path) -> Reference:
    return Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("GRCh38.1kgp.CFTR.vcf.gz", "HG00096"),
        ("GRCh38.1kgp.CFTR.vcf.gz", "NA12878"),
        ("GRCh38.1kgp.CFTR.vcf.gz", "NA19239"),
        ("GRCh38.PlatinumGenomes_NA12878.chr21.vcf.gz", ""),
        ("GRCh38.HG002.chr20.unphased.vcf.gz", ""),
        ("GRCh37.1kgp.CFTR.vcf.gz", "HG00096"),
        ("GRCh37.1kgp3.chr22_16-16.5Mb.vcf.gz", "HG00099"),
    ],
)
@pytest.mark.parametrize("keep_filtered", [False, True])
def test_real_files_read_the_same(windows, shared_data, name, sample, keep_filtered):
    found, twin = both(shared_data / "variants" / name, windows, sample=sample, keep_filtered=keep_filtered)
    assert found == twin


def test_real_files_over_another_build(shared_data):
    """GRCh37 pieces, by windows that hold their places: accounts and refusals of the build stay the same."""
    files = sorted((shared_data / "genome").glob("GRCh37.*.fa.gz"))
    assert files
    for fasta in files:
        genome = Reference.open(fasta)
        for name, sample in (
            ("GRCh37.1kgp.CFTR.vcf.gz", "HG00096"),
            ("GRCh37.1kgp3.chr22_16-16.5Mb.vcf.gz", "HG00099"),
            ("GRCh37.1kgp3.BRCA1.vcf.gz", "HG00099"),
            ("GRCh38.HG002.chr20.unphased.vcf.gz", ""),
        ):
            found, twin = both(shared_data / "variants" / name, genome, sample=sample)
            assert found == twin
