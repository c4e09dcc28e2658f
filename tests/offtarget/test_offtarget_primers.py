"""Primers on a person's copies: laws over random people, and what happens where there is no room."""

from __future__ import annotations

import random
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offtarget_cases import random_bases, substituted

from revertant.errors import IncompatibleInputsError, UsageError
from revertant.genome import PatientGenome, Reference
from revertant.model import Call, Locus, Sex, Variant
from revertant.offtarget.panel.primer_options import PrimerOptions
from revertant.offtarget.panel.primers import find_primers, require_primer3
from revertant.sequence import reverse_complement

pytest.importorskip("primer3")

SITE = Locus("s", 400, 423)
OPTIONS = PrimerOptions()


def _variant(rng: random.Random, text: str, at: int) -> Variant:
    kind = rng.random()
    if kind < 0.6:
        return Variant("s", at, text[at], rng.choice([x for x in "ACGT" if x != text[at]]))
    if kind < 0.8:
        return Variant("s", at, text[at : at + rng.randint(1, 8)], "")
    return Variant("s", at, "", random_bases(rng, rng.randint(1, 8)))


def _person(rng: random.Random, text: str, lowest: int, highest: int, *, phased: bool = True) -> list[Call]:
    """Calls of every kind, so many bases apart."""
    calls, at = [], rng.randint(1, highest)
    while at < len(text) - 10:
        copies = rng.choice(((True, False), (False, True), (True, True)))
        calls.append(Call(_variant(rng, text, at), copies, phase_set="1" if phased else None))
        at += rng.randint(lowest, highest)
    return calls


def _copies(text: str, calls: list[Call]) -> list[str]:
    return [substituted(text, [call.variant for call in calls if call.copies[copy]]) for copy in (0, 1)]


def _genome(text: str, calls: list[Call] = (), **more: object) -> PatientGenome:
    return PatientGenome(Reference.from_sequences({"s": text}), calls, **more)


@settings(max_examples=40)
@given(st.randoms(use_true_random=False), st.booleans())
def test_primers_read_the_same_on_both_copies_and_span_the_site(rng, phased):
    text = random_bases(rng, 900)
    calls = _person(rng, text, 40, 160, phased=phased)
    genome = _genome(text, calls)
    found = find_primers(SITE, genome, margin=3)
    assert found == find_primers(SITE, genome, margin=3)
    for pair in found.pairs:
        if pair.problem:
            continue
        for call in calls:
            variant = call.variant
            beside = len(variant.ref) != len(variant.alt)
            touched = Locus("s", max(variant.start - beside, 0), variant.end + beside)
            assert not touched.overlaps(pair.forward_locus)
            assert not touched.overlaps(pair.reverse_locus)
        assert pair.forward_locus.end + OPTIONS.site_to_primer <= SITE.start
        assert SITE.end + OPTIONS.site_to_primer <= pair.reverse_locus.start
        assert pair.haplotypes == ("1", "2")
        right = reverse_complement(pair.reverse)
        assert text[pair.forward_locus.start : pair.forward_locus.end] == pair.forward
        assert text[pair.reverse_locus.start : pair.reverse_locus.end] == right
        lengths = set()
        for copy in (0, 1):
            carried = [call.variant for call in calls if call.copies[copy]]
            sequence = substituted(text, carried)
            shift = [len(v.alt) - len(v.ref) for v in carried if v.start < pair.forward_locus.start]
            start = pair.forward_locus.start + sum(shift)
            shift = [len(v.alt) - len(v.ref) for v in carried if v.start < pair.reverse_locus.start]
            end = pair.reverse_locus.end + sum(shift)
            assert sequence[start : start + len(pair.forward)] == pair.forward
            assert sequence[end - len(right) : end] == right
            lengths.add(end - start)
        if phased:
            assert pair.product_bp in lengths
        assert OPTIONS.product_min <= pair.product_bp <= OPTIONS.product_max
        assert abs(pair.forward_tm_celsius - pair.reverse_tm_celsius) <= OPTIONS.tm_difference + 0.02


def test_most_random_people_get_primers():
    """So that the law above does not hold for want of primers."""
    rng = random.Random(7)
    with_primers = 0
    for _ in range(30):
        text = random_bases(rng, 900)
        found = find_primers(SITE, _genome(text, _person(rng, text, 40, 160)))
        with_primers += any(not pair.problem for pair in found.pairs)
    assert with_primers > 20


def test_without_calls_the_copies_are_the_reference():
    text = random_bases(random.Random(1), 900)
    pair = find_primers(SITE, _genome(text)).pairs[0]
    assert (pair.haplotypes, pair.problem) == (("reference",), "")
    assert pair.locus == Locus("s", pair.forward_locus.start, pair.reverse_locus.end)
    assert pair.product_bp == len(pair.locus)


def _crowded(rng: random.Random, text: str, copies: tuple[bool, ...], phase: str | None) -> list[Call]:
    """A substitution every 12 bases: no primer of 18 fits between."""
    return [
        Call(Variant("s", at, text[at], "A" if text[at] != "A" else "C"), copies, phase_set=phase)
        for at in range(3, len(text), 12)
    ]


def test_homozygous_variants_come_under_a_primer_when_nothing_else_fits():
    rng = random.Random(2)
    text = random_bases(rng, 900)
    calls = _crowded(rng, text, (True, True), None)
    pair = find_primers(SITE, _genome(text, calls)).pairs[0]
    sequence, _ = _copies(text, calls)
    assert pair.forward in sequence
    assert pair.forward not in text
    assert pair.haplotypes == ("1", "2")
    assert "every copy of this person" in pair.problem


@pytest.mark.parametrize(("copies", "label"), [((True, False), "1"), ((False, True), "2")])
def test_a_crowded_copy_gets_its_own_primers_and_says_what_is_missed(copies, label):
    rng = random.Random(3)
    text = random_bases(rng, 900)
    calls = _crowded(rng, text, copies, "1")
    pair = find_primers(SITE, _genome(text, calls), haplotypes=(label,), variants=[calls[33].variant]).pairs[
        0
    ]
    sequence = _copies(text, calls)[int(label) - 1]
    other = _copies(text, calls)[2 - int(label)]
    assert pair.forward in sequence
    assert reverse_complement(pair.reverse) in sequence
    assert pair.forward not in other
    assert pair.haplotypes == (label,)
    assert f"match copy {label} only" in pair.problem
    assert "an edit there would be missed" in pair.problem
    # For a site on the other copy the primers are those of that copy.
    pair = find_primers(SITE, _genome(text, calls), without=[call.variant for call in calls]).pairs[0]
    assert pair.forward in other
    assert pair.haplotypes != (label,)


def test_where_phase_is_unknown_so_is_the_copy():
    rng = random.Random(4)
    text = random_bases(rng, 900)
    calls = _crowded(rng, text, (True, False), None)
    pair = find_primers(SITE, _genome(text, calls)).pairs[0]
    assert pair.haplotypes == ("putative",)
    assert "unknown phase" in pair.problem


def test_a_site_made_by_an_insertion_is_spanned_on_the_copy_that_has_it():
    rng = random.Random(5)
    text = random_bases(rng, 900)
    made = Variant("s", 410, "", random_bases(rng, 60))
    genome = _genome(text, [Call(made, (False, True), phase_set="1")])
    site = Locus("s", 409, 410)  # its place on the reference is the anchor
    plain = find_primers(site, _genome(text)).pairs[0]
    for pair in find_primers(site, genome, variants=[made], haplotypes=("2",), margin=3).pairs:
        assert pair.product_bp == len(pair.locus) + 60
        carrier = substituted(text, [made])
        at = carrier.index(pair.forward)
        product = carrier[at : carrier.index(reverse_complement(pair.reverse)) + len(pair.reverse)]
        assert len(product) == pair.product_bp
        assert product.index(made.alt) >= len(pair.forward) + OPTIONS.site_to_primer
        assert pair.haplotypes == ("1", "2")
    assert plain.product_bp == len(plain.locus)
    # Where phase is unknown the variants tell which sequence is meant.
    unphased = _genome(text, [Call(made, (True, False))])
    for pair in find_primers(site, unphased, variants=[made], haplotypes=("putative",)).pairs:
        assert pair.product_bp == len(pair.locus) + 60
        assert pair.haplotypes == ("1", "2")
    for pair in find_primers(site, unphased, without=[made], haplotypes=("putative",)).pairs:
        assert pair.product_bp == len(pair.locus)


def test_a_call_that_could_not_be_applied_still_closes_its_bases():
    """A star allele: something is deleted there, by a call that may be missing."""
    text = random_bases(random.Random(6), 900)
    free = find_primers(SITE, _genome(text)).pairs[0]
    at = free.forward_locus.start + 5
    genome = _genome(text, [Call(Variant("s", at, text[at], "*"), (True, False), phase_set="1")])
    assert len(genome.refused) == 1
    pairs = find_primers(SITE, genome).pairs
    assert pairs
    for pair in pairs:
        assert not pair.forward_locus.overlaps(Locus("s", at, at + 1))
    listed = [refusal.call.variant for refusal in genome.refused]
    assert find_primers(SITE, genome, unapplied=listed) == find_primers(SITE, genome)
    assert find_primers(SITE, genome, unapplied=[]).pairs[0].forward == free.forward


def test_no_primer_over_n_or_ambiguous_bases():
    text = random_bases(random.Random(8), 900)
    free = find_primers(SITE, _genome(text)).pairs[0]
    at = free.forward_locus.start + 4
    for letter in "NR":
        marked = text[:at] + letter + text[at + 1 :]
        for pair in find_primers(SITE, _genome(marked)).pairs:
            assert not pair.forward_locus.overlaps(Locus("s", at, at + 1))
            assert set(pair.forward + pair.reverse) <= set("ACGT")
    hidden = "N" * 900
    found = find_primers(SITE, _genome(hidden))
    assert not found.pairs
    assert found.problem.startswith("No primers fit. primer3 says, left: considered")


@pytest.mark.parametrize(
    ("site", "text"),
    [
        (Locus("s", 20, 43), "covers only 20 bases left and 857 right of s:21-43"),
        (Locus("s", 860, 883), "covers only 860 bases left and 17 right"),
        (Locus("s", 890, 913), "s:891-913 is not wholly in the reference"),
        (Locus("s", 300, 600), "takes 396 bases, more than a product of 280"),
    ],
)
def test_where_there_is_no_room_the_problem_says_so(site, text):
    found = find_primers(site, _genome(random_bases(random.Random(9), 900)))
    assert found.pairs == ()
    assert text in found.problem


def test_a_short_window_is_said_to_be_short():
    found = find_primers(Locus("s", 55, 60), _genome(random_bases(random.Random(9), 120)))
    assert "covers only 55 bases left and 60 right" in found.problem


def test_the_end_of_the_reference_is_named_when_nothing_fits():
    text = "AT" * 30 + random_bases(random.Random(10), 900)
    found = find_primers(Locus("s", 60, 83), _genome(text))
    assert not found.pairs
    assert "The reference ends near the site." in found.problem


def test_a_woman_has_no_copy_of_y():
    text = random_bases(random.Random(11), 900)
    genome = PatientGenome(
        Reference.from_sequences({"chrY": text, "chr1": text}),
        [Call(Variant("chr1", 1, text[1], "A" if text[1] != "A" else "C"), (True, True))],
        sex=Sex.FEMALE,
    )
    assert "no copy of chrY:401-423" in find_primers(Locus("chrY", 400, 423), genome).problem


def test_a_mans_x_has_one_copy():
    text = random_bases(random.Random(11), 900)
    call = Call(Variant("chrX", 1, text[1], "A" if text[1] != "A" else "C"), (True,))
    genome = PatientGenome(Reference.from_sequences({"chrX": text}), [call], sex=Sex.MALE)
    assert find_primers(Locus("chrX", 400, 423), genome).pairs[0].haplotypes == ("1",)


def test_an_unknown_contig_is_refused():
    with pytest.raises(IncompatibleInputsError):
        find_primers(Locus("other", 0, 20), _genome("ACGT" * 100))


def test_without_primer3_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "primer3", None)
    with pytest.raises(UsageError, match="pip install primer3-py") as caught:
        require_primer3()
    assert caught.value.code == "no-primer3"
    with pytest.raises(UsageError):
        find_primers(SITE, _genome("ACGT" * 200))


@pytest.mark.parametrize(
    ("option", "what"),
    [
        ({"size_min": 10}, "primer sizes"),
        ({"size_best": 40}, "primer sizes"),
        ({"product_min": 300}, "product lengths"),
        ({"product_min": 30}, "product lengths"),
        ({"tm_min": 64.0}, "melting temperatures"),
        ({"gc_max": 101.0}, "GC limits"),
        ({"site_to_primer": -1}, "distances"),
        ({"candidates": 0}, "number of candidates"),
    ],
)
def test_options_that_contradict_each_other_are_refused(option, what):
    with pytest.raises(UsageError, match=what):
        PrimerOptions(**option)


def test_options_are_kept_to():
    text = random_bases(random.Random(12), 1200)
    options = PrimerOptions(
        product_min=300, product_max=400, site_to_primer=60, candidates=3, tm_min=59, tm_max=61
    )
    found = find_primers(Locus("s", 600, 623), _genome(text), options)
    assert 0 < len(found.pairs) <= 3
    for pair in found.pairs:
        assert 300 <= pair.product_bp <= 400
        assert min(pair.forward_tm_celsius, pair.reverse_tm_celsius) >= 59
        assert pair.forward_locus.end + 60 <= 600
