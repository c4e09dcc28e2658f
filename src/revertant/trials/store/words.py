"""A text of search into groups of alternatives: names of diseases, symbols of genes, single words, words mistyped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from revertant.knowledge import antigen_aliases, disease_named, genes, spelt
from revertant.trials.registry import genes_named

__all__ = ["Group", "groups_of", "one_edit_away"]

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_STOP_WORDS = """
a an and are as at by for from in into is it of on or that the their these this to was were who with without
"""
#: Words that are in every record and tell nothing apart.
STOP = frozenset(_STOP_WORDS.split())
#: Shorter words are not taken for mistyped ones: too many others lie one letter away.
_LONG_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Group:
    """What is sought in one place of a text: any of the phrases, best first, and the words it was made of.

    Parameters
    ----------
    words
        The words as typed.
    phrases
        Alternatives; the first is what was typed, or what it was corrected to.
    genes
        Symbols that the typed words stand for.
    kind
        ``"disease"``, ``"gene"``, ``"word"``, ``"corrected"`` or ``"unknown"`` (no record holds the word).
    """

    words: tuple[str, ...]
    phrases: tuple[str, ...]
    genes: tuple[str, ...] = ()
    kind: str = "word"


def groups_of(text: str, known: Callable[[Iterable[str]], set[str]]) -> tuple[Group, ...]:
    """Take a text apart.

    Parameters
    ----------
    text
        As typed.
    known
        Says which of some words are in a record.

    Examples
    --------
    >>> held = {"car", "t", "acute", "myeloid", "leukemia", "aml", "cells"}
    >>> found = groups_of("CAR-T cells for acute myeloid leukaemia", held.intersection)
    >>> [(" ".join(group.words), group.kind) for group in found]
    [('car', 'word'), ('t', 'word'), ('cells', 'word'), ('acute myeloid leukemia', 'disease')]
    """
    words = spelt(text).split()
    symbols = {spelt(word): genes_named([word.upper()]) for word in text.split()}
    corrected = _corrections(words, known)
    found: list[Group] = []
    at = 0
    while at < len(words):
        length = _disease_at(words, at, corrected)
        if length:
            typed = tuple(words[at : at + length])
            said = " ".join(corrected.get(word, word) for word in typed)
            row = disease_named(said)
            assert row is not None
            names = dict.fromkeys((said, *(spelt(name) for name in row.names)))
            found.append(Group(typed, tuple(names), kind="disease"))
            at += length
            continue
        word = words[at]
        at += 1
        if word in STOP:
            continue
        if symbol := symbols.get(word, ()):
            found.append(Group((word,), tuple(dict.fromkeys((word, *_also(symbol)))), symbol, "gene"))
        elif word in corrected:
            found.append(Group((word,), (corrected[word],), kind="corrected"))
        else:
            found.append(Group((word,), (word,), kind="word" if known([word]) else "unknown"))
    return tuple(found)


def _disease_at(words: list[str], at: int, corrected: dict[str, str]) -> int:
    """Return how many words from here on name a catalogued disease, as many as can be; a lone word is not enough.

    ``all`` and ``ms`` are words of their own: abbreviations count only as they stand in the catalogue beside others.
    """
    for length in range(min(9, len(words) - at), 0, -1):
        part = words[at : at + length]
        if length == 1 and (len(part[0]) < 3 or part[0] in STOP):
            continue
        if disease_named(" ".join(corrected.get(word, word) for word in part)) is not None:
            return length
    return 0


def _corrections(words: list[str], known: Callable[[Iterable[str]], set[str]]) -> dict[str, str]:
    """Return what words that no record holds were probably meant to be: one that some record holds, one edit away."""
    held = known(words)
    found = {}
    for word in dict.fromkeys(words):
        if word in held or word in STOP or len(word) < _LONG_ENOUGH or word.isdigit():
            continue
        near = sorted(known(one_edit_away(word)))
        # The first letter is seldom wrong; of several the one as long as what was typed is nearest.
        near.sort(
            key=lambda other: (
                other[0] != word[0],
                abs(len(other) - len(word)),
                sorted(other) != sorted(word),
            )
        )
        if near:
            found[word] = near[0]
    return found


def one_edit_away(word: str) -> set[str]:
    """Return every word that is one letter more, fewer, other or swapped away.

    Examples
    --------
    >>> {"at", "cat", "act", "chat", "bat"} <= one_edit_away("cat") | {"cat"}
    True
    """
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return {
        *(left + right[1:] for left, right in parts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1),
        *(left + letter + right[1:] for left, right in parts if right for letter in _LETTERS),
        *(left + letter + right for left, right in parts for letter in _LETTERS),
    } - {word}


@cache
def _aliases() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for alias, symbol in antigen_aliases().items():
        found.setdefault(symbol, []).append(spelt(alias))
    for fact in genes().values():
        found.setdefault(fact.key, []).extend(spelt(alias) for alias in fact.aliases)
    return {symbol: tuple(names) for symbol, names in found.items()}


def _also(symbols: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for symbol in symbols for name in (spelt(symbol), *_aliases().get(symbol, ())))
