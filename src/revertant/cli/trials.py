"""``revertant trials``: a store of clinical trials, filled, searched, and held against a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from revertant.cli import console
from revertant.cli.options import AsJson, Quiet
from revertant.cli.world import place_and_day
from revertant.errors import UsageError

if TYPE_CHECKING:
    from revertant.model import Trial

__all__ = ["StorePath", "load", "match", "search", "show", "sync", "trials_app"]

trials_app = typer.Typer(
    no_args_is_help=True, help="Clinical trials: fill a store, search it, hold it against a case."
)

StorePath = Annotated[Path, typer.Option("--store", help="The store of trials: one file.")]
Near = Annotated[str, typer.Option("--near", help="A place, as latitude,longitude in degrees: 48.14,11.58.")]
Within = Annotated[
    float | None, typer.Option("--within", min=0.0, help="Kilometres from --near to an open site at most.")
]
Limit = Annotated[int, typer.Option("--limit", min=1, help="How many are shown at most.")]
STORE = Path("trials") / "trials.sqlite"


@trials_app.command()
def sync(
    store: StorePath = STORE,
    condition: Annotated[str, typer.Option("--condition", help="Only trials of this condition.")] = "",
    intervention: Annotated[str, typer.Option("--intervention", help="Only with this intervention.")] = "",
    term: Annotated[str, typer.Option("--term", help="Only trials that hold these words.")] = "",
    url: Annotated[str, typer.Option("--url", help="Another server with the same interface.")] = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Download what is new or changed at ClinicalTrials.gov since the last time.

    Interrupted, the same command goes on where it stopped. Without a filter all records are kept (more than half a
    million); --condition, --intervention and --term are the words of the registry's own search form. They and a date
    are all that is sent: nothing of any patient.
    """
    from revertant.trials.downloading import REGISTRY, PoliteClient, RegistryFilter, sync_trials
    from revertant.trials.store import TrialStore

    client = PoliteClient(url.rstrip("/") or REGISTRY)
    with (
        console.progress_bar(quiet=quiet or as_json) as progress,
        TrialStore(store, writing=True) as opened,
    ):
        report = sync_trials(
            opened, RegistryFilter(condition, intervention, term), client=client, progress=progress
        )
        held = len(opened)
    if as_json:
        console.print_json({"ok": True, "store": str(store), "held": held, "report": report})
        return
    count = report.count
    since = f"since {report.since}" if report.since else "from the beginning"
    console.print_text(
        f"{count.new} new, {count.changed} changed, {count.known} as before ({since}, {report.pages} pages). "
        f"{store} holds {held} trials, the newest updated {report.until or 'on a day not told'}."
    )
    _note_refused(report.tally.refused)


@trials_app.command()
def load(
    files: Annotated[
        list[Path], typer.Argument(help="JSON or JSON lines of the registry, or its CSV; gzip too.")
    ],
    store: StorePath = STORE,
    as_json: AsJson = False,
) -> None:
    """Put files of ClinicalTrials.gov into the store: its JSON (version 2), or CSV exports.

    Every record is kept or refused with a reason; of two records of one trial the newer one holds.
    """
    from revertant.trials.registry import read_trials
    from revertant.trials.store import TrialStore

    found = read_trials(files)
    with TrialStore(store, writing=True) as opened:
        count = opened.put(found.trials)
        held = len(opened)
    if as_json:
        report = {"count": count, "tallies": found.tallies, "refused": found.refused}
        console.print_json({"ok": True, "store": str(store), "held": held, **report})
        return
    for tally in found.tallies:
        console.print_text(f"{tally.name}: {tally.read} read, {tally.kept} kept")
        _note_refused(tally.refused)
    console.print_text(
        f"{count.new} new, {count.changed} changed, {count.known} as before. {store} holds {held} trials."
    )


def _note_refused(refused: tuple[tuple[str, int], ...]) -> None:
    for reason, number in refused:
        console.note(f"Not taken: {number} ({reason}).")


@trials_app.command()
def search(
    text: Annotated[str, typer.Argument(help="Words, in any order.")] = "",
    store: StorePath = STORE,
    disease: Annotated[
        list[str] | None, typer.Option("--disease", help="Name or identifier of a disease (repeatable).")
    ] = None,
    gene: Annotated[list[str] | None, typer.Option("--gene", help="Symbol of a gene (repeatable).")] = None,
    intervention: Annotated[
        list[str] | None, typer.Option("--type", help="Type of intervention: GENETIC, BIOLOGICAL, DRUG.")
    ] = None,
    phase: Annotated[list[str] | None, typer.Option("--phase", help="Phase: PHASE1 (repeatable).")] = None,
    status: Annotated[
        list[str] | None, typer.Option("--status", help="Status: RECRUITING (repeatable).")
    ] = None,
    recruiting: Annotated[
        bool, typer.Option("--recruiting", help="Only trials that take people in.")
    ] = False,
    expanded_access: Annotated[
        bool, typer.Option("--expanded-access", help="Only treatment outside a trial.")
    ] = False,
    age: Annotated[float | None, typer.Option("--age", min=0.0, help="Age in years.")] = None,
    sex: Annotated[str, typer.Option("--sex", help="female or male.")] = "",
    country: Annotated[str, typer.Option("--country", help="With an open site there: US, DE, EU.")] = "",
    near: Near = "",
    within: Within = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """Search the store by words and by fields.

    Names of diseases are found under their synonyms, genes under their other symbols, words with one wrong letter under
    the right one. Each part of the question says how many records it left.
    """
    from revertant.cli.trials_views import search_view
    from revertant.model import Sex
    from revertant.trials.store import TrialQuery, TrialStore, search_trials

    if sex not in {"", "female", "male"}:
        raise UsageError(f"{sex!r} is no sex that trials name.", where="--sex", remedy="Say female or male.")
    place, _ = place_and_day(country, "")
    query = TrialQuery(
        text=text,
        diseases=tuple(disease or ()),
        genes=tuple(gene or ()),
        intervention_types=tuple(intervention or ()),
        phases=tuple(phase or ()),
        statuses=tuple(status or ()),
        study_types=("expanded_access",) if expanded_access else (),
        recruiting=recruiting,
        age_years=age,
        sex=Sex(sex) if sex else Sex.UNKNOWN,
        country=place,
        near=_place(near, within),
        within_km=within,
        limit=limit,
    )
    with TrialStore(store) as opened:
        result = search_trials(opened, query)
    if as_json:
        console.print_json({"ok": True, "result": result})
        return
    for word, used in result.corrected:
        console.note(f"No record holds {word!r}: {used!r} was sought.")
    for word in result.unknown:
        console.note(f"No record holds {word!r}: it was left out.")
    console.print_rich(lambda _width: search_view(result))


@trials_app.command()
def show(
    nct: Annotated[str, typer.Argument(help="The trial's number: NCT02122952.")],
    store: StorePath = STORE,
    as_json: AsJson = False,
) -> None:
    """Show one record, with what was read of its criteria and what was not."""
    from revertant.cli.trials_views import trial_view
    from revertant.trials.store import TrialStore

    with TrialStore(store) as opened:
        trial = opened.get(nct)
        held = len(opened)
    if trial is None:
        raise UsageError(
            f"{nct} is not among the {held} trials of this store.",
            where=str(store),
            remedy="Check the number, or run revertant trials sync.",
            code="no-trial",
        )
    if as_json:
        console.print_json({"ok": True, "trial": _whole(trial)})
        return
    console.print_rich(lambda _width: trial_view(trial))


def _whole(trial: Trial) -> dict[str, Any]:
    """Return a record with the long texts and the sites, which a plan leaves out."""
    from revertant.model import plain
    from revertant.trials.eligibility import read_eligibility

    found = plain(trial)
    assert isinstance(found, dict)
    left_out = {name: plain(getattr(trial, name)) for name in trial.left_out}
    read = plain(read_eligibility(trial.eligibility).lines) if trial.eligibility.strip() else []
    return {**found, **left_out, "eligibility_lines": read}


@trials_app.command()
def match(
    case: Annotated[Path, typer.Argument(help="Phenopacket (JSON) or case.yaml.")],
    store: StorePath = STORE,
    country: Annotated[
        str, typer.Option("--country", help="Sites here come first, instead of the case's place: US, DE, EU.")
    ] = "",
    date: Annotated[
        str, typer.Option("--date", help="The day by which a titre is judged to be old, YYYY-MM-DD.")
    ] = "",
    near: Near = "",
    within: Within = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show also those that do not fit, with the reasons.")
    ] = False,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """Hold a case against the trials of the store: each with its reasons, for and against.

    The best that is said is possible: what nobody has stated is unknown and never met, and lines of the criteria that
    no rule understands are shown word for word. Nothing is sent anywhere.
    """
    from revertant import patient
    from revertant.cli.trials_views import match_view
    from revertant.trials.asking import ask_store
    from revertant.trials.store import TrialStore

    place, day = place_and_day(country, date)
    where = _place(near, within)
    read = patient.read_case(case, diagnosis_is_enough=True)
    with TrialStore(store) as opened:
        answer = ask_store(opened, read, country=place, near=where, on_date=day)
    matches = answer.matches
    if within is not None:
        matches = tuple(one for one in matches if one.distance_km is not None and one.distance_km <= within)
    shown = matches if everything else tuple(one for one in matches if one.verdict.value == "possible")
    if as_json:
        found = {
            "sentence": answer.sentence,
            "tally": answer.tally,
            "matches": shown[:limit],
            "fit": len(shown),
        }
        console.print_json({"ok": True, "case_id": read.case_id, **found})
        return
    console.print_rich(lambda _width: match_view(answer.sentence, shown, limit))


def _place(near: str, within: float | None) -> tuple[float, float] | None:
    """Read ``--near``; a distance without a place is refused."""
    if not near:
        if within is not None:
            raise UsageError("--within needs a place.", where="--within", remedy="Pass --near too.")
        return None
    try:
        lat, lon = (float(part) for part in near.split(","))
    except ValueError:
        lat, lon = 999.0, 999.0
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise UsageError(
            f"{near!r} is no place.",
            where="--near",
            remedy="Give latitude,longitude in degrees: 48.14,11.58.",
        )
    return lat, lon
