"""Prime editing as one object of the register."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.genome import GeneModels, PatientGenome
from revertant.modality.contract import AssessmentContext, DesignBatch, DesignOptions
from revertant.modality.prime_editing.checks import assess_prime_edit
from revertant.modality.prime_editing.design import design_prime_edits
from revertant.modality.prime_editing.eligibility import NAME, prime_editing_strategies
from revertant.model import Assessment, Case, Design, Strategy, Target

__all__ = ["PRIME_EDITING", "PrimeEditing"]


@dataclass(frozen=True, slots=True)
class PrimeEditing:
    """Prime editing.

    Examples
    --------
    >>> PRIME_EDITING.name, PRIME_EDITING.makes_designs
    ('prime_editing', True)
    """

    name: str = NAME
    title: str = "Prime editing"
    makes_designs: bool = True
    needs_genome: bool = True

    def eligibility(self, target: Target, case: Case) -> tuple[Strategy, ...]:
        """Apply prime editing to a target: one strategy for each allele."""
        return prime_editing_strategies(target)

    def design(
        self, strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
    ) -> DesignBatch:
        """Make the prime-editing designs of an eligible strategy."""
        return design_prime_edits(strategy, genome, models, options)

    def assess(self, design: Design, context: AssessmentContext) -> Assessment:
        """Apply every prime-editing rule to one design."""
        return assess_prime_edit(design, context)


#: The one object of this modality.
PRIME_EDITING = PrimeEditing()
