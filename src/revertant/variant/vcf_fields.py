"""The columns of a block of VCF lines, found all at once: where each field starts and how long it is.

A block is some megabytes of whole lines. Tabs and line ends are found by comparing bytes; from there on a field is
two numbers, and what it says is asked for all lines together. Lines of another shape are left to the reader that
takes one record at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from revertant.variant.limits import MOST_DIGITS

__all__ = ["Bytes", "Field", "Lines", "Mask", "Numbers", "Words", "counted", "split_lines"]

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

_TAB, _LINE, _RETURN, _HASH = b"\t\n\r#"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of many lines: where it starts in the block, and its bytes."""

    start: Numbers
    size: Numbers

    def of(self, rows: Numbers | Mask) -> Field:
        """Return the column of some of the lines."""
        return Field(self.start[rows], self.size[rows])


@dataclass(frozen=True, slots=True)
class Lines:
    """A block of lines.

    Parameters
    ----------
    text
        The block.
    data
        Its bytes, with some zeros behind.
    start, end
        Each line without its line end.
    records
        Indexes of the lines that have all columns and a position, ready for the fields below.
    contig, ref, alt, filters, formats, sample
        Fields of these lines.
    position
        POS of these lines, as the file counts: from 1.
    """

    text: bytes
    data: Bytes
    start: Numbers
    end: Numbers
    records: Numbers
    contig: Field
    position: Numbers
    ref: Field
    alt: Field
    filters: Field
    formats: Field
    sample: Field

    def __len__(self) -> int:
        return len(self.start)

    def line(self, index: int) -> str:
        """Return the text of one line."""
        return self.text[self.start[index] : self.end[index]].decode("utf-8")

    def is_plain(self) -> Mask:
        """For each record, whether it is plain ASCII."""
        if self.text.isascii():
            return np.ones(len(self.records), np.bool_)
        before = np.concatenate([[0], np.cumsum(self.data >= 128)])
        return np.asarray(before[self.end[self.records]] == before[self.start[self.records]])


class Words:
    """Numbers the distinct texts of a column, up to a limit, with those met last tried first.

    Examples
    --------
    >>> words = Words()
    >>> data = np.frombuffer(b"PASS.PASSq10", np.uint8)
    >>> words.codes(data, Field(np.array([0, 4, 5, 9]), np.array([4, 1, 4, 3]))).tolist()
    [0, 1, 0, 2]
    >>> words.texts
    [b'PASS', b'.', b'q10']
    """

    most = 1000

    def __init__(self) -> None:
        self.texts: list[bytes] = []
        self._recent: list[int] = []

    def codes(self, data: Bytes, column: Field) -> Numbers:
        """Return the number of each text; -1 for those that are too many to be numbered."""
        found = np.full(len(column.start), -1, np.int64)
        left = np.arange(len(found))
        for code in tuple(self._recent):
            if not len(left):
                return found
            left = self._match(data, column, left, code, found)
        while len(left) and len(self.texts) < self.most:
            start = int(column.start[left[0]])
            self.texts.append(data[start : start + int(column.size[left[0]])].tobytes())
            self._recent.append(len(self.texts) - 1)
            left = self._match(data, column, left, len(self.texts) - 1, found)
        return found

    def _match(self, data: Bytes, column: Field, rows: Numbers, code: int, found: Numbers) -> Numbers:
        word = np.frombuffer(self.texts[code], np.uint8)
        fits = column.size[rows] == len(word)
        places = column.start[rows[fits]]
        fits[fits] = (data[places[:, None] + np.arange(len(word))] == word).all(axis=1)
        if fits.any():
            found[rows[fits]] = code
            self._recent.remove(code)
            self._recent.insert(0, code)
        left: Numbers = rows[~fits]
        return left


def split_lines(text: bytes, width: int, column: int) -> Lines:
    r"""Find the fields of a block's lines.

    Parameters
    ----------
    text
        Whole lines; the last one may lack its line end.
    width
        How many columns a record has.
    column
        0-based column of the sample.

    Examples
    --------
    >>> lines = split_lines(b"1\t7\t.\tA\tC\t.\t.\t.\tGT\t0/1\n#\n1\t7\n", 10, 9)
    >>> len(lines), lines.records.tolist(), lines.position.tolist(), lines.line(2)
    (3, [0], [7], '1\t7')
    """
    if not text.endswith(b"\n"):
        text += b"\n"
    data = np.frombuffer(text + bytes(16), np.uint8)
    tabs = np.flatnonzero(data == _TAB)
    stop = np.flatnonzero(data == _LINE)
    start = np.concatenate([[0], stop[:-1] + 1])
    end = stop.copy()
    while len(rows := np.flatnonzero((end > start) & (data[end - 1] == _RETURN))):
        end[rows] -= 1
    first = np.searchsorted(tabs, start)
    count = np.searchsorted(tabs, end) - first
    sound = np.flatnonzero((end > start) & (data[start] != _HASH) & (count == width - 1))
    edge = tabs[first[sound][:, None] + np.arange(9)]
    pos = Field(edge[:, 0] + 1, edge[:, 1] - edge[:, 0] - 1)
    position, is_count = counted(data, pos)
    sound, edge, position = sound[is_count], edge[is_count], position[is_count]
    low = tabs[first[sound] + column - 1] + 1
    high = end[sound] if column == width - 1 else tabs[first[sound] + column]

    def between(number: int) -> Field:
        return Field(edge[:, number - 1] + 1, edge[:, number] - edge[:, number - 1] - 1)

    return Lines(
        text, data, start, end, sound, Field(start[sound], edge[:, 0] - start[sound]), position,
        between(3), between(4), between(6), between(8), Field(low, high - low),
    )  # fmt: skip


def counted(data: Bytes, column: Field) -> tuple[Numbers, Mask]:
    """Read whole numbers, and say which texts are numbers as :func:`revertant.variant.limits.is_count` has it."""
    value = np.zeros(len(column.start), np.int64)
    sound = (column.size > 0) & (column.size <= MOST_DIGITS)
    for place in range(int(column.size[sound].max(initial=0))):
        rows = np.flatnonzero(sound & (column.size > place))
        digit = data[column.start[rows] + place].astype(np.int64) - ord("0")
        sound[rows] = (digit >= 0) & (digit <= 9)
        value[rows] = value[rows] * 10 + digit
    return value, sound
