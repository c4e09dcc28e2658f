"""A trial as the bytes that a store keeps, and back."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import fields
from typing import Any

from revertant.model import AgeLimit, Intervention, MeshTerm, StudyType, Trial, TrialSite

__all__ = ["canonical", "packed", "unpacked"]

_NESTED: dict[str, Any] = {
    "interventions": Intervention,
    "mesh": MeshTerm,
    "mesh_ancestors": MeshTerm,
    "sites": TrialSite,
}
_AGES = ("min_age", "max_age")


def packed(trial: Trial) -> bytes:
    """Return a trial as compressed JSON.

    Examples
    --------
    >>> trial = Trial(nct_id="NCT01234567", title="T", max_age=AgeLimit(9, "months"))
    >>> unpacked(packed(trial)) == trial
    True
    """
    return zlib.compress(canonical(trial), 6)


def canonical(trial: Trial) -> bytes:
    """Return a trial as JSON; equal trials give equal bytes, whatever library compresses them.

    Examples
    --------
    >>> canonical(Trial(nct_id="NCT01234567", title="T"))
    b'{"nct_id":"NCT01234567","title":"T"}'
    """
    found = {
        field.name: _plain(value)
        for field in fields(trial)
        if (value := getattr(trial, field.name)) != field.default
    }
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Intervention | MeshTerm | TrialSite | AgeLimit):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    return value


def unpacked(data: bytes, digest: str = "") -> Trial:
    """Return the trial that :func:`packed` made bytes of.

    Parameters
    ----------
    data
        The bytes.
    digest
        SHA-256 of the trial as JSON, to be compared with; nothing is compared when left out.

    Raises
    ------
    ValueError
        When these are other bytes, whatever is wrong with them.
    """
    try:
        text = zlib.decompress(data)
        if digest and hashlib.sha256(text).hexdigest() != digest:
            raise ValueError("another digest")
        return _made(json.loads(text))
    except (zlib.error, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise ValueError("no record") from error


def _made(found: dict[str, Any]) -> Trial:
    for name, value in found.items():
        if name in _NESTED:
            found[name] = tuple(
                _NESTED[name](*(tuple(part) if isinstance(part, list) else part for part in one))
                for one in value
            )
        elif name in _AGES:
            found[name] = AgeLimit(*value)
        elif name == "study_type":
            found[name] = StudyType(value)
        elif isinstance(value, list):
            found[name] = tuple(value)
    return Trial(**found)
