"""Which way round a statement is meant: the heading, the sentence's own verb, and the words that negate."""

from __future__ import annotations

import re

from revertant.trials.eligibility.grammar import pattern
from revertant.trials.eligibility.reading import Polarity

__all__ = ["is_permission", "negations", "segments", "stated_polarity"]

_SEGMENT = re.compile(
    r";|(?<!e\.g)(?<!i\.e)(?<!vs)(?<!etc)\.(?=\s+[A-Z0-9(])|\n|(?<=\s)\d{1,2}[.)](?=\s+[A-Z])"
)
_NOT_SHUTS_OUT = re.compile(
    r"\bnot\s+(?:be\s+)?(?:exclude[ds]?|exclusionary|prohibited)|\bnot\s+(?:an?|constitute)\s+exclusion"
    r"|\bno\s+(?:longer\s+)?(?:an?\s+)?exclusion",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(r"\b(?:who|that|which)\s+(?:must|should|have\s+to|need\s+to)\b", re.IGNORECASE)
#: "No more than", "not less than" compare; "not limited to", "no later than" say nothing of the statement.


def segments(text: str) -> list[tuple[int, int]]:
    """Return where the sentences of a levelled line stand, semicolons counted as ends.

    Examples
    --------
    >>> segments("ECOG 0-2; no infection. Age 18.")
    [(0, 8), (9, 22), (23, 31)]
    """
    outside = re.sub(r"\([^()]*\)", lambda found: "_" * len(found[0]), text)
    ends = [found.start() for found in _SEGMENT.finditer(outside)]
    starts = [0, *(found.end() for found in _SEGMENT.finditer(outside))]
    return [
        (start, end) for start, end in zip(starts, [*ends, len(text)], strict=True) if text[start:end].strip()
    ]


def is_permission(sentence: str) -> bool:
    """Whether a sentence lets people in rather than asking something of them.

    Examples
    --------
    >>> is_permission("Inhaled steroids are allowed"), is_permission("Steroids are not allowed")
    (True, False)
    """
    if _NOT_SHUTS_OUT.search(sentence) or re.match(r"\W*exceptions?\b", sentence, re.IGNORECASE):
        return True
    return bool(pattern("lets_in").search(sentence)) and not pattern("shuts_out").search(sentence)


def stated_polarity(sentence: str, heading: Polarity) -> tuple[Polarity, bool]:
    """Return what a sentence asks for, and whether its own words say so.

    Parameters
    ----------
    sentence
        One sentence of a line.
    heading
        What the heading above says.

    Examples
    --------
    >>> stated_polarity("Patients with HIV will be excluded", "inclusion")
    ('exclusion', True)
    >>> stated_polarity("Women must not be pregnant", "exclusion")
    ('inclusion', True)
    """
    sentence = re.sub(r"\([^()]*\)", " ", sentence)
    if pattern("shuts_out").search(sentence) and not _NOT_SHUTS_OUT.search(sentence):
        return "exclusion", True
    if pattern("demands").search(_DESCRIBES.sub(" ", sentence)):
        return "inclusion", True
    return heading, False


def negations(sentence: str, start: int, *, is_number: bool) -> int:
    """Count the negating words in whose reach a statement lies.

    Parameters
    ----------
    sentence
        One sentence of a levelled line.
    start
        Where the statement begins in it.
    is_number
        Whether it is a value with a limit: those are only reached from close by.

    Examples
    --------
    >>> negations("No history of HIV or hepatitis B", 21, is_number=False)
    1
    >>> negations("Not more than 5% blasts", 0, is_number=True)
    0
    """
    before = sentence[:start]
    plain = pattern("not_negating").sub(lambda found: "x" * len(found[0]), sentence)[:start]
    count = 0
    places = [found.end() for found in pattern("negator").finditer(plain)]
    for found in pattern("negator").finditer(plain):
        reach = before[found.end() :]
        later = [place for place in places if place > found.end()]
        if later and re.search(r"\b(?:and|or|nor|but)\b|,", plain[found.end() : later[0]], re.IGNORECASE):
            continue  # each item of the list is negated by its own word
        if (
            pattern("scope_ends").search(reach)
            or (is_number and (len(reach.split()) > 3 or re.search(r",|\b(?:and|or)\b", reach)))
            or len(reach) > 120
        ):
            continue
        if re.search(r",\s*(?:and\s+)?(?:ECOG|LVEF|age|\w+\s+[<>≥≤])", reach):
            continue
        count += 1
    return count
