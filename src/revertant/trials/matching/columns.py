"""Cases and trials as columns, so that a population is matched with one operation on arrays a field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from revertant.knowledge import measurements, spelt
from revertant.model import AgeLimit, Case, Sex, Trial
from revertant.trials.answer import latest
from revertant.trials.matching.facts import CaseFacts, case_facts
from revertant.trials.matching.relation import Relation, readings, relate
from revertant.trials.matching.typed import TITLE_WORD, age_group, age_in_unit

__all__ = ["CaseTable", "Flags", "Floats", "Names", "TrialTable", "case_table", "trial_table"]

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

_SEXES = {Sex.FEMALE: "female", Sex.MALE: "male"}
_UNITS = ("years", "months", "weeks", "days", "hours", "minutes")


@dataclass(frozen=True, slots=True)
class CaseTable:
    """Cases as columns.

    Parameters
    ----------
    facts
        Each case as trials see it.
    ages
        Ages by unit; not a number where the age is not stated.
    groups
        The registry's age group of each.
    sexes
        ``"female"``, ``"male"`` or empty.
    weights
        In kg; not a number where not stated.
    kinds, kind_of
        The distinct sets of names and genes, and which of them each case has: what a disease relates to is worked out
        once for each.
    """

    facts: tuple[CaseFacts, ...]
    ages: dict[str, Floats]
    groups: NDArray[np.str_]
    sexes: NDArray[np.str_]
    weights: Floats
    kinds: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]
    kind_of: NDArray[np.int64]
    _columns: dict[tuple[str, str], tuple[Floats, Flags]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.facts)

    def measured(self, name: str, unit: str) -> tuple[Floats, Flags]:
        """Return the newest value of a measurement in a unit, and where there are several of one day.

        A value is not a number where there is none that converts; where there are several, the criterion is asked case
        by case.
        """
        if (name, unit) not in self._columns:
            fact = measurements()[name]
            values, several = np.full(len(self), np.nan), np.zeros(len(self), bool)
            for place, facts in enumerate(self.facts):
                found = [
                    (one.date, value)
                    for one in facts.person.case.measurements
                    if one.name == name and (value := fact.in_unit(one.value, one.unit, unit)) is not None
                ]
                newest = {found[at][1] for at in latest([date for date, _ in found])} if found else set()
                if len(newest) == 1:
                    values[place] = newest.pop()
                several[place] = len(newest) > 1
            self._columns[name, unit] = values, several
        return self._columns[name, unit]


def case_table(cases: Iterable[Case], *, country: str = "") -> CaseTable:
    """Lay cases out as columns.

    Parameters
    ----------
    cases
        The cases as read.
    country
        Instead of each case's jurisdiction.

    Examples
    --------
    >>> from revertant.model import Disease, Subject
    >>> table = case_table([Case("c", Subject("s", age_years=2.0), (), diseases=(Disease("", "AML"),))])
    >>> table.ages["months"].tolist(), table.kinds[0][0]
    ([24.0], ('AML',))
    """
    facts = tuple(case_facts(case, country=country) for case in cases)
    years = [one.person.case.subject.age_years for one in facts]
    kinds: dict[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], int] = {}
    kind_of = [kinds.setdefault((one.names, one.synonyms, one.genes), len(kinds)) for one in facts]
    weights = (one.person.case.subject.weight_kg for one in facts)
    return CaseTable(
        facts,
        {
            unit: np.array([np.nan if age is None else age_in_unit(age, unit) for age in years], float)
            for unit in _UNITS
        },
        np.array(["" if age is None else age_group(age) for age in years], "U11"),
        np.array([_SEXES.get(one.person.case.subject.sex, "") for one in facts], "U6"),
        np.array([np.nan if weight is None else weight for weight in weights], float),
        tuple(kinds),
        np.array(kind_of, np.int64),
    )


@dataclass(frozen=True, slots=True)
class Names:
    """The distinct names that records use, and which trials use each of them."""

    texts: tuple[str, ...]
    trials: tuple[NDArray[np.int64], ...]
    by_key: dict[str, list[int]]
    by_ancestor: dict[str, list[int]]
    by_last: dict[str, list[int]]

    def related(self, name: str) -> list[tuple[int, Relation]]:
        """Return the names that relate to a disease's name, found by what two related names must share."""
        candidates: set[int] = set()
        for one in readings(name):
            candidates.update(self.by_last.get(one.words[-1], ()))
            if one.row is not None:
                candidates.update(self.by_ancestor.get(one.row.key, ()), self.by_key.get(one.row.key, ()))
            for key in one.above:
                candidates.update(self.by_key.get(key, ()))
        found = ((place, relate(name, self.texts[place])) for place in sorted(candidates))
        return [(place, relation) for place, relation in found if relation]


@dataclass(frozen=True, slots=True)
class TrialTable:
    """Trials as columns.

    Parameters
    ----------
    trials
        The records.
    least, most
        Age limits with the unit that they are in, by unit: indices of trials and values.
    ages_told, has_limits, groups
        Whether ages are told, whether there are limits, and the age groups of those that tell only these.
    sexes
        ``"all"``, ``"female"``, ``"male"`` or empty.
    recruits
        1 open, 0 closed, -1 not known.
    conditions, keywords, ancestors
        Names of the three places where a disease can stand.
    titles, title_starts
        Titles in one spelling, a line each, between spaces; and where each begins.
    genes
        Trials that name each gene.
    """

    trials: tuple[Trial, ...]
    least: dict[str, tuple[NDArray[np.int64], Floats]]
    most: dict[str, tuple[NDArray[np.int64], Floats]]
    ages_told: Flags
    has_limits: Flags
    groups: tuple[frozenset[str], ...]
    sexes: NDArray[np.str_]
    recruits: NDArray[np.int8]
    conditions: Names
    keywords: Names
    ancestors: Names
    titles: str
    title_starts: NDArray[np.int64]
    genes: dict[str, NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.trials)

    def in_title(self, names: Iterable[str]) -> Flags:
        """Say which titles hold one of the names."""
        found = np.zeros(len(self), bool)
        for name in names:
            sought = spelt(name)
            if len(sought) < TITLE_WORD:
                continue
            # One scan over all titles at once; no name holds a line end.
            at = self.titles.find(f" {sought} ")
            while at >= 0:
                found[np.searchsorted(self.title_starts, at, "right") - 1] = True
                at = self.titles.find(f" {sought} ", at + 1)
        return found


def trial_table(trials: Sequence[Trial]) -> TrialTable:
    """Lay trials out as columns.

    Examples
    --------
    >>> asked = {"conditions": ("AML",), "max_age": AgeLimit(75, "years")}
    >>> table = trial_table([Trial(nct_id="NCT00000001", title="T", **asked)])
    >>> table.most["years"][1].tolist(), table.conditions.texts
    ([75.0], ('AML',))
    """
    genes: dict[str, list[int]] = {}
    for place, trial in enumerate(trials):
        for gene in trial.genes:
            genes.setdefault(gene, []).append(place)
    states = {True: 1, False: 0, None: -1}
    titles = [f" {spelt(one.title)} \n" for one in trials]
    return TrialTable(
        tuple(trials),
        _limits(trials, lambda trial: trial.min_age),
        _limits(trials, lambda trial: trial.max_age),
        np.array(["ages" not in one.not_told for one in trials], bool),
        np.array([one.min_age is not None or one.max_age is not None for one in trials], bool),
        tuple(frozenset(one.age_groups) for one in trials),
        np.array([one.sex for one in trials], "U6"),
        np.array([states[one.is_open] for one in trials], np.int8),
        _names(trials, lambda trial: (*trial.conditions, *(term.term for term in trial.mesh))),
        _names(trials, lambda trial: trial.keywords),
        _names(trials, lambda trial: tuple(term.term for term in trial.mesh_ancestors)),
        "".join(titles),
        np.cumsum([0, *(len(one) for one in titles[:-1])], dtype=np.int64)[: len(titles)],
        {gene: np.array(places, np.int64) for gene, places in genes.items()},
    )


def _limits(
    trials: Sequence[Trial], of: Callable[[Trial], AgeLimit | None]
) -> dict[str, tuple[NDArray[np.int64], Floats]]:
    found: dict[str, list[tuple[int, float]]] = {}
    for place, trial in enumerate(trials):
        limit = of(trial)
        if limit is not None and "ages" not in trial.not_told:
            found.setdefault(limit.unit, []).append((place, limit.value))
    return {
        unit: (np.array([at for at, _ in rows], np.int64), np.array([value for _, value in rows], float))
        for unit, rows in found.items()
    }


def _names(trials: Sequence[Trial], of: Callable[[Trial], tuple[str, ...]]) -> Names:
    users: dict[str, list[int]] = {}
    for place, trial in enumerate(trials):
        for text in dict.fromkeys(of(trial)):
            users.setdefault(text, []).append(place)
    by_key: dict[str, list[int]] = {}
    by_ancestor: dict[str, list[int]] = {}
    by_last: dict[str, list[int]] = {}
    for place, text in enumerate(users):
        for one in readings(text):
            by_last.setdefault(one.words[-1], []).append(place)
            if one.row is not None:
                by_key.setdefault(one.row.key, []).append(place)
            for key in one.above:
                by_ancestor.setdefault(key, []).append(place)
    trials_of = tuple(np.array(places, np.int64) for places in users.values())
    return Names(tuple(users), trials_of, by_key, by_ancestor, by_last)
