"""JSON of version 2 of ClinicalTrials.gov: one study, a list, a page of the interface, or one study a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from revertant.errors import InputError

__all__ = ["studies_in"]


def studies_in(text: str, where: str) -> Iterator[tuple[int, Any]]:
    r"""Yield each study of a file with its place: the line, or the number in a list.

    Parameters
    ----------
    text
        The file's content.
    where
        Its name, for errors.

    Raises
    ------
    InputError
        When the text is no JSON, or JSON of something else.

    Examples
    --------
    >>> [place for place, _ in studies_in('{"studies": [{}, {}], "nextPageToken": "x"}', "page.json")]
    [1, 2]
    >>> [place for place, _ in studies_in('{"protocolSection": {}}\n{"protocolSection": {}}\n', "all.jsonl")]
    [1, 2]
    """
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise InputError("The file is empty.", where=where, remedy="Give a file of trials.", code="empty")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        if len(lines) > 1 and _is_object(lines[0][1]):
            yield from _of_lines(lines, where)
            return
        raise _no_json(error, where) from error
    yield from enumerate(_listed(found, where), 1)


def _listed(found: Any, where: str) -> list[Any]:
    if isinstance(found, dict) and isinstance(found.get("studies"), list):
        return list(found["studies"])
    if isinstance(found, dict) and "protocolSection" in found:
        return [found]
    if isinstance(found, list):
        return found
    raise InputError(
        "This JSON holds no studies.",
        where=where,
        remedy="Give a study, a list of studies, or a page of clinicaltrials.gov/api/v2/studies.",
    )


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _of_lines(lines: list[tuple[int, str]], where: str) -> Iterator[tuple[int, Any]]:
    for number, line in lines:
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _no_json(error, f"{where}: line {number}") from error


def _no_json(error: ValueError | RecursionError, where: str) -> InputError:
    reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
    return InputError(
        f"This is not valid JSON ({reason}).", where=where, remedy="The file may be cut off: get it again."
    )
