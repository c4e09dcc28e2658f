"""CAR-T: immune cells engineered against a tumour."""

from revertant.modality.car_t.escape import (
    EscapeGate,
    EscapeOutcome,
    EscapeScenario,
    escape_finding,
    no_escape_probability,
    simulate_escape,
)
from revertant.modality.car_t.kinetics import (
    KineticsBands,
    concentration_at,
    domain_finding,
    simulate_courses,
    typical_course,
)
from revertant.modality.car_t.receptor import (
    CarDesign,
    CarrierKind,
    CarrierOptions,
    Receptor,
    ReceptorBrief,
    compared_products,
    design_product,
    design_receptor,
    find_trac,
    product_receptor,
)
from revertant.modality.car_t.safety import (
    OrganAtRisk,
    RiskState,
    organ_findings,
    risk_findings,
    safety_findings,
    watch_items,
)

__all__ = [
    "CarDesign",
    "CarrierKind",
    "CarrierOptions",
    "EscapeGate",
    "EscapeOutcome",
    "EscapeScenario",
    "KineticsBands",
    "OrganAtRisk",
    "Receptor",
    "ReceptorBrief",
    "RiskState",
    "compared_products",
    "concentration_at",
    "design_product",
    "design_receptor",
    "domain_finding",
    "escape_finding",
    "find_trac",
    "no_escape_probability",
    "organ_findings",
    "product_receptor",
    "risk_findings",
    "safety_findings",
    "simulate_courses",
    "simulate_escape",
    "typical_course",
    "watch_items",
]
