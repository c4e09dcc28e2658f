"""A statement with the criterion it comes to: which way round the heading, the verb and the negations mean it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from revertant.knowledge import Criterion
from revertant.trials.eligibility.atoms import Atom
from revertant.trials.eligibility.polarity import negations
from revertant.trials.eligibility.reading import Polarity

__all__ = ["NUMBERS", "PERSON", "SCALES", "Meant", "meaning"]

#: Families of values with limits, those of the person's own data, and the scales of performance.
NUMBERS = frozenset(
    {"age", "weight", "organ_function", "performance_status", "blasts", "life_expectancy", "copies"}
)
PERSON = frozenset({"age", "weight", "sex"})
SCALES = frozenset({"ECOG", "Karnofsky", "Lansky"})


@dataclass(frozen=True, slots=True)
class Meant:
    """A statement with the criterion it comes to, and whether it has to be true."""

    atom: Atom
    criterion: Criterion
    is_true: bool


def meaning(
    atom: Atom, sentence: str, offset: int, asks: Polarity, *, own: bool, heading: Polarity
) -> Meant | None:
    """Return what a statement comes to; ``None`` where the words do not agree on what is wanted.

    Parameters
    ----------
    atom
        The statement.
    sentence, offset
        The sentence it stands in, and where that begins in the line.
    asks, own
        What the sentence asks for, and whether its own words say so.
    heading
        What the headings above say.
    """
    is_close = atom.family in NUMBERS or atom.family == "genotype"
    count = 0 if atom.is_settled else negations(sentence, atom.start - offset, is_number=is_close)
    if own and asks == "exclusion":
        # "Patients with X are not eligible": that negation is the verdict's own.
        before = sentence[: atom.start - offset]
        count = min(count, 1) if re.search(r"\b(?:without|no|lack)\b", before, re.IGNORECASE) else 0
    if count > 1:
        return None
    is_true = (asks == "inclusion") is (count == 0)
    criterion = atom.wanted if is_true else atom.barred
    if criterion is None:
        return None
    kind = "exclusion" if heading == "exclusion" or (own and asks == "exclusion") else "indication"
    return Meant(atom, _of_kind(criterion, kind), is_true)


def _of_kind(criterion: Criterion, kind: str) -> Criterion:
    if criterion.kind == kind:
        return criterion
    return replace(criterion, kind=kind, of=tuple(_of_kind(one, kind) for one in criterion.of))  # type: ignore[arg-type]
