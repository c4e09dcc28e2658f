"""What an added gene may do later: tumours of the liver, and whether it can be given again.

Dorsal root ganglia, growth of the liver and integration depend on the vector more than on the person; they stand with
the vector's own rules.
"""

from __future__ import annotations

from revertant import knowledge
from revertant.modality.gene_addition.patient_checks.routes import (
    is_aav,
    is_outside_body,
    is_systemic,
)
from revertant.model import Case, FeatureKind, Finding, GenomeForm, Status, Vector

__all__ = ["lasting_findings"]

#: Below this age the warning of a strong liver promoter weighs most: the animals were newborn.
_INFANT_YEARS = 2.0


def lasting_findings(vector: Vector, case: Case) -> tuple[Finding, ...]:
    """Say what is known to follow later.

    Parameters
    ----------
    vector
        Its form, route, tissue and promoter.
    case
        The age, and earlier gene therapy.
    """
    return (
        _liver_promoter(vector, case),
        _again(vector, case),
        _label_steroids(vector),
    )


def _cited(rule: str, status: Status, key: str, more: str = "", value: str = "") -> Finding:
    risk = knowledge.vector_risk(key)
    text = f"{risk.statement} {risk.mitigation}{f' {more}' if more else ''}"
    return Finding(rule, status, text, value=value, sources=risk.sources, checked=risk.checked)


def _liver_promoter(vector: Vector, case: Case) -> Finding:
    rule = "safety.strong_liver_promoter"
    if not is_aav(vector) or not (is_systemic(vector) or vector.tissue == knowledge.Tissue.LIVER):
        return Finding(rule, Status.NOT_APPLICABLE, f"Given {vector.route}, little of it reaches the liver.")
    parts = knowledge.vector_parts()
    strong = [
        use.name
        for use in vector.parts
        if use.kind is FeatureKind.PROMOTER
        and use.key in parts
        and parts[use.key].strength == "strong"
        and parts[use.key].works_in(knowledge.Tissue.LIVER)
    ]
    if not strong:
        return Finding(rule, Status.PASS, "No promoter of it is known to be strong in the liver.")
    age = case.subject.age_years
    young = " This person is an infant." if age is not None and age < _INFANT_YEARS else ""
    more = f"Strong in the liver: {', '.join(strong)}.{young}"
    return _cited(rule, Status.CAUTION, "strong_liver_promoter", more, ", ".join(strong))


def _again(vector: Vector, case: Case) -> Finding:
    rule = "safety.redosing"
    if vector.form is GenomeForm.MRNA:
        return _cited(rule, Status.PASS, "redosing_lnp")
    if is_outside_body(vector) or not is_aav(vector):
        return Finding(
            rule, Status.NOT_APPLICABLE, "Cells are treated outside the body, without a capsid of an AAV."
        )
    if dict(case.conditions).get("earlier_gene_therapy"):
        more = "The case says that this person had a gene therapy before."
        return _cited(rule, Status.FAIL, "redosing_aav", more)
    return _cited(rule, Status.CAUTION, "redosing_aav")


def _label_steroids(vector: Vector) -> Finding:
    """Pass on what the label behind the dose says of corticosteroids; no regimen is made here."""
    rule = "label.corticosteroids"
    dose = vector.dose
    anchors = [] if dose is None else [row for row in knowledge.dose_anchors() if row.sources == dose.sources]
    said = next((row for row in anchors if "corticosteroid" in row.note.lower()), None)
    if said is None:
        return Finding(
            rule, Status.NOT_APPLICABLE, "No label behind the dose says anything of corticosteroids here."
        )
    text = f"The label of {said.name} says: {said.note} That is a fact of the product, not advice for this vector."
    return Finding(rule, Status.CAUTION, text, value=said.name, sources=said.sources, checked=said.checked)
