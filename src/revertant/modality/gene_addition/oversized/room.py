"""What stands beside a coding sequence, and takes room."""

from __future__ import annotations

from revertant.modality.gene_addition.oversized.halves import SplitRoom
from revertant.modality.gene_addition.packaging import REFERENCE_BP

__all__ = ["JOINING_BP", "LEAST_REGULATION_BP", "REGULATION_BP", "TERMINAL_REPEATS_BP", "dual_room"]

#: Two whole repeats of AAV2 (NC_001401.2).
TERMINAL_REPEATS_BP = 2 * 145
#: Promoter, polyadenylation signal and what stands between, as the catalogue of vehicles counts them.
REGULATION_BP = 500
#: The shortest set that works in people: HLP, 251 bp (Roctavian), and a synthetic polyadenylation signal of 49 bp.
LEAST_REGULATION_BP = 251 + 49
#: A splice site, and AK of 77 bp, beside each half of a hybrid dual vector. A general estimate.
JOINING_BP = 160


def dual_room(regulation_bp: int = REGULATION_BP, joining_bp: int = JOINING_BP) -> SplitRoom:
    """Share out what two AAV have room for: the promoter in one, the polyadenylation signal in the other.

    Parameters
    ----------
    regulation_bp
        Promoter and polyadenylation signal together; four fifths are taken for the promoter.
    joining_bp
        What each half carries to be joined; 0 where that is counted with the halves, as for an intein.

    Examples
    --------
    >>> room = dual_room(500, 0)
    >>> room.five_prime_bp, room.three_prime_bp
    (4010, 4310)
    """
    promoter = regulation_bp * 4 // 5
    each = REFERENCE_BP - TERMINAL_REPEATS_BP - joining_bp
    return SplitRoom(each - promoter, each - (regulation_bp - promoter))
