"""What is held of a stream of sites: exact counts and sums of all, and the sites a person must look at.

Of sites that the reference has too, the worst are held, so many for each guide. Of sites that this person's variants
gained, changed or destroyed all are held, up to a number no reader gets through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from revertant.genome import GeneModels
from revertant.model import (
    Coverage,
    Locus,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    SiteCount,
    SiteOrigin,
)
from revertant.offtarget.scoring.aggregates import (
    CFD_STEPS,
    CRISPOR_MISMATCHES,
    CRISPOR_OTHER_PAM,
    MIT_STEPS,
    SiteSums,
    aggregate,
)
from revertant.offtarget.scoring.tiers import FEW_EDITS, HIGH_CFD, TIER_MEANINGS
from revertant.offtarget.stream.column_scores import ColumnScores
from revertant.offtarget.stream.report import TargetLedger, annotated_site, site_order
from revertant.offtarget.stream.site_block import SiteBlock, compacted, joined

__all__ = ["MOST_PERSONAL", "Summary"]

#: Sites of the person's own that are held for each guide.
MOST_PERSONAL = 10_000

_ORIGINS = tuple(SiteOrigin)
_EDITS = 32
_TIERS = len(TIER_MEANINGS)
#: PAM letters outward: an NGG reads G, G.
_G = 4


class Summary:
    """Takes the blocks of a stream one by one, and gives the reports at the end.

    Parameters
    ----------
    requests
        The guides.
    windows
        The windows of the reference, which the blocks number.
    keep
        How many sites that the reference has too are held for each guide; ``None`` for every site there is.
    scores
        Scores the sites of these guides.
    """

    def __init__(
        self,
        requests: Sequence[OffTargetRequest],
        windows: Sequence[Locus],
        keep: int | None,
        scores: ColumnScores,
    ) -> None:
        self._requests = requests
        self._windows = windows
        count = len(requests)
        self._counts = np.zeros((count, len(_ORIGINS), _EDITS), np.int64)
        self._tiers = np.zeros((count, _TIERS), np.int64)
        self._sums = np.zeros((len(_SUMS), count), np.int64)
        self._scores = scores
        depth = max(len(request.spacer) + request.limits.dna_bulges for request in requests)
        self._worst = _Worst(count, keep, depth)
        self._personal = _Worst(count, None if keep is None else max(keep, MOST_PERSONAL), depth)

    @property
    def rows(self) -> int:
        """How many sites were seen."""
        return int(self._counts.sum())

    def add(self, block: SiteBlock) -> None:
        """Count a block and keep what is worst in it."""
        if not len(block):
            return
        origin = np.array([_ORIGINS.index(carrier.origin) for carrier in block.carriers])[block.carrier]
        edits = block.found.total_edits
        cell = (block.found.guide.astype(np.int64) * len(_ORIGINS) + origin) * _EDITS + edits
        self._counts += np.bincount(cell, minlength=self._counts.size).reshape(self._counts.shape)
        tier = (block.found.guide.astype(np.int64) * _TIERS + block.tiers - 1)[~block.is_lost]
        self._tiers += np.bincount(tier, minlength=self._tiers.size).reshape(self._tiers.shape)
        self._add_sums(block)
        is_reference = origin == _ORIGINS.index(SiteOrigin.REFERENCE)
        self._worst.add(block, edits, is_reference)
        self._personal.add(block, edits, ~is_reference)

    def _add_sums(self, block: SiteBlock) -> None:
        """Add up over the ungapped sites that are there; of versions of one place the higher-scoring one counts."""
        rows = (block.found.columns == 0) & ~block.is_lost
        some = block if rows.all() else block.take(rows)
        if not len(some):
            return
        guide = some.found.guide
        first = np.arange(len(some))
        if not block.is_plain:
            place = np.stack([guide, some.found.sequence, some.start, some.end, some.found.is_minus])
            is_new = np.ones(len(some), np.bool_)
            is_new[1:] = (place[:, 1:] != place[:, :-1]).any(axis=0)
            first = np.flatnonzero(is_new)
        mit = self._scores.mit(some.found)
        has_gg = (some.found.pams & np.uint64(255)) == _G << 4 | _G
        mit = np.where(has_gg, mit, mit * CRISPOR_OTHER_PAM)
        few = some.found.edits[:, 0] <= CRISPOR_MISMATCHES
        of, guides = guide[first], len(self._requests)
        self._sums[0] += np.bincount(of, minlength=guides)
        self._sums[1] += np.bincount(guide[some.found.edits[:, 0] == 0], minlength=guides)
        summands = (
            (some.cfd, CFD_STEPS),
            (np.where(few, some.cfd, np.nan), CFD_STEPS),
            (np.where(few, mit, np.nan), MIT_STEPS),
        )
        for row, (scores, steps) in enumerate(summands, start=1):
            best = scores if len(first) == len(some) else np.fmax.reduceat(scores, first)
            known = ~np.isnan(best)
            np.add.at(self._sums[2 * row], of[known], np.rint(best[known] * steps).astype(np.int64))
            self._sums[2 * row + 1] += np.bincount(of[known], minlength=guides)

    def reports(
        self, ledgers: Sequence[TargetLedger], coverage: Coverage, models: GeneModels | None
    ) -> tuple[OffTargetReport, ...]:
        """Make the report of each guide.

        Parameters
        ----------
        ledgers
            What was the guides' own target.
        coverage
            What was searched.
        models
            Gene models, to annotate the sites that are held.
        """
        held: list[list[OffTargetSite]] = [[] for _ in self._requests]
        for store in (self._worst, self._personal):
            for guide, site in self._sites(store.block, models):
                held[guide].append(site)
        reports = []
        for guide, (request, ledger) in enumerate(zip(self._requests, ledgers, strict=True)):
            total = self._site_counts(guide)
            is_whole = len(held[guide]) == sum(one.sites for one in total)
            reports.append(
                OffTargetReport(
                    request,
                    tuple(sorted(held[guide], key=site_order)),
                    coverage,
                    aggregate(
                        request, self._sums_of(guide), ledger.targets, genome_wide=coverage.genome_wide
                    ),
                    ledger.tally(int(self._counts[guide].sum())),
                    ledger.other_allele(request, models),
                    () if is_whole else total,
                    tuple(self._tiers[guide].tolist()),
                )
            )
        return tuple(reports)

    def _sums_of(self, guide: int) -> SiteSums:
        values = zip(_SUMS, self._sums[:, guide].tolist(), strict=True)
        return SiteSums(**{name: value / steps if steps else value for (name, steps), value in values})

    def _site_counts(self, guide: int) -> tuple[SiteCount, ...]:
        counts = self._counts[guide]
        return tuple(
            SiteCount(_ORIGINS[origin], edits, int(counts[origin, edits]))
            for origin, edits in np.argwhere(counts).tolist()
        )

    def _sites(self, block: SiteBlock, models: GeneModels | None) -> Iterator[tuple[int, OffTargetSite]]:
        """Make the objects of rows."""
        rows = zip(
            block.found.hits(self._requests),
            block.start.tolist(),
            block.end.tolist(),
            block.cfd.tolist(),
            block.carrier.tolist(),
            strict=True,
        )
        for (guide, hit), start, end, cfd, who in rows:
            carrier = block.carriers[who]
            yield (
                guide,
                annotated_site(
                    self._requests[guide],
                    hit,
                    Locus(self._windows[hit.sequence].contig, start, end, hit.strand),
                    models,
                    origin=carrier.origin,
                    haplotypes=carrier.haplotypes,
                    variants=carrier.variants,
                    cfd=None if np.isnan(cfd) else cfd,
                    reference_cfd=carrier.reference_cfd,
                ),
            )


#: The fields of :class:`SiteSums` in their order, and in what steps each is added up; 0 for plain counts.
_SUMS = (
    ("places", 0),
    ("perfect", 0),
    ("cfd", CFD_STEPS),
    ("cfd_places", 0),
    ("few_cfd", CFD_STEPS),
    ("few_cfd_places", 0),
    ("few_mit", MIT_STEPS),
    ("few_mit_places", 0),
)


class _Worst:
    """Holds the worst rows of each guide: those that must be looked at, then by CFD, then by edits.

    Once a guide has all its rows, one that is not worse than the least of them is dropped before anything is sorted.
    """

    def __init__(self, guides: int, keep: int | None, depth: int) -> None:
        self._keep = keep
        self._depth = depth
        self._held: list[SiteBlock] = []
        self._edits = np.zeros(0, np.int64)
        self._least = np.full((3, guides), -np.inf)

    @property
    def block(self) -> SiteBlock:
        """What is held."""
        return joined(self._held, self._depth)

    def add(self, block: SiteBlock, edits: NDArray[np.int64], chosen: NDArray[np.bool_]) -> None:
        must, score, near = _danger(block, edits)
        must_least, score_least, near_least = self._least[:, block.found.guide]
        is_worse = (must > must_least) | (
            (must == must_least) & ((score > score_least) | ((score == score_least) & (near > near_least)))
        )
        rows = np.flatnonzero(chosen & is_worse)
        if not len(rows):
            return
        self._held.append(compacted(block.take(rows)))
        self._edits = np.concatenate([self._edits, edits[rows]])
        if self._keep is not None:
            self._drop(self._keep)

    def _drop(self, keep: int) -> None:
        """Keep so many rows of each guide."""
        held = self.block
        guide = held.found.guide
        must, score, near = _danger(held, self._edits)
        # Equally bad ones stay in the order of the genome.
        order = np.lexsort((-near, -score, -must, guide))
        ranked = guide[order]
        rank = np.arange(len(order)) - np.searchsorted(ranked, ranked, side="left")
        for row in order[rank == keep - 1].tolist():
            self._least[:, guide[row]] = must[row], score[row], near[row]
        kept = np.sort(order[rank < keep])
        self._held = [compacted(held.take(kept))]
        self._edits = self._edits[kept]


def _danger(
    block: SiteBlock, edits: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Three keys, each larger for what is worse."""
    must = (edits <= FEW_EDITS) | (block.cfd >= HIGH_CFD)
    return must.astype(np.int64), np.where(np.isnan(block.cfd), -1.0, block.cfd), -edits
