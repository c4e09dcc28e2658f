"""One guide against one stretch of DNA: the best alignment there is, by a rule that never ties.

Everything in here reads **outward from the PAM**: letter 0 is the one beside the PAM, whichever side the PAM
lies on. A column pairs a guide letter with a base, or is a *DNA bulge* (a base without a guide letter) or an
*RNA bulge* (a guide letter without a base).

Bulges are **internal**: the first and the last column are pairs. A gap beside the PAM or at the PAM-
distal end would only rename a neighbouring alignment (a shifted site, a shortened guide). Other programs
allow it; with ``SearchLimits.end_bulges`` so does this one::

    PAM-A-C-G-T-distal       PAM---A-C-G-T     PAM-A-C-G-T      PAM-A-C-G-T
        : : : :                    : : : :           : : :          : : :
        A C G T                  T A C G T         - C G T          A C G -
     all columns pair          DNA bulge beside   RNA bulge       RNA bulge at
                                  the PAM       beside the PAM    the distal end

A DNA bulge at the distal end is never chosen: without it the alignment has one bulge less.

Of all alignments within the limits the canonical one has the fewest bulges, then the fewest mismatches,
then its gaps as far from the PAM as they can be (at the first column where two alignments differ a pair
comes before a DNA bulge, and a DNA bulge before an RNA bulge). A DNA bulge beside an RNA bulge amounts
to a mismatch; it is chosen only when the mismatches are used up.

A guide letter is a set of bases. A base of the genome matches when the sets share a base; a genome ``N``
is unknown sequence and matches nothing, not even ``N``.
"""

from __future__ import annotations

from dataclasses import dataclass

from revertant.model import SearchLimits
from revertant.sequence import IUPAC_MASK

__all__ = ["GENOME_MASK", "Alignment", "align", "count_mismatches"]

#: Bit mask of each letter a genome may hold; ``N`` and anything unknown is the empty set.
GENOME_MASK = {letter: mask for letter, mask in IUPAC_MASK.items() if letter not in "NU"}

_FAR = 1 << 20


@dataclass(frozen=True, slots=True)
class Alignment:
    """One alignment, read outward from the PAM.

    Parameters
    ----------
    guide, dna
        Equal-length rows, ``-`` for a gap.
    mismatches, dna_bulges, rna_bulges
        Edits in it.
    """

    guide: str
    dna: str
    mismatches: int
    dna_bulges: int = 0
    rna_bulges: int = 0

    @property
    def dna_length(self) -> int:
        """Bases of DNA used."""
        return len(self.dna) - self.rna_bulges


def count_mismatches(guide: str, dna: str) -> int:
    """Count the columns of an ungapped alignment that do not match.

    Examples
    --------
    >>> count_mismatches("ACGT", "ACGN"), count_mismatches("ACGN", "ACGT"), count_mismatches("ACGT", "RCGT")
    (1, 0, 0)
    """
    return sum(
        not IUPAC_MASK[letter] & GENOME_MASK.get(base, 0) for letter, base in zip(guide, dna, strict=True)
    )


def align(guide: str, dna: str, limits: SearchLimits) -> Alignment | None:
    """Align a guide to the DNA beside a PAM.

    Parameters
    ----------
    guide, dna
        Both outward from the PAM, upper case. ``dna`` may be longer than needed; where it is shorter the
        sequence ends, and no alignment reaches beyond.
    limits
        How many edits of each kind are allowed.

    Returns
    -------
    Alignment or None
        The canonical alignment, ``None`` when none is within the limits.

    Examples
    --------
    >>> align("ACGTACGT", "ACGTTACGT", SearchLimits(mismatches=0, dna_bulges=1))
    Alignment(guide='ACGT-ACGT', dna='ACGTTACGT', mismatches=0, dna_bulges=1, rna_bulges=0)
    >>> align("ACGTACGT", "TACGTACGT", SearchLimits(mismatches=0, dna_bulges=1)) is None
    True
    >>> align("ACGTACGT", "TACGTACGT", SearchLimits(mismatches=0, dna_bulges=1, end_bulges=True))
    Alignment(guide='-ACGTACGT', dna='TACGTACGT', mismatches=0, dna_bulges=1, rna_bulges=0)
    >>> align("ACGTACGT", "TTTTTTTT", SearchLimits(mismatches=2)) is None
    True
    """
    size = len(guide)
    total = _FAR if limits.total_edits is None else limits.total_edits
    if len(dna) >= size:
        mismatches = count_mismatches(guide, dna[:size])
        if mismatches <= min(limits.mismatches, total):
            return Alignment(guide, dna[:size], mismatches)
    if not limits.dna_bulges and not limits.rna_bulges:
        return None
    letters = [IUPAC_MASK[letter] for letter in guide]
    bases = [GENOME_MASK.get(base, 0) for base in dna]
    reached = _fewest_at_the_end(letters, bases, limits)
    bulges = min(
        (d + r for (d, r), mismatches in reached.items() if mismatches + d + r <= total), default=None
    )
    if bulges is None:
        return None
    return _walk(guide, dna, _fewest_from_here(letters, bases, bulges, limits), ends=limits.end_bulges)


def _fewest_at_the_end(
    letters: list[int], bases: list[int], limits: SearchLimits
) -> dict[tuple[int, int], int]:
    """Fewest mismatches by (DNA bulges, RNA bulges) used, for those that stay within the limits."""
    size, length = len(letters), len(bases)
    cells = [(d, r) for d in range(limits.dna_bulges + 1) for r in range(limits.rna_bulges + 1)]
    before = {(0, 0): 0}
    if limits.end_bulges:
        before = {(d, 0): 0 for d in range(min(limits.dna_bulges, length) + 1)}
    for j, letter in enumerate(letters):
        after: dict[tuple[int, int], int] = {}
        for d, r in cells:
            t = j + d - r
            best = _FAR
            if 0 <= t < length:
                best = before.get((d, r), _FAR) + (not letter & bases[t])
                if d and j < size - 1:
                    best = min(best, after.get((d - 1, r), _FAR))
            if r and (limits.end_bulges or 0 < j < size - 1):
                best = min(best, before.get((d, r - 1), _FAR))
            if best <= limits.mismatches:
                after[d, r] = best
        if not after:
            return {}
        before = after
    return before


def _fewest_from_here(
    letters: list[int], bases: list[int], bulges: int, limits: SearchLimits
) -> dict[tuple[int, int, int], int]:
    """Fewest mismatches from (letters used, DNA bulges, RNA bulges) to an end with exactly ``bulges``."""
    size, length = len(letters), len(bases)
    fewest: dict[tuple[int, int, int], int] = {}
    states = [
        (d, r)
        for d in range(min(limits.dna_bulges, bulges), -1, -1)
        for r in range(min(limits.rna_bulges, bulges - d), -1, -1)
    ]
    for d, r in states:
        fewest[size, d, r] = 0 if d + r == bulges else _FAR
    for j in range(size - 1, -1, -1):
        letter = letters[j]
        # DNA bulges lead to larger d at the same j, and the states run from large d to small: all is known.
        for d, r in states:
            t = j + d - r
            best = _FAR
            if 0 <= t < length:
                best = fewest[j + 1, d, r] + (not letter & bases[t])
                if limits.end_bulges or j > 0:
                    best = min(best, fewest.get((j, d + 1, r), _FAR))
            if limits.end_bulges or 0 < j < size - 1:
                best = min(best, fewest.get((j + 1, d, r + 1), _FAR))
            fewest[j, d, r] = best
    return fewest


def _walk(guide: str, dna: str, fewest: dict[tuple[int, int, int], int], *, ends: bool) -> Alignment:
    """Follow the best way outward, pairing wherever that loses nothing."""
    size = len(guide)
    top, bottom = [], []
    j = d = r = 0
    left = fewest[0, 0, 0]
    mismatches = left
    while j < size:
        t = j + d - r
        if t < len(dna):
            cost = not IUPAC_MASK[guide[j]] & GENOME_MASK.get(dna[t], 0)
            if fewest[j + 1, d, r] + cost == left:
                top.append(guide[j])
                bottom.append(dna[t])
                left -= cost
                j += 1
                continue
            if (ends or j > 0) and fewest.get((j, d + 1, r)) == left:
                top.append("-")
                bottom.append(dna[t])
                d += 1
                continue
        top.append(guide[j])
        bottom.append("-")
        j += 1
        r += 1
    return Alignment("".join(top), "".join(bottom), mismatches, d, r)
