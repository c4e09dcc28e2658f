"""Every pegRNA that writes one sequence in the place of another, on plain strings.

Everything is done on the strand that carries the PAM, read 5'→3': the bases left of the nick are the primer, those
right of it are rewritten. So an edit can be written from a nick when both sequences are the same up to it. The
first base that differs is taken as far 3' as a repeat allows, since that gives the shortest template.

A template must reach past the edit, and its far end must stand in one place only of the old strand downstream:
else the flap could settle elsewhere. Which pegRNAs are tried first follows published rules, and figures that those
rules can be held against; nothing that fits is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from revertant.modality.prime_editing.simulate import FARTHEST_LANDING_NT
from revertant.model import Strand
from revertant.sequence import find_pattern, is_dna, matches, reverse_complement

__all__ = [
    "FARTHEST_EDIT_NT",
    "HOMOLOGY_NT",
    "LONGEST_EDIT_NT",
    "PBS_NT",
    "Pegrna",
    "Placement",
    "Rewrite",
    "pegrnas",
    "placements",
    "preferred_pbs_nt",
    "sites_of",
]

#: Primer binding sites tried (pegFinder, doi:10.1038/s41551-020-00622-8).
PBS_NT = (8, 17)
#: Bases of the template beyond the edit. In PRIDICT library 2 (doi:10.1038/s41587-022-01613-7) 3 nt are clearly
#: worse than 7, and 7 to 15 are alike.
HOMOLOGY_NT = (7, 16)
#: The homology tried first: PrimeDesign's for pooled designs (doi:10.1038/s41467-021-21337-7).
PREFERRED_HOMOLOGY_NT = 10
#: Farthest first edited base from the nick, +1 being the base right of it: the limit of PRIDICT2.
FARTHEST_EDIT_NT = 25
#: Longest edit that published pegRNA libraries cover (doi:10.1038/s41587-024-02268-2).
LONGEST_EDIT_NT = 40


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One sequence in the place of another, on one strand.

    Parameters
    ----------
    before, after
        The strand before and after, between the same ends.
    strand
        The strand they are read on.
    start
        Index of the first base that differs, in both.
    end_before, end_after
        Index after the last base that differs, in ``before`` and in ``after``.

    Examples
    --------
    >>> change = Rewrite.of("GACAGCAGT", "GACAGCAGCAGT")
    >>> change.start, change.end_before, change.end_after, change.label
    (8, 8, 11, '+CAG')
    """

    before: str
    after: str
    strand: Strand
    start: int
    end_before: int
    end_after: int

    @classmethod
    def of(cls, before: str, after: str, strand: Strand = Strand.PLUS) -> Rewrite:
        """Compare two forward strands, read on a strand.

        Raises
        ------
        ValueError
            When they are equal.
        """
        if before == after:
            msg = "nothing is to be written: both sequences are equal"
            raise ValueError(msg)
        if strand is Strand.MINUS:
            before, after = reverse_complement(before), reverse_complement(after)
        shorter = min(len(before), len(after))
        start = next((i for i in range(shorter) if before[i] != after[i]), shorter)
        tail = 0
        while tail < shorter - start and before[-1 - tail] == after[-1 - tail]:
            tail += 1
        return cls(before, after, strand, start, len(before) - tail, len(after) - tail)

    @property
    def edit_nt(self) -> int:
        """Length of the edit: the longer of what goes and what comes."""
        return max(self.end_before, self.end_after) - self.start

    @property
    def label(self) -> str:
        """The edit on this strand: ``"T>A"``, ``"+CTT"`` or ``"-A"``."""
        old, new = self.before[self.start : self.end_before], self.after[self.start : self.end_after]
        return f"{old}>{new}" if old and new else f"+{new}" if new else f"-{old}"

    def forward_index(self, index: int) -> int:
        """Turn a place between two bases of ``before`` into one of the forward strand."""
        return index if self.strand is Strand.PLUS else len(self.before) - index


@dataclass(frozen=True, slots=True)
class Placement:
    """A protospacer whose nick lets the edit be written.

    Parameters
    ----------
    rewrite
        The edit on the strand that carries the PAM.
    nick
        Index, in ``rewrite.before``, of the base right of the nick.
    nick_offset
        Bases between nick and PAM.
    spacer, pam, pam_pattern
        The protospacer, the PAM found and the one asked for.
    """

    rewrite: Rewrite
    nick: int
    nick_offset: int
    spacer: str
    pam: str
    pam_pattern: str

    @property
    def strand(self) -> Strand:
        """The strand that reads as the spacer and is written."""
        return self.rewrite.strand

    @property
    def edit_position(self) -> int:
        """Where the edit begins: +1 is the base right of the nick."""
        return self.rewrite.start - self.nick + 1

    @property
    def spacer_start(self) -> int:
        """Index of the protospacer's leftmost base on the forward strand, before editing."""
        start = self.nick + self.nick_offset - len(self.spacer)
        if self.strand is Strand.PLUS:
            return start
        return len(self.rewrite.before) - start - len(self.spacer)

    @property
    def breaks_pam(self) -> bool:
        """Whether the edit leaves no PAM behind the protospacer."""
        end = self.nick + self.nick_offset
        return not matches(self.pam_pattern, self.rewrite.after[end : end + len(self.pam)])

    @property
    def order(self) -> tuple[bool, int, str, int]:
        """Best first, as the literature ranks: a broken PAM, then the distance from nick to edit."""
        return not self.breaks_pam, self.edit_position, self.strand, self.nick

    def homologies(self, shortest: int = HOMOLOGY_NT[0], longest: int = HOMOLOGY_NT[1]) -> tuple[int, ...]:
        """Return how many bases beyond the edit a template may reach: its end must stand once downstream.

        Empty where the flap would hold letters other than A, C, G and T, or leave the sequence.
        """
        change = self.rewrite
        found = []
        for homology in range(shortest, longest + 1):
            end = change.end_after + homology
            if end > len(change.after) or not is_dna(change.after[self.nick : end]):
                break
            tail = change.after[change.end_after : end]
            downstream = change.before[self.nick : end + FARTHEST_LANDING_NT]
            first = downstream.find(tail)
            if first >= 0 and downstream.find(tail, first + 1) < 0:
                found.append(homology)
        return tuple(found)

    def pegrna(self, pbs_nt: int, homology_nt: int) -> Pegrna:
        """Return the pegRNA with these lengths."""
        change = self.rewrite
        end = change.end_after + homology_nt
        pbs = reverse_complement(change.before[self.nick - pbs_nt : self.nick])
        return Pegrna(self, pbs, reverse_complement(change.after[self.nick : end]), homology_nt)


@dataclass(frozen=True, slots=True)
class Pegrna:
    """One pegRNA: a placement with the two parts of its extension, 5'→3' as DNA letters."""

    placement: Placement
    pbs: str
    rtt: str
    homology_nt: int

    @property
    def spacer(self) -> str:
        """The spacer, 5'→3'."""
        return self.placement.spacer

    @property
    def extension(self) -> str:
        """Template, then primer binding site."""
        return self.rtt + self.pbs

    @property
    def order(self) -> tuple[int, int, int, int, int]:
        """Which to try first at one placement.

        No terminator, no C as first base of the extension, lengths near the preferred ones: three bases of
        homology weigh as much as one of the primer binding site.
        """
        primer = abs(len(self.pbs) - preferred_pbs_nt(self.spacer))
        homology = abs(self.homology_nt - PREFERRED_HOMOLOGY_NT)
        faults = ("TTTT" in self.extension) + self.extension.startswith("C")
        return faults, primer + homology // 3, primer, homology, self.homology_nt


def preferred_pbs_nt(spacer: str) -> int:
    """Return the length of primer binding site that pegFinder starts with, from the spacer's share of G and C.

    13 nt; 14 below 30 % and 12 above 70 % (doi:10.1038/s41551-020-00622-8, as its program has it).

    Examples
    --------
    >>> preferred_pbs_nt("CATGGTGCACCTGACTCCTG"), preferred_pbs_nt("ATATATTTAATATAATTTAA")
    (13, 14)
    """
    share = sum(base in "GC" for base in spacer) / len(spacer)
    return 14 if share < 0.3 else 12 if share > 0.7 else 13


def placements(
    before: str,
    after: str,
    pam: str = "NGG",
    *,
    spacer_nt: int = 20,
    nick_offset: int = 3,
    farthest_nt: int = FARTHEST_EDIT_NT,
) -> tuple[Placement, ...]:
    """Find every protospacer from whose nick one sequence can be written in the place of another.

    Parameters
    ----------
    before, after
        Forward strands between the same ends. For every pegRNA to be found they must reach as far as
        ``FARTHEST_LANDING_NT`` and the longest template beyond the edit on both sides.
    pam, spacer_nt, nick_offset
        The nickase: PAM on the 3' side, length of the spacer, bases between nick and PAM.
    farthest_nt
        Farthest first edited base from the nick.

    Returns
    -------
    tuple[Placement, ...]
        Best first. A protospacer with an ambiguous base, or one that stands twice in the sequence, is left out.

    Examples
    --------
    >>> allele = "AACCATGGTGCACCTGACTCCTGTGGAGAAGTCTGCCGTTACTG"
    >>> wild = allele.replace("CTGTGG", "CTGAGG")
    >>> [(place.spacer, place.edit_position) for place in placements(allele, wild)]
    [('GTAACGGCAGACTTCTCCAC', 2), ('CATGGTGCACCTGACTCCTG', 4)]
    """
    found = []
    changes = [Rewrite.of(before, after, strand) for strand in (Strand.PLUS, Strand.MINUS)]
    for change in changes:
        text = change.before
        low = change.start - farthest_nt + 1 + nick_offset
        for at in find_pattern(pam, text[max(low, 0) : change.start + nick_offset + len(pam)]):
            end = max(low, 0) + at
            spacer = text[end - spacer_nt : end] if end >= spacer_nt else ""
            if not spacer or not is_dna(spacer):
                continue
            if sum(sites_of(spacer, pam, one.before) for one in changes) > 1:
                continue
            nick = end - nick_offset
            found.append(Placement(change, nick, nick_offset, spacer, text[end : end + len(pam)], pam))
    return tuple(sorted(found, key=lambda place: place.order))


def sites_of(spacer: str, pam: str, text: str) -> int:
    """Count how often a spacer with a PAM behind it stands on one strand.

    Examples
    --------
    >>> sites_of("ACGT", "NGG", "ACGTAGGACGTTGGACGTTTT")
    2
    """
    count, at = 0, text.find(spacer)
    while at >= 0:
        end = at + len(spacer)
        count += matches(pam, text[end : end + len(pam)])
        at = text.find(spacer, at + 1)
    return count


def pegrnas(
    place: Placement, pbs_nt: tuple[int, int] = PBS_NT, homology_nt: tuple[int, int] = HOMOLOGY_NT
) -> Iterator[Pegrna]:
    """Enumerate the pegRNAs of a placement: every primer binding site with every template.

    Parameters
    ----------
    place
        The placement.
    pbs_nt, homology_nt
        Shortest and longest primer binding site, and homology beyond the edit.

    Yields
    ------
    Pegrna
        Primer binding site by primer binding site, shortest first. None where an ambiguous base is in the way.

    Examples
    --------
    >>> allele = "AACCATGGTGCACCTGACTCCTGTGGAGAAGTCTGCCGTTACTG"
    >>> place = placements(allele, allele.replace("CTGTGG", "CTGAGG"))[-1]
    >>> found = list(pegrnas(place))
    >>> len(found), ("GAGTCAGGTGCAC", "AGACTTCTCCTCAG") in [(one.pbs, one.rtt) for one in found]
    (100, True)
    """
    templates = place.homologies(*homology_nt)
    for length in range(pbs_nt[0], min(pbs_nt[1], place.nick) + 1):
        if not is_dna(place.rewrite.before[place.nick - length : place.nick]):
            return
        for homology in templates:
            yield place.pegrna(length, homology)
