"""Base editing as one object of the register."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.genome import GeneModels, PatientGenome
from revertant.modality.base_editing.checks import assess_base_edit
from revertant.modality.base_editing.design import design_base_edits
from revertant.modality.base_editing.eligibility import NAME, base_editing_strategies
from revertant.modality.contract import AssessmentContext, DesignBatch, DesignOptions
from revertant.model import Assessment, Case, Design, Strategy, Target

__all__ = ["BASE_EDITING", "BaseEditing"]


@dataclass(frozen=True, slots=True)
class BaseEditing:
    """Base editing.

    Examples
    --------
    >>> BASE_EDITING.name, BASE_EDITING.makes_designs
    ('base_editing', True)
    """

    name: str = NAME
    title: str = "Base editing"
    makes_designs: bool = True
    needs_genome: bool = True

    def eligibility(self, target: Target, case: Case) -> tuple[Strategy, ...]:
        """Apply base editing to a target: one strategy for each route and allele."""
        return base_editing_strategies(target)

    def design(
        self, strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
    ) -> DesignBatch:
        """Make every base-editing design of an eligible strategy."""
        return design_base_edits(strategy, genome, options)

    def assess(self, design: Design, context: AssessmentContext) -> Assessment:
        """Apply every base-editing rule to one design."""
        return assess_base_edit(design, context)


#: The one object of this modality.
BASE_EDITING = BaseEditing()
