"""The inputs of a dossier, found by their digests and laid out as its case file names them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from revertant.dossier.exchange.crate import CARRIED_FOLDER
from revertant.dossier.exchange.reproduce import Crate, digest_of
from revertant.errors import IncompatibleInputsError
from revertant.model import InputDigest

__all__ = ["find_inputs", "lay_inputs"]


def find_inputs(crate: Crate, folders: Iterable[Path]) -> dict[InputDigest, Path]:
    """Find every input by its digest: first under its own name, then under any.

    Parameters
    ----------
    crate
        From :func:`read_crate`.
    folders
        Where to look, with what lies in them; the crate's own folder is looked through first.

    Raises
    ------
    IncompatibleInputsError
        Code ``inputs-not-found``, naming each input that is missing, and each file of its name that is another.

    Examples
    --------
    >>> from revertant.model import Provenance
    >>> find_inputs(Crate(Path("/nowhere"), Provenance("r", "1", (), (), ()), {}, False), [])
    {}
    """
    wanted = crate.provenance.inputs
    places = (crate.folder / CARRIED_FOLDER, *folders)
    names = {one.name for one in wanted}
    every = [path for place in places for path in _files_under(place)]
    digests: dict[Path, str] = {}
    found: dict[InputDigest, Path] = {}
    # Most inputs have kept their names; only for those that have not is everything read.
    for candidates in ([path for path in every if path.name in names], every):
        missing = [one for one in wanted if one not in found]
        for path in candidates if missing else ():
            if path not in digests:
                digests[path] = digest_of(path)
            found |= {one: path for one in missing if one.sha256 == digests[path] and one not in found}
    missing = [one for one in wanted if one not in found]
    if missing:
        said = []
        for one in missing:
            other = any(path.name == one.name for path in every)
            why = "a file of this name is there, but with other content" if other else "it is not there"
            said.append(f"{one.role} {one.name} (SHA-256 {one.sha256[:12]}...): {why}")
        raise IncompatibleInputsError(
            f"Inputs of the dossier were not found: {'; '.join(said)}.",
            where=str(crate.folder),
            remedy="Name the folder that holds them with --inputs (repeatable).",
            code="inputs-not-found",
        )
    return found


def _files_under(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    for folder, inner, names in os.walk(place):
        inner.sort()
        yield from (path for name in sorted(names) if (path := Path(folder, name)).is_file())


def lay_inputs(found: Mapping[InputDigest, Path], folder: Path, named: Sequence[str] = ()) -> dict[str, Path]:
    """Lay the inputs into a folder under the names they had, so that a case file finds what it names.

    Parameters
    ----------
    found
        From :func:`find_inputs`.
    folder
        An empty folder of one's own.
    named
        Relative paths that the case file names.

    Returns
    -------
    dict
        Where each input lies now, by role.

    Examples
    --------
    >>> lay_inputs({}, Path("/nowhere"))
    {}
    """
    ups = max((Path(one).parts.count("..") for one in named), default=0)
    base = folder.joinpath(*(["below"] * ups))
    laid: dict[str, Path] = {}
    for digest, path in found.items():
        places = [
            base / one for one in named if Path(one).name == digest.name and not Path(one).is_absolute()
        ]
        for place in places or [base / digest.name]:
            where = Path(os.path.normpath(place))
            where.parent.mkdir(parents=True, exist_ok=True)
            _lay(path, where)
            laid[digest.role] = where
            _lay_beside(path, where, named)
    return laid


def _lay(path: Path, place: Path) -> None:
    """Put a file where it is looked for: a link where its name is kept, since readers look behind links."""
    if place.exists():
        return
    if path.name == place.name:
        place.symlink_to(path.resolve())
        return
    try:
        place.hardlink_to(path.resolve())
    except OSError:
        shutil.copyfile(path, place)


def _lay_beside(path: Path, place: Path, named: Sequence[str]) -> None:
    """Lay what belongs to an input and has no digest of its own: an index, and the reads that an index is of."""
    reads = {Path(one).name for one in named if Path(one).suffix in {".bam", ".cram"}}
    for other in path.parent.glob(f"{path.stem}*"):
        if other.name in reads or other.name.removeprefix(path.name) in {".fai", ".gzi", ".tbi", ".csi"}:
            _lay(other, place.with_name(other.name))
