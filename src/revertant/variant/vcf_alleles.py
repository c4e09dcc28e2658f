"""REF checked and indels shifted left for a whole block of records, as :func:`revertant.variant.normalise` does.

Reference bases are fetched in tiles, a few at a time, and laid end to end; a record then only needs to know how far
its tile lies from its place on the contig. What cannot be decided within a tile, or needs a second thought (a REF
that differs, ambiguous letters, a shift that leaves the tile), is handed back to be looked at record by record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from revertant.genome import Reference
from revertant.sequence import IUPAC_MASK
from revertant.variant.vcf_fields import Bytes, Mask, Numbers

__all__ = ["Alleles", "Stretches", "normalise_alleles", "same_letters"]

#: Bases of a tile, how far it reaches beyond its ends, and how many tiles are held at a time.
_TILE_BITS = 18
_MARGIN = 1024
_TILES = 48
#: Longer alleles are compared faster as texts.
_LONGEST = 512

_UPPER = np.frombuffer(bytes(range(256)).upper(), np.uint8)
_MASK = np.zeros(256, np.uint8)
for _letter, _bits in IUPAC_MASK.items():
    _MASK[ord(_letter)] = _bits


class Stretches:
    """What the reference covers of each contig, as sorted arrays.

    Examples
    --------
    >>> stretches = Stretches(Reference.from_sequences({"chr1:11-20": "ACGTACGTAC", "chr1:31-34": "ACGT"}))
    >>> stretches.index("chr1", np.array([10, 19, 32]), np.array([1, 2, 2])).tolist()
    [0, -1, 1]
    """

    def __init__(self, reference: Reference) -> None:
        by_contig: dict[str, list[tuple[int, int]]] = {}
        for window in reference.windows:
            by_contig.setdefault(window.contig, []).append((window.start, window.end))
        self._of = {contig: np.array(spans, np.int64) for contig, spans in by_contig.items()}

    def index(self, contig: str, start: Numbers, size: Numbers) -> Numbers:
        """Return the stretch that wholly covers each place; -1 where none does."""
        spans = self._of[contig]
        found = np.searchsorted(spans[:, 0], start, side="right") - 1
        covered = (found >= 0) & (start + size <= spans[found, 1])
        return np.where(covered, found, -1)

    def span(self, contig: str, index: int) -> tuple[int, int]:
        """Return start and end of one stretch."""
        low, high = self._of[contig][index].tolist()
        return low, high


@dataclass(slots=True)
class Alleles:
    """REF and ALT of some records of one contig; trimmed and shifted in place.

    Parameters
    ----------
    start, ref_at, ref_size, alt_at, alt_size
        0-based place, and where the alleles lie in the block.
    turn
        By how many bases the one allele of a shifted indel is rotated to the left.
    moved
        By how many bases an indel was moved left, as :func:`revertant.variant.normalise.steps_left` says.
    agrees
        Whether REF is what the reference holds.
    left_over
        Whether the record has to be looked at on its own.
    """

    start: Numbers
    ref_at: Numbers
    ref_size: Numbers
    alt_at: Numbers
    alt_size: Numbers
    turn: Numbers
    moved: Numbers
    agrees: Mask
    left_over: Mask

    @classmethod
    def of(
        cls, start: Numbers, ref_at: Numbers, ref_size: Numbers, alt_at: Numbers, alt_size: Numbers
    ) -> Alleles:
        """Take alleles as the file has them."""
        size = len(start)
        shape = (start.copy(), ref_at.copy(), ref_size.copy(), alt_at.copy(), alt_size.copy())
        turn, moved = np.zeros(size, np.int64), np.zeros(size, np.int64)
        return cls(*shape, turn, moved, np.zeros(size, np.bool_), np.zeros(size, np.bool_))

    def of_rows(self, rows: Mask | Numbers) -> Alleles:
        """Return the alleles of some rows."""
        return Alleles(
            self.start[rows],
            self.ref_at[rows],
            self.ref_size[rows],
            self.alt_at[rows],
            self.alt_size[rows],
            self.turn[rows],
            self.moved[rows],
            self.agrees[rows],
            self.left_over[rows],
        )

    def letters(self, data: Bytes) -> tuple[Numbers, Bytes]:
        """Return where each row's letters start, and REF and ALT of all rows end to end, upper-case."""
        sizes = self.ref_size + self.alt_size
        offset = np.cumsum(sizes) - sizes
        row = np.repeat(np.arange(len(sizes)), sizes)
        place = np.arange(len(row)) - np.repeat(offset, sizes)
        behind = place - self.ref_size[row]
        is_ref = behind < 0
        size = np.where(is_ref, self.ref_size[row], self.alt_size[row])
        turned = (np.where(is_ref, place, behind) + self.turn[row]) % np.maximum(size, 1)
        return offset, _UPPER[data[np.where(is_ref, self.ref_at[row], self.alt_at[row]) + turned]]


def same_letters(data: Bytes, one: Numbers, other: Numbers) -> Mask:
    """Whether the letters at two places are the same, in whichever case.

    Examples
    --------
    >>> same_letters(np.frombuffer(b"aAC", np.uint8), np.array([0, 1]), np.array([1, 2])).tolist()
    [True, False]
    """
    return np.asarray(_UPPER[data[one]] == _UPPER[data[other]])


def normalise_alleles(
    alleles: Alleles, data: Bytes, reference: Reference, contig: str, stretches: Stretches
) -> None:
    """Check REF, trim and shift left; all alleles are of the letters A, C, G and T in either case."""
    stretch = stretches.index(contig, alleles.start, alleles.ref_size)
    single = (alleles.ref_size == 1) & (alleles.alt_size == 1)
    for rows, around in _tiles(alleles, stretch, reference, contig, stretches):
        one = single[rows]
        snv = rows[one]
        held = around.text[alleles.start[snv] - around.origin[one]]
        ref = _UPPER[data[alleles.ref_at[snv]]]
        # An ambiguous letter agrees with each base it stands for; N is unknown and agrees with none.
        alleles.agrees[snv] = (held == ref) | ((held != ord("N")) & (_MASK[held] & _MASK[ref] > 0))
        if not one.all():
            _settle(alleles, data, rows[~one], around.of_rows(~one))


@dataclass(frozen=True, slots=True)
class _Around:
    """The reference around some records.

    Parameters
    ----------
    text
        Tiles end to end.
    origin
        For each record, what to take from a position on the contig to have its place in the text.
    left, right
        The positions between which its tile lies.
    is_edge
        Whether the tile begins where the stretch does.
    """

    text: Bytes
    origin: Numbers
    left: Numbers
    right: Numbers
    is_edge: Mask

    def of_rows(self, rows: Mask) -> _Around:
        return _Around(self.text, self.origin[rows], self.left[rows], self.right[rows], self.is_edge[rows])


def _tiles(
    alleles: Alleles, stretch: Numbers, reference: Reference, contig: str, stretches: Stretches
) -> Iterator[tuple[Numbers, _Around]]:
    """Yield rows with the reference around them, some tiles at a time."""
    key = (stretch << 40) | (alleles.start >> _TILE_BITS)
    tiles, number = np.unique(key, return_inverse=True)
    for low in range(0, len(tiles), _TILES):
        parts, shape = [], []
        size = 0
        for tile in tiles[low : low + _TILES].tolist():
            begin, end = stretches.span(contig, tile >> 40)
            at = (tile & ((1 << 40) - 1)) << _TILE_BITS
            first, last = max(begin, at - _MARGIN), min(end, at + (1 << _TILE_BITS) + _MARGIN)
            parts.append(np.frombuffer(reference.fetch(contig, first, last).encode("ascii"), np.uint8))
            shape.append((first - size, first, last, first == begin))
            size += last - first
        rows = np.flatnonzero((number >= low) & (number < low + _TILES))
        origin, left, right, is_edge = np.array(shape, np.int64)[number[rows] - low].T
        yield rows, _Around(np.concatenate(parts), origin, left, right, is_edge.astype(np.bool_))


def _settle(alleles: Alleles, data: Bytes, rows: Numbers, around: _Around) -> None:
    """Check, trim and shift what is no single base."""
    part = alleles.of_rows(rows)
    lost = (part.start + part.ref_size > around.right) | (np.maximum(part.ref_size, part.alt_size) > _LONGEST)
    active = np.flatnonzero(~lost & (part.ref_size > 0))
    place = 0
    while len(active):
        held = around.text[part.start[active] + place - around.origin[active]]
        agrees = held == _UPPER[data[part.ref_at[active] + place]]
        lost[active[~agrees]] = True
        place += 1
        active = active[agrees]
        active = active[part.ref_size[active] > place]
    # A first base that both alleles have is the record's anchor: the change lies behind it.
    behind = part.start + same_letters(data, part.ref_at, part.alt_at)
    _trim(part, data, np.flatnonzero(~lost))
    lost |= (part.ref_size == 0) & (part.alt_size == 0)
    moving = np.where(part.ref_size > 0, part.ref_at, part.alt_at)
    size = np.maximum(part.ref_size, part.alt_size)
    steps = np.zeros(len(rows), np.int64)
    is_indel = ~lost & (np.minimum(part.ref_size, part.alt_size) == 0)
    active = np.flatnonzero(is_indel)
    while len(active):
        at = part.start[active] - steps[active] - 1
        outside = at < around.left[active]
        # Where a stretch of the reference ends, so does the shift; where only the tile ends, it may go on.
        lost[active[outside & ~around.is_edge[active]]] = True
        active, at = active[~outside], at[~outside]
        last = moving[active] + size[active] - 1 - steps[active] % size[active]
        active = active[around.text[at - around.origin[active]] == _UPPER[data[last]]]
        steps[active] += 1
    alleles.start[rows] = part.start - steps
    alleles.ref_at[rows], alleles.ref_size[rows] = part.ref_at, part.ref_size
    alleles.alt_at[rows], alleles.alt_size[rows] = part.alt_at, part.alt_size
    alleles.moved[rows] = np.where(is_indel, np.maximum(part.start, behind) - part.start + steps, 0)
    alleles.turn[rows] = -steps % np.maximum(size, 1)
    alleles.agrees[rows] = ~lost
    alleles.left_over[rows] = lost


def _trim(part: Alleles, data: Bytes, rows: Numbers) -> None:
    """Remove the bases both alleles share, the 3' end first."""

    def both(active: Numbers) -> Numbers:
        return active[(part.ref_size[active] > 0) & (part.alt_size[active] > 0)]

    active = both(rows)
    while len(active):
        last = part.ref_at[active] + part.ref_size[active] - 1
        active = active[same_letters(data, last, part.alt_at[active] + part.alt_size[active] - 1)]
        part.ref_size[active] -= 1
        part.alt_size[active] -= 1
        active = both(active)
    active = both(rows)
    while len(active):
        active = active[same_letters(data, part.ref_at[active], part.alt_at[active])]
        for column in (part.start, part.ref_at, part.alt_at):
            column[active] += 1
        part.ref_size[active] -= 1
        part.alt_size[active] -= 1
        active = both(active)
