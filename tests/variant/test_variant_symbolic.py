"""Symbolic alleles written out as bases by hand, and those that do not say their bases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import InputError, RevertantError
from revertant.genome import Reference
from revertant.variant import resolve

PAIRS = {"A": "T", "C": "G", "G": "C", "T": "A"}


def applied(variant, text):
    assert text[variant.start : variant.start + len(variant.ref)] == variant.ref
    return text[: variant.start] + variant.alt + text[variant.start + len(variant.ref) :]


@given(
    st.text("ACGT", min_size=30, max_size=80),
    st.integers(1, 25),
    st.integers(0, 20),
    st.sampled_from(["DEL", "DUP", "DUP:TANDEM", "INV"]),
    st.booleans(),
)
def test_symbols_say_what_they_say(text, start, length, kind, as_line):
    end = min(start + length, len(text) - 1)
    reference = Reference.from_sequences({"chr7": text})
    part = text[start : end + 1]  # 1-based start+1 .. end+1
    turned = "".join(PAIRS[base] for base in reversed(part))
    expected = {
        "DEL": text[:start] + text[end + 1 :],
        "INV": text[:start] + turned + text[end + 1 :],
    }.get(kind, text[: end + 1] + part + text[end + 1 :])
    name = f"chr7:{start + 1}-{end + 1}:<{kind}>"
    if as_line:
        name = f"chr7\t{start}\t.\tN\t<{kind}>\t.\t.\tSVTYPE=X;END={end + 1}"
    if kind == "INV" and turned == part:
        with pytest.raises(InputError, match="reads the same"):
            resolve(name, reference)
        return
    assert applied(resolve(name, reference), text) == expected


def test_svlen_stands_for_end():
    reference = Reference.from_sequences({"chr7": "ACGTTGCAAT"})
    line = "chr7\t3\t.\tG\t<DEL>\t.\t.\tSVLEN=-2"
    assert applied(resolve(line, reference), "ACGTTGCAAT") == "ACGGCAAT"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("chr7:3-5:<INS>", "an insertion without its bases"),
        ("chr7:3-5:<INS:ME:SVA>", "an insertion without its bases"),
        ("chr7:3-5:<CNV>", "a copy number"),
        ("chr7\t3\t.\tG\tG]chr8:5]\t.\t.\t", "a breakend"),
        ("chr7\t3\t.\tG\t<DEL>\t.\t.\tSVTYPE=DEL", "neither END nor SVLEN"),
        ("chr7:5-3:<DEL>", "end lies before"),
        ("chr7:0-3:<DEL>", "count from 1"),
        ("chr7:1-9000000:<DEL>", "more than"),
        ("chr7\t3\t.\tG\t<FOO>\t.\t.\tEND=5", "is not read"),
    ],
)
def test_what_says_no_sequence_is_refused(name, text):
    with pytest.raises(RevertantError, match=text) as caught:
        resolve(name, Reference.from_sequences({"chr7": "ACGTTGCAAT"}))
    assert caught.value.remedy


def test_ends_outside_the_reference_are_refused():
    with pytest.raises(RevertantError):
        resolve("chr7:3-50:<DEL>", Reference.from_sequences({"chr7": "ACGTTGCAAT"}))
