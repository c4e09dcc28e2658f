"""One form for equal variants: REF checked, common flanks trimmed, then shifted.

A deletion or insertion inside a repeat can be placed in several spots and always gives the same sequence. VCF
asks for the leftmost spot, HGVS for the one nearest the 3' end of the strand it describes. Both are the same
walk in opposite directions, so each is the other's inverse.
"""

from __future__ import annotations

from dataclasses import replace

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import Reference
from revertant.model import Strand, Variant
from revertant.sequence import is_dna, matches
from revertant.variant.limits import shown

__all__ = ["check_ref", "normalise", "shift_on_strand", "shift_right", "steps_left", "trim"]

_BLOCK = 64  # bases looked at in one step of a shift; most indels shift by fewer


def trim(variant: Variant) -> Variant:
    """Remove the bases REF and ALT share at their ends, the 3' end first.

    Examples
    --------
    >>> str(trim(Variant("chr1", 9, "GAGA", "GA")))
    'chr1:10:GA:-'
    """
    ref, alt, start = variant.ref, variant.alt, variant.start
    if len(ref) == 1 == len(alt):
        return variant
    shorter = min(len(ref), len(alt))
    tail = 0
    while tail < shorter and ref[-1 - tail] == alt[-1 - tail]:
        tail += 1
    ref, alt = ref[: len(ref) - tail], alt[: len(alt) - tail]
    shorter -= tail
    head = 0
    while head < shorter and ref[head] == alt[head]:
        head += 1
    if not head and not tail:
        return variant
    return Variant(variant.contig, start + head, ref[head:], alt[head:])


def check_ref(variant: Variant, reference: Reference, *, where: str = "") -> None:
    """Make sure that REF is what the reference holds there.

    An ambiguous letter of the reference other than N is satisfied by each base it stands for; N is unknown
    sequence, against which nothing can be checked.

    Raises
    ------
    IncompatibleInputsError
        Code ``"ref-mismatch"`` when it is not, ``"outside-reference"`` when the reference does not cover it.

    Examples
    --------
    >>> check_ref(Variant("chr1", 1, "C", "T"), Reference.from_sequences({"chr1": "ACGT"}))
    """
    found = reference.fetch(variant.contig, variant.start, variant.end)
    if found == variant.ref or ("N" not in found and matches(found, variant.ref)):
        return
    hint = "The reference is unknown sequence (N) here." if "N" in found else _hint(variant, reference)
    raise IncompatibleInputsError(
        f"{shown(str(variant))}: REF is {_short(variant.ref)} but the reference has {_short(found)}.",
        where=where,
        remedy=hint,
        code="ref-mismatch",
    )


def normalise(variant: Variant, reference: Reference, *, where: str = "") -> Variant:
    """Bring a variant into its one form: the reference's contig name, REF checked, trimmed, shifted left.

    Parameters
    ----------
    variant
        Any spelling of the change, on the forward strand.
    reference
        The sequence it changes.
    where
        File and line, for the error message.

    Raises
    ------
    InputError
        When an allele holds letters other than A, C, G, T.
    IncompatibleInputsError
        When REF disagrees with the reference (``"ref-mismatch"``), or the reference does not cover it.

    Examples
    --------
    >>> reference = Reference.from_sequences({"chr1": "GGCACACATT"})
    >>> str(normalise(Variant("chr1", 5, "ACA", "A"), reference))
    'chr1:3:CA:-'
    """
    if not is_dna(variant.alt) or not is_dna(variant.ref):
        raise InputError(
            f"{variant}: alleles may hold A, C, G and T only.",
            where=where,
            remedy="Write the alleles as plain DNA.",
            code="bad-allele",
        )
    contig = reference.canonical_contig(variant.contig)
    if contig != variant.contig:
        variant = replace(variant, contig=contig)
    check_ref(variant, reference, where=where)
    return _shift_left(trim(variant), reference)


def steps_left(written: Variant, normal: Variant) -> int:
    """Return by how many bases an indel was moved left from where a VCF record has it; 0 for all else.

    A record's first base is its anchor when both alleles begin with it, for REF and ALT "must include the base
    before the event" (VCF 4.3, field REF): the change lies behind it. What else the alleles share is padding, from
    which the leftmost place is taken.

    Parameters
    ----------
    written
        The alleles as the record has them.
    normal
        What :func:`normalise` made of them.

    Examples
    --------
    >>> normal = Variant("chr1", 2, "CA", "")
    >>> steps_left(Variant("chr1", 5, "ACA", "A"), normal), steps_left(Variant("chr1", 1, "GCA", "G"), normal)
    (4, 0)
    """
    if normal.ref and normal.alt:
        return 0
    is_anchored = written.ref[:1] == written.alt[:1]
    return max(trim(written).start, written.start + is_anchored) - normal.start


def shift_right(variant: Variant, reference: Reference) -> Variant:
    """Place a variant as far to the right as the sequence allows (HGVS ``g.`` order).

    Examples
    --------
    >>> reference = Reference.from_sequences({"chr1": "GGCACACATT"})
    >>> str(shift_right(Variant("chr1", 2, "CA", ""), reference))
    'chr1:7:CA:-'
    """
    variant = trim(variant)
    moving = variant.ref or variant.alt
    if variant.ref and variant.alt:
        return variant
    edge, size, steps = variant.end, len(moving), 0
    while block := _bases(reference, variant.contig, edge + steps, edge + steps + _BLOCK):
        for base in block:
            if base != moving[steps % size]:
                return _moved(variant, steps)
            steps += 1
    return _moved(variant, steps)


def shift_on_strand(variant: Variant, strand: Strand, reference: Reference) -> Variant:
    """Place a normalised variant at the 3'-most spot in the direction of a strand."""
    return shift_right(variant, reference) if strand is Strand.PLUS else variant


def _shift_left(variant: Variant, reference: Reference) -> Variant:
    moving = variant.ref or variant.alt
    if variant.ref and variant.alt:
        return variant
    edge, size, steps = variant.start, len(moving), 0
    while block := _bases(reference, variant.contig, edge - steps - _BLOCK, edge - steps, from_right=True):
        for base in reversed(block):
            if base != moving[-1 - steps % size]:
                return _moved(variant, -steps)
            steps += 1
    return _moved(variant, -steps)


def _moved(variant: Variant, steps: int) -> Variant:
    """Rotate the inserted or deleted bases by ``steps`` and move the start along."""
    if not steps:
        return variant
    moving = variant.ref or variant.alt
    turn = steps % len(moving)
    turned = moving[turn:] + moving[:turn]
    field = "ref" if variant.ref else "alt"
    return replace(variant, start=variant.start + steps, **{field: turned})


def _bases(reference: Reference, contig: str, start: int, end: int, *, from_right: bool = False) -> str:
    """Fetch what the reference covers of a stretch, counted from one of its ends; ``""`` when nothing."""
    start = max(0, start)
    if start >= end:
        return ""
    stretch = reference.stretch_around(contig, end - 1 if from_right else start)
    if stretch is None:
        return ""
    return reference.fetch(contig, max(start, stretch.start), min(end, stretch.end))


def _short(bases: str) -> str:
    text = bases if len(bases) <= 24 else f"{bases[:12]}...{bases[-8:]} ({len(bases)} bases)"
    return repr(text)


def _hint(variant: Variant, reference: Reference) -> str:
    """Say what most often makes REF disagree, and whether a shift by one base would mend it."""
    for step, name in ((-1, "counts from 0"), (1, "counts from 1 where 0 was meant")):
        start = variant.start + step
        end = start + len(variant.ref)
        # Shorter alleles fit somewhere nearby too often for the hint to mean anything.
        if (
            len(variant.ref) > 3
            and start >= 0
            and _bases(reference, variant.contig, start, end) == variant.ref
        ):
            return (
                f"REF fits one base further {'left' if step < 0 else 'right'}: perhaps the position {name}."
            )
    build = f" ({reference.build})" if reference.build else ""
    return (
        f"Usual causes: the position belongs to another build than the reference{build}, "
        "or the allele is written on the gene's minus strand."
    )
