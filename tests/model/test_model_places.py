"""Loci, variants, calls and transcripts."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.model import Call, Locus, Strand, Transcript, Variant, VariantKind

stretches = st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda p: Locus("chr1", p[0], p[0] + p[1]))


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (5, 4)])
def test_a_locus_has_two_ends_in_order(start, end):
    with pytest.raises(ValueError, match="0 <= start <= end"):
        Locus("chr1", start, end)


def test_a_strand_may_be_written_as_text():
    assert Locus("chr1", 0, 1, "-").strand is Strand.MINUS
    assert Strand.MINUS.opposite is Strand.PLUS
    with pytest.raises(ValueError, match="x"):
        Locus("chr1", 0, 1, "x")


@given(stretches, stretches)
def test_overlap_and_containment_are_those_of_sets(one, other):
    bases, others = set(range(one.start, one.end)), set(range(other.start, other.end))
    if bases and others:
        assert one.overlaps(other) == other.overlaps(one) == bool(bases & others)
        assert one.contains(other) == (others <= bases)


def test_other_contigs_do_not_meet():
    assert not Locus("chr1", 0, 9).overlaps(Locus("chr2", 0, 9))
    assert not Locus("chr1", 0, 9).contains(Locus("chr2", 1, 2))


def test_widening_stops_at_the_start_of_the_contig():
    assert Locus("chr1", 3, 5).widened(10, 2) == Locus("chr1", 0, 7)
    assert Locus("chr1", 20, 25, "-").widened(5) == Locus("chr1", 15, 30, "-")


@pytest.mark.parametrize(
    ("ref", "alt", "kind"),
    [
        ("A", "G", VariantKind.SUBSTITUTION),
        ("CA", "CG", VariantKind.SUBSTITUTION),
        ("AC", "GT", VariantKind.MULTI_SUBSTITUTION),
        ("", "A", VariantKind.INSERTION),
        ("C", "CA", VariantKind.INSERTION),
        ("CA", "C", VariantKind.DELETION),
        ("A", "", VariantKind.DELETION),
        ("AC", "G", VariantKind.DELETION_INSERTION),
    ],
)
def test_kind_is_judged_on_trimmed_alleles(ref, alt, kind):
    assert Variant("chr1", 5, ref, alt).kind is kind


@pytest.mark.parametrize(("start", "ref", "alt"), [(-1, "A", "G"), (3, "A", "A"), (3, "", "")])
def test_a_variant_changes_something_somewhere(start, ref, alt):
    with pytest.raises(ValueError, match=r"starts at 0|nothing is changed"):
        Variant("chr1", start, ref, alt)


def test_an_insertion_lies_between_two_bases():
    inserted = Variant("chr1", 7, "", "ATC")
    assert inserted.locus == Locus("chr1", 7, 7)
    assert str(inserted) == "chr1:8:-:ATC"


@pytest.mark.parametrize(
    ("copies", "phase_set", "phased", "heterozygous"),
    [
        ((True, True), None, True, False),
        ((True, False), None, False, True),
        ((False, True), "1", True, True),
        ((True,), None, True, False),
    ],
)
def test_phase(copies, phase_set, phased, heterozygous):
    call = Call(Variant("chr1", 5, "A", "G"), copies, phase_set)
    assert (call.is_phased, call.is_heterozygous) == (phased, heterozygous)


def test_a_call_has_a_carrier():
    with pytest.raises(ValueError, match="at least one copy"):
        Call(Variant("chr1", 5, "A", "G"), (False, False))


@st.composite
def transcripts(draw):
    edges = sorted(draw(st.lists(st.integers(0, 300), min_size=2, max_size=12, unique=True)))
    edges = edges[: len(edges) // 2 * 2]
    exons = tuple(zip(edges[::2], edges[1::2], strict=True))
    inside = [position for start, end in exons for position in range(start, end)]
    low, high = sorted(draw(st.tuples(st.sampled_from(inside), st.sampled_from(inside))))
    return Transcript("T1.1", "G", "chr1", draw(st.sampled_from(Strand)), exons, (low, high + 1))


@given(transcripts())
def test_coordinate_maps_are_inverse(transcript):
    spliced = [transcript.spliced_to_genome(i) for i in range(sum(e - s for s, e in transcript.exons))]
    coding = [transcript.coding_to_genome(i) for i in range(transcript.coding_bases)]
    assert [transcript.genome_to_spliced(position) for position in spliced] == list(range(len(spliced)))
    assert [transcript.genome_to_coding(position) for position in coding] == list(range(len(coding)))
    # Both run in the direction of transcription.
    assert spliced == sorted(spliced, reverse=transcript.strand is Strand.MINUS)
    assert set(coding) <= set(spliced)
    assert {transcript.exon_number(position) for position in spliced} == set(
        range(1, len(transcript.exons) + 1)
    )


@given(transcripts())
def test_outside_the_exons_nothing_is_mapped(transcript):
    within = {position for start, end in transcript.exons for position in range(start, end)}
    for position in set(range(-2, 305)) - within:
        assert transcript.genome_to_spliced(position) is None
        assert transcript.genome_to_coding(position) is None
        assert transcript.exon_number(position) is None
    for index in (-1, len(within)):
        with pytest.raises(IndexError, match=r"T1\.1"):
            transcript.spliced_to_genome(index)


@pytest.mark.parametrize(
    ("exons", "cds"),
    [
        ((), None),
        (((5, 5),), None),
        (((10, 20), (15, 30)), None),
        (((30, 40), (10, 20)), None),
        (((10, 20),), (5, 15)),
        (((10, 20),), (15, 25)),
        (((10, 20),), (12, 12)),
    ],
)
def test_unsound_transcripts_are_refused(exons, cds):
    with pytest.raises(ValueError, match=r"T1\.1"):
        Transcript("T1.1", "G", "chr1", Strand.PLUS, exons, cds)


def test_a_non_coding_transcript_codes_nothing():
    transcript = Transcript("T1.1", "G", "chr1", Strand.PLUS, ((10, 20),))
    assert (transcript.coding_exons, transcript.coding_bases) == ((), 0)
    with pytest.raises(IndexError):
        transcript.coding_to_genome(0)


@pytest.mark.parametrize("value", [Locus("chr1", 0, 1), Variant("chr1", 0, "A", "C")])
def test_values_are_frozen_and_equal_by_content(value):
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.contig = "chr2"
    assert value == dataclasses.replace(value)
    assert hash(value) == hash(dataclasses.replace(value))
