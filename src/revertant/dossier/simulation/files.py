"""A simulated edit as a file: a page or a drawing, by the end of its name."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from revertant.dossier.simulation.report import simulation_html, simulation_svg
from revertant.dossier.staging import check_target, staged, write_text
from revertant.errors import UsageError
from revertant.planning.simulation import SimulationReport

__all__ = ["check_simulation_file", "write_simulation"]

_WRITERS: Mapping[str, Callable[[SimulationReport], str]] = {".html": simulation_html, ".svg": simulation_svg}


def check_simulation_file(path: str | os.PathLike[str], *, force: bool = False) -> None:
    """Refuse a file that cannot be written, before any work is done for it.

    Parameters
    ----------
    path
        Where to; ``.html`` or ``.svg``.
    force
        Whether a file that is there may be replaced.

    Raises
    ------
    UsageError
        When the name ends otherwise, the file is there already, or its folder cannot be written to.

    Examples
    --------
    >>> check_simulation_file("a.pdf")
    Traceback (most recent call last):
    revertant.errors.UsageError: a.pdf: The name does not say which kind of file is wanted. End it with .html or .svg.
    """
    target = Path(path)
    if target.suffix.lower() not in _WRITERS:
        raise UsageError(
            "The name does not say which kind of file is wanted.",
            where=str(path),
            remedy="End it with .html or .svg.",
            code="output-kind",
        )
    check_target(target.parent, [target.name], force=force)


def write_simulation(report: SimulationReport, path: str | os.PathLike[str], *, force: bool = False) -> Path:
    """Write a simulation as a page or a drawing.

    Parameters
    ----------
    report
        What was simulated.
    path, force
        As for :func:`check_simulation_file`.

    Returns
    -------
    Path
        The file.

    Examples
    --------
    >>> import tempfile
    >>> from revertant import knowledge
    >>> from revertant.planning.simulation import given_ground, simulate_all, simulate_cut
    >>> cas9 = knowledge.nucleases()["spcas9"]
    >>> ground = given_ground("AAAACTAACAGTTGCTTTTATCACAGGCTCCA")
    >>> report = simulate_all([ground], lambda ground: simulate_cut(ground, "CTAACAGTTGCTTTTATCAC", cas9))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_simulation(report, f"{folder}/edit.svg").name
    'edit.svg'
    """
    check_simulation_file(path, force=force)
    target = Path(path)
    text = _WRITERS[target.suffix.lower()](report)
    with staged(target.parent, [target.name], force=force) as hidden:
        write_text(hidden / target.name, text)
    return target
