"""Cases held against trials: each match says why, each non-match why not.

The one idea: **unknown is never met and never excludes**. Only what the case states and the record tells decides; lines
of the criteria that no rule read stand beside the answer, letter for letter. The best that is said is *possible*.
"""

from revertant.trials.matching.columns import CaseTable, TrialTable, case_table, trial_table
from revertant.trials.matching.distance import great_circle_km, nearest_site
from revertant.trials.matching.facts import CaseFacts, case_facts, countries_meant
from revertant.trials.matching.many import MatchTable, match_many
from revertant.trials.matching.match import match_trial, match_trials
from revertant.trials.matching.relation import Relation, readings, relate

__all__ = [
    "CaseFacts",
    "CaseTable",
    "MatchTable",
    "Relation",
    "TrialTable",
    "case_facts",
    "case_table",
    "countries_meant",
    "great_circle_km",
    "match_many",
    "match_trial",
    "match_trials",
    "nearest_site",
    "readings",
    "relate",
    "trial_table",
]
