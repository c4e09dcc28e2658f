"""What the lines above a nested line, and its own first words, say of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from revertant.trials.eligibility.grammar import pattern
from revertant.trials.eligibility.polarity import is_permission
from revertant.trials.eligibility.reading import Polarity, Whose
from revertant.trials.eligibility.sections import Place

__all__ = ["Context", "context_of"]

_ABSENCE = re.compile(
    r"\b(?:no|not|without|absence\s+of|free\s+of|never)(?:\s+(?:have|has|had|be|evidence|history|presence|of|any|known|active|one"
    r"|the|either|meet|meeting|currently))*\s*(?:following(?:\s+\w+)?)?\s*:\s*$",
    re.IGNORECASE,
)
_EXCEPTION = re.compile(r"\b(?:except\w*|unless|with\s+the\s+exception|excluding)\b|\bnote\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:for|if|in\s+case|when|females?|women|male|patients?\s+with|subjects?\s+with|history\s+of|treated\s+with)\b",
    re.IGNORECASE,
)
#: Of 3,528 lines of real records the longest has 1,410 letters, and the deepest stands under two others. What is longer
#: or deeper than this was made to be slow or is no list of criteria: it is left to a person.
_LONGEST_LINE = 2_000
_DEEPEST = 12
_SHUTS_OUT = re.compile(r"\b(?:excluded|ineligible|not\s+(?:be\s+)?eligible|disqualif\w+)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a line: how to read it, and what stays open whatever it says.

    Parameters
    ----------
    polarity
        How its statements are to be read.
    shown
        What is shown as its polarity.
    whose
        Whom it describes.
    is_typed
        Whether it may be typed at all.
    unless, provided
        Words above it that may lift what it asks, or hold it for another time.
    """

    polarity: Polarity
    shown: Polarity
    whose: Whose
    is_typed: bool
    unless: str = ""
    provided: str = ""


def _is_condition(parent: str) -> bool:
    """Whether an opening line says of whom the lines below are asked: "For females:"."""
    return bool(_CONDITION.search(parent)) and not re.search(
        r"\b(?:defined|following)\b.*:$", parent, re.IGNORECASE
    )


def context_of(place: Place, words: str) -> Context:
    """Return what surrounds a line.

    Parameters
    ----------
    place
        Where the line stands.
    words
        The line, levelled, without its bullet.
    """
    section = place.section
    if len(place.parents) > _DEEPEST or any(len(one) > _LONGEST_LINE for one in (words, *place.parents)):
        return Context(section.polarity, section.polarity, section.whose, is_typed=False)
    whose: Whose = (
        "donor"
        if section.whose == "donor" or ("donor" in words.lower() and pattern("donor_first").match(words))
        else "patient"
    )
    polarity = section.polarity
    unless = section.part
    provided = section.headings[-1] if section.stage and section.headings else ""
    if section.stage:
        unless = unless or provided
    is_typed = whose == "patient"
    for parent in place.parents:
        if pattern("donor_first").match(parent):
            whose, is_typed = "donor", False
        if is_permission(parent) or _EXCEPTION.search(parent):
            is_typed = False
        elif _SHUTS_OUT.search(parent):
            polarity = "exclusion"
            if re.search(r"\bif\b", parent, re.IGNORECASE):
                unless = unless or parent
        elif _ABSENCE.search(parent):
            if polarity == "inclusion":
                polarity = "exclusion"
            else:
                is_typed = False
        elif (polarity == "inclusion" and pattern("alternatives").search(parent)) or _is_condition(parent):
            unless = unless or parent
    own: Polarity = polarity
    if re.search(
        r"\b(?:will\s+be|are|is|be)\s+excluded\b|\bineligible\b|\bnot\s+(?:be\s+)?eligible\b",
        words,
        re.IGNORECASE,
    ) and not is_permission(words):
        own = "exclusion"
    return Context(polarity, own, whose, is_typed, unless, provided)
