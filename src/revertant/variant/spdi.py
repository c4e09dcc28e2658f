"""SPDI: sequence, 0-based position, deletion, insertion (``NC_000011.10:5227001:T:A``).

The form is NCBI's (doi:10.1093/bioinformatics/btz856). The deletion may be given as bases or as their
number; a number is filled in from the reference. The sequence must be an accession with version: that is
what tells SPDI, which counts from 0, from ``chr11:5227002:T:A``, which counts from 1.
"""

from __future__ import annotations

import re

from revertant.errors import InputError
from revertant.genome import Reference
from revertant.model import Variant
from revertant.sequence import is_dna
from revertant.variant.limits import MOST_DIGITS, is_count, shown
from revertant.variant.normalise import normalise

__all__ = ["is_spdi", "resolve_spdi"]

_ACCESSION = re.compile(
    r"(?:[A-Z]{2}_\d+|[A-Z]{1,2}\d{5,8}|ENST\d+|LRG_\d+(?:[tp]\d+)?)(?:\.\d+)?", re.IGNORECASE
)
_NOT_GENOMIC = re.compile(r"[NX][MRP]_|ENST|LRG_", re.IGNORECASE)
_REMEDY = "Write accession:position:deleted:inserted, such as NC_000011.10:5227001:T:A, counting from 0."


def is_spdi(text: str) -> bool:
    """Whether the text has the form of SPDI.

    Examples
    --------
    >>> is_spdi("NC_000011.10:5227001:T:A"), is_spdi("chr11:5227002:T:A")
    (True, False)
    """
    fields = text.strip().split(":")
    return len(fields) == 4 and _ACCESSION.fullmatch(fields[0]) is not None


def resolve_spdi(text: str, reference: Reference, *, where: str = "") -> Variant:
    """Find the variant an SPDI expression names; normalised and checked.

    Examples
    --------
    >>> reference = Reference.from_sequences({"chr11:5227001-5227004": "CTCA"})
    >>> str(resolve_spdi("NC_000011.10:5227001:1:A", reference))
    'chr11:5227002:T:A'
    """
    fields = text.strip().split(":")
    if len(fields) != 4:
        raise _bad(text, f"it has {len(fields)} fields, not four", where)
    sequence, position, deleted, inserted = fields
    if _NOT_GENOMIC.match(sequence):
        raise _bad(text, f"{shown(sequence)} is not a chromosome; use HGVS for transcripts", where)
    if not is_count(position):
        raise _bad(text, f"{shown(position)!r} is not a position", where)
    contig = reference.canonical_contig(sequence)
    start = int(position)
    if deleted.isascii() and deleted.isdigit():
        if not is_count(deleted):
            raise _bad(text, f"the length deleted has more than {MOST_DIGITS} digits", where)
        deleted = reference.fetch(contig, start, start + int(deleted))
    deleted, inserted = deleted.upper(), inserted.upper()
    if not (is_dna(deleted) and is_dna(inserted)):
        raise _bad(text, "alleles may hold A, C, G and T only", where)
    if deleted == inserted:
        raise _bad(text, "it changes nothing", where)
    return normalise(Variant(contig, start, deleted, inserted), reference, where=where)


def _bad(text: str, because: str, where: str) -> InputError:
    what = f"'{shown(text)}' cannot be used: {because}."
    return InputError(what, where=where, remedy=_REMEDY, code="bad-spdi")
