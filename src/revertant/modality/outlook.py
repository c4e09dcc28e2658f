"""Modalities that are judged but not designed: does the route make sense for this target, and why not.

A reader wants to know whether a gene could be added or a transcript raised even where no molecule is designed
here. An :class:`Outlook` answers the question of eligibility by the same rules as every other modality, and
says plainly that the molecule has to be designed elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from revertant.errors import UsageError
from revertant.genome import GeneModels, PatientGenome
from revertant.modality.contract import AssessmentContext, DesignBatch, DesignOptions
from revertant.model import Assessment, Case, Design, Strategy, Target

__all__ = ["Outlook"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A modality that reasons about eligibility only.

    Parameters
    ----------
    name, title
        Key and display name.
    strategies
        The eligibility rules.
    """

    name: str
    title: str
    strategies: Callable[[Target], tuple[Strategy, ...]]
    makes_designs: bool = False
    needs_genome: bool = False

    def eligibility(self, target: Target, case: Case) -> tuple[Strategy, ...]:
        """Apply the modality to a target."""
        return self.strategies(target)

    def design(
        self, strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
    ) -> DesignBatch:
        """Refuse: the caller should have asked ``makes_designs``."""
        raise UsageError(f"{self.title} is judged for eligibility only.", remedy="Ask makes_designs first.")

    def assess(self, design: Design, context: AssessmentContext) -> Assessment:
        """Refuse: there are no designs to assess."""
        raise UsageError(f"{self.title} is judged for eligibility only.", remedy="Ask makes_designs first.")
