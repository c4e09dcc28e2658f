"""How many copies of SMN1 and SMN2 a person has, from short reads.

The one idea: **the two genes are one gene to a short read**. Reads of both are counted together for the number of
copies; the few bases that differ then say which share of them is SMN1; and where either is not sure, no number is
called but an interval, with the reason. What is found never decides alone: a laboratory must confirm it.
"""

from revertant.patient.smn.caller import call_smn
from revertant.patient.smn.controls import Controls, read_controls
from revertant.patient.smn.panel import Panel, read_panel
from revertant.patient.smn.result import (
    CopyRange,
    ExonVariant,
    Quality,
    SiteCall,
    SmaStatus,
    SmnCall,
    TagCall,
)
from revertant.patient.smn.risk import CarrierRisk, carrier_risks

__all__ = [
    "CarrierRisk",
    "Controls",
    "CopyRange",
    "ExonVariant",
    "Panel",
    "Quality",
    "SiteCall",
    "SmaStatus",
    "SmnCall",
    "TagCall",
    "call_smn",
    "carrier_risks",
    "read_controls",
    "read_panel",
]
