"""Letters as sets of bases."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.sequence import (
    IUPAC_MASK,
    complement,
    find_pattern,
    is_dna,
    is_iupac,
    mask_of,
    matches,
    reverse_complement,
)

LETTERS = "ACGTRYSWKMBDHVN"
#: NC-IUB 1984, doi:10.1093/nar/13.9.3021, table 1, written out as sets.
SETS = {
    "A": "A", "C": "C", "G": "G", "T": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
dna = st.text("ACGT", max_size=60)
iupac = st.text(LETTERS, max_size=60)


@pytest.mark.parametrize("letter", LETTERS)
def test_mask_is_the_set_of_bases(letter):
    assert {base for base in "ACGT" if mask_of(letter) & mask_of(base)} == set(SETS[letter])
    assert mask_of(letter.lower()) == mask_of(letter)


def test_uracil_reads_as_thymine():
    assert mask_of("U") == mask_of("T")
    assert complement("U") == "A"


@pytest.mark.parametrize("letter", ["Z", "-", "*", "X", ".", "é"])
def test_unknown_letters_are_refused(letter):
    with pytest.raises(KeyError):
        mask_of(letter)


@pytest.mark.parametrize("letter", LETTERS)
def test_complement_of_a_set_is_the_set_of_complements(letter):
    partner = {"A": "T", "C": "G", "G": "C", "T": "A"}
    assert set(SETS[complement(letter)]) == {partner[base] for base in SETS[letter]}


@given(iupac)
def test_reverse_complement_is_its_own_inverse(text):
    assert reverse_complement(reverse_complement(text)) == text
    assert len(reverse_complement(text)) == len(text)


def test_complement_keeps_case_and_gaps():
    assert complement("aC-n") == "tG-n"


@pytest.mark.parametrize(("pattern", "base"), list(itertools.product(LETTERS, LETTERS)))
def test_a_letter_matches_what_lies_within_it(pattern, base):
    assert matches(pattern, base) == (set(SETS[base]) <= set(SETS[pattern]))


def test_lengths_must_agree():
    assert not matches("NGG", "GG")
    assert not matches("NG", "TGG")


@pytest.mark.parametrize("base", ["-", "*", "X", "n"])
def test_what_is_no_base_matches_nothing(base):
    assert not matches("N", base)


@given(iupac, st.text(LETTERS, min_size=1, max_size=6))
def test_find_pattern_is_matches_at_every_place(text, pattern):
    places = range(len(text) - len(pattern) + 1)
    assert find_pattern(pattern, text) == [i for i in places if matches(pattern, text[i : i + len(pattern)])]


@given(dna, st.text(LETTERS, min_size=1, max_size=6))
def test_the_other_strand_has_the_same_sites(text, pattern):
    width = len(pattern)
    forward = find_pattern(pattern, text)
    other = find_pattern(reverse_complement(pattern), reverse_complement(text))
    assert forward == sorted(len(text) - width - i for i in other)


@given(st.text(max_size=20))
def test_alphabets(text):
    assert is_dna(text) == all(letter in "ACGT" for letter in text)
    assert is_iupac(text) == all(letter in LETTERS for letter in text)
    assert set(IUPAC_MASK) == {*LETTERS, "U"}
