"""Which statements are alternatives, and which ages only say of whom something else is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from revertant.knowledge import Criterion
from revertant.trials.eligibility.atoms import joined
from revertant.trials.eligibility.grammar import pattern
from revertant.trials.eligibility.meaning import NUMBERS, PERSON, SCALES, Meant
from revertant.trials.eligibility.wording import leftovers

__all__ = ["Grouped", "grouped"]

Group = tuple[Meant, ...]
_CAPACITY = frozenset({"DLCO", "FEV1", "FVC", "marrow_blasts", "blood_blasts"})


@dataclass(frozen=True, slots=True)
class Grouped:
    """The statements of a sentence in groups of alternatives, and where ages stand that only say of whom."""

    groups: tuple[Group, ...]
    aged: tuple[tuple[int, int], ...] = ()

    @property
    def meant(self) -> tuple[Meant, ...]:
        """All statements of all groups."""
        return tuple(one for group in self.groups for one in group)


def grouped(meant: Sequence[Meant], text: str, start: int) -> Grouped:
    """Put the statements of a sentence that begins at ``start`` into groups.

    Parameters
    ----------
    meant
        The statements, in their order.
    text, start
        The levelled line, and where the sentence begins in it.
    """
    scales = [one for one in meant if one.criterion.measurement in SCALES and one.is_true]
    ages = [one for one in meant if one.atom.family == "age"]
    if ages and scales and (by_age := _by_age(scales, ages, text)):
        rest = [one for one in meant if one not in scales and one not in ages]
        aged = tuple((one.atom.start, one.atom.end) for one in ages)
        return Grouped((*((one,) for one in by_age), *_alternatives(_persons(rest), text)), aged)
    spans = [(one.atom.start, one.atom.end) for one in meant if one.atom.family in PERSON]
    dropped = [one for one in ages if not _stands_alone(one, text, start, spans)]
    kept = [one for one in meant if one not in dropped]
    if dropped:
        words = text[dropped[0].atom.start : dropped[0].atom.end]
        kept = [one if one.atom.family == "age" else _opened(one, words) for one in kept]
    return Grouped(tuple(_alternatives(_persons(kept), text)), ())


def _persons(meant: Sequence[Meant]) -> list[Meant]:
    """Leave out the sex where something else is asked of "male subjects"."""
    others = any(one.atom.family not in PERSON for one in meant)
    return [one for one in meant if not (others and one.atom.family == "sex")]


def _opened(one: Meant, words: str) -> Meant:
    if one.criterion.unless:
        return one
    return replace(one, criterion=replace(one.criterion, unless=" ".join(words.split())))


def _stands_alone(one: Meant, text: str, start: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether an age is asked for itself: nothing that counts before it, nothing asked of those of that age behind."""
    before = text[start : one.atom.start]
    if leftovers(before, [(left - start, right - start) for left, right in spans]) or pattern(
        "of_whom"
    ).search(before):
        return False
    return bool(pattern("after_age").match(text, one.atom.end))


def _by_age(scales: Sequence[Meant], ages: Sequence[Meant], text: str) -> list[Meant]:
    """Pair each scale with its age; empty where they do not pair off.

    Where the ages divide all people between them, the pairs are alternatives; else each is asked of those of its age.
    """
    limits = list(dict.fromkeys(one.atom.limit for one in scales))
    sharing = [[one for one in scales if one.atom.limit == limit] for limit in limits]
    if len(sharing) != len(ages):
        return []
    pairs = list(zip(sharing, ages, strict=True))
    if not all(_beside(group, age, text) for group, age in pairs):
        return []
    if len(pairs) == 2 and _divide(ages[0].criterion, ages[1].criterion):
        asked = joined("any", tuple(joined("all", (age.criterion, _any(group))) for group, age in pairs))
        return [_spanning([*scales, *ages], asked)]
    return [
        _spanning([*group, age], joined("any", (other, _any(group))))
        for group, age in pairs
        if (other := age.atom.barred if age.is_true else age.atom.wanted) is not None
    ]


def _any(group: Sequence[Meant]) -> Criterion:
    return joined("any", tuple(one.criterion for one in group))


def _spanning(members: Sequence[Meant], criterion: Criterion) -> Meant:
    start, end = min(one.atom.start for one in members), max(one.atom.end for one in members)
    return Meant(replace(members[0].atom, start=start, end=end, limit=-1), criterion, is_true=True)


def _beside(group: Sequence[Meant], age: Meant, text: str) -> bool:
    first, last = group[0].atom.start, group[-1].atom.end
    if first <= age.atom.start < last:
        return True
    gap = text[last : age.atom.start] if age.atom.start >= last else text[age.atom.end : first]
    return len(gap.split()) <= 9


def _divide(one: Criterion, other: Criterion) -> bool:
    """Whether everybody is of exactly one of two ages."""
    pairs = {
        (one.at_least, other.below),
        (one.above, other.at_most),
        (other.at_least, one.below),
        (other.above, one.at_most),
    }
    return one.unit == other.unit and any(low is not None and low == high for low, high in pairs)


def _alternatives(meant: Sequence[Meant], text: str) -> list[Group]:
    groups: list[Group] = []
    for one in meant:
        if groups and _are_alternatives(groups[-1][-1], one, text):
            groups[-1] = (*groups[-1], one)
        else:
            groups.append((one,))
    return groups


def _are_alternatives(one: Meant, other: Meant, text: str) -> bool:
    """Whether one of two wanted values is enough; of two unwanted ones neither may be there."""
    if not (one.is_true and other.is_true) or one.atom.family != other.atom.family:
        return False
    if one.atom.family not in NUMBERS or one.atom.family == "age":
        return False
    names = {one.criterion.measurement, other.criterion.measurement}
    if one.atom.limit == other.atom.limit:
        return names <= SCALES or (names <= _CAPACITY and " or " in text[one.atom.start : other.atom.end])
    gap = re.sub(r"\([^()]*\)", " ", text[one.atom.end : other.atom.start])
    if names <= SCALES:
        return bool(re.search(r"\bor\b|^\s*/\s*$", gap, re.IGNORECASE))
    return bool(re.match(r"[\s,]*(?:or|and\s*/\s*or)\b", gap, re.IGNORECASE)) and len(gap.split()) <= 6
