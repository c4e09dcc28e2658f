"""A stretch of the genome as people write it: ``chr11:5,226,925-5,226,944``."""

from __future__ import annotations

import re

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome.reference import Reference
from revertant.model import Locus

__all__ = ["region_of"]

# Longer numbers are no positions on a chromosome.
_REGION = re.compile(r"(?P<contig>\S+):(?P<start>[0-9,]{1,16})-(?P<end>[0-9,]{1,16})")
_SHOWN = 60


def region_of(text: str, reference: Reference, *, where: str = "") -> Locus:
    """Read a region, ``contig:start-end``, counted from 1, last base included.

    Parameters
    ----------
    text
        The region; thousands may be parted by commas.
    reference
        The genome; it must cover the whole region.
    where
        The option or field, for the error.

    Raises
    ------
    InputError
        Code ``bad-region`` when it is malformed.
    IncompatibleInputsError
        Code ``unknown-contig`` or ``outside-reference``.

    Examples
    --------
    >>> str(region_of("11:5,227,002-5227004", Reference.from_sequences({"chr11:5227001-5227004": "CTCA"})))
    'chr11:5227002-5227004:+'
    """
    found = _REGION.fullmatch(text.strip())
    places = [found[part].replace(",", "") for part in ("start", "end")] if found else []
    if found is None or not all(places) or not 1 <= int(places[0]) <= int(places[1]):
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        raise InputError(
            f"{shown!r} is no region.",
            where=where,
            remedy="Write contig:start-end, such as chr11:5226925-5226944, counted from 1.",
            code="bad-region",
        )
    locus = Locus(reference.canonical_contig(found["contig"]), int(places[0]) - 1, int(places[1]))
    if not reference.covers(locus):
        raise IncompatibleInputsError(
            f"The reference does not cover {text.strip()}.",
            where=where,
            remedy="Name a region inside it, or use a reference that covers the region.",
            code="outside-reference",
        )
    return locus
