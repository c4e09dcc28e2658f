"""Taking a stretch out between two cuts: every pair of guides on one copy, and the junction it leaves.

Two cuts of one copy free the stretch between them; when the outer ends are joined it is lost. The pair must lie
on one and the same copy, so a left guide that fits only copy 1 is never paired with a right one that fits only
copy 2. The joined sequence is written out from this person's own bases. It is exact for blunt cuts joined as they
are, which was seen for about half of the joins (Guo 2018); where a nuclease leaves overhangs both clean ends are
written, filled in and trimmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from revertant.genome import HaplotypeWindow, PatientGenome
from revertant.knowledge import Nuclease
from revertant.modality.cutting import cut_indexes
from revertant.modality.protospacers import Protospacer, protospacers, reviewable_windows
from revertant.model import Call, Locus, PamSide, Strand
from revertant.sequence import matches, reverse_complement

__all__ = ["JOINING_SOURCES", "Excision", "excisions"]

#: Accurate joining makes up about half of the joins of paired Cas9 cuts (71 sites); the others hold small indels.
JOINING_SOURCES = ("doi:10.1186/s13059-018-1518-x",)

#: Bases beside the stretch of the cuts that a protospacer with its PAM may reach over.
_REACH = 45

#: Bases on either side of the junction in which a site of either guide is looked for: longer than any site.
_RECUT_NT = 40


@dataclass(frozen=True, slots=True)
class Excision:
    """Two guides of one nuclease that free the stretch between their cuts, on one copy.

    Parameters
    ----------
    nuclease
        The nuclease.
    left, right
        The guides' places, left and right on the forward strand.
    left_cuts, right_cuts
        The cuts on the forward and on the reverse strand, as indexes into the bases of the guide's own window of
        the base right of them. Equal for a blunt cut.
    haplotypes
        The copies on which both guides lie; ``("putative",)`` when phase does not tell which.
    is_certain
        Whether some copy of this person surely carries both sites as designed.
    """

    nuclease: Nuclease
    left: Protospacer
    right: Protospacer
    left_cuts: tuple[int, int]
    right_cuts: tuple[int, int]
    haplotypes: tuple[str, ...]
    is_certain: bool = True

    @property
    def lost(self) -> Locus:
        """The reference stretch that is lost with every clean join: between the inner ends of the cuts."""
        left, right = self.left.window, self.right.window
        cut = max(self.left_cuts)
        start = left.to_reference(cut)
        if left.from_reference(start) != cut:  # an inserted base is named by the base left of it, which stays
            start += 1
        last = right.to_reference(min(self.right_cuts) - 1)
        return Locus(left.locus.contig, start, max(start, last + 1))

    @property
    def is_pam_out(self) -> bool:
        """Whether both PAMs lie outside the lost stretch, so that they stay on the joined copy."""
        return self.left.pam_start < self.left.start and self.right.pam_start > self.right.start

    def junctions(self, flank: int = 20) -> tuple[tuple[str, str], ...]:
        """Return the clean joins as the bases left and right of them, forward strand.

        Parameters
        ----------
        flank
            Most bases on either side.

        Returns
        -------
        tuple
            One join for blunt cuts. With overhangs two: ends filled in, then ends trimmed.
        """
        joins = [(max(self.left_cuts), min(self.right_cuts)), (min(self.left_cuts), max(self.right_cuts))]
        left, right = self.left.window.bases, self.right.window.bases
        return tuple((left[max(0, a - flank) : a], right[b : b + flank]) for a, b in dict.fromkeys(joins))

    @property
    def recut_by(self) -> tuple[Protospacer, ...]:
        """The guides whose full site stands in a clean join again: the nuclease would go on cutting there."""
        joined = ["".join(join) for join in self.junctions(_RECUT_NT)]
        return tuple(guide for guide in (self.left, self.right) if any(_has_site(guide, x) for x in joined))


def _has_site(guide: Protospacer, bases: str) -> bool:
    """Whether the spacer stands in the bases with a PAM of its pattern beside it."""
    three_prime = guide.pam_side is PamSide.THREE_PRIME
    pattern = guide.spacer + guide.pam_pattern if three_prime else guide.pam_pattern + guide.spacer
    size = len(pattern)
    return any(
        matches(pattern, text[at : at + size])
        for text in (bases, reverse_complement(bases))
        for at in range(len(text) - size + 1)
    )


def excisions(
    genome: PatientGenome, left: Locus, right: Locus, nucleases: Sequence[Nuclease], refused: list[str]
) -> Iterator[Excision]:
    """Find every pair of guides that cuts once in each of two stretches of one copy.

    Parameters
    ----------
    genome
        The patient's genome.
    left, right
        Where the two cuts may lie: the base right of a cut must be in the stretch. ``left`` must end before
        ``right`` starts, on the same contig.
    nucleases
        The nucleases to try; both cuts are made by the same one.
    refused
        Takes one reason for each nuclease, copy or pair that does not work.

    Yields
    ------
    Excision
        Nuclease by nuclease; pairs from left to right.

    Raises
    ------
    ValueError
        When the stretches are not in order on one contig.

    Examples
    --------
    >>> from revertant import knowledge
    >>> from revertant.genome import Reference
    >>> text = "ATTACCTTAACCATTACTTACAGATGGTT" + "CATTAACCATT" * 3 + "ACCTATTACCATATTACTAACTATGGACTT"
    >>> genome, refused = PatientGenome(Reference.from_sequences({"s": text})), []
    >>> cas9 = [knowledge.nucleases()["spcas9"]]
    >>> [pair] = excisions(genome, Locus("s", 20, 26), Locus("s", 80, len(text)), cas9, refused)
    >>> pair.left.spacer, pair.right.spacer, str(pair.lost)
    ('CCTTAACCATTACTTACAGA', 'TATTACCATATTACTAACTA', 's:22-82:+')
    >>> pair.junctions(6)
    (('ACTTAC', 'CTATGG'),)
    """
    if left.contig != right.contig or left.end > right.start:
        msg = f"the stretches must lie in order on one contig, got {left} and {right}"
        raise ValueError(msg)
    joint = _is_one_phase(genome, left, right)
    lefts = reviewable_windows(genome, left.widened(_REACH), refused)
    rights = reviewable_windows(genome, right.widened(_REACH), refused)
    for nuclease in nucleases:
        on_left = [site for window in lefts for site in _cutters(window, nuclease, left)]
        on_right = [site for window in rights for site in _cutters(window, nuclease, right)]
        if not on_left or not on_right:
            side = "either" if not on_left and not on_right else "the left" if not on_left else "the right"
            refused.append(f"no site of {nuclease.name} cuts in {side} flank")
            continue
        for (one, one_cuts), (other, other_cuts) in product(on_left, on_right):
            copies, sure = _together(one.window, other.window, is_joint=joint)
            if not copies:
                refused.append("the two sites lie on different copies")
            elif one.spacer == other.spacer and one.strand is other.strand:
                refused.append("one guide cuts on both sides")
            else:
                yield Excision(nuclease, one, other, one_cuts, other_cuts, copies, sure)


def _cutters(
    window: HaplotypeWindow, nuclease: Nuclease, stretch: Locus
) -> Iterator[tuple[Protospacer, tuple[int, int]]]:
    """The protospacers of a window whose cuts lie in a stretch, with the cuts on forward and reverse strand."""
    for site in protospacers(window, nuclease.pam, nuclease.pam_side, nuclease.spacer_nt):
        own, opposite = cut_indexes(site, nuclease)
        cuts = (own, opposite) if site.strand is Strand.PLUS else (opposite, own)
        if min(cuts) > 0 and max(cuts) < len(window.bases):
            places = [window.to_reference(cut) for cut in cuts]
            if all(stretch.start <= place < stretch.end for place in places):
                yield site, cuts


def _is_one_phase(genome: PatientGenome, left: Locus, right: Locus) -> bool:
    """Whether copies mean the same on both sides: all heterozygous calls lie in one phase set, or there is but one."""
    calls: list[Call] = []
    for place in (left, right):
        calls += genome.calls_in(place.widened(_REACH))
    heterozygous = {call for call in calls if call.is_heterozygous}
    sets = {call.phase_set for call in heterozygous}
    return len(heterozygous) == 1 or (None not in sets and len(sets) <= 1)


def _together(
    one: HaplotypeWindow, other: HaplotypeWindow, *, is_joint: bool
) -> tuple[tuple[str, ...], bool]:
    """The copies that carry both windows, and whether one surely does; no copies when they exclude each other."""
    low, high = max(one.locus.start, other.locus.start), min(one.locus.end, other.locus.end)
    shared_bases = [
        {v for v in window.variants if v.start < high and max(v.end, v.start + 1) > low}
        for window in (one, other)
    ]
    if shared_bases[0] != shared_bases[1]:
        return (), False
    sure = one.certain and other.certain
    is_whole = any({"1", "2"} <= {*window.haplotypes} for window in (one, other))
    if "putative" in {*one.haplotypes, *other.haplotypes}:
        return ("putative",), sure and (is_whole or is_joint)
    if is_joint or is_whole:
        return tuple(sorted({*one.haplotypes} & {*other.haplotypes})), sure
    return ("putative",), False
