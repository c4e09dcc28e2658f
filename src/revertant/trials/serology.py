"""Criteria on antibodies: a titre means something only with its assay, and only for a while."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from revertant.knowledge import Criterion
from revertant.model import CriterionState, Serology
from revertant.trials.answer import CONFLICT, MET, NOT_MET, UNKNOWN, Answer, Person, latest, plain

__all__ = ["TITRE_HOLDS_DAYS", "answer_titre"]

#: How many days a titre that meets a limit is taken to hold. No label states a number: this is a rule of this software,
#: so that an old result asks for a new one. People meet adeno-associated viruses all their lives.
TITRE_HOLDS_DAYS = 90

#: Antibodies of the mother fall in the first months: below 6 weeks of age, elevated anti-AAV9 titres fell every time.
_MATERNAL_YEARS = 1.0
_MATERNAL = ("pmid:37822718", "doi:10.1016/j.omtm.2021.02.014")

_ASSAYS = {"TAb": "total binding", "NAb": "neutralising"}


def _shown(result: Serology) -> str:
    titre = (
        "not detected"
        if result.titre is None
        else f"{'below ' if result.below else ''}1:{plain(result.titre)}"
    )
    details = ", ".join(text for text in (result.laboratory, result.date) if text)
    return f"anti-{result.target} {result.assay} {titre}{f' ({details})' if details else ''}"


def answer_titre(criterion: Criterion, person: Person) -> Answer:
    """Hold the newest titre of the right antibody and assay against the limit."""
    asked = f"anti-{criterion.antigen} ({_ASSAYS[criterion.assay]}, {criterion.assay})"
    measure = f"Measure {asked} and state titre, laboratory and date."
    named = [one for one in person.case.serology if one.target.upper() == criterion.antigen.upper()]
    results = [one for one in named if one.assay == criterion.assay]
    if not results:
        if named:
            because = f"Only {named[0].assay} is reported; its titres do not compare with {criterion.assay}."
            return Answer(UNKNOWN, because, "; ".join(map(_shown, named)), measure)
        return Answer(
            UNKNOWN, f"No titre of {asked} is stated; a missing titre is not a negative one.", "", measure
        )
    newest = [results[place] for place in latest([one.date for one in results])]
    evidence = "; ".join(map(_shown, sorted(results, key=lambda one: one.date)))
    states = {_state(criterion, one) for one in newest}
    if len(states) > 1:
        return Answer(
            CONFLICT, "Results of the same day, or without a day, disagree.", evidence, f"Repeat: {measure}"
        )
    state = states.pop()
    if state is UNKNOWN:
        because = (
            f"The newest result, {_shown(newest[0])}, does not say on which side of the limit the titre lies."
        )
        return Answer(UNKNOWN, because, evidence, f"Titrate further: {measure}")
    if state is MET:
        return _still_met(newest[0], person, evidence, measure)
    return _too_high(criterion, results, person, evidence)


def _state(criterion: Criterion, result: Serology) -> CriterionState:
    return {True: MET, False: NOT_MET, None: UNKNOWN}[criterion.allows_titre(result)]


def _still_met(result: Serology, person: Person, evidence: str, measure: str) -> Answer:
    if person.on_date is not None and result.date:
        days = (person.on_date - dt.date.fromisoformat(result.date)).days
        if days > TITRE_HOLDS_DAYS:
            because = (
                f"The newest result, {_shown(result)}, lies {days} days back; after {TITRE_HOLDS_DAYS} days this "
                "software asks for a new one."
            )
            return Answer(UNKNOWN, because, evidence, f"Test again: {measure}")
    undated = "" if result.date else " The day of the sample is not stated."
    return Answer(MET, f"The newest result, {_shown(result)}, is within the limit.{undated}", evidence)


def _too_high(criterion: Criterion, results: Sequence[Serology], person: Person, evidence: str) -> Answer:
    dated = sorted((one for one in results if one.date and one.titre is not None), key=lambda one: one.date)
    newest = results[latest([one.date for one in results])[0]]
    falls = len(dated) > 1 and all((a.titre or 0) > (b.titre or 0) for a, b in pairwise(dated))
    course = ""
    if falls:
        first, last = dated[0], dated[-1]
        days = (dt.date.fromisoformat(last.date) - dt.date.fromisoformat(first.date)).days
        course = f" It has fallen from 1:{plain(first.titre or 0)} in {days} days."
    age = person.case.subject.age_years
    maternal = age is not None and age < _MATERNAL_YEARS
    again = criterion.retest
    if maternal:
        again = f"Test again in a few weeks: antibodies from the mother fall. {again}".strip()
    elif falls:
        again = f"Test again: the titre is falling. {again}".strip()
    return Answer(
        NOT_MET,
        f"The newest result, {_shown(newest)}, is above the limit.{course}",
        evidence,
        again,
        _MATERNAL if maternal else (),
    )
