"""Values with limits: organ function, performance scales, blasts, life expectancy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from revertant.knowledge import TIMES_UPPER_LIMIT, Criterion, measurements
from revertant.trials.eligibility.atoms import Atom, Sense, bounded
from revertant.trials.eligibility.grammar import named, pattern, table
from revertant.trials.eligibility.numbers import Comparison, Side, comparisons

__all__ = ["Name", "Value", "measured", "names", "values_of"]


@dataclass(frozen=True, slots=True)
class Name:
    """A measurement as texts name it.

    Parameters
    ----------
    key
        Of the catalogue of measurements.
    words
        A pattern of its names.
    sense
        On which side a value is better.
    unit
        The unit meant where none is written; empty where none can be taken for granted.
    top
        The end of its scale.
    family
        The family it is counted in.
    stems
        The first four letters of words of which one is in each of its names: a line without any is not searched for it.
    """

    key: str
    words: re.Pattern[str]
    sense: Sense
    unit: str
    top: float
    family: str
    stems: tuple[str, ...]


@cache
def names() -> tuple[Name, ...]:
    """Return the measurements that the grammar's file names."""
    return tuple(
        Name(
            key,
            named(row),
            row["sense"],
            row.get("unit", ""),
            row.get("top", float("inf")),
            row["family"],
            tuple(row.get("stems", ())),
        )
        for key, row in table("measures").items()
    )


_METHOD = re.compile(
    r"(?:[,(]\s*)?\b(?:as\s+)?(?:measured|assessed|determined|calculated|estimated|evaluated|confirmed|shown|by|using|via|on|at|according\s+to|under|in|during|when)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_BREAKS = re.compile(
    r";|\.\s|\b(?:and|or|but|with|without|if|unless|requiring|who|must\s+not|including|within\s+\d)\b|\+",
    re.IGNORECASE,
)
_ROMANS = {"I": 1.0, "II": 2.0, "III": 3.0, "IV": 4.0}


@dataclass(frozen=True, slots=True)
class Value:
    """A name with its comparison."""

    name: Name
    start: int
    end: int
    found: Comparison


def _is_aside(token: Comparison, pending: Sequence[tuple[int, int, Name]], text: str) -> bool:
    """Whether a number alone stands in parentheses behind a name."""
    alone = token.bare is not None or token.unit in {"years", "months"}
    return (
        bool(pending)
        and alone
        and text.count("(", pending[-1][1], token.start) > text.count(")", pending[-1][1], token.start)
    )


def _links(gap: str) -> bool:
    """Whether what stands between a name and a number lets the number belong to the name."""
    plain = re.sub(r"\([^()]*\)", " ", gap)
    plain = _METHOD.sub(" ", plain)
    return not _BREAKS.search(plain) and len(plain.split()) <= 7 and len(gap) <= 110


def _joins(gap: str) -> bool:
    """Whether two names share what follows: "ALT and AST", "AST/ALT", "ALT (SGPT), AST"."""
    plain = re.sub(r"\([^()]*\)|[()]", " ", gap)
    return bool(
        re.fullmatch(r"[\s,/&-]*(?:and|or|and/or)?[\s,/]*(?:the|both|serum)?\s*", plain, re.IGNORECASE)
    )


def _mentions(text: str) -> Iterator[tuple[int, int, Name]]:
    """Yield where each measurement is named, none upon another; those that stand first in the table win."""
    here = set(pattern("stem").findall(text.lower()))
    taken: list[tuple[int, int]] = []
    for name in names():
        if name.stems and not any(stem in here for stem in name.stems):
            continue
        for found in name.words.finditer(text):
            start, end = found.span()
            if not any(left < end and start < right for left, right in taken):
                taken.append((start, end))
                yield start, end, name


def measured(text: str) -> Iterator[Value]:
    """Yield every named value with a comparison, in a levelled text.

    Examples
    --------
    >>> [(one.name.key, one.found.high.value) for one in measured("ALT and AST <= 3 x ULN, creatinine < 2 mg/dL")]
    [('ALT', 3.0), ('AST', 3.0), ('creatinine', 2.0)]
    """
    numbers = comparisons(text)
    mentions = list(_mentions(text)) if numbers or "class" in text.lower() or "NYHA" in text else []
    pending: list[tuple[int, int, Name]] = []
    last: tuple[list[tuple[int, int, Name]], int] | None = None
    tokens: list[tuple[int, int, Name | Comparison]] = sorted(
        [*mentions, *((one.start, one.end, one) for one in numbers)], key=lambda token: (token[0], token[1])
    )
    for place, (start, end, this) in enumerate(tokens):
        token = this
        if isinstance(token, Name):
            if token.key == "NYHA" and (found := pattern("roman").match(text, end)):
                yield _heart(text, start, token, found)
                pending = []
                continue
            if token.key == "NYHA" and (behind := pattern("class_before").search(text[:start])):
                at = behind.start()
                found = pattern("roman").match(text, at)
                if found:
                    yield replace(_heart(text, at, token, found), start=at, end=end)
                pending = []
                continue
            shares = pending and _joins(text[pending[-1][1] : start])
            if pending and shares and pending[-1][2] is token:
                pending[-1] = (pending[-1][0], end, token)  # the same, by name and by letters
            else:
                pending = [*pending, (start, end, token)] if shares else [(start, end, token)]
            continue
        if (pending and start < pending[-1][1]) or _is_aside(token, pending, text):
            continue  # a number within a name, or a year in parentheses behind it
        if pending and _links(text[pending[-1][1] : start]):
            if token.unit == "" and place + 1 < len(tokens):
                token = _lent(token, tokens[place + 1][2], text)
            for name_start, _, name in pending:
                yield Value(name, name_start, end, token)
            last, pending = (pending, end), []
        elif last and re.fullmatch(
            r"\s*\(?(?:,?\s*(?:and|or|and/or|-)|,|/)\s*(?:is\s+)?", text[last[1] : start], re.IGNORECASE
        ):
            for _, _, name in last[0]:
                if (token.low or token.high) and len(last[0]) == 1:
                    yield Value(name, start, end, token)
            last = (last[0], end)
        elif following := _before_its_name(text, tokens, place):
            yield Value(following, start, tokens[place + 1][1], token)


def _lent(token: Comparison, following: Name | Comparison, text: str) -> Comparison:
    """Lend a number without a unit that of the next: ">= 18 and <= 75 years"."""
    if isinstance(following, Comparison) and re.fullmatch(
        r"\s*(?:and|to|-|,|but)\s*", text[token.end : following.start], re.IGNORECASE
    ):
        return replace(token, unit=following.unit)
    return token


def _before_its_name(
    text: str, tokens: Sequence[tuple[int, int, Name | Comparison]], place: int
) -> Name | None:
    """Return the scale whose name follows its number: "0-2 ECOG score"."""
    if place + 1 >= len(tokens):
        return None
    start, end, token = tokens[place + 1]
    this = tokens[place]
    has_own = place + 2 < len(tokens) and _links(text[end : tokens[place + 2][0]])
    close = not text[this[1] : start].strip()
    if isinstance(token, Name) and token.family == "performance_status" and close and not has_own:
        return token
    return None


def _heart(text: str, start: int, name: Name, found: re.Match[str]) -> Value:
    low = _ROMANS[found["low"].upper()]
    high = _ROMANS[found["high"].upper()] if found["high"] else None
    up = bool(found["up"]) or bool(re.search(r"[≥>]", text[found.start() : found.start("low")]))
    end = found.end()
    if of_what := re.match(
        r"\s*(?:congestive\s+)?(?:heart\s+failure|heart\s+disease|cardiac\s+(?:failure|dysfunction|insufficiency|disease))",
        text[end:],
        re.IGNORECASE,
    ):
        end += of_what.end()
    if lead := re.search(
        r"\b(?:congestive\s+)?heart\s+failure\s+(?:of\s+|with\s+)?$", text[:start], re.IGNORECASE
    ):
        start = lead.start()
    is_above = bool(re.search(r">(?!\s?=)", text[found.start() : found.start("low")]))
    upper = None if up else Side("<=", high or low)
    return Value(
        name,
        start,
        end,
        Comparison(found.start(), end, Side(">" if is_above else ">=", low), upper, unit="{class}"),
    )


def values_of(text: str) -> Iterator[Atom]:
    """Yield the values of a levelled text as statements.

    Examples
    --------
    >>> [(one.wanted.measurement, one.wanted.at_most) for one in values_of("ECOG 0-2")]
    [('ECOG', 2.0)]
    """
    for value in measured(text):
        found = _in_unit(value)
        if found is None:
            continue
        key = value.name.key
        if key == "GFR" and found.unit == "mL/min/{1.73_m2}":
            key = "GFR_1_73m2"
        criterion = Criterion(
            key="", kind="indication", asks="measurement", text="", measurement=key, unit=found.unit
        )
        wanted, barred = bounded(criterion, found, value.name.sense, value.name.top)
        if key == "NYHA" and wanted is not None:
            wanted = replace(wanted, at_least=None)  # no failure at all is below class I
        yield Atom(value.start, value.end, value.name.family, wanted, barred, limit=value.found.start)


def _in_unit(value: Value) -> Comparison | None:
    """Return the comparison in a unit of the catalogue; ``None`` where it has none, or only a number is written."""
    name, found = value.name, value.found
    if name.key == "other":
        return None
    if found.low is None and found.high is None:
        if name.key == "ECOG" and found.bare is not None and found.unit == "":
            found = replace(found, low=Side(">=", found.bare), high=Side("<=", found.bare))
        else:
            return None
    unit = found.unit or name.unit
    if name.unit == "{score}" and unit in {"%", "{score}"}:
        unit = "{score}"
    if name.key == "life_expectancy":
        unit = {"months": "mo", "weeks": "wk", "years": "a"}.get(unit, "")
    if unit == "1/L":
        unit, found = "10*9/L", _scaled(found, 1e-9)
    if (
        name.unit == "%"
        and not found.unit
        and all(side.value <= 1 for side in (found.low, found.high) if side)
    ):
        found = _scaled(found, 100)  # a fraction of one
    fact = measurements()["GFR_1_73m2" if unit == "mL/min/{1.73_m2}" else name.key]
    known = {one.unit for one in fact.units} | ({TIMES_UPPER_LIMIT} if fact.by_limit else set())
    return replace(found, unit=unit) if unit in known else None


def _scaled(found: Comparison, factor: float) -> Comparison:
    def side(one: Side | None) -> Side | None:
        return None if one is None else Side(one.op, round(one.value * factor, 9))

    return replace(found, low=side(found.low), high=side(found.high))
