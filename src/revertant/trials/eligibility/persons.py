"""Age, weight and sex."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from revertant.knowledge import Criterion
from revertant.trials.eligibility.atoms import Atom, bounded
from revertant.trials.eligibility.grammar import pattern
from revertant.trials.eligibility.numbers import Comparison, Side, comparisons

__all__ = ["persons_of"]

_TIMES = {"years", "months", "weeks", "days"}
#: "Diagnosis at age 18 years or older" is not asked of the age of today.
_OF_ANOTHER_DAY = re.compile(
    r"\b(?:diagnos\w*|onset|symptoms?|manifest\w*)\s+(?:\w+\s+){0,2}?(?:at|before|after|by|prior\s+to)\s+(?:(?:the|an?)\s+)?$",
    re.IGNORECASE,
)
_AGE_AFTER = re.compile(
    r"\s*(?:\(?\s*inclusive\s*\)?)?\s*[-,]?\s*(?:of\s+ages?|olds?\b|in\s+age|ages?\b|y/?o\b)", re.IGNORECASE
)
#: How many letters before a number may say that it is an age.
_NEAR = 120
#: Below it a number alone may be of months.
_SURELY_YEARS = 12


def persons_of(text: str) -> Iterator[Atom]:
    """Yield what a levelled line says of age, weight and sex.

    Examples
    --------
    >>> [(one.family, one.wanted.at_least, one.wanted.unit) for one in persons_of("Aged 6 months or older")]
    [('age', 6.0, 'months')]
    """
    if found := pattern("sex").match(text):
        male = Criterion(key="", kind="indication", asks="sex", text="", sex="male")
        female = replace(male, sex="female")
        asked, other = (male, female) if found["sex"].lower()[0] in "mb" else (female, male)
        yield Atom(found.start("sex"), found.end("sex"), "sex", asked, other)
    numbers = comparisons(text)
    for place, found_number in enumerate(numbers):
        before = text[: found_number.start]
        if found_number.unit in {"kg", "g"} and pattern("weight").search(
            _without_pair(before, numbers, place, text)
        ):
            yield from _weight(found_number, before)
        elif age := _age(found_number, numbers, place, text):
            yield age


def _without_pair(before: str, numbers: Sequence[Comparison], place: int, text: str) -> str:
    """Return what stands before a number, without the first half of a pair (">= 18 and <= 75")."""
    if place and re.fullmatch(
        r"\s*(?:years?|y)?\s*(?:of\s+age|old)?\s*(?:and|to|-|,|but|&)\s*(?:also\s+|must\s+be\s+|be\s+)?",
        text[numbers[place - 1].end : numbers[place].start],
        re.IGNORECASE,
    ):
        return text[: numbers[place - 1].start]
    return before


def _weight(found: Comparison, before: str) -> Iterator[Atom]:
    if found.low is None and found.high is None:
        return
    if found.unit == "g":
        found = replace(
            found,
            low=found.low and Side(found.low.op, found.low.value / 1000),
            high=found.high and Side(found.high.op, found.high.value / 1000),
        )
    asked = Criterion(key="", kind="indication", asks="weight", text="")
    wanted, barred = bounded(asked, found)
    name = re.search(r"(?:body\s+)?(?:weigh\w*|mass)\b[^.;]*$", before, re.IGNORECASE)
    yield Atom(name.start() if name else found.start, found.end, "weight", wanted, barred)


def _age(found: Comparison, numbers: Sequence[Comparison], place: int, text: str) -> Atom | None:
    if (found.low is None and found.high is None) or (found.unit and found.unit not in _TIMES):
        return None
    before = _without_pair(text[: found.start], numbers, place, text)
    after = text[found.end :]
    unit = found.unit
    if not unit and place + 1 < len(numbers) and numbers[place + 1].unit in _TIMES:
        joint = text[found.end : numbers[place + 1].start]
        unit = (
            numbers[place + 1].unit
            if re.fullmatch(r"\s*(?:and|to|-|,|but|&)\s*", joint, re.IGNORECASE)
            else ""
        )
    named = pattern("age_before").search(before, max(0, len(before) - _NEAR))
    if place + 1 < len(numbers) and re.fullmatch(
        r"\s*(?:and|to|-)\s*", text[found.end : numbers[place + 1].start], re.IGNORECASE
    ):
        after = text[numbers[place + 1].end :]  # "from 6 months to 5 years of age"
    compared = bool(re.search(r"\b(?:older|younger)\b", found.word))
    told = (
        compared
        or bool(_AGE_AFTER.match(after))
        or text[found.start : found.end].lower().endswith(("y/o", "older", "age or older", "younger"))
    )
    if (
        not unit
        and (named or told)
        and max(side.value for side in (found.low, found.high) if side) >= _SURELY_YEARS
    ):
        unit = "years"
    if unit not in _TIMES or pattern("not_age_after").match(after):
        return None
    person = (
        unit == "years"
        and found.word != "within"
        and pattern("person_before").search(before, max(0, len(before) - _NEAR))
    )
    bare_line = unit == "years" and not before.strip(" -*•>.)(0123456789") and not after.strip(" .;,)")
    if not (named or told or person or bare_line):
        return None
    if _OF_ANOTHER_DAY.search(before[: named.start()] if named else before):
        return None
    asked = Criterion(key="", kind="indication", asks="age", text="", unit=unit)
    wanted, barred = bounded(asked, found)
    is_second = len(before) < found.start
    start = named.start() if named and not is_second else found.start
    tail = _AGE_AFTER.match(text, found.end)
    end = tail.end() if tail else found.end
    return Atom(start, end, "age", wanted, barred)
