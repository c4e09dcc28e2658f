"""Packaging: constructs measured from ITR to ITR, the curve, and what folds back."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.errors import InputError
from revertant.knowledge import parts_of_kind, vector_part
from revertant.modality.gene_addition.packaging import (
    ANCHORS,
    SHORT_GENOME_BP,
    STOP_BP,
    direct_repeats,
    find_itrs,
    full_length_fraction,
    gc_extremes,
    inverted_repeats,
    length_finding,
    measure_packaged,
    packaging_findings,
)
from revertant.model import Construct, Feature, FeatureKind, GenomeForm, Status, Strand
from revertant.sequence import reverse_complement

AAV2_ITR_FLIP = vector_part("itr_aav2_145_flip").sequence
AAV2_ITR_FLOP = vector_part("itr_aav2_145_flop").sequence
SS, SC = GenomeForm.SINGLE_STRANDED_AAV, GenomeForm.SELF_COMPLEMENTARY_AAV

#: Plasmid, first and last annotated base of the genome (0-based, half-open), whether one repeat cannot be nicked.
ANNOTATED = [
    ("pGS-scAAV-ITR128-Amp-empty.gb", 26, 2402, True),
    ("pGS-scAAV-ITR128-Kan-empty.gb", 15, 2391, True),
    ("pGS-scAAV-ITR145-Amp-empty.gb", 26, 2436, True),
    ("pGS-scAAV-ITR145-Kan-empty.gb", 15, 2425, True),
    ("pGS-ssAAV-ITR128-Amp-empty.gb", 26, 2439, False),
    ("pGS-ssAAV-ITR128-Kan-empty.gb", 15, 2428, False),
    ("pGS-ssAAV-ITR145-Amp-empty.gb", 26, 2473, False),
    ("pGS-ssAAV-ITR145-Kan-empty.gb", 15, 2462, False),
    ("laava_scAAV_CBA_GFP_construct.fasta", 661, 2739, True),
    ("laava_ssAAV_CMV_GFP_construct.fasta", 0, 2434, False),
    ("pAAV-hSYN1-Washc1-BioID2-HA.gb", 0, 3910, False),
]


def read_plasmid(folder, name):
    """Bases of a plasmid, without the reader's complaints about old files."""
    lines = (folder / "vectors" / "plasmids" / name).read_text().splitlines()
    if name.endswith(".fasta"):
        return "".join(line for line in lines if not line.startswith(">")).upper()
    origin = next(i for i, line in enumerate(lines) if line.startswith("ORIGIN"))
    return "".join(letter for line in lines[origin + 1 :] for letter in line if letter.isalpha()).upper()


def random_bases(seed, length):
    return "".join(random.Random(seed).choices("ACGT", k=length))


@pytest.mark.parametrize(("name", "start", "end", "self_complementary"), ANNOTATED)
def test_known_constructs_are_measured_within_one_base(shared_data, name, start, end, self_complementary):
    span = measure_packaged(read_plasmid(shared_data, name), circular=True)
    assert abs(span.start - start) <= 1
    assert abs(span.end - end) <= 1
    assert span.self_complementary is self_complementary


@pytest.mark.parametrize("name", ["pAAV-hSYN1-Washc1-BioID2-HA.gb", "pGS-scAAV-ITR145-Kan-empty.gb"])
@pytest.mark.parametrize("turn", [70, 2000, 3850])
def test_neither_the_origin_nor_the_strand_changes_what_is_packaged(shared_data, name, turn):
    plasmid = read_plasmid(shared_data, name)
    whole = measure_packaged(plasmid, circular=True)
    turned = plasmid[turn:] + plasmid[:turn]
    assert measure_packaged(turned, circular=True).packaged_bp == whole.packaged_bp
    assert measure_packaged(reverse_complement(turned), circular=True).packaged_bp == whole.packaged_bp


@pytest.mark.parametrize("name", ["pmCAG-SWIP_WT-HA.gb", "pAAV2-9.gb", "pAdDeltaF6.gbk"])
def test_plasmids_without_repeats_are_refused(shared_data, name):
    with pytest.raises(InputError, match="0 AAV2 terminal repeats"):
        measure_packaged(read_plasmid(shared_data, name), circular=True)


def test_the_repeats_are_those_of_the_virus(shared_data):
    text = (shared_data / "vectors" / "aav_reference_genomes.fasta").read_text()
    genome = next(
        r.split("\n", 1)[1].replace("\n", "") for r in text.split(">")[1:] if "NC_001401" in r[:40]
    ).upper()
    assert genome.startswith(AAV2_ITR_FLIP)
    first, second = find_itrs(genome)
    assert (first.start, second.end) == (0, len(genome))


@pytest.mark.parametrize("part", parts_of_kind(FeatureKind.ITR), ids=lambda part: part.key)
def test_every_repeat_of_the_catalogue_is_found_whole(part):
    left, right = random_bases(part.key, 300), random_bases(part.key + "!", 300)
    (found,) = find_itrs(left + part.sequence + right)
    # The base beside a cut may continue the repeat by chance.
    assert 0 <= len(left) - found.start <= 2
    assert 0 <= found.end - len(left) - part.length_bp <= 2
    assert found.has_d is part.resolvable


@settings(max_examples=20)
@given(
    seed=st.integers(0, 10**6),
    outer=st.integers(0, 17),
    flop=st.booleans(),
    length=st.integers(300, 1500),
)
def test_a_repeat_is_found_however_it_was_cut(seed, outer, flop, length):
    repeat = (AAV2_ITR_FLOP if flop else AAV2_ITR_FLIP)[outer:]
    left = "A" + random_bases(seed, 200)[:-1] + ("A" if repeat[:1] != "A" else "C")
    plasmid = (
        left
        + repeat
        + random_bases(seed + 1, length)
        + reverse_complement(repeat)
        + random_bases(seed + 2, 300)
    )
    found = find_itrs(plasmid, circular=True)
    assert len(found) == 2
    assert [itr.strand for itr in found] == [Strand.PLUS, Strand.MINUS]
    assert all(itr.has_d for itr in found)
    # A base beside the cut that continues the whole repeat by chance cannot be told from it.
    assert 0 <= len(left) - found[0].start <= outer
    before = left[found[0].start :]
    assert (AAV2_ITR_FLOP if flop else AAV2_ITR_FLIP)[:outer].endswith(before) or before.startswith(
        "CCTGCAGGCAG"
    )


def test_repeats_that_look_away_from_each_other_are_refused():
    outward = reverse_complement(AAV2_ITR_FLIP) + random_bases(1, 900) + AAV2_ITR_FLIP
    with pytest.raises(InputError, match="do not face"):
        measure_packaged("ACGT" * 30 + outward + "TTGA" * 30)


def test_three_repeats_are_refused():
    filler = random_bases(2, 400)
    with pytest.raises(InputError, match="3 AAV2"):
        measure_packaged(AAV2_ITR_FLIP + filler + AAV2_ITR_FLIP + filler + reverse_complement(AAV2_ITR_FLIP))


@given(first=st.integers(SHORT_GENOME_BP, 9000), second=st.integers(SHORT_GENOME_BP, 9000))
def test_the_curve_never_rises_and_stays_in_its_bounds(first, second):
    short, long = (full_length_fraction(length, SS) for length in sorted((first, second)))
    assert short.value >= long.value
    assert short.low >= long.low
    assert short.high >= long.high
    for estimate in (short, long):
        assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
        assert estimate.sources
        assert estimate.interval


def test_the_curve_goes_through_the_published_points():
    assert full_length_fraction(4700, SS).value == 1
    assert full_length_fraction(5000, SS).value == pytest.approx(1 - 0.863)
    assert full_length_fraction(5200, SS).value == 0
    at_4900 = full_length_fraction(4900, SS)
    # "Declined rapidly between 4.9 and 5.0 kb": more is lost after 4.9 kb than before.
    assert at_4900.value - full_length_fraction(5000, SS).value > 1 - at_4900.value
    assert [anchor.packaged_bp for anchor in ANCHORS] == sorted(anchor.packaged_bp for anchor in ANCHORS)
    assert not full_length_fraction(9000, SS).in_domain


@pytest.mark.parametrize(
    ("length", "form"), [(2900, SS), (2200, SC), (5000, GenomeForm.LENTIVIRAL), (900, GenomeForm.MRNA)]
)
def test_outside_its_domain_the_curve_has_no_value(length, form):
    estimate = full_length_fraction(length, form)
    assert estimate.value is None
    assert not estimate.in_domain
    assert estimate.method.startswith("not defined: ")


@pytest.mark.parametrize(
    ("length", "form", "status"),
    [
        (4700, SS, Status.PASS),
        (4701, SS, Status.CAUTION),
        (STOP_BP - 1, SS, Status.CAUTION),
        (STOP_BP, SS, Status.FAIL),
        (2350, SC, Status.PASS),
        (2400, SC, Status.CAUTION),
        (2500, SC, Status.FAIL),
    ],
)
def test_limits_by_form(length, form, status):
    assert length_finding(length, form).status is status


def brute_inverted(text, least):
    """Every pair of arms that cannot be made longer, the slow way: outwards from each centre."""
    found = set()
    for total in range(2 * len(text) - 1):
        left, size = (total - 1) // 2, 0
        while left >= -1:
            right = total - left
            if left >= 0 and right < len(text) and text[left] == reverse_complement(text[right]):
                size += 1
            else:
                if size >= least:
                    found.add(((left + 1, left + 1 + size), (right - size, right)))
                size = 0
            left -= 1
    return found


def brute_direct(text, least):
    found = set()
    for gap in range(least, len(text)):
        start = 0
        while start + gap < len(text):
            size = 0
            while start + gap + size < len(text) and text[start + size] == text[start + gap + size]:
                size += 1
            if size >= least:
                arm = min(size, gap)
                found.add(((start, start + arm), (start + gap, start + gap + arm)))
            start += max(size, 1)
    return found


@given(st.text(alphabet="AT", max_size=60), st.integers(4, 8))
def test_inverted_repeats_agree_with_the_slow_way(text, least):
    assert {(r.first, r.second) for r in inverted_repeats(text, least)} == brute_inverted(text, least)


@given(st.text(alphabet="ACGT", max_size=80), st.integers(3, 8))
def test_inverted_repeats_are_each_others_complement(text, least):
    for repeat in inverted_repeats(text, least):
        left, right = text[slice(*repeat.first)], text[slice(*repeat.second)]
        assert left == reverse_complement(right)
        assert len(left) == repeat.arm_bp >= least
        assert repeat.between_bp >= 0


@given(st.text(alphabet="AC", max_size=60), st.integers(4, 8))
def test_direct_repeats_agree_with_the_slow_way(text, least):
    assert {(r.first, r.second) for r in direct_repeats(text, least)} == brute_direct(text, least)


@given(st.integers(0, 10**6), st.integers(0, 300))
def test_gc_stretches_hold_every_extreme_window_and_no_other(seed, rich):
    text = random_bases(seed, 200) + "GC" * (rich // 2) + random_bases(seed + 1, 150) + "AT" * (rich // 3)
    stretches = gc_extremes(text)
    for start in range(len(text) - 99):
        share = sum(base in "GC" for base in text[start : start + 100]) / 100
        if not 0.25 <= share <= 0.80:
            assert any(a <= start and start + 100 <= b for a, b, _ in stretches)
    for a, b, worst in stretches:
        shares = [sum(base in "GC" for base in text[s : s + 100]) / 100 for s in range(a, b - 99)]
        assert worst in {min(shares), max(shares)}
        assert not 0.25 <= worst <= 0.80


def genome(inner, form=SS):
    right = reverse_complement(AAV2_ITR_FLIP)
    return AAV2_ITR_FLIP + inner + (right if form is SS else AAV2_ITR_FLIP[17:108])


def by_rule(construct):
    return {finding.rule: finding for finding in packaging_findings(construct)}


def test_findings_of_a_sound_genome():
    text = genome(random_bases(7, 3900))
    found = by_rule(Construct("sound", SS, text, (), (0, len(text))))
    for finding in found.values():
        assert finding.status is Status.PASS, finding
    assert found["packaging.itr_to_itr"].value == f"{len(text):,} bp"


def test_a_single_stranded_form_with_a_mutated_repeat_fails():
    text = genome(random_bases(8, 1500), SC)
    sc, ss = (by_rule(Construct("x", form, text, (), (0, len(text)))) for form in (SC, SS))
    assert sc["packaging.terminal_resolution"].status is Status.PASS
    assert ss["packaging.terminal_resolution"].status is Status.FAIL
    assert sc["packaging.short_genome"].status is Status.NOT_APPLICABLE
    assert ss["packaging.short_genome"].status is Status.CAUTION
    assert sc["packaging.full_length_share"].status is Status.UNKNOWN


def test_a_wrong_span_is_told():
    text = genome(random_bases(9, 3500))
    found = by_rule(Construct("x", SS, text, (), (0, len(text) - 12)))
    assert found["packaging.itr_to_itr"].status is Status.FAIL
    assert "12 bases off" in found["packaging.itr_to_itr"].because


def test_without_repeats_the_ends_are_unknown():
    text = random_bases(10, 3500)
    found = by_rule(Construct("x", SS, text, (), (0, len(text))))
    assert found["packaging.itr_to_itr"].status is Status.UNKNOWN
    assert found["packaging.terminal_resolution"].status is Status.UNKNOWN
    assert found["packaging.length"].status is Status.PASS


def test_hairpins_and_doubles_are_named_with_their_places():
    stem, unit = random_bases(11, 40), random_bases(12, 80)
    inner = (
        random_bases(13, 1500)
        + stem
        + "GAAA"
        + reverse_complement(stem)
        + unit
        + random_bases(14, 1200)
        + unit
    )
    text = genome(inner + random_bases(15, 200))
    found = by_rule(Construct("x", SS, text, (), (0, len(text))))
    place = text.index(stem) + 1
    assert found["packaging.inverted_repeats"].status is Status.CAUTION
    assert f"{place}-{place + 39}" in found["packaging.inverted_repeats"].because
    assert found["packaging.direct_repeats"].status is Status.CAUTION
    assert f"{text.index(unit) + 1}-" in found["packaging.direct_repeats"].because


@pytest.mark.parametrize(
    ("left", "right", "status"),
    [
        (Strand.PLUS, Strand.MINUS, Status.FAIL),
        (Strand.MINUS, Strand.PLUS, Status.PASS),
        (Strand.PLUS, Strand.PLUS, Status.PASS),
    ],
)
def test_only_tails_that_meet_are_refused(left, right, status):
    text = genome(random_bases(16, 3300))
    features = (
        Feature(FeatureKind.POL3_PROMOTER, "U6", 300, 541, left),
        Feature(FeatureKind.POL3_PROMOTER, "H1", 900, 1000, right),
    )
    assert (
        by_rule(Construct("x", SS, text, features, (0, len(text))))["packaging.pol3_tail_to_tail"].status
        is status
    )


def test_a_plasmid_is_measured_across_its_origin(shared_data):
    plasmid = read_plasmid(shared_data, "pAAV-hSYN1-Washc1-BioID2-HA.gb")
    turned = plasmid[2000:] + plasmid[:2000]
    span = measure_packaged(turned, circular=True)
    found = by_rule(Construct("x", SS, turned, (), (span.start, span.end), circular=True))
    assert found["packaging.itr_to_itr"].value == "3,910 bp"
    assert found["packaging.length"].status is Status.PASS
    # The repeats themselves are inverted repeats; only what lies between them counts.
    assert "3,910" not in found["packaging.inverted_repeats"].because
