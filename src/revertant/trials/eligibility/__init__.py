"""Eligibility criteria read from a registry's free text, by a grammar anybody can follow.

The one idea: **what was not read is shown, and never assumed**. Each line keeps its words; each criterion keeps the
place of the words it was read from; what is left over stands beside it. A criterion is typed only where the heading and
the words agree on what is wanted.
"""

from revertant.trials.eligibility.codes import criterion_code, criterion_sentence
from revertant.trials.eligibility.read import read_eligibility
from revertant.trials.eligibility.reading import EligibilityLine, EligibilityReading, ReadCriterion
from revertant.trials.eligibility.states import condition_keys

__all__ = [
    "EligibilityLine",
    "EligibilityReading",
    "ReadCriterion",
    "condition_keys",
    "criterion_code",
    "criterion_sentence",
    "read_eligibility",
]
