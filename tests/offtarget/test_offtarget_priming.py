"""Other places of primers: against a plain search letter by letter."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offtarget_cases import random_bases

from revertant.genome import Reference
from revertant.model import Locus, Strand
from revertant.offtarget.panel import priming
from revertant.offtarget.panel.priming import LAST_BASES, PrimingPlaces, priming_places
from revertant.sequence import reverse_complement


def _starts(text: str, word: str) -> list[int]:
    return [at for at in range(len(text) - len(word) + 1) if text.startswith(word, at)]


def _by_hand(primer: str, own: Locus, sequences: dict[str, str]) -> PrimingPlaces:
    whole = last = 0
    for contig, text in sequences.items():
        for strand in Strand:
            full = primer if strand is Strand.PLUS else reverse_complement(primer)
            end = primer[-LAST_BASES:] if strand is Strand.PLUS else reverse_complement(primer[-LAST_BASES:])
            own_end = own.end - LAST_BASES if strand is Strand.PLUS else own.start
            for at in _starts(text, end):
                if (contig, strand, at) == (own.contig, own.strand, own_end):
                    continue
                last += 1
                start = at - (len(primer) - LAST_BASES) if strand is Strand.PLUS else at
                whole += start >= 0 and text[start : start + len(primer)] == full
    return PrimingPlaces(whole, last)


@given(st.randoms(use_true_random=False), st.sampled_from((1, 7, 40, 1 << 21)))
def test_places_are_those_of_a_plain_search(rng, chunk):
    """Copies of primers, whole and shortened, on both strands, at contig ends, beside and under N."""
    primers = [random_bases(rng, rng.randint(16, 30)) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.3:
        primers.append(random_bases(rng, 5) + primers[0][-LAST_BASES:])
    sequences, places = {}, {}
    for contig in ("c1", "c2")[: rng.randint(1, 2)]:
        text = ""
        for _ in range(rng.randint(0, 6)):
            primer = rng.choice(primers)
            word = rng.choice((primer, primer[-LAST_BASES:], primer[1:], primer[:-1], "N" + primer[-14:]))
            if word == primer:
                places.setdefault(primer, Locus(contig, len(text), len(text) + len(primer)))
            text += rng.choice((word, reverse_complement(word))) + random_bases(rng, rng.randint(0, 9))
        sequences[contig] = text or "A"
    wanted = [(primer, places.get(primer, Locus("elsewhere", 0, len(primer)))) for primer in primers]
    before, priming._CHUNK = priming._CHUNK, chunk
    try:
        found = priming_places(wanted, Reference.from_sequences(sequences))
    finally:
        priming._CHUNK = before
    assert list(found) == [_by_hand(primer, own, sequences) for primer, own in wanted]


def test_own_place_is_not_counted_and_a_reverse_primer_has_one_too():
    rng = random.Random(1)
    primer = random_bases(rng, 20)
    text = random_bases(rng, 50) + reverse_complement(primer) + random_bases(rng, 50)
    reference = Reference.from_sequences({"chr1:1001-1120": text})
    own = Locus("chr1", 1050, 1070, Strand.MINUS)
    assert priming_places([(primer, own)], reference) == (PrimingPlaces(0, 0),)
    assert priming_places([(primer, Locus("chr1", 1050, 1070))], reference) == (PrimingPlaces(1, 1),)


def test_a_second_copy_is_found():
    rng = random.Random(2)
    primer = random_bases(rng, 20)
    text = primer + random_bases(rng, 90) + primer + random_bases(rng, 9) + primer[3:]
    found = priming_places([(primer, Locus("c", 0, 20))], Reference.from_sequences({"c": text}))
    assert found == (PrimingPlaces(1, 2),)


def test_progress_ends_at_one():
    seen = []
    reference = Reference.from_sequences({"a": "ACGT" * 10, "b": "GGCA" * 10})
    priming_places([("ACGT" * 5, Locus("a", 0, 20))], reference, lambda _, share: seen.append(share))
    assert seen == [0.5, 1.0]


@pytest.mark.parametrize("primer", ["ACGT", "ACGTACGTACGTACGTNN", "A" * 14])
def test_what_is_no_primer_is_refused(primer):
    with pytest.raises(ValueError, match="no primer"):
        priming_places([(primer, Locus("a", 0, 4))], Reference.from_sequences({"a": "ACGT" * 10}))


def test_no_primers_no_places():
    assert priming_places([], Reference.from_sequences({"a": "ACGT"})) == ()
