"""How much of a stranger's text is read as a number, and how much of it is shown."""

from __future__ import annotations

__all__ = ["MOST_DIGITS", "is_count", "shown"]

#: The longest human chromosome has nine digits. Python itself refuses to convert more than 4,300.
MOST_DIGITS = 12
_SHOWN_CHARACTERS = 60


def is_count(text: str) -> bool:
    """Whether the text is a plain whole number, not too long to be a position, a length or an allele.

    Examples
    --------
    >>> is_count("5227002"), is_count("-1"), is_count("1e3"), is_count("9" * 5000)
    (True, False, False, False)
    """
    return len(text) <= MOST_DIGITS and text.isascii() and text.isdigit()


def shown(text: str, most: int = _SHOWN_CHARACTERS) -> str:
    """Return a text as a message may show it: cut short, with its length where it was cut.

    Examples
    --------
    >>> shown("0/1")
    '0/1'
    >>> shown("A" * 100_000, most=8)
    'AAAAAAAA... (100000 characters)'
    """
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"
