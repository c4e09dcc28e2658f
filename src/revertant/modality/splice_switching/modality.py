"""Splice switching as one object of the register."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.genome import GeneModels, PatientGenome
from revertant.modality.contract import AssessmentContext, DesignBatch, DesignOptions
from revertant.modality.splice_switching.checks import assess_splice_switch
from revertant.modality.splice_switching.design import design_splice_switching
from revertant.modality.splice_switching.eligibility import NAME, splice_switching_strategies
from revertant.model import Assessment, Case, Design, Strategy, Target

__all__ = ["SPLICE_SWITCHING", "SpliceSwitching"]


@dataclass(frozen=True, slots=True)
class SpliceSwitching:
    """Splice switching.

    Examples
    --------
    >>> SPLICE_SWITCHING.name, SPLICE_SWITCHING.makes_designs
    ('splice_switching', True)
    """

    name: str = NAME
    title: str = "Splice switching"
    makes_designs: bool = True
    needs_genome: bool = True

    def eligibility(self, target: Target, case: Case) -> tuple[Strategy, ...]:
        """Apply splice switching to a target: exons to leave out, wrong sites to hide."""
        return splice_switching_strategies(target)

    def design(
        self, strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
    ) -> DesignBatch:
        """Make every splice-switching design of an eligible strategy."""
        return design_splice_switching(strategy, genome, options)

    def assess(self, design: Design, context: AssessmentContext) -> Assessment:
        """Apply every splice-switching rule to one design."""
        return assess_splice_switch(design, context)


#: The one object of this modality.
SPLICE_SWITCHING = SpliceSwitching()
