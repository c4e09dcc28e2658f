"""Which antigen of a tumour to attack."""

from revertant.modality.car_t.targets.cells import MALIGNANT, PackedCells, pack_cells
from revertant.modality.car_t.targets.forms import FORMS, Form, Gate, parts_of
from revertant.modality.car_t.targets.gates import (
    GateLimits,
    GateResult,
    GateSearch,
    OrganHit,
    gate_findings,
    measure_gate,
    search_gates,
)

__all__ = [
    "FORMS",
    "MALIGNANT",
    "Form",
    "Gate",
    "GateLimits",
    "GateResult",
    "GateSearch",
    "OrganHit",
    "PackedCells",
    "gate_findings",
    "measure_gate",
    "pack_cells",
    "parts_of",
    "search_gates",
]
