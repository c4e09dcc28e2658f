"""Symbolic structural alleles (``<DEL>``, ``<DUP>``, ``<INV>``) with exact ends, as replacements of reference bases.

A symbol stands for bases that the reference has: with both ends known it says the sequence as exactly as letters
would. An insertion, a breakend or a copy number does not say it, and is refused with what would.
"""

from __future__ import annotations

import re

from revertant.errors import InputError
from revertant.genome import Reference
from revertant.model import Locus, Variant
from revertant.sequence import reverse_complement
from revertant.variant.limits import is_count, shown
from revertant.variant.normalise import normalise

__all__ = ["is_symbolic", "resolve_symbolic"]

#: Longest stretch that is written out as bases; a whole DMD has 2.2 million.
LONGEST_BP = 5_000_000

_RANGE = re.compile(
    r"(?P<contig>[^\s:]+):(?P<start>[\d,]+)-(?P<end>[\d,]+)[:\s]+<?(?P<kind>[A-Za-z0-9:_]+)>?"
)
_KINDS = {"DEL", "DUP", "DUP:TANDEM", "INV"}
_SAYS_NO_BASES = {
    "INS": "an insertion without its bases; give them from long reads or an assembly",
    "CNV": "a copy number without the place of the further copies",
    "BND": "a breakend; write the event it belongs to with both its ends",
}


def is_symbolic(text: str) -> bool:
    """Whether a text is a VCF line with a symbolic allele, or ``chr:start-end:<DEL>``.

    Examples
    --------
    >>> is_symbolic("chrX:31,500,001-31,500,100:<DEL>"), is_symbolic("chr1:5:A:T")
    (True, False)
    """
    fields = text.split("\t")
    if len(fields) >= 5:
        return fields[4].startswith("<") or "[" in fields[4] or "]" in fields[4]
    match = _RANGE.fullmatch(text)
    return match is not None and _kind(match["kind"]) in {*_KINDS, *_SAYS_NO_BASES}


def resolve_symbolic(text: str, reference: Reference, *, where: str = "") -> Variant:
    """Write a symbolic allele out as bases.

    Parameters
    ----------
    text
        ``chr:start-end:<DEL>``, counting from 1, both ends among the bases meant; or a VCF line, whose POS is the
        base before and whose INFO holds END or SVLEN.
    reference
        The genome; it must cover the whole stretch.
    where
        File and field, for error messages.

    Returns
    -------
    Variant
        Normalised; a duplication is taken as tandem.

    Raises
    ------
    InputError
        When the symbol or the ends do not say the sequence.
    IncompatibleInputsError
        When the reference does not cover the stretch.

    Examples
    --------
    >>> reference = Reference.from_sequences({"chr1": "AACGTTACCA"})
    >>> [str(resolve_symbolic(f"chr1:3-5:<{kind}>", reference)) for kind in ("DEL", "DUP", "INV")]
    ['chr1:3:CGT:-', 'chr1:3:-:CGT', 'chr1:3:CGT:ACG']
    """
    contig, start, end, kind = _read(text, where)
    if kind not in _KINDS:
        because = _SAYS_NO_BASES.get(kind, f"<{shown(kind)}> is not read; <DEL>, <DUP> and <INV> are")
        raise _bad(text, because if kind not in _SAYS_NO_BASES else f"it is {because}", where)
    if not 0 <= start < end:
        raise _bad(text, "its end lies before its start", where)
    if end - start > LONGEST_BP:
        raise _bad(text, f"it has more than {LONGEST_BP:,} bases", where)
    contig = reference.canonical_contig(contig)
    ref = reference.fetch(contig, Locus(contig, start, end).start, end)
    if kind == "DEL":
        found = Variant(contig, start, ref, "")
    elif kind == "INV":
        if reverse_complement(ref) == ref:
            raise _bad(text, "the stretch reads the same turned round", where)
        found = Variant(contig, start, ref, reverse_complement(ref))
    else:
        found = Variant(contig, start, "", ref)
    return normalise(found, reference, where=where)


def _kind(written: str) -> str:
    upper = written.upper()
    return upper if upper in _KINDS else upper.partition(":")[0]


def _read(text: str, where: str) -> tuple[str, int, int, str]:
    """Contig, 0-based half-open stretch, and kind."""
    fields = text.split("\t")
    if len(fields) < 5:
        match = _RANGE.fullmatch(text)
        assert match is not None
        low, high = (match[name].replace(",", "") for name in ("start", "end"))
        if not is_count(low) or not is_count(high) or int(low) < 1:
            raise _bad(text, "positions count from 1", where)
        return match["contig"], int(low) - 1, int(high), _kind(match["kind"])
    contig, position, _, _, alt = fields[:5]
    if not is_count(position) or int(position) < 1:
        raise _bad(text, f"{shown(position)!r} is not a position; positions count from 1", where)
    if "[" in alt or "]" in alt:
        return contig, 0, 0, "BND"
    info = dict(part.partition("=")[::2] for part in (fields[7].split(";") if len(fields) > 7 else ()))
    start = int(position)  # POS is the base before the event
    kind = _kind(alt.strip("<>"))
    if is_count(info.get("END", "")):
        return contig, start, int(info["END"]), kind
    length = info.get("SVLEN", "").lstrip("-")
    if is_count(length):
        return contig, start, start + int(length), kind
    if kind in _SAYS_NO_BASES:
        return contig, start, start, kind
    raise _bad(text, "INFO has neither END nor SVLEN", where)


def _bad(text: str, because: str, where: str) -> InputError:
    return InputError(
        f"'{shown(text)}' cannot be used: {because}.",
        where=where,
        remedy="Write chr:start-end:<DEL>, <DUP> or <INV> with exact ends, HGVS, or the bases themselves.",
        code="bad-variant-text",
    )
