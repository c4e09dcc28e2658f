"""Sequences cut into pieces and laid end to end, with gaps of "no base" between them.

Each piece owns the PAMs that start in it; its text reaches further, so that every site it owns is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from revertant.offtarget.matching.guides import MASK_OF_BYTE

__all__ = ["Batch", "Piece", "batches"]

#: Bases laid end to end at a time: the planes of a batch then stay in the cache.
_BATCH_BASES = 1 << 22


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sequence. It owns the PAMs from ``own_start`` to ``own_end``; ``text`` reaches further."""

    sequence: int
    own_start: int
    own_end: int
    text_start: int
    text: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Pieces laid end to end: where each begins, and the base set of every base.

    The other arrays hold, for each piece, what :class:`Piece` names.
    """

    pieces: tuple[Piece, ...]
    offsets: NDArray[np.int64]
    masks: NDArray[np.uint8]
    sequences: NDArray[np.int64]
    own_starts: NDArray[np.int64]
    own_ends: NDArray[np.int64]
    text_starts: NDArray[np.int64]
    text_sizes: NDArray[np.int64]

    @property
    def own_bases(self) -> int:
        """How many bases the pieces own."""
        return int((self.own_ends - self.own_starts).sum())


def _pieces(sequences: Iterable[str], reach: int) -> Iterator[Piece]:
    for number, sequence in enumerate(sequences):
        for start in range(0, len(sequence), _BATCH_BASES):
            end = min(start + _BATCH_BASES, len(sequence))
            low, high = max(0, start - reach), min(end + reach, len(sequence))
            yield Piece(number, start, end, low, sequence[low:high])


def batches(sequences: Iterable[str], reach: int) -> Iterator[Batch]:
    """Cut sequences into batches.

    Parameters
    ----------
    sequences
        Taken one by one.
    reach
        The longest stretch a site can cover, PAM included.

    Examples
    --------
    >>> [batch] = batches(["ACG", "T"], 2)
    >>> batch.offsets.tolist(), batch.masks.tolist()
    ([2, 7], [0, 0, 1, 2, 4, 0, 0, 8, 0, 0])
    """
    pieces: list[Piece] = []
    bases = 0
    for piece in _pieces(sequences, reach):
        pieces.append(piece)
        bases += len(piece.text) + reach
        if bases >= _BATCH_BASES:
            yield _laid_out(pieces, reach)
            pieces, bases = [], 0
    if pieces:
        yield _laid_out(pieces, reach)


def _laid_out(pieces: list[Piece], reach: int) -> Batch:
    sizes = np.array([len(piece.text) for piece in pieces], np.int64)
    offsets = reach + np.concatenate([[0], np.cumsum(sizes + reach)[:-1]]).astype(np.int64)
    masks = np.zeros(reach + int((sizes + reach).sum()), np.uint8)
    for piece, offset in zip(pieces, offsets.tolist(), strict=True):
        letters = np.frombuffer(piece.text.encode("ascii", "replace"), np.uint8)
        masks[offset : offset + len(letters)] = MASK_OF_BYTE[letters]
    return Batch(
        tuple(pieces),
        offsets,
        masks,
        np.array([piece.sequence for piece in pieces], np.int64),
        np.array([piece.own_start for piece in pieces], np.int64),
        np.array([piece.own_end for piece in pieces], np.int64),
        np.array([piece.text_start for piece in pieces], np.int64),
        sizes,
    )
