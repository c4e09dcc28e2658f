"""Gene addition as one object of the register."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.genome import GeneModels, PatientGenome
from revertant.modality.contract import AssessmentContext, DesignBatch, DesignOptions
from revertant.modality.gene_addition.assess import assess_vector
from revertant.modality.gene_addition.design import design_vectors
from revertant.modality.gene_addition.eligibility import NAME, gene_addition_strategies
from revertant.model import Assessment, Case, Design, Strategy, Target

__all__ = ["GENE_ADDITION", "GeneAddition"]


@dataclass(frozen=True, slots=True)
class GeneAddition:
    """Gene addition: vectors, whole.

    Examples
    --------
    >>> GENE_ADDITION.name, GENE_ADDITION.makes_designs, GENE_ADDITION.needs_genome
    ('gene_addition', True, False)
    """

    name: str = NAME
    title: str = "Gene addition"
    makes_designs: bool = True
    needs_genome: bool = False

    def eligibility(self, target: Target, case: Case) -> tuple[Strategy, ...]:
        """Judge whether a further copy helps, and whether anything brings it there."""
        return gene_addition_strategies(target)

    def design(
        self, strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
    ) -> DesignBatch:
        """Make the vectors of an eligible strategy."""
        return design_vectors(strategy, genome, options)

    def assess(self, design: Design, context: AssessmentContext) -> Assessment:
        """Apply every rule of vectors to one design."""
        return assess_vector(design, context)


#: The one object of this modality.
GENE_ADDITION = GeneAddition()
