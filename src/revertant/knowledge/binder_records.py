"""Where binders of an antigen are described that the catalogue does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from revertant.knowledge.catalogue import Row, load_rows

__all__ = ["BinderRecord", "binder_records"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BinderRecord(Row):
    """A public record that describes a binder; none of its residues are held.

    Parameters
    ----------
    antigen
        HGNC symbol.
    title
        Of the record.
    """

    antigen: str
    title: str


@cache
def _records() -> Mapping[str, BinderRecord]:
    return load_rows("car_binder_records.toml", BinderRecord)


def binder_records(antigen: str) -> tuple[BinderRecord, ...]:
    """Return the records for an antigen, by its symbol.

    Examples
    --------
    >>> [record.sources for record in binder_records("CD5")]
    [('pmcid:PMC8417515',), ('patent:EP4238990A1',)]
    """
    return tuple(record for record in _records().values() if record.antigen == antigen)
