"""What stays open beside a criterion: words that may lift it, narrow it, or hold it for another time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from revertant.knowledge import Criterion
from revertant.trials.eligibility.atoms import joined
from revertant.trials.eligibility.grammar import pattern
from revertant.trials.eligibility.meaning import NUMBERS, SCALES, Meant
from revertant.trials.eligibility.wording import leftovers

__all__ = ["Around", "reserved"]

#: How many letters of the text a reservation quotes.
_QUOTED = 200
_HISTORY = re.compile(
    r"\bhistory\s+of\s+(?:\w+\s+){0,3}$|\b(?:prior|previous|past)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_LATELY = re.compile(
    r"\b(?:within|in\s+the\s+(?:last|past)|during\s+the\s+(?:last|past))\b[^,;.]*\d", re.IGNORECASE
)
_AND = re.compile(r"\b(?:and|with)\b(?!\s*/\s*or)", re.IGNORECASE)
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_METHOD_OR = re.compile(
    r"\bor\s+(?:multi|muga|echo|mri|cardiac\s+m|radionuclide|nuclear|ct\b|calculated|measured|estimated|older|more|higher|greater|above)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds the statements of one sentence.

    Parameters
    ----------
    text, part
        The levelled line, and where the sentence stands in it.
    spans, runs
        Where its statements stand, and where words stand that none of them took.
    lifted
        Words that may lift the whole sentence.
    """

    text: str
    part: tuple[int, int]
    spans: Sequence[tuple[int, int]]
    runs: Sequence[tuple[int, int]]
    lifted: str


def reserved(group: Sequence[Meant], meant: Sequence[Meant], around: Around) -> Criterion:
    """Return the criterion of a group of alternatives with what stays open beside it.

    Parameters
    ----------
    group, meant
        The group, and all statements of the sentence.
    around
        What surrounds them.
    """
    criterion = joined("any", tuple(one.criterion for one in group))
    start, end = min(one.atom.start for one in group), max(one.atom.end for one in group)
    unless = criterion.unless or around.lifted
    if not unless and group[0].is_true:
        unless = _lifted_if_wanted(group, meant, around, start, end)
    elif not unless:
        unless = _together(group, meant, around.text) or _narrowed(group[0], around, start, end)
    provided = criterion.provided
    if not group[0].is_true and any(one.atom.is_now for one in group):
        provided = provided or _other_time(around, start, end)
    if not unless and not provided:
        return criterion
    return replace(criterion, unless=_short(unless), provided=_short(provided))


def _short(words: str) -> str:
    plain = " ".join(words.split()).strip(" .,;")
    return plain if len(plain) <= _QUOTED else f"{plain[: _QUOTED - 3]}..."


def _narrowed(one: Meant, around: Around, start: int, end: int) -> str:
    """Return what narrows something unwanted: words within its item of the list, or a clause that closes the list."""
    left, right = _item(around, start, end)
    if any(left <= run < right for run, _ in around.runs):
        return around.text[left:right]
    return "" if one.atom.family == "pregnancy" else _closing(around, end)


def _together(group: Sequence[Meant], meant: Sequence[Meant], text: str) -> str:
    """Return "A and B" where two unwanted things may only count together, as pregnancy and nursing do not."""
    first, last = group[0].atom, group[-1].atom
    for other in meant:
        if other in group or other.atom.family == "pregnancy" or other.is_true:
            continue
        start, end = (
            (last.end, other.atom.start) if other.atom.start >= last.end else (other.atom.end, first.start)
        )
        if first.limit == other.atom.limit >= 0 and first.family in NUMBERS:
            start, end = min(first.start, other.atom.start), first.limit
        gap = re.sub(r",(?=\s*(?:and|with)\b)", " ", text[start:end], flags=re.IGNORECASE)
        if _AND.search(gap) and not re.search(r"[,;]|\bor\b", gap, re.IGNORECASE) and len(gap.split()) <= 9:
            return text[min(first.start, other.atom.start) : max(last.end, other.atom.end)]
    return ""


def _other_time(around: Around, start: int, end: int) -> str:
    """Return words that ask for another time than the present: "history of", "within 6 months"."""
    if _HISTORY.search(around.text[around.part[0] : start]):
        return "history of"
    left, right = _item(around, start, end)
    item = around.text[left:right]
    return item if _LATELY.search(item) else ""


def _lifted_if_wanted(
    group: Sequence[Meant], meant: Sequence[Meant], around: Around, start: int, end: int
) -> str:
    """Return what may stand in for something wanted: another alternative, read or not."""
    one, text, part = group[0], around.text, around.part
    if one.atom.family == "blasts" and (found := pattern("defines").search(text)):
        return found[0]
    if len(group) == 1 and one.atom.family in NUMBERS and (either := _either(one, meant, text)):
        return either
    after = re.sub(r"\([^()]*\)", lambda found: " " * len(found[0]), text[end : part[1]])
    if other := re.match(r"[\s,]*(?:and\s*/\s*or|or)\s+", after, re.IGNORECASE):
        return text[end + other.end() : part[1]]
    before = re.sub(r"\([^()]*\)", lambda found: " " * len(found[0]), text[part[0] : start])
    ors = list(_OR.finditer(_METHOD_OR.sub(lambda found: " " * len(found[0]), before)))
    if (
        one.atom.family != "washout"
        and ors
        and any(run < part[0] + ors[-1].start() for run, _ in around.runs)
    ):
        return text[part[0] : start]
    if one.atom.family in NUMBERS and _next_by_or(meant, around, end):
        return text[end : part[1]]
    if one.atom.family in {"organ_function", "performance_status"}:
        return _unread_alternative(around, end, after)
    return ""


def _unread_alternative(around: Around, end: int, after: str) -> str:
    """Return an alternative further on that no statement took: ", or adequate function as documented"."""
    for found in _OR.finditer(_METHOD_OR.sub(lambda one: " " * len(one[0]), after)):
        at = end + found.end()
        if any(at <= run < at + 3 for run, _ in around.runs):
            return around.text[at : around.part[1]]
    return ""


def _next_by_or(meant: Sequence[Meant], around: Around, end: int) -> bool:
    """Whether the next value is joined by an "or" that is none of the method's."""
    later = [other.atom.start for other in meant if other.atom.start >= end]
    gap = re.sub(r"\([^()]*\)", " ", around.text[end : min(later)]) if later else ""
    return bool(_OR.search(_METHOD_OR.sub(" ", gap)))


def _either(one: Meant, meant: Sequence[Meant], text: str) -> str:
    """Return "ALT or AST" where two values share a limit by "or": one of them may be enough, or both be meant."""
    sharing = [other.atom.start for other in meant if other.atom.limit == one.atom.limit >= 0]
    names = text[min(sharing) : one.atom.limit] if len(sharing) > 1 else ""
    return names if _OR.search(names) and one.criterion.measurement not in SCALES else ""


def _item(around: Around, start: int, end: int) -> tuple[int, int]:
    """Return where the item of a list stands that a statement is in: to the next comma or "or" outside parentheses."""
    text, part = around.text, around.part
    for found in re.finditer(r"\([^()]*\)", text):
        if found.start() < start and end <= found.end():
            return found.start() + 1, found.end() - 1
    plain = pattern("aside").sub(lambda found: "_" * len(found[0]), text)
    for left_span, right_span in around.spans:
        plain = plain[:left_span] + "_" * (right_span - left_span) + plain[right_span:]
    separators = pattern("separator")
    left = max([part[0], *(one.end() for one in separators.finditer(plain, part[0], start))])
    if left > part[0] and len(text[part[0] : left].split()) == 1:
        left = part[0]  # "Severe, uncontrolled infection"
    right = min([part[1], *(one.start() for one in separators.finditer(plain, end, part[1]))])
    return left, right


def _closing(around: Around, end: int) -> str:
    """Return a clause at the end that may be said of every item before it: "A, B or C requiring treatment"."""
    text, part = around.text, around.part
    last = max((span[1] for span in around.spans if span[0] >= end and span[1] <= part[1]), default=end)
    tail = text[last : part[1]]
    if last > end and pattern("subordinate").match(tail) and leftovers(tail, []):
        between = re.sub(r"\([^()]*\)", " ", text[end:last])
        return "" if re.search(r"[.:;]", between) else tail
    found = pattern("closing").search(re.sub(r"\([^()]*\)", lambda one: " " * len(one[0]), tail))
    listed = found and _OR.search(text[end : last + found.start()])
    return tail[found.start() :] if found and listed else ""
