"""A vector held against one person: the protein it brings, its capsid, the dose, the liver and the age.

A vector that is sound on paper can be wrong for this person. Each module asks one thing of the case; what the case does
not say is unknown, and never passes.
"""

from __future__ import annotations

from revertant.modality.gene_addition.patient_checks.antibodies import antibody_findings
from revertant.modality.gene_addition.patient_checks.body import body_findings
from revertant.modality.gene_addition.patient_checks.dose import dose_findings, dose_for_weight
from revertant.modality.gene_addition.patient_checks.lasting import lasting_findings
from revertant.modality.gene_addition.patient_checks.tolerance import presented_residues, tolerance_findings
from revertant.model import Case, Finding, Target, Vector

__all__ = [
    "antibody_findings",
    "body_findings",
    "dose_findings",
    "dose_for_weight",
    "lasting_findings",
    "patient_findings",
    "presented_residues",
    "tolerance_findings",
]


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
        *tolerance_findings(vector, case, target),
        *antibody_findings(vector, case, target),
        *body_findings(vector, case, target),
        *dose_findings(vector, case, target),
        *lasting_findings(vector, case),
    )
