"""Predictions with their cards: what was measured, where it may be used, and how well it did.

A prediction is an :class:`~revertant.model.Estimate` with its method, its domain and, where one can be
justified, an interval. Where nothing was measured the answer is ``None``, never a default.
"""

from revertant.prediction.card import Card, DataSet, Figure, card_of, cards
from revertant.prediction.model_file import TrainedModel, load_model
from revertant.prediction.profile import (
    ENGAGED_PEAK,
    UNIT,
    EditableBase,
    GenotypeShare,
    PositionProfile,
    ProfileCard,
    position_profile,
    profile_keys,
)

__all__ = [
    "ENGAGED_PEAK",
    "UNIT",
    "Card",
    "DataSet",
    "EditableBase",
    "Figure",
    "GenotypeShare",
    "PositionProfile",
    "ProfileCard",
    "TrainedModel",
    "card_of",
    "cards",
    "load_model",
    "position_profile",
    "profile_keys",
]
