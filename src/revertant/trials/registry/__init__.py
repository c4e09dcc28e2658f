"""Records of registries into trials, with an account of every row.

The one idea: **what a source does not carry is named, and nothing is concluded from its silence**. A record that cannot
be read is refused with its place and reason; of two records of one trial the newer one holds.
"""

from revertant.trials.registry.countries import country_code, country_codes
from revertant.trials.registry.genes import genes_named
from revertant.trials.registry.merging import newer_of
from revertant.trials.registry.reading import ReadTrials, RefusedRecord, read_studies, read_trials

__all__ = [
    "ReadTrials",
    "RefusedRecord",
    "country_code",
    "country_codes",
    "genes_named",
    "newer_of",
    "read_studies",
    "read_trials",
]
