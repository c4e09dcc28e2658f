"""The lines of an eligibility text, and what the headings above each say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from revertant.trials.eligibility.grammar import pattern
from revertant.trials.eligibility.reading import Polarity, Stage, Whose

__all__ = ["Place", "Section", "lines_of"]

_BULLET = re.compile(
    r"""\s*(?:[*•·‣◦▪●○–—-]|\\\*|\\-|\#+
        |\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z]|[ivxIVX]{1,4})(?:\\?[.)、)．:]|\\\))+(?=[\s(A-Z<>≥≤\\]|$))\s*""",
    re.VERBOSE,
)
# A polarity's own words, alone on a line or before a colon; what else a heading may say is listed, so that a sentence
# that speaks of inclusion is not taken for one.
_WORDS = r"(?:[\w&/(),'’+*-]+\s+)"
_HEADING = re.compile(
    rf"""(?P<before>{_WORDS}{{0,4}}?)
        (?P<kind>inclusion(?:ary)?|exclusion(?:ary)?|in-?eligibility|eligibility|non-?inclusion)
        (?P<after>\s+criteri(?:a|on)|\s*:|\s*$|\s*[-–]\s)(?P<rest>.*)""",
    re.VERBOSE | re.IGNORECASE,
)
_WITHIN = re.compile(
    r"(?<=[.;:)\s])(?:(?:Key|Main|Major|General|Patient|Donor)\s+)?(?:Inclusion|Exclusion|INCLUSION|EXCLUSION)\s+"
    r"(?:[Cc]riteri(?:a|on)|CRITERI(?:A|ON))\s*:"
)
_SENTENCE = re.compile(
    r"""\b(?:met|meets?|meeting|fulfil\w*|satisf\w+)\s+(?:all|any|one|the)\b.*\b(?:inclusion|exclusion|eligib)
        |\bmeets?\s+(?:\w+\s+)?(?:eligibility|inclusion)|\bmay\s+apply\b|\bunsuitable\b|\bsuitable\s+for\b|\bnot\s+eligible\b|\bconsidered\s+for\b""",
    re.VERBOSE | re.IGNORECASE,
)
_OPENS_EXCLUSION = re.compile(
    r"""^(?:.*\b(?:not\s+(?:be\s+)?eligible|ineligible|(?:be|are|were|is)\s+excluded|disqualif\w+|cannot\s+be\s+enrolled)\b.*)
        (?:(?<=:)|\b(?:trial|study|criteria|participation|enrol\w+)\b[^.]*\.?)$""",
    re.VERBOSE | re.IGNORECASE,
)
_OF_A_STAGE = re.compile(
    r"^(?:(?:criteria|requirements?)\s+(?:for|prior\s+to|before|to)|(?:prior\s+to|before|at\s+(?:the\s+)?time\s+of))\s+"
    r"(?:\S+\s+){0,5}?\S*(?:lympho-?\s?deplet|apheresis|infusion|procurement|collection|dosing|treatment)\S*[^.;]{0,40}:\s*$",
    re.IGNORECASE,
)
_NAMES_INCLUSION = re.compile(r"(?<!non-)(?<!non)\binclu(?:sion|ded)", re.IGNORECASE)
_NAMES_EXCLUSION = re.compile(r"\bexclu(?:sion|ded)", re.IGNORECASE)
_NAMES_A_PART = re.compile(r"\b(?:cohort|part|arm|group|phase|stratum)\b", re.IGNORECASE)
_PATIENTS = re.compile(r"\b(?:patients?|recipients?|subjects?|participants?)\b", re.IGNORECASE)
_DONOR_HEADING = re.compile(r"\bdonors?\b", re.IGNORECASE)
_STAGES: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    ("lymphodepletion", re.compile(r"lympho-?\s?depleti|conditioning", re.IGNORECASE)),
    ("infusion", re.compile(r"infus|\btreatment\b|re-?treat|ablation|dosing", re.IGNORECASE)),
    (
        "collection",
        re.compile(r"leuk?apheresis|apheresis|procurement|collection|t[- ]cell\s+production", re.IGNORECASE),
    ),
)
_PART = re.compile(
    r"""^\(?(?:for\s+)?(?:(?:cohort|part|arm|group|phase|stage|stratum|step|population|sub-?study)s?\b[\s\d]
        |dose[- ](?:escalation|expansion)|expansion\b|.*\b(?:participants|patients|subjects)\s*:$)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Section:
    """What the headings above a line say."""

    polarity: Polarity = "unknown"
    whose: Whose = "patient"
    stage: Stage = ""
    part: str = ""
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One line where it stands.

    Parameters
    ----------
    start, end
        Of its words in the whole text.
    indent
        How far its first sign stands from the margin.
    section
        What the headings above say.
    body
        Where its words begin behind bullet or number.
    parents
        The opening lines it is nested under, outermost first.
    is_heading
        Whether it only says what stands below it.
    """

    start: int
    end: int
    indent: int
    section: Section
    body: int
    parents: tuple[str, ...] = ()
    is_heading: bool = False


def _pieces(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and indent of each line, cut before a heading in the midst of it."""
    at = 0
    for line in text.splitlines(keepends=True):
        within = [found.start() for found in _WITHIN.finditer(line)]
        cuts = [0, *(cut for cut in within if len(line[:cut].split()) > 2), len(line)]
        for left, right in pairwise(cuts):
            piece = line[left:right]
            if piece.strip():
                lead = len(piece) - len(piece.lstrip())
                yield at + left + lead, at + left + len(piece.rstrip()), lead
        at += len(line)


def _body(text: str) -> int:
    """Return how many signs of bullets and numbers stand before the words."""
    at = 0
    while (found := _BULLET.match(text, at)) and found.end() > at and found.end() < len(text):
        at = found.end()
    return at


def _stage(words: str) -> Stage:
    return next((stage for stage, pattern in _STAGES if pattern.search(words)), "")


def _headed(words: str, above: Section, *, opens: bool) -> tuple[Section, int] | None:
    """Return the section a heading opens and how long the heading is; ``None`` when it is none."""
    if kinded := _with_a_kind(words, above):
        return kinded
    if not opens:
        return None
    under = (*above.headings[:1], words)
    if _DONOR_HEADING.search(words) and re.search(r"criteria|^donors?\W*$", words, re.IGNORECASE):
        return replace(above, whose="donor", headings=under), len(words)
    if _OF_A_STAGE.match(words):
        return replace(above, stage=_stage(words), headings=under), len(words)
    if _OPENS_EXCLUSION.match(words) and re.search(r"criteria|conditions|following", words, re.IGNORECASE):
        return replace(above, polarity="exclusion", headings=under), len(words)
    if pattern("opens_inclusion").match(words):
        return replace(above, polarity="inclusion", headings=under), len(words)
    return None


def _with_a_kind(words: str, above: Section) -> tuple[Section, int] | None:
    """Return the section of a heading that names inclusion, exclusion or eligibility."""
    found = _HEADING.match(words)
    if not found or _SENTENCE.search(words):
        return None
    rest, colon = found["rest"], found["rest"].find(":")
    named = rest if colon < 0 else rest[:colon]
    end = len(words) if colon < 0 else found.start("rest") + colon + 1
    if found["after"].strip() == ":":
        named, end = "", found.start("rest")
    elif (
        colon < 0 and re.match(r"\s+\w", rest) and not re.match(r"\s*(?:for|at|to|of)\b", rest, re.IGNORECASE)
    ):
        return None
    if len(named.split()) > 12:
        return None
    # "Eligibility to proceed with collection" opens what must hold; "ineligibility" what must not.
    is_inclusion = re.match(r"inclusion|eligib", found["kind"], re.IGNORECASE)
    whom = f"{found['before']} {named}"
    part = words[:end] if _NAMES_A_PART.search(named) else above.part if above.polarity == "unknown" else ""
    polarity: Polarity = "inclusion" if is_inclusion else "exclusion"
    if _NAMES_INCLUSION.search(words[:end]) and _NAMES_EXCLUSION.search(words[:end]):
        polarity = (
            "unknown"  # "Inclusion and exclusion criteria": which of them a line is has to be said by itself
        )
    section = Section(
        polarity=polarity,
        whose=_whose(whom, above),
        stage=_stage(whom),
        part=part,
        headings=(words[:end],),
    )
    return section, end


def _whose(whom: str, above: Section) -> Whose:
    """Return whom a heading is about; after one about donors, until another names the patients again."""
    if _DONOR_HEADING.search(whom):
        return "donor"
    return "patient" if _PATIENTS.search(whom) else above.whose


def _style(text: str, body: int) -> str:
    """Return what kind of bullet stands before the words."""
    mark = re.sub(r"[\s\\*•#.)(-]", "", text[:body])
    if not mark:
        return "sign" if text[:body].strip() else ""
    return "number" if mark[0].isdigit() else "letter"


def _opens(words: str) -> bool:
    """Whether lines below belong to this one."""
    return words.endswith((":", "：")) or bool(
        re.search(r"\b(?:defined|follows|following|below)\b[^.;]{0,40}$", words, re.IGNORECASE)
    )


def _is_below(opener: tuple[int, str], indent: int, style: str, *, is_next: bool) -> bool:
    """Whether a line stands under an opening line: further from the margin, or under another kind of bullet."""
    above, its_style = opener
    if indent != above:
        return indent > above
    return bool(its_style) and style != its_style and (bool(style) or is_next)


def lines_of(text: str) -> Iterator[Place]:
    r"""Yield every line of a text that is not empty, headings included, with what stands above it.

    Examples
    --------
    >>> [(one.is_heading, one.section.polarity) for one in lines_of("Inclusion Criteria:\n* Adults")]
    [(True, 'inclusion'), (False, 'inclusion')]
    """
    section = Section()
    stack: list[tuple[int, str, str]] = []
    is_next = False
    for start, end, indent in _pieces(text):
        piece = text[start:end]
        body = _body(piece)
        words, style = piece[body:], _style(piece, body)
        headed = _headed(words, section, opens=not style)
        if headed is None and _PART.match(words) and words.endswith(":") and len(words.split()) <= 8:
            headed = replace(section, part=words, headings=(*section.headings[:1], words)), len(words)
        if headed:
            section, length = headed
            stack, is_next = [], False
            yield Place(start, start + body + length, indent, section, start, is_heading=True)
            rest = words[length:]
            if rest.strip(" .:"):
                lead = len(rest) - len(rest.lstrip())
                at = start + body + length + lead
                yield Place(at, end, indent, section, at + _body(text[at:end]))
            continue
        while stack and not _is_below(stack[-1][:2], indent, style, is_next=is_next):
            stack.pop()
        parents = tuple(above for _, _, above in stack)
        yield Place(start, end, indent, section, start + body, parents)
        is_next = _opens(words)
        if is_next:
            stack.append((indent, style, words))
