"""Twin prime editing: two pegRNAs on opposite strands whose flaps pair with each other.

What lies between the two nicks is replaced by what the flaps hold together, whatever its length was: so a long
insertion can be taken out, and a stretch longer than one template can be written (doi:10.1038/s41587-021-01133-w).
The plus strand's flap begins the new sequence at its left end, the minus strand's at its right end, and over their
far ends they are complementary.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from revertant.modality.prime_editing.pegrna import Rewrite, preferred_pbs_nt, sites_of
from revertant.modality.prime_editing.simulate import NotWritten
from revertant.model import Strand
from revertant.sequence import find_pattern, is_dna, matches, reverse_complement

__all__ = [
    "LONGEST_FLAP_NT",
    "LONGEST_REPLACED_NT",
    "LONGEST_WRITTEN_NT",
    "OVERLAP_NT",
    "TwinPair",
    "TwinPegrna",
    "TwinWritten",
    "simulate_twin",
    "twin_pairs",
]

#: Bases over which the flaps pair: this project's own rule of thumb, near the fully paired 38 nt first published.
OVERLAP_NT = 30
#: Longest flap (own rule of thumb); two of them with their overlap write at most ``LONGEST_WRITTEN_NT``.
LONGEST_FLAP_NT = 60
LONGEST_WRITTEN_NT = 2 * LONGEST_FLAP_NT - OVERLAP_NT
#: Longest stretch between the nicks; twin prime editing has deleted some 800 bp (doi:10.1038/s41587-021-01133-w).
LONGEST_REPLACED_NT = 800
#: Flaps that pair over fewer bases than this hold nowhere.
LEAST_OVERLAP_NT = 10


@dataclass(frozen=True, slots=True)
class TwinPegrna:
    """One of the two pegRNAs.

    Parameters
    ----------
    strand
        The strand that reads as the spacer and is written.
    nick
        Index, on the forward strand before editing, of the base right of the nick.
    start
        Index of the protospacer's leftmost base there.
    spacer, pam, pbs, rtt
        5'→3' as DNA letters.
    """

    strand: Strand
    nick: int
    start: int
    spacer: str
    pam: str
    pbs: str
    rtt: str


@dataclass(frozen=True, slots=True)
class TwinPair:
    """Two pegRNAs that write one stretch together.

    Parameters
    ----------
    plus, minus
        The pegRNA of either strand.
    written
        What stands between the nicks afterwards, forward strand.
    replaced_nt
        What stood there before, in bases.
    overlap_nt
        Bases over which the flaps pair.
    """

    plus: TwinPegrna
    minus: TwinPegrna
    written: str
    replaced_nt: int
    overlap_nt: int

    @property
    def order(self) -> tuple[bool, int, int, int]:
        """Best first: no extension that begins with C or holds TTTT, then least to write and to replace."""
        faults = any(
            (one.rtt + one.pbs).startswith("C") or "TTTT" in one.rtt + one.pbs
            for one in (self.plus, self.minus)
        )
        return faults, len(self.written), self.replaced_nt, self.plus.nick


def twin_pairs(
    before: str, after: str, pam: str = "NGG", *, spacer_nt: int = 20, nick_offset: int = 3
) -> Iterator[TwinPair]:
    """Find every pair of pegRNAs that replaces one sequence by another, with the preferred primer binding sites.

    Parameters
    ----------
    before, after
        Forward strands between the same ends.
    pam, spacer_nt, nick_offset
        The nickase.

    Yields
    ------
    TwinPair
        From left to right. The PAMs face each other.

    Examples
    --------
    >>> left, right = "TTACGATCAACGTAGCTAGGATTCACGATGGCT", "CATCCATTAGCAAGTCCTAACGGTCATTGCATCGA"
    >>> [pair] = twin_pairs(left + "ACGTTGCA" * 10 + right, left + right)
    >>> pair.written, pair.replaced_nt
    ('CGATGGCTCATCCATTA', 97)
    """
    plus, minus = Rewrite.of(before, after), Rewrite.of(before, after, Strand.MINUS)
    shift = len(after) - len(before)
    lefts, rights = (_nicks(change, pam, spacer_nt, nick_offset) for change in (plus, minus))
    for (left, left_spacer, left_pam), (turned, right_spacer, right_pam) in product(lefts, rights):
        right = len(before) - turned
        written = after[left : right + shift]
        if not (0 < len(written) <= LONGEST_WRITTEN_NT and left < right <= left + LONGEST_REPLACED_NT):
            continue
        if not is_dna(written):
            continue
        flap = min(len(written), (len(written) + OVERLAP_NT + 1) // 2)
        overlap = 2 * flap - len(written)
        pair = []
        for change, nick, spacer, found, new in (
            (plus, left, left_spacer, left_pam, written),
            (minus, turned, right_spacer, right_pam, reverse_complement(written)),
        ):
            primer = change.before[nick - preferred_pbs_nt(spacer) : nick]
            end = nick + nick_offset
            start = end - spacer_nt if change is plus else len(before) - end
            pair.append(
                TwinPegrna(
                    change.strand,
                    change.forward_index(nick),
                    start,
                    spacer,
                    found,
                    reverse_complement(primer),
                    reverse_complement(new[:flap]),
                )
            )
        if overlap >= LEAST_OVERLAP_NT:
            yield TwinPair(pair[0], pair[1], written, right - left, overlap)


def _nicks(change: Rewrite, pam: str, spacer_nt: int, nick_offset: int) -> Iterator[tuple[int, str, str]]:
    """Every nick before the edit on one strand, with spacer and PAM: its primer must be plain, its site single."""
    text, turned = change.before, reverse_complement(change.before)
    low = max(change.start - LONGEST_WRITTEN_NT + nick_offset, spacer_nt)
    for at in find_pattern(pam, text[low : change.start + nick_offset + len(pam)]):
        end = low + at
        spacer = text[end - spacer_nt : end]
        if is_dna(spacer) and sites_of(spacer, pam, text) + sites_of(spacer, pam, turned) == 1:
            yield end - nick_offset, spacer, text[end : end + len(pam)]


@dataclass(frozen=True, slots=True)
class TwinWritten:
    """The forward strand after twin editing, and over how many bases the flaps paired."""

    sequence: str
    overlap_nt: int


def simulate_twin(
    sequence: str,
    one: tuple[str, str, str],
    other: tuple[str, str, str],
    *,
    pam: str = "NGG",
    nick_offset: int = 3,
) -> TwinWritten | NotWritten:
    """Apply two pegRNAs to a sequence, knowing nothing of what was wanted.

    Parameters
    ----------
    sequence
        The forward strand before editing.
    one, other
        Spacer, primer binding site and template of each, 5'→3' as DNA letters.
    pam, nick_offset
        The nickase.

    Examples
    --------
    >>> left, right = "TTACGATCAACGTAGCTAGGATTCACGATGGCT", "CATCCATTAGCAAGTCCTAACGGTCATTGCATCGA"
    >>> before = left + "ACGTTGCA" * 10 + right
    >>> [pair] = twin_pairs(before, left + right)
    >>> parts = [(peg.spacer, peg.pbs, peg.rtt) for peg in (pair.plus, pair.minus)]
    >>> simulate_twin(before, *parts).sequence == left + right
    True
    """
    opened: dict[Strand, tuple[int, str]] = {}
    for spacer, pbs, rtt in (one, other):
        for strand in (Strand.PLUS, Strand.MINUS):
            text = sequence if strand is Strand.PLUS else reverse_complement(sequence)
            at = text.find(spacer)
            while at >= 0:
                end = at + len(spacer)
                if matches(pam, text[end : end + len(pam)]):
                    if strand in opened:
                        return NotWritten("both spacers, or one twice, lie on one strand")
                    nick, primer = end - nick_offset, reverse_complement(pbs)
                    if text[max(nick - len(primer), 0) : nick] != primer:
                        return NotWritten("a primer binding site does not pair with the nicked strand")
                    opened[strand] = (nick, reverse_complement(rtt))
                at = text.find(spacer, at + 1)
    if len(opened) < 2:
        return NotWritten("a spacer has no protospacer with this PAM here")
    left, head = opened[Strand.PLUS]
    turned, flap = opened[Strand.MINUS]
    right, tail = len(sequence) - turned, reverse_complement(flap)
    if right <= left:
        return NotWritten("the flaps point away from each other")
    most = min(len(head), len(tail))
    paired = [size for size in range(LEAST_OVERLAP_NT, most + 1) if head[-size:] == tail[:size]]
    if not paired:
        return NotWritten("the flaps do not pair with each other")
    if len(paired) > 1:
        return NotWritten("the flaps pair in more than one way")
    return TwinWritten(sequence[:left] + head + tail[paired[0] :] + sequence[right:], paired[0])
