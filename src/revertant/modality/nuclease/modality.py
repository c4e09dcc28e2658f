"""Nuclease editing as one object of the register."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.genome import GeneModels, PatientGenome
from revertant.modality.contract import AssessmentContext, DesignBatch, DesignOptions
from revertant.modality.nuclease.checks import assess_cut
from revertant.modality.nuclease.design import design_cuts
from revertant.modality.nuclease.eligibility import NAME, nuclease_strategies
from revertant.model import Assessment, Case, Design, Strategy, Target

__all__ = ["NUCLEASE", "NucleaseEditing"]


@dataclass(frozen=True, slots=True)
class NucleaseEditing:
    """Nuclease editing.

    Examples
    --------
    >>> NUCLEASE.name, NUCLEASE.makes_designs
    ('nuclease', True)
    """

    name: str = NAME
    title: str = "Nuclease"
    makes_designs: bool = True
    needs_genome: bool = True

    def eligibility(self, target: Target, case: Case) -> tuple[Strategy, ...]:
        """Apply nucleases to a target."""
        return nuclease_strategies(target)

    def design(
        self, strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
    ) -> DesignBatch:
        """Make every nuclease design of an eligible strategy."""
        return design_cuts(strategy, genome, models, options)

    def assess(self, design: Design, context: AssessmentContext) -> Assessment:
        """Apply every nuclease rule to one design."""
        return assess_cut(design, context)


#: The one object of this modality.
NUCLEASE = NucleaseEditing()
