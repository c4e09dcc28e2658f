"""Which letter of a read lies at which place, against what the library says of the same alignment."""

from __future__ import annotations

import itertools

import pysam
from hypothesis import given
from hypothesis import strategies as st

from revertant.patient.smn.bases import _aligned, _windows

HEADER = pysam.AlignmentHeader.from_dict({"SQ": [{"SN": "5", "LN": 100_000}]})
OPERATIONS = st.lists(
    st.tuples(st.sampled_from([0, 1, 2, 3, 7, 8]), st.integers(1, 30)), min_size=1, max_size=8
)


@given(OPERATIONS, st.integers(0, 9), st.integers(0, 9), st.sets(st.integers(900, 1_300), max_size=60))
def test_letters_at_places_are_those_of_the_library(operations, clipped_before, clipped_after, places):
    cigar = (
        [(4, clipped_before)] * bool(clipped_before) + operations + [(4, clipped_after)] * bool(clipped_after)
    )
    read = pysam.AlignedSegment(HEADER)
    read.reference_id = 0
    read.reference_start = 1_000
    read.cigartuples = cigar
    read.query_sequence = "A" * sum(length for operation, length in cigar if operation in {0, 1, 4, 7, 8})
    expected = [pair for pair in read.get_aligned_pairs(matches_only=True) if pair[1] in places]
    assert list(_aligned(read, sorted(places))) == expected


@given(st.sets(st.integers(0, 20_000), min_size=1, max_size=40))
def test_windows_hold_every_place_once(places):
    found = list(_windows(sorted(places)))
    assert [place for window in found for place in window] == sorted(places)
    assert all(second[0] - first[-1] > 1_000 for first, second in itertools.pairwise(found))
