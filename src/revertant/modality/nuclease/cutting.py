"""Where a nuclease cuts, as this modality's own files name it; the rule is shared with repair from a donor."""

from revertant.modality.cutting import cut_indexes, usable_nucleases

__all__ = ["cut_indexes", "usable_nucleases"]
