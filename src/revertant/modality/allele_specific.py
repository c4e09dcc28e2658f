"""Telling the pathogenic copy from the other.

Kinds of difference, from strong to weak: the PAM exists on one copy only; the other copy has a weaker PAM that is
still cut now and then; a mismatch in the seed next to the PAM; a mismatch farther away, which SpCas9 often
tolerates and which is not counted as telling them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from revertant.genome import HaplotypeWindow, PatientGenome
from revertant.modality.protospacers import Protospacer
from revertant.model import Allele, PamSide, Strand
from revertant.sequence import matches, reverse_complement

__all__ = ["Discrimination", "DiscriminationKind", "discriminate", "told_from"]

#: A place beside the PAM's own that differs from the spacer by more than this is no site of the guide.
MOST_MISMATCHES = 4


class DiscriminationKind(StrEnum):
    """How a guide tells two copies apart."""

    PAM = "pam"
    WEAK_PAM = "weak_pam"
    SEED = "seed"
    DISTAL = "distal"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Discrimination:
    """The difference between the guide's site and the same place on the other copy.

    Parameters
    ----------
    kind
        The strongest difference.
    mismatches
        1-based spacer positions that differ on the other copy.
    healthy_site
        Spacer-length sequence and PAM on the other copy, 5'→3' on the guide's strand; empty where the place
        does not exist there.
    because
        The sentence for people.
    site
        The guide's place on the other copy; ``None`` where there is none.
    """

    kind: DiscriminationKind
    mismatches: tuple[int, ...]
    healthy_site: str
    because: str
    site: Protospacer | None = None

    @property
    def tells_apart(self) -> bool:
        """Whether the difference is of a kind that spares the other copy."""
        return self.kind in {DiscriminationKind.PAM, DiscriminationKind.WEAK_PAM, DiscriminationKind.SEED}

    @property
    def is_sure(self) -> bool:
        """Whether the other copy has no PAM at all: every other difference spares it only in part."""
        return self.kind is DiscriminationKind.PAM


#: From the least difference to the greatest.
_ORDER = (
    DiscriminationKind.NONE,
    DiscriminationKind.DISTAL,
    DiscriminationKind.SEED,
    DiscriminationKind.WEAK_PAM,
    DiscriminationKind.PAM,
)


def discriminate(
    protospacer: Protospacer, allele: Allele, genome: PatientGenome, seed_nt: int, weaker_pam: str = ""
) -> Discrimination:
    """Compare a guide's site with every copy that does not carry the allele; the least difference counts.

    Parameters
    ----------
    protospacer
        The site on the pathogenic copy.
    allele
        The pathogenic allele.
    genome
        The patient's genome.
    seed_nt
        Length of the seed, counted from the PAM.
    weaker_pam
        The wider PAM pattern that is still cut, of the same length; empty when there is none.
    """
    own = protospacer.window
    others = [w for w in genome.windows(own.locus) if allele.variant not in w.variants]
    if not others:
        return Discrimination(
            DiscriminationKind.NONE, (), "", "No copy without this allele is left in this person."
        )
    return told_from(protospacer, others, seed_nt, weaker_pam)


def told_from(
    protospacer: Protospacer, others: Sequence[HaplotypeWindow], seed_nt: int, weaker_pam: str = ""
) -> Discrimination:
    """Compare a guide's site with the same place on other copies; the least difference counts.

    Parameters
    ----------
    protospacer
        The site that is to be bound.
    others
        What the copies to be spared may hold over the same interval; at least one.
    seed_nt, weaker_pam
        As for :func:`discriminate`.

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> from revertant.modality.protospacers import protospacers
    >>> from revertant.model import Call, Locus, Variant
    >>> reference = Reference.from_sequences({"s": "CACTTCATCATCTACTTCACTGG"})
    >>> snp = Call(Variant("s", 22, "G", "C"), (False, True), phase_set="1")
    >>> one, two = PatientGenome(reference, [snp]).windows(Locus("s", 0, 23))
    >>> [site] = protospacers(one, "NGG", PamSide.THREE_PRIME, 20)
    >>> told_from(site, [two], 10).because
    'The PAM is TGG on the copy aimed at and TGC on the other, which is no PAM.'
    """
    return min((_compare(protospacer, other, seed_nt, weaker_pam) for other in others), key=_difference_order)


def _difference_order(one: Discrimination) -> tuple[int, int, str]:
    return (_ORDER.index(one.kind), len(one.mismatches), one.healthy_site)


def _compare(
    protospacer: Protospacer, other: HaplotypeWindow, seed_nt: int, weaker_pam: str
) -> Discrimination:
    """Look for the guide's best site on the other copy, at the PAM's own place and within two bases of it.

    An indel can shift the site, so a PAM lost at its own place is not taken for safety while the next place still
    fits. A working PAM at its own place always counts, however many bases differ: an indel in the spacer makes
    many mismatches but may be bridged by a bulge. Where the copies differ by an indel the whole window is searched:
    in a repeat the very same site can stand one unit further on.
    """
    pam_length, spacer_length = len(protospacer.pam), len(protospacer.spacer)
    pam_locus = protospacer.window.reference_locus(
        protospacer.pam_start, protospacer.pam_start + pam_length, Strand.PLUS
    )
    own = other.from_reference(pam_locus.start)
    near = {other.from_reference(pam_locus.start + shift) for shift in range(-2, 3)}
    anchors = near | set(range(len(other.bases))) if _differ_by_indel(protospacer.window, other) else near
    found: list[Discrimination] = []
    working: list[Discrimination] = []
    pam_on_right = (protospacer.pam_side is PamSide.THREE_PRIME) == (protospacer.strand is Strand.PLUS)
    for anchor in sorted(index for index in anchors if index is not None):
        low = anchor - spacer_length if pam_on_right else anchor + pam_length
        if low < 0 or low + spacer_length > len(other.bases) or anchor + pam_length > len(other.bases):
            continue
        spacer, pam = other.bases[low : low + spacer_length], other.bases[anchor : anchor + pam_length]
        if protospacer.strand is Strand.MINUS:
            spacer, pam = reverse_complement(spacer), reverse_complement(pam)
        place = replace(protospacer, window=other, start=low, spacer=spacer, pam=pam)
        one = _difference(protospacer, place, seed_nt, weaker_pam)
        if anchor in near:
            found.append(one)
        if not one.is_sure and (anchor == own or len(one.mismatches) <= MOST_MISMATCHES):
            working.append(one)
    if working:
        return min(working, key=_difference_order)
    if not found:
        return Discrimination(DiscriminationKind.PAM, (), "", "The site does not exist on the other copy.")
    return min(found, key=lambda one: (len(one.mismatches), _difference_order(one)))


def _differ_by_indel(one: HaplotypeWindow, other: HaplotypeWindow) -> bool:
    return any(len(v.ref) != len(v.alt) for v in {*one.variants} ^ {*other.variants})


def _difference(
    protospacer: Protospacer, place: Protospacer, seed_nt: int, weaker_pam: str
) -> Discrimination:
    spacer, pam = place.spacer, place.pam
    length = len(spacer)
    pairs = zip(protospacer.spacer, spacer, strict=True)
    mismatches = tuple(position for position, (ours, theirs) in enumerate(pairs, start=1) if ours != theirs)
    three_prime = protospacer.pam_side is PamSide.THREE_PRIME
    site = spacer + pam if three_prime else pam + spacer
    if not matches(protospacer.pam_pattern, pam):
        text = f"The PAM is {protospacer.pam} on the copy aimed at and {pam} on the other, which is "
        if weaker_pam and matches(weaker_pam, pam):
            text += "weak but still cut now and then."
            return Discrimination(DiscriminationKind.WEAK_PAM, mismatches, site, text, place)
        return Discrimination(DiscriminationKind.PAM, mismatches, site, f"{text}no PAM.", place)
    seed = set(range(length - seed_nt + 1, length + 1)) if three_prime else set(range(1, seed_nt + 1))
    in_seed = sorted(seed.intersection(mismatches))
    if in_seed:
        places = ", ".join(map(str, in_seed))
        text = f"The other copy differs in the seed (spacer position {places})."
        return Discrimination(DiscriminationKind.SEED, mismatches, site, text, place)
    if mismatches:
        places = ", ".join(map(str, mismatches))
        text = f"The other copy differs only outside the seed (spacer position {places}), which is often tolerated."
        return Discrimination(DiscriminationKind.DISTAL, mismatches, site, text, place)
    return Discrimination(DiscriminationKind.NONE, (), site, "The other copy has the very same site.", place)
