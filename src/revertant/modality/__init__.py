"""Kinds of therapy, each a folder of the same anatomy.

``eligibility.py`` says whether the modality can serve a target and why not; ``design.py`` makes the molecules on
the patient's own sequence; ``outcome.py`` says what they leave behind; ``checks.py`` applies the rules. Rules that
several modalities share stand here: what a mechanism allows, whether copies can be told apart, delivery, damage.
The planner sees only the :class:`Modality` contract; a new modality is a folder and one line in the register.
"""

from revertant.modality.contract import AssessmentContext, DesignBatch, DesignOptions, Modality
from revertant.modality.offtarget_rules import worst_site
from revertant.modality.register import ENTRY_POINTS, modalities, modality_named

__all__ = [
    "ENTRY_POINTS",
    "AssessmentContext",
    "DesignBatch",
    "DesignOptions",
    "Modality",
    "modalities",
    "modality_named",
    "worst_site",
]
