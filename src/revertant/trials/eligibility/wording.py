"""Words around a statement: those that say nothing more, those that may lift it, and those that narrow it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from revertant.trials.eligibility.grammar import pattern, table

__all__ = ["asks_something", "leftovers", "lifting"]

_LIFTS = re.compile(
    r"""\b(?:unless|except(?:ion|ions|ing|ed)?(?:\s+(?:for|of|that|in|when|if))?|excluding|other\s+than|with\s+the\s+exception
        |apart\s+from|if|provided|as\s+long\s+as|allowed|permitted|is\s+not\s+exclusionary|not\s+exclusionary|exclusionary
        |will\s+be\s+eligible|are\s+eligible|may\s+be\s+(?:eligible|included|enrolled)|due\s+to|secondary\s+to|attributed|attributable
        |can\s+be|or\s+maintained|after\s+(?:blood\s+)?transfusion|transfus\w+|in\s+(?:the\s+)?case\s+of|in\s+which\s+case|regardless|when|where|whichever|until
        |for\s+(?:patients|subjects|those|participants|children|adults|age[sd]?|people)\b|patients?\s+with\s+(?:known\s+)?(?:gilbert|liver)|gilbert\w*|and\s+judged
        |with\s+(?:documented|known)\s+gilbert|in\s+the\s+(?:opinion|judge?ment)|as\s+judged|deemed|considered)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_TOKEN = re.compile(r"[A-Za-z0-9][\w'+./%-]*|[<>≥≤]")


@cache
def _filler() -> frozenset[str]:
    """Return the words that ask for nothing."""
    return frozenset(table("filler")["words"].split())


def lifting(words: str) -> str:
    """Return the words of a sentence that may lift what it asks, from the first of them on; empty when none does.

    Examples
    --------
    >>> lifting("AST < 3 x ULN unless due to leukaemia")
    'unless due to leukaemia'
    """
    plain = pattern("silent").sub(lambda found: " " * len(found[0]), words)
    found = _LIFTS.search(plain)
    return words[found.start() :].strip(" .,;)") if found else ""


def asks_something(text: str) -> bool:
    """Whether any word of a levelled text may ask for something.

    Examples
    --------
    >>> asks_something("Adequate organ function, defined as:"), asks_something("Good teeth")
    (False, True)
    """
    filler = _filler()
    return any(found[0].rstrip(".-'").lower() not in filler for found in _TOKEN.finditer(text))


def leftovers(text: str, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where the words stand that no statement took and that may ask for something.

    Parameters
    ----------
    text
        A levelled line.
    taken
        Where the statements stand.

    Examples
    --------
    >>> text = "Active HIV infection and malaria"
    >>> [text[start:end] for start, end in leftovers(text, [(7, 20)])]
    ['Active', 'malaria']
    """
    silent = [(found.start(), found.end()) for found in pattern("silent").finditer(text)]
    covered = sorted([*taken, *silent])
    filler = _filler()
    runs: list[tuple[int, int]] = []
    for found in _TOKEN.finditer(text):
        start, end = found.start(), found.end()
        word = found[0].rstrip(".-'").lower()
        if word in filler or not word or any(left < end and start < right for left, right in covered):
            continue
        if (
            runs
            and not re.search(r"[;,.()]|\b(?:and|or)\b", text[runs[-1][1] : start])
            and not any(runs[-1][1] <= left < start for left, _ in covered)
        ):
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs
