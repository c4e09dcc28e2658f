"""Haplotype windows against the obvious: substitution on a string, one base at a time."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from revertant.errors import IncompatibleInputsError
from revertant.genome import PatientGenome, Reference
from revertant.genome.haplotype import compose, touched, trimmed
from revertant.genome.phasing import clash, place_calls
from revertant.model import Call, Locus, Sex, Strand, Variant

CONTIG = "chr5"
OFFSET = 1000


def naive_tokens(bases: str, variants: list[Variant], offset: int = 0) -> list[str]:
    """For each reference base, what stands in its place; inserted bases stand with their anchor."""
    before_first = ""
    tokens = list(bases)
    inserted_after = [""] * len(bases)
    for variant in variants:
        start, ref, alt = trimmed(variant)
        start -= offset
        if ref:
            for k in range(len(ref)):
                tokens[start + k] = alt[k : k + 1]
            tokens[start + len(ref) - 1] += alt[len(ref) :]
        elif start + offset == 0:
            before_first = alt
        else:
            inserted_after[start - 1] = alt
    made = [token + after for token, after in zip(tokens, inserted_after, strict=True)]
    if made:
        made[0] = before_first + made[0]
    return made


@st.composite
def genomes(draw, max_variants: int = 6):
    offset = draw(st.sampled_from([0, OFFSET]))
    bases = draw(st.text("ACGT", min_size=4, max_size=24))
    variants: list[Variant] = []
    for _ in range(draw(st.integers(0, max_variants))):
        # The first and last base stay, so that an insertion's anchor always lies in the sequence.
        start = draw(st.integers(0 if offset == 0 else 1, len(bases)))
        length = draw(st.integers(0, min(4, len(bases) - start)))
        ref = bases[start : start + length]
        alt = draw(st.text("ACGT", max_size=4))
        assume(ref != alt)
        variants.append(Variant(CONTIG, start + offset, ref, alt))
    return offset, bases, variants


def reference_of(offset: int, bases: str) -> Reference:
    return Reference.from_sequences({f"{CONTIG}:{offset + 1}-{offset + len(bases)}": bases})


def compatible(variants: list[Variant]) -> list[Variant]:
    kept: list[Variant] = []
    for variant in variants:
        if all(not clash(variant, other) and trimmed(variant) != trimmed(other) for other in kept):
            kept.append(variant)
    return kept


@settings(max_examples=400)
@given(genomes(), st.data())
def test_window_is_the_naively_substituted_string(made, data):
    offset, bases, variants = made
    variants = compatible(variants)
    low = data.draw(st.integers(0, len(bases)))
    high = data.draw(st.integers(low, len(bases)))
    genome = PatientGenome(reference_of(offset, bases), [Call(v, (True, True)) for v in variants])
    (window,) = genome.windows(Locus(CONTIG, offset + low, offset + high))
    assert window.bases == "".join(naive_tokens(bases, variants, offset)[low:high])
    assert set(window.haplotypes) == ({"1", "2"} if variants else {"reference"})
    inside = {v for v in variants if touched(v)[0] < offset + high and touched(v)[1] > offset + low}
    assert set(window.variants) == inside


@settings(max_examples=300)
@given(genomes(), st.data())
def test_neighbouring_windows_join(made, data):
    offset, bases, variants = made
    genome = PatientGenome(reference_of(offset, bases), [Call(v, (True,)) for v in compatible(variants)])
    cut = data.draw(st.integers(0, len(bases)))
    parts = [(0, cut), (cut, len(bases)), (0, len(bases))]
    left, right, both = (genome.windows(Locus(CONTIG, offset + a, offset + b))[0].bases for a, b in parts)
    assert left + right == both


@settings(max_examples=300)
@given(genomes())
def test_coordinate_maps_round_trip(made):
    offset, bases, variants = made
    locus = Locus(CONTIG, offset, offset + len(bases))
    kept = compatible(variants)
    sequence, blocks = compose(locus, bases, tuple(kept))
    genome = PatientGenome(reference_of(offset, bases), [Call(v, (True,)) for v in kept])
    (window,) = genome.windows(locus)
    assert (window.bases, window.blocks if kept else blocks) == (sequence, blocks)
    tokens = naive_tokens(bases, kept, offset)
    owner = [offset + index for index, token in enumerate(tokens) for _ in token]
    assert [window.to_reference(i) for i in range(len(window))] == owner
    for position in range(locus.start, locus.end):
        index = window.from_reference(position)
        if index is None:
            assert any(v.start <= position < v.end for v in kept)
        else:
            assert window.to_reference(index) == position
            unchanged = not any(a <= position < b for a, b in map(touched, kept) if b > a)
            if unchanged:
                assert window.bases[index] == bases[position - offset]
    for start in range(len(window)):
        place = window.reference_locus(start, len(window), Strand.MINUS)
        assert (place.start, place.end, place.strand) == (owner[start], owner[-1] + 1, Strand.MINUS)


@settings(max_examples=300, deadline=None)
@given(genomes(5), st.data())
def test_unphased_gives_exactly_what_the_person_can_carry(made, data):
    """By brute force: every assignment of calls to copies in which no copy holds a clash."""
    offset, bases, variants = made
    unique = list({trimmed(v): v for v in variants}.values())
    calls = []
    for variant in unique:
        kind = data.draw(st.sampled_from(["hom", "het", "set a", "set b"]))
        copies = (True, True) if kind == "hom" else data.draw(st.sampled_from([(True, False), (False, True)]))
        calls.append(Call(variant, copies, kind if kind.startswith("set") else None))
    genome = PatientGenome(reference_of(offset, bases), calls)
    applied = [call for call in calls if call not in {item.call for item in genome.refused}]
    names = sorted({c.phase_set or str(c.variant) for c in applied if c.is_heterozygous})
    possible = set()
    for flips in product((0, 1), repeat=len(names)):
        flip = dict(zip(names, flips, strict=True))
        copies: tuple[list[Variant], list[Variant]] = ([], [])
        for call in applied:
            for copy in (0, 1):
                turned = (
                    copy ^ flip.get(call.phase_set or str(call.variant), 0) if call.is_heterozygous else copy
                )
                if call.copies[turned]:
                    copies[copy].append(call.variant)
        clean = all(not clash(a, b) for side in copies for n, a in enumerate(side) for b in side[:n])
        if clean:
            possible |= {"".join(naive_tokens(bases, side, offset)) for side in copies}
    windows = genome.windows(Locus(CONTIG, offset, offset + len(bases)), cap=1024)
    if calls and not applied:
        possible = {bases}
    assert {window.bases for window in windows} == (possible or {bases})
    assert all(window.complete for window in windows)
    assert len(windows) == len({window.bases for window in windows})


REFERENCE = {"chr5:1001-1020": "ACGTACGTACGTACGTACGT"}


def genome_of(*calls: Call, sex: Sex = Sex.UNKNOWN, sequences: dict[str, str] = REFERENCE) -> PatientGenome:
    return PatientGenome(Reference.from_sequences(sequences), calls, sex=sex)


def call(start: int, ref: str, alt: str, gt: str, phase_set: str | None = None, contig: str = CONTIG) -> Call:
    return Call(Variant(contig, start, ref, alt), tuple(c == "1" for c in gt), phase_set)


def shown(genome: PatientGenome, start: int, end: int, contig: str = CONTIG):
    return [(w.bases, w.haplotypes, w.certain) for w in genome.windows(Locus(contig, start, end))]


def test_no_calls_is_the_reference_and_says_so():
    assert shown(genome_of(), 1000, 1004) == [("ACGT", ("reference",), True)]
    assert not genome_of().has_calls


def test_a_person_without_calls_here_has_two_reference_copies():
    assert shown(genome_of(call(1015, "T", "A", "11")), 1000, 1004) == [("ACGT", ("1", "2"), True)]


def test_phase_set_names_its_copies_and_orders_them():
    genome = genome_of(call(1001, "C", "T", "01", "7"), call(1003, "T", "", "10", "7"))
    assert shown(genome, 1000, 1005) == [("ACGA", ("1",), True), ("ATGTA", ("2",), True)]


def test_snv_indel_and_mnv_are_composed_in_cis():
    calls = [
        call(1001, "CG", "TA", "10", "7"),
        call(1004, "A", "", "10", "7"),
        call(1006, "", "TT", "10", "7"),
    ]
    window = genome_of(*calls).windows(Locus(CONTIG, 1000, 1008))[0]
    assert window.bases == "ATATCTTGT"
    assert window.variants == tuple(item.variant for item in calls)
    assert window.from_reference(1004) is None
    assert [window.to_reference(i) for i in range(9)] == [
        1000,
        1001,
        1002,
        1003,
        1005,
        1005,
        1005,
        1006,
        1007,
    ]


def test_one_unphased_het_is_certain_but_its_copy_has_no_name():
    assert shown(genome_of(call(1001, "C", "T", "10")), 1000, 1003) == [
        ("ATG", ("putative",), True),
        ("ACG", ("putative",), True),
    ]


def test_two_unphased_hets_give_four_possible_sequences():
    genome = genome_of(call(1001, "C", "T", "10"), call(1003, "T", "A", "10"))
    found = shown(genome, 1000, 1004)
    assert {bases for bases, *_ in found} == {"ACGT", "ATGT", "ACGA", "ATGA"}
    assert {(label, sure) for _, label, sure in found} == {(("putative",), False)}


def test_two_phase_sets_are_not_phased_to_each_other():
    genome = genome_of(call(1001, "C", "T", "10", "1"), call(1003, "T", "A", "10", "2"))
    assert len(shown(genome, 1000, 1004)) == 4
    assert len(shown(genome, 1000, 1003)) == 2


def test_one_two_genotype_excludes_reference_and_both():
    genome = genome_of(call(1001, "C", "T", "10"), call(1001, "C", "A", "01"))
    assert {bases for bases, *_ in shown(genome, 1000, 1003)} == {"ATG", "AAG"}


def test_unphased_call_over_a_phased_one_gets_its_phase_by_exclusion():
    genome = genome_of(
        call(1001, "CGT", "", "10", "9"), call(1002, "G", "A", "10"), call(1010, "G", "C", "10", "9")
    )
    assert [w.bases for w in genome.windows(Locus(CONTIG, 1000, 1012))] == ["AACGTACCT", "ACATACGTACGT"]
    assert [w.haplotypes for w in genome.windows(Locus(CONTIG, 1000, 1012))] == [("1",), ("2",)]


@pytest.mark.parametrize(
    ("calls", "reason"),
    [
        (
            [call(1001, "CGT", "", "11"), call(1002, "G", "A", "10")],
            "clashes with another call on the same copy",
        ),
        (
            [call(1001, "CG", "", "10", "1"), call(1002, "G", "A", "10", "1")],
            "clashes with another call on the same copy",
        ),
        ([call(1001, "C", alt, "10") for alt in "AGT"], "clashes with another call on the same copy"),
        ([call(1001, "C", "*", "10")], "star allele: the deletion it points at is a call of its own"),
        ([call(1001, "C", "<DEL>", "10")], "allele is not spelt out in bases"),
        ([call(1001, "C", "A", "110")], "heterozygous on more than two copies"),
        ([call(1001, "C", "A", "11"), call(1001, "C", "A", "10")], "given twice with different genotypes"),
        ([call(1001, "C", "A", "11"), call(1000, "AC", "AA", "11")], "given twice"),
        ([call(1001, "C", "A", "11", contig="chr9")], "contig is not in the reference"),
        (
            [call(1001, "", "A", "11"), call(1001, "", "G", "11")],
            "clashes with another call on the same copy",
        ),
        (
            [call(1001, "CGT", "", "11"), call(1003, "", "G", "11")],
            "clashes with another call on the same copy",
        ),
    ],
)
def test_calls_that_cannot_be_applied_are_counted(calls, reason):
    genome = genome_of(*calls)
    assert genome.tally.refused == ((reason, 1),)
    assert genome.tally.read == len(calls)
    assert genome.windows(Locus(CONTIG, 1000, 1010))


def test_insertion_beside_a_deletion_is_composed():
    genome = genome_of(call(1001, "CG", "", "11"), call(1001, "", "TT", "11"), call(1003, "", "AA", "11"))
    assert not genome.refused
    assert shown(genome, 1000, 1005)[0][0] == "ATTAATA"


def test_the_case_wins_over_the_file_where_they_clash():
    file_call = call(1001, "C", "A", "11")
    case_call = Call(Variant(CONTIG, 1001, "C", "T"), (True, True), origin="case")
    genome = genome_of(file_call).with_calls([case_call, file_call])
    assert [item.call for item in genome.refused] == [file_call]
    assert genome.windows(Locus(CONTIG, 1001, 1002))[0].bases == "T"


@pytest.mark.parametrize(
    ("start", "end", "bases"),
    [
        (1000, 1004, "ACGTGG"),
        (1004, 1008, "ACGT"),
        (1003, 1004, "TGG"),
        (1004, 1004, ""),
        (1003, 1005, "TGGA"),
    ],
)
def test_an_insertion_belongs_to_the_base_before_it(start, end, bases):
    assert genome_of(call(1004, "", "GG", "11")).windows(Locus(CONTIG, start, end))[0].bases == bases


def test_an_insertion_before_the_first_base_of_a_contig():
    genome = genome_of(Call(Variant("chr9", 0, "", "TT"), (True, True)), sequences={"chr9": "ACGT"})
    (window,) = genome.windows(Locus("chr9", 0, 2))
    assert (window.bases, window.to_reference(0), window.from_reference(0)) == ("TTAC", 0, 2)
    assert genome.windows(Locus("chr9", 1, 2))[0].bases == "C"


@pytest.mark.parametrize(
    ("start", "end", "bases"), [(1000, 1003, "A"), (1002, 1006, "AC"), (1002, 1003, ""), (1000, 1006, "AAC")]
)
def test_a_deletion_across_an_edge_counts_with_its_part_inside(start, end, bases):
    window = genome_of(call(1001, "CGT", "", "11")).windows(Locus(CONTIG, start, end))[0]
    assert window.bases == bases
    assert window.from_reference(1002) is None
    assert window.variants


@pytest.mark.parametrize(("sex", "labels"), [(Sex.MALE, [("1",)]), (Sex.FEMALE, [("1", "2")])])
def test_copies_of_x_follow_sex(sex, labels):
    genome = genome_of(call(1, "C", "A", "11", contig="X"), sex=sex, sequences={"chrX": "ACGT"})
    assert [w.haplotypes for w in genome.windows(Locus("chrX", 0, 4))] == labels
    haploid = genome_of(call(1, "C", "A", "1", contig="X"), sequences={"chrX": "ACGT"})
    assert [(w.bases, w.haplotypes) for w in haploid.windows(Locus("X", 0, 4))] == [("AAGT", ("1",))]


def test_y_and_mitochondrion():
    sequences = {"chrY": "ACGT", "chrM": "ACGT", "chr1": "ACGT"}
    here = Call(Variant("chr1", 0, "A", "C"), (True, True))
    woman, man = (genome_of(here, sex=sex, sequences=sequences) for sex in (Sex.FEMALE, Sex.MALE))
    assert woman.windows(Locus("chrY", 0, 4)) == ()
    assert [w.haplotypes for w in man.windows(Locus("chrY", 0, 4))] == [("1",)]
    assert [w.haplotypes for w in woman.windows(Locus("MT", 0, 4))] == [("1",)]
    heteroplasmic = genome_of(call(1, "C", "T", "10", contig="MT"), sequences=sequences)
    assert {w.bases for w in heteroplasmic.windows(Locus("chrM", 0, 4))} == {"ACGT", "ATGT"}


def test_pseudoautosomal_region_of_a_man_has_two_copies():
    sequences = {"chrX:20001-20004": "ACGT", "chrX:5000001-5000004": "ACGT"}
    reference = Reference.from_sequences(sequences, build="GRCh38")
    man = PatientGenome(reference, [call(20001, "C", "T", "10", contig="X")], sex=Sex.MALE)
    assert man.copies(Locus("chrX", 20000, 20004)) == 2
    assert man.copies(Locus("chrX", 5000000, 5000004)) == 1


def test_the_cap_is_honest():
    reference = Reference.from_sequences({"chr1": "A" * 60})
    calls = [Call(Variant("chr1", 3 * n, "A", "C"), (True, False)) for n in range(15)]
    genome = PatientGenome(reference, calls)
    windows = genome.windows(Locus("chr1", 0, 60), cap=40)
    assert len(windows) == 40
    assert not any(window.complete for window in windows)
    assert {windows[0].bases.count("C"), windows[1].bases.count("C")} == {0, 15}
    assert len(genome.windows(Locus("chr1", 0, 9), cap=8)) == 8
    assert all(window.complete for window in genome.windows(Locus("chr1", 0, 9), cap=8))
    with pytest.raises(ValueError, match="cap"):
        genome.windows(Locus("chr1", 0, 9), cap=0)


def test_wrong_ref_is_refused():
    with pytest.raises(IncompatibleInputsError) as caught:
        genome_of(call(1001, "G", "T", "11")).windows(Locus(CONTIG, 1000, 1004))
    assert caught.value.code == "ref-mismatch"
    assert caught.value.remedy


def test_calls_and_clusters():
    genome = genome_of(call(1002, "G", "A", "11"), call(1006, "G", "A", "10"), call(1018, "G", "A", "10"))
    assert len(genome.calls_in(Locus(CONTIG, 1002, 1007))) == 2
    assert genome.calls_in(Locus("5", 1003, 1006)) == ()
    spans = [(p.start, p.end) for p in genome.variant_clusters(Locus(CONTIG, 1000, 1020), 3)]
    assert spans == [(1000, 1010), (1015, 1020)]


def test_a_long_deletion_is_found_from_within():
    genome = genome_of(call(1001, "CGTACGTAC", "", "11"), call(1012, "A", "T", "11"))
    assert [c.variant.start for c in genome.calls_in(Locus(CONTIG, 1008, 1009))] == [1001]


def test_order_of_calls_does_not_matter():
    calls = [call(1001, "CG", "", "10"), call(1002, "G", "A", "01"), call(1005, "C", "T", "10", "1")]
    assert shown(genome_of(*calls), 1000, 1010) == shown(genome_of(*reversed(calls)), 1000, 1010)


def test_maps_outside_the_window():
    window = genome_of().windows(Locus(CONTIG, 1002, 1004))[0]
    assert window.from_reference(1001) is None
    assert window.from_reference(1004) is None
    with pytest.raises(IndexError):
        window.to_reference(2)
    with pytest.raises(IndexError):
        window.reference_locus(1, 1)


def test_place_calls_keeps_names_of_a_phase_set():
    placed, refused = place_calls([call(1, "A", "C", "01", "p"), call(1, "A", "G", "10")])
    assert not refused
    assert {(item.call.variant.alt, item.copy, item.is_named) for item in placed} == {
        ("C", 1, True),
        ("G", 0, True),
    }


def test_a_call_that_ends_where_the_interval_starts_does_not_touch_it():
    genome = genome_of(call(1001, "CGTACGTAC", "", "10", "1"), call(1002, "G", "A", "01", "1"))
    assert [c.variant.start for c in genome.calls_in(Locus(CONTIG, 1003, 1004))] == [1001]
