"""How the disease of a person and the condition that a record names relate, by their words and the catalogue.

Same, broader (the record names something that includes it), narrower (the record names a kind of it), or none. Only
*same* counts as met: whether a broader trial takes this disease, and whether a person has the narrower kind, is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import lru_cache

from revertant.knowledge import DiseaseName, disease_named, spelt

__all__ = ["Reading", "Relation", "readings", "relate"]


class Relation(IntEnum):
    """How a record's condition stands to a disease; the greater, the nearer."""

    NONE = 0
    BROADER = 1
    NARROWER = 2
    SAME = 3


_COURSE_WORDS = """
active adult adults advanced aggressive child childhood children classical early elderly failed first grade high
in infant infantile intermediate late line locally low metastatic moderate newly diagnosed or and of patients
pediatric persistent positive previously primary progression progressive recurrence recurrent refractory relapse
relapsed relapsing relapses remission resistant resected risk r rr second severe severely stage status subjects
third treated treatment unresectable unspecified untreated with without young
"""
#: Words that tell of a course, a stage or an age, not of another disease.
_COURSE = frozenset(_COURSE_WORDS.split())
#: Names too general to say anything of a disease that merely ends with them.
_GENERAL = frozenset(
    {"disease", "diseases", "disorder", "disorders", "syndrome", "infection", "deficiency", "loss", "pain"}
)
#: An end of a name shorter than this, and alone, is an abbreviation or no name of its own.
SHORT = 4
_TYPE = re.compile(r"(?:i{1,3}|iv|v|vi{1,3}|ix|x|\d{1,3})[a-e]?")
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A name taken apart.

    Parameters
    ----------
    words
        Its words without course and stage.
    kind
        The type behind it.
    row
        The catalogue's disease of that name.
    tail
        Where the catalogue has none, its disease of the longest end of the name: the name is a kind of it.
    above
        Keys of every disease that this one is a kind of.
    """

    words: tuple[str, ...]
    kind: str
    row: DiseaseName | None
    tail: DiseaseName | None = None
    above: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        above: frozenset[str] = frozenset()
        if self.row is not None:
            above = self.row.ancestors
        elif self.tail is not None:
            above = self.tail.ancestors | {self.tail.key}
        object.__setattr__(self, "above", above)


@lru_cache(maxsize=65536)
def readings(name: str) -> tuple[Reading, ...]:
    """Return the ways to read a name: as it is, without what stands in brackets, that alone, and turned at its commas.

    Parts on both sides of a dash are read alone too (``SLE - Systemic Lupus``).

    Examples
    --------
    >>> [" ".join(one.words) for one in readings("Relapsed Lymphoma, B-Cell (BCL)")]
    ['lymphoma b cell bcl', 'lymphoma b cell', 'b cell lymphoma', 'bcl']
    >>> [(" ".join(one.words), one.kind) for one in readings("Spinal muscular atrophy, type I")][0]
    ('spinal muscular atrophy', '1')
    """
    outside = re.sub(r"[(\[][^)\]]*[)\]]", " ", name)
    inside = re.findall(r"[(\[]([^)\]]*)[)\]]", name)
    turned = ", ".join(reversed([part for part in outside.split(",") if part.strip()]))
    dashed = re.split(r"\s[-\u2013]\s", outside) if re.search(r"\s[-\u2013]\s", outside) else []
    found = dict.fromkeys(
        reading for text in (name, outside, turned, *inside, *dashed) if (reading := _reading(text)).words
    )
    return tuple(found)


@lru_cache(maxsize=65536)
def _reading(text: str) -> Reading:
    said = spelt(text)
    whole = disease_named(said)
    if whole is not None:
        return Reading(tuple(said.split()), "", whole)
    words = said.split()
    if (known := _without_course(words)) is not None:
        return known
    kept = [word for word in words if word not in _COURSE] or words
    # "type" and a number, or a number alone behind a name of two words or more; "stage iii" went with the course.
    kind = ""
    if len(kept) > 1 and _TYPE.fullmatch(kept[-1]) and not _staged(words):
        kind = (
            _ROMAN.get(kept[-1].rstrip("abcde"), kept[-1].rstrip("abcde"))
            + kept[-1][len(kept[-1].rstrip("abcde")) :]
        )
        kept = kept[:-1]
        if kept[-1] in {"type", "subtype"} and len(kept) > 1:
            kept = kept[:-1]
    row = disease_named(" ".join(kept))
    if row is None and (full := _spelt_out(kept)):
        return replace(_reading(full), kind=kind)
    return Reading(tuple(kept), kind, row, None if row else _tail(kept))


def _tail(words: list[str]) -> DiseaseName | None:
    ends = (words[start:] for start in range(1, len(words)))
    return next(
        (row for end in ends if _tells(end) and (row := disease_named(" ".join(end))) is not None), None
    )


def _tells(words: Sequence[str]) -> bool:
    """Whether the end of a name tells what it is a kind of: not "disease", and not a short abbreviation."""
    return len(words) > 1 or (words[0] not in _GENERAL and len(words[0]) >= SHORT)


def _spelt_out(words: list[str]) -> str:
    """Return a name whose last word is a catalogued abbreviation with that written out: ``B-cell precursor ALL``."""
    row = disease_named(words[-1]) if len(words) > 1 else None
    if row is None or not any(spelt(name) == words[-1] and name != name.lower() for name in row.names):
        return ""
    return " ".join((*words[:-1], spelt(row.names[0])))


def _without_course(words: list[str]) -> Reading | None:
    """Take words of the course away from both ends until the catalogue knows what is left."""
    start, end = 0, len(words)
    while start < end and words[start] in _COURSE:
        start += 1
        if (row := disease_named(" ".join(words[start:end]))) is not None:
            return Reading(tuple(words[start:end]), "", row)
    start = 0
    while end > start and words[end - 1] in _COURSE:
        end -= 1
        if (row := disease_named(" ".join(words[start:end]))) is not None:
            return Reading(tuple(words[start:end]), "", row)
    return None


def _staged(words: list[str]) -> bool:
    return len(words) > 1 and words[-2] in {"stage", "grade", "phase"}


def relate(disease: str, condition: str) -> Relation:
    """Say how a record's condition stands to a disease.

    Parameters
    ----------
    disease
        A name of the person's disease.
    condition
        A condition, or a term of MeSH, of the record.

    Examples
    --------
    >>> relate("acute myeloid leukaemia", "Relapsed/Refractory AML").name
    'SAME'
    >>> relate("acute myeloid leukaemia", "Hematologic Malignancies").name
    'BROADER'
    >>> relate("spinal muscular atrophy", "Spinal Muscular Atrophy With Respiratory Distress 1").name
    'NONE'
    >>> relate("Leber congenital amaurosis 10", "Leber Congenital Amaurosis 2").name
    'NONE'
    >>> relate("lymphoma", "Mantle Cell Lymphoma").name, relate("B-cell precursor ALL", "B-ALL").name
    ('NARROWER', 'SAME')
    """
    return max(
        (_relate(one, other) for one in readings(disease) for other in readings(condition)),
        default=Relation.NONE,
    )


def _relate(one: Reading, other: Reading) -> Relation:
    if one.words == other.words or (one.row is not None and one.row is other.row):
        if one.kind == other.kind:
            return Relation.SAME
        if one.kind and other.kind:
            return Relation.NONE
        return Relation.BROADER if one.kind else Relation.NARROWER
    # A type of a disease is not above what is a kind of the disease as a whole.
    if other.row is not None and not other.kind and other.row.key in one.above:
        return Relation.BROADER
    if one.row is not None and not one.kind and one.row.key in other.above:
        return Relation.NARROWER
    if one.row is not None and other.row is not None:
        return Relation.NONE  # both are known: the catalogue decides, whatever words they share
    if not other.kind and _ends_with(one.words, other.words):
        return Relation.BROADER
    return Relation.NARROWER if not one.kind and _ends_with(other.words, one.words) else Relation.NONE


def _ends_with(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    """Whether a name ends with another: its last words tell what it is a kind of."""
    if len(shorter) >= len(longer) or not shorter or not _tells(shorter):
        return False
    return longer[-len(shorter) :] == shorter
