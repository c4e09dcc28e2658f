"""What kind of structural change a variant is, read off its bases: repeat, deletion, duplication, inversion, insertion.

Whatever the spelling, the bases decide: an insertion that equals what follows it is a tandem duplication, one whose
units also stand beside it is a change of a repeat's length, a stretch replaced by its reverse complement is an
inversion.
"""

from __future__ import annotations

from revertant.genome import Reference
from revertant.model import Locus, Structure, StructureKind, Variant
from revertant.sequence import reverse_complement

__all__ = ["LEAST_BP", "SIZE_SOURCES", "structure_of"]

#: Changes of fewer bases are not called structural (the usual limit of the field).
LEAST_BP = 50
SIZE_SOURCES = ("doi:10.1038/nrg2958",)

#: Longest unit of what is called a repeat here, and how many units the reference must hold.
LONGEST_UNIT, FEWEST_UNITS = 12, 3

#: Most bases of an inversion's ends that may be equal on both sides and so be trimmed away.
_TRIMMED = 6


def structure_of(variant: Variant, reference: Reference, *, least_bp: int = LEAST_BP) -> Structure | None:
    """Say what structural change a variant is.

    Parameters
    ----------
    variant
        Normalised.
    reference
        For the bases around it.
    least_bp
        Smallest change that counts. A case that states a repeat expansion may ask for smaller ones.

    Returns
    -------
    Structure or None
        ``None`` for a small variant, and for a replacement that is none of the kinds.

    Examples
    --------
    >>> reference = Reference.from_sequences({"s": "TTAC" + "CAG" * 5 + "GTT"})
    >>> structure_of(Variant("s", 4, "", "CAG" * 20), reference).words
    'repeat expansion of CAG from 5 to 25 units'
    >>> structure_of(Variant("s", 4, "", "CAG"), reference) is None
    True
    """
    ref, alt = variant.ref, variant.alt
    if max(len(ref), len(alt)) < least_bp:
        return None
    if not ref or not alt:
        changed = alt or ref
        repeat = _repeat(variant, changed, reference)
        if repeat is not None:
            return repeat
        if ref:
            return Structure(StructureKind.DELETION, variant.locus, len(ref))
        behind = Locus(variant.contig, variant.start, variant.start + len(alt))
        if reference.covers(behind) and reference.fetch(behind.contig, behind.start, behind.end) == alt:
            return Structure(StructureKind.TANDEM_DUPLICATION, behind, len(alt))
        return Structure(StructureKind.INSERTION, variant.locus, len(alt))
    if len(ref) == len(alt) and (inverted := _inverted(variant, reference)) is not None:
        return Structure(StructureKind.INVERSION, inverted, len(inverted))
    return None


def _inverted(variant: Variant, reference: Reference) -> Locus | None:
    """The inverted stretch; its outermost bases may be missing from the trimmed variant where they stay the same."""
    for more in range(_TRIMMED + 1):
        place = Locus(variant.contig, max(variant.start - more, 0), variant.end + more)
        if not reference.covers(place):
            return None
        bases = reference.fetch(place.contig, place.start, place.end)
        left, right = bases[: variant.start - place.start], bases[len(bases) - more :] if more else ""
        if reverse_complement(bases) == left + variant.alt + right:
            return place
    return None


def _repeat(variant: Variant, changed: str, reference: Reference) -> Structure | None:
    """The change as one of a repeat's length, when its bases are whole units that also stand beside it."""
    size = next((n for n in range(2, LONGEST_UNIT + 1) if _is_made_of(changed, n)), None)
    if size is None:
        return None
    unit = changed[:size]
    # A normalised indel stands at the left end of its repeat, so the reference's units follow it.
    at, units = variant.start, 0
    while True:
        place = Locus(variant.contig, at, at + size)
        if not reference.covers(place) or reference.fetch(place.contig, place.start, place.end) != unit:
            break
        units, at = units + 1, at + size
    if units < FEWEST_UNITS:
        return None
    moved = len(changed) // size
    expands = bool(variant.alt)
    kind = StructureKind.REPEAT_EXPANSION if expands else StructureKind.REPEAT_CONTRACTION
    copies = units + moved if expands else units - moved
    return Structure(kind, Locus(variant.contig, variant.start, at), len(changed), unit, units, copies)


def _is_made_of(bases: str, size: int) -> bool:
    """Whether the bases are whole copies of their first ``size`` bases, and those no copies of one base."""
    unit = bases[:size]
    return len(bases) % size == 0 and unit * (len(bases) // size) == bases and len(set(unit)) > 1
