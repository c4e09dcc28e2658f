"""Homology-directed repair as one object of the register."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.genome import GeneModels, PatientGenome
from revertant.modality.contract import AssessmentContext, DesignBatch, DesignOptions
from revertant.modality.hdr.checks import assess_repair
from revertant.modality.hdr.design import design_repairs
from revertant.modality.hdr.eligibility import NAME, hdr_strategies
from revertant.modality.hdr.knock_in import design_at_start
from revertant.model import Assessment, Case, Design, Route, Strategy, Target

__all__ = ["HDR", "HomologyDirectedRepair"]


@dataclass(frozen=True, slots=True)
class HomologyDirectedRepair:
    """Homology-directed repair.

    Examples
    --------
    >>> HDR.name, HDR.makes_designs
    ('hdr', True)
    """

    name: str = NAME
    title: str = "Homology-directed repair"
    makes_designs: bool = True
    needs_genome: bool = True

    def eligibility(self, target: Target, case: Case) -> tuple[Strategy, ...]:
        """Apply homology-directed repair to a target: one strategy for each allele, one for knock-in."""
        return hdr_strategies(target)

    def design(
        self, strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
    ) -> DesignBatch:
        """Make every donor design of an eligible strategy."""
        if strategy.route is Route.ADD_GENE:
            return design_at_start(strategy, genome, models, options)
        return design_repairs(strategy, genome, models, options)

    def assess(self, design: Design, context: AssessmentContext) -> Assessment:
        """Apply every donor rule to one design."""
        return assess_repair(design, context)


#: The one object of this modality.
HDR = HomologyDirectedRepair()
