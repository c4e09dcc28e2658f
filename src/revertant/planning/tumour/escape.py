"""Antigen escape as a case's scenario: which numbers it has, which it lacks, and one antigen against two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from revertant.errors import InputError, UsageError
from revertant.modality.car_t import EscapeGate, EscapeScenario, simulate_escape
from revertant.modality.car_t.escape import LURIA_DELBRUECK
from revertant.modality.car_t.targets import SymbolTable
from revertant.model import EscapeComparison, EscapeCourse, EscapeInputs, rounded
from revertant.planning.tumour.naming import symbol_of

__all__ = ["compare_escape", "scenario_of", "with_present_names"]

_RUNS, _SEED = 10_000, 1
_MEASURE = (
    "Count the tumour's cells and look for cells without the antigen (flow cytometry, sequencing); then state "
    "tumour.escape."
)


def with_present_names(stated: EscapeInputs | None, symbols: SymbolTable) -> EscapeInputs | None:
    """Return a scenario whose antigens go by the symbols of today.

    Raises
    ------
    InputError
        When two names stand for one antigen: which loss is meant cannot be told.
    """
    if stated is None:
        return None
    losses = tuple(replace(one, antigen=symbol_of(one.antigen, symbols)) for one in stated.losses)
    given: dict[str, list[str]] = {}
    for before, after in zip(stated.losses, losses, strict=True):
        given.setdefault(after.antigen, []).append(before.antigen)
    for symbol, names in given.items():
        if len(names) > 1:
            raise InputError(
                f"{' and '.join(names)} are one antigen, {symbol}, and each has a loss of its own.",
                where="tumour.escape.losses",
                remedy="Keep one row of it.",
                code="antigen-twice",
            )
    return replace(stated, losses=losses)


def scenario_of(stated: EscapeInputs | None, antigens: Sequence[str]) -> tuple[EscapeScenario | None, str]:
    """Make the scenario of a receptor against one or two antigens, or say what it lacks.

    Parameters
    ----------
    stated
        What the case states.
    antigens
        What the receptor binds; either of two sets it off.

    Returns
    -------
    tuple
        The scenario and nothing, or nothing and what is missing.

    Examples
    --------
    >>> from revertant.model import AntigenLoss
    >>> scenario_of(EscapeInputs(1e9), ["CD19"])[1].partition(" (")[0]
    'The loss of CD19 a division is not stated'
    >>> scenario_of(EscapeInputs(1e9, (AntigenLoss("CD19", 1e-7),)), ["CD19"])[0].rounds
    30
    """
    if stated is None:
        return None, _MEASURE
    losses = {one.antigen: one for one in stated.losses}
    lacking = [name for name in antigens if name not in losses or losses[name].per_division is None]
    told = []
    if stated.burden_cells is None:
        told.append("The tumour's cells are not stated (tumour.escape.burden_cells).")
    if lacking:
        told.append(
            f"The loss of {' and of '.join(lacking)} a division is not stated (tumour.escape.losses)."
        )
    if len(antigens) > 1 and stated.joint_loss_per_division is None:
        told.append("How often both are lost at once is not stated (tumour.escape.joint_loss_per_division).")
    if len(antigens) > 2:
        told.append("Scenarios are made for one antigen and for two.")
    if told:
        return None, " ".join([*told, _MEASURE])
    assert stated.burden_cells is not None
    joint = stated.joint_loss_per_division
    rates = [losses[name].per_division or 0.0 for name in antigens]
    try:
        if len(antigens) == 1:
            # What loses both at once loses this one too, where the scenario knows of a second.
            both = joint if joint is not None and len(losses) > 1 else 0.0
            scenario = EscapeScenario(
                EscapeGate.SINGLE,
                stated.burden_cells,
                ((antigens[0], rates[0] + both),),
                doubling_days=stated.doubling_days,
                negative_share=losses[antigens[0]].negative_share,
            )
        else:
            scenario = EscapeScenario(
                EscapeGate.EITHER,
                stated.burden_cells,
                tuple(zip(antigens, rates, strict=True)),
                joint,
                stated.doubling_days,
                stated.joint_negative_share,
            )
    except UsageError as error:
        return None, f"{error.what} {error.remedy}".strip()
    return scenario, ""


def compare_escape(
    stated: EscapeInputs | None, attacked: Sequence[tuple[str, ...]]
) -> tuple[EscapeComparison | None, str]:
    """Simulate escape from each antigen of a scenario alone, and from the two together.

    Parameters
    ----------
    stated
        What the case states.
    attacked
        Antigens of the receptors that were made.

    Returns
    -------
    tuple
        The courses, ``None`` where there is none; and what others lack.

    Examples
    --------
    >>> from revertant.model import AntigenLoss
    >>> rates = (AntigenLoss("CD19", 1e-7), AntigenLoss("CD22", 1e-7))
    >>> found, because = compare_escape(EscapeInputs(1e9, rates, 0.0, doubling_days=5), [("CD19",)])
    >>> [(" or ".join(one.antigens), round(one.probability, 3)) for one in found.courses], because
    ([('CD19', 1.0), ('CD22', 1.0), ('CD19 or CD22', 0.0)], '')
    """
    if stated is None:
        return None, f"Escape was not simulated: no rate is filled in. {_MEASURE}"
    named = [one.antigen for one in stated.losses]
    wanted = [(name,) for name in dict.fromkeys([*named, *(name for one in attacked for name in one)])]
    pairs = dict.fromkeys(
        [*(one for one in attacked if len(one) > 1), *([tuple(named)] if len(named) == 2 else [])]
    )
    told: list[str] = []
    courses: list[EscapeCourse] = []
    assumptions: list[str] = []
    days: tuple[float, ...] = ()
    seen: set[frozenset[str]] = set()
    for antigens in [*wanted, *pairs]:
        if frozenset(antigens) in seen:
            continue
        seen.add(frozenset(antigens))
        scenario, lacks = scenario_of(stated, antigens)
        if scenario is None:
            told.append(f"{' or '.join(antigens)}: {lacks}")
            continue
        outcome = simulate_escape(scenario, runs=_RUNS, seed=_SEED)
        assumptions += scenario.assumptions
        days = outcome.days
        courses.append(
            EscapeCourse(
                antigens,
                rounded(outcome.probability),
                outcome.simulated_share,
                outcome.escaped_cells,
                outcome.regrowth_days,
                outcome.regrown,
            )
        )
    because = " ".join(told)
    if not courses:
        return None, because or f"Escape was not simulated: no antigen is named. {_MEASURE}"
    found = EscapeComparison(
        tuple(courses), days, _RUNS, _SEED, tuple(dict.fromkeys(assumptions)), (LURIA_DELBRUECK,)
    )
    return found, because
