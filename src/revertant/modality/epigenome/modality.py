"""Epigenome editing as one object of the register."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.genome import GeneModels, PatientGenome
from revertant.modality.contract import AssessmentContext, DesignBatch, DesignOptions
from revertant.modality.epigenome.checks import assess_epigenome_edit
from revertant.modality.epigenome.design import design_epigenome_edits
from revertant.modality.epigenome.eligibility import NAME, epigenome_strategies
from revertant.model import Assessment, Case, Design, Strategy, Target

__all__ = ["EPIGENOME", "EpigenomeEditing"]


@dataclass(frozen=True, slots=True)
class EpigenomeEditing:
    """Epigenome editing.

    Examples
    --------
    >>> EPIGENOME.name, EPIGENOME.makes_designs
    ('epigenome', True)
    """

    name: str = NAME
    title: str = "Epigenome editing"
    makes_designs: bool = True
    needs_genome: bool = True

    def eligibility(self, target: Target, case: Case) -> tuple[Strategy, ...]:
        """Apply epigenome editors to a target."""
        return epigenome_strategies(target)

    def design(
        self, strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
    ) -> DesignBatch:
        """Make every epigenome design of an eligible strategy."""
        return design_epigenome_edits(strategy, genome, models, options)

    def assess(self, design: Design, context: AssessmentContext) -> Assessment:
        """Apply every epigenome rule to one design."""
        return assess_epigenome_edit(design, context)


#: The one object of this modality.
EPIGENOME = EpigenomeEditing()
