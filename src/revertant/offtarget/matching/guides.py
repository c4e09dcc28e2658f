"""Guides as the kernels take them: letters as numbers, limits as rows of a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from revertant.model import OffTargetRequest, PamSide, Strand
from revertant.offtarget.matching.alignment import GENOME_MASK
from revertant.offtarget.matching.hit import outward
from revertant.sequence import IUPAC_MASK

__all__ = [
    "MASK_OF_BYTE",
    "MOST_BULGES",
    "MOST_DEPTH",
    "MOST_MISMATCHES",
    "MOST_PAM",
    "GuideSet",
    "fits_kernels",
    "group_guides",
    "is_reversed",
    "pattern_of",
]

#: Longest spacer with its DNA bulges, longest PAM, most mismatches and bulges of a kind the kernels take.
MOST_DEPTH = 32
MOST_PAM = 8
MOST_MISMATCHES = 8
MOST_BULGES = 3

_NO_TOTAL = 1 << 20
_PLAIN = tuple(IUPAC_MASK[base] for base in "ACGT")

#: The base set of each byte of a genome, either case; everything unknown is the empty set.
MASK_OF_BYTE = np.zeros(256, np.uint8)
for _letter, _mask in GENOME_MASK.items():
    MASK_OF_BYTE[ord(_letter)] = MASK_OF_BYTE[ord(_letter.lower())] = _mask


@dataclass(frozen=True, slots=True)
class GuideSet:
    """Guides of one PAM, encoded.

    Parameters
    ----------
    pam, side
        The PAM they share.
    members
        Index of each guide among the requests.
    depth
        Bases beside the PAM that have a say.
    letters
        Base sets in use; the first four are A, C, G, T.
    indexes
        The guides outward from the PAM, as indexes into ``letters``.
    masks
        The same as base sets.
    sizes
        Letters of each guide.
    limits
        For each guide: mismatches, DNA bulges, RNA bulges, total edits, whether bulges may lie at the ends.
    """

    pam: str
    side: PamSide
    members: tuple[int, ...]
    depth: int
    letters: NDArray[np.uint8]
    indexes: NDArray[np.int64]
    masks: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    limits: NDArray[np.int64]

    @property
    def pattern(self) -> NDArray[np.uint8]:
        """The PAM's base sets in the order in which an outward text holds them."""
        return pattern_of(self.pam, self.side)


def fits_kernels(request: OffTargetRequest) -> bool:
    """Whether the compiled kernels take a guide; the few others go the slower way.

    Examples
    --------
    >>> fits_kernels(OffTargetRequest("A" * 20, "NGG")), fits_kernels(OffTargetRequest("A" * 40, "NGG"))
    (True, False)
    """
    limits = request.limits
    return (
        len(request.spacer) + limits.dna_bulges <= MOST_DEPTH
        and len(request.pam) <= MOST_PAM
        and limits.mismatches <= MOST_MISMATCHES
        and max(limits.dna_bulges, limits.rna_bulges) <= MOST_BULGES
    )


def pattern_of(pam: str, side: PamSide) -> NDArray[np.uint8]:
    """Return a PAM's base sets in the order in which an outward text holds them.

    Examples
    --------
    >>> pattern_of("NGG", PamSide.THREE_PRIME).tolist()
    [4, 4, 15]
    """
    return np.array([IUPAC_MASK[letter] for letter in outward(pam, side)], np.uint8)


def is_reversed(side: PamSide, strand: Strand) -> bool:
    """Whether a strand, written outward from its PAMs, runs against the given sequence."""
    return (side is PamSide.THREE_PRIME) == (strand is Strand.PLUS)


def group_guides(requests: Sequence[OffTargetRequest]) -> tuple[GuideSet, ...]:
    """Encode guides, those of one PAM together.

    Examples
    --------
    >>> [group] = group_guides([OffTargetRequest("ACGR", "NGG")])
    >>> group.letters.tolist(), group.indexes.tolist(), group.pattern.tolist()
    ([1, 2, 4, 8, 5], [[4, 2, 1, 0]], [4, 4, 15])
    """
    by_pam: dict[tuple[str, PamSide], list[int]] = defaultdict(list)
    for index, request in enumerate(requests):
        by_pam[request.pam, request.pam_side].append(index)
    return tuple(
        _encoded(pam, side, members, [requests[index] for index in members])
        for (pam, side), members in by_pam.items()
    )


def _encoded(pam: str, side: PamSide, members: list[int], requests: Sequence[OffTargetRequest]) -> GuideSet:
    texts = [outward(request.spacer, side) for request in requests]
    used = {IUPAC_MASK[letter] for letter in set("".join(texts))}
    letters = [*_PLAIN, *sorted(used - set(_PLAIN))]
    number = {mask: index for index, mask in enumerate(letters)}
    longest = max(map(len, texts))
    masks: NDArray[Any] = np.zeros((len(texts), longest), np.uint8)
    indexes: NDArray[Any] = np.zeros((len(texts), longest), np.int64)
    for row, text in enumerate(texts):
        masks[row, : len(text)] = [IUPAC_MASK[letter] for letter in text]
        indexes[row, : len(text)] = [number[IUPAC_MASK[letter]] for letter in text]
    limits = [
        (
            request.limits.mismatches,
            request.limits.dna_bulges,
            request.limits.rna_bulges,
            _NO_TOTAL if request.limits.total_edits is None else request.limits.total_edits,
            int(request.limits.end_bulges),
        )
        for request in requests
    ]
    return GuideSet(
        pam,
        side,
        tuple(members),
        max(len(request.spacer) + request.limits.dna_bulges for request in requests),
        np.array(letters, np.uint8),
        indexes,
        masks,
        np.array([len(text) for text in texts], np.int64),
        np.array(limits, np.int64),
    )
