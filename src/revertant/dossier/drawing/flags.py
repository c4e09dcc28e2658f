"""Names beside the things they name: where flags stand so that no text meets another, and no stem crosses a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from revertant.dossier.drawing.canvas import label_width

__all__ = ["Flag", "PlacedFlag", "place_flags", "shortened", "spread"]

_GAP = 5.0


@dataclass(frozen=True, slots=True)
class Flag:
    """A name and where the thing it names lies on the line."""

    x: float
    words: str


@dataclass(frozen=True, slots=True)
class PlacedFlag:
    """A flag with its row, 0 nearest to the line; ``before`` says that its text ends at the stem."""

    x: float
    words: str
    row: int
    before: bool

    @property
    def extent(self) -> tuple[float, float]:
        """The stretch that its text takes."""
        return _extent(self.x, self.words, before=self.before)


def place_flags(flags: Sequence[Flag], right: float) -> tuple[PlacedFlag, ...]:
    """Give every flag a row.

    A text stands to the right of its stem; to its left where the page ends at ``right``.

    Parameters
    ----------
    flags
        In any order.
    right
        The largest x a text may reach.

    Returns
    -------
    tuple[PlacedFlag, ...]
        From left to right.

    Examples
    --------
    >>> [(one.words, one.row) for one in place_flags([Flag(0, "long name"), Flag(20, "b"), Flag(90, "c")], 200)]
    [('long name', 1), ('b', 0), ('c', 0)]
    """
    ordered = sorted(flags, key=lambda flag: flag.x)
    before = [False] * len(ordered)
    for place in reversed(range(len(ordered))):
        flag = ordered[place]
        _, high = _extent(flag.x, flag.words, before=False)
        turned = [
            _extent(other.x, other.words, before=True)
            for other, turn in zip(ordered[place + 1 :], before[place + 1 :], strict=True)
            if turn
        ]
        # Beside a turned text, one that would stand across it is turned too: else each would cross the other's stem.
        crossing = any(start < flag.x and end < high for start, end in turned)
        before[place] = high > right or (crossing and _extent(flag.x, flag.words, before=True)[0] >= 0)
    extents = [_extent(flag.x, flag.words, before=turn) for flag, turn in zip(ordered, before, strict=True)]
    rows = _rows([flag.x for flag in ordered], extents)
    return tuple(
        PlacedFlag(flag.x, flag.words, row, turn)
        for flag, row, turn in zip(ordered, rows, before, strict=True)
    )


def _rows(stems: Sequence[float], extents: Sequence[tuple[float, float]]) -> list[int]:
    """The lowest rows in which a text stands above every stem it spans."""
    count = len(stems)
    above: list[tuple[int, int]] = []
    for one in range(count):
        for other in range(one + 1, count):
            if extents[one][0] - _GAP < stems[other] < extents[one][1] + _GAP:
                above.append((one, other))
            elif (
                extents[other][0] - _GAP < stems[one] < extents[other][1] + _GAP
                or extents[other][0] < extents[one][1] + _GAP
            ):
                above.append((other, one))
    rows = [0] * count
    for _ in range(count + 1):
        changed = False
        for high, low in above:
            if rows[high] <= rows[low]:
                rows[high], changed = rows[low] + 1, True
        if not changed:
            return rows
    return list(
        range(count)
    )  # no order satisfies all: a row for each, so that at least no text meets another


def _extent(x: float, words: str, *, before: bool) -> tuple[float, float]:
    width = label_width(words) + 4
    return (x - width, x) if before else (x, x + width)


def shortened(words: str, width: float) -> str:
    """Cut a name that is wider than there is room, with an ellipsis.

    Examples
    --------
    >>> shortened("a very long name", 40), shortened("short", 40)
    ('a ver…', 'short')
    """
    most = max(int(width / label_width("n")), 2)
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move values apart, as little as it takes, so that neighbours keep their distance.

    Parameters
    ----------
    wanted
        In rising order.
    gap
        The least distance.
    low, high
        Where the first may begin and the last may end; when there is no room, the last goes further.

    Examples
    --------
    >>> spread([10, 11, 12], 5, 0, 100), spread([98, 99], 5, 0, 100)
    ([6.0, 11.0, 16.0], [95.0, 100.0])
    """
    clusters: list[list[float]] = []  # sum of wanted starts, members, start
    for value in wanted:
        clusters.append([value, 1.0, value])
        while len(clusters) > 1 and clusters[-2][2] + clusters[-2][1] * gap > clusters[-1][2]:
            total, members, _ = clusters.pop()
            first, size, _ = clusters[-1]
            # Each later member wants to stand a gap further: the cluster's start is the mean of what they want.
            joined = first + total - members * size * gap
            clusters[-1] = [joined, size + members, joined / (size + members)]
    found: list[float] = []
    for _, members, start in clusters:
        found += [start + number * gap for number in range(int(members))]
    if found and found[-1] > high:
        ceiling = high
        for place in reversed(range(len(found))):
            found[place] = min(found[place], ceiling)
            ceiling = found[place] - gap
    floor = low
    for place, value in enumerate(found):
        found[place] = float(max(value, floor))
        floor = found[place] + gap
    return found
