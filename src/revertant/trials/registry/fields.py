"""Single fields of a registry's record: numbers of trials, ages, dates, coordinates."""

from __future__ import annotations

import re

from revertant.model import AgeLimit

__all__ = ["Refused", "age_limit", "coordinate", "mesh_id", "nct_number", "partial_date", "sound"]

#: More than any record holds in one field, by far: the longest text of criteria that was read has 12,911 letters.
_LONGEST = 100_000

_NUMBER = re.compile(r"NCT\d{8}", re.ASCII)
_AGE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) (year|month|week|day|hour|minute)s?", re.IGNORECASE | re.ASCII)
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII)


class Refused(ValueError):  # noqa: N818 - it is no fault of the program: the record is refused, with this reason
    """A record cannot be taken, and why; the reason is short, as refusals are counted by it."""


def sound(text: str, name: str) -> str:
    r"""Return a text that a store can keep: none that goes on and on, and none with half a letter.

    Examples
    --------
    >>> sound("T", "briefTitle")
    'T'
    >>> sound("\ud800", "briefTitle")
    Traceback (most recent call last):
    revertant.trials.registry.fields.Refused: briefTitle holds what is no letter
    """
    if len(text) > _LONGEST:
        raise Refused(f"{name} is longer than {_LONGEST:,} letters")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Refused(f"{name} holds what is no letter") from error
    return text


def nct_number(text: object) -> str:
    """Return the number of a trial.

    Examples
    --------
    >>> nct_number(" NCT02122952 ")
    'NCT02122952'
    >>> nct_number("NCT1")
    Traceback (most recent call last):
    revertant.trials.registry.fields.Refused: no NCT number of eight digits
    """
    found = text.strip().upper() if isinstance(text, str) else ""
    if not _NUMBER.fullmatch(found):
        raise Refused("no NCT number of eight digits")
    return found


def age_limit(text: str) -> AgeLimit | None:
    """Return an age; ``None`` for no limit. What cannot be read is refused, never taken for no limit.

    Examples
    --------
    >>> age_limit("18 Years"), age_limit("N/A"), age_limit("")
    (AgeLimit(value=18.0, unit='years'), None, None)
    """
    said = " ".join(text.split())
    if not said or said.upper() in {"N/A", "NA"}:
        return None
    match = _AGE.fullmatch(said)
    if match is None:
        raise Refused("an age that cannot be read")
    return AgeLimit(float(match[1]), f"{match[2].lower()}s")


def partial_date(text: str) -> str:
    """Return a date as far as it is told, ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

    Examples
    --------
    >>> partial_date("2026-08"), partial_date("")
    ('2026-08', '')
    """
    said = text.strip()
    if said and not _DATE.fullmatch(said):
        raise Refused("a date that cannot be read")
    return said


def coordinate(value: object, most: float) -> float | None:
    """Return degrees, ``None`` where there are none or they lie off the globe.

    Examples
    --------
    >>> coordinate("38.98067", 90), coordinate("", 90), coordinate(123.0, 90)
    (38.98067, None, None)
    """
    try:
        degrees = float(value) if isinstance(value, str | int | float) and value != "" else None
    except ValueError:
        return None
    return degrees if degrees is not None and -most <= degrees <= most else None


def mesh_id(text: str) -> str:
    """Return an identifier of MeSH without the zeros that some versions of the interface put before it.

    Examples
    --------
    >>> mesh_id("D000003550"), mesh_id("D015470"), mesh_id("D000099067")
    ('D003550', 'D015470', 'D000099067')
    """
    match = re.fullmatch(r"([A-Z])0*(\d+)", text.strip())
    if match is None:
        return text.strip()
    letter, digits = match.groups()
    # Descriptors have six digits up to D065..., and nine from D000066... on.
    return f"{letter}{digits:0>6}" if int(digits) < 66_000 else f"{letter}{digits:0>9}"
