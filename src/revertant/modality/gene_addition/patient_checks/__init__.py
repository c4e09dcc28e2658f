"""A vector held against one person: the protein it brings, its capsid, the dose, the liver and the age.

A vector that is sound on paper can be wrong for this person. Each module asks one thing of the case; what the case does
not say is unknown, and never passes.
"""

from revertant.modality.gene_addition.patient_checks.antibodies import antibody_findings
from revertant.modality.gene_addition.patient_checks.body import body_findings
from revertant.modality.gene_addition.patient_checks.dose import dose_findings, dose_for_weight
from revertant.modality.gene_addition.patient_checks.lasting import lasting_findings
from revertant.modality.gene_addition.patient_checks.person import patient_findings
from revertant.modality.gene_addition.patient_checks.presented import deleted_exons, presented_residues
from revertant.modality.gene_addition.patient_checks.tolerance import tolerance_findings

__all__ = [
    "antibody_findings",
    "body_findings",
    "deleted_exons",
    "dose_findings",
    "dose_for_weight",
    "lasting_findings",
    "patient_findings",
    "presented_residues",
    "tolerance_findings",
]
