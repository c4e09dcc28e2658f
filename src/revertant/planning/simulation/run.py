"""One edit on every copy: those on which it finds its place, and why not on the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from revertant.errors import IncompatibleInputsError
from revertant.planning.simulation.ground import Ground
from revertant.planning.simulation.result import Simulation, SimulationReport

__all__ = ["simulate_all"]


def simulate_all(
    grounds: Sequence[Ground],
    edit: Callable[[Ground], Simulation],
    parameters: Sequence[tuple[str, str]] = (),
) -> SimulationReport:
    """Apply an edit to each sequence.

    Parameters
    ----------
    grounds
        The sequences.
    edit
        What is done to each.
    parameters
        What was asked, for the record.

    Raises
    ------
    IncompatibleInputsError
        When it finds its place on none of them: the reason of the first.

    Examples
    --------
    >>> from revertant import knowledge
    >>> from revertant.planning.simulation.cut import simulate_cut
    >>> from revertant.planning.simulation.ground import given_ground
    >>> cas9 = knowledge.nucleases()["spcas9"]
    >>> grounds = [given_ground("AAAACTAACAGTTGCTTTTATCACAGGCTCCA"), given_ground("AAAACTAACAGTTGCTTTTATCACATGCTCCA")]
    >>> report = simulate_all(grounds, lambda ground: simulate_cut(ground, "CTAACAGTTGCTTTTATCAC", cas9))
    >>> len(report.simulations), [reason[:31] for _, reason in report.not_edited]
    (1, ['The spacer stands here, but wit'])
    """
    done: list[Simulation] = []
    failed: list[tuple[str, IncompatibleInputsError]] = []
    for ground in grounds:
        try:
            done.append(edit(ground))
        except IncompatibleInputsError as error:
            failed.append((ground.copies, error))
    if not done and failed:
        raise failed[0][1]
    reasons = tuple((copies, error.what) for copies, error in failed)
    return SimulationReport(tuple(done), reasons, tuple(parameters))
