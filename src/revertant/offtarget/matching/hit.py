"""A site within one sequence, before it has a place on a genome."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.model import OffTargetRequest, PamSide, Strand
from revertant.offtarget.matching.alignment import Alignment
from revertant.sequence import reverse_complement

__all__ = ["Hit", "hit_at", "outward", "reach_of", "zone_of"]


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """One site of one guide in one sequence.

    Parameters
    ----------
    sequence
        Index of the sequence searched.
    pam_start
        0-based, leftmost base of the PAM on the sequence as given (whatever the strand).
    strand
        The strand that reads as the guide.
    start, end
        The aligned DNA without PAM, on the sequence as given.
    pam
        The PAM found, 5'→3' on the guide's strand.
    aligned_spacer, aligned_target
        The alignment, 5'→3' on the guide's strand.
    mismatches, dna_bulges, rna_bulges
        Edits in it.
    """

    sequence: int
    pam_start: int
    strand: Strand
    start: int
    end: int
    pam: str
    aligned_spacer: str
    aligned_target: str
    mismatches: int
    dna_bulges: int = 0
    rna_bulges: int = 0

    @property
    def footprint(self) -> tuple[int, int]:
        """The aligned DNA and the PAM together, on the sequence as given."""
        return min(self.start, self.pam_start), max(self.end, self.pam_start + len(self.pam))


def outward(spacer: str, side: PamSide) -> str:
    """Turn a spacer (5'→3') into the order in which it leads away from the PAM, or back.

    Examples
    --------
    >>> outward("AACG", PamSide.THREE_PRIME), outward("AACG", PamSide.FIVE_PRIME)
    ('GCAA', 'AACG')
    """
    return spacer[::-1] if side is PamSide.THREE_PRIME else spacer


def reach_of(request: OffTargetRequest) -> int:
    """Return the longest stretch, PAM included, that a site of this guide can cover."""
    return len(request.spacer) + request.limits.dna_bulges + len(request.pam)


def zone_of(hit: Hit, request: OffTargetRequest) -> tuple[int, int]:
    """Return the PAM and all DNA beside it that has a say in a hit's alignment, whether it is aligned or not.

    It may reach over an end of the sequence.

    Examples
    --------
    >>> from revertant.model import SearchLimits
    >>> hit = Hit(0, 40, Strand.PLUS, 21, 40, "AGG", "", "", 0)
    >>> zone_of(hit, OffTargetRequest("A" * 20, "NGG", limits=SearchLimits(dna_bulges=1)))
    (19, 43)
    """
    depth = len(request.spacer) + request.limits.dna_bulges
    if hit.start < hit.pam_start:
        return hit.pam_start - depth, hit.pam_start + len(request.pam)
    return hit.pam_start, hit.pam_start + len(request.pam) + depth


def hit_at(
    request: OffTargetRequest,
    sequence: int,
    pam_start: int,
    strand: Strand,
    *,
    pam: str,
    alignment: Alignment,
) -> Hit:
    """Place an alignment on its sequence.

    Parameters
    ----------
    request
        The guide.
    sequence
        Index of the sequence.
    pam_start
        Leftmost base of the PAM on the sequence as given.
    strand
        The guide's strand.
    pam
        The PAM bases as the given sequence spells them.
    alignment
        The alignment, outward from the PAM.
    """
    length = alignment.dna_length
    # The DNA lies left of the PAM when reading outward goes left.
    leftward = (request.pam_side is PamSide.THREE_PRIME) == (strand is Strand.PLUS)
    start = pam_start - length if leftward else pam_start + len(pam)
    return Hit(
        sequence,
        pam_start,
        strand,
        start,
        start + length,
        pam if strand is Strand.PLUS else reverse_complement(pam),
        outward(alignment.guide, request.pam_side),
        outward(alignment.dna, request.pam_side),
        alignment.mismatches,
        alignment.dna_bulges,
        alignment.rna_bulges,
    )
