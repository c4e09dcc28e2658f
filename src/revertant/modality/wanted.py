"""The allele an edit should leave behind: this person's copy with some variants gone and others put in."""

from __future__ import annotations

from collections.abc import Iterable

from revertant.errors import IncompatibleInputsError
from revertant.genome import HaplotypeWindow, Reference
from revertant.genome.haplotype import compose
from revertant.model import Variant

__all__ = ["wanted_window"]


def wanted_window(
    window: HaplotypeWindow,
    reference: Reference,
    *,
    gone: Iterable[Variant] = (),
    come: Iterable[Variant] = (),
) -> HaplotypeWindow:
    """Return a haplotype over the same interval with variants taken away or put in.

    Everything else this copy carries stays as it is.

    Parameters
    ----------
    window
        The copy as the person carries it.
    reference
        The reference under it.
    gone
        Variants to take away, named as the window names them.
    come
        Variants to put in, against the reference.

    Raises
    ------
    IncompatibleInputsError
        Code ``not-carried`` when the window does not carry a variant that should go; ``overlapping-variants``
        when one that should come touches bases another variant of the copy changes.

    Examples
    --------
    >>> from revertant.genome import PatientGenome
    >>> from revertant.model import Call, Locus
    >>> reference = Reference.from_sequences({"s": "ACGTACGTAC"})
    >>> sick, own = Variant("s", 3, "T", "A"), Variant("s", 6, "G", "C")
    >>> [window] = PatientGenome(reference, [Call(v, (True, True)) for v in (sick, own)]).windows(Locus("s", 0, 10))
    >>> window.bases, wanted_window(window, reference, gone=[sick]).bases
    ('ACGAACCTAC', 'ACGTACCTAC')
    """
    left = list(window.variants)
    for variant in gone:
        if variant not in left:
            raise IncompatibleInputsError(
                f"The sequence does not carry {variant}, so it cannot be taken away.",
                where=str(window.locus),
                remedy="Name a variant of this copy as its window names it.",
                code="not-carried",
            )
        left.remove(variant)
    for variant in come:
        if any(variant.start < other.end and other.start < variant.end for other in left):
            raise IncompatibleInputsError(
                f"{variant} overlaps another variant of this copy.",
                where=str(window.locus),
                remedy="Take the other variant away first, or merge the two.",
                code="overlapping-variants",
            )
        left.append(variant)
    locus = window.locus
    variants = tuple(sorted(left))
    bases, blocks = compose(locus, reference.fetch(locus.contig, locus.start, locus.end), variants)
    return HaplotypeWindow(locus, bases, variants, window.haplotypes, blocks, window.certain, window.complete)
