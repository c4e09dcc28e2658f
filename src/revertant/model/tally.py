"""Row accounting: what was read is what was kept plus what was refused, with reasons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Tally"]


@dataclass(frozen=True, slots=True)
class Tally:
    """The account of one reader or stage.

    Parameters
    ----------
    name
        What was counted (``"VCF records"``).
    read
        How many came in.
    kept
        How many went on.
    refused
        ``(reason, count)`` pairs, sorted by reason.

    Raises
    ------
    ValueError
        When the numbers do not add up: rows were lost silently.

    Examples
    --------
    >>> Tally.of("VCF records", kept=8, refused=["symbolic allele", "symbolic allele"])
    Tally(name='VCF records', read=10, kept=8, refused=(('symbolic allele', 2),))
    >>> Tally("VCF records", read=10, kept=8)
    Traceback (most recent call last):
    ValueError: VCF records: 10 read but 8 kept and 0 refused
    """

    name: str
    read: int
    kept: int
    refused: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        lost = sum(count for _, count in self.refused)
        if self.read != self.kept + lost:
            msg = f"{self.name}: {self.read} read but {self.kept} kept and {lost} refused"
            raise ValueError(msg)

    @classmethod
    def of(cls, name: str, *, kept: int, refused: Iterable[str] = ()) -> Tally:
        """Make a tally from the number kept and one reason per refused row."""
        counts = tuple(sorted(Counter(refused).items()))
        return cls(name, kept + sum(count for _, count in counts), kept, counts)
