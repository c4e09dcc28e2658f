"""The rules as data: read once, checked whole, and named by a digest so that a decision can be replayed."""

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
from revertant.policy.conditions import Condition, answer, parse_condition

__all__ = ["Effect", "Rule", "parse_rules", "rules", "rules_digest"]

EVERYWHERE = "*"
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
    """One rule of ``rules.toml``.

    Parameters
    ----------
    rule_id, title
        ``"G1"`` and a few words.
    jurisdictions
        ``("*",)`` or ISO 3166-1 codes.
    first_day, last_day
        When it is in force; ``None`` for always.
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

    def in_force(self, on_date: dt.date | None) -> bool:
        """Say whether the rule is in force on a day; without a day every rule is."""
        if on_date is None:
            return True
        started = self.first_day is None or self.first_day <= on_date
        return started and (self.last_day is None or on_date <= self.last_day)


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Read rules from TOML.

    Raises
    ------
    ValueError
        When a rule has an unknown or missing key, a bad condition, no source, or an id that stands twice; and
        when the rules as a whole would let heritable editing pass.
    """
    tables = tomllib.loads(text).get("rule", [])
    found = tuple(sorted((_rule(table) for table in tables), key=lambda rule: _number(rule.rule_id)))
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
        return Rule(
            rule_id=table["id"],
            title=table["title"],
            jurisdictions=tuple(table["jurisdiction"]),
            first_day=first,
            last_day=last,
            effect=Effect(table["effect"]),
            condition=parse_condition(table["when"]),
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


def _number(rule_id: str) -> tuple[str, int]:
    """Order G2 before G10."""
    letters = rule_id.rstrip("0123456789")
    return letters, int(rule_id[len(letters) :])


def _check_floor(found: tuple[Rule, ...]) -> None:
    """Hold the floor: everywhere, always and without override, heritable editing and its cells are denied."""
    floor = [
        rule
        for rule in found
        if rule.effect is Effect.DENY
        and not rule.overridable
        and rule.jurisdictions == (EVERYWHERE,)
        and (rule.first_day, rule.last_day) == (None, None)
    ]
    variant = CaseVariant(("floor",), pathogenicity=Pathogenicity.PATHOGENIC)
    for intent in Intent:
        for cells in TargetCells:
            heritable = intent is Intent.HERITABLE or cells in (TargetCells.GERMLINE, TargetCells.EMBRYO)
            case = Case("floor", Subject("floor"), (variant,), intent=intent, target_cells=cells)
            if heritable and not any(answer(rule.condition, case) for rule in floor):
                raise ValueError(f"the rules would let intent {intent} with target cells {cells} pass")


def _text() -> str:
    return resources.files("revertant.policy").joinpath("rules.toml").read_text(encoding="utf-8")


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules, in the order of their ids.

    Examples
    --------
    >>> rules()[0].rule_id, rules()[0].effect.value, rules()[0].overridable
    ('G1', 'deny', False)
    """
    return parse_rules(_text())


@cache
def rules_digest() -> str:
    """Return the SHA-256 of the rules' content, for provenance; comments and layout do not count.

    Examples
    --------
    >>> len(rules_digest())
    64
    """
    return hashlib.sha256(canonical_json(tomllib.loads(_text())).encode()).hexdigest()
