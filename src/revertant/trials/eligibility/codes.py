"""A typed criterion in one line of words, for people and for comparing readings."""

from __future__ import annotations

from revertant.knowledge import Criterion, agents, conditions, measurements, unit_words
from revertant.trials.answer import plain

__all__ = ["criterion_code", "criterion_sentence"]

_OPS = (
    ("at_least", ">=", "at least"),
    ("above", ">", "above"),
    ("at_most", "<=", "at most"),
    ("below", "<", "below"),
)


def criterion_code(criterion: Criterion) -> str:
    """Write a criterion shortly, the same for the same criterion; ``~`` marks one with a reservation.

    Examples
    --------
    >>> criterion_code(Criterion(key="a", kind="trial", asks="age", text="", at_least=18, at_most=75, unit="years"))
    'age>=18<=75 years'
    """
    if criterion.asks in {"any", "all"}:
        sign = " | " if criterion.asks == "any" else " & "
        core = f"{criterion.asks}({sign.join(map(criterion_code, criterion.of))})"
    elif criterion.asks == "condition":
        core = f"{criterion.condition}={'yes' if criterion.answer else 'no'}"
    elif criterion.asks == "sex":
        core = f"sex={criterion.sex}"
    else:
        limits = "".join(
            f"{sign}{_figures(value)}"
            for name, sign, _ in _OPS
            if (value := getattr(criterion, name)) is not None
        )
        unit = "kg" if criterion.asks == "weight" else criterion.unit
        core = f"{_subject(criterion)}{limits}{f' {unit}' if unit else ''}"
    return f"{core}~" if criterion.unless or criterion.provided else core


def _figures(value: float) -> str:
    """Write a number without an exponent."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _subject(criterion: Criterion) -> str:
    named = {
        "age": "age",
        "weight": "weight",
        "measurement": criterion.measurement,
        "washout": f"washout {criterion.agent}",
        "titre": f"titre {criterion.antigen} {criterion.assay}",
        "copies": f"copies {criterion.gene}",
    }
    return named.get(criterion.asks, f"{criterion.asks} {criterion.gene}".strip())


def criterion_sentence(criterion: Criterion) -> str:
    """Say in a sentence what a typed criterion asks.

    Examples
    --------
    >>> criterion_sentence(Criterion(key="a", kind="trial", asks="age", text="", at_least=18, unit="years"))
    'Age at least 18 years.'
    """
    words = _phrase(criterion)
    return f"{words[0].upper()}{words[1:]}."


def _phrase(criterion: Criterion) -> str:
    if criterion.asks in {"any", "all"}:
        return f" {'or' if criterion.asks == 'any' else 'and'} ".join(
            f"({_phrase(one)})" for one in criterion.of
        )
    if criterion.asks == "condition":
        question = conditions()[criterion.condition].question.rstrip("?")
        return f"“{question}?”: {'yes' if criterion.answer else 'no'}"
    if criterion.asks == "sex":
        return f"sex: {criterion.sex}"
    if criterion.asks in {"variant", "biallelic"}:
        return f"a pathogenic variant of {criterion.gene}" + (
            " on both copies" if criterion.asks == "biallelic" else ""
        )
    sign = "1:" if criterion.asks == "titre" else ""
    limits = " and ".join(
        f"{words} {sign}{plain(value)}"
        for name, _, words in _OPS
        if (value := getattr(criterion, name)) is not None
    )
    unit = unit_words(criterion.unit)
    names = {
        "age": "age",
        "weight": "weight",
        "copies": f"copies of {criterion.gene}",
        "titre": f"titre of antibodies against {criterion.antigen} ({criterion.assay})",
    }
    if criterion.asks == "measurement":
        name = measurements()[criterion.measurement].name
    elif criterion.asks == "washout":
        name = f"time since the last {agents()[criterion.agent].name}"
    else:
        name = names[criterion.asks]
    if criterion.asks == "titre" and criterion.at_most == 0:
        return f"no antibodies against {criterion.antigen} ({criterion.assay}) found"
    return f"{name} {limits}{' kg' if criterion.asks == 'weight' else ''}{f' {unit}' if unit else ''}"
