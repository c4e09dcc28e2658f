"""Where a nuclease can cut for a purpose: a candidate, the sites of an interval, and one guide on several copies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from revertant import knowledge
from revertant.genome import HaplotypeWindow, PatientGenome
from revertant.knowledge import Nuclease
from revertant.modality.allele_specific import Discrimination, DiscriminationKind
from revertant.modality.cutting import cut_indexes
from revertant.modality.protospacers import Protospacer, protospacers, reviewable_windows
from revertant.model import Estimate, Locus

__all__ = [
    "CHUNK_BP",
    "EARLY_SHARE",
    "FIRST_SHARE",
    "REACH",
    "Candidate",
    "merge_copies",
    "sites",
    "window_sites",
]

#: Bases beside an interval that a protospacer with its PAM may reach over.
REACH = 45

#: Exons are looked at in stretches, so that unphased variants far apart make no combinations.
CHUNK_BP = 50

#: Share of the coding sequence in which a frameshift is taken to end the protein early enough, and where it must
#: not be: the first codons, behind which another ATG may start again. Both are this project's own rules of thumb.
EARLY_SHARE = 0.5
FIRST_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Candidate:
    """One nuclease at one place, before its design is written.

    Parameters
    ----------
    nuclease, protospacer
        Who cuts, and where.
    cut
        Index in the window of the base right of the cut on the guide's strand.
    place
        Share of the coding sequence before the cut; 0 where that means nothing.
    because
        Why here, as the end of a sentence whose subject is the nuclease; where a copy is to be spared, the whole
        sentence that tells the copies apart.
    discrimination, activity
        How the copies are told apart, and what is predicted for the other one, where one is to be spared.
    """

    nuclease: Nuclease
    protospacer: Protospacer
    cut: int
    place: float
    because: str
    discrimination: Discrimination | None = None
    activity: Estimate | None = None

    @property
    def purpose(self) -> str:
        """What the cut is for, in plain sentences."""
        if self.discrimination is None:
            return f"{self.nuclease.name} {self.because}."
        return f"{self.nuclease.name} cuts the copy that does harm. {self.because}"

    @property
    def order(self) -> tuple[object, ...]:
        """Those that spare the other copy surely first, then by what is predicted there, then the earliest cut.

        Cuts at one place, and all cuts of a site, stand by their nuclease: one that has been used in people first, as
        in the ranking. Only so many of them go on to it.
        """
        told = self.discrimination is not None and self.discrimination.kind is DiscriminationKind.PAM
        known = self.activity is not None and self.activity.value is not None
        other = self.activity.value if self.activity is not None and self.activity.value is not None else 1.0
        untried = self.nuclease.key not in knowledge.effectors_in_people()
        return (not told, not known, other, self.place, untried, self.nuclease.key, self.protospacer.start)


def window_sites(
    window: HaplotypeWindow, nucleases: Sequence[Nuclease]
) -> Iterator[tuple[Nuclease, Protospacer, int]]:
    """Find every nuclease and protospacer of one haplotype, with its cut on the guide's strand.

    Parameters
    ----------
    window
        The sequence.
    nucleases
        Those to try.
    """
    ordered = sorted(nucleases, key=lambda n: (n.pam, n.pam_side, n.spacer_nt, n.key))
    for (pam, side, length), group in groupby(ordered, key=lambda n: (n.pam, n.pam_side, n.spacer_nt)):
        found = list(protospacers(window, pam, side, length))
        for nuclease in group:
            for protospacer in found:
                cut = cut_indexes(protospacer, nuclease)[0]
                if 0 < cut < len(window.bases):
                    yield nuclease, protospacer, cut


def sites(
    genome: PatientGenome, locus: Locus, nucleases: Sequence[Nuclease], refused: list[str]
) -> Iterator[tuple[Nuclease, Protospacer, int]]:
    """Find every nuclease and protospacer on every haplotype of an interval, with its cut on the guide's strand.

    Parameters
    ----------
    genome, locus
        The person and the interval.
    nucleases
        Those to try.
    refused
        Takes the reason when there are too many haplotypes.
    """
    for window in reviewable_windows(genome, locus, refused):
        yield from window_sites(window, nucleases)


def merge_copies(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Join the same guide found on several haplotypes."""
    merged: dict[tuple[object, ...], Candidate] = {}
    for candidate in candidates:
        guide = candidate.protospacer.guide()
        key = (candidate.nuclease.key, guide.spacer, guide.pam, guide.locus)
        known = merged.setdefault(key, candidate)
        if known is not candidate:
            merged[key] = replace(known, protospacer=known.protospacer.also_on(candidate.protospacer))
    return list(merged.values())
