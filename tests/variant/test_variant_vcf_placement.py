"""A copy is what the VCF says: each record written into the reference, against the genome's own windows."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.genome import PatientGenome, Reference
from revertant.genome.laying import UNCOVERED
from revertant.genome.phasing import CLASHES
from revertant.model import Call, Locus, Status, Variant
from revertant.variant import Seen, VcfCalls, genotypes_of, read_calls, vcf, vcf_alleles
from revertant.variant.vcf_reader import RecordReader

HEADER = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n"
UNITS = ("A", "CA", "CA", "TG", "CAG", "GATA", "AC")

#: Position (0-based), REF and ALT as a record has them.
Written = tuple[int, str, str]


def read(path: Path, reference: Reference, records: list[str]) -> VcfCalls:
    """Read in blocks, and see that record by record comes to the same."""
    path.write_text(HEADER + "".join(f"{line}\n" for line in records))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vcf_alleles, "_TILE_BITS", 4)
        patch.setattr(vcf_alleles, "_MARGIN", 8)
        found = read_calls(path, reference)
        patch.setattr(vcf, "BlockReader", RecordReader)
        patch.setattr(vcf, "vcf_blocks", lambda path, skipped: iter(()))
        assert read_calls(path, reference) == found
    return found


def line(at: int, ref: str, alt: str, genotype: str, contig: str = "1") -> str:
    return f"{contig}\t{at + 1}\t.\t{ref}\t{alt}\t.\tPASS\t.\tGT\t{genotype}"


def repeats(rng: Random) -> str:
    """Short repeats, one after the other, with some other bases between them."""
    bases = ""
    while len(bases) < rng.choice((14, 24, 40, 70)):
        bases += rng.choice(UNITS) * rng.randint(1, 6) + "".join(rng.choices("ACGT", k=rng.randrange(3)))
    return bases


def allele(rng: Random, ref: str, before: str) -> str:
    """An ALT for a REF: often an indel that fits the repeat, with the anchor on the left or none at all."""
    unit = rng.choice((*UNITS, ref[-1], before[-2:], before[-3:])) or "A"
    match rng.randrange(10):
        case 0 | 1 | 2:
            return ref[:1]
        case 3 | 4:
            return ref + unit * rng.randint(1, 2)
        case 5:
            return ref[:1] + unit + ref[1:]
        case 6:
            return unit + ref if rng.randrange(3) else ref[-1:]
        case 7:
            return "".join(rng.choices("ACGT", k=len(ref)))
        case 8:
            return "".join(rng.choices("ACGT", k=rng.randint(1, 5)))
    return ref[:1] + ref[2:]


def file_of(rng: Random, bases: str, origin: int) -> tuple[list[str], tuple[list[Written], list[Written]]]:
    """Records in any order, phased, and what each of the two copies has of them."""
    records: dict[str, None] = {}
    copies: tuple[list[Written], list[Written]] = ([], [])
    for _ in range(rng.choice((1, 2, 2, 3, 4, 6))):
        at = rng.randrange(len(bases))
        ref = bases[at : at + rng.choice((1, 1, 1, 2, 2, 3, 3, 5, 8))]
        alts = {allele(rng, ref, bases[:at]) for _ in range(rng.choice((1, 1, 1, 2)))} - {ref}
        if not alts:
            continue
        names = sorted(alts)
        if len(names) == 2:
            genotype = rng.choice(("1|2", "2|1", "1|2", "0|2", "2|2"))
        else:
            genotype = rng.choice(("0|1", "1|0", "1|1", "1/1"))
        text = line(origin + at, ref, ",".join(names), genotype)
        if text in records:
            continue
        records[text] = None
        for copy, number in zip(copies, (genotype[0], genotype[2]), strict=True):
            if number != "0":
                copy.append((at, ref, names[int(number) - 1]))
    lines = list(records)
    if rng.randrange(3):
        lines.sort(key=lambda text: int(text.split("\t")[1]))
    return lines, copies


def trimmed(written: Written) -> Written:
    """Without the anchor base, then without what is padded at the right, then at the left."""
    at, ref, alt = written
    if ref[0] == alt[0]:
        at, ref, alt = at + 1, ref[1:], alt[1:]
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        at, ref, alt = at + 1, ref[1:], alt[1:]
    return at, ref, alt


def meet(one: Written, other: Written) -> bool:
    """Whether two changes replace the same bases, or insert at one place, or one inserts within the other."""
    (at, ref, _), (place, replaced, _) = one, other
    if not ref and not replaced:
        return at == place
    return at < place + len(replaced) and place < at + len(ref)


def substituted(bases: str, changes: list[Written]) -> str:
    """Write changes into the reference, from the right; at one place what is inserted comes first."""
    for at, ref, alt in sorted(changes, key=lambda change: (change[0], bool(change[1])), reverse=True):
        assert bases[at : at + len(ref)] == ref
        bases = bases[:at] + alt + bases[at + len(ref) :]
    return bases


def leftmost(bases: str, change: Written) -> Written:
    """An indel at its leftmost place, by trying every place."""
    at, ref, alt = change
    if ref and alt:
        return change
    made = substituted(bases, [change])
    for place in range(at):
        inserted = made[place : place + len(alt)]
        if made == bases[:place] + inserted + bases[place + len(ref) :]:
            return place, bases[place : place + len(ref)], inserted
    return change


SEEN: Counter[str] = Counter()


def check(folder: Path, seed: int) -> None:
    rng = Random(seed)
    bases = repeats(rng)
    origin = rng.choice((0, 100))
    name = f"chr1:{origin + 1}-{origin + len(bases)}" if origin else "chr1"
    reference = Reference.from_sequences({name: bases})
    lines, copies = file_of(rng, bases, origin)
    found = read(folder / "person.vcf", reference, lines)
    genome = PatientGenome(reference, found.calls)
    windows = genome.windows(Locus("chr1", origin, origin + len(bases)))
    changes = [list(dict.fromkeys(map(trimmed, copy))) for copy in copies]
    contradicts = any(meet(*pair) for copy in changes for pair in combinations(copy, 2))
    is_outside = origin and any(not at and not ref for copy in changes for at, ref, _ in copy)
    repeated = any(len({leftmost(bases, change) for change in copy}) < len(copy) for copy in changes)
    lost = {reason for reason, _ in genome.tally.refused}
    # One variant in one place, in records of both copies: the file says it twice, and the reader keeps the first.
    again = [reason for reason, _ in found.tally.refused if reason.startswith("duplicate")] or found.not_used
    if contradicts or again or is_outside:
        kind = "contradicts" if contradicts else "again" if again else "outside"
        SEEN[kind] += 1
        assert not contradicts or again or CLASHES in lost
        assert not is_outside or again or lost & {CLASHES, UNCOVERED}
        assert CLASHES not in lost or not any(window.certain for window in windows)
        return
    assert found.tally.kept == len(lines)
    assert not genome.refused
    expected = [substituted(bases, copy) for copy in changes]
    for raw, done in zip(copies, expected, strict=True):
        if not any(
            one[0] < b[0] + len(b[1]) and b[0] < one[0] + len(one[1]) for one, b in combinations(raw, 2)
        ):
            SEEN["records apart"] += 1
            assert done == substituted(bases, raw)  # no rule of trimming has a say
    if repeated or not copies[0] + copies[1] or expected[0] == expected[1]:
        assert {window.bases for window in windows} == {*expected}
    else:
        assert [(window.bases, window.haplotypes) for window in windows] == [
            (text, (copy,)) for text, copy in zip(expected, "12", strict=True)
        ]
    assert all(window.certain != repeated for window in windows)
    placed = genome.placed("chr1")
    for copy, text in enumerate(expected):
        rows = [row for row in range(len(placed)) if placed.group[row] < 0 or placed.copy[row] == copy]
        starts, sizes = placed.start.tolist(), placed.ref_size.tolist()
        alts = [
            placed.pool[at : at + size].tobytes().decode()
            for at, size in zip(placed.alt_offset.tolist(), placed.alt_size.tolist(), strict=True)
        ]
        own = [(starts[row] - origin, sizes[row], alts[row]) for row in rows]
        assert substituted(bases, [(at, bases[at : at + size], alt) for at, size, alt in own]) == text
    rules = {finding.rule for finding in found.findings}
    assert ("vcf.repeated_indels" in rules) == repeated
    SEEN["put back" if "vcf.placement" in rules else "exact"] += 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("placement")


@settings(max_examples=300)
@given(st.integers(0, 1 << 60))
def test_a_copy_is_what_the_records_write(folder, seed):
    check(folder, seed)


@pytest.mark.long
@settings(max_examples=40_000)
@given(st.integers(0, 1 << 60))
def test_a_copy_is_what_the_records_write_many_times(folder, seed):
    check(folder, seed)


def test_the_campaign_meets_every_kind_of_file(folder):
    before = SEEN.copy()
    for seed in range(600):
        check(folder, seed)
    found = SEEN - before
    assert min(found[kind] for kind in ("records apart", "exact", "put back", "contradicts", "outside")) > 0
    assert found["put back"] > 40


REPEAT = "GGTTCACACACAGGTTGG"


def person(folder: Path, *records: str, bases: str = REPEAT) -> tuple[VcfCalls, PatientGenome]:
    reference = Reference.from_sequences({"chr1": bases})
    found = read(folder / "one.vcf", reference, list(records))
    return found, PatientGenome(reference, found.calls)


def carried(genome: PatientGenome) -> list[tuple[str, tuple[str, ...], bool]]:
    whole = genome.reference.windows[0]
    return [(window.bases, window.haplotypes, window.certain) for window in genome.windows(whole)]


def placements(found: VcfCalls) -> dict[str, str]:
    return {
        one.rule: one.value for one in found.findings if one.rule in {"vcf.placement", "vcf.repeated_indels"}
    }


INDEL, SNV = Variant("chr1", 4, "CA", ""), Variant("chr1", 6, "C", "T")


def test_an_indel_beside_a_change_of_its_repeat_lies_where_the_file_has_it(tmp_path):
    found, genome = person(tmp_path, line(6, "C", "T", "1|1"), line(9, "ACA", "A", "1|1"))
    assert carried(genome) == [("GGTTCATACAGGTTGG", ("1", "2"), True)]
    # It is known by its leftmost place all the same.
    assert found.calls == (Call(INDEL, (True, True), moved=6), Call(SNV, (True, True)))
    assert genome.calls.of_variant(INDEL) == found.calls[:1]
    assert [str(call.variant) for call in genome.calls_in(Locus("chr1", 0, 18))] == [
        "chr1:7:C:T",
        "chr1:11:CA:-",
    ]
    assert genome.as_laid(INDEL) in genome.windows(Locus("chr1", 0, 18))[0].variants
    assert placements(found) == {"vcf.placement": "1 calls"}
    assert {one.status for one in found.findings if one.rule == "vcf.placement"} == {Status.CAUTION}


def test_an_indel_alone_in_its_repeat_lies_leftmost(tmp_path):
    found, genome = person(tmp_path, line(1, "G", "A", "1|1"), line(9, "ACA", "A", "1|1"))
    assert carried(genome) == [("GATTCACACAGGTTGG", ("1", "2"), True)]
    assert genome.as_laid(INDEL) == INDEL
    assert placements(found) == {}


@pytest.mark.parametrize(
    ("records", "copies"),
    [
        # Unphased: neither clashes with the other once both lie where they were written.
        (
            ("0/1", "0/1"),
            {"GGTTCATACAGGTTGG", "GGTTCACACACAGGTTGG", "GGTTCATACACAGGTTGG", "GGTTCACACAGGTTGG"},
        ),
        (("0|1", "1|0"), {"GGTTCATACACAGGTTGG", "GGTTCACACAGGTTGG"}),
        (("1", "1"), {"GGTTCATACAGGTTGG"}),
    ],
)
def test_every_way_to_carry_both(tmp_path, records, copies):
    _, genome = person(tmp_path, line(6, "C", "T", records[0]), line(9, "ACA", "A", records[1]))
    assert {bases for bases, *_ in carried(genome)} == copies
    assert not genome.refused


def test_indels_that_would_meet_after_moving_are_both_applied(tmp_path):
    """Two of CA and one of CACA, at either end of the repeat; leftmost they overlap."""
    _, genome = person(tmp_path, line(3, "TCA", "T", "1|1"), line(7, "ACACA", "A", "1|1"))
    assert carried(genome) == [("GGTTCAGGTTGG", ("1", "2"), True)]
    _, genome = person(tmp_path, line(3, "T", "TCA", "1|0"), line(11, "A", "ACACA", "1|0"))
    assert carried(genome)[0] == ("GGTTCACACACACACACAGGTTGG", ("1",), True)


def test_both_alleles_of_one_record_are_put_back(tmp_path):
    records = line(6, "C", "T", "1|1"), line(9, "ACA", "A,ACACA", "1|2")
    found, genome = person(tmp_path, *records)
    assert carried(genome) == [
        ("GGTTCATACAGGTTGG", ("1",), True),
        ("GGTTCATACACACAGGTTGG", ("2",), True),
    ]
    assert placements(found) == {"vcf.placement": "2 calls"}


def test_one_deletion_at_two_places_of_a_repeat_is_applied_twice_and_not_certain(tmp_path):
    records = line(3, "TCA", "T", "1|1"), line(9, "ACA", "A", "1|1")
    found, genome = person(tmp_path, *records)
    assert carried(genome) == [("GGTTCACAGGTTGG", ("putative",), False)]
    assert placements(found) == {"vcf.placement": "1 calls", "vcf.repeated_indels": "2 calls"}
    # Each on its own copy, it is one deletion on each.
    found, genome = person(tmp_path, line(3, "TCA", "T", "1|0"), line(9, "ACA", "A", "0|1"))
    assert carried(genome) == [("GGTTCACACAGGTTGG", ("1", "2"), True)]
    assert "vcf.repeated_indels" not in placements(found)
    # In one place it is one call, given twice.
    found, genome = person(tmp_path, records[1], line(9, "ACAG", "AG", "1|1"))
    assert found.tally.refused == (("duplicate record", 1),)
    assert carried(genome) == [("GGTTCACACAGGTTGG", ("1", "2"), True)]


def test_the_case_names_a_variant_that_was_put_back(tmp_path):
    found, genome = person(tmp_path, line(6, "C", "T", "1|0"), line(9, "ACA", "A", "1|0"))
    told = genome.with_calls([Call(INDEL, (True, False), origin="case")])
    assert told.tally.refused == (("given twice", 1),)
    assert carried(told) == carried(genome) == [("GGTTCATACAGGTTGG", ("1",), True), (REPEAT, ("2",), True)]
    # Where the case knows the phase and the file does not, it is the case's call at the file's place.
    found, genome = person(tmp_path, line(6, "C", "T", "1|0"), line(9, "ACA", "A", "0/1"))
    told = genome.with_calls([Call(INDEL, (False, True), "chr1", origin="case")])
    assert [item.call for item in told.refused] == [found.calls[0]]
    assert [bases for bases, *_ in carried(told)] == ["GGTTCATACACAGGTTGG", "GGTTCACACAGGTTGG"]
    assert told.as_laid(INDEL) == Variant("chr1", 10, "CA", "")
    assert genome.with_calls(found.calls).calls == found.calls


def test_a_variant_of_the_case_puts_an_indel_of_the_file_back(tmp_path):
    found, genome = person(tmp_path, line(9, "ACA", "A", "1|1"))
    assert placements(found) == {}
    told = genome.with_calls([Call(SNV, (True, True), origin="case")])
    assert carried(told) == [("GGTTCATACAGGTTGG", ("1", "2"), True)]


def test_a_vcf_is_asked_for_a_variant_that_was_put_back(tmp_path):
    _, genome = person(tmp_path, line(6, "C", "T", "1|1"), line(9, "ACA", "A", "1|1"))
    asked = [INDEL, genome.as_laid(INDEL)]
    found = genotypes_of(tmp_path / "one.vcf", genome.reference, "", asked)
    assert [(one.variant, one.seen) for one in found] == [(INDEL, Seen.CARRIED)] * 2


WINDOW = "CACACAGGTT"


def at_window(folder: Path, *records: str) -> tuple[VcfCalls, PatientGenome]:
    reference = Reference.from_sequences({"chr1:101-110": WINDOW, "chr1:301-310": WINDOW})
    found = read(folder / "window.vcf", reference, list(records))
    return found, PatientGenome(reference, found.calls)


def test_an_insertion_moved_to_the_first_base_of_a_window_is_not_lost(tmp_path):
    """At its leftmost place it belongs to a base that is not covered; the file's place is."""
    found, genome = at_window(tmp_path, line(305, "A", "ACA", "1|1"))
    assert [str(call.variant) for call in found.calls] == ["chr1:301:-:CA"]
    [window] = genome.windows(Locus("chr1", 300, 310))
    assert (window.bases, window.certain) == ("CA" + WINDOW, True)
    assert not genome.refused
    assert [str(variant) for variant in window.variants] == ["chr1:307:-:CA"]


def test_an_insertion_written_before_the_first_base_of_a_window_is_refused(tmp_path):
    _, genome = at_window(tmp_path, line(300, "C", "TTC", "1|1"), line(308, "T", "A", "1|1"))
    assert genome.tally.refused == ((UNCOVERED, 1),)
    assert [window.bases for window in genome.windows(Locus("chr1", 300, 310))] == ["CACACAGGAT"]
