"""Collecting problems: a reader goes on after the first mistake, so that one run shows all of them."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING

from revertant.errors import InputError, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Problems", "did_you_mean", "shown"]

_SHOWN_CHARACTERS = 60


def shown(value: object) -> str:
    r"""Return a value as an error message may show it: quoted, escaped, cut short.

    Examples
    --------
    >>> shown("homozygus")
    "'homozygus'"
    >>> shown([1, 2])
    'a list'
    """
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "..."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a remedy that names the nearest known word, or all of them.

    Examples
    --------
    >>> did_you_mean("zygocity", ["gene", "zygosity"])
    "Did you mean 'zygosity'?"
    >>> did_you_mean("x", ["gene", "zygosity"])
    'Known: gene, zygosity.'
    """
    words = list(known)
    near = get_close_matches(word[:_SHOWN_CHARACTERS], words, n=1, cutoff=0.6)
    return f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(words)}."


class Problems:
    """The problems of one file, in the order they were met.

    Parameters
    ----------
    file
        The file's name without its folder; folders can name a person.

    Examples
    --------
    >>> problems = Problems("case.yaml")
    >>> problems.add("id", "The case has no id.", "Give it a name that does not identify the person.")
    >>> problems.stop_if_any()
    Traceback (most recent call last):
    revertant.errors.ProblemsError: case.yaml: 1 problem:
      - id: The case has no id. Give it a name that does not identify the person.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[InputError] = []

    def __len__(self) -> int:
        return len(self._found)

    def add(self, where: str, what: str, remedy: str) -> None:
        """Note one problem."""
        self._found.append(InputError(what, where=where, remedy=remedy))

    def extend(self, others: Iterable[InputError], *, under: str = "") -> None:
        """Take over the problems of another file, with ``under`` put before each place."""
        for other in others:
            place = f"{under}: {other.where}" if under and other.where else under or other.where
            self._found.append(InputError(other.what, where=place, remedy=other.remedy))

    @property
    def found(self) -> tuple[InputError, ...]:
        """The problems so far."""
        return tuple(self._found)

    def stop_if_any(self) -> None:
        """Raise :class:`~revertant.errors.ProblemsError` when there is at least one problem."""
        if self._found:
            raise ProblemsError(self._found, where=self.file)
