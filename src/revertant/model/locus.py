"""Places on a genome: 0-based, half-open, always in forward-strand coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Locus", "Strand"]


class Strand(StrEnum):
    """The strand whose 5'→3' direction a thing is read in."""

    PLUS = "+"
    MINUS = "-"

    @property
    def opposite(self) -> Strand:
        """The other strand."""
        return Strand.MINUS if self is Strand.PLUS else Strand.PLUS


@dataclass(frozen=True, slots=True, order=True)
class Locus:
    """A stretch of one contig.

    Parameters
    ----------
    contig
        The contig's name as the reference spells it.
    start, end
        0-based and half-open, in forward-strand coordinates whatever the strand. ``start == end`` is the
        place between two bases.
    strand
        The strand in whose direction the stretch is read.

    Examples
    --------
    >>> place = Locus("chr11", 5227001, 5227002)
    >>> str(place), len(place)
    ('chr11:5227002-5227002:+', 1)
    >>> place.overlaps(Locus("chr11", 5227000, 5227020))
    True
    """

    contig: str
    start: int
    end: int
    strand: Strand = Strand.PLUS

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            msg = f"a locus needs 0 <= start <= end, got {self.start}..{self.end}"
            raise ValueError(msg)
        object.__setattr__(self, "strand", Strand(self.strand))

    def __len__(self) -> int:
        return self.end - self.start

    def __str__(self) -> str:
        return f"{self.contig}:{self.start + 1}-{self.end}:{self.strand}"

    def overlaps(self, other: Locus) -> bool:
        """Whether the two share at least one base."""
        return self.contig == other.contig and self.start < other.end and other.start < self.end

    def contains(self, other: Locus) -> bool:
        """Whether ``other`` lies wholly within this locus."""
        return self.contig == other.contig and self.start <= other.start and other.end <= self.end

    def widened(self, upstream: int, downstream: int | None = None) -> Locus:
        """Return the locus with ``upstream`` more bases at the left and ``downstream`` at the right."""
        right = upstream if downstream is None else downstream
        return Locus(self.contig, max(0, self.start - upstream), self.end + right, self.strand)
