"""The course of CAR-T cells: the published figures come out, bands and typical curve agree, the domain holds."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant import knowledge
from revertant.errors import UsageError
from revertant.modality.car_t.kinetics import (
    PERCENTILES,
    CourseParameters,
    concentration_at,
    domain_finding,
    simulate_courses,
    typical_course,
)
from revertant.model import Status

MODEL = knowledge.cellular_kinetics()["tisagenlecleucel_b_all"]
TYPICAL = typical_course(MODEL)
#: Standard normal deviates of the percentiles kept.
DEVIATES = dict(zip(PERCENTILES, (-1.6449, -0.6745, 0.0, 0.6745, 1.6449), strict=True))


def test_published_half_lives():
    """Stein 2019 (doi:10.1002/psp4.12388), abstract: 0.78, 4.3 and 220 days; beta is rounded in its table."""
    assert TYPICAL.doubling_days == pytest.approx(0.780, abs=0.001)
    assert TYPICAL.fast_half_life_days == pytest.approx(4.33, abs=0.01)
    assert TYPICAL.slow_half_life_days == pytest.approx(217, abs=0.5)
    assert TYPICAL.slow_half_life_days == pytest.approx(220, rel=0.02)


def test_simulated_peaks_have_the_published_median_and_spread():
    bands = simulate_courses(MODEL, days=60, people=20_000, seed=3)
    for found, parameter in ((bands.c_max, MODEL.c_max), (bands.t_max_days, MODEL.t_max_days)):
        for percentile, value in zip(PERCENTILES, found, strict=True):
            expected = parameter.typical * math.exp(DEVIATES[percentile] * math.sqrt(parameter.omega2))
            assert value == pytest.approx(expected, rel=0.05)


def test_the_bands_are_those_of_single_people():
    """A population that does not vary is one person: every band is that person's curve."""
    still = replace(
        MODEL,
        **{
            name: replace(getattr(MODEL, name), omega2=0.0)
            for name in (
                "fold_expansion",
                "t_max_days",
                "c_max",
                "alpha_per_day",
                "persisting_share",
                "beta_per_day",
            )
        },
    )
    bands = simulate_courses(still, days=40, people=100)
    for band in bands.bands:
        # Simulated numbers keep six digits.
        assert band == pytest.approx([concentration_at(TYPICAL, day) for day in bands.days], rel=5e-6)


def test_same_seed_same_bands_and_ordered():
    one, again = (simulate_courses(MODEL, days=30, people=300, seed=7) for _ in range(2))
    assert one == again
    for low, high in zip(one.bands, one.bands[1:], strict=False):
        assert all(a <= b for a, b in zip(low, high, strict=True))
    assert simulate_courses(MODEL, days=30, people=300, seed=8) != one


@given(
    st.floats(1.5, 1e5),
    st.floats(2, 30),
    st.floats(1, 1e6),
    st.floats(0.05, 1),
    st.floats(1e-4, 0.5),
    st.floats(1e-4, 0.04),
)
def test_a_course_rises_to_its_peak_and_falls_after_it(fold, peak, c_max, alpha, share, beta):
    course = CourseParameters(fold, peak, c_max, alpha, share, beta)
    assert concentration_at(course, 0) == pytest.approx(c_max / fold)
    assert concentration_at(course, peak) == pytest.approx(c_max)
    assert concentration_at(course, peak * 0.999999) == pytest.approx(c_max, rel=1e-3)
    before = [concentration_at(course, peak * step / 20) for step in range(21)]
    after = [concentration_at(course, peak + step) for step in range(0, 400, 20)]
    assert before == sorted(before)
    assert after == sorted(after, reverse=True)


@pytest.mark.parametrize(
    ("disease", "age", "status"),
    [
        ("B-cell acute lymphoblastic leukaemia", 9, Status.PASS),
        ("b-cell acute lymphoblastic leukaemia", 25, Status.PASS),
        ("B-cell acute lymphoblastic leukaemia", 25.5, Status.FAIL),
        ("B-cell acute lymphoblastic leukaemia", None, Status.UNKNOWN),
        ("diffuse large B-cell lymphoma", 9, Status.FAIL),
        ("", 9, Status.UNKNOWN),
    ],
)
def test_domain(disease, age, status):
    finding = domain_finding(MODEL, disease, age)
    assert finding.status is status
    assert finding.sources
    assert finding.because


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 4000}, {"people": 10}, {"people": 10**6}])
def test_numbers_out_of_range(wrong):
    with pytest.raises(UsageError):
        simulate_courses(MODEL, **wrong)
    with pytest.raises(UsageError, match="before the infusion"):
        concentration_at(TYPICAL, -1)
