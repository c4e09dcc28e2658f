"""What a prime editor writes, worked out from the molecule and the sequence alone.

Nothing in here knows what was wanted. The spacer finds its protospacer, the nickase opens the strand that carries
the PAM, the primer binding site has to pair with the opened end base by base, the template is copied onto it, and
the new flap takes the place of as much old strand as its far end pairs with. Where any step has no answer, or
more than one, that is the answer.

The far end pairs where the longest stretch of it stands in the old strand downstream of the nick. Two places with
equally long stretches leave two possible products, and such a molecule is refused. How far an end can reach is
``FARTHEST_LANDING_NT``.
"""

from __future__ import annotations

from dataclasses import dataclass

from revertant.model import Strand
from revertant.sequence import is_dna, matches, reverse_complement

__all__ = ["FARTHEST_LANDING_NT", "NotWritten", "Written", "simulate"]

#: Bases beyond the length of a flap over which its end is followed: the longest deletions written with one pegRNA
#: are about 80 bp (doi:10.1038/s41586-019-1711-4).
FARTHEST_LANDING_NT = 80

#: An end that pairs over fewer bases than this holds nowhere.
LEAST_PAIRED_NT = 3


@dataclass(frozen=True, slots=True)
class Written:
    """The sequence after editing.

    Parameters
    ----------
    sequence
        The forward strand after editing.
    strand
        The strand that was nicked and written.
    nick
        Index, in the forward strand before editing, of the base right of the nick.
    flap
        What was written, 5'→3' on the nicked strand.
    replaced
        What it took the place of, on the same strand.
    paired_nt
        Bases over which the end of the flap pairs with the old sequence.
    rival_nt
        The same for the next best place; 0 where there is none.
    """

    sequence: str
    strand: Strand
    nick: int
    flap: str
    replaced: str
    paired_nt: int
    rival_nt: int


@dataclass(frozen=True, slots=True)
class NotWritten:
    """Why nothing certain is written."""

    because: str


def simulate(
    sequence: str, spacer: str, pbs: str, rtt: str, *, pam: str = "NGG", nick_offset: int = 3
) -> Written | NotWritten:
    """Apply one pegRNA to a sequence.

    Parameters
    ----------
    sequence
        The forward strand before editing.
    spacer, pbs, rtt
        The parts of the pegRNA, 5'→3' as DNA letters.
    pam
        IUPAC pattern of the PAM behind the protospacer.
    nick_offset
        Bases between nick and PAM.

    Returns
    -------
    Written or NotWritten
        The product, or why there is none to be sure of.

    Examples
    --------
    The published pegRNA 3.7 on the sickle allele of *HBB* (doi:10.1038/s41586-019-1711-4):

    >>> allele = "AACCATGGTGCACCTGACTCCTGTGGAGAAGTCTGCCGTTACTG"
    >>> found = simulate(allele, "CATGGTGCACCTGACTCCTG", "GAGTCAGGTGCAC", "AGACTTCTCCTCAG")
    >>> found.sequence
    'AACCATGGTGCACCTGACTCCTGAGGAGAAGTCTGCCGTTACTG'
    >>> simulate(allele, "CATGGTGCACCTGACTCCTG", "GAGTCAGGTGCAT", "AGACTTCTCCTCAG").because
    'the primer binding site does not pair with the nicked strand'
    """
    if not (spacer and pbs and rtt and all(map(is_dna, (spacer, pbs, rtt)))):
        return NotWritten("spacer, primer binding site and template must be plain DNA letters")
    sites = []
    for strand in (Strand.PLUS, Strand.MINUS):
        text = sequence if strand is Strand.PLUS else reverse_complement(sequence)
        at = text.find(spacer)
        while at >= 0:
            end = at + len(spacer)
            if matches(pam, text[end : end + len(pam)]):
                sites.append((strand, text, end - nick_offset))
            at = text.find(spacer, at + 1)
    if not sites:
        return NotWritten("the spacer has no protospacer with this PAM here")
    if len(sites) > 1:
        return NotWritten(f"the spacer has {len(sites)} protospacers here")
    strand, text, nick = sites[0]
    primer = reverse_complement(pbs)
    if nick < len(primer) or text[nick - len(primer) : nick] != primer:
        return NotWritten("the primer binding site does not pair with the nicked strand")
    flap = reverse_complement(rtt)
    landed = _landing(text[nick : nick + len(flap) + FARTHEST_LANDING_NT], flap)
    if isinstance(landed, NotWritten):
        return landed
    length, paired, rival = landed
    product = text[:nick] + flap + text[nick + length :]
    return Written(
        product if strand is Strand.PLUS else reverse_complement(product),
        strand,
        nick if strand is Strand.PLUS else len(text) - nick,
        flap,
        text[nick : nick + length],
        paired,
        rival,
    )


def _landing(downstream: str, flap: str) -> tuple[int, int, int] | NotWritten:
    """How many bases downstream of the nick the flap replaces, over how many its end pairs, and the next best."""
    best = rival = replaced = 0
    end = flap[-LEAST_PAIRED_NT:]
    at = downstream.find(end)
    while at >= 0:
        length = at + len(end)
        paired = len(end)
        while paired < min(length, len(flap)) and downstream[length - 1 - paired] == flap[-1 - paired]:
            paired += 1
        if paired > best:
            best, rival, replaced = paired, best, length
        elif paired > rival:
            rival = paired
        at = downstream.find(end, at + 1)
    if best < LEAST_PAIRED_NT:
        return NotWritten("the end of the flap pairs nowhere downstream of the nick")
    if best == rival:
        return NotWritten(f"the end of the flap pairs equally well ({best} nt) at two places")
    return replaced, best, rival
