"""The liver, the age and the weight of the person, as far as products for the same gene or capsid ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from revertant import knowledge
from revertant.modality.gene_addition.patient_checks.routes import (
    is_aav,
    is_in_csf,
    is_systemic,
    labels_in_force,
    products_of,
)
from revertant.model import Case, Finding, Measurement, Status, Target, Vector

__all__ = ["body_findings", "has_liver_disease", "liver_limits"]

#: Values of the liver, and conditions that speak of one that is ill.
_VALUES = ("ALT", "AST", "GGT", "total_bilirubin")
_ILL = ("liver_impairment", "acute_hepatic_viral_infection", "active_hepatitis")


class _Limit(NamedTuple):
    product: str
    criterion: knowledge.Criterion
    sources: tuple[str, ...]
    checked: bool


def body_findings(vector: Vector, case: Case, target: Target) -> tuple[Finding, ...]:
    """Judge liver, age and weight for a vector.

    Parameters
    ----------
    vector
        Only what reaches the liver asks for it: AAV or lipid nanoparticles in blood or cerebrospinal fluid.
    case
        Measurements, conditions, age and weight.
    target
        Products for its gene name the limits.
    """
    return (_liver(vector, case, target), _age(case), _weight(vector, case))


def liver_limits(gene: str) -> tuple[_Limit, ...]:
    """Return the limits of liver values that labels of products for a gene name, each value once.

    Examples
    --------
    >>> sorted(limit.criterion.measurement for limit in liver_limits("SMN1"))
    ['ALT', 'AST', 'total_bilirubin']
    """
    found: dict[str, _Limit] = {}
    for product in products_of(gene):
        for label in labels_in_force(product):
            for asked in label.criteria:
                if asked.asks == "measurement" and asked.measurement in _VALUES:
                    checked = label.checked if asked.checked is None else asked.checked
                    limit = _Limit(product.name, asked, asked.sources or label.sources, checked)
                    found.setdefault(asked.measurement, limit)
    return tuple(found.values())


def has_liver_disease(case: Case, gene: str) -> str:
    """Return what speaks for a liver that is ill, in words; empty when nothing that is stated does.

    Examples
    --------
    >>> from revertant.model import Subject
    >>> ill = Case("c", Subject("s"), (), conditions=(("liver_impairment", True),))
    >>> has_liver_disease(ill, "SMN1")
    'liver impairment'
    """
    stated = dict(case.conditions)
    named = [key.replace("_", " ") for key in _ILL if stated.get(key)]
    over = [f"{one.name} {one.value:g} {one.unit}" for _, one in _over(case, liver_limits(gene))]
    return ", ".join([*named, *over])


def _newest(case: Case, name: str) -> tuple[Measurement, ...]:
    rows = [one for one in case.measurements if one.name == name]
    date = max((one.date for one in rows), default="")
    return tuple(one for one in rows if one.date == date)


def _over(case: Case, limits: Sequence[_Limit]) -> list[tuple[_Limit, Measurement]]:
    return [
        (limit, one)
        for limit in limits
        for one in _newest(case, limit.criterion.measurement)
        if one.unit == limit.criterion.unit and not limit.criterion.allows(one.value)
    ]


def _liver(vector: Vector, case: Case, target: Target) -> Finding:
    rule = "patient.liver"
    reaches = (
        vector.tissue == knowledge.Tissue.LIVER
        or is_systemic(vector)
        or (is_aav(vector) and is_in_csf(vector))
    )
    if not reaches:
        return Finding(rule, Status.NOT_APPLICABLE, f"Given {vector.route}, little of it reaches the liver.")
    limits = liver_limits(target.gene)
    sources = tuple(dict.fromkeys(source for limit in limits for source in limit.sources))
    checked = all(limit.checked for limit in limits)
    if ill := has_liver_disease(case, target.gene):
        text = f"The liver is not sound: {ill}. Injury of the liver is the commonest serious harm of such vectors."
        return Finding(rule, Status.CAUTION, text, value=ill, sources=sources, checked=checked)
    asked = [limit.criterion.measurement for limit in limits] or list(_VALUES)
    named = ", ".join(
        f"{limit.criterion.measurement} at most {limit.criterion.at_most:g} {limit.criterion.unit}"
        for limit in limits
    )
    missing = [name for name in asked if not _newest(case, name)]
    if missing:
        text = f"Not stated: {', '.join(missing).replace('_', ' ')}. A value that is not measured is not a normal one."
        return Finding(rule, Status.UNKNOWN, text, threshold=named, sources=sources, checked=checked)
    other = [
        limit.criterion.measurement
        for limit in limits
        if not any(one.unit == limit.criterion.unit for one in _newest(case, limit.criterion.measurement))
    ]
    if other:
        names = ", ".join(other).replace("_", " ")
        text = f"Stated in another unit than the limit: {names}. Give multiples of the upper limit (x_ULN)."
        return Finding(rule, Status.UNKNOWN, text, threshold=named, sources=sources, checked=checked)
    said = "; ".join(f"{one.name} {one.value:g} {one.unit}" for name in asked for one in _newest(case, name))
    if not limits:
        text = f"{said}. No product for {target.gene} names a limit here."
        return Finding(rule, Status.UNKNOWN, text, value=said)
    text = f"The values are within the limits of {limits[0].product}."
    return Finding(rule, Status.PASS, text, said, named, sources, checked)


def _age(case: Case) -> Finding:
    rule, age = "patient.age", case.subject.age_years
    if age is None:
        text = "The age is not stated: dose, growth of the liver and antibodies of the mother depend on it."
        return Finding(rule, Status.UNKNOWN, text)
    said = f"{age * 12:.1f} months" if age < 2 else f"{age:g} years"
    return Finding(rule, Status.PASS, f"The person is {said} old.", value=said)


def _weight(vector: Vector, case: Case) -> Finding:
    rule, weight = "patient.weight", case.subject.weight_kg
    by_weight = vector.dose is not None and vector.dose.vg_per_kg is not None
    if weight is not None:
        return Finding(rule, Status.PASS, f"The person weighs {weight:g} kg.", value=f"{weight:g} kg")
    if not by_weight and not is_systemic(vector):
        return Finding(rule, Status.NOT_APPLICABLE, f"A dose given {vector.route} does not go by weight.")
    return Finding(rule, Status.UNKNOWN, "The weight is not stated, and the dose goes by it.")
