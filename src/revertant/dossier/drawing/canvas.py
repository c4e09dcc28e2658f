"""One row of bases on paper: where each index lies, and how far down the drawing has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from revertant.model import ViewSpan

__all__ = ["BASE_WIDTH", "LEFT", "RIGHT", "STRAND_GAP", "STRAND_HEIGHT", "Canvas", "label_width", "lanes"]

BASE_WIDTH = 14.0
LEFT = 40.0
RIGHT = 22.0
STRAND_HEIGHT = 20.0
STRAND_GAP = 6.0


@dataclass(slots=True)
class Canvas:
    """A row that shows the bases ``first`` to ``last``; ``y`` moves down as things are drawn."""

    first: int
    last: int
    y: float
    parts: list[str] = field(default_factory=list)

    @property
    def right(self) -> float:
        """The right end of the bases."""
        return self.x(self.last)

    def x(self, index: float) -> float:
        """Left edge of the base at an index, held within the row."""
        return LEFT + (min(max(index, self.first), self.last) - self.first) * BASE_WIDTH

    def middle(self, index: int) -> float:
        """Middle of the base at an index."""
        return self.x(index) + BASE_WIDTH / 2

    def width(self, span: ViewSpan) -> float:
        """Width of the part of a span that lies in this row."""
        return self.x(span.end) - self.x(span.start)

    def shows(self, span: ViewSpan) -> bool:
        """Whether any of the span lies in this row; a place between two bases belongs to one row only."""
        if span.start == span.end:
            return self.first < span.start <= self.last
        return span.start < self.last and self.first < span.end

    def add(self, *parts: str) -> None:
        """Put finished elements on the paper."""
        self.parts.extend(parts)


def lanes(spans: Sequence[ViewSpan]) -> list[list[ViewSpan]]:
    """Spread overlapping spans over as many lanes as they need.

    Examples
    --------
    >>> spread = lanes([ViewSpan("motif", 0, 6), ViewSpan("motif", 4, 9), ViewSpan("motif", 6, 8)])
    >>> [[(span.start, span.end) for span in lane] for lane in spread]
    [[(0, 6), (6, 8)], [(4, 9)]]
    """
    found: list[list[ViewSpan]] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end, span.kind)):
        for lane in found:
            if lane[-1].end <= span.start:
                lane.append(span)
                break
        else:
            found.append([span])
    return found


def label_width(words: str, letter: float = 6.3) -> float:
    """Estimate the width of a small label, to see whether it fits."""
    return len(words) * letter
