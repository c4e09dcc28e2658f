"""What rules may ask about: a case, or an order of nucleic acid, reduced to facts.

A fact is a field with its values: one, or one for each item of a list. Nothing else of a case reaches a rule, and
nothing else stands in a decision log: no identifier, no name, no sequence. A list that a rule only asks to be there is
the number of its items.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from revertant.errors import UsageError
from revertant.knowledge import complex_routes_for, conditions
from revertant.model import (
    Case,
    EditingPlace,
    Intent,
    Pathogenicity,
    Sex,
    TargetCells,
)

__all__ = [
    "FIELDS",
    "Facts",
    "check_words",
    "facts_of_case",
    "facts_of_order",
    "is_about_order",
    "is_stated",
    "kind_of",
]

Facts = Mapping[str, tuple[object, ...]]

# Fields a rule may ask about, and what a value must be: an enumeration, or a plain type. `tuple` is a list whose items
# are only counted.
FIELDS: Mapping[str, type] = {
    "for_person": bool,
    "intent": Intent,
    "target_cells": TargetCells,
    "editing_place": EditingPlace,
    "tissue": str,
    "jurisdiction": str,
    "law_is_held": bool,
    "consent": bool,
    "polygenic_score": bool,
    "common_route": bool,
    "diseases": tuple,
    "variants": tuple,
    "copy_numbers": tuple,
    "tumour": bool,
    "variants[].pathogenicity": Pathogenicity,
    "variants[].gene": str,
    "subject.sex": Sex,
    "subject.age_years": float,
    "subject.weight_kg": float,
    "order.length_nt": float,
    "order.screened": bool,
}
#: What a case answers by yes or no, ``conditions.<key>``.
_CONDITIONS = "conditions."
_ORDER = "order."
# The one field of words that a case may leave out.
_OPTIONAL = ("editing_place",)
# Identifiers of the Polygenic Score Catalog (doi:10.1038/s41588-021-00783-5): PGS000018.
_POLYGENIC = re.compile(r"\bPGS\d{6}\b", re.IGNORECASE)


def kind_of(field: str) -> type | None:
    """Return the type of a field's values; ``None`` for a field that does not exist.

    Examples
    --------
    >>> kind_of("consent"), kind_of("conditions.child_assent"), kind_of("intend")
    (<class 'bool'>, <class 'bool'>, None)
    """
    if field.startswith(_CONDITIONS):
        return bool if field.removeprefix(_CONDITIONS) in conditions() else None
    return FIELDS.get(field)


def is_about_order(field: str) -> bool:
    """Say whether a field belongs to an order of nucleic acid and not to a case."""
    return field.startswith(_ORDER)


def is_stated(value: object) -> bool:
    """Say whether a value says anything."""
    return value is not None and value != ""


def _polygenic_score(case: Case) -> bool | None:
    """Say whether a polygenic score is what should be changed: by the case's own word, or by an identifier of one."""
    texts = [text for variant in case.variants for text in variant.expressions]
    texts += [text for disease in case.diseases for text in (disease.disease_id, disease.label)]
    if any(_POLYGENIC.search(text) for text in texts):
        return True
    return dict(case.conditions).get("polygenic_score_target")


def _tumour(case: Case) -> bool | None:
    """Say whether cells against a tumour are asked for: no variant is edited then, and none has to be stated."""
    return True if case.cells is not None or case.files.expression else None


def _common_route(case: Case) -> bool | None:
    """Say whether a common disease with known routes by one gene is to be treated: no variant is edited then."""
    treats = case.intent is Intent.TREATMENT and bool(complex_routes_for(case.diseases))
    return True if treats else None


_DERIVED: Mapping[str, Callable[[Case], object]] = {
    "polygenic_score": _polygenic_score,
    "common_route": _common_route,
    "tumour": _tumour,
}


def facts_of_case(case: Case, *, for_person: bool, law_is_held: bool | None) -> dict[str, tuple[object, ...]]:
    """Return every fact of a case.

    Parameters
    ----------
    case
        The case as read.
    for_person
        Whether someone is to be treated.
    law_is_held
        Whether the rules hold the law of the case's place; ``None`` when it names none.

    Raises
    ------
    UsageError
        When a case made in Python has an intent, target cells or class that are none of the model's words.
    """
    stated = dict(case.conditions)
    facts: dict[str, tuple[object, ...]] = {"for_person": (for_person,), "law_is_held": (law_is_held,)}
    for field, kind in FIELDS.items():
        if field in _DERIVED:
            facts[field] = (_DERIVED[field](case),)
        elif field not in facts and not is_about_order(field):
            facts[field] = _values(case, field, kind)
    facts |= {f"{_CONDITIONS}{key}": (stated.get(key),) for key in conditions()}
    check_words(facts)
    return facts


def _values(case: Case, field: str, kind: type) -> tuple[object, ...]:
    head, _, tail = field.partition("[].")
    value: object = case
    for name in head.split("."):
        value = getattr(value, name)
    if tail:
        assert isinstance(value, tuple)
        return tuple(getattr(item, tail) for item in value)
    if kind is tuple:
        assert isinstance(value, tuple)
        return (len(value) or None,)
    return (value,)


def check_words(facts: Facts) -> None:
    """Refuse words that are none of the model's: a misspelt ``embryos`` must not slip past a rule."""
    for field, values in facts.items():
        kind = kind_of(field)
        for value in values:
            if kind is None or not issubclass(kind, StrEnum) or isinstance(value, kind):
                continue
            if value is not None or field not in _OPTIONAL:
                remedy = f"Use revertant.model.{kind.__name__}."
                raise UsageError(f"{value!r} is none of the words of {field}.", where=field, remedy=remedy)


def facts_of_order(length_nt: int, jurisdiction: str, screened: bool | None) -> dict[str, tuple[object, ...]]:
    """Return the facts of an order of nucleic acid: its length in nt, where it is placed, whether it was screened."""
    return {
        "jurisdiction": (jurisdiction,),
        "order.length_nt": (float(length_nt),),
        "order.screened": (screened,),
    }
