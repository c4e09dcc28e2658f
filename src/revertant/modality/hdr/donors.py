"""Repair templates: how long each kind may be, how one is cut out of the wanted allele, and what it leaves behind.

The arms are read from the haplotype that carries the allele, with whatever else that copy carries. What a donor
makes of a cut chromosome is worked out by :func:`repaired`, which knows nothing of how the donor was built: it
looks for the arms on either side of the cut and puts in what lies between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from revertant.genome import HaplotypeWindow
from revertant.model import Donor, DonorKind, Strand, Variant
from revertant.sequence import is_dna, reverse_complement

__all__ = ["DONOR_RULES", "DonorRule", "Draft", "make_donor", "repaired"]


@dataclass(frozen=True, slots=True)
class DonorRule:
    """What one kind of donor allows.

    Parameters
    ----------
    title
        Its name for people.
    least_arm_bp, usual_arm_bp, most_arm_bp
        Length of each arm: the least, what is designed, the most that is of use.
    most_bp
        Longest donor, arms included.
    most_distance_bp
        Farthest a changed base may lie from the cut: beyond it the design is refused.
    single_stranded
        Whether one strand is made.
    note
        What to know when ordering it.
    sources
        Where the figures come from.
    """

    title: str
    least_arm_bp: int
    usual_arm_bp: int
    most_arm_bp: int
    most_bp: int
    most_distance_bp: int
    single_stranded: bool
    note: str
    sources: tuple[str, ...]


#: Repair tracts from single strands are short (doi:10.1038/nature17664); 90 % of those from a plasmid were longer
#: than 100 bp (pmcid:PMC4997560). The figures are the usual ranges of published protocols, not laws.
DONOR_RULES: Mapping[DonorKind, DonorRule] = MappingProxyType(
    {
        DonorKind.SSODN: DonorRule(
            "single-stranded oligonucleotide",
            30,
            60,
            60,
            200,
            30,
            single_stranded=True,
            note="order with two phosphorothioate bonds at each end, which protect it from exonucleases",
            sources=("doi:10.1038/nbt.3481", "doi:10.1038/nature17664"),
        ),
        DonorKind.LONG_SSDNA: DonorRule(
            "long single-stranded DNA",
            50,
            100,
            350,
            2000,
            30,
            single_stranded=True,
            note="made by enzymes or by a supplier of long single strands; sequence every lot",
            sources=("doi:10.1186/s13059-017-1220-4",),
        ),
        DonorKind.PLASMID: DonorRule(
            "plasmid",
            500,
            800,
            2000,
            10_000,
            100,
            single_stranded=False,
            note="clone between any two sites of a small backbone; the backbone itself can be inserted too",
            sources=("pmcid:PMC4997560",),
        ),
        DonorKind.AAV6: DonorRule(
            "AAV6 genome",
            400,
            400,
            1000,
            4500,
            100,
            single_stranded=False,
            note="clone between the ITRs of an AAV vector plasmid and package in AAV6",
            sources=("doi:10.1038/nature20134", "doi:10.1038/mt.2009.255"),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a donor is made from.

    Parameters
    ----------
    final
        The allele as it should be afterwards, silent changes included.
    core
        Index range in ``final.bases`` that holds cut, edit and silent changes; the arms begin outside it.
    blocking
        The silent changes.
    guide_strand
        The strand that carries the PAM.
    own
        The variants that the person's copy carries.
    cargo
        What is knocked in, in words.
    """

    final: HaplotypeWindow
    core: tuple[int, int]
    blocking: tuple[Variant, ...]
    guide_strand: Strand
    own: tuple[Variant, ...] = ()
    cargo: str = ""


def make_donor(kind: DonorKind, draft: Draft) -> Donor | str:
    """Cut a donor out of the wanted allele.

    Parameters
    ----------
    kind
        Its form.
    draft
        What it is made from.

    Returns
    -------
    Donor | str
        The donor, or the reason why there is none. A single strand is made complementary to the strand with the
        PAM, whose PAM-distal part Cas9 lets go of first (doi:10.1038/nbt.3481): a prior, not a law.
    """
    rule = DONOR_RULES[kind]
    final, (low, high) = draft.final, draft.core
    room = (rule.most_bp - (high - low)) // 2
    arm = min(rule.usual_arm_bp, room)
    if arm < rule.least_arm_bp:
        return (
            f"{high - low} bases to be written leave {max(room, 0)} for each arm of a {rule.title} "
            f"(at least {rule.least_arm_bp})"
        )
    left, right = low - min(arm, low), min(high + arm, len(final.bases))
    if min(low - left, right - high) < rule.least_arm_bp:
        return f"the reference ends within an arm of {rule.least_arm_bp} bases"
    sequence = final.bases[left:right]
    if not is_dna(sequence):
        return "an arm holds an ambiguous base"
    strand = draft.guide_strand.opposite if rule.single_stranded else Strand.PLUS
    arms = [
        (low - left, final.reference_locus(left, low, strand)),
        (right - high, final.reference_locus(high, right, strand)),
    ]
    if strand is Strand.MINUS:
        sequence, arms = reverse_complement(sequence), arms[::-1]
    (first_bp, first), (second_bp, second) = arms
    return Donor(
        kind=kind,
        sequence=sequence,
        left_arm_bp=first_bp,
        right_arm_bp=second_bp,
        left_arm=first,
        right_arm=second,
        haplotypes=final.haplotypes,
        variants=_inside(draft, left, right),
        blocking=draft.blocking,
        cargo=draft.cargo,
    )


def _inside(draft: Draft, left: int, right: int) -> tuple[Variant, ...]:
    """The person's own variants that the donor holds."""
    final = draft.final
    place = final.reference_locus(left, right)
    return tuple(
        variant
        for variant in final.variants
        if variant in draft.own
        and variant.start < place.end
        and max(variant.end, variant.start + 1) > place.start
    )


def repaired(bases: str, cut: tuple[int, int], donor: Donor) -> str | None:
    """Repair a cut chromosome from a donor: find the arms beside the cut and put in what lies between them.

    Parameters
    ----------
    bases
        The chromosome's forward strand as the person carries it.
    cut
        Indexes of the bases right of the cut, on either strand, the smaller first; equal for a blunt cut.
    donor
        The donor.

    Returns
    -------
    str | None
        The repaired forward strand; ``None`` where an arm is not found exactly once, or not on its own side of
        the cut.

    Examples
    --------
    >>> from revertant.model import Locus
    >>> place = Locus("s", 0, 4)
    >>> donor = Donor(DonorKind.SSODN, "ACGATTGCC", 4, 4, place, place)
    >>> repaired("TTACGACCTGCCTT", (7, 7), donor)
    'TTACGATTGCCTT'
    """
    forward, first_bp, second_bp = donor.sequence, donor.left_arm_bp, donor.right_arm_bp
    if donor.left_arm.strand is Strand.MINUS:
        forward, first_bp, second_bp = reverse_complement(forward), second_bp, first_bp
    left, right = forward[:first_bp], forward[len(forward) - second_bp :]
    at, behind = bases.find(left), bases.find(right)
    is_single = at >= 0 <= behind and bases.find(left, at + 1) < 0 and bases.find(right, behind + 1) < 0
    if not is_single or not at + first_bp <= cut[0] <= cut[1] <= behind:
        return None
    return bases[:at] + forward + bases[behind + second_bp :]
