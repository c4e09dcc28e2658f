"""Protospacers on one haplotype: where a PAM allows a guide, with coordinates both ways.

Positions in a spacer count from 1 at its 5' end. For a 3' PAM (Cas9) position 1 is PAM-distal; for a 5' PAM
(Cas12a) it is PAM-proximal: the literature's own counting for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from revertant.genome import HaplotypeWindow, PatientGenome, Reference
from revertant.genome.haplotype import trimmed
from revertant.model import Guide, Locus, PamSide, Strand, Variant
from revertant.sequence import find_pattern, is_dna, reverse_complement

__all__ = ["Protospacer", "protospacers", "reachable", "reviewable_windows"]

#: A place at which a person may carry more sequences than this cannot be designed for until it is phased.
MOST_HAPLOTYPES = 8


@dataclass(frozen=True, slots=True)
class Protospacer:
    """A place where a guide with this PAM fits.

    Parameters
    ----------
    window
        The haplotype sequence it lies on.
    strand
        The strand that reads as the spacer.
    start
        Index, in ``window.bases``, of the leftmost base of the protospacer.
    spacer, pam
        5'→3' on the guide's strand.
    pam_pattern, pam_side
        The PAM asked for.
    """

    window: HaplotypeWindow
    strand: Strand
    start: int
    spacer: str
    pam: str
    pam_pattern: str
    pam_side: PamSide

    @property
    def end(self) -> int:
        """Index after the rightmost base of the protospacer in ``window.bases``."""
        return self.start + len(self.spacer)

    @property
    def pam_start(self) -> int:
        """Index of the leftmost PAM base in ``window.bases``."""
        pam_on_right = (self.pam_side is PamSide.THREE_PRIME) == (self.strand is Strand.PLUS)
        return self.end if pam_on_right else self.start - len(self.pam)

    def index_of(self, position: int) -> int:
        """Index in ``window.bases`` of a 1-based spacer position."""
        return self.start + position - 1 if self.strand is Strand.PLUS else self.end - position

    def position_of(self, index: int) -> int:
        """1-based spacer position of an index in ``window.bases`` (outside 1..length when not inside)."""
        return index - self.start + 1 if self.strand is Strand.PLUS else self.end - index

    def with_flanks(self, before: int, after: int) -> str:
        """Return protospacer, PAM and flanks, 5'→3' as the spacer reads.

        Parameters
        ----------
        before, after
            Bases 5' and 3' of protospacer and PAM together, on the guide's strand.

        Returns
        -------
        str
            Empty where a flank runs over the end of the window.
        """
        left, right = (before, after) if self.strand is Strand.PLUS else (after, before)
        low = min(self.start, self.pam_start) - left
        high = max(self.end, self.pam_start + len(self.pam)) + right
        if low < 0 or high > len(self.window.bases):
            return ""
        bases = self.window.bases[low:high]
        return bases if self.strand is Strand.PLUS else reverse_complement(bases)

    def also_on(self, other: Protospacer) -> Protospacer:
        """Return this protospacer standing for the same one on another haplotype too."""
        copies = tuple(sorted({*self.window.haplotypes, *other.window.haplotypes}))
        return replace(self, window=replace(self.window, haplotypes=copies))

    def guide(self) -> Guide:
        """Return the guide with its place on the reference and the patient's variants inside it."""
        locus = self.window.reference_locus(self.start, self.end, self.strand)
        low, high = min(self.start, self.pam_start), max(self.end, self.pam_start + len(self.pam))
        site = self.window.reference_locus(low, high, self.strand)
        inside = tuple(v for v in self.window.variants if _holds(self.window, v, (low, high), site))
        return Guide(
            spacer=self.spacer,
            pam=self.pam,
            pam_pattern=self.pam_pattern,
            pam_side=self.pam_side,
            locus=locus,
            variants=inside,
            haplotypes=self.window.haplotypes,
        )


def _holds(window: HaplotypeWindow, variant: Variant, indexes: tuple[int, int], site: Locus) -> bool:
    """Whether a variant changes a site: bases it replaces lie under it, or bases it inserts are part of it.

    Inserted bases have no place of their own on the reference, so they are looked for in the window.
    """
    start, ref, alt = trimmed(variant)
    anchor = None if ref else window.from_reference(start - 1)
    if anchor is None:
        return variant.start < site.end and max(variant.end, variant.start + 1) > site.start
    low, high = indexes
    return anchor + 1 < high and low < anchor + 1 + len(alt)


def protospacers(
    window: HaplotypeWindow, pam: str, pam_side: PamSide, spacer_nt: int
) -> Iterator[Protospacer]:
    """Find every protospacer of a haplotype window, on both strands.

    Parameters
    ----------
    window
        The patient's sequence.
    pam
        IUPAC pattern, 5'→3' on the guide's strand.
    pam_side
        Where the PAM lies.
    spacer_nt
        Length of the spacer.

    Yields
    ------
    Protospacer
        Plus strand first, then minus, from left to right. Protospacers with an ambiguous base are left out:
        a guide cannot be ordered for them.

    Examples
    --------
    >>> from revertant.genome import PatientGenome, Reference
    >>> from revertant.model import Locus
    >>> genome = PatientGenome(Reference.from_sequences({"s": "CTTCTCCACAGGAGTCAGATGCACCA"}))
    >>> [window] = genome.windows(Locus("s", 0, 26))
    >>> [(p.spacer, p.pam) for p in protospacers(window, "NRCH", PamSide.THREE_PRIME, 20)]
    [('TTCTCCACAGGAGTCAGATG', 'CACC')]
    """
    total = len(window.bases)
    for strand in (Strand.PLUS, Strand.MINUS):
        text = window.bases if strand is Strand.PLUS else reverse_complement(window.bases)
        for at in find_pattern(pam, text):
            low = at - spacer_nt if pam_side is PamSide.THREE_PRIME else at + len(pam)
            if low < 0 or low + spacer_nt > total:
                continue
            spacer = text[low : low + spacer_nt]
            if not is_dna(spacer):
                continue
            start = low if strand is Strand.PLUS else total - low - spacer_nt
            yield Protospacer(window, strand, start, spacer, text[at : at + len(pam)], pam, pam_side)


def reachable(reference: Reference, locus: Locus) -> Locus:
    """Clip a locus to the stretch of reference around its middle, so that windows can be designed to their edge."""
    stretch = reference.stretch_around(locus.contig, (locus.start + locus.end) // 2)
    if stretch is None:
        return locus
    return Locus(locus.contig, max(locus.start, stretch.start), min(locus.end, stretch.end))


def reviewable_windows(
    genome: PatientGenome, locus: Locus, refused: list[str]
) -> tuple[HaplotypeWindow, ...]:
    """Return the sequences the person may carry around a place, or none where they are too many to review.

    Parameters
    ----------
    genome, locus
        The person and the place, which is clipped to the reference.
    refused
        Takes the reason when there are too many.
    """
    windows = genome.windows(reachable(genome.reference, locus))
    if len(windows) <= MOST_HAPLOTYPES:
        return windows
    refused.append(f"over {MOST_HAPLOTYPES} sequences are possible here: phase the variants first")
    return ()
