"""A store of trials in one file.

The one idea: **what is written is there as a whole or not at all**. Records, the text they are searched by and the
state of a download change in one transaction.
"""

from revertant.trials.store.schema import SCHEMA_VERSION, full_text_is_there
from revertant.trials.store.search import (
    SearchHit,
    SearchResult,
    TrialQuery,
    case_candidates,
    disease_candidates,
    search_trials,
)
from revertant.trials.store.store import PutCount, TrialStore

__all__ = [
    "SCHEMA_VERSION",
    "PutCount",
    "SearchHit",
    "SearchResult",
    "TrialQuery",
    "TrialStore",
    "case_candidates",
    "disease_candidates",
    "full_text_is_there",
    "search_trials",
]
