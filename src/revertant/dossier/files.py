"""Write a dossier so that a folder holds all of it or nothing of it.

Everything is written beside the target first, flushed to the disk, and only then moved into place by
renaming. If anything fails on the way, what was there before is still there.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from revertant.dossier.report import report_html
from revertant.dossier.tables import bed_text, designs_text, off_targets_text, oligos_text
from revertant.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from revertant.model import Plan

__all__ = ["DOSSIER_FILES", "check_folder", "write_dossier"]

#: The files of a dossier and what each holds, in the order in which they are written.
DOSSIER_FILES: tuple[tuple[str, str], ...] = (
    ("report.html", "The report for people: one file, opens without a network."),
    ("designs.tsv", "Every design, one row each."),
    ("offtargets.tsv", "Every off-target site of every guide, sites lost in this person included."),
    ("offtargets.bed", "The sites this person has, for a genome browser (BED6, 0-based)."),
    ("oligos.tsv", "The strands to order."),
    ("plan.json", "The whole plan for machines, canonical JSON."),
)

_WRITERS: dict[str, Callable[[Plan], str]] = {
    "report.html": report_html,
    "designs.tsv": designs_text,
    "offtargets.tsv": off_targets_text,
    "offtargets.bed": bed_text,
    "oligos.tsv": oligos_text,
    "plan.json": lambda plan: plan.to_json(),
}


def check_folder(folder: str | os.PathLike[str], *, force: bool = False) -> None:
    """Refuse a folder a dossier may not be written to, before any work is done for it.

    Parameters
    ----------
    folder
        Where the dossier would go.
    force
        Whether files of an earlier dossier may be replaced.

    Raises
    ------
    UsageError
        When the place is a file, holds an earlier dossier, or cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as empty:
    ...     check_folder(empty)
    """
    target = Path(folder)
    if not str(folder):
        raise UsageError(
            "No output folder is named.", remedy="Name a folder with --out.", code="output-not-named"
        )
    try:
        _check_target(target, force=force)
    except OSError as error:
        raise _cannot_write(error, target) from error


def _check_target(target: Path, *, force: bool) -> None:
    if target.is_symlink() and not target.exists():
        raise UsageError(
            "The output folder is a link that leads nowhere.",
            where=str(target),
            remedy="Name a folder.",
            code="output-not-a-folder",
        )
    if target.exists() and not target.is_dir():
        raise UsageError(
            "The output folder is a file.",
            where=str(target),
            remedy="Name a folder.",
            code="output-not-a-folder",
        )
    there = [name for name, _ in DOSSIER_FILES if os.path.lexists(target / name)]
    folders = [name for name in there if (target / name).is_dir()]
    if folders:
        raise UsageError(
            f"{', '.join(folders)} is a folder there, not a file.",
            where=str(target),
            remedy="Name another folder.",
            code="output-exists",
        )
    if there and not force:
        raise UsageError(
            f"The folder already holds {', '.join(there)}.",
            where=str(target),
            remedy="Name another folder, or allow replacing with --force.",
            code="output-exists",
        )
    nearest = next(place for place in (target.absolute(), *target.absolute().parents) if place.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise _cannot_write(OSError(errno.EACCES, os.strerror(errno.EACCES)), target)


def write_dossier(plan: Plan, folder: str | os.PathLike[str], *, force: bool = False) -> tuple[Path, ...]:
    """Write every file of the dossier into a folder.

    Parameters
    ----------
    plan
        The plan.
    folder
        Where to; it is made when it is not there. Other files in it are left alone.
    force
        Whether files of an earlier dossier may be replaced.

    Returns
    -------
    tuple[Path, ...]
        The files, in the order of ``DOSSIER_FILES``.

    Raises
    ------
    UsageError
        When files are there already and ``force`` is not given, or when the place cannot be written.

    Examples
    --------
    >>> from importlib.resources import as_file, files
    >>> from revertant import patient, planning
    >>> with as_file(files("revertant.cli") / "demo_data") as folder:
    ...     inputs = planning.open_inputs(patient.read_case(folder / "sickle_cell.yaml"))
    >>> plan = planning.make_plan(inputs, planning.PlanOptions(search_off_targets=False))
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as out:
    ...     [path.name for path in write_dossier(plan, out)][:2]
    ['report.html', 'designs.tsv']
    """
    check_folder(folder, force=force)
    target = Path(folder)
    texts = {name: _WRITERS[name](plan) for name, _ in DOSSIER_FILES}
    try:
        return _write(texts, target)
    except OSError as error:
        raise _cannot_write(error, target) from error


def _write(texts: dict[str, str], target: Path) -> tuple[Path, ...]:
    parent = target.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    # The name holds nothing of the case; a dot hides it from listings while it lives.
    staging = parent / f".revertant-{secrets.token_hex(8)}"
    staging.mkdir()
    try:
        for name, text in texts.items():
            _write_file(staging / name, text)
        if target.is_dir():
            _replace_files(tuple(texts), staging, target)
        else:
            staging.rename(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return tuple(target / name for name in texts)


def _write_file(path: Path, text: str) -> None:
    # A lone surrogate is not UTF-8; its escape is right in JSON and harmless elsewhere.
    with path.open("wb") as stream:
        stream.write(text.encode("utf-8", errors="backslashreplace"))
        stream.flush()
        os.fsync(stream.fileno())


def _replace_files(names: tuple[str, ...], staging: Path, target: Path) -> None:
    """Move the new files over the old ones; put the old ones back if one cannot be moved."""
    kept = staging / "before"
    kept.mkdir()
    moved: list[str] = []
    try:
        for name in names:
            if (target / name).exists():
                (target / name).rename(kept / name)
            moved.append(name)
            (staging / name).rename(target / name)
    except BaseException:
        for name in moved:
            (target / name).unlink(missing_ok=True)
        for old in kept.iterdir():
            old.rename(target / old.name)
        raise


def _cannot_write(error: OSError, target: Path) -> UsageError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        what, remedy = "The disk is full.", "Free some space or name a folder on another disk."
    elif error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        what, remedy = "The folder cannot be written to.", "Name a folder you may write to."
    else:
        what = f"The files could not be written: {error.strerror or type(error).__name__}."
        remedy = "Check the disk, or name another folder."
    return UsageError(
        f"{what} Nothing was changed.", where=str(target), remedy=remedy, code="output-not-writable"
    )
