"""Text to typed values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.patient import scalars
from revertant.patient.scalars import Unreadable


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("P34Y", 34),
        ("P2Y6M", 2.5),
        ("P3M7D", 3 / 12 + 7 / 365.25),
        ("P5Y0M", 5),
        ("P2W", 14 / 365.25),
        ("P0D", 0),
        ("P1.5Y", 1.5),
        ("P1,5Y", 1.5),
        ("PT24H", 1 / 365.25),
        (" P1Y ", 1),
    ],
)
def test_durations(text, years):
    assert scalars.duration_in_years(text) == pytest.approx(years)


@pytest.mark.parametrize(
    "text", ["P", "PT", "P1YT", "1Y", "P1D1Y", "P-1Y", "P1Y ago", "p1y", "P1", "", "PxY", "P131Y"]
)
def test_not_durations(text):
    with pytest.raises(Unreadable):
        scalars.duration_in_years(text)


@given(years=st.integers(0, 129), months=st.integers(0, 11), days=st.integers(0, 30))
def test_durations_add_up(years, months, days):
    read = scalars.duration_in_years(f"P{years}Y{months}M{days}D")
    assert read == pytest.approx(years + months / 12 + days / 365.25)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1:50", (50, False)),
        ("1 : 50", (50, False)),
        ("<1:50", (50, True)),
        ("< 50", (50, True)),
        ("12.5", (12.5, False)),
        ("Not detected", (None, False)),
        ("negative", (None, False)),
    ],
)
def test_titres(text, read):
    assert scalars.titre(text) == read


@pytest.mark.parametrize("text", ["", "1:", ">1:50", "2:50", "0", "1:0.5", "50 IU", "<", "1:1:1"])
def test_not_titres(text):
    with pytest.raises(Unreadable):
        scalars.titre(text)


@given(text=st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    for parse in (
        scalars.age_in_years,
        scalars.weight_in_kg,
        scalars.iso_date,
        scalars.jurisdiction,
        scalars.titre,
        scalars.truth,
        scalars.build_name,
        scalars.label,
        scalars.copies,
        scalars.copy_method,
        scalars.measurement_name,
        scalars.measured,
        scalars.condition,
        scalars.hla_allele,
    ):
        refusal = None
        try:
            parse(text)
        except Unreadable as error:
            refusal = error
        assert refusal is None or (refusal.what and refusal.remedy)
