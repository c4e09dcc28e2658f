"""Repeat counts of HGVS against a repeat counted by hand, on both strands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import GeneModels, Reference
from revertant.model import Strand, Transcript
from revertant.variant import resolve

PAIRS = {"A": "T", "C": "G", "G": "C", "T": "A"}
LEFT, RIGHT = "TTACGATCCATGGCATTTGACC", "GGATACATTAGCCATTAGGCTTAACGT"


def flip(bases):
    return "".join(PAIRS[base] for base in reversed(bases))


def gene(unit, count, *, minus=False):
    text = LEFT + unit * count + RIGHT
    strand = Strand.MINUS if minus else Strand.PLUS
    reference = Reference.from_sequences({"chr4": flip(text) if minus else text})
    size = len(text)
    cds = (10, size - 10)
    transcript = Transcript("NM_000001.1", "G", "chr4", strand, ((0, size),), cds)
    return text, reference, GeneModels([transcript])


def mutant(variant, reference, minus):
    size = reference.windows[0].end
    whole = reference.fetch("chr4", 0, size)
    assert whole[variant.start : variant.start + len(variant.ref)] == variant.ref
    made = whole[: variant.start] + variant.alt + whole[variant.start + len(variant.ref) :]
    return flip(made) if minus else made


@given(
    st.sampled_from(["CAG", "CTG", "CGG", "GAA", "GGGGCC", "ATTCT"]),
    st.integers(2, 12),
    st.integers(0, 60),
    st.booleans(),
    st.sampled_from(["point", "unit", "whole", "bare"]),
)
def test_counts_give_the_sequence_they_say(unit, count, wanted, minus, form):
    _, reference, models = gene(unit, count, minus=minus)
    first = len(LEFT) - 10 + 1  # counted from the start codon's A
    last = first + (len(unit) * count if form == "whole" else len(unit)) - 1
    place = f"{first}" if form == "point" else f"{first}_{last}"
    name = f"NM_000001.1:c.{place}{'' if form == 'bare' else unit}[{wanted}]"
    if wanted == count:
        with pytest.raises(InputError, match="just as many"):
            resolve(name, reference, models)
        return
    variant = resolve(name, reference, models)
    assert mutant(variant, reference, minus) == LEFT + unit * wanted + RIGHT
    assert len(variant.ref) + len(variant.alt) == len(unit) * abs(wanted - count)


def test_a_mixed_repeat_replaces_all_of_it():
    text = LEFT + "GGC" * 3 + "GGA" + "GGC" * 2 + RIGHT
    reference = Reference.from_sequences({"chr4": text})
    first = len(LEFT) + 1
    variant = resolve(f"chr4:g.{first}_{first + 17}GGC[5]GGA[1]GGC[9]", reference)
    assert mutant(variant, reference, False) == LEFT + "GGC" * 5 + "GGA" + "GGC" * 9 + RIGHT


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("chr4:g.23CTG[40]", IncompatibleInputsError, "the reference has CAG"),
        ("chr4:g.26CAG[40]", InputError, "starts before this place"),
        ("chr4:g.23CAG[?]", InputError, "exact number"),
        ("chr4:g.23_29CAG[40]", IncompatibleInputsError, "says units of CAG"),
        ("chr4:g.23CAG[900000]", InputError, "more than"),
    ],
)
def test_counts_that_do_not_fit_are_refused(name, kind, text):
    _, reference, models = gene("CAG", 5)
    with pytest.raises(kind, match=text):
        resolve(name, reference, models)
