"""What a section is made of: a small set of values that know nothing of Word."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Block", "Bullets", "Gap", "Subheading", "Table", "Text"]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``is_strong`` for what must not be overlooked."""

    words: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading without a number."""

    words: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What is not there and is needed."""

    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and one header row.

    Parameters
    ----------
    caption
        What it shows.
    header
        Names of the columns.
    rows
        Cells as text, each row as long as the header.
    widths
        Shares of the width, one for each column.
    more
        Rows that were left out, and where they are; empty when it is whole.
    to_write_in
        Whether its cells are left free for a pen.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    more: str = ""
    to_write_in: bool = False


Block = Text | Subheading | Bullets | Gap | Table
