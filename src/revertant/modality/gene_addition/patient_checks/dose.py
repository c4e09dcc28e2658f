"""What a dose of this kind would be for this person, and where such doses have killed.

The dose is an anchor: what one product or trial gave by this capsid and route. It is never a recommendation for the
vector at hand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from revertant import knowledge
from revertant.modality.gene_addition.patient_checks.body import has_liver_disease
from revertant.modality.gene_addition.patient_checks.routes import (
    is_aav,
    is_systemic,
    labels_in_force,
    products_of,
)
from revertant.model import Case, Finding, Status, Target, Vector, VectorDose, power_text

__all__ = ["dose_findings", "dose_for_weight"]

#: Diseases in which high doses have killed: X-linked myotubular myopathy, and Duchenne in those who do not walk.
_XLMTM_GENE, _DMD_GENE = "MTM1", "DMD"
#: Where a product's label starts to speak of limited experience: above this weight and age (Zolgensma, EU).
_HEAVY_KG, _OLD_YEARS = 13.5, 2.0
_HEAVY_SOURCES = ("label:Zolgensma SmPC, quoted in NICE HST15 section 3.4",)


def dose_for_weight(dose: VectorDose, weight_kg: float | None, gene: str) -> VectorDose:
    """Work an anchor out for a weight: total, and volume and vials where a product's label gives them.

    Parameters
    ----------
    dose
        The anchor.
    weight_kg
        Body weight; without it a dose per kg stays per kg.
    gene
        Its products' labels are asked for kits and concentration.

    Examples
    --------
    >>> anchor = next(row for row in knowledge.dose_anchors() if row.key == "zolgensma").vector_dose()
    >>> found = dose_for_weight(anchor, 4.6, "SMN1")
    >>> power_text(found.vg_total), found.volume_ml, found.vials
    ('5.06e14', 27.5, '4 vials: the kit for 4.6 to 5.0 kg, which is the dose of 5.0 kg')
    """
    if dose.vg_per_kg is None or weight_kg is None:
        return dose
    total = dose.vg_per_kg * weight_kg
    label = _label_with(dose.vg_per_kg, gene)
    if label is None or label.dose is None:
        return replace(dose, vg_total=total)
    kit = label.dose.kit(weight_kg)
    if kit is not None:
        ranged = (
            f"the kit for {kit.from_kg:.1f} to {kit.to_kg:.1f} kg, which is the dose of {kit.to_kg:.1f} kg"
        )
        vials = f"{kit.vials} vials: {ranged}"
        return replace(dose, vg_total=total, volume_ml=kit.volume_ml, vials=vials)
    if label.dose.kit_step_kg or not label.dose.vg_per_ml:
        return replace(dose, vg_total=total)
    volume = total / label.dose.vg_per_ml
    count = math.ceil(round(volume / label.dose.vial_ml, 9)) if label.dose.vial_ml else 0
    return replace(dose, vg_total=total, volume_ml=volume, vials=f"{count} vials" if count else "")


def _label_with(vg_per_kg: float, gene: str) -> knowledge.ProductLabel | None:
    """The newest label of a product for the gene that gives this very dose, one with a concentration first."""
    labels = [label for product in products_of(gene) for label in labels_in_force(product)]
    same = [label for label in labels if label.dose is not None and label.dose.vg_per_kg == vg_per_kg]
    return next((label for label in same if label.dose and label.dose.vg_per_ml), None)


def dose_findings(vector: Vector, case: Case, target: Target) -> tuple[Finding, ...]:
    """State the anchor for this person, and flag high systemic doses with the deaths after them.

    Parameters
    ----------
    vector
        With its anchor, where one is known.
    case
        Weight, age, conditions and liver values.
    target
        The gene: some diseases bear high doses worse.
    """
    return (_anchor(vector, case, target), _high(vector, case, target))


def _anchor(vector: Vector, case: Case, target: Target) -> Finding:
    rule = "dose.anchor"
    if vector.dose is None:
        text = f"No dose of {vector.capsid_name} given {vector.route} into {vector.tissue} is known here."
        return Finding(rule, Status.UNKNOWN, text)
    dose = dose_for_weight(vector.dose, case.subject.weight_kg, target.gene)
    parts = [dose.basis]
    if dose.vg_per_kg is not None and dose.vg_total is not None and case.subject.weight_kg is not None:
        parts.append(f"For {case.subject.weight_kg:g} kg that is {power_text(dose.vg_total)} vg.")
    elif dose.vg_per_kg is not None:
        parts.append("The weight is not stated.")
    if dose.volume_ml is not None:
        parts.append(f"Of the product: {dose.volume_ml:.4g} mL{f' in {dose.vials}' if dose.vials else ''}.")
    parts.append("It is what was given elsewhere, not a recommendation.")
    status = Status.UNKNOWN if dose.vg_total is None else Status.CAUTION
    value = f"{power_text(dose.vg_total)} vg" if dose.vg_total is not None else ""
    return Finding(rule, status, " ".join(parts), value, sources=dose.sources, checked=dose.checked)


def _high(vector: Vector, case: Case, target: Target) -> Finding:
    rule = "dose.high_systemic"
    limit = knowledge.HIGH_DOSE_VG_PER_KG
    threshold = f"{power_text(limit)} vg/kg"
    if not (is_aav(vector) and is_systemic(vector)):
        return Finding(
            rule, Status.NOT_APPLICABLE, f"The vector is not an AAV given by vein ({vector.route})."
        )
    per_kg = vector.dose.vg_per_kg if vector.dose is not None else None
    if per_kg is None:
        text = f"The dose is not known; deaths followed systemic doses of {threshold} and more."
        return Finding(rule, Status.UNKNOWN, text, threshold=threshold, sources=("pmcid:PMC10638066",))
    value = f"{power_text(per_kg)} vg/kg"
    if per_kg < limit:
        return Finding(rule, Status.PASS, f"The anchor lies below {threshold}.", value, threshold)
    deaths = knowledge.aav_deaths().values()
    graver, more = _graver(case, target.gene), _more(case)
    told = [
        f"Deaths followed systemic doses of {threshold} and more: {_told(tuple(deaths))}.",
        *([f"Graver here: {'; '.join(graver)}."] if graver else []),
        *([f"Total dose and experience speak against it too: {'; '.join(more)}."] if more else []),
    ]
    sources = tuple(dict.fromkeys(source for row in deaths for source in row.sources))
    return Finding(
        rule,
        Status.FAIL if graver else Status.CAUTION,
        " ".join(told),
        value,
        threshold,
        (*sources, *(_HEAVY_SOURCES if more else ())),
        checked=all(row.checked for row in deaths),
    )


def _told(rows: Sequence[knowledge.AavDeath]) -> str:
    said = []
    for row in rows:
        details = ", ".join(filter(None, (row.organ, row.age, row.after and f"after {row.after}")))
        number = f"{row.deaths} " if row.deaths else ""
        said.append(f"{number}after {row.name} ({details})")
    return "; ".join(said)


def _graver(case: Case, gene: str) -> list[str]:
    """What made such doses deadly before: the disease, or a liver that is ill."""
    found = []
    if gene == _XLMTM_GENE:
        found.append("X-linked myotubular myopathy, in which four died")
    if gene == _DMD_GENE and dict(case.conditions).get("ambulatory") is False:
        found.append("Duchenne muscular dystrophy in someone who does not walk")
    if ill := has_liver_disease(case, gene):
        found.append(f"a liver that is not sound ({ill})")
    return found


def _more(case: Case) -> list[str]:
    age, weight = case.subject.age_years, case.subject.weight_kg
    found = []
    if weight is not None and weight > _HEAVY_KG:
        found.append(f"{weight:g} kg, above {_HEAVY_KG:g} kg")
    if age is not None and age >= _OLD_YEARS:
        found.append(f"{age:g} years, {_OLD_YEARS:g} or more")
    return found
