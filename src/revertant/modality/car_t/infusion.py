"""How many cells are given after which lymphodepletion, held against the label of the product and the study of a model.

No effect of a dose is worked out: the published model of expansion keeps none. What is asked is whether the stated dose
is one that a label states, and one that the people of the model were given.
"""

from __future__ import annotations

import hashlib
import math

from revertant import knowledge
from revertant.knowledge import CarDose, CellDose, CellularKinetics, RegimenDrug
from revertant.modality.car_t.receptor import Receptor
from revertant.model import CellProduct, CellSource, Finding, LymphodepletingDrug, Status, power_text

__all__ = ["given_cells", "infusion_findings", "label_of", "outside_study"]

#: Doses are stated in two or three digits: nearer than this to the end of a range they are on it.
_ROUNDED = 0.005


def given_cells(cells: CellProduct, weight_kg: float | None) -> float | None:
    """Return the cells in all; ``None`` where they, or the weight they depend on, are not stated.

    Examples
    --------
    >>> given_cells(CellProduct(dose_cells_per_kg=3e6), 28), given_cells(CellProduct(dose_cells_per_kg=3e6), None)
    (84000000.0, None)
    """
    if cells.dose_cells is not None:
        return cells.dose_cells
    if cells.dose_cells_per_kg is None or weight_kg is None:
        return None
    return cells.dose_cells_per_kg * weight_kg


def label_of(receptor: Receptor, disease: str) -> CarDose | None:
    """Return what the label of the product with this very receptor states for a disease; ``None`` without one.

    Examples
    --------
    >>> from revertant.modality.car_t import product_receptor
    >>> label_of(product_receptor("tisagenlecleucel"), "B-cell acute lymphoblastic leukaemia").name
    'Kymriah (leukaemia)'
    """
    digest = hashlib.sha256(receptor.protein.encode()).hexdigest()
    keys = [
        key
        for row in knowledge.car_architectures().values()
        if row.of_product and row.protein_sha256 == digest
        for key in row.products
    ]
    found = [key for key in keys if disease.lower() in knowledge.products()[key].disease_names]
    return knowledge.car_doses().get(found[0]) if len(found) == 1 else None


def infusion_findings(
    receptor: Receptor, disease: str, weight_kg: float | None, cells: CellProduct
) -> tuple[Finding, Finding]:
    """Hold dose and lymphodepletion against the label of the product with this receptor.

    Parameters
    ----------
    receptor
        The receptor; one of no product has no label.
    disease, weight_kg
        The tumour by name, and the person's weight.
    cells
        What is stated.

    Examples
    --------
    >>> from revertant.modality.car_t import product_receptor
    >>> own, disease = product_receptor("tisagenlecleucel"), "B-cell acute lymphoblastic leukaemia"
    >>> [one.status.value for one in infusion_findings(own, disease, 28, CellProduct(dose_cells=84e6))]
    ['pass', 'unknown']
    """
    label = label_of(receptor, disease) if cells.source is CellSource.AUTOLOGOUS else None
    if label is None:
        why = (
            "Labels are of people's own cells, and these are a donor's"
            if cells.source is CellSource.ALLOGENEIC
            else f"No label read here is of this receptor in {disease or 'a disease that is not named'}"
        )
        return (
            _unlabelled("car_t.dose", _dose_words(cells), why),
            _unlabelled("car_t.lymphodepletion", _regimen_words(cells.lymphodepletion), why),
        )
    return _dose(label, disease, weight_kg, cells), _lymphodepletion(label, disease, cells)


def _unlabelled(rule: str, stated: str, why: str) -> Finding:
    said = f"Stated: {stated}." if stated else "It is not stated."
    return Finding(rule, Status.UNKNOWN, f"{why}, so there is nothing to hold it against. {said}", stated)


def _dose(label: CarDose, disease: str, weight_kg: float | None, cells: CellProduct) -> Finding:
    rule, stated, sources = "car_t.dose", _dose_words(cells), label.sources
    ranges = label.doses_for(disease)
    threshold = "; ".join(one.words for one in ranges)
    note = f" {label.note}" if label.note else ""
    if not stated:
        text = f"How many cells are to be given is not stated. The label of {label.name}: {threshold}.{note}"
        return Finding(rule, Status.UNKNOWN, text, "", threshold, sources, label.checked)
    total = given_cells(cells, weight_kg)
    needs_weight = total is None or any(
        one.per == "kg" or one.above_kg is not None or one.to_kg is not None for one in ranges
    )
    if needs_weight and weight_kg is None:
        text = f"{stated} cannot be held against the label of {label.name}: the weight is not stated."
        return Finding(rule, Status.UNKNOWN, text, stated, threshold, sources, label.checked)
    assert total is not None
    fitting = [one for one in ranges if weight_kg is None or one.is_for(weight_kg)]
    weight = weight_kg if weight_kg is not None else 0.0  # of ranges in all it is not asked
    value = stated if cells.dose_cells is not None else f"{stated}, {power_text(total)} in all"
    if any(_within(total, one, weight) for one in fitting):
        text = f"{value}: a dose of the label of {label.name}.{note}"
        return Finding(rule, Status.PASS, text, value, threshold, sources, label.checked)
    text = f"{value}: not a dose of the label of {label.name} ({threshold}).{note}"
    return Finding(rule, Status.CAUTION, text, value, threshold, sources, label.checked)


def _within(total: float, dose: CellDose, weight_kg: float) -> bool:
    low, high = dose.cells(weight_kg)
    return low * (1 - _ROUNDED) <= total <= high * (1 + _ROUNDED)


def _lymphodepletion(label: CarDose, disease: str, cells: CellProduct) -> Finding:
    rule, stated, sources = "car_t.lymphodepletion", _regimen_words(cells.lymphodepletion), label.sources
    said = (
        f"{stated[:1].upper()}{stated[1:]}"  # it stands in the sentence, and need not stand beside it again
    )
    regimens = label.regimens_for(disease)
    threshold = " or ".join(one.words for one in regimens)
    if not regimens:
        text = f"The lymphodepletion of {label.name} was not read."
        return Finding(rule, Status.UNKNOWN, text, "", "", sources, label.checked)
    when = f", {label.interval}" if label.interval else ""
    if not stated:
        text = f"The lymphodepletion is not stated. The label of {label.name}: {threshold}{when}."
        return Finding(rule, Status.UNKNOWN, text, "", threshold, sources, label.checked)
    given = {one.drug: one for one in cells.lymphodepletion}
    alike = [one for one in regimens if {drug.drug for drug in one.drugs} == set(given)]
    if not alike:
        text = f"{said}: other drugs than those of the label of {label.name}, {threshold}."
        return Finding(rule, Status.CAUTION, text, "", threshold, sources, label.checked)
    if any(one.mg_per_m2 is None or one.days is None for one in given.values()):
        text = f"{said}: doses or days are missing. The label of {label.name}: {threshold}{when}."
        return Finding(rule, Status.UNKNOWN, text, "", threshold, sources, label.checked)
    if any(all(_is_same(given[drug.drug], drug) for drug in one.drugs) for one in alike):
        text = f"{said}: as the label of {label.name} has it{when}."
        return Finding(rule, Status.PASS, text, "", threshold, sources, label.checked)
    text = f"{said}: other doses or days than those of the label of {label.name}, {threshold}."
    return Finding(rule, Status.CAUTION, text, "", threshold, sources, label.checked)


def _is_same(given: LymphodepletingDrug, drug: RegimenDrug) -> bool:
    return given.days == drug.days and math.isclose(given.mg_per_m2 or 0.0, drug.mg_per_m2)


def outside_study(model: CellularKinetics, weight_kg: float | None, cells: CellProduct) -> str:
    """Say why a stated dose lies outside what the people of a model were given; empty where it does not, or none is.

    Parameters
    ----------
    model
        The model.
    weight_kg, cells
        The person's weight, and what is stated.

    Examples
    --------
    >>> model = knowledge.cellular_kinetics()["tisagenlecleucel_b_all"]
    >>> outside_study(model, 28, CellProduct(dose_cells=84e6))
    ''
    >>> outside_study(model, 28, CellProduct(dose_cells_per_kg=2e7)).partition(",")[0]
    'The stated dose'
    """
    stated = _dose_words(cells)
    if not stated or not model.doses:
        return ""
    if weight_kg is None:
        return f"Whether the stated dose, {stated}, is one of the study's cannot be told: the weight is not stated."
    total = given_cells(cells, weight_kg)
    assert total is not None
    fitting = [one for one in model.doses if one.is_for(weight_kg)]
    if any(_within(total, one, weight_kg) for one in fitting):
        return ""
    given = " or ".join(one.words for one in fitting)
    return f"The stated dose, {stated}, is outside what the people of the model were given ({given})."


def _dose_words(cells: CellProduct) -> str:
    if cells.dose_cells is not None:
        return f"{power_text(cells.dose_cells)} cells"
    return f"{power_text(cells.dose_cells_per_kg)} cells/kg" if cells.dose_cells_per_kg is not None else ""


def _regimen_words(drugs: tuple[LymphodepletingDrug, ...]) -> str:
    return " with ".join(one.words for one in drugs)
