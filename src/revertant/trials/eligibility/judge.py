"""From statements to criteria: which way round they are meant, which are alternatives, and what stays open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from revertant.knowledge import Criterion
from revertant.trials.eligibility.atoms import Atom
from revertant.trials.eligibility.codes import criterion_code
from revertant.trials.eligibility.genes_asked import genes_of
from revertant.trials.eligibility.grammar import pattern
from revertant.trials.eligibility.grouping import grouped
from revertant.trials.eligibility.meaning import NUMBERS, Meant, meaning
from revertant.trials.eligibility.measures import values_of
from revertant.trials.eligibility.persons import persons_of
from revertant.trials.eligibility.polarity import is_permission, segments, stated_polarity
from revertant.trials.eligibility.reading import Polarity
from revertant.trials.eligibility.reservations import Around, reserved
from revertant.trials.eligibility.serology import titres_of
from revertant.trials.eligibility.states import states_of
from revertant.trials.eligibility.washouts import times_of, washouts_of
from revertant.trials.eligibility.wording import asks_something, leftovers, lifting

__all__ = ["Judged", "atoms_of", "judge"]


#: Families that only ever describe the patient, whoever else a sentence names.
_PATIENTS_OWN = frozenset({"washout", "prior_therapy", "gvhd", "titre", "diagnosis", "cns"})
#: "Who do not meet: age 18 to 75 years" asks for what stands behind it, under whatever heading; it is left to a person.
_FALLS_SHORT = re.compile(
    r"\b(?:not|never|fail\w*\s+to|unable\s+to)\s+(?:\w+\s+)?(?:meet|met|fulfil\w*|satisf\w+|comply)\b",
    re.IGNORECASE,
)
#: More statements than this in one line are left to a person: each is weighed against each, and the most that was seen
#: in thousands of lines is 12.
_MOST_STATEMENTS = 40


@dataclass(frozen=True, slots=True)
class Judged:
    """One criterion with its words' place in the line."""

    criterion: Criterion
    start: int
    end: int
    family: str


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
    if {one.family, other.family} == {"age", "performance_status"}:
        return True  # "Karnofsky (for age >= 16 years) >= 70"
    return one.family == other.family and (
        one.limit >= 0 or one.family in {"infection", "prior_therapy", "copies", "genotype"}
    )


@lru_cache(maxsize=4096)
def judge(text: str, polarity: Polarity) -> tuple[tuple[Judged, ...], tuple[tuple[int, int], ...]]:
    """Return the criteria of a levelled line, and where its words stand that were not read.

    Trials copy lines from each other, so a line is judged once.

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
    if len(atoms) > _MOST_STATEMENTS:
        return (), ((0, len(text)),)
    parts = segments(text)
    judged: list[Judged] = []
    taken: list[tuple[int, int]] = []
    for place, (start, end) in enumerate(parts):
        sentence = text[start:end]
        here = [atom for atom in atoms if start <= atom.start < end]
        if not here or _FALLS_SHORT.search(sentence):
            continue
        excepted = _exceptions(sentence)
        here = [
            atom
            for atom in here
            if not _of_a_donor(atom, sentence)
            and not any(left <= atom.start - start < right for left, right in excepted)
        ]
        asks, own = stated_polarity(sentence, polarity)
        let_in = is_permission(sentence)
        if let_in:
            ends = start + _before_permission(sentence)
            here = [atom for atom in here if atom.family in NUMBERS and atom.end <= ends]
        if not here or asks == "unknown":
            continue
        found = (meaning(atom, sentence, start, asks, own=own, heading=polarity) for atom in here)
        sorted_out = grouped(_once([one for one in found if one is not None]), text, start)
        meant = sorted_out.meant
        spans = [*((one.atom.start, one.atom.end) for one in meant), *sorted_out.aged]
        if any(one.atom.family == "washout" for one in meant):
            spans += [(start + time.start, start + time.end) for time in times_of(sentence)]
        taken += spans
        inside = [(left - start, right - start) for left, right in spans]
        runs = [(start + left, start + right) for left, right in leftovers(sentence, inside)]
        lifted = (
            lifting(_without(sentence, inside))
            or (sentence if let_in else "")
            or _lifted_by_the_next(text, parts, place)
        )
        around = Around(text, (start, end), spans, runs, lifted)
        judged.extend(_judged(group, meant, around) for group in sorted_out.groups)
    if not judged:
        return (), ((0, len(text)),) if asks_something(text) else ()
    return tuple(_distinct(judged)), tuple(leftovers(text, taken))


#: Treatments whose present use and whose time without are asked for in one breath: the time says it better.
_SAME = {"systemic_steroids": "systemic_steroids", "systemic_immunosuppression": "immunosuppressants"}


def _once(meant: Sequence[Meant]) -> list[Meant]:
    """Leave out the present use of a treatment where the same sentence asks for a time without it."""
    agents = {one.criterion.agent for one in meant}
    return [one for one in meant if _SAME.get(one.criterion.condition) not in agents]


def _exceptions(sentence: str) -> list[tuple[int, int]]:
    """Return where a sentence says what it does not ask: from "unless" on, or to the end of its parentheses."""
    places = []
    for found in pattern("excepts").finditer(sentence):
        inside = sentence.count("(", 0, found.start()) > sentence.count(")", 0, found.start())
        close = sentence.find(")", found.start()) if inside else -1
        places.append((found.start(), close if close >= 0 else len(sentence)))
    asides = (found.span() for found in re.finditer(r"\([^()]*\)", sentence))
    return [*places, *(place for place in asides if is_permission(sentence[slice(*place)]))]


def _before_permission(sentence: str) -> int:
    """Return how far a sentence asks for something before it lets people in: "ALT <= 500, and results above may"."""
    breaks = list(re.finditer(r",\s*(?:and|but|however)\b", sentence, re.IGNORECASE))
    first = next((place.start() for place in breaks if is_permission(sentence[place.start() :])), 0)
    return first if not is_permission(sentence[:first]) else 0


def _of_a_donor(atom: Atom, sentence: str) -> bool:
    """Whether a sentence names a donor as a person: what it says may be the donor's."""
    return atom.family not in _PATIENTS_OWN and bool(pattern("donor_person").search(sentence))


def _judged(group: Sequence[Meant], meant: Sequence[Meant], around: Around) -> Judged:
    start, end = min(one.atom.start for one in group), max(one.atom.end for one in group)
    return Judged(reserved(group, meant, around), start, end, group[0].atom.family)


def _without(sentence: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a sentence with spaces where statements stand."""
    for start, end in spans:
        sentence = sentence[: max(start, 0)] + " " * (end - max(start, 0)) + sentence[end:]
    return sentence


def _lifted_by_the_next(text: str, parts: Sequence[tuple[int, int]], place: int) -> str:
    """Return the next sentence where it lets people in, or opens with a condition: "If it is greater, ..."."""
    if place + 1 >= len(parts):
        return ""
    following = text[parts[place + 1][0] : parts[place + 1][1]].strip()
    return following if is_permission(following) or pattern("lifts_before").search(following) else ""


def _distinct(judged: Sequence[Judged]) -> list[Judged]:
    """Return each criterion once; of one said with and without a reservation, the one with it."""
    kept: dict[str, Judged] = {}
    for one in judged:
        code = criterion_code(one.criterion).rstrip("~")
        if code not in kept or (one.criterion.unless and not kept[code].criterion.unless):
            kept[code] = one
    return list(kept.values())
