"""The gate: every rule is asked of the case before any design is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from revertant.errors import PolicyStopError, UsageError
from revertant.model import Case, Finding, Pathogenicity, Status
from revertant.policy.conditions import FIELDS, OPTIONAL, answer, fields_of, values_of
from revertant.policy.rulebook import EVERYWHERE, Effect, Rule, rules

__all__ = ["enforce", "gate"]

_PREFIX = "policy."
_MET = {
    Effect.DENY: Status.FAIL,
    Effect.COMMITTEE: Status.CAUTION,
    Effect.INFORM: Status.CAUTION,
    Effect.REQUIRE: Status.UNKNOWN,
}


def gate(case: Case, *, on_date: dt.date | None = None, for_person: bool = True) -> tuple[Finding, ...]:
    """Ask every rule of a case.

    Parameters
    ----------
    case
        The case as read.
    on_date
        The day whose rules count; without it every rule counts, whatever its dates. The germline rule has no
        dates.
    for_person
        False where no one is to be treated: a rule that would deny because something is not stated is then left
        unknown. What is stated denies as ever.

    Returns
    -------
    tuple of Finding
        One for each rule, in the order of their ids, named ``policy.G1`` and so on. A rule that denies gives
        *fail*, one that asks for a committee or informs gives *caution*, one that requires a statement gives
        *unknown* until it is there. What the case does not say leaves a rule *unknown*, never passed.

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
    _check_words(case)
    return tuple(_finding(rule, case, on_date, for_person=for_person) for rule in rules())


def _check_words(case: Case) -> None:
    """Refuse words that are none of the model's: a misspelt ``embryos`` must not slip past a rule."""
    for field, kind in FIELDS.items():
        for value in values_of(field, case):
            if not issubclass(kind, StrEnum) or isinstance(value, kind):
                continue
            if value is not None or field not in OPTIONAL:
                remedy = f"Use revertant.model.{kind.__name__}."
                raise UsageError(f"{value!r} is none of the words of {field}.", where=field, remedy=remedy)


def _finding(rule: Rule, case: Case, on_date: dt.date | None, *, for_person: bool) -> Finding:
    if not rule.in_force(on_date):
        return _made(rule, Status.NOT_APPLICABLE, f"Not in force on {on_date}.")
    if EVERYWHERE not in rule.jurisdictions and case.jurisdiction not in rule.jurisdictions:
        where = ", ".join(rule.jurisdictions)
        if case.jurisdiction:
            return _made(rule, Status.NOT_APPLICABLE, f"The rule holds in {where} only.")
        return _made(rule, Status.UNKNOWN, f"The rule holds in {where}; the case names no jurisdiction.")
    holds = answer(rule.condition, case)
    asked = fields_of(rule.condition)
    value = "; ".join(f"{field}: {_shown(field, case)}" for field in asked)
    if holds and rule.effect is Effect.DENY and not for_person and not _rests_on_words(asked, case):
        return _made(
            rule, Status.UNKNOWN, f"Nobody is to be treated here, and it is not stated. {rule.remedy}", value
        )
    if holds:
        # The remedy of a denial is in the error that stops the plan.
        remedy = "" if rule.effect is Effect.DENY else f" {rule.remedy}"
        return _made(rule, _MET[rule.effect], f"{rule.because}{remedy}", value)
    if holds is None:
        unsaid = ", ".join(field for field in asked if not _said(field, case))
        return _made(rule, Status.UNKNOWN, f"The case does not state {unsaid}.", value)
    status = Status.NOT_APPLICABLE if rule.effect is Effect.INFORM else Status.PASS
    return _made(rule, status, rule.otherwise, value)


def _made(rule: Rule, status: Status, because: str, value: str = "") -> Finding:
    return Finding(
        rule=f"{_PREFIX}{rule.rule_id}",
        status=status,
        because=because,
        value=value,
        threshold=rule.title,
        sources=rule.sources,
        checked=rule.checked,
    )


def _rests_on_words(asked: Iterable[str], case: Case) -> bool:
    """Whether a case states anything of what a rule asks; that there is a variant says nothing of it."""
    silent = (None, "", Pathogenicity.NOT_PROVIDED)
    return any(
        value not in silent and not isinstance(value, tuple)
        for field in asked
        for value in values_of(field, case)
    )


def _said(field: str, case: Case) -> bool:
    return all(value not in (None, "", ()) for value in values_of(field, case))


def _shown(field: str, case: Case) -> str:
    values = values_of(field, case)
    if values and isinstance(values[0], tuple):
        return str(len(values[0]))
    return ", ".join("not stated" if value in (None, "") else str(value) for value in values)


def enforce(findings: Iterable[Finding]) -> None:
    """Stop when a policy rule failed.

    Parameters
    ----------
    findings
        What :func:`gate` returned. Findings of other rooms are left alone: only policy stops a plan here.

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
    failed = [one for one in findings if one.rule.startswith(_PREFIX) and one.status is Status.FAIL]
    if not failed:
        return
    remedies = {f"{_PREFIX}{rule.rule_id}": rule.remedy for rule in rules()}
    told = [f"{one.threshold}. {one.because}" if one.threshold else one.because for one in failed]
    others = [f"{one.rule}: {text}" for one, text in zip(failed[1:], told[1:], strict=True)]
    advice = dict.fromkeys(remedies.get(one.rule, "Correct the case if it is wrong.") for one in failed)
    raise PolicyStopError(" ".join([told[0], *others]), where=failed[0].rule, remedy=" ".join(advice))
