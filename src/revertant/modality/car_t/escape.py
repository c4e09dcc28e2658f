"""Antigen escape as a scenario: how probable it is that a tumour holds cells which a gate does not see.

The tumour grows from one cell by rounds of division. At a division one of the two daughters may lose an antigen, at a
rate that the user gives; what a daughter has lost stays lost, and losing it costs nothing. After ``k`` rounds there are
``2**k`` cells, and the probability that none of them escapes is known exactly: for one antigen lost at rate ``mu`` it
is ``(1 - mu) ** (2**k - 1)``, the classical ``exp(-mu N)`` of Luria and Delbrück (1943). No rate is built in: the rates
of a patient's tumour are not known, and what comes out holds for the rates that went in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from revertant.errors import UsageError
from revertant.model import Finding, Status, power_text, rounded

__all__ = [
    "PERCENTILES",
    "EscapeGate",
    "EscapeOutcome",
    "EscapeScenario",
    "escape_finding",
    "escape_unknown",
    "no_escape_probability",
    "simulate_escape",
]

#: Percentiles of the runs with escape that are kept.
PERCENTILES = (5, 50, 95)
MOST_RUNS = 200_000
_MOST_CELLS = 1e13
LURIA_DELBRUECK = "doi:10.1093/genetics/28.6.491"


class EscapeGate(StrEnum):
    """Which cells are seen."""

    SINGLE = "one antigen"
    EITHER = "either of two antigens (OR)"
    BOTH = "both antigens together (AND)"


@dataclass(frozen=True, slots=True)
class EscapeScenario:
    """What is assumed.

    Parameters
    ----------
    gate
        Which cells are seen.
    burden_cells
        Cells of the tumour when it is treated, 2 to 1e13; rounded to the next power of two.
    loss_per_division
        ``(antigen, rate)``: the probability that a division leaves one daughter without the antigen, for good. One for
        a single antigen, two for a gate of two.
    joint_loss_per_division
        The probability that a division takes both antigens from one daughter at once (a change of lineage, say). It
        must be stated for a gate of two; 0 is an assumption of its own.
    doubling_days
        Time in which escaped cells double, where regrowth is asked for.
    negative_share
        Share of the tumour's cells that were measured to lack all the gate looks for: they are there from the start,
        beside what the rounds of division give. ``None`` and 0 add none, for cells that were not seen may be there.

    Raises
    ------
    UsageError
        When a number is out of its range, or the number of antigens does not fit the gate.

    Examples
    --------
    >>> EscapeScenario(EscapeGate.SINGLE, 1e9, (("CD19", 1e-9),)).rounds
    30
    """

    gate: EscapeGate
    burden_cells: float
    loss_per_division: tuple[tuple[str, float], ...]
    joint_loss_per_division: float | None = None
    doubling_days: float | None = None
    negative_share: float | None = None

    def __post_init__(self) -> None:
        wanted = 1 if self.gate is EscapeGate.SINGLE else 2
        if len(self.loss_per_division) != wanted:
            raise UsageError(
                f"A gate of {self.gate.value} needs {wanted} rate{'s' if wanted > 1 else ''} of loss, and "
                f"{len(self.loss_per_division)} are given.",
                remedy="Give one rate for each antigen.",
                code="loss-rates",
            )
        if wanted == 2 and self.joint_loss_per_division is None:
            raise UsageError(
                "How often both antigens are lost at once is not stated.",
                remedy="State it; 0 says that it never happens, which is an assumption.",
                code="joint-loss",
            )
        if not 2 <= self.burden_cells <= _MOST_CELLS:
            raise UsageError(
                f"{self.burden_cells:g} cells are no burden that can be worked with.",
                remedy="Give 2 to 1e13 cells.",
            )
        if any(not 0 <= rate <= 1 for rate in self._rates) or sum(self._rates) > 1:
            raise UsageError(
                "A rate of loss is no probability.",
                remedy="Give 0 to 1 for each division, and 1 at most in all.",
            )
        if self.negative_share is not None and not 0 <= self.negative_share <= 1:
            raise UsageError(f"A share of {self.negative_share:g} is none.", remedy="Give 0 to 1.")
        if self.doubling_days is not None and not 0 < self.doubling_days < math.inf:
            raise UsageError(
                f"A doubling time of {self.doubling_days:g} days is none.", remedy="Give days, more than 0."
            )

    @property
    def _rates(self) -> tuple[float, ...]:
        return (*(rate for _, rate in self.loss_per_division), self.joint_loss_per_division or 0.0)

    @property
    def rounds(self) -> int:
        """Rounds of division that give the burden, rounded."""
        return max(1, round(math.log2(self.burden_cells)))

    @property
    def cells(self) -> int:
        """Cells that are worked with: the power of two next to the burden."""
        return int(2**self.rounds)

    @property
    def negative_cells(self) -> int:
        """Cells that were measured to escape, before any is simulated."""
        return round(self.cells * (self.negative_share or 0.0))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Everything that is assumed, in sentences."""
        rates = ", ".join(f"{name} {power_text(rate)}" for name, rate in self.loss_per_division)
        joint = (
            f" Both are lost at once at {power_text(self.joint_loss_per_division)} a division."
            if self.joint_loss_per_division is not None
            else ""
        )
        measured = (
            (
                f"A share of {power_text(self.negative_share)} was measured to escape: {self.negative_cells:,} cells.",
            )
            if self.negative_share is not None
            else ()
        )
        return (
            f"The tumour has {self.cells:,} cells, grown from one by {self.rounds} rounds of division without deaths.",
            f"Loss a division: {rates}.{joint}",
            *measured,
            "A lost antigen stays lost, and its loss neither helps nor harms the cell before treatment.",
            "Every cell that the gate sees is killed, and no other.",
        )


@dataclass(frozen=True, slots=True)
class EscapeOutcome:
    """What comes of a scenario.

    Parameters
    ----------
    scenario
        What was assumed.
    probability
        That at least one cell escapes, exactly.
    runs, seed, simulated_share
        Simulated tumours, the seed, and the share of them with escape.
    escaped_cells
        Percentiles of the number of escaped cells, over the runs with any; empty where there is none.
    regrowth_days
        Percentiles of the days until they are as many as the tumour was, where a doubling time was given.
    days, regrown
        Days after treatment, and the share of the simulated tumours that are as many cells again by then; empty without
        a doubling time.
    """

    scenario: EscapeScenario
    probability: float
    runs: int
    seed: int
    simulated_share: float
    escaped_cells: tuple[float, ...]
    regrowth_days: tuple[float, ...]
    days: tuple[float, ...] = ()
    regrown: tuple[float, ...] = ()


def no_escape_probability(scenario: EscapeScenario) -> float:
    """Work out exactly how probable it is that no cell escapes.

    Parameters
    ----------
    scenario
        What is assumed.

    Examples
    --------
    >>> single = EscapeScenario(EscapeGate.SINGLE, 2**30, (("CD19", 1e-9),))
    >>> round(no_escape_probability(single), 4), round(math.exp(-1e-9 * 2**30), 4)
    (0.3417, 0.3417)
    """
    return math.exp(_log_no_escape(scenario))


def _log_no_escape(scenario: EscapeScenario) -> float:
    """The logarithm, by the rule of one round: a cell gives two daughters, of which one may have lost something."""
    rates = [rate for _, rate in scenario.loss_per_division]
    joint = scenario.joint_loss_per_division or 0.0
    if scenario.negative_cells:
        return -math.inf
    if scenario.gate is not EscapeGate.EITHER:
        lost = sum(rates) + joint  # what loses one antigen escapes
        return -math.inf if lost >= 1 else (scenario.cells - 1) * math.log1p(-lost)
    first, second = rates
    whole = without_first = without_second = 0.0
    for _ in range(scenario.rounds):
        # Complements, so that probabilities next to 1 keep their digits.
        escapes = joint + (1 - first - second - joint) * -math.expm1(whole)
        escapes += first * -math.expm1(without_first) + second * -math.expm1(without_second)
        if escapes >= 1:
            return -math.inf
        whole += math.log1p(-escapes)
        # What has lost one antigen escapes when it loses the other.
        without_first = 2 * without_first + (math.log1p(-second) if second < 1 else -math.inf)
        without_second = 2 * without_second + (math.log1p(-first) if first < 1 else -math.inf)
    return whole


def simulate_escape(scenario: EscapeScenario, *, runs: int = 10_000, seed: int = 1) -> EscapeOutcome:
    """Grow tumours, and count in each the cells that the gate does not see.

    Parameters
    ----------
    scenario
        What is assumed.
    runs
        Tumours to grow, 100 to 200,000.
    seed
        Seed of the generator: the same seed gives the same numbers.

    Raises
    ------
    UsageError
        When ``runs`` is out of its range.

    Examples
    --------
    >>> rates = (("CD19", 1e-7), ("CD22", 1e-7))
    >>> one = simulate_escape(EscapeScenario(EscapeGate.SINGLE, 1e9, rates[:1]), runs=1000)
    >>> both = simulate_escape(EscapeScenario(EscapeGate.EITHER, 1e9, rates, 0.0), runs=1000)
    >>> one.probability > 0.99, both.probability < 0.01
    (True, True)
    """
    if not 100 <= runs <= MOST_RUNS:
        raise UsageError(f"{runs:,} tumours cannot be simulated.", remedy=f"Choose 100 to {MOST_RUNS:,}.")
    escaped = _grow(scenario, runs, np.random.default_rng(seed)) + scenario.negative_cells
    some = np.minimum(escaped[escaped > 0], scenario.cells).astype(float)
    cells: tuple[float, ...] = ()
    regrowth_days: tuple[float, ...] = ()
    regrowth = np.array([])
    if some.size:
        cells = tuple(map(rounded, np.percentile(some, PERCENTILES).tolist()))
        if scenario.doubling_days is not None:
            regrowth = np.log2(scenario.cells / some) * scenario.doubling_days
            regrowth_days = tuple(map(rounded, np.percentile(regrowth, PERCENTILES).tolist()))
    days = _days(scenario)
    return EscapeOutcome(
        scenario,
        -math.expm1(_log_no_escape(scenario)),
        runs,
        seed,
        float(some.size / runs),
        cells,
        regrowth_days,
        days,
        tuple(float((regrowth <= day).sum() / runs) for day in days),
    )


def _days(scenario: EscapeScenario) -> tuple[float, ...]:
    """Days to follow: until one cell has become as many as the tumour was, in steps of a half doubling."""
    if scenario.doubling_days is None:
        return ()
    return tuple(step / 2 * scenario.doubling_days for step in range(2 * scenario.rounds + 1))


def _grow(scenario: EscapeScenario, runs: int, draw: np.random.Generator) -> np.ndarray:
    """Cells without what the gate needs, of each tumour; every round is drawn exactly."""
    joint = scenario.joint_loss_per_division or 0.0
    first, second, *_ = (*(rate for _, rate in scenario.loss_per_division), 0.0)
    whole = np.ones(runs, dtype=np.int64)
    no_first, no_second, neither = (np.zeros(runs, dtype=np.int64) for _ in range(3))
    for _ in range(scenario.rounds):
        lose_first = draw.binomial(whole, first)
        left = whole - lose_first
        lose_second = draw.binomial(left, _of_rest(second, first))
        left = left - lose_second
        lose_both = draw.binomial(left, _of_rest(joint, first + second))
        then_second = draw.binomial(no_first, second)
        then_first = draw.binomial(no_second, first)
        neither = 2 * neither + lose_both + then_second + then_first
        no_first = 2 * no_first + lose_first - then_second
        no_second = 2 * no_second + lose_second - then_first
        whole = 2 * whole - lose_first - lose_second - lose_both
    return neither if scenario.gate is EscapeGate.EITHER else neither + no_first + no_second


def _of_rest(rate: float, before: float) -> float:
    """The probability among what is left when others of the same draw are gone."""
    return 0.0 if rate == 0 else min(1.0, rate / (1 - before))


def escape_unknown(antigens: Sequence[str], because: str) -> Finding:
    """Say that escape was not simulated, and what to measure.

    Parameters
    ----------
    antigens
        What the receptor binds.
    because
        What a scenario lacks.

    Examples
    --------
    >>> escape_unknown(("CD19",), "The burden is not stated.").because
    'Escape from CD19 was not simulated: no rate is filled in. The burden is not stated.'
    """
    text = f"Escape from {' or '.join(antigens)} was not simulated: no rate is filled in. {because}".strip()
    return Finding("escape.probability", Status.UNKNOWN, text)


def escape_finding(outcome: EscapeOutcome) -> Finding:
    """Say what a scenario means; it is never a pass, for its rates are assumed.

    Examples
    --------
    >>> escape_finding(simulate_escape(EscapeScenario(EscapeGate.SINGLE, 1e6, (("A", 1e-9),)), runs=100)).status
    <Status.UNKNOWN: 'unknown'>
    """
    scenario = outcome.scenario
    text = (
        f"With {scenario.gate.value} as target the tumour would hold cells that escape with a probability of "
        f"{power_text(outcome.probability)}. A scenario, no forecast: {' '.join(scenario.assumptions)}"
    )
    value = f"{power_text(outcome.probability)}"
    if outcome.regrowth_days:
        low, middle, high = outcome.regrowth_days
        value += f"; regrowth of these in {middle:.0f} days ({low:.0f} to {high:.0f})"
    return Finding(
        "escape.probability", Status.UNKNOWN, text, value, sources=(LURIA_DELBRUECK,), checked=False
    )
