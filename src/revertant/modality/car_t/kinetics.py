"""How CAR-T cells expand and persist: a published population model, simulated within its domain.

The cells grow exponentially from infusion to the peak, then decline as the sum of a fast and a slow exponential::

    t < Tmax:   C(t) = Cmax / fold * exp(rho * t),  rho = ln(fold) / Tmax
    t >= Tmax:  C(t) = Cmax * ((1 - FB) * exp(-alpha * (t - Tmax)) + FB * exp(-beta * (t - Tmax)))

The typical curve is one person's; what people differ in is drawn log-normally, parameter by parameter (the published
model has no correlations). Outside the model's disease and age nothing is simulated.
"""

from __future__ import annotations

import math

import numpy as np

from revertant.errors import UsageError
from revertant.knowledge import CellularKinetics
from revertant.knowledge.cellular_kinetics import VARYING
from revertant.model import CourseParameters, Finding, KineticsBands, Status, rounded

__all__ = [
    "PERCENTILES",
    "CourseParameters",
    "KineticsBands",
    "concentration_at",
    "domain_finding",
    "simulate_courses",
    "typical_course",
]

#: Percentiles of the simulated people that are kept.
PERCENTILES = (5, 25, 50, 75, 95)
MOST_PEOPLE = 100_000
_DAY_STEP = 0.25


def typical_course(model: CellularKinetics) -> CourseParameters:
    """Return the parameters of the person in the middle."""
    return CourseParameters(*(getattr(model, name).typical for name in VARYING))


def concentration_at(course: CourseParameters, day: float) -> float:
    """Work out the concentration on one day.

    Parameters
    ----------
    course
        The person's parameters.
    day
        Days after infusion, not negative.

    Returns
    -------
    float
        In the model's unit.

    Raises
    ------
    UsageError
        For a day before the infusion.

    Examples
    --------
    >>> from revertant import knowledge
    >>> course = typical_course(knowledge.cellular_kinetics()["tisagenlecleucel_b_all"])
    >>> round(concentration_at(course, 9.3)), round(concentration_at(course, 0), 2)
    (24000, 6.15)
    """
    if day < 0:
        raise UsageError(f"Day {day:g} lies before the infusion.", remedy="Ask for day 0 or later.")
    if day < course.t_max_days:
        return course.c_max / course.fold_expansion * math.exp(course.rho_per_day * day)
    after = day - course.t_max_days
    fast = (1 - course.persisting_share) * math.exp(-course.alpha_per_day * after)
    return course.c_max * (fast + course.persisting_share * math.exp(-course.beta_per_day * after))


def domain_finding(model: CellularKinetics, disease: str, age_years: float | None) -> Finding:
    """Say whether the model was made for such a person; everything but a pass forbids simulating.

    Parameters
    ----------
    model
        The model.
    disease
        The disease by one of the names of the model's row (spelling of case does not matter).
    age_years
        Age at infusion; ``None`` when not known.
    """
    rule = "kinetics.domain"
    threshold = f"{' or '.join(model.diseases)}, up to {model.oldest_age_years} years"
    sources = model.sources
    if not disease:
        text = f"{model.name}: no disease is named, and the model is of one only; nothing is foreseen."
        return Finding(rule, Status.UNKNOWN, text, "", threshold, sources, model.checked)
    if disease.casefold() not in {known.casefold() for known in (*model.diseases, *model.disease_names)}:
        text = f"{model.name}: this model was not made for another disease ({disease}); nothing is foreseen."
        return Finding(rule, Status.FAIL, text, disease, threshold, sources, model.checked)
    if age_years is None:
        text = "The age is not known, so it cannot be said whether the model of expansion was made for such a person."
        return Finding(rule, Status.UNKNOWN, text, "", threshold, sources, model.checked)
    if age_years > model.oldest_age_years:
        text = (
            f"The model was made on people of up to {model.oldest_age_years} years; nothing is foreseen at "
            f"{age_years:g}."
        )
        return Finding(rule, Status.FAIL, text, f"{age_years:g} years", threshold, sources, model.checked)
    text = f"The model was made on {model.people} people with this disease and of such an age. {model.note}"
    return Finding(rule, Status.PASS, text.strip(), f"{age_years:g} years", threshold, sources, model.checked)


def simulate_courses(
    model: CellularKinetics, *, days: float = 365, people: int = 1000, seed: int = 1
) -> KineticsBands:
    """Draw people and sum up their courses.

    The bands are those of the true course: the residual of measuring is not drawn.

    Parameters
    ----------
    model
        The model; ask :func:`domain_finding` first.
    days
        How long to follow, 1 to 3,650.
    people
        How many to draw, 100 to 100,000.
    seed
        Seed of the generator: the same seed gives the same bands.

    Raises
    ------
    UsageError
        For a number out of its range.

    Examples
    --------
    >>> from revertant import knowledge
    >>> model = knowledge.cellular_kinetics()["tisagenlecleucel_b_all"]
    >>> bands = simulate_courses(model, days=28, people=2000)
    >>> 20_000 < bands.c_max[2] < 29_000
    True
    """
    if not 1 <= days <= 3650:
        raise UsageError(f"{days:g} days cannot be simulated.", remedy="Choose 1 to 3,650 days.")
    if not 100 <= people <= MOST_PEOPLE:
        raise UsageError(f"{people:,} people cannot be simulated.", remedy=f"Choose 100 to {MOST_PEOPLE:,}.")
    draw = np.random.default_rng(seed)
    drawn = {
        name: getattr(model, name).typical
        * np.exp(math.sqrt(getattr(model, name).omega2) * draw.standard_normal(people))
        for name in VARYING
    }
    # The tail of a log-normal goes beyond what a share can be, and growth below 1 would be no growth.
    drawn["persisting_share"] = np.minimum(drawn["persisting_share"], 1.0)
    drawn["fold_expansion"] = np.maximum(drawn["fold_expansion"], 1.0)
    times = np.arange(0, days + _DAY_STEP / 2, _DAY_STEP)
    bands = np.array([np.percentile(_over_people(drawn, day), PERCENTILES) for day in times]).T
    return KineticsBands(
        model=model.key,
        unit=model.unit,
        people=people,
        seed=seed,
        days=tuple(times.tolist()),
        bands=tuple(tuple(map(rounded, band)) for band in bands.tolist()),
        c_max=tuple(map(rounded, np.percentile(drawn["c_max"], PERCENTILES).tolist())),
        t_max_days=tuple(map(rounded, np.percentile(drawn["t_max_days"], PERCENTILES).tolist())),
        typical=typical_course(model),
        percentiles=PERCENTILES,
    )


def _over_people(drawn: dict[str, np.ndarray], day: float) -> np.ndarray:
    """Everybody's concentration on one day, by the same rule as :func:`concentration_at`."""
    rho = np.log(drawn["fold_expansion"]) / drawn["t_max_days"]
    rising = drawn["c_max"] / drawn["fold_expansion"] * np.exp(rho * np.minimum(day, drawn["t_max_days"]))
    after = np.maximum(day - drawn["t_max_days"], 0.0)
    share = drawn["persisting_share"]
    falling = drawn["c_max"] * (
        (1 - share) * np.exp(-drawn["alpha_per_day"] * after) + share * np.exp(-drawn["beta_per_day"] * after)
    )
    return np.asarray(np.where(day < drawn["t_max_days"], rising, falling))
