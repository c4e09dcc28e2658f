"""Scenarios of antigen escape side by side: one antigen against two."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EscapeComparison", "EscapeCourse"]


@dataclass(frozen=True, slots=True)
class EscapeCourse:
    """What becomes of a tumour when one or either of two antigens is attacked.

    Parameters
    ----------
    antigens
        What is attacked: one, or either of two.
    probability
        That at least one cell escapes, exactly.
    simulated_share
        Share of the simulated tumours with such cells.
    escaped_cells
        Percentiles (5, 50, 95) of their number, over the runs with any.
    regrowth_days
        Percentiles (5, 50, 95) of the days until they are as many as the tumour was; empty without a doubling time.
    regrown
        Share of the simulated tumours that are so by each of the comparison's days.
    """

    antigens: tuple[str, ...]
    probability: float
    simulated_share: float
    escaped_cells: tuple[float, ...]
    regrowth_days: tuple[float, ...]
    regrown: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class EscapeComparison:
    """Courses under the same assumptions.

    Parameters
    ----------
    courses
        Single antigens, then two together.
    days
        Days after treatment, for ``regrown``; empty without a doubling time.
    runs, seed
        Simulated tumours for each course, and the seed.
    assumptions
        Everything that is assumed, in sentences.
    sources, checked
        Of the model.
    """

    courses: tuple[EscapeCourse, ...]
    days: tuple[float, ...]
    runs: int
    seed: int
    assumptions: tuple[str, ...]
    sources: tuple[str, ...] = ()
    checked: bool = False
