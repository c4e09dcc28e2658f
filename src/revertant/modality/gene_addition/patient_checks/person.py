"""Every check of a vector that depends on the person, in one call."""

from __future__ import annotations

from revertant.modality.gene_addition.patient_checks.antibodies import antibody_findings
from revertant.modality.gene_addition.patient_checks.body import body_findings
from revertant.modality.gene_addition.patient_checks.dose import dose_findings
from revertant.modality.gene_addition.patient_checks.lasting import lasting_findings
from revertant.modality.gene_addition.patient_checks.tolerance import tolerance_findings
from revertant.model import Case, Finding, Target, Vector

__all__ = ["patient_findings"]


def patient_findings(vector: Vector, case: Case, target: Target) -> tuple[Finding, ...]:
    """Apply every check of a vector that depends on the person.

    Parameters
    ----------
    vector
        The vector: its capsid, route, tissue and parts count.
    case
        The person, with antibodies, measurements, conditions and HLA as far as they are stated.
    target
        The gene, its alleles and what they leave of its protein.

    Returns
    -------
    tuple of Finding
        ``immunity.``, ``patient.``, ``dose.`` and ``safety.`` rules; each is there for every vector, not applicable
        where it does not apply.
    """
    return (
        *tolerance_findings(case, target),
        *antibody_findings(vector, case, target),
        *body_findings(vector, case, target),
        *dose_findings(vector, case, target),
        *lasting_findings(vector, case),
    )
