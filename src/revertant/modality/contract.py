"""What every modality offers, so that the planner need not know which one it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from revertant.genome import GeneModels, PatientGenome
from revertant.knowledge import CarBinder, CarPart, VectorPart
from revertant.model import (
    Assessment,
    Case,
    Design,
    GenomeForm,
    OffTargetReport,
    Strategy,
    Tally,
    Target,
    Transgene,
)

__all__ = ["AssessmentContext", "DesignBatch", "DesignOptions", "Modality"]


@dataclass(frozen=True, slots=True)
class DesignOptions:
    """What the user may narrow.

    Parameters
    ----------
    editors, nucleases
        Catalogue keys to use; empty means all.
    most_designs
        How many designs of one strategy go on to assessment; the rest are counted as refused with the reason.
    donors
        Kinds of repair template to design (``DonorKind`` values); empty leaves the choice to the modality.
    transgene
        What a vector is to carry; ``None`` takes the catalogue's transgene of the gene, else its native coding
        sequence in the reference.
    forms
        Forms of genome to design vectors in; empty means every one that fits.
    capsid, promoter
        Catalogue keys a vector must use; empty leaves the choice to the modality.
    parts
        The user's own vector parts; they are taken before the catalogue's.
    car_parts, car_binders
        The user's own parts of receptors, and what receptors bind with.
    avoid_sites
        Names of restriction enzymes that must not cut the coding sequence (``"EcoRI"``).
    """

    editors: tuple[str, ...] = ()
    nucleases: tuple[str, ...] = ()
    most_designs: int = 40
    donors: tuple[str, ...] = ()
    transgene: Transgene | None = None
    forms: tuple[GenomeForm, ...] = ()
    capsid: str = ""
    promoter: str = ""
    parts: tuple[VectorPart, ...] = ()
    car_parts: tuple[CarPart, ...] = ()
    car_binders: tuple[CarBinder, ...] = ()
    avoid_sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DesignBatch:
    """The designs of one strategy, and an account of everything that was tried.

    ``tally.refused`` carries the reasons; a batch without designs always has at least one.
    """

    designs: tuple[Design, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class AssessmentContext:
    """What is needed to judge a design.

    Parameters
    ----------
    case, strategy
        The patient's case, and the strategy the design came from.
    genome, models
        The patient's genome and the gene models.
    off_targets
        One report for each guide of the design; ``None`` when no search was made.
    called
        ``(contig, start, end)`` stretches on which the patient's VCF has records; ``None`` without a VCF. Where it
        has none, the person's own sequence is not known, and unknown is not the reference.
    """

    case: Case
    strategy: Strategy
    genome: PatientGenome
    models: GeneModels
    off_targets: Sequence[OffTargetReport] | None
    called: Sequence[tuple[str, int, int]] | None = None


@runtime_checkable
class Modality(Protocol):
    """One kind of therapy.

    A modality with ``makes_designs = False`` reasons about eligibility only: its eligible strategies are
    reported as routes to consider elsewhere.
    """

    @property
    def name(self) -> str:
        """Key of the modality."""
        ...

    @property
    def title(self) -> str:
        """Display name."""
        ...

    @property
    def makes_designs(self) -> bool:
        """Whether :meth:`design` makes molecules."""
        ...

    @property
    def needs_genome(self) -> bool:
        """Whether it acts on the genome itself, so that without a reference it cannot be judged.

        One that does not may be given a genome that consists of coding sequences alone, each its own contig.
        """
        ...

    def eligibility(self, target: Target, case: Case) -> tuple[Strategy, ...]:
        """Apply the modality to a target: one strategy for each route, with its findings."""
        ...

    def design(
        self, strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
    ) -> DesignBatch:
        """Make every design of an eligible strategy on the patient's own sequence."""
        ...

    def assess(self, design: Design, context: AssessmentContext) -> Assessment:
        """Apply every rule of the modality to one design."""
        ...
