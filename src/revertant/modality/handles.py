"""Common variants as handles: any difference between the two copies can tell the harmful one from the healthy one.

The pathogenic variant itself is often no good handle: it may make no PAM and lie in no seed. Any heterozygous
variant of the person that is known to lie with it, or opposite to it, serves as well. That needs phase: a variant
that is not in the same phase set says nothing about which copy a guide would meet.
"""

from __future__ import annotations

from dataclasses import dataclass

from revertant.genome import HaplotypeWindow, PatientGenome
from revertant.modality.protospacers import MOST_HAPLOTYPES, reachable
from revertant.model import Allele, Finding, Locus, Status, Zygosity

__all__ = [
    "NOT_PHASED",
    "TwoCopies",
    "phase_finding_of",
    "phase_is_known",
    "two_copies",
]

#: Why handles cannot be used without phase, and what would help.
NOT_PHASED = "a variant here is not phased with the pathogenic one (long reads or the parents would tell)"


@dataclass(frozen=True, slots=True)
class TwoCopies:
    """The copy that carries the pathogenic allele and the one that does not, over one interval.

    Parameters
    ----------
    harmful, healthy
        What each holds.
    """

    harmful: HaplotypeWindow
    healthy: HaplotypeWindow


def phase_is_known(allele: Allele) -> bool:
    """Whether it is known which one of two copies carries the allele, so that other variants can be related to it."""
    return (
        allele.zygosity is Zygosity.HETEROZYGOUS
        and allele.phase_set is not None
        and len(allele.copies) == 2
        and sum(allele.copies) == 1
    )


def two_copies(genome: PatientGenome, allele: Allele, locus: Locus, refused: list[str]) -> TwoCopies | None:
    """Return both copies over an interval, told apart by phase with the pathogenic allele.

    Parameters
    ----------
    genome
        The patient's genome.
    allele
        The pathogenic allele, heterozygous and phased (:func:`phase_is_known`).
    locus
        The interval, which is clipped to the reference.
    refused
        Takes the reason when the copies cannot be told apart.

    Returns
    -------
    TwoCopies or None
        ``None`` where both copies are the same, or where it is not known which is which.

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> from revertant.model import Call, Consequence, ConsequenceTerm, Pathogenicity, Variant
    >>> reference = Reference.from_sequences({"s": "ACGTACGTACGT"})
    >>> sick, snp = Variant("s", 1, "C", "T"), Variant("s", 9, "C", "A")
    >>> calls = [Call(sick, (True, False), phase_set="1"), Call(snp, (False, True), phase_set="1")]
    >>> nothing = Consequence("T", "G", (ConsequenceTerm.INTRON,))
    >>> allele = Allele(sick, Zygosity.HETEROZYGOUS, Pathogenicity.PATHOGENIC, nothing, "", (True, False), "1")
    >>> copies = two_copies(PatientGenome(reference, calls), allele, Locus("s", 6, 12), [])
    >>> copies.harmful.bases, copies.healthy.bases
    ('GTACGT', 'GTAAGT')
    """
    place = reachable(genome.reference, locus)
    sets = {call.phase_set for call in genome.calls_in(place) if call.is_heterozygous}
    if not sets:
        return None
    if sets != {allele.phase_set}:
        refused.append(NOT_PHASED)
        return None
    windows = genome.windows(place)
    if len(windows) > MOST_HAPLOTYPES or any(not window.certain for window in windows):
        refused.append("which sequence each copy holds here is not certain")
        return None
    own, other = ("1", "2") if allele.copies[0] else ("2", "1")
    harmful = next((window for window in windows if own in window.haplotypes), None)
    healthy = next((window for window in windows if other in window.haplotypes), None)
    if harmful is None or healthy is None or harmful.bases == healthy.bases:
        return None
    return TwoCopies(harmful, healthy)


def phase_finding_of(allele: Allele) -> Finding:
    """Say whether other variants of the person can be related to the pathogenic one.

    Examples
    --------
    >>> from revertant.model import Consequence, ConsequenceTerm, Pathogenicity, Variant
    >>> nothing = Consequence("T", "G", (ConsequenceTerm.INTRON,))
    >>> lone = Allele(Variant("s", 1, "C", "T"), Zygosity.HETEROZYGOUS, Pathogenicity.PATHOGENIC, nothing)
    >>> phase_finding_of(lone).status.value
    'unknown'
    """
    rule = "handle.phase"
    if allele.zygosity in {Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS}:
        return Finding(
            rule, Status.FAIL, f"{allele.name} is {allele.zygosity.value}: no copy is to be spared."
        )
    if phase_is_known(allele):
        return Finding(rule, Status.PASS, f"The VCF says which copy carries {allele.name} (phase set).")
    return Finding(
        rule,
        Status.UNKNOWN,
        f"{allele.name} is not phased with other variants of this person, so none of them can serve as a handle. "
        "Long reads over the gene, or both parents' genotypes, would tell.",
    )
