"""One sequence a person carries over a stretch of the reference, with coordinate maps both ways.

A haplotype is a chain of blocks. Each block pairs some haplotype bases with some reference bases: copied
stretches pair them one to one; a changed stretch pairs as many as both have, the rest is deleted or
inserted. An inserted base belongs to its *anchor*, the reference base to its left, as in VCF (at the very
start of a contig, the one to its right). So neighbouring intervals never share and never lose an inserted
base, and haplotype windows of neighbouring intervals join to the window of both.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from revertant.model import Locus, Strand, Variant

__all__ = ["Block", "HaplotypeWindow", "compose", "span_of", "touched", "trimmed"]


@dataclass(frozen=True, slots=True)
class Block:
    """``length`` haplotype bases from ``start`` on that stand for ``ref_length`` bases from ``ref_start`` on.

    For an insertion ``ref_length`` is 0 and ``ref_start`` is the anchor.
    """

    start: int
    length: int
    ref_start: int
    ref_length: int


@dataclass(frozen=True, slots=True)
class HaplotypeWindow:
    """One distinct sequence a person carries, or may carry, over a reference interval.

    Parameters
    ----------
    locus
        The reference interval.
    bases
        The sequence on the forward strand; longer or shorter than the interval where there are indels.
    variants
        The variants that shape it, in order.
    haplotypes
        ``("1",)``, ``("2",)`` or both: the copies that carry it (comparable within one phase set only);
        ``("putative",)`` when phase is not known; ``("reference",)`` when no calls were given.
    blocks
        The pairing with the reference.
    certain
        Whether the person surely carries this very sequence. False for one of several possible combinations.
    complete
        False when more combinations are possible than were listed.

    Examples
    --------
    >>> window = HaplotypeWindow.of_reference(Locus("chr1", 100, 104), "ACGT")
    >>> window.to_reference(2), window.from_reference(103), window.reference_locus(1, 3, Strand.MINUS).start
    (102, 3, 101)
    """

    locus: Locus
    bases: str
    variants: tuple[Variant, ...] = ()
    haplotypes: tuple[str, ...] = ("reference",)
    blocks: tuple[Block, ...] = field(default=(), repr=False)
    certain: bool = True
    complete: bool = True

    @classmethod
    def of_reference(
        cls, locus: Locus, bases: str, haplotypes: tuple[str, ...] = ("reference",)
    ) -> HaplotypeWindow:
        """Make the window of an unchanged stretch."""
        blocks = (Block(0, len(bases), locus.start, len(bases)),) if bases else ()
        return cls(locus, bases, (), haplotypes, blocks)

    def __len__(self) -> int:
        return len(self.bases)

    def to_reference(self, index: int) -> int:
        """Map an index in ``bases`` to a reference position; inserted bases map to their anchor.

        Raises
        ------
        IndexError
            When the index is not in the window.
        """
        if not 0 <= index < len(self.bases):
            msg = f"the window has {len(self.bases)} bases, no base {index}"
            raise IndexError(msg)
        block = self.blocks[bisect_right(self.blocks, index, key=lambda block: block.start) - 1]
        return block.ref_start + min(index - block.start, max(block.ref_length - 1, 0))

    def from_reference(self, position: int) -> int | None:
        """Map a reference position to an index in ``bases``; ``None`` when it is deleted or outside."""
        index = bisect_right(self.blocks, position, key=lambda block: block.ref_start) - 1
        while index >= 0 and not self.blocks[index].ref_length:  # insertions share their anchor's position
            index -= 1
        if index < 0:
            return None
        block = self.blocks[index]
        offset = position - block.ref_start
        return block.start + offset if offset < min(block.length, block.ref_length) else None

    def reference_locus(self, start: int, end: int, strand: Strand = Strand.PLUS) -> Locus:
        """Return the reference stretch of the bases ``[start, end)``, bases deleted between them included.

        Raises
        ------
        IndexError
            When the slice is empty or not in the window.
        """
        if start >= end:
            msg = f"an empty slice {start}..{end} has no place on the reference"
            raise IndexError(msg)
        return Locus(self.locus.contig, self.to_reference(start), self.to_reference(end - 1) + 1, strand)


def trimmed(variant: Variant) -> tuple[int, str, str]:
    """Return start, REF and ALT without the bases both alleles share, first at the right, then at the left.

    Examples
    --------
    >>> trimmed(Variant("chr1", 10, "CAG", "CG"))
    (11, 'A', '')
    """
    start, ref, alt = variant.start, variant.ref, variant.alt
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        start, ref, alt = start + 1, ref[1:], alt[1:]
    return start, ref, alt


def touched(variant: Variant) -> tuple[int, int]:
    """Return the reference stretch a variant belongs to: the bases it replaces, or an insertion's anchor.

    Examples
    --------
    >>> touched(Variant("chr1", 10, "", "A")), touched(Variant("chr1", 10, "CA", "C"))
    ((9, 10), (11, 12))
    """
    start, ref, _ = trimmed(variant)
    if ref:
        return start, start + len(ref)
    anchor = max(start - 1, 0)
    return anchor, anchor + 1


def span_of(variant: Variant) -> tuple[int, int]:
    """Return the stretch a variant takes up in a chain of neighbours.

    A base more on either side than it changes: an insertion belongs to the base at its left.

    Examples
    --------
    >>> span_of(Variant("1", 5, "A", "G")), span_of(Variant("1", 5, "", "G"))
    ((4, 7), (4, 6))
    """
    start, ref, _ = trimmed(variant)
    return max(start - 1, 0), start + len(ref) + 1


def compose(
    locus: Locus, reference_bases: str, variants: tuple[Variant, ...]
) -> tuple[str, tuple[Block, ...]]:
    """Lay variants of one copy over the reference bases of an interval.

    Parameters
    ----------
    locus
        The interval.
    reference_bases
        Its reference bases.
    variants
        Variants that touch the interval and do not clash. One that reaches across an edge counts with the
        part inside.

    Returns
    -------
    tuple[str, tuple[Block, ...]]
        The haplotype's bases and their pairing with the reference.

    Examples
    --------
    >>> changes = Variant("chr1", 1, "CG", ""), Variant("chr1", 5, "", "TT")
    >>> compose(Locus("chr1", 0, 6), "ACGTAC", changes)[0]
    'ATATTC'
    """
    parts: list[str] = []
    blocks: list[Block] = []
    made = 0
    at = locus.start

    def add(bases: str, ref_start: int, ref_length: int) -> None:
        nonlocal made
        if bases or ref_length:
            parts.append(bases)
            blocks.append(Block(made, len(bases), ref_start, ref_length))
            made += len(bases)

    for start, ref, alt in sorted(trimmed(variant) for variant in variants):
        if ref:
            # An edge cuts between paired bases; those that ALT has too many go with the last REF base.
            low, high = max(start, locus.start), min(start + len(ref), locus.end)
            if low < high:
                upto = len(alt) if high == start + len(ref) else high - start
                add(reference_bases[at - locus.start : low - locus.start], at, low - at)
                add(alt[low - start : upto], low, high - low)
                at = high
        else:
            anchor = max(start - 1, 0)
            if locus.start <= anchor < locus.end:
                add(reference_bases[at - locus.start : start - locus.start], at, start - at)
                add(alt, anchor, 0)
                at = start
    add(reference_bases[at - locus.start :], at, locus.end - at)
    return "".join(parts), tuple(blocks)
