"""What was searched for, what was found, and how much was searched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from revertant.model.finding import Estimate
from revertant.model.guide import PamSide
from revertant.model.identity import content_id
from revertant.model.locus import Locus
from revertant.model.tally import Tally
from revertant.model.variant import Variant

__all__ = [
    "Coverage",
    "OffTargetReport",
    "OffTargetRequest",
    "OffTargetSite",
    "Region",
    "SearchLimits",
    "SiteCount",
    "SiteOrigin",
    "TranslocationPair",
]


#: How many sites of a guide are listed as its worst in JSON; a genome can hold tens of thousands.
MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """How far from the spacer a site may be.

    ``dna_bulges`` are extra bases in the DNA, ``rna_bulges`` extra bases in the guide; both may occur in one
    alignment. ``total_edits`` caps their sum with the mismatches; ``None`` does not. ``end_bulges`` lets a bulge
    lie beside the PAM or at the far end of the guide too; most of what it adds is a neighbouring site under
    another name, or a guide cut short.
    """

    mismatches: int = 4
    dna_bulges: int = 0
    rna_bulges: int = 0
    total_edits: int | None = None
    end_bulges: bool = False

    @property
    def most_edits(self) -> int:
        """Mismatches and bulges that one site can have together."""
        most = self.mismatches + self.dna_bulges + self.rna_bulges
        return most if self.total_edits is None else min(most, self.total_edits)


@dataclass(frozen=True, slots=True)
class OffTargetRequest:
    """One guide to search for.

    ``pam`` is an IUPAC pattern; ``spacer`` may hold IUPAC letters. ``target`` is the intended site's locus,
    which is not reported as an off-target (any other perfect match is). ``cfd_applies`` is False for a nuclease
    other than wild-type SpCas9, on which CFD was fitted.
    """

    spacer: str
    pam: str
    pam_side: PamSide = PamSide.THREE_PRIME
    limits: SearchLimits = SearchLimits()
    target: Locus | None = None
    cfd_applies: bool = True


class SiteOrigin(StrEnum):
    """How a site relates to the reference genome."""

    REFERENCE = "reference"
    GAINED = "gained"
    CHANGED = "changed"
    LOST = "lost"


class Region(StrEnum):
    """Where a site lies in respect of genes; what matters most comes first."""

    CDS = "CDS"
    SPLICE = "splice site"
    UTR = "UTR"
    EXON = "non-coding exon"
    PROMOTER = "promoter"
    INTRON = "intron"
    INTERGENIC = "intergenic"


@dataclass(frozen=True, slots=True)
class SiteCount:
    """How many sites of one origin have so many edits."""

    origin: SiteOrigin
    edits: int
    sites: int


@dataclass(frozen=True, slots=True)
class OffTargetSite:
    """One site: guide, strand, contig, PAM position and haplotype, with one canonical alignment.

    Parameters
    ----------
    spacer
        The guide searched for.
    locus
        The aligned DNA without PAM, on the reference; its strand is the guide's.
    pam
        The PAM bases found.
    aligned_spacer, aligned_target
        The alignment, 5'→3' on the guide's strand, ``-`` for bulges; equal lengths.
    mismatches, dna_bulges, rna_bulges
        Edits in the alignment.
    origin
        Reference, gained, changed or lost in this person.
    haplotypes
        Copies that carry it (``"1"``, ``"2"``), ``"putative"`` when phase is unknown, ``"reference"`` when
        no patient genome was given; for a lost site, the copies that lost it.
    variants
        The patient's variants that made, changed or destroyed it.
    cfd
        CFD score 0 to 1 where it is defined.
    reference_cfd
        CFD of the reference sequence at the same place, for changed and lost sites.
    annotation
        Gene and region (``"LMNA exon 4"``), empty when no gene models were given.
    region
        The most telling part of a gene it touches, ``None`` when no gene models were given.
    genes
        Symbols of the genes it lies in.
    gene_lists
        Lists that one of these genes is on (``"cancer gene"``, ``"essential gene"``).
    edit_effect
        For a base editor: the bases it could edit there, and what a coding one would change.
    """

    spacer: str
    locus: Locus
    pam: str
    aligned_spacer: str
    aligned_target: str
    mismatches: int
    dna_bulges: int = 0
    rna_bulges: int = 0
    origin: SiteOrigin = SiteOrigin.REFERENCE
    haplotypes: tuple[str, ...] = ("reference",)
    variants: tuple[Variant, ...] = ()
    cfd: float | None = None
    reference_cfd: float | None = None
    annotation: str = ""
    region: Region | None = None
    genes: tuple[str, ...] = ()
    gene_lists: tuple[str, ...] = ()
    edit_effect: str = ""

    @property
    def edits(self) -> int:
        """Mismatches and bulges together."""
        return self.mismatches + self.dna_bulges + self.rna_bulges


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was searched. A search over windows never calls itself genome-wide.

    Parameters
    ----------
    searched_bases
        Reference bases searched, on both strands.
    windows
        ``(contig, start, end)`` stretches searched.
    genome_wide
        True only when every primary contig of a recognised build was searched whole.
    genomes
        ``"reference"``, ``"patient haplotypes"``.
    statement
        The sentence for reports.
    not_searched
        What was left out, with counts (symbolic alleles, ambiguous bases).
    """

    searched_bases: int
    windows: tuple[tuple[str, int, int], ...]
    genome_wide: bool
    genomes: tuple[str, ...]
    statement: str
    not_searched: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class OffTargetReport:
    """The sites of one guide, sorted by a total order, with named aggregates.

    ``sites`` holds every site, or, where there are too many to hold, the worst ones and all that this person's
    variants gained, changed or lost; ``counts`` is then of all sites. Without ``counts`` it holds every site.
    ``aggregates`` pairs the name of a formula with its value (or the reason why it is not defined).
    ``other_allele`` is what the guide finds at the intended target on a copy whose sequence differs from the
    spacer (the closest where there are several): part of the target, so no off-target, but it may be cut too.
    ``tier_counts`` says how many sites this person has in the tiers 1 (look here first) to 5, held or not; it is
    empty when they were not counted.
    """

    request: OffTargetRequest
    sites: tuple[OffTargetSite, ...]
    coverage: Coverage
    aggregates: tuple[tuple[str, Estimate], ...] = ()
    tally: Tally | None = None
    other_allele: OffTargetSite | None = None
    counts: tuple[SiteCount, ...] = ()
    tier_counts: tuple[int, ...] = ()

    derived: ClassVar = ("report_id", "site_counts", "sites_by_edits", "worst_sites", "personal_sites")
    left_out: ClassVar = ("sites", "counts")

    @property
    def report_id(self) -> str:
        """Name made of the request and the genome searched; designs refer to a report by it."""
        return content_id("search", self.request, self.coverage.windows, self.coverage.genomes)

    @property
    def sites_by_edits(self) -> tuple[tuple[int, int], ...]:
        """How many sites this person has, by number of edits: ``(edits, sites)`` pairs."""
        found: Counter[int] = Counter()
        for count in self.site_counts:
            if count.origin is not SiteOrigin.LOST:
                found[count.edits] += count.sites
        return tuple(sorted(found.items()))

    @property
    def site_counts(self) -> tuple[SiteCount, ...]:
        """How many sites there are, by origin and number of edits."""
        if self.counts:
            return self.counts
        found = Counter((site.origin, site.edits) for site in self.sites)
        order = list(SiteOrigin)
        ranked = sorted(found.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
        return tuple(SiteCount(origin, edits, sites) for (origin, edits), sites in ranked)

    @property
    def worst_sites(self) -> tuple[OffTargetSite, ...]:
        """The sites to look at first, fewest edits and highest CFD first; the tables hold more."""
        ordered = sorted(self.sites, key=lambda site: (site.edits, -(site.cfd or 0.0)))
        return tuple(ordered[:MOST_LISTED])

    @property
    def personal_sites(self) -> tuple[OffTargetSite, ...]:
        """Every site held that this person's variants gained, changed or destroyed; some are among the worst too."""
        return tuple(site for site in self.sites if site.origin is not SiteOrigin.REFERENCE)

    @property
    def present_count(self) -> int:
        """How many sites this person has, held or not."""
        return sum(one.sites for one in self.site_counts if one.origin is not SiteOrigin.LOST)

    @property
    def holds_every_site(self) -> bool:
        """Whether ``sites`` is all there is, not only the worst."""
        return len(self.sites) == sum(one.sites for one in self.site_counts)

    def count_of(self, origin: SiteOrigin) -> int:
        """How many sites of one origin there are, held or not."""
        return sum(one.sites for one in self.site_counts if one.origin is origin)

    @property
    def present_sites(self) -> tuple[OffTargetSite, ...]:
        """The sites this person has, of those that are held: all but the lost ones."""
        return tuple(site for site in self.sites if site.origin is not SiteOrigin.LOST)


@dataclass(frozen=True, slots=True)
class TranslocationPair:
    """Two cuts of one treatment whose ends could be joined to each other.

    Parameters
    ----------
    first, second
        The aligned DNA of the two sites, without PAM.
    first_guide, second_guide
        Names of the guides that cut there.
    kind
        What a joining gives: ``"inversion or deletion"`` of what lies between two cuts of one contig, or
        ``"translocation"``.
    distance_bp
        Between the cuts when both lie on one contig, else ``None``.
    score
        What the pairs are ranked by, highest first; 0 to 1. See ``method``.
    method
        How the score was come by, in words.
    on_target
        Whether one of the two is an intended target.
    """

    first: Locus
    second: Locus
    first_guide: str
    second_guide: str
    kind: str
    distance_bp: int | None
    score: float
    method: str
    on_target: bool
