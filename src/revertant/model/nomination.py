"""The answer to "where else could these guides go": sites, who carries them, what to sequence, what could fuse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from revertant.model.finding import Finding
from revertant.model.identity import content_id
from revertant.model.offtarget import Coverage, OffTargetReport, OffTargetSite, TranslocationPair
from revertant.model.panel import ValidationPanel
from revertant.model.plan import Provenance

__all__ = [
    "HaplotypeCount",
    "Nomination",
    "PopulationSite",
]


@dataclass(frozen=True, slots=True)
class HaplotypeCount:
    """How many chromosome copies of a population carry a site.

    Parameters
    ----------
    population
        Its name as the sample table gives it, ``"all"``, or ``"unlabelled"`` for people without one.
    carrying
        Copies that carry the site.
    called
        Copies whose sequence is known over the whole site: the denominator. For a sites-only file the
        number of alleles called (``AN``); 0 when only a frequency was given.
    frequency
        Share of the copies that carry it, 0 to 1; ``None`` when nobody was called.
    """

    population: str
    carrying: int
    called: int
    frequency: float | None


@dataclass(frozen=True, slots=True)
class PopulationSite:
    """A site that variants of a population make, change or destroy, and in whom.

    Parameters
    ----------
    guide
        Name of the guide.
    site
        The site. Its origin is gained, changed or lost, against the reference; ``haplotypes`` is
        ``("panel",)``.
    counts
        Worst population first (highest frequency, then most copies, then by name), then ``"unlabelled"``
        where there are any, then ``"all"``.
    people
        Persons who carry it on at least one copy; ``None`` for a sites-only file.
    is_phased
        Whether haplotypes were observed. False for a sites-only file: each allele was taken alone.
    """

    guide: str
    site: OffTargetSite
    counts: tuple[HaplotypeCount, ...]
    people: int | None
    is_phased: bool

    @property
    def overall(self) -> HaplotypeCount:
        """The count over everybody."""
        return self.counts[-1]


@dataclass(frozen=True, slots=True)
class Nomination:
    """Every place where guides could act, in the reference, in one person, in a population.

    Parameters
    ----------
    schema
        Name and version of the published JSON schema.
    names
        A name for each guide.
    reports
        For each guide its sites, counts and scores. ``sites`` of a report may hold the worst only; its
        ``counts`` are of all.
    coverage
        What was searched.
    findings
        On the files read, on perfect copies of a target, on what could not be searched.
    population
        Sites by population, the most frequent first; ``None`` when no panel was given.
    population_statement
        Whom the panel holds and what of it was not used; empty without one.
    pairs
        Joinings of two cuts, the most likely first; none for effectors that do not cut both strands.
    panel
        The validation panel, when it was asked for.
    provenance
        Software, inputs, parameters.
    """

    schema: str
    names: tuple[str, ...]
    reports: tuple[OffTargetReport, ...]
    coverage: Coverage
    findings: tuple[Finding, ...]
    population: tuple[PopulationSite, ...] | None
    population_statement: str
    pairs: tuple[TranslocationPair, ...]
    panel: ValidationPanel | None
    provenance: Provenance

    derived: ClassVar = ("nomination_id",)

    @property
    def nomination_id(self) -> str:
        """Name made of what was searched for and where."""
        return content_id("nomination", self.names, [r.report_id for r in self.reports], self.provenance)
