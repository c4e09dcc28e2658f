"""Found sites as columns: thousands at a time, turned into objects or text only at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from revertant.model import OffTargetRequest, PamSide, Strand
from revertant.offtarget.matching.alignment import GENOME_MASK
from revertant.offtarget.matching.hit import Hit, outward

__all__ = ["LETTER_OF_MASK", "FoundSites"]

#: The letter of each base set; the empty set is ``N``.
LETTER_OF_MASK = "".join(
    next((letter for letter, mask in GENOME_MASK.items() if mask == wanted), "N") for wanted in range(16)
)

_PAIR, _DNA_BULGE, _RNA_BULGE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class FoundSites:
    """Aligned sites, one row each.

    Parameters
    ----------
    guide
        Index of the request.
    sequence
        Index of the sequence or stretch.
    pam_start
        Leftmost base of the PAM on it.
    is_minus
        Whether the guide reads on the minus strand.
    edits
        Mismatches, DNA bulges, RNA bulges.
    columns
        The alignment, see :mod:`revertant.offtarget.kernels.align`.
    bases
        Base sets beside the PAM, outward, on the guide's strand.
    pams
        The PAM in outward order, four bits a letter.
    """

    guide: NDArray[np.int32]
    sequence: NDArray[np.int32]
    pam_start: NDArray[np.int64]
    is_minus: NDArray[np.bool_]
    edits: NDArray[np.uint8]
    columns: NDArray[np.uint64]
    bases: NDArray[np.uint8]
    pams: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.guide)

    @property
    def total_edits(self) -> NDArray[np.int64]:
        """Mismatches and bulges together."""
        mismatches, dna_bulges, rna_bulges = self.edits.T
        total: NDArray[np.int64] = (mismatches + dna_bulges + rna_bulges).astype(np.int64)
        return total

    @classmethod
    def joined(cls, found: Sequence[FoundSites], depth: int) -> FoundSites:
        """Put several together, as deep as the deepest of them; ``depth`` is for none at all."""
        if not found:
            return cls.room(0, depth)
        deepest = max(some.bases.shape[1] for some in found)
        columns = {field.name: [getattr(some, field.name) for some in found] for field in fields(cls)}
        columns["bases"] = [_deepened(bases, deepest) for bases in columns["bases"]]
        return cls(**{name: np.concatenate(parts) for name, parts in columns.items()})

    @classmethod
    def room(cls, rows: int, depth: int) -> FoundSites:
        """Make room for rows that are yet to be written."""
        return cls(
            np.empty(rows, np.int32),
            np.empty(rows, np.int32),
            np.empty(rows, np.int64),
            np.empty(rows, np.bool_),
            np.empty((rows, 3), np.uint8),
            np.empty(rows, np.uint64),
            np.empty((rows, depth), np.uint8),
            np.empty(rows, np.uint64),
        )

    @classmethod
    def of_hits(
        cls, hits: Iterable[tuple[int, Hit]], requests: Sequence[OffTargetRequest], depth: int
    ) -> FoundSites:
        """Write hits as columns, each with the index of its guide; the bases they do not show are left empty.

        Parameters
        ----------
        hits
            Index of the guide, and the hit.
        requests
            The guides; none with more than 32 letters and DNA bulges.
        depth
            Bases beside the PAM to make room for.
        """
        given = list(hits)
        found = cls.room(len(given), depth)
        found.bases[:] = 0
        for row, (guide, hit) in enumerate(given):
            side = requests[guide].pam_side
            found.guide[row], found.sequence[row] = guide, hit.sequence
            found.pam_start[row], found.is_minus[row] = hit.pam_start, hit.strand is Strand.MINUS
            found.edits[row] = hit.mismatches, hit.dna_bulges, hit.rna_bulges
            top, low = outward(hit.aligned_spacer, side), outward(hit.aligned_target, side)
            code = 0
            for column, (letter, base) in enumerate(zip(top, low, strict=True)):
                code |= (_DNA_BULGE if letter == "-" else _RNA_BULGE if base == "-" else _PAIR) << 2 * column
            found.columns[row] = code
            bases = [GENOME_MASK.get(base, 0) for base in low if base != "-"]
            found.bases[row, : len(bases)] = bases
            pam = outward(hit.pam, side)
            found.pams[row] = sum(GENOME_MASK.get(base, 0) << 4 * k for k, base in enumerate(pam))
        return found

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_] | slice) -> FoundSites:
        """Return some rows."""
        return FoundSites(*(getattr(self, field.name)[rows] for field in fields(self)))

    def hits(self, requests: Sequence[OffTargetRequest]) -> Iterator[tuple[int, Hit]]:
        """Give every row as the index of its guide and a hit."""
        letters = np.frombuffer(LETTER_OF_MASK.encode(), np.uint8)[self.bases & 15]
        text, width = letters.tobytes().decode("ascii"), letters.shape[1]
        rows = zip(
            self.guide.tolist(),
            self.sequence.tolist(),
            self.pam_start.tolist(),
            self.is_minus.tolist(),
            self.edits.tolist(),
            self.columns.tolist(),
            self.pams.tolist(),
            strict=True,
        )
        spacers = [outward(request.spacer, request.pam_side) for request in requests]
        for row, (guide, sequence, pam_start, is_minus, edits, columns, pam) in enumerate(rows):
            request = requests[guide]
            side, size = request.pam_side, len(request.pam)
            top, low = _rows_of(spacers[guide], text[row * width : (row + 1) * width], columns, edits)
            pam_text = "".join(LETTER_OF_MASK[pam >> 4 * k & 15] for k in range(size))
            length = len(spacers[guide]) + edits[1] - edits[2]
            leftward = (side is PamSide.THREE_PRIME) != is_minus
            start = pam_start - length if leftward else pam_start + size
            yield (
                guide,
                Hit(
                    sequence,
                    pam_start,
                    Strand.MINUS if is_minus else Strand.PLUS,
                    start,
                    start + length,
                    outward(pam_text, side),
                    outward(top, side),
                    outward(low, side),
                    *edits,
                ),
            )


def _deepened(bases: NDArray[np.uint8], depth: int) -> NDArray[np.uint8]:
    """Add empty bases up to a depth."""
    missing = depth - bases.shape[1]
    return np.pad(bases, ((0, 0), (0, missing))) if missing else bases


def _rows_of(guide: str, dna: str, columns: int, edits: list[int]) -> tuple[str, str]:
    """Write an alignment as two rows, outward."""
    if not columns:
        return guide, dna[: len(guide)]
    top, low = [], []
    j = t = 0
    for column in range(len(guide) + edits[1]):
        kind = columns >> 2 * column & 3
        top.append("-" if kind == _DNA_BULGE else guide[j])
        low.append(dna[t] if kind in {_PAIR, _DNA_BULGE} else "-")
        j += kind != _DNA_BULGE
        t += kind in {_PAIR, _DNA_BULGE}
    return "".join(top), "".join(low)
