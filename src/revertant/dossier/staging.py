"""Fill a folder so that it holds all of a dossier or nothing of it.

Everything is written beside the target first, flushed to the disk, and only then moved into place by
renaming. If anything fails on the way, what was there before is still there. A file of an earlier dossier
that the new one does not have goes too: a folder never holds halves of two. A folder within a dossier is replaced as
a whole, and only when it holds nothing but files of the kinds a dossier writes there.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from revertant.errors import RevertantError, UsageError

__all__ = ["check_target", "staged", "write_text"]


def check_target(
    folder: str | os.PathLike[str],
    names: Collection[str],
    *,
    force: bool = False,
    within: Mapping[str, tuple[str, ...]] | None = None,
) -> None:
    """Refuse a folder that files may not be written to, before any work is done for them.

    Parameters
    ----------
    folder
        Where the files would go.
    names
        Every name the dossier may use.
    force
        Whether files of these names may be replaced.
    within
        Those of the names that are folders, with the endings of the files a dossier writes into each.

    Raises
    ------
    UsageError
        When the place is a file, holds an earlier dossier, or cannot be written to; or when a folder within it holds
        files of other kinds.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as empty:
    ...     check_target(empty, ["report.html"])
    """
    target = Path(folder)
    if not str(folder):
        raise UsageError(
            "No output folder is named.", remedy="Name a folder with --out.", code="output-not-named"
        )
    try:
        _check_target(target, names, within or {}, force=force)
    except OSError as error:
        raise _cannot_write(error, target) from error


def _check_target(
    target: Path, names: Collection[str], within: Mapping[str, tuple[str, ...]], *, force: bool
) -> None:
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
    there = [name for name in names if os.path.lexists(target / name)]
    folders = [name for name in there if name not in within and (target / name).is_dir()]
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
    for name in there:
        if name in within:
            _check_within(target / name, within[name])
    nearest = next(place for place in (target.absolute(), *target.absolute().parents) if place.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise _cannot_write(OSError(errno.EACCES, os.strerror(errno.EACCES)), target)


def _check_within(folder: Path, endings: tuple[str, ...]) -> None:
    """Refuse to replace a folder of an earlier dossier into which somebody has put something of their own."""
    if not folder.is_dir():
        return
    own = sorted(path.name for path in folder.iterdir() if path.is_dir() or not path.name.endswith(endings))
    if own:
        raise UsageError(
            f"{folder.name} holds what no dossier has written: {', '.join(own[:5])}.",
            where=str(folder),
            remedy="Move it elsewhere, or name another folder.",
            code="output-exists",
        )


@contextmanager
def staged(
    folder: str | os.PathLike[str],
    names: Sequence[str],
    *,
    force: bool = False,
    within: Mapping[str, tuple[str, ...]] | None = None,
) -> Iterator[Path]:
    """Give a hidden folder to write into; when the block ends well, its files appear in ``folder`` at once.

    Parameters
    ----------
    folder
        Where the files are to go; it is made when it is not there. Other files in it are left alone.
    names
        Every name the dossier may use. Not all need be written; what is not is not left over from before.
    force
        Whether files of these names may be replaced.
    within
        Those of the names that are folders, as for :func:`check_target`; the block makes them.

    Raises
    ------
    UsageError
        When files are there already and ``force`` is not given, or when the place cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     with staged(f"{place}/out", ["a.txt", "b.txt"]) as hidden:
    ...         write_text(hidden / "a.txt", "whole")
    ...     (Path(place) / "out" / "a.txt").read_text()
    'whole'
    """
    check_target(folder, names, force=force, within=within)
    target = Path(folder)
    parent = target.absolute().parent
    # The name holds nothing of the case; a dot hides it from listings while it lives.
    staging = parent / f".revertant-{secrets.token_hex(8)}"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        staging.mkdir()
        yield staging
        made = [name for name in names if (staging / name).exists()]
        for name in made:
            _flush(staging / name)
        # Nothing but the dossier goes out: a writer's own leftovers end with the hidden folder.
        for other in {path.name for path in staging.iterdir()} - set(made):
            _remove(staging / other)
        # Another run may have filled the folder since it was looked at: its dossier may be another person's.
        check_target(folder, names, force=force, within=within)
        if target.is_dir():
            _replace_files(made, names, staging, target)
        else:
            staging.rename(target)
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno == errno.ENOMEM or _is_elsewhere(error, staging, target):
            raise
        raise _cannot_write(error, target) from error
    except RevertantError as error:
        # A writer that names the hidden folder tells a user nothing: the folder they named is what is full.
        if isinstance(error.__cause__, OSError) and error.where.startswith(str(staging)):
            raise _cannot_write(error.__cause__, target) from error
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file with Unix line ends."""
    # A lone surrogate is not UTF-8; its escape is right in JSON and harmless elsewhere.
    path.write_bytes(text.encode("utf-8", errors="backslashreplace"))


def _flush(path: Path) -> None:
    if path.is_dir():
        for one in sorted(path.iterdir()):
            _flush(one)
        return
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _replace_files(made: Sequence[str], names: Sequence[str], staging: Path, target: Path) -> None:
    """Move the new files over the old ones; put the old ones back if one cannot be moved."""
    kept = staging / "before"
    kept.mkdir()
    moved: list[str] = []
    try:
        for name in names:
            if os.path.lexists(target / name):
                (target / name).rename(kept / name)
            if name in made:
                moved.append(name)
                (staging / name).rename(target / name)
    except BaseException:
        for name in moved:
            if os.path.lexists(target / name):
                _remove(target / name)
        for old in kept.iterdir():
            old.rename(target / old.name)
        raise


def _is_elsewhere(error: OSError, staging: Path, target: Path) -> bool:
    """Whether the error names a file that is not ours: what is being read, not what is being written."""
    if error.filename is None or error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return False
    place = Path(os.fsdecode(error.filename)).absolute()
    ours = (staging, target.absolute(), *target.absolute().parents)
    return place not in ours and staging not in place.parents and target.absolute() not in place.parents


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
