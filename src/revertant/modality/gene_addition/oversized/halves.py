"""A gene in two halves that become one again, and the proof that they do.

Four ways are known. *Overlapping* genomes share a stretch and recombine in it. *Trans-splicing* genomes join end to
end, and the intron across the joint is spliced out. *Hybrid* ones do both: a recombinogenic stretch (AK, of phage F1)
lies in that intron. *Split inteins* join the two proteins. Every split is joined again by computation and compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from revertant.errors import NoDesignError, UsageError
from revertant.sequence import STOPS, is_dna, translate

__all__ = [
    "DualMethod",
    "DualSplit",
    "SplitRoom",
    "dual_splits",
    "join_overlapping",
    "join_spliced",
]

#: A compromise between room and recombination; the best overlap of ABCA4 was found by trying. A convention.
OVERLAP_BP = 250
#: Exon ends look like CAG or AAG before GT, and exons begin with G more often than not.
_EXON_END, _EXON_START = "AG", "G"


class DualMethod(StrEnum):
    """How two halves become one."""

    OVERLAPPING = "overlapping"
    TRANS_SPLICING = "trans-splicing"
    HYBRID = "hybrid AK"
    SPLIT_INTEIN = "split intein"


@dataclass(frozen=True, slots=True)
class SplitRoom:
    """What each vector has room for, between its ITRs and beside its promoter or polyadenylation signal.

    Parameters
    ----------
    five_prime_bp, three_prime_bp
        Bases for coding sequence and for what joins it.
    """

    five_prime_bp: int
    three_prime_bp: int


@dataclass(frozen=True, slots=True)
class DualSplit:
    """One way to cut a coding sequence in two.

    Parameters
    ----------
    method
        How the halves are joined.
    after_bp
        Bases of the coding sequence before the cut; for an overlap, before its 3' half begins.
    five_prime, three_prime
        What each vector carries, joining parts included, 5'→3'.
    joined
        What computation makes of the two: equal to the coding sequence.
    because
        Why here, in one sentence.
    """

    method: DualMethod
    after_bp: int
    five_prime: str
    three_prime: str
    joined: str
    because: str


def join_overlapping(five_prime: str, three_prime: str, least_bp: int = 20) -> str:
    """Recombine two genomes in the longest stretch that ends the first and begins the second.

    Raises
    ------
    NoDesignError
        When they share less than ``least_bp`` there.

    Examples
    --------
    >>> join_overlapping("AAACCCGGG", "CCGGGTTT", 5)
    'AAACCCGGGTTT'
    """
    for size in range(min(len(five_prime), len(three_prime)), least_bp - 1, -1):
        if five_prime.endswith(three_prime[:size]):
            return five_prime + three_prime[size:]
    raise NoDesignError(
        f"The halves do not overlap by {least_bp} bases.",
        remedy="Let the second begin before the first ends.",
    )


def join_spliced(five_prime: str, three_prime: str, donor: str, acceptor: str) -> str:
    """Splice across the joint of two genomes: everything from the donor to the acceptor is lost.

    Parameters
    ----------
    five_prime, three_prime
        The halves as they are carried; the first holds the donor, the second the acceptor.
    donor, acceptor
        Intron sequence from its first base (GT), and to its last (AG).

    Raises
    ------
    NoDesignError
        When the donor does not begin with GT, the acceptor not end with AG, or either is not where it must be.

    Examples
    --------
    >>> join_spliced("ATGCAG" + "GTAAGT", "TTTCAG" + "GCATAA", "GTAAGT", "TTTCAG")
    'ATGCAGGCATAA'
    """
    if not donor.startswith("GT") or not acceptor.endswith("AG"):
        raise NoDesignError(
            "An intron begins with GT and ends with AG; these parts do not.",
            where=f"donor {donor[:6]}, acceptor {acceptor[-6:]}",
            remedy="Give the donor from its GT on and the acceptor up to its AG.",
        )
    before, found_donor, _ = five_prime.rpartition(donor)
    _, found_acceptor, after = three_prime.partition(acceptor)
    if not found_donor or not found_acceptor:
        raise NoDesignError(
            "The halves do not hold the donor and the acceptor.",
            remedy="Join with the parts they were made with.",
        )
    return before + after


def dual_splits(
    cds: str,
    method: DualMethod,
    room: SplitRoom,
    *,
    donor: str = "",
    acceptor: str = "",
    recombinogenic: str = "",
    overlap_bp: int = OVERLAP_BP,
    most: int = 5,
) -> tuple[DualSplit, ...]:
    """Cut a coding sequence into two halves that fit, best balanced first, each proved to join again.

    Parameters
    ----------
    cds
        Coding sequence, stop codon included.
    method
        Any but the split intein, which is cut at the protein: see :func:`split_sites`.
    room
        What each vector has room for.
    donor, acceptor
        Splice sites for trans-splicing and hybrid.
    recombinogenic
        What both halves share in a hybrid (AK).
    overlap_bp
        Shared coding sequence of overlapping halves.
    most
        How many to return.

    Returns
    -------
    tuple[DualSplit, ...]
        Empty where no cut fits, or where repeats in the sequence would join it in another place.

    Raises
    ------
    UsageError
        When parts are missing or the sequence is no coding sequence.

    Examples
    --------
    >>> cds = "ATGGCTGAAGATCCGTTTCAAAGGCACCTATGGTAA"
    >>> found = dual_splits(cds, DualMethod.TRANS_SPLICING, SplitRoom(30, 40), donor="GTAAGT", acceptor="TTTCAG")
    >>> found[0].five_prime, found[0].three_prime, found[0].joined == cds
    ('ATGGCTGAAGATCCGTTTCAAAGGTAAGT', 'TTTCAGGCACCTATGGTAA', True)
    """
    _check(cds, method, donor, acceptor, recombinogenic)
    before, after = "", ""
    if method is not DualMethod.OVERLAPPING:
        before, after = donor + recombinogenic, recombinogenic + acceptor
    shared = overlap_bp if method is DualMethod.OVERLAPPING else 0
    first = max(1, len(cds) - room.three_prime_bp + len(after))
    last = min(len(cds) - 1, room.five_prime_bp - len(before) - shared, len(cds) - max(shared, 1))
    places = [
        cut
        for cut in range(first, last + 1)
        if shared or (cds[cut - len(_EXON_END) : cut] == _EXON_END and cds[cut] == _EXON_START)
    ]
    places.sort(
        key=lambda cut: (_unbalance(cut + shared + len(before), len(cds) - cut + len(after), room), cut)
    )
    made = []
    for cut in places:
        five, three = cds[: cut + shared] + before, after + cds[cut:]
        joined = (
            join_overlapping(five, three, shared)
            if method is DualMethod.OVERLAPPING
            else join_spliced(five, three, donor, acceptor)
        )
        if joined == cds:
            made.append(DualSplit(method, cut, five, three, joined, _because(method, cut, shared)))
        if len(made) == most:
            break
    return tuple(made)


def _check(cds: str, method: DualMethod, donor: str, acceptor: str, recombinogenic: str) -> None:
    if method is DualMethod.SPLIT_INTEIN:
        raise UsageError("A split intein is cut at the protein.", remedy="Use split_sites.")
    if not is_dna(cds) or len(cds) % 3 or cds[-3:] not in STOPS or "*" in translate(cds)[:-1]:
        raise UsageError(
            "This is no coding sequence: whole codons with one stop at the end are needed.",
            where=f"sequence of {len(cds)} bases",
        )
    if method is not DualMethod.OVERLAPPING and not (donor and acceptor):
        raise UsageError(
            f"{method} needs a splice donor and an acceptor.", remedy="Take them from the catalogue."
        )
    if method is DualMethod.HYBRID and not recombinogenic:
        raise UsageError("A hybrid needs a recombinogenic stretch.", remedy="Take AK from the catalogue.")


def _unbalance(five: int, three: int, room: SplitRoom) -> float:
    """How full the fuller vector is."""
    return max(five / room.five_prime_bp, three / room.three_prime_bp)


def _because(method: DualMethod, cut: int, shared: int) -> str:
    if method is DualMethod.OVERLAPPING:
        return f"Both halves carry bases {cut + 1} to {cut + shared}, in which they recombine."
    return f"After base {cut} the sequence reads AG|G, like the joint of two exons."
