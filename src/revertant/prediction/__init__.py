"""Predictions with their cards: what was measured, where it may be used, and how well it did.

A prediction is an :class:`~revertant.model.Estimate` with its method, its domain and, where one can be
justified, an interval. Where nothing was measured the answer is ``None``, never a default.
"""

from revertant.prediction.card import Card, DataSet, Figure, card_of, cards
from revertant.prediction.cas12a import CAS12A_CONTEXT_NT, cas12a_activities, cas12a_activity
from revertant.prediction.indels import (
    INDEL_UNIT,
    Indel,
    IndelSpectrum,
    frameshift_share,
    indel_spectrum,
)
from revertant.prediction.model_file import TrainedModel, load_model
from revertant.prediction.off_target import ACTIVITY_UNIT, off_target_activities, off_target_activity
from revertant.prediction.on_target import (
    CONTEXT_NT,
    on_target_activities,
    on_target_activity,
    on_target_models,
)
from revertant.prediction.predictions import Predictions
from revertant.prediction.prime_efficiency import prime_editing_efficiencies, prime_editing_efficiency
from revertant.prediction.prime_features import TARGET_NT, PegSite
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
from revertant.prediction.screen import ScreenProfile, intended_edit_fraction, screen_profile
from revertant.prediction.splice import (
    ACCEPTOR_EXON_NT,
    ACCEPTOR_INTRON_NT,
    DONOR_EXON_NT,
    DONOR_INTRON_NT,
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
    "ACCEPTOR_EXON_NT",
    "ACCEPTOR_INTRON_NT",
    "ACTIVITY_UNIT",
    "CAS12A_CONTEXT_NT",
    "CONTEXT_NT",
    "DONOR_EXON_NT",
    "DONOR_INTRON_NT",
    "ENGAGED_PEAK",
    "INDEL_UNIT",
    "SPLICE_UNIT",
    "TARGET_NT",
    "UNIT",
    "Card",
    "DataSet",
    "EditableBase",
    "Figure",
    "GenotypeShare",
    "Indel",
    "IndelSpectrum",
    "PegSite",
    "PositionProfile",
    "Predictions",
    "ProfileCard",
    "ScreenProfile",
    "SpliceCard",
    "SpliceKind",
    "SpliceSite",
    "TrainedModel",
    "acceptor_score",
    "card_of",
    "cards",
    "cas12a_activities",
    "cas12a_activity",
    "donor_score",
    "frameshift_share",
    "indel_spectrum",
    "intended_edit_fraction",
    "load_model",
    "off_target_activities",
    "off_target_activity",
    "on_target_activities",
    "on_target_activity",
    "on_target_models",
    "position_profile",
    "prime_editing_efficiencies",
    "prime_editing_efficiency",
    "profile_keys",
    "screen_profile",
    "splice_card",
    "splice_sites",
]
