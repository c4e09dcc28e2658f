"""The names that the grammar knows, read from ``grammar.toml`` and assembled from their pieces."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["assembled", "named", "pattern", "table"]


@cache
def table(name: str) -> Mapping[str, Any]:
    """Return one table of the grammar's file.

    Examples
    --------
    >>> table("states")["syphilis"]["family"]
    'infection'
    """
    text = (
        resources.files("revertant.trials.eligibility").joinpath("grammar.toml").read_text(encoding="utf-8")
    )
    tables: dict[str, Mapping[str, Any]] = tomllib.loads(text)
    return tables[name]


def assembled(pattern: str) -> str:
    """Put the pieces into a pattern.

    Examples
    --------
    >>> assembled("other «disease»").startswith("other (?:malignan")
    True
    """
    pieces = table("pieces")
    while "«" in pattern:
        pattern = re.sub(r"«(\w+)»", lambda found: pieces[found[1]], pattern)
    return pattern


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return one of the patterns by name, whatever the case of what it finds.

    Examples
    --------
    >>> bool(pattern("active").search("Active hepatitis"))
    True
    """
    return re.compile("|".join(assembled(words) for words in table("patterns")[name]), re.IGNORECASE)


def named(row: Mapping[str, Any]) -> re.Pattern[str]:
    """Return the pattern of the names of one row, whatever their case."""
    return re.compile("|".join(assembled(words) for words in row["words"]), re.IGNORECASE)
