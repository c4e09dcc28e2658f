"""The sentences of the family's page: a catalogue that a translator can work on, and the words it has to explain."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter

from revertant.errors import InputError

__all__ = ["HardWord", "Sentences", "parse_sentences", "sentences"]

#: What may stand between braces.
_FILLED = frozenset({"count", "disease", "gene", "genes", "grade", "method", "places", "product", "products"})
_PARTS = (
    "about", "ask", "asked", "found", "heading", "kind", "label", "next", "not_mean", "page", "place", "topic",
    "unknown",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HardWord:
    """A word that cannot be avoided: how it is written on the page, and what it means."""

    forms: tuple[str, ...]
    means: str

    def is_in(self, text: str) -> bool:
        """Whether a text uses the word.

        Examples
        --------
        >>> HardWord(("cell", "cells"), "Parts.").is_in("Your cells."), HardWord(("cell",), "Parts.").is_in("Cellar.")
        (True, False)
        """
        return any(re.search(rf"\b{re.escape(form)}\b", text, re.IGNORECASE) for form in self.forms)


@dataclass(frozen=True, slots=True)
class Sentences:
    """The catalogue: texts by ``part.key``, and hard words in the order of the file."""

    language: str
    texts: Mapping[str, str]
    words: tuple[HardWord, ...]

    def say(self, key: str, **values: object) -> str:
        """Return a sentence with its values put in.

        Examples
        --------
        >>> sentences().say("asked.harm")
        'The changed copy does harm.'
        """
        return self.texts[key].format(**values)


@cache
def sentences() -> Sentences:
    """Return the catalogue in English, the only language there is.

    Examples
    --------
    >>> sentences().language
    'en'
    """
    folder = resources.files("revertant.dossier") / "family"
    return parse_sentences((folder / "sentences.toml").read_text(encoding="utf-8"))


def parse_sentences(text: str) -> Sentences:
    """Read a catalogue, or refuse it: a sentence that is not there would leave a hole in a page.

    Parameters
    ----------
    text
        TOML with the tables of the English file.

    Raises
    ------
    InputError
        When it is no TOML, a table or a text is not what it should be, or braces hold what nobody puts in.

    Examples
    --------
    >>> parse_sentences("language = 3")
    Traceback (most recent call last):
    ...
    revertant.errors.InputError: sentences.toml: 'language' is no text. Compare it with the English file.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(f"This is not valid TOML: {error}.") from error
    language = tables.get("language")
    if not isinstance(language, str) or not language:
        raise _wrong("'language' is no text.")
    if unknown := sorted({*tables} - {*_PARTS, "language", "word"}):
        raise _wrong(f"Nothing uses {', '.join(unknown)}.")
    texts = {}
    for part in _PARTS:
        for key, value in _table(tables, part).items():
            if not isinstance(value, str) or not value.strip():
                raise _wrong(f"{part}.{key} is no text.")
            _check_braces(f"{part}.{key}", value)
            texts[f"{part}.{key}"] = value
    return Sentences(
        language, texts, tuple(_word(key, value) for key, value in _table(tables, "word").items())
    )


def _table(tables: Mapping[str, object], name: str) -> Mapping[str, object]:
    table = tables.get(name)
    if not isinstance(table, dict) or not table:
        raise _wrong(f"The table {name} is not there, or empty.")
    return table


def _word(key: str, value: object) -> HardWord:
    forms = value.get("forms") if isinstance(value, dict) else None
    means = value.get("means") if isinstance(value, dict) else None
    if not isinstance(forms, list) or not forms or not all(isinstance(one, str) and one for one in forms):
        raise _wrong(f"word.{key} has no forms.")
    if not isinstance(means, str) or not means:
        raise _wrong(f"word.{key} does not say what it means.")
    return HardWord(tuple(forms), means)


def _check_braces(name: str, text: str) -> None:
    try:
        found = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
    except ValueError as error:
        raise _wrong(f"{name} has a brace that does not close: {error}.") from error
    if strange := sorted(found - _FILLED):
        raise _wrong(f"{name} wants {', '.join(strange)}, which nobody puts in.")


def _wrong(what: str) -> InputError:
    return InputError(what, where="sentences.toml", remedy="Compare it with the English file.")
