"""RNA-guided nucleases: what they bind, and where they cut.

The cut is counted in bases from the PAM, once on each strand. "Top" is the strand that carries the PAM as
written (it reads like the spacer); "bottom" is the strand the guide pairs with. Equal counts are a blunt cut;
Cas12a cuts the bottom strand further from its PAM and leaves a 5' overhang.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Iupac, Row, load_rows
from revertant.model import PamSide

__all__ = ["Nuclease", "nucleases"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nuclease(Row):
    """One nuclease.

    Parameters
    ----------
    name, origin
        Display name; the species, or the protein it was engineered from.
    family
        ``cas9`` (3' PAM), ``cas12a`` or ``cas12e`` (5' PAM).
    pam, pam_side, spacer_nt
        The PAM guides are designed for, its side of the protospacer, and the usual spacer length.
    off_target_pam
        The wider pattern that is still cut, which an off-target search uses; empty when it is ``pam``.
    cut_offset_top, cut_offset_bottom
        Bases between the PAM and the cut on the top and the bottom strand.
    seed_nt
        Bases next to the PAM where a mismatch usually stops cutting: a rule of thumb of the family.
    cfd_defined
        True only for the nuclease and PAM the CFD score was fitted on.
    high_fidelity
        Engineered to tolerate fewer mismatches.
    cds_bp
        Coding length with stop codon, without tags; ``None`` when not known here.
    checked_against
        What ``checked`` rests on.
    note
        What a designer should know.

    Examples
    --------
    >>> cas9, cas12a = nucleases()["spcas9"], nucleases()["ascas12a"]
    >>> cas9.search_pam, cas9.cut_places(), cas9.overhang_nt
    ('NRG', (17, 17), 0)
    >>> cas12a.cut_places(), cas12a.overhang_nt, cas12a.overhang
    ((18, 23), 5, "5' overhang of 5 nt")
    """

    name: str
    origin: str
    family: Literal["cas9", "cas12a", "cas12e"]
    pam: Iupac
    pam_side: PamSide
    spacer_nt: int
    cut_offset_top: int
    cut_offset_bottom: int
    seed_nt: int
    off_target_pam: Iupac = ""
    cfd_defined: bool = False
    high_fidelity: bool = False
    cds_bp: int | None = None
    checked_against: str = ""
    note: str = ""

    @property
    def search_pam(self) -> str:
        """The PAM pattern an off-target search uses."""
        return self.off_target_pam or self.pam

    @property
    def overhang_nt(self) -> int:
        """Length of the single-stranded end; 0 is a blunt cut."""
        return abs(self.cut_offset_bottom - self.cut_offset_top)

    @property
    def overhang(self) -> str:
        """The kind of end, in words."""
        if not self.overhang_nt:
            return "blunt"
        five_prime = (self.cut_offset_bottom > self.cut_offset_top) == (self.pam_side is PamSide.FIVE_PRIME)
        return f"{5 if five_prime else 3}' overhang of {self.overhang_nt} nt"

    def fused_bp(self, residues: int) -> int | None:
        """Return a lower bound of the coding length with so many residues fused to it, linkers and tags not counted.

        It can show that an editor does *not* fit a vehicle, never that it does. ``None`` when the nuclease's own
        length is not known.

        Examples
        --------
        >>> nucleases()["spcas9"].fused_bp(100)
        4407
        """
        return None if self.cds_bp is None else self.cds_bp + 3 * residues

    def cut_places(self, spacer_nt: int = 0) -> tuple[int, int]:
        """Return the cuts (top, bottom) as the number of protospacer bases 5' of them.

        Counting runs along the strand that reads as the spacer, for both cuts. A value past the spacer lies
        beyond the protospacer's PAM-distal end.

        Parameters
        ----------
        spacer_nt
            Length of the spacer in use; 0 is the nuclease's usual one.
        """
        length = spacer_nt or self.spacer_nt
        if self.pam_side is PamSide.FIVE_PRIME:
            return self.cut_offset_top, self.cut_offset_bottom
        return length - self.cut_offset_top, length - self.cut_offset_bottom

    def problems(self) -> Iterator[str]:
        """Yield what is wrong between the fields of this row."""
        if not 16 <= self.spacer_nt <= 30:
            yield f"a spacer of {self.spacer_nt} nt is not plausible"
        if min(self.cut_offset_top, self.cut_offset_bottom, self.seed_nt) < 1:
            yield "cut offsets and seed count from 1 upwards"
        if (self.family == "cas9") != (self.pam_side is PamSide.THREE_PRIME):
            yield f"family {self.family} does not fit a {self.pam_side} PAM"
        if self.cfd_defined and (self.pam, self.spacer_nt, self.high_fidelity) != ("NGG", 20, False):
            yield "CFD is defined for 20-nt NGG wild-type SpCas9 only"
        if self.cds_bp is not None and self.cds_bp % 3:
            yield f"a coding length of {self.cds_bp} is no whole number of codons"
        if self.checked != bool(self.checked_against):
            yield "checked and checked_against go together"


@cache
def nucleases() -> Mapping[str, Nuclease]:
    """Return all nucleases by key.

    Examples
    --------
    >>> nucleases()["sacas9"].pam, nucleases()["sacas9"].spacer_nt
    ('NNGRRT', 21)
    """
    return load_rows("nucleases.toml", Nuclease)
