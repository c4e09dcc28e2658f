"""Regions as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import Reference, region_of
from revertant.model import Locus

REFERENCE = Reference.from_sequences({"chr7:1001-1100": "ACGT" * 25})


@given(st.integers(1001, 1100), st.integers(1001, 1100), st.sampled_from(["chr7", "7"]))
def test_a_region_written_out_is_read_back(one, other, name):
    low, high = sorted((one, other))
    locus = Locus("chr7", low - 1, high)
    assert region_of(f"{name}:{low}-{high}", REFERENCE) == locus
    assert region_of(f" {name}:{low:,}-{high:,} ", REFERENCE) == locus


@pytest.mark.parametrize(
    "text", ["", "chr7", "chr7:1001", "chr7:1010-1001", "chr7:0-5", "chr7:-", "chr7:a-b", "x" * 90]
)
def test_what_is_no_region_is_refused(text):
    with pytest.raises(InputError) as error:
        region_of(text, REFERENCE, where="--region")
    assert (error.value.code, error.value.where) == ("bad-region", "--region")
    assert len(error.value.what) < 90


@pytest.mark.parametrize(
    ("text", "code"), [("chr7:1000-1010", "outside-reference"), ("chr8:1-2", "unknown-contig")]
)
def test_a_region_elsewhere_is_refused(text, code):
    with pytest.raises(IncompatibleInputsError) as error:
        region_of(text, REFERENCE)
    assert error.value.code == code
