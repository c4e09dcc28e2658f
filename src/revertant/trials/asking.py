"""A case asked of a store: the records that are about it, each with its reasons, and an account of the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from revertant.errors import InputError
from revertant.model import Case, Tally, Target, TrialMatch, TrialVerdict
from revertant.trials.matching import case_facts, match_trials
from revertant.trials.store import TrialStore, case_candidates

__all__ = ["TrialAnswer", "ask_store"]


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """What a store holds for a case.

    Parameters
    ----------
    matches
        The records about its disease or gene, those that are possible first.
    tally
        Every record of the store: kept for this case, or about another disease.
    names, genes
        What was looked for.
    newest_update
        The newest day on which a record of the store was updated.
    """

    matches: tuple[TrialMatch, ...]
    tally: Tally
    names: tuple[str, ...]
    genes: tuple[str, ...]
    newest_update: str

    def with_verdict(self, verdict: TrialVerdict) -> tuple[TrialMatch, ...]:
        """Return the matches of one verdict."""
        return tuple(match for match in self.matches if match.verdict is verdict)

    @property
    def sentence(self) -> str:
        """What was found, in one or two sentences.

        Examples
        --------
        >>> TrialAnswer((), Tally("records of trials", 0, 0), ("AML",), (), "").sentence
        'The store of trials is empty.'
        """
        if not self.tally.read:
            return "The store of trials is empty."
        sought = ", ".join((*self.names, *self.genes))
        told = f"Of {self.tally.read} records (newest update {self.newest_update or 'not told'}), "
        if not self.matches:
            return f"{told}none names {sought}. Another name of the disease may find some."
        counts = {
            "possible": TrialVerdict.POSSIBLE,
            "not recruiting": TrialVerdict.NOT_RECRUITING,
            "not eligible": TrialVerdict.NOT_ELIGIBLE,
        }
        each = ", ".join(f"{len(self.with_verdict(verdict))} {word}" for word, verdict in counts.items())
        return f"{told}{len(self.matches)} may be about {sought}: {each}."


def ask_store(
    store: TrialStore,
    case: Case,
    targets: Sequence[Target] = (),
    *,
    country: str = "",
    near: tuple[float, float] | None = None,
    on_date: dt.date | None = None,
) -> TrialAnswer:
    """Hold a case against every record of a store that is about its disease or names its gene.

    Parameters
    ----------
    store
        Opened for reading.
    case, targets, country, near, on_date
        As :func:`revertant.trials.matching.match_trials` takes them.

    Raises
    ------
    InputError
        Code ``no-disease`` when the case states no disease by name and no gene: every trial would be possible.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from revertant.model import Disease, Subject, Trial
    >>> case = Case("c", Subject("s", age_years=40.0), (), diseases=(Disease("", "AML"),))
    >>> trial = Trial(nct_id="NCT00000001", title="T", conditions=("Acute Myeloid Leukemia",), last_update="2026-08-01")
    >>> with TemporaryDirectory() as folder, TrialStore(Path(folder) / "t.sqlite", writing=True) as store:
    ...     _ = store.put([trial])
    ...     answer = ask_store(store, case)
    >>> [match.verdict.value for match in answer.matches]
    ['possible']
    >>> answer.sentence
    'Of 1 records (newest update 2026-08-01), 1 may be about AML: 1 possible, 0 not recruiting, 0 not eligible.'
    """
    facts = case_facts(case, targets, country=country)
    if not facts.tells_what_is_wrong:
        raise InputError(
            "The case states no disease by name and no gene, so that no trial can be found for it.",
            where="diseases",
            remedy="State the diagnosis with its name (diseases), or the gene (variants, copy_numbers).",
            code="no-disease",
        )
    found = match_trials(
        case, case_candidates(store, facts), targets=targets, country=country, near=near, on_date=on_date
    )
    about = tuple(match for match in found if match.verdict is not TrialVerdict.OTHER_DISEASE)
    others = len(store) - len(about)
    return TrialAnswer(
        about,
        Tally.of("records of trials", kept=len(about), refused=["about another disease"] * others),
        facts.names,
        facts.genes,
        store.newest_update,
    )
