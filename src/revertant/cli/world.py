"""The place and the day in which labels and rules are read, as several commands ask for them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

__all__ = ["Country", "Day", "place_and_day"]

Country = Annotated[
    str,
    typer.Option("--country", help="Read labels and rules of this place instead of the case's: US, DE, EU."),
]
Day = Annotated[
    str,
    typer.Option("--date", help="Read labels and rules of this day, YYYY-MM-DD; the newest when left out."),
]


def place_and_day(country: str, date: str) -> tuple[str, dt.date | None]:
    """Read the jurisdiction and the day whose labels and rules count; what cannot be read is refused.

    Examples
    --------
    >>> place_and_day("DE", "2026-11-26")
    ('DE', datetime.date(2026, 11, 26))
    >>> place_and_day("", "")
    ('', None)
    """
    from revertant.errors import UsageError
    from revertant.patient.scalars import Unreadable, iso_date, jurisdiction

    try:
        place = jurisdiction(country) if country else ""
    except Unreadable as error:
        raise UsageError(error.what, where="--country", remedy=error.remedy) from None
    try:
        return place, dt.date.fromisoformat(iso_date(date)) if date else None
    except Unreadable as error:
        raise UsageError(error.what, where="--date", remedy=error.remedy) from None
