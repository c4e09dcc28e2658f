"""The sites of guides on the haplotypes of a panel, batch after batch, each counted in its populations."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from revertant.genome import GeneModels, Reference
from revertant.model import Locus, OffTargetRequest, PopulationSite, SiteOrigin
from revertant.offtarget.matching.guides import fits_kernels
from revertant.offtarget.matching.hit import Hit, zone_of
from revertant.offtarget.matching.scanning import COMPILED_BASES, Scanner, scan
from revertant.offtarget.person.comparison import PersonalHit, compare, on_reference
from revertant.offtarget.population.counts import PopulationIndex, worst_first
from revertant.offtarget.population.haplotypes import NOT_KNOWN, PANEL, ObservedCluster
from revertant.offtarget.population.statement import Unused
from revertant.offtarget.stream.report import TargetLedger, site_of

__all__ = ["KnownHits", "PopulationSearch", "WideningScan"]

#: Index of the reference's own sequence among the windows of a cluster.
_OWN = -1


class WideningScan:
    """Searches batch after batch, with the compiled kernels once there is enough to pay for loading them."""

    def __init__(self) -> None:
        self._done = 0

    def __call__(
        self,
        sequences: Iterable[str],
        requests: Sequence[OffTargetRequest],
        progress: Callable[[int], None] | None = None,
    ) -> tuple[tuple[Hit, ...], ...]:
        """Do what :func:`revertant.offtarget.scan` does."""
        texts = list(sequences)
        self._done += sum(map(len, texts))
        if self._done >= COMPILED_BASES and all(map(fits_kernels, requests)):
            from revertant.offtarget.matching.compiled import scan_compiled  # noqa: PLC0415

            return scan_compiled(texts, requests, progress)
        return scan(texts, requests, progress)


class KnownHits:
    """Hits on the reference by guide and stretch, to be looked up by place."""

    def __init__(self, hits: Sequence[Iterable[Hit]], stretches: Sequence[Locus]) -> None:
        self._stretches = stretches
        self._hits: list[dict[int, list[Hit]]] = []
        for of_guide in hits:
            by_stretch: dict[int, list[Hit]] = {}
            for hit in of_guide:
                by_stretch.setdefault(hit.sequence, []).append(hit)
            for found in by_stretch.values():
                found.sort(key=lambda hit: hit.pam_start)
            self._hits.append(by_stretch)

    def near(self, guide: int, around: Locus) -> tuple[Locus, list[Hit]]:
        """The covered stretch around a place, and the hits of a guide with their PAM there."""
        number = bisect_left(self._stretches, (around.contig, around.end), key=lambda s: (s.contig, s.end))
        stretch = self._stretches[number]
        hits = self._hits[guide].get(number, [])
        low = bisect_left(hits, around.start - stretch.start, key=lambda hit: hit.pam_start)
        high = bisect_left(hits, around.end - stretch.start, key=lambda hit: hit.pam_start)
        return stretch, hits[low:high]


@dataclass(slots=True)
class _Row:
    """One site and the windows that have it."""

    hit: PersonalHit
    windows: list[int] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class PopulationSearch:
    """What has been found so far.

    Parameters
    ----------
    names, requests
        The guides.
    reference
        What the panel is held against.
    index
        The populations.
    models
        Gene models, to annotate the sites with.
    scanner
        The search of sequences.
    known
        The guides' hits on the reference; without them it is searched around each cluster.
    sites, ledgers
        For each guide its sites, and what lies at its own target.
    unused
        Copies that could not be used.
    """

    names: tuple[str, ...]
    requests: tuple[OffTargetRequest, ...]
    reference: Reference
    index: PopulationIndex
    models: GeneModels | None = None
    scanner: Scanner = field(default_factory=WideningScan)
    known: KnownHits | None = None
    sites: tuple[list[PopulationSite], ...] = ()
    ledgers: tuple[TargetLedger, ...] = ()
    unused: Unused = field(default_factory=Unused)

    def __post_init__(self) -> None:
        self.sites = tuple([] for _ in self.requests)
        self.ledgers = tuple(TargetLedger() for _ in self.requests)

    def resolve(self, clusters: Sequence[ObservedCluster]) -> None:
        """Search a batch of clusters and count what is found."""
        texts: list[str] = []
        places: list[tuple[int, int]] = []
        for number, cluster in enumerate(clusters):
            self.unused.note(cluster)
            if not cluster.windows:
                continue
            if self.known is None:
                places.append((number, _OWN))
                around = cluster.around
                texts.append(self.reference.fetch(around.contig, around.start, around.end))
            for index, window in enumerate(cluster.windows):
                places.append((number, index))
                texts.append(window.bases)
        for guide, hits in enumerate(self.scanner(texts, self.requests)):
            found: dict[int, dict[int, list[Hit]]] = {}
            for hit in hits:
                number, index = places[hit.sequence]
                found.setdefault(number, {}).setdefault(index, []).append(hit)
            for number in range(len(clusters)) if self.known else sorted(found):
                cluster = clusters[number]
                by_window = found.get(number, {})
                stretch, near = cluster.around, by_window.pop(_OWN, [])
                if self.known is not None:
                    stretch, near = self.known.near(guide, cluster.around)
                near = self._in_core(guide, cluster, stretch, near)
                if near or by_window:
                    for row in self._rows(guide, cluster, by_window, stretch, near):
                        self._count(guide, cluster, row)

    def _in_core(
        self, guide: int, cluster: ObservedCluster, stretch: Locus, hits: Sequence[Hit]
    ) -> list[Hit]:
        """The reference's hits that a variant of the cluster could touch."""
        inside = []
        for hit in hits:
            start, end = zone_of(hit, self.requests[guide])
            if stretch.start + start < cluster.core.end and cluster.core.start < stretch.start + end:
                inside.append(hit)
        return inside

    def _rows(
        self,
        guide: int,
        cluster: ObservedCluster,
        by_window: dict[int, list[Hit]],
        stretch: Locus,
        near: Sequence[Hit],
    ) -> Iterable[_Row]:
        """Compare window by window and join the windows that have the same site."""
        rows: dict[tuple[object, ...], _Row] = {}
        for number, window in enumerate(cluster.windows):
            changes = compare(self.requests[guide], window, by_window.get(number, ()), near, stretch.start)
            for made in changes.made:
                row = rows.setdefault(made.key, _Row(made.placed(window, PANEL)))
                if row.hit.origin is SiteOrigin.GAINED and made.reference is not None:
                    row.hit = made.placed(window, PANEL)
                row.windows.append(number)
            for lost in changes.lost:
                if not lost.is_changed:
                    fresh = _Row(on_reference(stretch, lost.hit, PANEL, lost.variants, SiteOrigin.LOST))
                    rows.setdefault((lost.hit, lost.variants), fresh).windows.append(number)
        return rows.values()

    def _count(self, guide: int, cluster: ObservedCluster, row: _Row) -> None:
        request = self.requests[guide]
        if not self.ledgers[guide].lists(request, row.hit):
            return
        site = site_of(request, row.hit, self.models)
        name = self.names[guide]
        if cluster.counts:
            counts = worst_first(cluster.counts)
            self.sites[guide].append(PopulationSite(name, site, counts, None, is_phased=False))
            return
        has_it = np.zeros(1 + len(cluster.windows), np.bool_)
        has_it[[1 + number for number in row.windows]] = True
        called: NDArray[np.bool_] = cluster.members != NOT_KNOWN
        carrying = called & has_it[cluster.members]
        people = int(carrying.reshape(-1, 2).any(axis=1).sum())
        counts = self.index.counts(carrying, called)
        self.sites[guide].append(PopulationSite(name, site, counts, people, is_phased=True))
