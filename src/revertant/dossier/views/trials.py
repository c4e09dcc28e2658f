"""Clinical trials as shown: a card for each, what is possible first, what was read of its criteria and what was not."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.dossier.views.products import CriteriaView, ordered_criteria
from revertant.model import Plan, Status, Trial, TrialMatch, TrialVerdict

__all__ = ["TRIAL_WORDS", "TrialView", "trial_account", "trial_counts", "trial_lines", "trial_views"]

TRIAL_WORDS = {
    TrialVerdict.POSSIBLE: "possible",
    TrialVerdict.NOT_RECRUITING: "not recruiting",
    TrialVerdict.NOT_ELIGIBLE: "does not fit",
    TrialVerdict.OTHER_DISEASE: "another disease",
}
#: Possible is never a pass: nobody has read every criterion.
_STATUSES = {
    TrialVerdict.POSSIBLE: Status.UNKNOWN,
    TrialVerdict.NOT_RECRUITING: Status.NOT_APPLICABLE,
    TrialVerdict.NOT_ELIGIBLE: Status.FAIL,
    TrialVerdict.OTHER_DISEASE: Status.NOT_APPLICABLE,
}
_LINES = 5


@dataclass(frozen=True, slots=True)
class TrialView:
    """One trial as a card: the match, its verdict in a word and a colour, facts, notes, its criteria in order."""

    match: TrialMatch
    word: str
    status: Status
    facts: str
    notes: tuple[str, ...]
    criteria: CriteriaView


def trial_views(plan: Plan) -> tuple[TrialView, ...]:
    """Return the trials of a plan in its order."""
    return tuple(
        TrialView(
            match,
            TRIAL_WORDS[match.verdict],
            _STATUSES[match.verdict],
            _facts(match.trial),
            _notes(match),
            ordered_criteria(match.criteria),
        )
        for match in plan.trials
    )


def _notes(match: TrialMatch) -> tuple[str, ...]:
    """What is said against a trial beside its criteria."""
    told = {one.because for one in match.criteria}
    return tuple(reason for reason in match.reasons_against if reason not in told)


def _facts(trial: Trial) -> str:
    kind = "" if trial.study_type.value == "not_told" else trial.study_type.value.replace("_", " ")
    phases = ", ".join(
        phase.lower().replace("phase", "phase ").replace("_", " ") for phase in trial.phases if phase != "NA"
    )
    places = (
        f"open in {', '.join(trial.open_countries)}"
        if trial.open_countries and trial.is_open is not False
        else ""
    )
    day = f"record of {trial.last_update}" if trial.last_update else ""
    status = trial.status.lower().replace("_", " ") or "status not told"
    return "; ".join(part for part in (kind, phases, status, places, trial.sponsor, day) if part)


def trial_counts(plan: Plan) -> tuple[tuple[str, int], ...]:
    """Return how many trials of a plan have each verdict, in words.

    Examples
    --------
    >>> from revertant.model import Provenance
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> trial_counts(Plan("s", "c", "Why?", "No.", (), (), (), (), (), (), None, (), origin, "Research use."))
    ()
    """
    counts = (
        (word, sum(1 for match in plan.trials if match.verdict is verdict))
        for verdict, word in TRIAL_WORDS.items()
    )
    return tuple((word, count) for word, count in counts if count)


def trial_account(plan: Plan) -> str:
    """Say what became of every record of the store; empty where none was asked.

    Examples
    --------
    >>> from revertant.model import Provenance, Tally
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> tally = Tally("records of trials", 9, 2, (("about another disease", 7),))
    >>> plan = Plan("s", "c", "Why?", "No.", (), (), (), (), (), (), None, (tally,), origin, "Research use.")
    >>> trial_account(plan)
    'Of 9 records in the store, 2 are shown; 7 about another disease.'
    """
    for tally in plan.tallies:
        if tally.name == "records of trials":
            others = ", ".join(f"{count:,} {reason}" for reason, count in tally.refused)
            return f"Of {tally.read:,} records in the store, {tally.kept} are shown" + (
                f"; {others}." if others else "."
            )
    return ""


def trial_lines(plan: Plan) -> tuple[str, ...]:
    """Return a line for each of the first possible trials, for the terminal."""
    possible = [match.trial for match in plan.trials if match.verdict is TrialVerdict.POSSIBLE]
    lines = [f"{trial.nct_id}: {trial.title}" for trial in possible[:_LINES]]
    if len(possible) > _LINES:
        lines.append(f"and {len(possible) - _LINES} more in the report")
    return tuple(lines)
