"""Canonical JSON and identity from content.

The same value gives the same bytes on every machine: keys sorted, no white space, no NaN, and floats by
their shortest round-trip form. An id is a digest over the fields that make a thing what it is.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any

__all__ = ["canonical_json", "content_id", "plain"]

_SCALARS = (str, int, float, bool, type(None))
_EXACT = frozenset(_SCALARS)


def plain(value: object) -> object:
    """Turn frozen values into what JSON can hold.

    Parameters
    ----------
    value
        Dataclasses, enums, tuples, lists, mappings with text keys, and plain scalars.

    Returns
    -------
    object
        The same content as ``dict``, ``list`` and scalars. A dataclass that has a ``derived`` class
        attribute also gives those properties, so that readers need not recompute them; one that has
        ``by_name`` gives, for those fields, only the named attribute of the value or of each value of a
        tuple (a reference, where the value itself stands elsewhere in the same output); fields named in
        ``left_out`` are not given (they are summed up by derived ones).

    Raises
    ------
    TypeError
        For any other type: sets have no order and so no place in an output.

    Examples
    --------
    >>> from revertant.model import Locus
    >>> plain(Locus("chr1", 10, 33))
    {'contig': 'chr1', 'start': 10, 'end': 33, 'strand': '+'}
    """
    # A nomination holds millions of scalars: those are told by their type alone.
    if type(value) in _EXACT:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _SCALARS):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: plain(item) for name, item in _members(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    msg = f"{type(value).__name__} has no canonical form"
    raise TypeError(msg)


def _members(value: Any) -> Iterator[tuple[str, object]]:
    by_name: Mapping[str, str] = getattr(value, "by_name", {})
    for name in _names(value.__class__):
        item = getattr(value, name)
        yield name, _reference(item, by_name[name]) if name in by_name else item


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """What of a dataclass is written: its fields, but for those left out, and what is derived from them."""
    left_out: Collection[str] = getattr(kind, "left_out", ())
    names = (*(field.name for field in dataclasses.fields(kind)), *getattr(kind, "derived", ()))
    return tuple(name for name in names if name not in left_out)


def _reference(item: Any, attribute: str) -> object:
    if isinstance(item, tuple):
        return [getattr(one, attribute) for one in item]
    return None if item is None else getattr(item, attribute)


def canonical_json(value: object, *, indent: int | None = None) -> str:
    r"""Serialise a value so that equal values give equal text.

    Parameters
    ----------
    value
        Anything :func:`plain` accepts.
    indent
        Spaces of indentation for files meant to be read; ``None`` for one compact line.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": (2.50, None)})
    '{"a":[2.5,null],"b":1}'
    """
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(
        plain(value),
        sort_keys=True,
        ensure_ascii=False,
        allow_nan=False,
        indent=indent,
        separators=separators,
    )


def content_id(prefix: str, *parts: object) -> str:
    """Name a thing by what it is made of.

    Parameters
    ----------
    prefix
        A short word for the kind of thing, shown before the digest.
    *parts
        The inherent fields, in a fixed order. Labels and notes do not belong here.

    Examples
    --------
    >>> content_id("design", "ACGT", 3) == content_id("design", "ACGT", 3)
    True
    >>> content_id("design", "ACGT", 3)
    'design-a2d102b4f1bc'
    """
    digest = hashlib.sha256(canonical_json(list(parts)).encode()).hexdigest()
    return f"{prefix}-{digest[:12]}"
