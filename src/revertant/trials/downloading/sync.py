"""Bringing a store up to date with ClinicalTrials.gov: only what changed, page by page, going on where it stopped.

A question asks for the records updated since the newest day that the store has seen for it, oldest first. Each page and
the place where to go on are written in one transaction, so that a process that is killed loses at most one page.
Nothing but the user's own filters and a date is ever sent.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from revertant.errors import InputError
from revertant.model import Tally
from revertant.trials.downloading.client import PageGoneError, PoliteClient
from revertant.trials.registry import read_studies
from revertant.trials.store import PutCount, TrialStore

__all__ = ["REGISTRY", "RegistryFilter", "SyncReport", "sync_trials"]

#: Version 2 of the interface (https://clinicaltrials.gov/data-api/api).
REGISTRY = "https://clinicaltrials.gov/api/v2"

#: What is asked of each record: results, documents and the registry's other notes are left where they are.
_FIELDS = "protocolSection|derivedSection.conditionBrowseModule"
_SORT = "LastUpdatePostDate:asc"
#: Pages in a row without a record that is new in this run, and new beginnings after a token that is gone: where there
#: are more, there is no end.
_MOST_IDLE = 20

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class RegistryFilter:
    """Which records to keep up to date: words for the registry's own search; without any, all of them.

    Parameters
    ----------
    condition, intervention, term
        As its search form has them (``query.cond``, ``query.intr``, ``query.term``).
    """

    condition: str = ""
    intervention: str = ""
    term: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the interface.

        Examples
        --------
        >>> RegistryFilter(condition="hemophilia").parameters
        {'query.cond': 'hemophilia'}
        """
        named = {"query.cond": self.condition, "query.intr": self.intervention, "query.term": self.term}
        return {name: value.strip() for name, value in named.items() if value.strip()}

    @property
    def key(self) -> str:
        """The name under which a store keeps how far it has come with this filter."""
        text = json.dumps(self.parameters, sort_keys=True)
        return f"sync:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a synchronisation did.

    Parameters
    ----------
    since
        The day from which it asked; empty for all records.
    until
        The newest day that was seen.
    pages
        Pages that came.
    count
        Records new, changed and known.
    tally
        Every study that came: kept or refused with a reason.
    resumed
        Whether it went on where an earlier one had stopped.
    """

    since: str
    until: str
    pages: int
    count: PutCount
    tally: Tally
    resumed: bool


@dataclass(frozen=True, slots=True)
class _State:
    """How far a store has come with one filter."""

    since: str = ""
    token: str = ""
    newest: str = ""
    in_order: bool = True

    @classmethod
    def of(cls, note: Mapping[str, object]) -> _State:
        named = {name: note[name] for name in ("since", "token", "newest", "in_order") if name in note}
        return cls(**named)  # type: ignore[arg-type]

    def note(self, chosen: RegistryFilter) -> dict[str, object]:
        return {
            "since": self.since,
            "token": self.token,
            "newest": self.newest,
            "in_order": self.in_order,
            "filter": chosen.parameters,
        }


def sync_trials(
    store: TrialStore,
    chosen: RegistryFilter | None = None,
    *,
    client: PoliteClient | None = None,
    page_size: int = 500,
    progress: Progress | None = None,
) -> SyncReport:
    """Download what is new or has changed.

    Parameters
    ----------
    store
        Opened for writing.
    chosen
        Which records; all when left out.
    client
        Whom to ask; ClinicalTrials.gov when left out.
    page_size
        Records a page, 1000 at most.
    progress
        Called with a stage name and a share from 0 to 1.

    Raises
    ------
    InputError
        Code ``download``. What came until then is in the store; the same call goes on from there.
    """
    wanted = chosen or RegistryFilter()
    tomorrow = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)).isoformat()
    asked = client or PoliteClient(REGISTRY)
    state = _State.of(store.note(wanted.key))
    resumed, began, total, done = bool(state.token), state.since, 0, 0
    pages, count, kept = 0, PutCount(), 0
    refused: list[str] = []
    seen: set[str] = set()
    idle, restarts = 0, 0
    while True:
        parameters = _parameters(wanted, state, page_size, first=not pages)
        try:
            page = asked.page("/studies", parameters)
        except PageGoneError as error:
            if not state.token:
                raise _refused_question(asked.base_url, error) from error
            # The token has expired: everything up to the newest day is here already, if the pages came in order.
            state = _State(state.newest if state.in_order and state.newest else state.since)
            store.put((), {wanted.key: state.note(wanted)})
            seen, restarts = set(), restarts + 1
            if restarts > _MOST_IDLE:
                raise _endless(asked.base_url) from error
            continue
        studies, token = _studies(page, asked.base_url)
        found = read_studies(studies, "clinicaltrials.gov")
        numbers = {trial.nct_id for trial in found.trials}
        idle = 0 if numbers - seen else idle + 1
        seen |= numbers
        if token and (token == state.token or idle > _MOST_IDLE):
            raise _endless(asked.base_url)
        # A day that has not come yet would have nothing asked for from then on.
        dates = [trial.last_update for trial in found.trials if "" < trial.last_update <= tomorrow]
        rising = state.in_order and (not dates or min(dates) >= state.newest)
        state = replace(state, token=token, newest=max([state.newest, *dates]), in_order=rising)
        if not token:
            state = _State(since=state.newest or state.since)
        # One transaction: the records, and the place where to go on.
        count += store.put(found.trials, {wanted.key: state.note(wanted)})
        pages, done, kept = pages + 1, done + len(studies), kept + found.tallies[0].kept
        refused += [one.because for one in found.refused]
        total = max(total, _total(page))
        if progress is not None:
            progress("downloading trials", min(1.0, done / total) if total else 0.0)
        if not token:
            tally = Tally.of("records of trials", kept=kept, refused=refused)
            return SyncReport(began, state.since, pages, count, tally, resumed)


def _parameters(wanted: RegistryFilter, state: _State, page_size: int, *, first: bool) -> dict[str, str]:
    found = {"format": "json", "fields": _FIELDS, "sort": _SORT, **wanted.parameters}
    if state.since:
        found["filter.advanced"] = f"AREA[LastUpdatePostDate]RANGE[{state.since},MAX]"
    found["pageSize"] = str(max(1, min(1000, page_size)))
    if first:
        found["countTotal"] = "true"
    if state.token:
        found["pageToken"] = state.token
    return found


def _studies(page: Mapping[str, Any], where: str) -> tuple[list[Any], str]:
    studies, token = page.get("studies"), page.get("nextPageToken", "")
    if not isinstance(studies, list) or not isinstance(token, str):
        raise InputError(
            "The answer is no page of studies.",
            where=where,
            remedy="Check --url: it should be the address of version 2 of the interface.",
            code="download",
        )
    return studies, token


def _total(page: Mapping[str, Any]) -> int:
    total = page.get("totalCount", 0)
    return total if isinstance(total, int) else 0


def _endless(where: str) -> InputError:
    return InputError(
        "The registry gives the same page again and again.",
        where=where,
        remedy="Run the same command again later.",
        code="download",
    )


def _refused_question(where: str, error: PageGoneError) -> InputError:
    return InputError(
        f"The registry does not take the question ({error}).",
        where=where,
        remedy="Check --url and the words of the filter.",
        code="download",
    )
