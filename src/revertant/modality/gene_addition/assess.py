"""Every rule that a vector must answer, in the order of its life: sequence, packaging, delivery, expression, person."""

from __future__ import annotations

from dataclasses import replace

from revertant import knowledge
from revertant.modality.contract import AssessmentContext
from revertant.modality.gene_addition.checks import (
    cloning_finding,
    construct_finding,
    joint_finding,
    parts_finding,
    protein_finding,
    x_protein_finding,
)
from revertant.modality.gene_addition.coding import coding_findings
from revertant.modality.gene_addition.design import coding_options
from revertant.modality.gene_addition.effects import (
    delivery_finding,
    detargeting_finding,
    dividing_finding,
    message_length_finding,
    persistence_finding,
    promoter_finding,
)
from revertant.modality.gene_addition.eligibility import dosage_finding
from revertant.modality.gene_addition.lentiviral import lentiviral_findings
from revertant.modality.gene_addition.packaging import packaging_findings
from revertant.modality.gene_addition.patient_checks import patient_findings
from revertant.modality.safety import conditioning_finding, vehicle_risk_findings
from revertant.model import Assessment, Design, Finding, GenomeForm, Status, Vector

__all__ = ["assess_vector"]


def assess_vector(design: Design, context: AssessmentContext) -> Assessment:
    """Apply every rule of vectors to one design.

    Parameters
    ----------
    design
        A gene-addition design.
    context
        The case and the strategy; a vector has no guides, so there are no off-target reports.
    """
    vector = design.vector
    assert vector is not None
    target, case = context.strategy.target, context.case
    vehicle = next(one for one in knowledge.vehicles() if one.key == design.effector)
    findings = (
        delivery_finding(vehicle, vector.tissue),
        protein_finding(vector),
        construct_finding(vector),
        *_packaging(vector),
        *_coding(vector),
        joint_finding(vector),
        cloning_finding(vector),
        parts_finding(vector),
        promoter_finding(vector, design.gene),
        x_protein_finding(vector),
        detargeting_finding(vector),
        dosage_finding(design.gene),
        dividing_finding(vector, case),
        message_length_finding(vector),
        persistence_finding(vector),
        *_lentiviral(vector),
        # What systemic AAV has done is judged with the dose and the person below.
        *(() if "AAV" in vehicle.kind else vehicle_risk_findings(vehicle, vector.tissue)),
        conditioning_finding(target, vehicle),
        *patient_findings(vector, case, target),
        _activity(vector),
    )
    return Assessment(design.design_id, findings)


def _packaging(vector: Vector) -> tuple[Finding, ...]:
    """Every construct's findings, the worst of each rule first, so that a rule's first finding is its verdict."""
    found = [
        (finding, construct.name)
        for construct in vector.constructs
        for finding in packaging_findings(construct)
    ]
    order = list(dict.fromkeys(finding.rule for finding, _ in found))
    found.sort(key=lambda pair: (order.index(pair[0].rule), pair[0].status.severity))
    if len(vector.constructs) == 1:
        return tuple(finding for finding, _ in found)
    return tuple(replace(finding, because=f"{name}: {finding.because}") for finding, name in found)


def _coding(vector: Vector) -> tuple[Finding, ...]:
    options = coding_options(vector.form, vector.avoided_sites)
    return tuple(finding for coding in vector.coding for finding in coding_findings(coding, options))


def _lentiviral(vector: Vector) -> tuple[Finding, ...]:
    if vector.form is not GenomeForm.LENTIVIRAL:
        return ()
    return tuple(finding for construct in vector.constructs for finding in lentiviral_findings(construct))


def _activity(vector: Vector) -> Finding:
    return Finding(
        "vector.expression",
        Status.UNKNOWN,
        f"How many cells of {vector.tissue} make how much of the protein is not predicted by this version.",
    )
