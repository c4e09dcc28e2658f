"""Off-targets: where else a guide could go, in this person.

A **site** is one guide on one strand beside one PAM, on one copy of the genome, with one canonical
alignment (see ``revertant.offtarget.matching.alignment`` for the rule). :func:`search` finds them all: in the
reference, and in every sequence the person may carry around their variants, so that sites gained,
changed and lost are told apart, each with the variants that did it and the copies that carry it.
:func:`search_by_hand` does the same slowly, to be compared with.

Scores are given only where they are defined, guide-level numbers carry the name of their formula, and a
search over windows never calls itself genome-wide.
"""

from revertant.offtarget.matching.alignment import Alignment, align
from revertant.offtarget.matching.hit import Hit
from revertant.offtarget.matching.scanning import scan
from revertant.offtarget.matching.twin import scan_by_hand
from revertant.offtarget.scoring.aggregates import AGGREGATES
from revertant.offtarget.scoring.scores import cfd_score, mit_score, why_no_cfd
from revertant.offtarget.search import search, search_by_hand

__all__ = [
    "AGGREGATES",
    "Alignment",
    "Hit",
    "align",
    "cfd_score",
    "mit_score",
    "scan",
    "scan_by_hand",
    "search",
    "search_by_hand",
    "why_no_cfd",
]
