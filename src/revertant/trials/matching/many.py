"""Many cases against many trials: the verdicts of :func:`match_trial`, worked out on columns.

The rules are those of the plain form, and tests hold the two against each other. What decides is worked out with
arrays: disease and gene once for each distinct set of names, ages by unit, sex, status, and those criteria of the texts
that ask for a number or an answer. Any other criterion of a text is asked one case at a time, of those it can change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from revertant.model import Case, Trial, TrialVerdict
from revertant.trials.answer import NOT_MET
from revertant.trials.criteria import match_criterion
from revertant.trials.matching.columns import CaseTable, Flags, Floats, TrialTable, case_table, trial_table
from revertant.trials.matching.relation import Relation
from revertant.trials.matching.text import TextCriterion, read_text

__all__ = ["MatchTable", "match_many"]

#: Verdicts in the order of their codes.
VERDICTS = tuple(TrialVerdict)
_POSSIBLE, _NOT_RECRUITING, _NOT_ELIGIBLE, _OTHER_DISEASE = range(len(VERDICTS))


@dataclass(frozen=True, slots=True)
class MatchTable:
    """Verdicts of cases (rows) and trials (columns).

    Parameters
    ----------
    case_ids, nct_ids
        What the rows and columns are.
    codes
        Places in ``VERDICTS``.
    """

    case_ids: tuple[str, ...]
    nct_ids: tuple[str, ...]
    codes: NDArray[np.uint8]

    def verdict(self, row: int, column: int) -> TrialVerdict:
        """Return one verdict."""
        return VERDICTS[int(self.codes[row, column])]

    def counts(self) -> dict[str, int]:
        """Return how many pairs have each verdict."""
        found = np.bincount(self.codes.ravel(), minlength=len(VERDICTS))
        return {verdict.value: int(number) for verdict, number in zip(VERDICTS, found, strict=True)}

    def possible(self, row: int) -> tuple[str, ...]:
        """Return the trials that are possible for one case."""
        return tuple(self.nct_ids[at] for at in np.flatnonzero(self.codes[row] == _POSSIBLE))


def match_many(
    cases: Iterable[Case] | CaseTable,
    trials: Sequence[Trial] | TrialTable,
    progress: Callable[[str, float], None] | None = None,
) -> MatchTable:
    """Hold many cases against many trials.

    Parameters
    ----------
    cases, trials
        As read, or laid out already (:func:`case_table`, :func:`trial_table`).
    progress
        Called with a stage name and a share from 0 to 1.

    Examples
    --------
    >>> from revertant.model import AgeLimit, Disease, Subject
    >>> cases = [Case(str(age), Subject("s", age_years=age), (), diseases=(Disease("", "AML"),)) for age in (5.0, 50.0)]
    >>> asked = {"conditions": ("Acute Myeloid Leukemia",), "min_age": AgeLimit(18, "years")}
    >>> match_many(cases, [Trial(nct_id="NCT00000001", title="T", status="RECRUITING", **asked)]).counts()
    {'possible': 1, 'not_recruiting': 0, 'not_eligible': 1, 'other_disease': 0}
    """
    people = cases if isinstance(cases, CaseTable) else case_table(cases)
    records = trials if isinstance(trials, TrialTable) else trial_table(trials)
    tell = progress or _no_progress
    tell("diseases", 0.0)
    about = (
        np.stack([_about(names, synonyms, genes, records) for names, synonyms, genes in people.kinds])[
            people.kind_of
        ]
        if people.kinds
        else np.zeros((0, len(records)), bool)
    )
    tell("ages and sexes", 0.4)
    excluded = _excluded(people, records)
    tell("criteria", 0.7)
    _exclude_by_text(excluded, about, people, records)
    closed = np.broadcast_to(records.recruits == 0, about.shape)
    codes = np.select(
        [~about, closed, excluded], [_OTHER_DISEASE, _NOT_RECRUITING, _NOT_ELIGIBLE], _POSSIBLE
    ).astype(np.uint8)
    tell("criteria", 1.0)
    return MatchTable(
        tuple(one.person.case.case_id for one in people.facts),
        tuple(one.nct_id for one in records.trials),
        codes,
    )


def _no_progress(stage: str, share: float) -> None:
    """Take progress where nobody watches."""
    del stage, share


def _about(names: Sequence[str], synonyms: Sequence[str], genes: Sequence[str], records: TrialTable) -> Flags:
    """Say which records may be about a set of names and genes: met or unknown, in the words of the plain form."""
    if not names and not genes:
        return np.ones(len(records), bool)
    found = records.in_title(synonyms)
    for name in names:
        for places in (records.conditions, records.keywords):
            for at, _ in places.related(name):
                found[places.trials[at]] = True
        for at, relation in records.ancestors.related(name):
            if relation is Relation.SAME:
                found[records.ancestors.trials[at]] = True
    for gene in genes:
        if gene in records.genes:
            found[records.genes[gene]] = True
    return found


def _excluded(people: CaseTable, records: TrialTable) -> Flags:
    """Say whom age or sex excludes."""
    excluded = np.zeros((len(people), len(records)), bool)
    with np.errstate(invalid="ignore"):
        for unit, (places, values) in records.least.items():
            excluded[:, places] |= people.ages[unit][:, None] < values
        for unit, (places, values) in records.most.items():
            excluded[:, places] |= people.ages[unit][:, None] - values >= 1
    for column in np.flatnonzero(~records.ages_told):
        groups = records.groups[column]
        if groups:
            excluded[:, column] |= (people.groups != "") & ~np.isin(people.groups, sorted(groups))
    wanted = np.isin(records.sexes, ("female", "male"))
    told = people.sexes != ""
    excluded[:, wanted] |= told[:, None] & (people.sexes[:, None] != records.sexes[wanted])
    return excluded


def _exclude_by_text(excluded: Flags, about: Flags, people: CaseTable, records: TrialTable) -> None:
    """Add what the criteria of the texts exclude, in place."""
    left = about & ~excluded & (records.recruits != 0)
    for column in np.flatnonzero(left.any(axis=0)):
        for one in read_text(records.trials[column].eligibility)[0]:
            rows = np.flatnonzero(left[:, column])
            if not len(rows):
                break
            if one.decides:
                failed = rows[_fails(one, rows, people)]
                excluded[failed, column] = True
                left[failed, column] = False


def _fails(asked: TextCriterion, rows: NDArray[np.int64], people: CaseTable) -> Flags:
    """Say which of these cases a criterion excludes: numbers as arrays, everything else case by case."""
    one = asked.criterion
    alone = np.zeros(len(rows), bool)
    if one.unless or one.asks not in {"age", "measurement", "weight"}:
        failed, alone = np.zeros(len(rows), bool), ~alone
    elif one.asks == "age":
        values = people.ages[one.unit][rows]
        failed = _outside(asked, values)
        if one.at_most is not None:  # whether the year after the birthday counts is the plain form's to say
            with np.errstate(invalid="ignore"):
                alone = failed & (values - one.at_most < 1)
    elif one.asks == "weight":
        failed = _outside(asked, people.weights[rows])
    else:
        measured, several = people.measured(one.measurement, one.unit)
        failed, alone = _outside(asked, measured[rows]), several[rows]
    for at in np.flatnonzero(alone):
        failed[at] = match_criterion(one, people.facts[rows[at]].person).state is NOT_MET
    return failed


def _outside(asked: TextCriterion, values: Floats) -> Flags:
    """Say which numbers the thresholds do not allow; what is not stated is never outside."""
    one = asked.criterion
    outside = np.zeros(len(values), bool)
    with np.errstate(invalid="ignore"):
        if one.at_least is not None:
            outside |= values < one.at_least
        if one.above is not None:
            outside |= values <= one.above
        if one.at_most is not None:
            outside |= values > one.at_most
        if one.below is not None:
            outside |= values >= one.below
    return outside
