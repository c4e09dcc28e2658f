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
from revertant.prediction.splice import (
    SPLICE_UNIT,
    SpliceCard,
    SpliceKind,
    SpliceSite,
    acceptor_score,
    donor_score,
    splice_card,
    splice_sites,
)

__all__ = [
    "ENGAGED_PEAK",
    "SPLICE_UNIT",
    "UNIT",
    "Card",
    "DataSet",
    "EditableBase",
    "Figure",
    "GenotypeShare",
    "PositionProfile",
    "ProfileCard",
    "SpliceCard",
    "SpliceKind",
    "SpliceSite",
    "TrainedModel",
    "acceptor_score",
    "card_of",
    "cards",
    "donor_score",
    "load_model",
    "position_profile",
    "profile_keys",
    "splice_card",
    "splice_sites",
]
