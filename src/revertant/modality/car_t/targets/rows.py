"""Rows of tab-separated tables: a field that no table has is the user's mistake, not the program's."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager

from revertant.errors import InputError

__all__ = ["sound_rows"]


@contextmanager
def sound_rows(where: str) -> Iterator[None]:
    """Read rows within; what the reader of tables cannot take is told with its place.

    Parameters
    ----------
    where
        The file.

    Raises
    ------
    InputError
        For a field that is longer than any table's, which a quotation mark without its partner makes.
    """
    try:
        yield
    except csv.Error as error:
        raise InputError(
            f"This is no table of tab-separated text: {error}.",
            where=where,
            remedy="Look for a quotation mark without its partner, and write the table again.",
        ) from error
