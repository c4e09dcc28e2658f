"""A guide RNA at its place on a person's sequence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from revertant.model.locus import Locus
from revertant.model.variant import Variant

__all__ = ["Guide", "PamSide"]


class PamSide(StrEnum):
    """The side of the protospacer on which the PAM lies."""

    THREE_PRIME = "3'"
    FIVE_PRIME = "5'"


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide RNA at its place, as this person carries it.

    Parameters
    ----------
    spacer
        5'→3', written as DNA.
    pam
        The PAM found on this person's allele; ``pam_pattern`` the IUPAC pattern it satisfies.
    pam_side
        Where the PAM lies.
    locus
        The protospacer without PAM on the reference; its strand is the one that reads as the spacer. Where
        the patient has an indel inside, its length differs from the spacer's.
    variants
        The person's variants inside spacer or PAM: the guide differs from the reference by these.
    haplotypes
        The copies it lies on (``"1"``, ``"2"``), or ``("putative",)`` when phase is unknown.
    """

    spacer: str
    pam: str
    pam_pattern: str
    pam_side: PamSide
    locus: Locus
    variants: tuple[Variant, ...] = ()
    haplotypes: tuple[str, ...] = ()

    @property
    def target_with_pam(self) -> str:
        """Protospacer and PAM, 5'→3' on the guide's strand."""
        return self.spacer + self.pam if self.pam_side is PamSide.THREE_PRIME else self.pam + self.spacer
