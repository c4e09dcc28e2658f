"""Conditions: pregnancy, infections, the nervous system, earlier treatments, and what else is answered by yes or no."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from revertant.knowledge import Criterion
from revertant.trials.eligibility.atoms import Atom
from revertant.trials.eligibility.grammar import assembled, named, pattern, table

__all__ = ["State", "condition_keys", "states", "states_of"]


@dataclass(frozen=True, slots=True)
class State:
    """A condition as texts name it.

    Parameters
    ----------
    key
        Of the catalogue of conditions.
    family
        The family it is counted in.
    stems
        Letters of which one is in each of its names: a line without any is not searched for it.
    words
        A pattern of its names.
    context
        What must stand before it in the same sentence, where its name alone says too little.
    is_now
        Whether its question is about the present.
    narrow
        Words within the name that ask for less than the condition.
    """

    key: str
    family: str
    stems: tuple[str, ...]
    words: re.Pattern[str]
    context: re.Pattern[str]
    is_now: bool
    narrow: re.Pattern[str]


@cache
def states() -> tuple[State, ...]:
    """Return the conditions that the grammar's file names."""
    return tuple(
        State(
            key,
            row["family"],
            tuple(row["stems"]),
            named(row),
            re.compile(assembled(row.get("context", "")), re.IGNORECASE),
            row.get("is_now", False),
            re.compile(row.get("narrow", r"(?!)"), re.IGNORECASE),
        )
        for key, row in table("states").items()
    )


_EXAMPLES = re.compile(r"\b(?:such\s+as|includ(?:ing|es?)|e\.?g\.?|for\s+example|like)\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"^[\s()/]*(?:(?:infection|antibod(?:y|ies)|antigen|serology|tests?|testing|status|results?|is|are|be|must|should)\s+)*"
    r"(?:negative|absent)\b",
    re.IGNORECASE,
)


def condition_keys() -> tuple[str, ...]:
    """Return every condition that the grammar can type.

    Examples
    --------
    >>> "hepatitis_b_active" in condition_keys()
    True
    """
    others = (
        "ambulatory",
        "contraception",
        "hepatitis_b",
        "hepatitis_b_active",
        "hepatitis_c",
        "hepatitis_c_active",
        "pregnant",
    )
    return tuple(sorted({*(state.key for state in states()), *others}))


def _asks(key: str, *, answer: bool) -> Criterion:
    return Criterion(key="", kind="indication", asks="condition", text="", condition=key, answer=answer)


def states_of(text: str) -> Iterator[Atom]:
    """Yield the conditions that a levelled line names.

    Examples
    --------
    >>> [one.barred.condition for one in states_of("Known HIV or active hepatitis C infection")]
    ['hiv_infection', 'hepatitis_c_active']
    """
    lower = text.lower()
    for state in states():
        if not any(stem in lower for stem in state.stems):
            continue
        for found in state.words.finditer(text):
            before = text[: found.start()]
            sentence = before[max(before.rfind(";"), before.rfind(". "), 0) :]
            if not state.context.search(
                sentence + (" " + found[0] if state.family == "current_therapy" else "")
            ):
                continue
            if state.family == "current_therapy" and re.search(
                r"\b(?:disease|disorder|GVHD|infection|deficiency)\w*(?:\s*\([^)]*\))?(?:[^,;]{0,40}\b(?:requir|need)|[^;]*,\s*requiring\s+(?:\w+\s+){0,2}$|\s+(?:\w+\s+){0,3}(?:on\b|with\b))",
                sentence,
                re.IGNORECASE,
            ):
                continue
            if _EXAMPLES.search(sentence) and state.family != "infection":
                continue
            if state.family == "prior_therapy" and pattern("still_to_come").search(sentence):
                continue
            barred = _asks(state.key, answer=False)
            if _EXAMPLES.search(sentence) and pattern("active").search(sentence):
                barred = replace(barred, unless=" ".join(sentence.split()))
            if state.narrow.search(found[0]):
                barred = replace(barred, unless=found[0])
            yield _settled(text, found.start(), found.end(), state.family, barred, is_now=state.is_now)
    if any(stem in lower for stem in ("hepatitis", "hbv", "hcv", "hbs", "hbc")):
        yield from _hepatitis(text)
    if "pregnan" in lower or "contracep" in lower or "birth control" in lower or "abstinence" in lower:
        yield from _pregnancy(text)
    for found in pattern("walks").finditer(text) if "ambulatory" in lower or "walk" in lower else ():
        walks = not found["non"]
        asked, other = _asks("ambulatory", answer=walks), _asks("ambulatory", answer=not walks)
        yield Atom(found.start(), found.end(), "other_disease", asked, other, is_now=True)


def _settled(
    text: str, start: int, end: int, family: str, barred: Criterion, *, is_now: bool = False
) -> Atom:
    """Return the statement; "HIV negative" states the contrary itself."""
    if negated := _NEGATED.match(text[end:]):
        return Atom(start, end + negated.end(), family, replace(barred, unless=""), None, is_settled=True)
    return Atom(start, end, family, None, barred, is_now=is_now)


def _hepatitis(text: str) -> Iterator[Atom]:
    active_to = -1
    for found in pattern("hepatitis").finditer(text):
        words = found[0].upper()
        is_b = bool(found["b"]) or words.startswith(("HBV", "HBS", "HBC", "ANTI-HBC", "ANTIHBC"))
        is_c = bool(found["c"] or found["c2"]) or words.startswith(("HCV", "ANTI-HCV", "ANTIHCV"))
        after = text[found.end() : found.end() + 40]
        if not (is_b or is_c) or re.match(r"\s*(?:vaccin|surface\s+antibod)", after, re.IGNORECASE):
            continue
        before = re.split(r"[;.]", text[: found.start()])[-1]
        near = re.split(r",|\bor\b|\bHIV\b", before)[-1]
        chain = active_to >= 0 and re.fullmatch(
            r"[\s,/]*(?:or|and|and/or)?\s*", text[active_to : found.start()], re.IGNORECASE
        )
        is_active = (
            bool(pattern("active").search(near))
            or bool(found["genome"])
            or bool(chain)
            or bool(
                re.match(
                    r"[^.;]{0,20}\bvir[ae]*mia|\s*(?:is|are|infection|infections|which)*\s*(?:active|uncontrolled)\b",
                    after,
                    re.IGNORECASE,
                )
            )
            or bool(
                re.search(
                    r"\b(?:active|uncontrolled)\b[\w\s/,-]{0,40}\binfect\w*[\s,(]*(?:with|of|by|including|such\s+as|e\.?g\.?)?[\w\s,]{0,40}$",
                    before,
                    re.IGNORECASE,
                )
            )
            or (
                bool(re.search(r"\buncontrolled\s+HIV\b", before, re.IGNORECASE))
                and "vir" in text[found.end() :].lower()
            )
        )
        antibody = re.match(r"\s*-?\s*(?:Ab\b|antibod)", text[found.end() :], re.IGNORECASE)
        if antibody and not pattern("active").search(near):
            is_active = False  # an antibody says that the virus was there once
        if is_active:
            active_to = found.end()
        for there, virus in ((is_b, "hepatitis_b"), (is_c, "hepatitis_c")):
            if there:
                key = f"{virus}_active" if is_active else virus
                start = found.start()
                if is_active and (told := pattern("active").search(near)):
                    start += told.start() - len(near)
                yield _settled(text, start, found.end(), "infection", _asks(key, answer=False))


def _pregnancy(text: str) -> Iterator[Atom]:
    free = _asks("pregnant", answer=False)
    tests = list(pattern("pregnancy_test").finditer(text))
    for found in tests:
        result = (found["result"] or found["after"]).lower()
        if result == "negative":
            yield Atom(found.start(), found.end(), "pregnancy", free, None, is_settled=True)
        else:
            yield Atom(found.start(), found.end(), "pregnancy", None, free, is_now=True)
    for found in pattern("pregnant").finditer(text):
        if not any(one.start() <= found.start() < one.end() for one in tests):
            yield Atom(found.start(), found.end(), "pregnancy", None, free, is_now=True)
    for found in pattern("protects").finditer(text):
        agrees = _asks("contraception", answer=True)
        before = re.split(r"[;.]", text[: found.start()])[-1]
        unwilling = bool(found["not"]) or bool(pattern("unwilling").search(before[-40:] + found[0]))
        yield Atom(
            found.start(),
            found.end(),
            "pregnancy",
            None if unwilling else agrees,
            agrees if unwilling else None,
            is_settled=True,
        )
