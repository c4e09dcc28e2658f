"""CAR-T: immune cells engineered against a tumour."""

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

__all__ = [
    "CarDesign",
    "CarrierKind",
    "CarrierOptions",
    "KineticsBands",
    "Receptor",
    "ReceptorBrief",
    "compared_products",
    "concentration_at",
    "design_product",
    "design_receptor",
    "domain_finding",
    "find_trac",
    "product_receptor",
    "simulate_courses",
    "typical_course",
]
