"""Prime editing: a nickase with a reverse transcriptase writes the edit from its guide."""

from revertant.modality.prime_editing.modality import PRIME_EDITING

__all__ = ["PRIME_EDITING"]
