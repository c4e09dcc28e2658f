"""What a field of ``case.yaml`` can be: one value, words with values, or a group of fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from revertant import knowledge
from revertant.patient import scalars
from revertant.patient.problems import shown
from revertant.patient.scalars import Unreadable

__all__ = ["Field", "Group", "Words", "gene_symbol", "one_of"]

_GENE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,29}")


@dataclass(frozen=True, slots=True)
class Field:
    """One scalar field; ``many`` allows a list of values as well as a single one."""

    kind: str
    meaning: str
    parse: Callable[[str], object] = scalars.label
    required: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A mapping whose keys are words of a vocabulary and whose values are all of one kind."""

    kind: str
    meaning: str
    parse_key: Callable[[str], str]
    parse: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Group:
    """A mapping of fields; ``repeated`` makes it a list of such mappings."""

    fields: Mapping[str, Field | Words | Group]
    meaning: str
    repeated: bool = False


def one_of(meaning: str, words: type[StrEnum], *, known: tuple[str, ...] = ()) -> Field:
    """Make a field whose value is a word of a vocabulary."""
    listed = known or tuple(word.value for word in words)
    return Field("one of " + ", ".join(listed), meaning, partial(scalars.choice, words=words))


def gene_symbol(text: str) -> str:
    """Return a gene symbol as the catalogues write it."""
    text = text.strip()
    if not _GENE.fullmatch(text):
        raise Unreadable(f"{shown(text)} is not a gene symbol.", "Write the HGNC symbol, such as HBB.")
    return knowledge.symbol_as_catalogued(text)
