"""Safety of CAR-T cells: what is warned of and asked for on a day, what raises the risk, and what to watch afterwards.

Statements come from a dated catalogue: a label of last year is not that of today, and both can be asked for.
"""

from revertant.modality.car_t.safety.edited import edit_items
from revertant.modality.car_t.safety.organs import organ_findings, organ_items
from revertant.modality.car_t.safety.risk import RiskState, risk_findings
from revertant.modality.car_t.safety.statements import safety_findings, watch_items

__all__ = [
    "RiskState",
    "edit_items",
    "organ_findings",
    "organ_items",
    "risk_findings",
    "safety_findings",
    "watch_items",
]
