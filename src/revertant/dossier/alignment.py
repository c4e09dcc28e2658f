"""A sequence before and after an edit, laid letter by letter against each other and cut to what there is to see."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.planning.simulation import EditedAllele, Simulation

__all__ = ["MOST_SHOWN", "Aligned", "aligned"]

#: Unchanged bases shown on either side.
_BESIDE = 16
#: A longer stretch that comes or goes is shown by its ends.
MOST_SHOWN = 60
_END = 12


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two rows of equal length.

    Parameters
    ----------
    before, after
        Letters, ``-`` where the other row has one more, ``…`` where letters are left out.
    start
        Index, in the sequence before, of the first column.
    left_out
        Letters left out in all.
    """

    before: str
    after: str
    start: int
    left_out: int = 0

    @property
    def changed(self) -> tuple[int, ...]:
        """Columns in which the rows differ."""
        return tuple(i for i, (a, b) in enumerate(zip(self.before, self.after, strict=True)) if a != b)

    @property
    def between(self) -> str:
        """A bar for each letter that stays, a space for each that changes."""
        pairs = zip(self.before, self.after, strict=True)
        return "".join("|" if a == b != "…" else "…" if a == b else " " for a, b in pairs)


def aligned(simulation: Simulation, allele: EditedAllele) -> Aligned:
    """Lay an allele against the sequence before the edit.

    Parameters
    ----------
    simulation, allele
        The edit, and one of the sequences it leaves.

    Examples
    --------
    >>> from revertant import knowledge
    >>> from revertant.planning.simulation import given_ground, simulate_prime_edit
    >>> ground = given_ground("AACCATGGTGCACCTGACTCCTGTGGAGAAGTCTGCCGTTACTG")
    >>> made = simulate_prime_edit(
    ...     ground, "CATGGTGCACCTGACTCCTG", knowledge.prime_editors()["pe2"], extension="AGACTTCTCCTCAGGAGTCAGGTGCAC"
    ... )
    >>> rows = aligned(made, made.alleles[0])
    >>> rows.before[rows.changed[0]], rows.after[rows.changed[0]], len(rows.changed)
    ('T', 'A', 1)
    """
    bases = simulation.before.sequence
    old, new = allele.removed, allele.written
    low = max(0, allele.start - _BESIDE)
    high = allele.start + len(old)
    longest = max(len(old), len(new))
    old, new = old.ljust(longest, "-"), new.ljust(longest, "-")
    left_out = 0
    if longest > MOST_SHOWN:
        left_out = longest - 2 * _END
        old, new = (f"{row[:_END]}…{row[-_END:]}" for row in (old, new))
    left, right = bases[low : allele.start], bases[high : high + _BESIDE]
    return Aligned(left + old + right, left + new + right, low, left_out)
