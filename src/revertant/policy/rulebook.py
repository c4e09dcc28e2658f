"""The rules as data: read once, checked whole, and named by a digest so that a decision can be replayed.

A rule of a later version does not replace the text of the earlier one: the earlier gets an ``until``, the later a
``from``, and both stay in the file, so that a decision of last year can be made again today.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from revertant.model import (
    Case,
    CaseVariant,
    Intent,
    Pathogenicity,
    Subject,
    TargetCells,
    canonical_json,
)
from revertant.policy.conditions import Condition, answer, fields_of, parse_condition
from revertant.policy.facts import facts_of_case, is_about_order
from revertant.policy.places import EVERYWHERE, GROUPS, LAW_GIVERS, groups_of

__all__ = ["Effect", "Rule", "Rulebook", "parse_rules", "rulebook", "rules", "rules_digest"]

FILES = ("rules.toml", "rules_places.toml", "rules_orders.toml")
_TEXTS = ("id", "title", "from", "until", "effect", "because", "otherwise", "remedy")
_KEYS = {*_TEXTS, "jurisdiction", "overridable", "sources", "checked", "when"}


class Effect(StrEnum):
    """What a rule does when its condition holds."""

    DENY = "deny"
    COMMITTEE = "committee"
    REQUIRE = "require"
    INFORM = "inform"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the rule files.

    Parameters
    ----------
    rule_id, title
        ``"G1"`` and a few words.
    jurisdictions
        ``("*",)``, ISO 3166-1 codes, or groups of them (``"EU"``).
    first_day, last_day
        When it is in force; ``None`` where no start is recorded, and where it has no end.
    effect, condition
        What it does, and when.
    because, otherwise, remedy
        The sentences for a case it meets, for one it does not, and what can be done.
    overridable
        Whether a person may ever set it aside; the germline rule never.
    sources, checked
        Where it comes from, and whether the source was read.
    """

    rule_id: str
    title: str
    jurisdictions: tuple[str, ...]
    first_day: dt.date | None
    last_day: dt.date | None
    effect: Effect
    condition: Condition
    because: str
    otherwise: str
    remedy: str
    overridable: bool
    sources: tuple[str, ...]
    checked: bool

    @property
    def about_order(self) -> bool:
        """Whether it asks about an order of nucleic acid, not about a case."""
        return any(is_about_order(field) for field in fields_of(self.condition))

    def in_force(self, on_date: dt.date | None) -> bool:
        """Say whether the rule is in force on a day.

        Without a day the newest rules are: those without an end. A rule that denies is then in force whatever its
        end, so that to leave out the day never opens what a day would close.
        """
        if on_date is None:
            return self.last_day is None or self.effect is Effect.DENY
        started = self.first_day is None or self.first_day <= on_date
        return started and (self.last_day is None or on_date <= self.last_day)

    def holds_in(self, place: str) -> bool:
        """Say whether the rule holds in a place; one that holds everywhere holds where no place is named."""
        return EVERYWHERE in self.jurisdictions or any(
            name in self.jurisdictions for name in groups_of(place)
        )


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules that count together, and the SHA-256 of their content.

    Parameters
    ----------
    rules
        In the order of their ids: those that hold everywhere (``G1``, ``G2`` ...), then by place.
    digest
        Names this set of rules; comments and layout do not count.
    """

    rules: tuple[Rule, ...]
    digest: str

    def law_is_held(self, place: str) -> bool | None:
        """Say whether a rule names the place itself, or a group that gives it law; ``None`` without a place.

        Examples
        --------
        >>> [rulebook().law_is_held(place) for place in ("FR", "US", "KE", "")]
        [True, True, False, None]
        """
        if not place:
            return None
        names = {place, *(name for name in LAW_GIVERS if place in GROUPS[name])}
        return any(not rule.about_order and names & {*rule.jurisdictions} for rule in self.rules)

    def of(self, rule_id: str) -> Rule:
        """Return a rule by its id.

        Raises
        ------
        KeyError
            When there is none.
        """
        for rule in self.rules:
            if rule.rule_id == rule_id:
                return rule
        raise KeyError(rule_id)


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Read rules from TOML.

    Raises
    ------
    ValueError
        When a rule has an unknown or missing key, a bad condition, no source, or an id that stands twice; and
        when the rules as a whole would let heritable editing pass.
    """
    try:
        tables = tomllib.loads(text).get("rule", [])
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    found = tuple(sorted((_rule(table) for table in tables), key=lambda rule: _number(rule.rule_id)))
    if not found:
        raise ValueError("there is no rule")
    names = [rule.rule_id for rule in found]
    if len(set(names)) < len(names):
        raise ValueError(f"a rule id stands twice: {', '.join(names)}")
    _check_floor(found)
    return found


def _rule(table: dict[str, Any]) -> Rule:
    name = table.get("id")
    if set(table) != _KEYS:
        raise ValueError(f"rule {name!r}: unknown or missing keys {sorted(set(table) ^ _KEYS)}")
    for key in _TEXTS:
        if not isinstance(table[key], str) or (not table[key] and key not in ("from", "until")):
            raise ValueError(f"rule {name!r}: {key} must be a text")
    for key in ("jurisdiction", "sources"):
        if not table[key] or not all(isinstance(one, str) and one for one in table[key]):
            raise ValueError(f"rule {name!r}: {key} must list at least one text")
    for key in ("overridable", "checked"):
        if not isinstance(table[key], bool):
            raise ValueError(f"rule {name!r}: {key} must be true or false")  # noqa: TRY004 - the file is wrong
    try:
        first, last = _day(table["from"]), _day(table["until"])
        if first and last and first > last:
            raise ValueError(f"from {first} lies after until {last}")  # noqa: TRY301 - one message for all
        _number(table["id"])
        condition = parse_condition(table["when"])
        if any(map(is_about_order, fields_of(condition))) and not all(
            is_about_order(field) or field == "jurisdiction" for field in fields_of(condition)
        ):
            raise ValueError("a rule asks about a case or about an order, not both")  # noqa: TRY301
        return Rule(
            rule_id=table["id"],
            title=table["title"],
            jurisdictions=tuple(table["jurisdiction"]),
            first_day=first,
            last_day=last,
            effect=Effect(table["effect"]),
            condition=condition,
            because=table["because"],
            otherwise=table["otherwise"],
            remedy=table["remedy"],
            overridable=table["overridable"],
            sources=tuple(table["sources"]),
            checked=table["checked"],
        )
    except ValueError as error:
        raise ValueError(f"rule {name!r}: {error}") from error


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _number(rule_id: str) -> tuple[bool, str, int]:
    """Order G2 before G10, and both before the rules of places."""
    letters = rule_id.rstrip("0123456789")
    return letters != "G", letters, int(rule_id[len(letters) :])


def _check_floor(found: tuple[Rule, ...]) -> None:
    """Hold the floor: everywhere, always and without override, heritable editing and its cells are denied."""
    floor = [
        rule
        for rule in found
        if rule.effect is Effect.DENY
        and not rule.overridable
        and not rule.about_order
        and rule.jurisdictions == (EVERYWHERE,)
        and (rule.first_day, rule.last_day) == (None, None)
    ]
    variant = CaseVariant(("floor",), pathogenicity=Pathogenicity.PATHOGENIC)
    for intent in Intent:
        for cells in TargetCells:
            heritable = intent is Intent.HERITABLE or cells in (TargetCells.GERMLINE, TargetCells.EMBRYO)
            case = Case("floor", Subject("floor"), (variant,), intent=intent, target_cells=cells)
            facts = facts_of_case(case, for_person=False, law_is_held=None)
            if heritable and not any(answer(rule.condition, facts) for rule in floor):
                raise ValueError(f"the rules would let intent {intent} with target cells {cells} pass")


def _text() -> str:
    folder = resources.files("revertant.policy")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in FILES)


@cache
def rulebook(more: str = "") -> Rulebook:
    """Return the rules, with those of a house added to them.

    Parameters
    ----------
    more
        TOML in the form of the rule files: an institution's own rules, say a stricter length from which orders are
        screened. They add to the rules and can take none away.

    Raises
    ------
    ValueError
        When a rule is wrong, when an added one has the id of another, or when the rules as a whole would let
        heritable editing pass.

    Examples
    --------
    >>> book = rulebook()
    >>> book.rules[0].rule_id, len(book.digest)
    ('G1', 64)
    """
    text = f"{_text()}\n{more}"
    return Rulebook(
        parse_rules(text), hashlib.sha256(canonical_json(tomllib.loads(text)).encode()).hexdigest()
    )


def rules() -> tuple[Rule, ...]:
    """Return the rules, in the order of their ids.

    Examples
    --------
    >>> rules()[0].rule_id, rules()[0].effect.value, rules()[0].overridable
    ('G1', 'deny', False)
    """
    return rulebook().rules


def rules_digest() -> str:
    """Return the SHA-256 of the rules' content, for provenance; comments and layout do not count.

    Examples
    --------
    >>> len(rules_digest())
    64
    """
    return rulebook().digest
