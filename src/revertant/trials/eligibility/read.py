"""Read a registry's eligibility text: lines, then what each asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from revertant.knowledge import Criterion
from revertant.model import Tally
from revertant.trials.eligibility.codes import criterion_sentence
from revertant.trials.eligibility.judge import Judged, judge
from revertant.trials.eligibility.nesting import Context, context_of
from revertant.trials.eligibility.numbers import levelled
from revertant.trials.eligibility.reading import EligibilityLine, EligibilityReading, Polarity, ReadCriterion
from revertant.trials.eligibility.sections import Place, lines_of

__all__ = ["read_eligibility"]


def read_eligibility(text: str) -> EligibilityReading:
    r"""Read the eligibility criteria of a trial or a label.

    Parameters
    ----------
    text
        As a registry gives it, headings and bullets included.

    Returns
    -------
    EligibilityReading
        Every line with what was read of it and what was not. Nothing unread is assumed.

    Examples
    --------
    >>> reading = read_eligibility("Inclusion Criteria:\n* Age 18 to 75 years\nExclusion Criteria:\n* Bad teeth")
    >>> [(line.polarity, line.is_parsed) for line in reading.lines]
    [('inclusion', True), ('exclusion', False)]
    """
    places = tuple(lines_of(text))
    counts: Counter[str] = Counter()
    lines = tuple(_line(text, place, counts) for place in places if not place.is_heading)
    headings = tuple(text[place.start : place.end] for place in places if place.is_heading)
    tally = Tally.of("eligibility lines", kept=len(lines), refused=["heading"] * len(headings))
    return EligibilityReading(text, lines, headings, tally)


def _line(text: str, place: Place, counts: Counter[str]) -> EligibilityLine:
    words = levelled(text[place.body : place.end])
    context = context_of(place, words)
    judged, unread = judge(words, context.polarity) if context.is_typed else ((), ((0, len(words)),))
    return EligibilityLine(
        text=text[place.start : place.end],
        start=place.start,
        polarity=_shown(context, judged),
        whose=context.whose,
        stage=place.section.stage,
        under=(*place.section.headings, *place.parents),
        read=tuple(_read(one, place.body, context, counts) for one in judged),
        unread=tuple(text[place.body + start : place.body + end] for start, end in unread),
    )


def _shown(context: Context, judged: Sequence[Judged]) -> Polarity:
    """Return the polarity to show: without a heading, that which the line's own words give it."""
    if context.shown != "unknown" or not judged:
        return context.shown
    return "exclusion" if all(one.criterion.kind == "exclusion" for one in judged) else "inclusion"


def _read(judged: Judged, offset: int, context: Context, counts: Counter[str]) -> ReadCriterion:
    """Give a criterion its key, its own within the text, its sentence, and what the lines above hold open."""
    base = _base(judged.criterion)
    counts[base] += 1
    key = base if counts[base] == 1 else f"{base}_{counts[base]}"
    criterion = _worded(judged.criterion, key)
    unless, provided = criterion.unless or context.unless, criterion.provided or context.provided
    if (unless, provided) != (criterion.unless, criterion.provided):
        criterion = replace(criterion, unless=unless, provided=provided)
    return ReadCriterion(criterion, offset + judged.start, offset + judged.end, judged.family)


def _worded(criterion: Criterion, key: str) -> Criterion:
    parts = tuple(_worded(one, f"{key}_{number}") for number, one in enumerate(criterion.of, 1))
    return replace(criterion, key=key, text=criterion_sentence(criterion), of=parts)


def _base(criterion: Criterion) -> str:
    if criterion.of:
        return _base(criterion.of[0])
    named = {
        "measurement": criterion.measurement,
        "condition": criterion.condition,
        "washout": f"time_since_{criterion.agent}",
        "titre": f"anti_{criterion.antigen}",
        "copies": f"{criterion.gene}_copies",
        "biallelic": f"{criterion.gene}_biallelic",
        "variant": f"{criterion.gene}_variant",
    }
    return named.get(criterion.asks, criterion.asks)
