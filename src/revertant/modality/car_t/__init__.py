"""CAR-T: immune cells engineered against a tumour."""

from revertant.modality.car_t.kinetics import (
    KineticsBands,
    concentration_at,
    domain_finding,
    simulate_courses,
    typical_course,
)

__all__ = ["KineticsBands", "concentration_at", "domain_finding", "simulate_courses", "typical_course"]
