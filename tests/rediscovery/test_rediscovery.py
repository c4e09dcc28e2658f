"""Published constructs are found again from their questions alone."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

import pytest

from rediscovery import Found, constructs, find, missing_spacers, row_of, same_guide
from revertant.sequence import reverse_complement

ROOT = Path(__file__).parents[2]
CONSTRUCTS = constructs()


@cache
def _found(row: str, data: Path) -> Found:
    [construct] = [one for one in CONSTRUCTS if one.row == row]
    return find(construct, data)


@pytest.mark.parametrize("row", [construct.row for construct in CONSTRUCTS])
def test_the_construct_is_found(row, shared_data):
    [construct] = [one for one in CONSTRUCTS if one.row == row]
    found = _found(row, shared_data)
    assert found.rank is not None
    assert found.whole
    # A reason stands where one is needed, and only there.
    assert bool(construct.why) == (found.card > 3)


def test_four_in_five_are_among_the_first_three_of_their_modality(shared_data):
    first = [_found(construct.row, shared_data).card <= 3 for construct in CONSTRUCTS]
    assert sum(first) >= 0.8 * len(first)


def test_the_page_says_what_is_found(shared_data):
    page = (ROOT / "docs" / "benchmarks" / "rediscovery.md").read_text(encoding="utf-8")
    for construct in CONSTRUCTS:
        assert row_of(construct, _found(construct.row, shared_data)) in page.splitlines()


def test_guides_are_compared_without_what_makes_no_difference():
    assert same_guide("GCCTTGATACCAACCTGCCCA", "CCTTGATACCAACCTGCCCA")
    assert not same_guide("GCCTTGATACCAACCTGCCCA", "CCTTGATACCAACCTGCCCT")


def test_what_is_called_missing_is_nowhere(shared_data):
    sequences = [
        gzip.decompress((shared_data / "genome" / "GRCh38.windows.fa.gz").read_bytes()).decode(),
        (shared_data / "genome" / "amplicons.fa").read_text(encoding="ascii"),
    ]
    for text in sequences:
        bases = re.sub(r">.*\n|\n", lambda found: ">" if found[0] != "\n" else "", text).upper()
        for spacer in missing_spacers():
            assert spacer not in bases
            assert reverse_complement(spacer) not in bases
