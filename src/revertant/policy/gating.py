"""The gate: every rule is asked of the case before any design is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from revertant.errors import PolicyStopError
from revertant.model import Case, Finding, Status
from revertant.policy.conditions import fields_of
from revertant.policy.decisions import Answer, Decision, decide
from revertant.policy.facts import Facts, is_stated
from revertant.policy.rulebook import Effect, Rule, Rulebook, rulebook

__all__ = ["PREFIX", "enforce", "findings_of", "gate"]

#: What the findings of rules are called: ``policy.G1`` and so on.
PREFIX = "policy."


def gate(
    case: Case, *, on_date: dt.date | None = None, for_person: bool = True, book: Rulebook | None = None
) -> tuple[Finding, ...]:
    """Ask every rule that holds in the place of a case.

    Parameters
    ----------
    case
        The case as read.
    on_date
        The day whose rules count; without it the newest do (:meth:`revertant.policy.Rule.in_force`). The germline
        rule has no dates.
    for_person
        False where no one is to be treated: a rule that would deny because something is not stated is then left
        unknown. What is stated denies as ever.
    book
        The rules; those of the package when left out.

    Returns
    -------
    tuple of Finding
        One for each rule that holds everywhere or in the case's place, in the order of their ids, named
        ``policy.G1`` and so on. A rule that denies gives *fail*, one that asks for a committee or informs gives
        *caution*, one that requires a statement gives *unknown* until it is there. What the case does not say
        leaves a rule *unknown*, never passed.

    Raises
    ------
    UsageError
        When a case made in Python has an intent, target cells or class that are none of the words.

    Examples
    --------
    >>> from revertant.model import CaseVariant, Subject, TargetCells
    >>> case = Case("c", Subject("s"), (CaseVariant(("rs334",)),), target_cells=TargetCells.EMBRYO)
    >>> [finding.rule for finding in gate(case) if finding.status is Status.FAIL]
    ['policy.G1', 'policy.G7']
    """
    book = book or rulebook()
    return findings_of(decide(case, on_date=on_date, for_person=for_person, book=book), book=book)


def findings_of(decision: Decision, *, book: Rulebook | None = None) -> tuple[Finding, ...]:
    """Say a decision in the words of its rules, one finding for each rule that was asked.

    Raises
    ------
    KeyError
        When the rules are not those of the decision.

    Examples
    --------
    >>> from revertant.policy import decide_order
    >>> findings_of(decide_order(30))[0].because
    'The order is shorter than 50 nt, or a record of its screening is there.'
    """
    book = book or rulebook()
    facts = dict(decision.facts)
    return tuple(_finding(book.of(one.rule_id), one, facts, decision.on_date) for one in decision.answers)


def _finding(rule: Rule, one: Answer, facts: Facts, on_date: dt.date | None) -> Finding:
    asked = fields_of(rule.condition)
    value = "; ".join(f"{field}: {_shown(facts[field])}" for field in asked)
    if not one.in_force:
        when = f"on {on_date}" if on_date else "any more"
        return _made(rule, one.status, f"Not in force {when}.")
    if one.holds and rule.effect is Effect.DENY and one.status is Status.UNKNOWN:
        return _made(
            rule, one.status, f"Nobody is to be treated here, and it is not stated. {rule.remedy}", value
        )
    if one.holds:
        # The remedy of a denial is in the error that stops the plan.
        remedy = "" if rule.effect is Effect.DENY else f" {rule.remedy}"
        return _made(rule, one.status, f"{rule.because}{remedy}", value)
    if one.holds is None:
        unsaid = ", ".join(field for field in asked if not all(map(is_stated, facts[field])))
        return _made(rule, one.status, f"The case does not state {unsaid}.", value)
    return _made(rule, one.status, rule.otherwise, value)


def _made(rule: Rule, status: Status, because: str, value: str = "") -> Finding:
    return Finding(
        rule=f"{PREFIX}{rule.rule_id}",
        status=status,
        because=because,
        value=value,
        threshold=rule.title,
        sources=rule.sources,
        checked=rule.checked,
    )


def _shown(values: Iterable[object]) -> str:
    return ", ".join(str(value) if is_stated(value) else "not stated" for value in values)


def enforce(findings: Iterable[Finding], *, book: Rulebook | None = None) -> None:
    """Stop when a policy rule failed.

    Parameters
    ----------
    findings
        What :func:`gate` returned. Findings of other rooms are left alone: only policy stops a plan here.
    book
        The rules they were made with; those of the package when left out.

    Raises
    ------
    PolicyStopError
        Naming every rule that failed, first the one with the lowest number. There is no way to turn it off.

    Examples
    --------
    >>> enforce([Finding("policy.G1", Status.FAIL, "No heritable editing.")])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    revertant.errors.PolicyStopError: policy.G1: No heritable editing. No option overrides this rule; only ...
    """
    failed = [one for one in findings if one.rule.startswith(PREFIX) and one.status is Status.FAIL]
    if not failed:
        return
    remedies = {f"{PREFIX}{rule.rule_id}": rule.remedy for rule in (book or rulebook()).rules}
    told = [f"{one.threshold}. {one.because}" if one.threshold else one.because for one in failed]
    others = [f"{one.rule}: {text}" for one, text in zip(failed[1:], told[1:], strict=True)]
    advice = dict.fromkeys(remedies.get(one.rule, "Correct the case if it is wrong.") for one in failed)
    raise PolicyStopError(" ".join([told[0], *others]), where=failed[0].rule, remedy=" ".join(advice))
