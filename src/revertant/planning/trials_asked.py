"""Clinical trials for the person, from a store on this machine: beside the approved products, before any design."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from revertant.errors import InputError
from revertant.model import InputDigest, Tally, Target, TrialMatch, TrialVerdict, Unknown
from revertant.planning.inputs import Inputs, file_digest
from revertant.trials.asking import ask_store
from revertant.trials.store import TrialStore

__all__ = ["MOST_OTHERS", "MOST_POSSIBLE", "AskedTrials", "ask_trials", "with_trials"]

#: How many trials a plan carries: those that are possible, and others about the disease with the reason against.
MOST_POSSIBLE, MOST_OTHERS = 40, 20

_RULE = "trials.asked"
_QUESTION = "Which clinical trials could this person take part in?"
_WHY = "A trial of a therapy that exists comes before a new design."


@dataclass(frozen=True, slots=True)
class AskedTrials:
    """What a store holds for a person.

    Parameters
    ----------
    matches
        Possible trials first, then others about the disease, as many as a plan carries.
    sentence
        For the verdict; empty where nothing is possible or nothing was asked.
    tallies
        Every record of the store.
    unknowns
        That trials were not asked, and how to; or what of the answer is open.
    """

    matches: tuple[TrialMatch, ...] = ()
    sentence: str = ""
    tallies: tuple[Tally, ...] = ()
    unknowns: tuple[Unknown, ...] = ()


def with_trials(inputs: Inputs, path: str) -> Inputs:
    """Return the inputs with a store of trials, opened once to see that it is one; an empty path is none.

    Raises
    ------
    InputError
        When it is no store, or one of another version.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from revertant.planning.inputs import without_genome
    >>> from revertant.planning.inquiry import Inquiry, case_of
    >>> asked = Inquiry(gene="SMN1", adds_gene=True)
    >>> inputs = without_genome(case_of(asked), asked)
    >>> with TemporaryDirectory() as folder:
    ...     path = str(Path(folder) / "trials.sqlite")
    ...     TrialStore(path, writing=True).close()
    ...     [digest.role for digest in with_trials(inputs, path).digests]
    ['trials']
    """
    if not path:
        return inputs
    TrialStore(path).close()
    digest = InputDigest("trials", Path(path).name, file_digest(Path(path)))
    return replace(inputs, trials_path=path, digests=(*inputs.digests, digest), paths=(*inputs.paths, path))


def ask_trials(inputs: Inputs, targets: Sequence[Target], on_date: dt.date | None = None) -> AskedTrials:
    """Hold the person against the store that the inputs name.

    Parameters
    ----------
    inputs
        The case, and where the store lies.
    targets
        The targets as resolved.
    on_date
        The day against which the age of a titre is judged.

    Examples
    --------
    >>> from revertant.planning.inputs import without_genome
    >>> from revertant.planning.inquiry import Inquiry, case_of
    >>> asked = Inquiry(gene="SMN1", adds_gene=True)
    >>> ask_trials(without_genome(case_of(asked), asked), ()).unknowns[0].how_to_find_out
    "Fill a store with 'revertant trials sync', then pass --trials STORE."
    """
    if not inputs.trials_path:
        how = "Fill a store with 'revertant trials sync', then pass --trials STORE."
        return AskedTrials(
            unknowns=(Unknown(_QUESTION, f"No store of trials was given. {_WHY}", how, _RULE),)
        )
    try:
        with TrialStore(inputs.trials_path) as store:
            answer = ask_store(store, inputs.case, targets, on_date=on_date)
    except InputError as error:
        if error.code != "no-disease":
            raise
        return AskedTrials(unknowns=(Unknown(_QUESTION, error.what, error.remedy, _RULE),))
    possible = answer.with_verdict(TrialVerdict.POSSIBLE)
    others = [match for match in answer.matches if match.verdict is not TrialVerdict.POSSIBLE]
    shown = (*possible[:MOST_POSSIBLE], *others[:MOST_OTHERS])
    left = Counter(match.verdict for match in answer.matches) - Counter(match.verdict for match in shown)
    reasons = [*dict(answer.tally.refused).items()]
    reasons += [
        (f"{verdict.value.replace('_', ' ')}, beyond those shown", count) for verdict, count in left.items()
    ]
    tally = Tally(answer.tally.name, answer.tally.read, len(shown), tuple(sorted(reasons)))
    if not possible:
        how = "Sync the store again, ask the registry, or say the disease by another name."
        return AskedTrials(shown, "", (tally,), (Unknown(_QUESTION, answer.sentence, how, _RULE),))
    noun = "trial is" if len(possible) == 1 else "trials are"
    read = "the first are" if len(possible) > 1 else "it is"
    named = ", ".join(match.trial.nct_id for match in possible[:3])
    sentence = f"{len(possible)} clinical {noun} possible, {read} {named}: whether they fit is not known."
    how = "Read the unread lines of their criteria, and ask the trial's office."
    return AskedTrials(shown, sentence, (tally,), (Unknown(_QUESTION, answer.sentence, how, _RULE),))
