"""Edit strings: forms read, written back, and the sequence before and after."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from revertant.variant import EditString, parse_edit

FLANK = st.text("ACGTRYSWKMBDHVN", max_size=12)
BASES = st.text("ACGT", max_size=5)


@pytest.mark.parametrize(
    ("text", "before", "after", "start"),
    [
        ("ACGT(A/G)ACGT", "ACGTAACGT", "ACGTGACGT", 4),
        ("ACGT(+ATC)ACGT", "ACGTACGT", "ACGTATCACGT", 4),
        ("ACGT(-ATC)ACGT", "ACGTATCACGT", "ACGTACGT", 4),
        ("(AT/GCC)", "AT", "GCC", 0),
        ("AC(T/-)G", "ACTG", "ACG", 2),
        ("AC(-/T)G", "ACG", "ACTG", 2),
        (" ac gt (a/g)\nnnry ", "ACGTANNRY", "ACGTGNNRY", 4),
    ],
)
def test_forms(text: str, before: str, after: str, start: int) -> None:
    edit = parse_edit(text)
    assert (edit.before, edit.after, edit.start) == (before, after, start)
    assert edit.before[edit.start :].startswith(edit.ref)
    assert edit.flanks == (before[:start], before[start + len(edit.ref) :])


@given(FLANK, BASES, BASES, FLANK)
def test_text_round_trip(left: str, ref: str, alt: str, right: str) -> None:
    assume(ref != alt)
    edit = EditString(left, ref, alt, right)
    assert parse_edit(str(edit)) == edit
