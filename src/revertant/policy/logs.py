"""Decision logs: read again, and replayed from their own facts to the same answer or refused."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

from revertant.errors import IncompatibleInputsError, InputError
from revertant.model import Status
from revertant.policy.decisions import FORM, Answer, Decision, fields_read, judge
from revertant.policy.facts import check_words, kind_of
from revertant.policy.rulebook import Effect, Rulebook, rulebook

__all__ = ["read_decision", "replay"]


def replay(decision: Decision, *, book: Rulebook | None = None) -> Decision:
    """Make a decision again from its own facts.

    Returns
    -------
    Decision
        Equal to the one given.

    Raises
    ------
    IncompatibleInputsError
        When the rules are not those of the decision, or an answer differs: the log was changed, or the rules were.

    Examples
    --------
    >>> from revertant.policy import decide_order
    >>> decision = decide_order(4700, jurisdiction="US")
    >>> replay(decision) == decision
    True
    """
    book = book or rulebook()
    if decision.digest != book.digest:
        raise IncompatibleInputsError(
            f"The decision was made with other rules: its digest is {decision.digest[:12]}, theirs {book.digest[:12]}.",
            where="digest",
            remedy="Replay it with the version of revertant, and the house rules, that made it.",
            code="other-rules",
        )
    facts = dict(decision.facts)
    missing = sorted({*fields_read(book, decision.about, decision.place)} - {*facts})
    if missing:
        raise _altered(f"the facts lack {', '.join(missing)}")
    if facts["jurisdiction"] != (decision.place,):
        raise _altered("its place is not that of its facts")
    again = judge(book, decision.about, facts, decision.place, decision.on_date)
    if again != decision:
        pairs = zip(again.answers, decision.answers, strict=False)
        changed = [new.rule_id for new, old in pairs if new != old]
        raise _altered(
            f"other answers come from its facts ({', '.join(changed) or 'other rules were asked'})"
        )
    return again


def _altered(what: str) -> IncompatibleInputsError:
    return IncompatibleInputsError(
        f"The decision does not replay: {what}.",
        where="answers",
        remedy="Do not rely on this log; decide again from the case.",
        code="decision-differs",
    )


def read_decision(text: str) -> Decision:
    """Read a decision log from JSON.

    Parameters
    ----------
    text
        What :meth:`Decision.as_json` gives, or an object that holds it under ``decision``.

    Raises
    ------
    InputError
        When it is no decision log. Whether its answers are right, only :func:`replay` says.
    IncompatibleInputsError
        When its verdict is not that of its answers: somebody has changed the log.

    Examples
    --------
    >>> from revertant.model import canonical_json
    >>> from revertant.policy import decide_order
    >>> decision = decide_order(4700, jurisdiction="US")
    >>> read_decision(canonical_json(decision.as_json())) == decision
    True
    """
    try:
        table = json.loads(text)
        table = table.get("decision", table)
        if table["form"] != FORM:
            raise ValueError(f"its form is {table['form']!r}")  # noqa: TRY301 - one message for all
        found = Decision(
            digest=str(table["digest"]),
            about=_one_of(table["about"], ("case", "order")),
            place=str(table["place"]),
            on_date=dt.date.fromisoformat(table["on_date"]) if table["on_date"] else None,
            facts=tuple(sorted((field, _values(field, values)) for field, values in table["facts"].items())),
            answers=tuple(_read_answer(row) for row in table["answers"]),
            elsewhere=int(table["elsewhere"]),
        )
        check_words(dict(found.facts))
        said = str(table["verdict"])
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise InputError(
            f"This is no decision log ({error}).",
            remedy=f"Give policy.json of a dossier, or the output of revertant policy explain --json ({FORM}).",
            code="no-decision",
        ) from error
    if said != found.verdict:
        raise _altered("its verdict is not what its answers come to")
    return found


def _one_of(word: str, words: Iterable[str]) -> str:
    if word not in words:
        raise ValueError(f"{word!r} is none of {', '.join(words)}")
    return word


def _values(field: str, values: Iterable[Any]) -> tuple[object, ...]:
    kind = kind_of(field)
    if kind is None:
        raise ValueError(f"no field {field!r}")
    return tuple(_value(kind, value) for value in values)


def _value(kind: type, value: object) -> object:
    if value is None:
        return None
    if kind is tuple or kind is bool:
        if isinstance(value, bool) is not (kind is bool) or not isinstance(value, int):
            raise ValueError(f"{value!r} is not what the field holds")
        return value
    return kind(value)


def _read_answer(row: Mapping[str, Any]) -> Answer:
    return Answer(
        rule_id=str(row["rule_id"]),
        effect=Effect(row["effect"]),
        in_force=_truth(row["in_force"]),
        holds=row["holds"],
        status=Status(row["status"]),
    )


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value
