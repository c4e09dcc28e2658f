"""Normalisation: one form per change, sequence kept, left and right inverse of each other."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import Reference
from revertant.model import Variant
from revertant.variant import normalise, shift_right, trim

QUICK = settings(deadline=None, max_examples=100)
REPEATS = st.text("AC", min_size=4, max_size=40) | st.text("ACGT", min_size=4, max_size=40)


def mutated(bases: str, variant: Variant) -> str:
    assert bases[variant.start : variant.end] == variant.ref
    return bases[: variant.start] + variant.alt + bases[variant.end :]


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, Variant]:
    bases = draw(REPEATS)
    start = draw(st.integers(0, len(bases)))
    end = draw(st.integers(start, min(len(bases), start + 6)))
    alt = draw(st.text("ACGT", max_size=6) | st.text("AC", max_size=6))
    assume(alt != bases[start:end])
    return bases, Variant("chr1", start, bases[start:end], alt)


@QUICK
@given(changes())
def test_normalising_keeps_the_sequence_and_is_idempotent(case: tuple[str, Variant]) -> None:
    bases, variant = case
    reference = Reference.from_sequences({"chr1": bases})
    normal = normalise(variant, reference)
    assert mutated(bases, normal) == mutated(bases, variant)
    assert normalise(normal, reference) == normal
    assert trim(normal) == normal


@QUICK
@given(changes())
def test_left_and_right_are_inverse(case: tuple[str, Variant]) -> None:
    bases, variant = case
    reference = Reference.from_sequences({"chr1": bases})
    normal = normalise(variant, reference)
    right = shift_right(normal, reference)
    assert mutated(bases, right) == mutated(bases, variant)
    assert normalise(right, reference) == normal
    assert shift_right(right, reference) == right
    assert right.start >= normal.start


@QUICK
@given(changes())
def test_no_equal_deletion_or_insertion_lies_further_left_or_right(case: tuple[str, Variant]) -> None:
    bases, variant = case
    reference = Reference.from_sequences({"chr1": bases})
    normal = normalise(variant, reference)
    assume(not (normal.ref and normal.alt))
    result = mutated(bases, normal)
    size = len(normal.ref)
    if normal.ref:
        equal = [i for i in range(len(bases) - size + 1) if bases[:i] + bases[i + size :] == result]
    else:
        size = len(normal.alt)
        equal = [
            i for i in range(len(bases) + 1) if bases[:i] == result[:i] and bases[i:] == result[i + size :]
        ]
    assert normal.start == equal[0]
    assert shift_right(normal, reference).start == equal[-1]


def test_every_spelling_of_a_change_in_a_small_repeat_is_one_variant() -> None:
    bases = "GCACACAG"
    reference = Reference.from_sequences({"chr1": bases})
    forms: dict[str, set[Variant]] = {}
    for start, end in product(range(len(bases) + 1), repeat=2):
        for alt in ("", "C", "CA", "ACA", "CACA"):
            if start <= end <= start + 5 and alt != bases[start:end]:
                variant = Variant("chr1", start, bases[start:end], alt)
                forms.setdefault(mutated(bases, variant), set()).add(normalise(variant, reference))
    assert all(len(variants) == 1 for variants in forms.values())


def test_shifts_stop_at_the_edge_of_a_window_and_cross_blocks() -> None:
    reference = Reference.from_sequences({"chr1:1001-1200": "A" * 200, "chr1:2001-2003": "CAG"})
    deletion = Variant("chr1", 1150, "A", "")
    assert normalise(deletion, reference).start == 1000
    assert shift_right(deletion, reference).start == 1199


def test_ref_mismatch_names_the_usual_causes() -> None:
    reference = Reference.from_sequences({"chr1": "ACGTACGTTTGCA"}, build="GRCh38")
    with pytest.raises(IncompatibleInputsError, match=r"reference has 'A'") as caught:
        normalise(Variant("chr1", 0, "T", "G"), reference)
    assert caught.value.code == "ref-mismatch"
    assert "another build" in caught.value.remedy
    assert "strand" in caught.value.remedy


def test_ref_mismatch_by_one_is_recognised() -> None:
    reference = Reference.from_sequences({"chr1": "ACGTACGTTTGCA"})
    with pytest.raises(IncompatibleInputsError) as caught:
        normalise(Variant("chr1", 6, "CGTTT", "C"), reference)
    assert "one base further left" in caught.value.remedy


def test_ambiguous_reference_letters() -> None:
    reference = Reference.from_sequences({"chr1": "ACRTNACG"})
    assert normalise(Variant("chr1", 2, "A", "T"), reference).start == 2
    with pytest.raises(IncompatibleInputsError, match="reference has 'R'"):
        normalise(Variant("chr1", 2, "C", "T"), reference)
    with pytest.raises(IncompatibleInputsError) as caught:
        normalise(Variant("chr1", 4, "A", "T"), reference)
    assert "unknown sequence" in caught.value.remedy


def test_contig_names_become_the_references_own() -> None:
    reference = Reference.from_sequences({"chr1": "ACGT"})
    assert {normalise(Variant(name, 1, "C", "T"), reference).contig for name in ("1", "chr1")} == {"chr1"}


def test_alleles_must_be_bases() -> None:
    reference = Reference.from_sequences({"chr1": "ACGT"})
    with pytest.raises(InputError, match="A, C, G and T only"):
        normalise(Variant("chr1", 0, "A", "<DEL>"), reference)
