"""Trials on the terminal: what was found, one record, and a case held against trials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from revertant.model import Trial, TrialMatch
    from revertant.trials.store import SearchResult

__all__ = ["match_view", "search_view", "trial_view"]

_STYLES = {"met": "green", "not_met": "bold red", "unknown": "magenta", "conflict": "yellow"}
_VERDICTS = {
    "possible": "green",
    "not_recruiting": "yellow",
    "not_eligible": "bold red",
    "other_disease": "dim",
}


def search_view(result: SearchResult) -> RenderableType:
    """Return what a search found, as a table with the steps below it."""
    table = _table("trial", "status", "phase", "title", "near")
    for hit in result.hits:
        near = "" if hit.distance_km is None else f"{hit.distance_km:.0f} km"
        table.add_row(
            hit.trial.nct_id, _status(hit.trial), _phases(hit.trial), _one_line(hit.trial.title), near
        )
    steps = ", ".join(f"{name}: {number}" for name, number in result.steps)
    shown = f"{len(result.hits)} of {result.found} shown. " if result.found else "Nothing was found. "
    return Group(*((table,) if result.hits else ()), Text(f"{shown}Records left: {steps}."))


def trial_view(trial: Trial) -> RenderableType:
    """Return one record with its criteria, read and unread."""
    from revertant.trials.eligibility import read_eligibility

    head = Text(f"{trial.nct_id}  {_one_line(trial.title)}", style="bold")
    facts = _table("", "")
    facts.show_header = False
    rows = {
        "status": f"{_status(trial)} (record of {trial.last_update or 'a day not told'})",
        "study": f"{trial.study_type.value.replace('_', ' ')}, {_phases(trial) or 'no phase told'}",
        "conditions": ", ".join(trial.conditions),
        "interventions": ", ".join(
            f"{one.name} ({one.kind.lower()})" if one.kind else one.name for one in trial.interventions
        ),
        "genes and antigens": ", ".join(trial.genes),
        "sex": trial.sex or "not told",
        "ages": _ages(trial),
        "sponsor": trial.sponsor,
        "sites": f"{len(trial.sites)}, open or not known to be closed: {len(trial.open_sites)} "
        f"in {', '.join(trial.open_countries) or 'no country told'}",
        "not told here": ", ".join(trial.not_told).replace("_", " "),
        "address": trial.url,
    }
    for name, value in rows.items():
        if value:
            facts.add_row(name, Text(_one_line(value)))
    parts: list[RenderableType] = [head, facts]
    if trial.eligibility.strip():
        criteria = _table("asks", "read as", "line")
        for line in read_eligibility(trial.eligibility).lines:
            read = ", ".join(dict.fromkeys(one.asks for one in line.criteria))
            part = read if line.is_whole or not read else f"{read} (partly)"
            criteria.add_row(
                line.polarity, part or Text("unread", style="magenta"), Text(_one_line(line.text))
            )
        parts.append(criteria)
    else:
        parts.append(Text("The record carries no text of its criteria."))
    return Group(*parts)


def match_view(sentence: str, matches: tuple[TrialMatch, ...], limit: int) -> RenderableType:
    """Return trials held against a case, each with its reasons."""
    parts: list[RenderableType] = [Text(sentence)]
    for match in matches[:limit]:
        parts += [Text(""), *_match(match)]
    if len(matches) > limit:
        parts.append(Text(f"\n{limit} of {len(matches)} shown; --limit shows more."))
    parts.append(
        Text(
            "\nPossible is not eligible: the trial's own physicians decide. For research use.", style="italic"
        )
    )
    return Group(*parts)


def _match(match: TrialMatch) -> list[RenderableType]:
    verdict = match.verdict.value
    head = Text(f"{match.trial.nct_id}  ", style="bold")
    head.append(verdict.replace("_", " "), style=_VERDICTS[verdict])
    head.append(f"  {_one_line(match.trial.title)}", style="default not bold")
    if match.trial.is_expanded_access:
        head.append("  [expanded access]", style="bold cyan")
    parts: list[RenderableType] = [head]
    table = _table("", "")
    table.show_header = False
    for one in match.criteria:
        mark = Text(one.state.value.replace("_", " "), style=_STYLES[one.state.value])
        table.add_row(mark, Text(_one_line(one.because)))
    parts.append(table)
    notes = match.reasons_against[sum(1 for one in match.criteria if one.state.value == "not_met") :]
    parts += [Text(f"  {note}", style="yellow") for note in notes]
    if match.distance_km is not None:
        parts.append(
            Text(f"  Nearest site that is not closed: {match.nearest_site}, {match.distance_km:.0f} km.")
        )
    if match.unparsed:
        parts.append(
            Text(
                f"  Not read, or not to the end ({len(match.unparsed)} lines), to be checked by a person:",
                style="magenta",
            )
        )
        parts += [Text(f"    {_one_line(line)}") for line in match.unparsed]
    return parts


def _ages(trial: Trial) -> str:
    if "ages" in trial.not_told:
        return ", ".join(trial.age_groups).lower().replace("_", " ") or "not told"
    least, most = trial.min_age, trial.max_age
    if least and most:
        return f"{least} to {most}"
    return f"from {least}" if least else f"up to {most}" if most else "any"


def _status(trial: Trial) -> str:
    return trial.status.lower().replace("_", " ") or "not told"


def _phases(trial: Trial) -> str:
    return ", ".join(phase.lower().replace("phase", "phase ").replace("_", " ") for phase in trial.phases)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _table(*columns: str) -> Table:
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made
