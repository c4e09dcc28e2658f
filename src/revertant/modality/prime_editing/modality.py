"""Prime editing as one object of the register."""

from __future__ import annotations

from revertant.modality.outlook import Outlook
from revertant.modality.prime_editing.eligibility import NAME, prime_editing_strategies

__all__ = ["PRIME_EDITING"]

#: Prime editing: judged for eligibility; its molecules are designed elsewhere.
PRIME_EDITING = Outlook(NAME, "Prime editing", prime_editing_strategies)
