"""A dossier made again from its crate: what made it, and whether every byte is the same.

The crate says which inputs, parameters, catalogues and software made it. Inputs are known by their digest, wherever
they lie now and whatever they are called; a file that is not the same is never taken in the place of one that is.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from revertant.dossier.exchange.crate import CARRIED_FOLDER, CRATE_NAME
from revertant.errors import InputError
from revertant.model import InputDigest, Provenance
from revertant.planning import file_digest

__all__ = ["Comparison", "Crate", "changed_since", "compare", "digest_of", "read_crate", "read_names"]

_DIGEST = re.compile(r"[0-9a-f]+")
#: The longest name of a file that file systems take, in bytes.
_LONGEST_NAME = 255
_REMEDY = f"Name a folder that revertant plan has written, or the {CRATE_NAME} in it."


@dataclass(frozen=True, slots=True)
class Crate:
    """What the crate of a dossier says.

    Parameters
    ----------
    folder
        Where it lies.
    provenance
        Software, inputs, catalogues and parameters.
    files
        SHA-256 of every file it describes, by name.
    carries_inputs
        Whether inputs are in it.
    """

    folder: Path
    provenance: Provenance
    files: Mapping[str, str]
    carries_inputs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """One file of two dossiers: ``same``, ``different``, ``missing`` (not made again) or ``new``; where they part."""

    name: str
    state: str
    where: str = ""


def read_crate(path: str | os.PathLike[str]) -> Crate:
    """Read the crate of a dossier.

    Parameters
    ----------
    path
        The folder, or its ``ro-crate-metadata.json``.

    Raises
    ------
    InputError
        When there is none, or none that this software has written.

    Examples
    --------
    >>> import tempfile
    >>> from revertant.dossier import write_dossier
    >>> from revertant.model import Plan
    >>> source = Provenance("revertant", "0.1", (InputDigest("case", "c.yaml", "ab"),), (), (("mismatches", "4"),))
    >>> plan = Plan("s", "c", "", "", (), (), (), (), (), (), None, (), source, "")
    >>> with tempfile.TemporaryDirectory() as out:
    ...     _ = write_dossier(plan, out)
    ...     crate = read_crate(out)
    >>> crate.provenance == source, "plan.json" in crate.files
    (True, True)
    """
    named = Path(path)
    file = named / CRATE_NAME if named.is_dir() else named
    try:
        graph = json.loads(file.read_text(encoding="utf-8"))["@graph"]
        entities = {one["@id"]: one for one in graph}
        source = _provenance(entities)
        files = {
            unquote(one["@id"]): str(one["sha256"]) for one in entities.values() if one.get("@type") == "File"
        }
        _check(source, files)
    except OSError as error:
        raise InputError(
            f"The crate cannot be read ({error.strerror}).", where=str(file), remedy=_REMEDY
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            "This is not the crate of a dossier.", where=str(file), remedy=_REMEDY, code="not-a-crate"
        ) from error
    carried = any(name.startswith(f"{CARRIED_FOLDER}/") for name in files)
    return Crate(file.parent, source, files, carried)


def _provenance(entities: Mapping[str, Mapping[str, Any]]) -> Provenance:
    action = entities["#making"]
    software = entities[action["instrument"]["@id"]]
    used = [entities[one["@id"]] for one in action["object"]]
    return Provenance(
        software["name"],
        software["softwareVersion"],
        tuple(
            InputDigest(one["additionalType"], one["name"], one["sha256"]) for one in used if "sha256" in one
        ),
        tuple((one["name"], one["version"]) for one in used if one.get("additionalType") == "catalogue"),
        tuple((one["name"], one["value"]) for one in used if one["@type"] == "PropertyValue"),
    )


def _check(source: Provenance, files: Mapping[str, str]) -> None:
    """Refuse what no dossier says, and names that lead out of a folder: a crate can come from anybody."""
    said = [
        source.software,
        source.version,
        *(part for pair in (*source.catalogues, *source.parameters) for part in pair),
    ]
    said += [part for one in source.inputs for part in (one.role, one.name, one.sha256)]
    if not all(isinstance(one, str) for one in said):
        raise TypeError
    names = [one.name for one in source.inputs]
    if any(name != Path(name).name or name in {"", ".", ".."} for name in names):
        raise ValueError
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in files):
        raise ValueError
    parts = [*names, *(part for name in files for part in Path(name).parts)]
    if any("\0" in part or len(os.fsencode(part)) > _LONGEST_NAME for part in parts):
        raise ValueError
    if not all(_DIGEST.fullmatch(one.sha256) for one in source.inputs):
        raise ValueError


def changed_since(crate: Crate) -> tuple[str, ...]:
    """Return the files of a dossier that are no longer as the crate describes them, or are gone.

    Examples
    --------
    >>> changed_since(Crate(Path("/nowhere"), Provenance("r", "1", (), (), ()), {"plan.json": "ab"}, False))
    ('plan.json',)
    """
    return tuple(name for name, digest in crate.files.items() if digest_of(crate.folder / name) != digest)


def compare(crate: Crate, folder: Path) -> tuple[Comparison, ...]:
    """Compare every file of two dossiers byte for byte, the crate's own description included.

    Parameters
    ----------
    crate
        Of the earlier one.
    folder
        The one made again.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as there:
    ...     _ = Path(there, "ro-crate-metadata.json").write_text("{}")
    ...     one = Crate(Path(there), Provenance("r", "1", (), (), ()), {}, False)
    ...     compare(one, Path(there))
    (Comparison(name='ro-crate-metadata.json', state='same', where=''),)
    """
    again = read_names(folder)
    rows = []
    for name in (*crate.files, CRATE_NAME):
        before, now = crate.folder / name, folder / name
        if name not in again:
            rows.append(Comparison(name, "missing"))
        elif before.is_file() and before.read_bytes() == now.read_bytes():
            rows.append(Comparison(name, "same"))
        else:
            rows.append(Comparison(name, "different", _first_difference(before, now)))
    rows += [Comparison(name, "new") for name in again if name not in crate.files and name != CRATE_NAME]
    return tuple(rows)


def read_names(folder: Path) -> tuple[str, ...]:
    """Return the names of the files that a dossier holds, its crate's description included.

    Examples
    --------
    >>> read_names(Path("/nowhere"))
    ()
    """
    file = folder / CRATE_NAME
    if not file.is_file():
        return ()
    try:
        return (*read_crate(folder).files, CRATE_NAME)
    except InputError:
        return (CRATE_NAME,)


def _first_difference(before: Path, now: Path) -> str:
    """Where two files part, without a word of what they say."""
    if not before.is_file():
        return "the earlier file is gone"
    one, other = before.read_bytes(), now.read_bytes()
    at = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return f"{len(one):,} bytes before, {len(other):,} now"
    if 0 in one[:at]:
        return f"from byte {at + 1:,}"
    lines = one[:at].count(b"\n")
    return f"from line {lines + 1:,}"


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file; empty where it cannot be read, or is a device or a pipe that may never end.

    Examples
    --------
    >>> digest_of(Path("/nowhere"))
    ''
    """
    try:
        return file_digest(path) if path.is_file() else ""
    except (OSError, InputError):
        return ""
