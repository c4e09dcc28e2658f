"""Calls as columns, and placing them at once against placing them one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.errors import IncompatibleInputsError
from revertant.genome import CallTable, PatientGenome, PlacedCalls, Reference
from revertant.genome.call_table import variant_order
from revertant.genome.haplotype import touched, trimmed
from revertant.genome.phasing import Refusal, place_calls
from revertant.model import Call, Locus, Variant

ALTS = ("", "A", "C", "G", "T", "AC", "CA", "CAG", "R", "*", "<DEL>", "é", "ACGTACGTAC")
COPIES = ((True,), (True, True), (True, False), (False, True), (False, True, False), (True, True, True))
SEQUENCES = {"chr5": "ACGTACGTACCCCGTACGTT" * 2, "chr7": "A" * 40}


@st.composite
def messy_calls(draw, most=24):
    calls = []
    for _ in range(draw(st.integers(0, most))):
        ref = draw(st.sampled_from(("", "A", "C", "G", "AC", "CAG", "ACGTA", "N", "TT")))
        alt = draw(st.sampled_from([alt for alt in ALTS if alt != ref]))
        contig = draw(st.sampled_from(("chr5", "5", "chr5", "7", "chr99")))
        variant = Variant(contig, draw(st.integers(0, 16)), ref, alt)
        phase_set = draw(st.sampled_from((None, None, "a", "b", "c")))
        origin = draw(st.sampled_from(("vcf", "vcf", "vcf", "case")))
        calls.append(Call(variant, draw(st.sampled_from(COPIES)), phase_set, origin))
    return calls


def one_by_one(calls, reference):
    """What the genome did before it held columns."""
    by_contig: dict[str, list[Call]] = {}
    refused = []
    for call in calls:
        if reference.has_contig(call.variant.contig):
            by_contig.setdefault(reference.canonical_contig(call.variant.contig), []).append(call)
        else:
            refused.append(Refusal(call, "contig is not in the reference"))
    placed = {}
    for contig, here in by_contig.items():
        placed[contig], lost = place_calls(here)
        refused += lost
    return placed, refused


def check_placing(calls):
    reference = Reference.from_sequences(SEQUENCES)
    genome = PatientGenome(reference, calls)
    placed, refused = one_by_one(calls, reference)
    assert genome.refused == tuple(refused)
    for contig in SEQUENCES:
        columns, twin = genome.placed(contig), placed.get(contig, [])
        assert [genome.calls[row] for row in columns.row.tolist()] == [item.call for item in twin]
        places = zip(columns.touch_start.tolist(), columns.touch_end.tolist(), strict=True)
        assert list(places) == [(item.start, item.end) for item in twin]
        assert columns.copy.tolist() == [item.copy for item in twin]
        groups = columns.group.tolist()
        assert [0 <= group < columns.named_groups for group in groups] == [item.is_named for item in twin]
        assert [group < 0 for group in groups] == [item.group is None for item in twin]
        pairs = set(zip(groups, [item.group for item in twin], strict=True))
        assert len(pairs) == len({one for one, _ in pairs}) == len({other for _, other in pairs})
        assert sorted(set(groups) - {-1}) == list(range(len(set(groups) - {-1})))


@given(messy_calls())
def test_columns_are_placed_like_calls(calls):
    check_placing(calls)


@pytest.mark.long
@settings(max_examples=30_000)
@given(messy_calls(most=40))
def test_columns_are_placed_like_calls_many_times(calls):
    check_placing(calls)


@given(messy_calls())
def test_placed_columns_hold_the_trimmed_alleles(calls):
    genome = PatientGenome(Reference.from_sequences(SEQUENCES), calls)
    for contig in SEQUENCES:
        placed = genome.placed(contig)
        for k, row in enumerate(placed.row.tolist()):
            variant = genome.calls[row].variant
            at, size = int(placed.alt_offset[k]), int(placed.alt_size[k])
            alt = placed.pool[at : at + size].tobytes().decode()
            assert (int(placed.start[k]), int(placed.ref_size[k]), alt) == (
                trimmed(variant)[0],
                len(trimmed(variant)[1]),
                trimmed(variant)[2],
            )
            assert (int(placed.touch_start[k]), int(placed.touch_end[k])) == touched(variant)


@given(messy_calls(), messy_calls(most=6), st.integers(0, 20), st.integers(0, 20), st.integers(0, 5))
def test_what_a_genome_answers_is_what_it_was(calls, more, start, size, reach):
    reference = Reference.from_sequences(SEQUENCES)
    genome = PatientGenome(reference, calls).with_calls(more)
    known = set(calls)
    assert genome.calls == (*calls, *(call for call in more if call not in known))
    placed, refused = one_by_one(tuple(genome.calls), reference)
    locus = Locus("chr5", start, start + size)
    touching = [i for i in placed.get("chr5", []) if i.start < locus.end and i.end > locus.start]
    assert genome.calls_in(locus) == tuple(item.call for item in touching)
    assert genome.tally.read == len(genome.calls)
    assert sum(count for _, count in genome.tally.refused) == len(refused)
    merged: list[list[int]] = []
    for item in touching:
        low, high = max(0, item.start - reach), item.end + reach
        if merged and low <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    found = genome.variant_clusters(locus, reach)
    assert [(place.start, place.end) for place in found] == [(low, min(high, 40)) for low, high in merged]


def test_a_contig_without_calls_has_empty_columns():
    genome = PatientGenome(Reference.from_sequences(SEQUENCES), [Call(Variant("5", 1, "C", "A"), (True,))])
    placed = genome.placed("7")
    assert len(placed) == 0
    filled = genome.placed("chr5")
    for name in PlacedCalls.__slots__[:-1]:
        assert getattr(placed, name).dtype == getattr(filled, name).dtype, name
    with pytest.raises(IncompatibleInputsError):
        genome.placed("chr99")


@given(messy_calls())
def test_a_table_is_the_sequence_of_its_calls(calls):
    table = CallTable.of(calls)
    assert table == tuple(calls)
    assert tuple(calls) == table
    assert list(table) == calls
    assert hash(table) == hash(tuple(calls))
    assert table[1:4] == tuple(calls[1:4])
    assert [table[index] for index in range(-len(calls), 0)] == calls
    assert all(call in table for call in calls)
    assert CallTable.of(table) is table
    assert table.extended(calls) == (*calls, *calls)
    assert table.lacking(calls) == ()
    half = calls[::2]
    assert table.without(half) == tuple(call for call in calls if call not in half)
    assert all(
        table.of_variant(call.variant) == tuple(one for one in calls if one.variant == call.variant)
        for call in calls
    )
    assert table.is_heterozygous.tolist() == [call.is_heterozygous for call in calls]
    assert table.is_phased.tolist() == [call.is_phased for call in calls]


@given(messy_calls())
def test_variants_sort_as_objects_do(calls):
    order, first = variant_order(CallTable.of(calls), np.arange(len(calls)))
    assert [calls[row] for row in order.tolist()] == sorted(calls, key=lambda call: call.variant)
    firsts = {}
    for row, call in enumerate(calls):
        firsts.setdefault(call.variant, row)
    assert [firsts[calls[row].variant] for row in order.tolist()] == first.tolist()


def test_what_is_not_in_a_table():
    call = Call(Variant("5", 1, "C", "A"), (True, False))
    table = CallTable.of([call])
    assert table != (Call(call.variant, (False, True)),)
    assert table != [call]
    assert "call" not in table
    assert Call(call.variant, (False, True)) not in table
    with pytest.raises(IndexError):
        table[1]
    assert "1 calls" in repr(table)
    assert len(repr(CallTable.of([call] * 10_000))) < 1000


def test_the_same_object_twice_is_counted_twice():
    call = Call(Variant("5", 1, "C", "A"), (True, False))
    assert PatientGenome(Reference.from_sequences(SEQUENCES), [call, call]).tally.refused == (
        ("given twice", 1),
    )


def test_many_calls_one_by_one():
    calls = [Call(Variant("5", at, "C", "A"), (True,)) for at in range(70_000)]
    table = CallTable.of(calls)
    assert table[69_999] == calls[-1]
    assert list(table)[65_530:65_540] == calls[65_530:65_540]
