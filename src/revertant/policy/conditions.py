"""Conditions of rules: a tiny declarative form, answered with true, false or unknown.

A leaf is ``{field, is, value}``; ``any`` and ``all`` join conditions. What a case leaves out is unknown, and
unknown joins as Kleene's logic says: ``any`` is true as soon as one part is, ``all`` is false as soon as one
part is, and otherwise one unknown part leaves the whole unknown. A field of a list
(``variants[].pathogenicity``) holds when it holds for some item. A text that is not there mentions nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from revertant.policy.facts import Facts, is_stated, kind_of

__all__ = [
    "AllOf",
    "AnyOf",
    "Condition",
    "Question",
    "answer",
    "fields_of",
    "parse_condition",
]


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one field."""

    field: str
    operator: str
    value: object = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when some part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is."""

    parts: tuple[Condition, ...]


Condition = Question | AnyOf | AllOf


def _mentions(value: object, words: object) -> bool:
    """Say whether a free text holds one of the words, whole, in the singular or with a plural s."""
    assert isinstance(words, tuple)
    alternatives = "|".join(re.escape(word) for word in words)
    text = re.sub(r"[\s_-]+", " ", str(value).casefold())
    return re.search(rf"(?<![a-z])(?:{alternatives})s?(?![a-z])", text) is not None


_OPERATORS: Mapping[str, Callable[[object, object], bool]] = {
    "in": lambda value, known: value in known,  # type: ignore[operator]
    "not_in": lambda value, known: value not in known,  # type: ignore[operator]
    "less_than": lambda value, bound: value < bound,  # type: ignore[operator]
    "at_least": lambda value, bound: value >= bound,  # type: ignore[operator]
    "mentions": _mentions,
}
_ON_NUMBERS = ("less_than", "at_least")
_ON_PRESENCE = ("missing", "stated")


def parse_condition(table: object) -> Condition:
    """Read a condition as TOML gives it.

    Raises
    ------
    ValueError
        For an unknown field or operator, or a value the field cannot have: a misspelt rule must not sleep.

    Examples
    --------
    >>> parse_condition({"field": "intent", "is": "in", "value": ["heritable"]})
    Question(field='intent', operator='in', value=('heritable',))
    >>> parse_condition({"field": "intent", "is": "in", "value": ["heritible"]})
    Traceback (most recent call last):
    ValueError: intent cannot be 'heritible'
    """
    if not isinstance(table, dict):
        raise ValueError(f"a condition is a table, not {table!r}")  # noqa: TRY004 - the file is wrong, not the call
    for name, joined in (("any", AnyOf), ("all", AllOf)):
        if set(table) == {name}:
            parts = table[name]
            if not isinstance(parts, list) or not parts:
                raise ValueError(f"{name} needs a list of conditions")
            return joined(tuple(parse_condition(part) for part in parts))
    field, operator = table.get("field"), table.get("is")
    if not isinstance(field, str) or kind_of(field) is None:
        raise ValueError(f"no field {field!r} in a case")
    if not isinstance(operator, str) or operator not in (*_OPERATORS, *_ON_PRESENCE):
        raise ValueError(f"no operator {operator!r}")
    if operator in _ON_PRESENCE:
        _only(table, "field", "is")
        return Question(field, operator)
    _only(table, "field", "is", "value")
    return Question(field, operator, _value(field, operator, table.get("value")))


def _only(table: Mapping[str, object], *keys: str) -> None:
    if set(table) != set(keys):
        raise ValueError(f"a test has the keys {', '.join(keys)}, not {', '.join(sorted(table))}")


def _value(field: str, operator: str, value: object) -> object:
    kind = kind_of(field)
    assert kind is not None
    if operator in _ON_NUMBERS:
        if kind is not float or isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{field} {operator} needs a number")
        return float(value)
    if not isinstance(value, list) or not value:
        raise ValueError(f"{field} {operator} needs a list of values")
    if operator == "mentions" and kind is not str:
        raise ValueError(f"{field} mentions needs a field of text")
    for one in value:
        try:
            fits = isinstance(one, bool) if kind is bool else kind(one) == one
        except (TypeError, ValueError):
            fits = False
        if not fits:
            raise ValueError(f"{field} cannot be {one!r}")
    return tuple(value)


@cache
def fields_of(condition: Condition) -> tuple[str, ...]:
    """Return the fields a condition asks about, in order, each once."""
    if isinstance(condition, Question):
        return (condition.field,)
    return tuple(dict.fromkeys(field for part in condition.parts for field in fields_of(part)))


def answer(condition: Condition, facts: Facts) -> bool | None:
    """Answer a condition from facts; ``None`` when they do not say enough.

    Examples
    --------
    >>> young = parse_condition({"field": "subject.age_years", "is": "less_than", "value": 18})
    >>> answer(young, {"subject.age_years": (7.0,)}), answer(young, {"subject.age_years": (None,)})
    (True, None)
    """
    if isinstance(condition, Question):
        return _answer_question(condition, facts)
    answers = [answer(part, facts) for part in condition.parts]
    decisive = isinstance(condition, AnyOf)
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def _answer_question(question: Question, facts: Facts) -> bool | None:
    values = facts[question.field]
    stated = [value for value in values if is_stated(value)]
    if question.operator in _ON_PRESENCE:
        return bool(stated) is (question.operator == "stated")
    if any(_OPERATORS[question.operator](value, question.value) for value in stated):
        return True
    return False if len(stated) == len(values) or question.operator == "mentions" else None
