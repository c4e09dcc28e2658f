"""From statements to criteria: which way round they are meant, which are alternatives, and what stays open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from revertant.knowledge import Criterion
from revertant.trials.eligibility.atoms import Atom, joined
from revertant.trials.eligibility.genes_asked import genes_of
from revertant.trials.eligibility.grammar import pattern
from revertant.trials.eligibility.measures import values_of
from revertant.trials.eligibility.persons import persons_of
from revertant.trials.eligibility.polarity import is_permission, negations, segments, stated_polarity
from revertant.trials.eligibility.reading import Polarity
from revertant.trials.eligibility.serology import titres_of
from revertant.trials.eligibility.states import states_of
from revertant.trials.eligibility.washouts import times_of, washouts_of
from revertant.trials.eligibility.wording import leftovers, lifting

__all__ = ["Judged", "judge"]

_NUMBERS = {"age", "weight", "organ_function", "performance_status", "blasts", "life_expectancy", "copies"}
_PERSON = {"age", "weight", "sex"}
_SCALES = {"ECOG", "Karnofsky", "Lansky"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One criterion with its words' place in the line."""

    criterion: Criterion
    start: int
    end: int
    family: str


@dataclass(frozen=True, slots=True)
class _Meant:
    """A statement with the criterion it comes to."""

    atom: Atom
    criterion: Criterion
    is_true: bool


def atoms_of(text: str) -> list[Atom]:
    """Return the statements of a levelled line in their order, none upon another.

    Examples
    --------
    >>> [one.family for one in atoms_of("Age >= 18 years, ECOG 0-1")]
    ['age', 'performance_status']
    """
    found: list[Atom] = []
    for family in (titres_of, genes_of, washouts_of, values_of, states_of, persons_of):
        for atom in family(text):
            shared = any(
                one.start < atom.end and atom.start < one.end and not _may_share(one, atom) for one in found
            )
            if not shared:
                found.append(atom)
    return sorted(found, key=lambda atom: (atom.start, atom.end))


def _may_share(one: Atom, other: Atom) -> bool:
    """Whether two statements may stand on the same words: "ALT and AST < 3 x ULN", "hepatitis B or C"."""
    return one.family == other.family and (
        one.limit >= 0 or one.family in {"infection", "prior_therapy", "copies", "genotype"}
    )


def judge(text: str, polarity: Polarity) -> tuple[list[Judged], list[tuple[int, int]]]:
    """Return the criteria of a levelled line, and where its words stand that were not read.

    Parameters
    ----------
    text
        The line, levelled, without its bullet.
    polarity
        What the headings above say.

    Examples
    --------
    >>> judged, unread = judge("AST <= 3 x ULN unless due to leukaemia", "inclusion")
    >>> judged[0].criterion.at_most, judged[0].criterion.unless
    (3.0, 'unless due to leukaemia')
    """
    atoms = atoms_of(text)
    parts = segments(text)
    judged: list[Judged] = []
    taken: list[tuple[int, int]] = []
    for place, (start, end) in enumerate(parts):
        sentence = text[start:end]
        here = [atom for atom in atoms if start <= atom.start < end]
        asks, own = stated_polarity(sentence, polarity)
        if not here or is_permission(sentence) or asks == "unknown":
            continue
        meant = [
            one for atom in here if (one := _meant(atom, sentence, start, asks, own=own, heading=polarity))
        ]
        plain = _without(sentence, [(one.atom.start - start, one.atom.end - start) for one in meant])
        lifted = lifting(_after_permission(text, parts, place, plain))
        meant, groups, aged = _groups(meant, text, sentence)
        spans = [(one.atom.start, one.atom.end) for one in meant] + aged
        spans += [
            (time.start + start, time.end + start) for time in times_of(sentence) if _has_washout(meant)
        ]
        taken += spans
        runs = [
            (start + left, start + right)
            for left, right in leftovers(sentence, [(a - start, b - start) for a, b in spans])
        ]
        around = _Around(text, (start, end), spans, runs, lifted)
        judged.extend(_finished(group, meant, around) for group in groups)
    return _distinct(judged), leftovers(text, taken)


def _without(sentence: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a sentence with spaces where statements stand."""
    for start, end in spans:
        sentence = sentence[: max(start, 0)] + " " * (end - max(start, 0)) + sentence[end:]
    return sentence


def _has_washout(meant: Sequence[_Meant]) -> bool:
    return any(one.atom.family == "washout" and one.atom.limit >= 0 for one in meant)


def _after_permission(text: str, parts: Sequence[tuple[int, int]], place: int, sentence: str) -> str:
    """Return a sentence with the one after it, where that one only lets people in."""
    if place + 1 < len(parts):
        start, end = parts[place + 1]
        following = text[start:end]
        if is_permission(following):
            return f"{sentence}. exception: {following.strip()}"
    return sentence


def _meant(
    atom: Atom, sentence: str, offset: int, asks: Polarity, *, own: bool, heading: Polarity
) -> _Meant | None:
    """Return what a statement comes to; ``None`` where the words do not agree on what is wanted."""
    count = (
        0
        if atom.is_settled
        else negations(
            sentence, atom.start - offset, is_number=atom.family in _NUMBERS or atom.family == "genotype"
        )
    )
    if own and asks == "exclusion":
        # "Patients with X are not eligible": that negation is the verdict's own.
        count = (
            min(count, 1)
            if re.search(r"\b(?:without|no|lack)\b", sentence[: atom.start - offset], re.IGNORECASE)
            else 0
        )
    if count > 1:
        return None
    is_true = (asks == "inclusion") is (count == 0)
    criterion = atom.wanted if is_true else atom.barred
    if criterion is None:
        return None
    kind = "exclusion" if heading == "exclusion" or (own and asks == "exclusion") else "indication"
    return _Meant(atom, _of_kind(criterion, kind), is_true)


def _of_kind(criterion: Criterion, kind: str) -> Criterion:
    if criterion.kind == kind:
        return criterion
    return replace(criterion, kind=kind, of=tuple(_of_kind(one, kind) for one in criterion.of))  # type: ignore[arg-type]


def _groups(
    meant: list[_Meant], text: str, sentence: str
) -> tuple[list[_Meant], list[list[_Meant] | _Meant], list[tuple[int, int]]]:
    """Put alternatives together: scales by age, "creatinine <= 1.5 x ULN or clearance >= 60 mL/min"."""
    scales = [one for one in meant if one.criterion.measurement in _SCALES and one.is_true]
    ages = [one for one in meant if one.atom.family == "age"]
    others = [one for one in meant if one.atom.family not in _PERSON]
    aged: list[tuple[int, int]] = []
    groups: list[list[_Meant] | _Meant] = []
    if ages and scales and _by_age(scales, ages, text) is not None:
        parts = _by_age(scales, ages, text) or []
        aged = [(one.atom.start, one.atom.end) for one in ages]
        first = scales[0]
        whole = joined("any", tuple(parts))
        start = min(one.atom.start for one in [*scales, *ages])
        end = max(one.atom.end for one in [*scales, *ages])
        composite = _Meant(replace(first.atom, start=start, end=end, limit=-1), whole, is_true=True)
        rest = [one for one in meant if one not in scales and one not in ages]
        return [composite, *rest], [composite, *_alternatives(rest, text)], aged
    if ages and others:
        # An age beside something else says whom that is asked of, unless it stands first and alone between commas.
        kept = [one for one in ages if _stands_alone(one, text, sentence)]
        dropped = [one for one in ages if one not in kept]
        if dropped:
            meant = [
                one
                if one in kept or one.atom.family in _PERSON
                else replace(
                    one, criterion=_open(one.criterion, text[dropped[0].atom.start : dropped[0].atom.end])
                )
                for one in meant
                if one not in dropped
            ]
    groups = _alternatives(meant, text)
    return meant, groups, aged


def _open(criterion: Criterion, words: str) -> Criterion:
    return criterion if criterion.unless else replace(criterion, unless=" ".join(words.split()))


def _stands_alone(one: _Meant, text: str, sentence: str) -> bool:
    start = text.find(sentence)
    before = text[start : one.atom.start]
    after = text[one.atom.end :]
    follows = re.match(
        r"\s*(?:\(?inclusive\)?)?\s*(?:\([^)]*\))?\s*(?:,|\.|;|$|and\b|with\b|\band\s+weigh|,?\s*(?:male|female|regardless))",
        after,
        re.IGNORECASE,
    )
    opens = len(before.split()) <= 6 and not re.search(
        r"\b(?:for|if|when|in)\s*$|\b(?:females?|women)\b(?!\s*,?\s*(?:aged|who))", before, re.IGNORECASE
    )
    return bool(follows) and opens


def _by_age(scales: Sequence[_Meant], ages: Sequence[_Meant], text: str) -> list[Criterion] | None:
    """Pair each scale with its age; ``None`` where they do not pair off."""
    limits = list(dict.fromkeys(one.atom.limit for one in scales))
    spans = [[one for one in scales if one.atom.limit == limit] for limit in limits]
    if len(spans) != len(ages):
        return None
    pairs = list(zip(spans, ages, strict=True))
    for group, age in pairs:
        first, last = group[0].atom.start, group[-1].atom.end
        gap = text[last : age.atom.start] if age.atom.start >= last else text[age.atom.end : first]
        inside = first <= age.atom.start < last
        if not inside and len(gap.split()) > 9:
            return None
    return [
        joined("all", (age.criterion, joined("any", tuple(one.criterion for one in group))))
        for group, age in pairs
    ]


def _alternatives(meant: Sequence[_Meant], text: str) -> list[list[_Meant] | _Meant]:
    groups: list[list[_Meant]] = []
    for one in meant:
        last = groups[-1][-1] if groups else None
        if last is not None and _are_alternatives(last, one, text):
            groups[-1].append(one)
        else:
            groups.append([one])
    return [group if len(group) > 1 else group[0] for group in groups]


def _are_alternatives(one: _Meant, other: _Meant, text: str) -> bool:
    """Whether one of two wanted values is enough; of two unwanted ones neither may be there."""
    if not (one.is_true and other.is_true):
        return False
    if one.atom.family not in _NUMBERS or one.atom.family != other.atom.family or one.atom.family == "age":
        return False
    same = one.atom.limit == other.atom.limit
    scales = one.criterion.measurement in _SCALES and other.criterion.measurement in _SCALES
    function = {one.criterion.measurement, other.criterion.measurement} <= {
        "DLCO",
        "FEV1",
        "FVC",
        "marrow_blasts",
        "blood_blasts",
    }
    if same:
        return scales or (function and " or " in text[one.atom.start : other.atom.end])
    gap = text[one.atom.end : other.atom.start]
    plain = re.sub(r"\([^()]*\)", " ", gap)
    if scales:
        return bool(re.search(r"\bor\b|^\s*/\s*$", plain, re.IGNORECASE))
    return bool(re.match(r"[\s,]*(?:or|and/or)\b", plain, re.IGNORECASE)) and len(plain.split()) <= 6


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds the statements of one sentence: the line, where sentence, statements and unread words stand."""

    text: str
    part: tuple[int, int]
    spans: Sequence[tuple[int, int]]
    runs: Sequence[tuple[int, int]]
    lifted: str


def _finished(group: list[_Meant] | _Meant, meant: Sequence[_Meant], around: _Around) -> Judged:
    """Return the criterion of a group with the words that stay open beside it."""
    text, part, spans, lifted = around.text, around.part, around.spans, around.lifted
    members = group if isinstance(group, list) else [group]
    criterion = joined("any", tuple(one.criterion for one in members))
    start, end = min(one.atom.start for one in members), max(one.atom.end for one in members)
    unless = criterion.unless or lifted
    provided = criterion.provided
    left, right = _item(text, part, start, end, spans)
    item = text[left:right]
    runs = [(a, b) for a, b in around.runs if left <= a < right]
    is_true = members[0].is_true
    if runs and not is_true and not unless:
        unless = " ".join(item.split())
    if not unless and not is_true and (trailing := _trailing(text, part, spans, end)):
        unless = trailing
    if (
        is_true
        and not unless
        and runs
        and re.match(r"[\s,]*or\b", text[end:right] if end < right else "", re.IGNORECASE)
    ):
        unless = " ".join(text[end:right].split())
    after = text[end : part[1]]
    if (
        is_true
        and not unless
        and (other := re.match(r"[\s,]*(?:and/or|or)\s+(?P<rest>.*)", after, re.IGNORECASE | re.DOTALL))
    ):
        follows_typed = any(
            a <= end + other.start("rest") + 3 and b > end + other.start("rest") for a, b in spans
        )
        if not follows_typed:
            unless = " ".join(other["rest"].split())
    if any(one.atom.is_now for one in members) and not is_true:
        before = text[part[0] : start]
        if re.search(
            r"\bhistory\s+of\s+(?:\w+\s+){0,3}$|\b(?:prior|previous|past)\s+(?:\w+\s+){0,2}$",
            before,
            re.IGNORECASE,
        ):
            provided = provided or "history of"
        if re.search(
            r"\b(?:within|in\s+the\s+(?:last|past)|during\s+the\s+(?:last|past))\b[^,;.]*\d",
            item,
            re.IGNORECASE,
        ):
            provided = provided or " ".join(item.split())
    if is_true and not unless and len(members) == 1 and members[0].atom.family in _NUMBERS:
        unless = _either(members[0], meant, text)
    criterion = replace(criterion, unless=_short(unless), provided=_short(provided))
    return Judged(criterion, start, end, members[0].atom.family)


def _either(one: _Meant, meant: Sequence[_Meant], text: str) -> str:
    """Return "ALT or AST" where two values share a limit by "or": one of them may be enough, or both be meant."""
    sharing = [other.atom.start for other in meant if other.atom.limit == one.atom.limit >= 0]
    names = text[min(sharing) : one.atom.limit] if len(sharing) > 1 else ""
    either = re.search(r"\bor\b", names, re.IGNORECASE) and one.criterion.measurement not in _SCALES
    return " ".join(names.split()) if either else ""


def _short(words: str) -> str:
    return words if len(words) <= 200 else f"{words[:197]}..."


def _item(
    text: str, part: tuple[int, int], start: int, end: int, spans: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """Return where the item of a list stands that a statement is in: to the next comma or "or" outside parentheses."""
    for found in re.finditer(r"\([^()]*\)", text):
        if found.start() < start and end <= found.end():
            return found.start() + 1, found.end() - 1
    depth_free = re.sub(
        r"\((?!\s*(?:the\s+safety|e\.?g|i\.?e|such|including))[^()]*\)",
        lambda found: "_" * len(found[0]),
        text,
    )
    for left_span, right_span in spans:
        depth_free = depth_free[:left_span] + "_" * (right_span - left_span) + depth_free[right_span:]
    left = max([part[0], *(one.end() for one in pattern("separator").finditer(depth_free, part[0], start))])
    right = min([part[1], *(one.start() for one in pattern("separator").finditer(depth_free, end, part[1]))])
    return left, right


def _trailing(text: str, part: tuple[int, int], spans: Sequence[tuple[int, int]], end: int) -> str:
    """Return a closing clause that may be said of every item before it: "A, B or C requiring treatment"."""
    later = [span for span in spans if span[0] >= end and span[1] <= part[1]]
    last = max((span[1] for span in later), default=end)
    if last == end:
        return ""
    between = re.sub(r"\([^()]*\)", " ", text[end : later[-1][0]])
    if leftovers(text[end : later[-1][0]], []) and re.search(r"[.:;]", between):
        return ""
    tail = text[last : part[1]]
    if pattern("subordinate").match(tail) and leftovers(tail, []):
        return " ".join(tail.split()).strip(" .,;")
    return ""


def _distinct(judged: Sequence[Judged]) -> list[Judged]:
    """Return each criterion once; of one said with and without a reservation, the one with it."""
    kept: dict[Criterion, Judged] = {}
    for one in judged:
        bare = replace(one.criterion, unless="", provided="")
        if bare not in kept or (one.criterion.unless and not kept[bare].criterion.unless):
            kept[bare] = one
    return list(kept.values())
