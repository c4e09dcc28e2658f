"""The criteria that were read from a record's text, held against a person.

A criterion decides only where the whole of its line was read; what is left over stands as unread. What is asked of the
time of collection or infusion, not of today, can change and so does not exclude.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from revertant.knowledge import Criterion
from revertant.model import CriterionMatch
from revertant.trials.answer import NOT_MET, UNKNOWN, Person
from revertant.trials.criteria import match_criterion
from revertant.trials.eligibility import read_eligibility

__all__ = ["TextCriterion", "held_against", "read_text"]

_OPEN_LINE = "The rest of the line was not read, so that this alone does not exclude."
_LATER = "This has to hold later, not today."


@dataclass(frozen=True, slots=True)
class TextCriterion:
    """One typed criterion of a text, with whether it may exclude a person, and why not where it may not."""

    criterion: Criterion
    decides: bool
    why_not: str = ""


@lru_cache(maxsize=8192)
def read_text(text: str) -> tuple[tuple[TextCriterion, ...], tuple[str, ...]]:
    r"""Return the typed criteria of a text, and the lines that no rule read as a whole, letter for letter.

    Examples
    --------
    >>> typed, unread = read_text("Inclusion Criteria:\n* Age 18 years or older\n* Able to swim")
    >>> [one.criterion.asks for one in typed], unread
    (['age'], ('* Able to swim',))
    """
    if not text.strip():
        return (), ()
    typed, unread = [], []
    for line in read_eligibility(text).lines:
        if not line.is_whole:
            unread.append(line.text)
        why_not = _OPEN_LINE if not line.is_whole else _LATER if line.stage else ""
        typed += [TextCriterion(one, not why_not, why_not) for one in line.criteria]
    return tuple(typed), tuple(unread)


def held_against(asked: TextCriterion, person: Person, source: str) -> CriterionMatch:
    """Hold one criterion of a text against a person.

    Parameters
    ----------
    asked
        From :func:`read_text`.
    person
        The person.
    source
        The record.
    """
    found = match_criterion(asked.criterion, person, (source,), checked=True)
    if asked.decides or found.state is not NOT_MET:
        return found
    because = f"{found.because} {asked.why_not}"
    ask = found.to_measure or "Ask the trial's office."
    return replace(found, state=UNKNOWN, because=because, to_measure=ask)
