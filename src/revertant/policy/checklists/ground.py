"""What an answer rests on: the plan, the case and one design, and pointers to what stands in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from revertant.model import Case, Evidence, EvidenceKind, Finding, ItemState, Plan, RankedDesign
from revertant.policy.checklists.documents import Item
from revertant.policy.gating import PREFIX
from revertant.policy.screening import ScreeningRecord

__all__ = ["Answered", "Ground", "evidence_of", "files_of", "pointers", "sentences", "taken_findings"]


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer may rest on.

    Parameters
    ----------
    plan, case
        The plan, and the case it answers.
    ranked
        The design that is held against the document.
    records
        Screening records of what is ordered, by the SHA-256 of the sequence.
    on_date
        The day whose rules count.
    """

    plan: Plan
    case: Case
    ranked: RankedDesign
    records: Mapping[str, ScreeningRecord]
    on_date: dt.date | None

    def findings(self, rule: str) -> tuple[Finding, ...]:
        """Return every finding of a rule: of the gate for a rule of policy, else of the design."""
        found = self.plan.gate if rule.startswith(PREFIX) else self.ranked.assessment.findings
        return tuple(one for one in found if one.rule == rule)

    def pointer(self, rule: str) -> Evidence:
        """Point to the findings of a rule."""
        design = "" if rule.startswith(PREFIX) else self.ranked.design.design_id
        return Evidence(EvidenceKind.FINDING, rule, design)


@dataclass(frozen=True, slots=True)
class Answered:
    """How an item stands. ``needs`` is empty where the item's own words hold; ``checked`` is that of its evidence."""

    state: ItemState
    because: str
    needs: str = ""
    evidence: tuple[Evidence, ...] = ()
    checked: bool = True


def files_of(ground: Ground, item: Item) -> tuple[Evidence, ...]:
    """Point to the files of an item that this design has something in."""
    absent = []
    if ground.ranked.design.vector is None:
        absent.append("constructs/")
    if not ground.ranked.assessment.off_targets:
        absent.append("offtargets.")
    return tuple(
        Evidence(EvidenceKind.FILE, name) for name in item.files if not name.startswith(tuple(absent))
    )


def taken_findings(ground: Ground, item: Item) -> tuple[list[Finding], list[str], list[str]]:
    """Return the findings an item names, the rules they came from, and the names that have none."""
    taken: list[Finding] = []
    rules: list[str] = []
    absent: list[str] = []
    for name in item.findings:
        alternatives = [rule for rule in name.split("|") if ground.findings(rule)]
        if not alternatives:
            absent.append(name)
        rules += alternatives
        taken += [one for rule in alternatives for one in ground.findings(rule)]
    return taken, rules, absent


def sentences(findings: Iterable[Finding]) -> str:
    """Say findings one after the other, each sentence once."""
    return " ".join(dict.fromkeys(one.because for one in findings))


def evidence_of(ground: Ground, item: Item, rules: Iterable[str]) -> tuple[Evidence, ...]:
    """Point to the findings of rules, each once, and to the item's files."""
    return (*(ground.pointer(rule) for rule in dict.fromkeys(rules)), *files_of(ground, item))


def pointers(ground: Ground, item: Item) -> tuple[Evidence, ...]:
    """Point to the findings an item names, those that are there, and to its files."""
    return evidence_of(ground, item, (rule for rule in item.findings if ground.findings(rule)))
