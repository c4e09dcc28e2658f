"""What is wrong in this person, and how one could act on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from revertant.model.case import EditingPlace, Mechanism, Pathogenicity, Zygosity
from revertant.model.consequence import Consequence
from revertant.model.finding import Finding, Status
from revertant.model.identity import content_id
from revertant.model.locus import Locus
from revertant.model.structure import Structure
from revertant.model.transcript import Transcript
from revertant.model.variant import Variant

__all__ = ["Allele", "Route", "Site", "Strategy", "Target"]


@dataclass(frozen=True, slots=True)
class Allele:
    """One pathogenic allele of the target gene, resolved on the genome.

    Parameters
    ----------
    variant
        The normalised variant.
    zygosity, pathogenicity
        As stated by the case, or as called in the VCF.
    consequence
        On the target's transcript.
    hgvs_g
        HGVS g. description.
    copies
        Which chromosome copies carry it, when known; ``()`` when the phase is unknown.
    phase_set
        The phase set in which ``copies`` has meaning.
    structure
        What kind of structural change it is; ``None`` for a small variant.
    """

    variant: Variant
    zygosity: Zygosity
    pathogenicity: Pathogenicity
    consequence: Consequence
    hgvs_g: str = ""
    copies: tuple[bool, ...] = ()
    phase_set: str | None = None
    structure: Structure | None = None

    @property
    def name(self) -> str:
        """The name people use: HGVS c. where there is one."""
        return self.consequence.hgvs_c or str(self.variant)


@dataclass(frozen=True, slots=True)
class Site:
    """A named place that is worth editing though no pathogenic variant lies there.

    ``motif`` is the IUPAC sequence to be destroyed, found on ``locus`` (forward strand or its reverse
    complement); ``note`` is what a reader must know of the place.
    """

    key: str
    name: str
    locus: Locus
    motif: str
    purpose: str
    sources: tuple[str, ...]
    checked: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A gene, its transcript, the pathogenic alleles this person carries, and the mechanism.

    Parameters
    ----------
    gene, transcript
        Symbol and the transcript chosen; ``transcript_because`` says why this one.
    alleles
        One for a heterozygote or homozygote, two for a compound heterozygote.
    mechanism, mechanism_because
        How the disease comes about and who says so; ``UNKNOWN`` is a valid answer.
    biallelic
        True when no intact copy is left, False when one is, ``None`` when it cannot be told.
    inheritance
        ``"AD"``, ``"AR"``, ``"XL"``, ``"MT"`` or empty.
    haploinsufficient
        Whether one lost copy makes disease; ``None`` when unknown.
    dispensable
        Whether people do without both copies; ``None`` when unknown.
    tissues
        Tissues that would have to be reached, first the main one.
    editing_place
        Whether cells of that tissue are treated in or outside the body; ``None`` when unknown.
    sites
        Named places elsewhere whose editing treats this gene's disease.
    findings
        What was noticed while the target was made (transcript choice, phase, build).
    """

    gene: str
    transcript: Transcript
    alleles: tuple[Allele, ...]
    mechanism: Mechanism = Mechanism.UNKNOWN
    mechanism_because: str = ""
    biallelic: bool | None = None
    inheritance: str = ""
    haploinsufficient: bool | None = None
    dispensable: bool | None = None
    tissues: tuple[str, ...] = ()
    editing_place: EditingPlace | None = None
    sites: tuple[Site, ...] = ()
    transcript_because: str = ""
    sources: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class Route(StrEnum):
    """What an edit is meant to achieve."""

    RESTORE_WILD_TYPE = "restore_wild_type"
    RESTORE_PROTEIN = "restore_protein"
    BENIGN_SUBSTITUTION = "benign_substitution"
    DISRUPT_SPLICE_SITE = "disrupt_splice_site"
    KNOCK_OUT = "knock_out"
    ALLELE_SPECIFIC_KNOCK_OUT = "allele_specific_knock_out"
    DISRUPT_REGULATORY_SITE = "disrupt_regulatory_site"
    ADD_GENE = "add_gene"
    RAISE_EXPRESSION = "raise_expression"
    LOWER_EXPRESSION = "lower_expression"
    SKIP_EXON = "skip_exon"
    REMOVE_STRETCH = "remove_stretch"
    ATTACK_TUMOUR = "attack_tumour"

    @property
    def label(self) -> str:
        """The route in words."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Strategy:
    """A modality on one route applied to a target, with its eligibility.

    Parameters
    ----------
    modality
        Name of the modality (``"base_editing"``).
    route
        What the edit is meant to achieve.
    target
        The target.
    findings
        Every eligibility rule that was applied.
    allele
        The allele acted on, where the route acts on one.
    site
        The named site acted on, where the route acts on one.
    """

    modality: str
    route: Route
    target: Target
    findings: tuple[Finding, ...]
    allele: Allele | None = None
    site: Site | None = None

    derived: ClassVar = ("strategy_id", "status")
    by_name: ClassVar = {"target": "gene", "allele": "name", "site": "name"}

    @property
    def strategy_id(self) -> str:
        """Content-derived name."""
        allele = str(self.allele.variant) if self.allele else ""
        site = self.site.key if self.site else ""
        return content_id("strategy", self.modality, self.route, self.target.gene, allele, site)

    @property
    def acts_on(self) -> str:
        """What is acted on, in words."""
        if self.site:
            return self.site.name
        return self.allele.name if self.allele else self.target.gene

    @property
    def status(self) -> Status:
        """The worst finding; an eligibility without findings is unknown, never a pass."""
        relevant = [
            finding.status for finding in self.findings if finding.status is not Status.NOT_APPLICABLE
        ]
        return min(relevant, key=lambda status: status.severity) if relevant else Status.UNKNOWN

    @property
    def is_eligible(self) -> bool:
        """Whether designs should be made: every rule that applies passed, cautions included.

        Unknown is not enough: a mechanism nobody knows cannot justify an edit that depends on it.
        """
        return self.status in {Status.PASS, Status.CAUTION}
