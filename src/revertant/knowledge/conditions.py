"""Conditions: the yes-or-no questions that labels and trials ask, under one vocabulary of keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Row, load_rows

__all__ = ["Condition", "conditions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Row):
    """One question that is answered by yes or no.

    Parameters
    ----------
    question
        As it is put to the clinic.
    only_of
        The sex that alone can have it; for the other, the answer is no.
    """

    question: str
    only_of: Literal["", "female", "male"] = ""


@cache
def conditions() -> Mapping[str, Condition]:
    """Return the conditions by key, the words a case uses under ``conditions``.

    Examples
    --------
    >>> conditions()["ambulatory"].question
    'Does the person walk?'
    """
    return load_rows("conditions.toml", Condition)
