"""Sequence variants, and what one person carries of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from revertant.model.locus import Locus

__all__ = ["Call", "Variant", "VariantKind"]


class VariantKind(StrEnum):
    """What a variant does to the sequence."""

    SUBSTITUTION = "substitution"
    MULTI_SUBSTITUTION = "multi_substitution"
    INSERTION = "insertion"
    DELETION = "deletion"
    DELETION_INSERTION = "deletion_insertion"


@dataclass(frozen=True, slots=True, order=True)
class Variant:
    """A replacement of reference bases, on the forward strand.

    Parameters
    ----------
    contig
        The contig's name as the reference spells it.
    start
        0-based position of the first base of ``ref`` (of the place between bases when ``ref`` is empty).
    ref, alt
        Upper-case bases; either may be empty, not both. :func:`revertant.variant.normalise` brings a variant
        into the one form in which equal variants are equal (trimmed, then shifted left as VCF asks).

    Examples
    --------
    >>> sickle = Variant("chr11", 5227001, "T", "A")
    >>> str(sickle), sickle.spdi, sickle.kind.value
    ('chr11:5227002:T:A', 'chr11:5227001:T:A', 'substitution')
    """

    contig: str
    start: int
    ref: str
    alt: str

    def __post_init__(self) -> None:
        if self.start < 0:
            msg = f"a variant starts at 0 or later, got {self.start}"
            raise ValueError(msg)
        if self.ref == self.alt:
            msg = f"REF and ALT are both {self.ref!r}: nothing is changed"
            raise ValueError(msg)

    def __str__(self) -> str:
        return f"{self.contig}:{self.start + 1}:{self.ref or '-'}:{self.alt or '-'}"

    @property
    def end(self) -> int:
        """0-based end, half-open, of the replaced reference bases."""
        return self.start + len(self.ref)

    @property
    def locus(self) -> Locus:
        """The replaced reference bases."""
        return Locus(self.contig, self.start, self.end)

    @property
    def spdi(self) -> str:
        """The variant as SPDI text (0-based)."""
        return f"{self.contig}:{self.start}:{self.ref}:{self.alt}"

    @property
    def kind(self) -> VariantKind:
        """What the variant does to the sequence, judged on the trimmed alleles."""
        ref, alt = self.ref, self.alt
        while ref and alt and ref[-1] == alt[-1]:
            ref, alt = ref[:-1], alt[:-1]
        while ref and alt and ref[0] == alt[0]:
            ref, alt = ref[1:], alt[1:]
        if not ref:
            return VariantKind.INSERTION
        if not alt:
            return VariantKind.DELETION
        if len(ref) == len(alt):
            return VariantKind.SUBSTITUTION if len(ref) == 1 else VariantKind.MULTI_SUBSTITUTION
        return VariantKind.DELETION_INSERTION


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """One alternative allele in one person.

    Parameters
    ----------
    variant
        The normalised variant.
    copies
        For each chromosome copy, whether it carries the variant: ``(True, False)`` is a heterozygote,
        ``(True,)`` a haploid carrier. The order of the copies means something only within a phase set.
    phase_set
        Name of the phase set, ``None`` when unphased. Homozygous calls need none.
    origin
        Where the call comes from: ``"vcf"`` or ``"case"``.
    moved
        By how many bases normalisation moved an indel left: the file has it so much further right in its repeat.
        Beside another change of the same repeat that place says what the sequence is.

    Examples
    --------
    >>> call = Call(Variant("chr1", 5, "A", "G"), (False, True), phase_set="1")
    >>> call.is_phased, call.is_heterozygous
    (True, True)
    """

    variant: Variant
    copies: tuple[bool, ...]
    phase_set: str | None = None
    origin: str = "vcf"
    moved: int = 0

    def __post_init__(self) -> None:
        if not any(self.copies):
            msg = f"{self.variant}: a call needs at least one copy that carries the variant"
            raise ValueError(msg)
        if self.moved and (self.moved < 0 or (self.variant.ref and self.variant.alt)):
            msg = f"{self.variant}: only an insertion or a deletion can be moved, and only to the left"
            raise ValueError(msg)

    @property
    def is_heterozygous(self) -> bool:
        """Whether some copies carry the variant and others do not."""
        return not all(self.copies)

    @property
    def is_phased(self) -> bool:
        """Whether it is known which copies carry the variant (always so when all do)."""
        return self.phase_set is not None or all(self.copies)
