"""Decisions: the facts used, the rules asked, what each answered, and the digest of the rules.

A decision is all that it takes to make it again. It holds no text of a rule (the digest names them) and nothing of a
case but the fields that the asked rules read.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from revertant.model import Case, Pathogenicity, Status
from revertant.policy.conditions import answer, fields_of
from revertant.policy.facts import Facts, facts_of_case, facts_of_order, is_stated, kind_of
from revertant.policy.rulebook import Effect, Rule, Rulebook, rulebook

__all__ = [
    "FORM",
    "Answer",
    "Decision",
    "Verdict",
    "decide",
    "decide_order",
    "fields_read",
    "judge",
    "rules_asked",
]

_MET = {
    Effect.DENY: Status.FAIL,
    Effect.COMMITTEE: Status.CAUTION,
    Effect.INFORM: Status.CAUTION,
    Effect.REQUIRE: Status.UNKNOWN,
}
#: What a log calls itself.
FORM = "revertant policy decision 1"


class Verdict(StrEnum):
    """What a decision comes to; the worst that any rule says."""

    DENIED = "denied"
    OPEN = "open"
    COMMITTEE = "committee"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one rule answered.

    Parameters
    ----------
    rule_id, effect
        The rule, and what it does when its condition holds.
    in_force
        Whether it was in force on the day; a rule that was not is not asked.
    holds
        Whether its condition holds; ``None`` where the facts do not say, and where it was not asked.
    status
        As a finding says it.
    """

    rule_id: str
    effect: Effect
    in_force: bool
    holds: bool | None
    status: Status

    @property
    def fired(self) -> bool:
        """Whether the rule has its effect."""
        return self.in_force and self.holds is True


@dataclass(frozen=True, slots=True)
class Decision:
    """One question put to all rules that hold in a place on a day.

    Parameters
    ----------
    digest
        SHA-256 of the rules (``Rulebook.digest``).
    about
        ``"case"`` or ``"order"``.
    place
        ISO 3166-1 code, ``"EU"``, or empty where none is named.
    on_date
        The day whose rules count; ``None`` for the newest.
    facts
        The fields that the asked rules read, with their values, in alphabetical order.
    answers
        One for each rule that holds in the place, in the order of their ids.
    elsewhere
        How many rules hold in other places only, and were not asked.
    """

    digest: str
    about: str
    place: str
    on_date: dt.date | None
    facts: tuple[tuple[str, tuple[object, ...]], ...]
    answers: tuple[Answer, ...]
    elsewhere: int

    @property
    def fired(self) -> tuple[str, ...]:
        """The ids of the rules that have their effect."""
        return tuple(one.rule_id for one in self.answers if one.fired)

    @property
    def verdict(self) -> Verdict:
        """What it comes to: denied, open (something is not stated), committee, or allowed."""
        effects = {one.effect for one in self.answers if one.fired}
        if any(one.status is Status.FAIL for one in self.answers):
            return Verdict.DENIED
        if any(one.status is Status.UNKNOWN for one in self.answers):
            return Verdict.OPEN
        return Verdict.COMMITTEE if Effect.COMMITTEE in effects else Verdict.ALLOWED

    def as_json(self) -> dict[str, object]:
        """Return the log as plain values; :func:`revertant.policy.read_decision` reads it back."""
        return {
            "form": FORM,
            "digest": self.digest,
            "about": self.about,
            "place": self.place,
            "on_date": self.on_date.isoformat() if self.on_date else None,
            "facts": {field: list(values) for field, values in self.facts},
            "answers": [
                {
                    "rule_id": one.rule_id,
                    "effect": one.effect.value,
                    "in_force": one.in_force,
                    "holds": one.holds,
                    "status": one.status.value,
                }
                for one in self.answers
            ],
            "elsewhere": self.elsewhere,
            "verdict": self.verdict.value,
        }


def decide(
    case: Case, *, on_date: dt.date | None = None, for_person: bool = True, book: Rulebook | None = None
) -> Decision:
    """Put a case to every rule that holds in its place.

    Parameters
    ----------
    case, on_date, for_person
        As for :func:`revertant.policy.gate`.
    book
        The rules; those of the package when left out.

    Raises
    ------
    UsageError
        When a case made in Python has words that are none of the model's.

    Examples
    --------
    >>> from revertant.model import CaseVariant, Intent, Subject
    >>> case = Case("c", Subject("s"), (CaseVariant(("rs334",)),), intent=Intent.HERITABLE, jurisdiction="CA")
    >>> decision = decide(case)
    >>> decision.verdict.value, decision.fired[0], "CA1" in decision.fired
    ('denied', 'G1', True)
    """
    book = book or rulebook()
    held = book.law_is_held(case.jurisdiction)
    facts = facts_of_case(case, for_person=for_person, law_is_held=held)
    return judge(book, "case", facts, case.jurisdiction, on_date)


def decide_order(
    length_nt: int,
    *,
    jurisdiction: str = "",
    screened: bool | None = None,
    on_date: dt.date | None = None,
    book: Rulebook | None = None,
) -> Decision:
    """Put an order of nucleic acid to the rules on biosecurity screening.

    Parameters
    ----------
    length_nt
        Length of the longest molecule ordered.
    jurisdiction
        Where the order is placed.
    screened
        Whether there is a record of screening; ``None`` when nobody says.
    on_date, book
        As for :func:`decide`.

    Examples
    --------
    >>> import datetime as dt
    >>> before, after = dt.date(2026, 10, 12), dt.date(2026, 10, 13)
    >>> ["B2" in decide_order(120, jurisdiction="US", on_date=day).fired for day in (before, after)]
    [False, False]
    >>> ["B3" in decide_order(120, jurisdiction="US", on_date=day).fired for day in (before, after)]
    [False, True]
    """
    return judge(
        book or rulebook(), "order", facts_of_order(length_nt, jurisdiction, screened), jurisdiction, on_date
    )


def rules_asked(book: Rulebook, about: str, place: str) -> tuple[Rule, ...]:
    """Return the rules about a case or an order that hold in a place, whatever their days."""
    return tuple(
        rule for rule in book.rules if rule.about_order is (about == "order") and rule.holds_in(place)
    )


def fields_read(book: Rulebook, about: str, place: str) -> tuple[str, ...]:
    """Return the fields that a decision keeps, in alphabetical order."""
    always = {"jurisdiction"} if about == "order" else {"jurisdiction", "for_person"}
    read = {field for rule in rules_asked(book, about, place) for field in fields_of(rule.condition)}
    return tuple(sorted(always | read))


def judge(book: Rulebook, about: str, facts: Facts, place: str, on_date: dt.date | None) -> Decision:
    """Put facts to the rules; a pure function, so that the same facts and rules give the same decision."""
    here = rules_asked(book, about, place)
    known = sum(rule.about_order is (about == "order") for rule in book.rules)
    return Decision(
        digest=book.digest,
        about=about,
        place=place,
        on_date=on_date,
        facts=tuple((field, facts[field]) for field in fields_read(book, about, place)),
        answers=tuple(_answer(rule, facts, on_date) for rule in here),
        elsewhere=known - len(here),
    )


def _answer(rule: Rule, facts: Facts, on_date: dt.date | None) -> Answer:
    if not rule.in_force(on_date):
        return Answer(rule.rule_id, rule.effect, in_force=False, holds=None, status=Status.NOT_APPLICABLE)
    holds = answer(rule.condition, facts)
    if holds and rule.effect is Effect.DENY and _nobody_says(rule, facts):
        status = Status.UNKNOWN
    elif holds:
        status = _MET[rule.effect]
    elif holds is None:
        status = Status.UNKNOWN
    else:
        status = Status.NOT_APPLICABLE if rule.effect is Effect.INFORM else Status.PASS
    return Answer(rule.rule_id, rule.effect, in_force=True, holds=holds, status=status)


def _nobody_says(rule: Rule, facts: Facts) -> bool:
    """Whether nobody is to be treated and the rule rests on silence; that there is a variant says nothing of it."""
    if facts.get("for_person") != (False,):
        return False
    return not any(
        is_stated(value) and value is not Pathogenicity.NOT_PROVIDED
        for field in fields_of(rule.condition)
        if kind_of(field) is not tuple
        for value in facts[field]
    )
