"""One case held against one trial, with a reason for everything: the plain form that the fast one is tested against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from revertant.model import Case, CriterionMatch, Target, Trial, TrialMatch, TrialVerdict
from revertant.trials.answer import MET, NOT_MET
from revertant.trials.matching.distance import nearest_site
from revertant.trials.matching.facts import CaseFacts, case_facts
from revertant.trials.matching.text import held_against, read_text
from revertant.trials.matching.typed import (
    disease_criterion,
    gene_criterion,
    notes_of,
    person_criteria,
    place_criterion,
    status_criterion,
)

__all__ = ["match_trial", "match_trials", "verdict_of_states"]

_DECIDES = frozenset({"indication", "exclusion"})
_ORDER = tuple(TrialVerdict)
_NO_TEXT = "The record carries no text of its criteria: every one of them has to be read at the registry."


def match_trials(
    case: Case,
    trials: Iterable[Trial],
    *,
    targets: Sequence[Target] = (),
    country: str = "",
    near: tuple[float, float] | None = None,
    on_date: dt.date | None = None,
) -> tuple[TrialMatch, ...]:
    """Hold a case against trials.

    Parameters
    ----------
    case
        The case as read.
    trials
        The records.
    targets
        Its targets as resolved on the genome, where there is one.
    country
        Instead of the case's jurisdiction; a place never decides, it orders.
    near
        Latitude and longitude in degrees: the nearest site that is not closed is measured.
    on_date
        The day against which the age of a titre is judged.

    Returns
    -------
    tuple[TrialMatch, ...]
        One for each trial: first what is possible, the best known first.

    Examples
    --------
    >>> from revertant.model import AgeLimit, Disease, Subject
    >>> case = Case("c", Subject("s", age_years=40.0), (), diseases=(Disease("", "multiple myeloma"),))
    >>> trials = [
    ...     Trial(nct_id="NCT00000001", title="A", conditions=("Myeloma",), min_age=AgeLimit(50, "years")),
    ...     Trial(nct_id="NCT00000002", title="B", conditions=("Multiple Myeloma",)),
    ... ]
    >>> [(match.trial.nct_id, match.verdict.value) for match in match_trials(case, trials)]
    [('NCT00000002', 'possible'), ('NCT00000001', 'not_eligible')]
    """
    facts = case_facts(case, targets, country=country)
    facts = replace(facts, person=replace(facts.person, on_date=on_date))
    return tuple(sorted((match_trial(facts, trial, near=near) for trial in trials), key=_place))


def match_trial(facts: CaseFacts, trial: Trial, *, near: tuple[float, float] | None = None) -> TrialMatch:
    """Hold the facts of a case against one trial.

    Parameters
    ----------
    facts
        From :func:`case_facts`.
    trial
        The record.
    near
        Latitude and longitude in degrees.
    """
    criteria = [disease_criterion(trial, facts), status_criterion(trial), *person_criteria(trial, facts)]
    # Reading a text takes some fifty times as long as all typed fields: it is read where they leave the question open.
    is_open = verdict_of_states(criteria) is TrialVerdict.POSSIBLE
    typed, unread = read_text(trial.eligibility) if is_open else ((), ())
    source = f"nct:{trial.nct_id}"
    criteria += [held_against(one, facts.person, source) for one in typed]
    criteria += [
        one
        for one in (gene_criterion(trial, facts), place_criterion(trial, facts.country))
        if one is not None
    ]
    distance, site = nearest_site(trial.open_sites, near)
    for_it = tuple(one.because for one in criteria if one.state is MET)
    against = (
        *(one.because for one in criteria if one.state is NOT_MET),
        *notes_of(trial),
        *_about_text(trial, is_open=is_open),
    )
    return TrialMatch(
        trial,
        verdict_of_states(criteria),
        tuple(criteria),
        for_it,
        against,
        unread,
        None if distance is None else round(distance, 1),
        site,
    )


def verdict_of_states(criteria: Iterable[CriterionMatch]) -> TrialVerdict:
    """Say what the criteria come to: another disease, then not recruiting, then not eligible; the rest is possible."""
    failed = [one for one in criteria if one.state is NOT_MET]
    if any(one.criterion == "disease" for one in failed if one.kind == "indication"):
        return TrialVerdict.OTHER_DISEASE
    if any(one.kind == "recruitment" for one in failed):
        return TrialVerdict.NOT_RECRUITING
    if any(one.kind in _DECIDES for one in failed):
        return TrialVerdict.NOT_ELIGIBLE
    return TrialVerdict.POSSIBLE


def _about_text(trial: Trial, *, is_open: bool) -> tuple[str, ...]:
    if not is_open:
        return ()
    if not trial.eligibility.strip():
        return (_NO_TEXT,)
    if trial.eligibility_of == trial.last_update:
        return ()
    day = trial.eligibility_of or "an unknown day"
    return (
        f"The text of the criteria is of {day}, the record of {trial.last_update}: read it at the registry.",
    )


def _place(match: TrialMatch) -> tuple[object, ...]:
    """Order matches: verdict, the disease itself, recruiting, a site in the country, near, much met, then number."""
    by_key = {one.criterion: one.state for one in match.criteria if one.kind in {"recruitment", "precaution"}}
    disease = match.criteria[0].state is MET
    met = sum(1 for one in match.criteria if one.kind in _DECIDES and one.state is MET)
    return (
        _ORDER.index(match.verdict),
        not disease,
        by_key.get("recruiting") is not MET,
        by_key.get("country") not in {MET, None},
        match.distance_km if match.distance_km is not None else float("inf"),
        -met,
        match.trial.nct_id,
    )
