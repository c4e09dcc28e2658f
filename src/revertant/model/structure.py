"""Structural changes: what is lost, gained, repeated or turned round, beyond the bases that say it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from revertant.model.locus import Locus

__all__ = ["Structure", "StructureKind"]


class StructureKind(StrEnum):
    """Kinds of structural change."""

    REPEAT_EXPANSION = "repeat_expansion"
    REPEAT_CONTRACTION = "repeat_contraction"
    DELETION = "deletion"
    TANDEM_DUPLICATION = "tandem_duplication"
    INVERSION = "inversion"
    INSERTION = "insertion"

    @property
    def label(self) -> str:
        """The kind in words."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Structure:
    """A structural change.

    Parameters
    ----------
    kind
        What it is.
    locus
        The reference stretch it is about: the whole repeat, the lost, doubled or inverted stretch, or, for an
        insertion, the place between two bases.
    size_bp
        Bases lost, gained or turned round.
    unit
        The repeat's unit on the forward strand, empty for other kinds.
    copies_before, copies
        Units the reference holds and units this allele holds; 0 for other kinds.

    Examples
    --------
    >>> Structure(StructureKind.REPEAT_EXPANSION, Locus("chr4", 10, 67), 63, "CAG", 19, 40).words
    'repeat expansion of CAG from 19 to 40 units'
    """

    kind: StructureKind
    locus: Locus
    size_bp: int
    unit: str = ""
    copies_before: int = 0
    copies: int = 0

    @property
    def is_repeat(self) -> bool:
        """Whether it is a change of a repeat's length."""
        return bool(self.unit)

    @property
    def words(self) -> str:
        """The change in words."""
        if self.unit:
            return f"{self.kind.label} of {self.unit} from {self.copies_before} to {self.copies} units"
        return f"{self.kind.label} of {self.size_bp:,} bp"
