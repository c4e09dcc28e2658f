"""Treatments that must lie some time back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from revertant.knowledge import Criterion
from revertant.trials.eligibility.atoms import Atom
from revertant.trials.eligibility.grammar import named, pattern, table
from revertant.trials.eligibility.numbers import Comparison, comparisons

__all__ = ["Span", "times_of", "washouts_of"]

_TIMES = {"hours", "days", "weeks", "months", "years"}
_SINCE = re.compile(
    r"\s*(?:have|has|had)?\s*(?:elapsed|passed)?\s*(?:from|since|after|post|following|of|out\s+from|removed\s+from)\b",
    re.IGNORECASE,
)

_ANOTHER = re.compile(r",[^,]*\b(?:occurred|developed|happened|GVHD|disease|infections?)\b", re.IGNORECASE)
_SINCE_SOMETHING = re.compile(
    r"\s*(?:after|following|post|from|since)\b(?!\s+(?:enrol|screening|consent|sign))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Span:
    """A time that a text names: whether something lies within it, or at least so far back."""

    start: int
    end: int
    number: Comparison
    is_recent: bool


def times_of(text: str) -> Iterator[Span]:
    """Yield the times of a levelled text.

    Examples
    --------
    >>> [(one.is_recent, one.number.high.value) for one in times_of("chemotherapy within 4 weeks before screening")]
    [(True, 4.0)]
    """
    for found in comparisons(text):
        if found.unit not in _TIMES:
            continue
        before, after = text[: found.start], text[found.end :]
        tail = pattern("before_what").match(after)
        end = found.end + (len(tail[0].rstrip()) if tail else 0)
        if found.low is not None and found.high is None:
            is_duration = re.search(r"\b(?:for|lasting|of)\s*$", before, re.IGNORECASE) and not re.search(
                r"\b(?:stopp?ed|discontinued|off|free|without|withdrawn|ceased)\b[^.;]{0,30}$",
                before,
                re.IGNORECASE,
            )
            if not is_duration:
                yield Span(found.start, end, found, is_recent=False)
        elif found.high is not None and found.low is None:
            lead = re.search(r"\b(?:within|in|during)\s+(?:the\s+)?$", before, re.IGNORECASE)
            yield Span(lead.start() if lead else found.start, end, found, is_recent=True)
        elif found.bare is not None:
            lead = pattern("recent_before").search(before)
            told = re.match(r"\s*(?:\([^)]*\)\s*)?(?:before|prior\s+to|preceding)\b", after, re.IGNORECASE)
            ahead = (
                lead
                and not told
                and not re.search(r"within|last|past|previous|preceding|prior|[≤<]", lead[0], re.IGNORECASE)
            )
            if (lead or told) and not ahead:
                yield Span(lead.start() if lead else found.start, end, found, is_recent=True)


@cache
def _agents() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((key, named(row)) for key, row in table("agents").items())


def _agents_in(text: str) -> list[tuple[int, int, str]]:
    """Return where treatments are named, none upon another; those that stand first in the table win."""
    taken: list[tuple[int, int, str]] = []
    for key, words in _agents():
        for found in words.finditer(text):
            start, end = found.span()
            if not any(left < end and start < right for left, right, _ in taken):
                taken.append((start, end, key))
    return taken


def washouts_of(text: str) -> Iterator[Atom]:
    """Yield the treatments of a levelled line that must lie some time back.

    Examples
    --------
    >>> [(one.barred.agent, one.barred.above) for one in washouts_of("Major surgery within 4 weeks before enrollment")]
    [('major_surgery', 4.0)]
    """
    times = list(times_of(text))
    if not times:
        return
    for start, end, key in _agents_in(text):
        time = _time_for(text, start, end, times)
        if re.search(
            r"\b(?:topical|inhaled|intranasal|ocular|local)\s+(?:\w+\s+)?$", text[:start], re.IGNORECASE
        ):
            continue  # not systemic
        if re.search(r"\brequi\w*ing\s+(?:\w+\s+){0,2}$", text[:start], re.IGNORECASE):
            continue  # how bad another disease is
        if time is None or _is_reference(start, times) or re.match(r"[\w\s]{0,20}:", text[end:]):
            continue
        number = time.number
        side = number.high if time.is_recent else number.low
        if time.is_recent and side is None:
            value, strict = number.bare or 0.0, False
        else:
            value, strict = (side.value if side else 0.0), bool(side and side.op in {"<", ">"})
        unit = number.unit
        if unit == "hours":
            unit, value = "days", value / 24
        # Within four weeks: on the last day too. Less than four weeks: not on it.
        inclusive = time.is_recent and strict and number.word != "within"
        at_least = inclusive or (not time.is_recent and not strict)
        asked = Criterion(
            key="",
            kind="indication",
            asks="washout",
            text="",
            agent=key,
            unit=unit,
            at_least=value if at_least else None,
            above=None if at_least else value,
            provided=_half_lives(text),
        )
        wanted, barred = (None, asked) if time.is_recent else (asked, None)
        yield Atom(start, end, "washout", wanted, barred, limit=time.start)


def _half_lives(text: str) -> str:
    """Return words that ask for half-lives besides: how long those are, the text does not say."""
    found = re.search(r"\d+\s+half-?\s?(?:lives|life)[^.;]*", text, re.IGNORECASE)
    return found[0] if found else ""


def _time_for(text: str, start: int, end: int, times: list[Span]) -> Span | None:
    """Return the time that belongs to a treatment: the one it follows ("3 months from"), else the next, or the last."""
    sentence_start = max(text.rfind(";", 0, start), text.rfind(". ", 0, start)) + 1
    ends = [place for place in (text.find(";", end), text.find(". ", end)) if place >= 0]
    sentence_end = min(ends, default=len(text))
    here = [one for one in times if sentence_start <= one.start < sentence_end]
    for one in here:
        if (
            one.end <= start + 1
            and (since := _SINCE.match(text[one.number.end :]))
            and len(text[one.number.end + since.end() : start].split()) <= 6
        ):
            between = text[one.number.end : start]
            if not any(one.start < other.start < start for other in here) and "," not in between:
                return one
    after = [one for one in here if one.start >= end - 1]
    if after:
        # "Within 12 weeks after the study treatment" lies ahead, and "6 months from" belongs to what follows it.
        of_another = _ANOTHER.search(text[end : after[0].start])
        return None if of_another or _SINCE_SOMETHING.match(text, after[0].number.end) else after[0]
    opening = [one for one in here if one.end <= start and len(text[sentence_start : one.start].split()) <= 3]
    return opening[-1] if opening else None


def _is_reference(start: int, times: list[Span]) -> bool:
    """Whether a treatment only says from when a time counts ("before CAR-T cell therapy")."""
    return any(one.number.end <= start < one.end for one in times)
