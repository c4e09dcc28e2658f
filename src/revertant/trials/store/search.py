"""Searching a store: text by weighted fields, synonyms and corrected words; typed fields as filters that are counted.

The rank is SQLite's BM25 with a weight for each field, scaled by how much of what was asked a record holds at all. A
filter says how many records it left, so that nothing found has a reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from revertant.knowledge import names_by_id, spelt, symbol_as_catalogued
from revertant.model import Case, CriterionState, Disease, Sex, Subject, Trial
from revertant.trials.matching import CaseFacts, case_facts, countries_meant, nearest_site, readings
from revertant.trials.matching.typed import age_state, disease_criterion, sex_state
from revertant.trials.store.schema import TEXT_COLUMNS
from revertant.trials.store.store import TrialStore
from revertant.trials.store.words import Group, groups_of

__all__ = [
    "FIELD_WEIGHTS",
    "SearchHit",
    "SearchResult",
    "TrialQuery",
    "case_candidates",
    "disease_candidates",
    "search_trials",
]

#: How much a word counts in each field.
FIELD_WEIGHTS = {
    "title": 4.0,
    "conditions": 3.0,
    "interventions": 4.0,
    "genes": 2.0,
    "keywords": 2.0,
    "mesh": 1.0,
    "sponsor": 1.0,
    "summary": 1.0,
    "eligibility": 0.3,
}
#: What a record that holds a disease or gene under another name gets, of what those have that hold it as typed.
_UNDER_ANOTHER_NAME = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialQuery:
    """What is sought.

    Parameters
    ----------
    text
        Words, in any order.
    diseases
        Names or identifiers (OMIM, MONDO, ORPHA); one of them must be named, more broadly or more narrowly too.
    genes
        Symbols; one of them must be named.
    intervention_types, phases, statuses, study_types
        Values as the registry writes them, in any capitals; one of each must be there.
    recruiting
        Only trials that take people in.
    age_years, sex
        Of a person: trials that exclude them are left out, those that do not tell stay.
    country
        ISO code or ``"EU"`` with a site that is not closed.
    near, within_km
        Latitude and longitude; only trials with an open site as near as that.
    limit
        How many are returned at most.
    """

    text: str = ""
    diseases: tuple[str, ...] = ()
    genes: tuple[str, ...] = ()
    intervention_types: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    study_types: tuple[str, ...] = ()
    recruiting: bool = False
    age_years: float | None = None
    sex: Sex = Sex.UNKNOWN
    country: str = ""
    near: tuple[float, float] | None = None
    within_km: float | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One record found: its score (0 without a text), what of the text it holds, and the nearest open site."""

    trial: Trial
    score: float
    holds: tuple[str, ...] = ()
    distance_km: float | None = None
    nearest_site: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found.

    Parameters
    ----------
    hits
        The best, first.
    found
        How many records there are in all that fit.
    steps
        How many records each part of the question left.
    corrected
        Words that no record holds, and what was sought instead.
    unknown
        Words that no record holds, and that were left out.
    """

    hits: tuple[SearchHit, ...]
    found: int
    steps: tuple[tuple[str, int], ...]
    corrected: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()


def search_trials(store: TrialStore, query: TrialQuery) -> SearchResult:
    """Search a store.

    Parameters
    ----------
    store
        Opened for reading.
    query
        What is sought; nothing at all gives every record, the newest first.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, TrialStore(Path(folder) / "t.sqlite", writing=True) as store:
    ...     _ = store.put([Trial(nct_id="NCT01234567", title="CAR T", conditions=("Acute Myeloid Leukemia",))])
    ...     result = search_trials(store, TrialQuery(text="AML", phases=("PHASE3",)))
    >>> result.found, result.steps
    (0, (('in the store', 1), ('text', 1), ('phase PHASE3', 0)))
    """
    steps = [("in the store", len(store))]
    groups: tuple[Group, ...] = ()
    scores = _Scores({})
    if query.text.strip():
        groups = groups_of(query.text, lambda words: _held(store, words))
        scores = _scored(store, groups)
        ids = sorted(scores.of, key=lambda one: (-scores.of[one], one))
        steps.append(("text", len(ids)))
    else:
        ids = [one for (one,) in store.rows("SELECT id FROM trials ORDER BY last_update DESC, nct_id")]
    for name, values in _facets(query):
        ids = _kept(store, ids, name, values)
        steps.append((f"{name.replace('_', ' ')} {' or '.join(values)}", len(ids)))
    if _asks_rules(query):
        trials, more = _by_rules(store, ids, query)
        steps += more
        found = len(trials)
    else:  # records are unpacked only where a rule has to see them, or a reader
        found, shown = len(ids), ids[: max(0, query.limit)]
        trials = list(zip(shown, store.trials(shown), strict=True))
    hits = tuple(_hit(one, query, scores, groups) for one in trials[: max(0, query.limit)])
    return SearchResult(
        hits,
        found,
        tuple(steps),
        tuple((group.words[0], group.phrases[0]) for group in groups if group.kind == "corrected"),
        tuple(group.words[0] for group in groups if group.kind == "unknown"),
    )


def _held(store: TrialStore, words: Iterable[str]) -> set[str]:
    wanted = sorted(set(words))
    found: set[str] = set()
    for start in range(0, len(wanted), 900):
        part = wanted[start : start + 900]
        sql = f"SELECT word FROM words WHERE word IN ({', '.join('?' * len(part))})"  # noqa: S608 - marks only
        found.update(str(one) for (one,) in store.rows(sql, part))
    return found


def _expression(group: Group) -> str:
    """Return a group as an expression of FTS5: quoted phrases, one of which must be there."""
    phrases = [f'"{phrase}"' for phrase in group.phrases if phrase]
    phrases += [f'genes : "{spelt(gene)}"' for gene in group.genes]
    return " OR ".join(phrases)


@dataclass(frozen=True, slots=True)
class _Scores:
    """Scores of records, and which records hold each group."""

    of: dict[int, float]
    holders: tuple[frozenset[int], ...] = ()


def _scored(store: TrialStore, groups: tuple[Group, ...]) -> _Scores:
    """Return a score for each record that holds anything of the text.

    A group gives a record the BM25 of its words as typed. A record that holds it under another name only gets most of
    what those have on average that hold the name as typed. The sum is scaled by the share of the groups that a record
    holds, each counted by how rare it is.
    """
    weights = ", ".join(str(FIELD_WEIGHTS[column]) for column in TEXT_COLUMNS)
    ranked = f"SELECT rowid, -bm25(texts, {weights}) FROM texts WHERE texts MATCH ?"  # noqa: S608 - numbers of ours
    scores: dict[int, float] = {}
    held: dict[int, float] = {}
    holders_of: list[frozenset[int]] = []
    total, whole = 0.0, len(store)
    for group in groups:
        if group.kind == "unknown":
            holders_of.append(frozenset())
            continue
        typed = " OR ".join(f'"{word}"' for word in group.phrases[0].split())
        found = {int(one): float(score) for one, score in store.rows(ranked, (typed,))}
        holders = as_typed = frozenset(found)
        if group.kind in {"disease", "gene"}:
            as_typed = _matching(store, f'"{group.phrases[0]}"')
            holders = _matching(store, _expression(group))
        rarity = math.log1p(whole / (1 + len(holders))) * len(group.words)
        total += rarity
        typical = sum(found.get(one, 0.0) for one in as_typed) / len(as_typed) if as_typed else rarity
        for one, score in found.items():
            scores[one] = scores.get(one, 0.0) + score
        for one in holders - as_typed:
            scores[one] = scores.get(one, 0.0) + max(0.0, _UNDER_ANOTHER_NAME * typical - found.get(one, 0.0))
        for one in holders:
            held[one] = held.get(one, 0.0) + rarity
        holders_of.append(holders)
    # Without a total no record can be told from another: the store holds none.
    scaled = {
        one: score * held.get(one, 0.0) / total for one, score in scores.items() if one in held and total
    }
    return _Scores(scaled, tuple(holders_of))


def _matching(store: TrialStore, expression: str) -> frozenset[int]:
    return frozenset(
        int(one) for (one,) in store.rows("SELECT rowid FROM texts WHERE texts MATCH ?", (expression,))
    )


def _facets(query: TrialQuery) -> list[tuple[str, tuple[str, ...]]]:
    fields = [
        ("gene", tuple(symbol_as_catalogued(gene) for gene in query.genes)),
        ("intervention_type", tuple(one.strip().upper() for one in query.intervention_types)),
        ("phase", tuple(one.strip().upper() for one in query.phases)),
        ("status", tuple(one.strip().upper() for one in query.statuses)),
        ("study_type", tuple(one.strip().lower() for one in query.study_types)),
        ("open_country", tuple(sorted(countries_meant(query.country)))),
    ]
    return [(name, values) for name, values in fields if values]


def _kept(store: TrialStore, ids: list[int], name: str, values: tuple[str, ...]) -> list[int]:
    marks = ", ".join("?" * len(values))
    sql = f"SELECT DISTINCT trial FROM facets WHERE field = ? AND value IN ({marks})"  # noqa: S608 - marks only
    having = {one for (one,) in store.rows(sql, (name, *values))}
    return [one for one in ids if one in having]


def _asks_rules(query: TrialQuery) -> bool:
    return bool(
        query.diseases
        or query.recruiting
        or query.age_years is not None
        or query.sex is not Sex.UNKNOWN
        or (query.near is not None and query.within_km is not None)
    )


def _by_rules(
    store: TrialStore, ids: list[int], query: TrialQuery
) -> tuple[list[tuple[int, Trial]], list[tuple[str, int]]]:
    """Keep the records that the rules of matching keep: disease, age, sex, recruiting, distance."""
    steps: list[tuple[str, int]] = []
    if query.diseases:
        candidates = disease_candidates(store, query.diseases)
        ids = [one for one in ids if one in candidates]
    trials = list(zip(ids, store.trials(ids), strict=True))
    if query.diseases:
        facts = case_facts(Case("", Subject(""), (), diseases=tuple(map(_disease, query.diseases))))
        states = [disease_criterion(trial, facts).state for _, trial in trials]
        ranked = [(state is not CriterionState.MET, pair) for state, pair in zip(states, trials, strict=True)]
        kept = [one for one, state in zip(ranked, states, strict=True) if state is not CriterionState.NOT_MET]
        # A record for the disease itself stands before one that only names something broader; ranks hold within.
        trials = (
            [pair for _, pair in sorted(kept, key=lambda one: one[0])]
            if not query.text.strip()
            else [pair for _, pair in kept]
        )
        steps.append((f"disease {' or '.join(query.diseases)}", len(trials)))
    if query.recruiting:
        trials = [pair for pair in trials if pair[1].is_open is True]
        steps.append(("recruiting", len(trials)))
    if query.age_years is not None:
        trials = [
            pair for pair in trials if age_state(pair[1], query.age_years) is not CriterionState.NOT_MET
        ]
        steps.append((f"age {query.age_years:g} years", len(trials)))
    if query.sex is not Sex.UNKNOWN:
        trials = [pair for pair in trials if sex_state(pair[1], query.sex) is not CriterionState.NOT_MET]
        steps.append((f"sex {query.sex.value}", len(trials)))
    if query.near is not None and query.within_km is not None:
        most = query.within_km
        trials = [
            pair
            for pair in trials
            if (distance := nearest_site(pair[1].open_sites, query.near)[0]) is not None and distance <= most
        ]
        steps.append((f"within {most:g} km", len(trials)))
    return trials, steps


def _disease(said: str) -> Disease:
    return Disease(said, "") if said in names_by_id() else Disease("", said)


def disease_candidates(store: TrialStore, names: Iterable[str]) -> set[int]:
    """Return the records that may be about diseases: all that the rules of matching let through, and more.

    Parameters
    ----------
    store
        Opened for reading.
    names
        Names or identifiers of diseases.
    """
    found: set[int] = set()
    for said in names:
        facts = case_facts(Case("", Subject(""), (), diseases=(_disease(said),)))
        read = [one for name in facts.names for one in readings(name)]
        for one in read:
            own = one.row.key if one.row is not None else ""
            keys = (own, *sorted(one.above))
            sql = (
                f"SELECT trial FROM facets WHERE field = 'disease' AND value IN ({', '.join('?' * len(keys))}) "  # noqa: S608 - marks only
                "UNION SELECT trial FROM facets WHERE field = 'kind_of' AND value = ?"
            )
            found.update(one for (one,) in store.rows(sql, (*keys, own)))
        # A condition that ends with the name, or that the name ends with, shares its last word.
        lasts = sorted({one.words[-1] for one in read})
        phrases = sorted({spelt(name) for name in facts.synonyms} - {""})
        sought = [f'{{conditions keywords mesh}} : "{word}"' for word in lasts]
        sought += [f'title : "{phrase}"' for phrase in phrases]
        if sought:
            sql = "SELECT rowid FROM texts WHERE texts MATCH ?"
            found.update(one for (one,) in store.rows(sql, (" OR ".join(sought),)))
    return found


def case_candidates(store: TrialStore, facts: CaseFacts) -> tuple[Trial, ...]:
    """Return the records that may be about a case's diseases or name one of its genes, by number.

    Every other record is about another disease by the rules of matching.
    """
    found = disease_candidates(store, facts.names)
    if facts.genes:
        sql = f"SELECT trial FROM facets WHERE field = 'gene' AND value IN ({', '.join('?' * len(facts.genes))})"  # noqa: S608 - marks only
        found.update(one for (one,) in store.rows(sql, facts.genes))
    return tuple(sorted(store.trials(sorted(found)), key=lambda trial: trial.nct_id))


def _hit(one: tuple[int, Trial], query: TrialQuery, scores: _Scores, groups: tuple[Group, ...]) -> SearchHit:
    place, trial = one
    holds = tuple(
        " ".join(group.words)
        for group, holders in zip(groups, scores.holders, strict=True)
        if place in holders
    )
    distance, site = nearest_site(trial.open_sites, query.near)
    score = round(scores.of.get(place, 0.0), 4)
    return SearchHit(trial, score, holds, None if distance is None else round(distance, 1), site)
