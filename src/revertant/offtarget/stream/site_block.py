"""Sites with all that is known of them, in columns: what a stream gives, a summary counts and a writer writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from revertant.model import SiteOrigin, Variant
from revertant.offtarget.matching.found import FoundSites
from revertant.offtarget.scoring.tiers import tiers_of

__all__ = ["Carrier", "SiteBlock", "compacted", "joined"]


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who has a site, and why.

    Parameters
    ----------
    origin, haplotypes, variants, reference_cfd
        As in :class:`revertant.model.OffTargetSite`.
    """

    origin: SiteOrigin
    haplotypes: tuple[str, ...]
    variants: tuple[Variant, ...] = ()
    reference_cfd: float | None = None


@dataclass(frozen=True, slots=True)
class SiteBlock:
    """Sites of one part of the genome, one row each, in genome order.

    Parameters
    ----------
    found
        Guide, alignment and PAM; ``sequence`` numbers the windows of the reference.
    start, end
        The aligned DNA, without PAM, on the contig.
    cfd
        CFD score, ``NaN`` where it is not defined; of a lost site nobody has it, so ``NaN`` too.
    carrier
        For each row an index into ``carriers``.
    carriers
        Who has it.
    """

    found: FoundSites
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    cfd: NDArray[np.float64]
    carrier: NDArray[np.int32]
    carriers: tuple[Carrier, ...]

    def __len__(self) -> int:
        return len(self.found)

    @property
    def is_lost(self) -> NDArray[np.bool_]:
        """Which sites this person has not."""
        lost = np.array([carrier.origin is SiteOrigin.LOST for carrier in self.carriers], np.bool_)
        return lost[self.carrier] if len(self.carriers) else np.zeros(0, np.bool_)

    @property
    def tiers(self) -> NDArray[np.uint8]:
        """The tier of each site, 1 to 5, as :func:`revertant.offtarget.scoring.tiers.tier_of_site` has it."""
        score = self.cfd
        if (lost := self.is_lost).any():
            there = [np.nan if one.reference_cfd is None else one.reference_cfd for one in self.carriers]
            score = np.where(lost, np.array(there)[self.carrier], score)
        return tiers_of(self.found.total_edits, score, ~np.isnan(score))

    @property
    def is_plain(self) -> bool:
        """Whether every site is the reference's, with nothing of the person's at it: then no place is there twice."""
        return all(one.origin is SiteOrigin.REFERENCE and not one.variants for one in self.carriers)

    def portions(self, rows: int) -> Iterator[SiteBlock]:
        """Give the block in pieces, where it is plain: what is worked out of each then takes little memory."""
        if not self.is_plain or len(self) <= rows:
            yield self
            return
        for low in range(0, len(self), rows):
            yield self.take(slice(low, low + rows))

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_] | slice) -> SiteBlock:
        """Return some rows."""
        return SiteBlock(
            self.found.take(rows),
            self.start[rows],
            self.end[rows],
            self.cfd[rows],
            self.carrier[rows],
            self.carriers,
        )


def joined(pieces: Sequence[SiteBlock], depth: int) -> SiteBlock:
    """Put the blocks of neighbouring stretches together; ``depth`` is for none at all."""
    if len(pieces) == 1:
        return pieces[0]
    carriers: dict[Carrier, int] = {}
    renumbered = []
    for piece in pieces:
        ids = np.array([carriers.setdefault(x, len(carriers)) for x in piece.carriers], np.int32)
        renumbered.append(ids[piece.carrier] if len(ids) else piece.carrier)
    return SiteBlock(
        FoundSites.joined([piece.found for piece in pieces], depth),
        np.concatenate([np.zeros(0, np.int64), *(piece.start for piece in pieces)]),
        np.concatenate([np.zeros(0, np.int64), *(piece.end for piece in pieces)]),
        np.concatenate([np.zeros(0), *(piece.cfd for piece in pieces)]),
        np.concatenate([np.zeros(0, np.int32), *renumbered]),
        tuple(carriers),
    )


def compacted(block: SiteBlock) -> SiteBlock:
    """Let go of carriers that no row names."""
    used, numbers = np.unique(block.carrier, return_inverse=True)
    return SiteBlock(
        block.found,
        block.start,
        block.end,
        block.cfd,
        numbers.astype(np.int32),
        tuple(block.carriers[index] for index in used.tolist()),
    )
