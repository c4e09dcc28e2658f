"""Positions as HGVS counts them along one transcript: ``c.20``, ``c.88+1``, ``c.-78``, ``c.*10+3``, ``n.12``.

Exonic bases are counted along the spliced transcript; an intronic base is named after the nearest exonic
one and its distance from it. Positions before the transcript's first base or behind its last go on counting
along the genome, as authors do for promoters (*HBB* ``c.-78`` lies 28 bases before the first exon).
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from revertant.errors import InputError
from revertant.model import Strand, Transcript

__all__ = ["FLANK", "Numbering", "numbering"]

#: How far outside the transcript positions are still named by it, and called upstream or downstream.
FLANK = 5000


class Numbering:
    """The two maps between genome positions and HGVS positions of one transcript.

    Parameters
    ----------
    transcript
        The transcript.

    Examples
    --------
    >>> gene = Transcript("T1.1", "G", "chr1", Strand.MINUS, ((10, 20), (30, 40)), (15, 36))
    >>> names = Numbering(gene)
    >>> [names.text(position) for position in (35, 36, 30, 29, 20, 19, 14, 45)]
    ['1', '-1', '6', '6+1', '7-1', '7', '*1', '-10']
    >>> names.position(7, -1, "cds"), names.position(10, 0, "upstream"), names.position(1, 0, "downstream")
    (20, 45, 14)
    """

    __slots__ = ("_before", "_exons", "_low", "_starts", "cds", "length", "plus", "transcript")

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.plus = transcript.strand is Strand.PLUS
        self._exons = transcript.exons
        self._starts = [start for start, _ in transcript.exons]
        self.length = sum(end - start for start, end in transcript.exons)
        self._low = transcript.exons[0][0]
        self._before: list[int] = []  # spliced bases of earlier exons, in forward order
        total = 0
        for start, end in transcript.exons:
            self._before.append(total)
            total += end - start
        self.cds = self._cds_bounds()

    def _cds_bounds(self) -> tuple[int, int] | None:
        if self.transcript.cds is None:
            return None
        low, high = self.transcript.cds
        first, last = (low, high - 1) if self.plus else (high - 1, low)
        return self.place(first)[0], self.place(last)[0] + 1

    def exon_index(self, position: int) -> int:
        """Forward-order index of the last exon that starts at or before the position; -1 before the first."""
        return bisect_right(self._starts, position) - 1

    def place(self, position: int) -> tuple[int, int]:
        """Name a genome position by the index of an exonic base and the offset from it (0 in exons).

        The index counts from 0 along the spliced transcript and goes below 0, or past its length, outside.
        """
        at = self.exon_index(position)
        last = len(self._exons) - 1
        if at < 0:
            forward, offset = position - self._low, 0
        else:
            start, end = self._exons[at]
            if position < end:
                forward, offset = self._before[at] + position - start, 0
            elif at == last:
                forward, offset = self.length + position - end, 0
            else:
                forward, offset = self._intron(at, position)
        if self.plus:
            return forward, offset
        return self.length - 1 - forward, -offset

    def _intron(self, at: int, position: int) -> tuple[int, int]:
        left = position - self._exons[at][1] + 1
        right = self._exons[at + 1][0] - position
        # The middle base of an odd intron belongs to the exon upstream of it in the transcript's direction.
        nearer_left = left < right or (left == right and self.plus)
        edge = self._before[at + 1]
        return (edge - 1, left) if nearer_left else (edge, -right)

    def text(self, position: int) -> str:
        """HGVS text of a genome position, without ``c.`` or ``n.``."""
        index, offset = self.place(position)
        tail = f"{offset:+d}" if offset else ""
        if self.cds is None:
            if index < 0:
                return f"{index}{tail}"
            return f"{index + 1}{tail}" if index < self.length else f"*{index - self.length + 1}{tail}"
        first, end = self.cds
        if index < first:
            return f"{index - first}{tail}"
        return f"{index - first + 1}{tail}" if index < end else f"*{index - end + 1}{tail}"

    @property
    def system(self) -> str:
        """``"c"`` for a coding transcript, else ``"n"``."""
        return "n" if self.cds is None else "c"

    def position(self, number: int, offset: int, region: str, *, where: str = "") -> int:
        """Map an HGVS position to the genome.

        Parameters
        ----------
        number
            The number as written (1 for ``c.1``, 78 for ``c.-78``, 10 for ``c.*10``).
        offset
            Signed distance into the intron, 0 in exons.
        region
            ``"cds"`` (counted from the start codon), ``"upstream"``, ``"downstream"``, or ``"transcript"``
            (``n.``: counted from the first base).
        where
            The expression, for the error message.

        Raises
        ------
        InputError
            When the transcript has no such position.
        """
        name = {"upstream": "-", "downstream": "*"}.get(region, "") + str(number)
        if number < 1:
            raise self._no(name, offset, "positions count from 1; there is no position 0", where)
        index = self._index(number, region, name, offset, where)
        if not -FLANK <= index < self.length + FLANK:
            raise self._no(name, offset, f"it lies more than {FLANK} bases outside the transcript", where)
        if not offset:
            return self._exonic(index)
        return self._intronic(index, offset, name, where)

    def _index(self, number: int, region: str, name: str, offset: int, where: str) -> int:
        if self.cds is None:
            index = {"upstream": -number, "downstream": self.length + number - 1}.get(region, number - 1)
            is_inside = region != "transcript" or index < self.length
        elif region == "transcript":
            index = number - 1
            is_inside = index < self.length
        else:
            first, end = self.cds
            index = {"upstream": first - number, "downstream": end + number - 1}.get(
                region, first + number - 1
            )
            is_inside = region != "cds" or index < end
        if not is_inside:
            counted = self.length if self.cds is None or region == "transcript" else self.cds[1] - self.cds[0]
            raise self._no(name, offset, f"it counts {counted} bases there", where)
        return index

    def _exonic(self, index: int) -> int:
        forward = index if self.plus else self.length - 1 - index
        if forward < 0:
            return self._low + forward
        at = bisect_right(self._before, forward) - 1
        return self._exons[at][0] + forward - self._before[at]

    def _intronic(self, index: int, offset: int, name: str, where: str) -> int:
        if not 0 <= index < self.length:
            raise self._no(
                name, offset, "offsets count from exons, and this lies outside the transcript", where
            )
        edge = self._exonic(index)
        at = self.exon_index(edge)
        start, end = self._exons[at]
        step = offset if self.plus else -offset
        neighbour = at + (1 if step > 0 else -1)
        if edge != (end - 1 if step > 0 else start):
            side = "last" if offset > 0 else "first"
            raise self._no(name, offset, f"{name} is not the {side} base of an exon", where)
        if not 0 <= neighbour < len(self._exons):
            raise self._no(name, offset, "no intron follows there", where)
        gap = self._exons[neighbour][0] - end if step > 0 else start - self._exons[neighbour][1]
        if abs(step) > gap:
            raise self._no(name, offset, f"that intron is {gap} bases long", where)
        return edge + step

    def _no(self, name: str, offset: int, because: str, where: str) -> InputError:
        tail = f"{offset:+d}" if offset else ""
        return InputError(
            f"{self.transcript.transcript_id} has no position {name}{tail}: {because}.",
            where=where,
            remedy="Check the transcript's version and the position.",
            code="no-such-position",
        )


@lru_cache(maxsize=4096)
def numbering(transcript: Transcript) -> Numbering:
    """Return the maps of a transcript, made once.

    Examples
    --------
    >>> numbering(Transcript("T1.1", "G", "chr1", Strand.PLUS, ((10, 20), (30, 40)), (15, 36))).text(20)
    '5+1'
    """
    return Numbering(transcript)
