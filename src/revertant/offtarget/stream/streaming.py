"""Sites as they come: the genome part by part, reference and person together, in columns.

A whole genome can hold millions of sites, so no object is made for each. What the person's variants do not touch
stays columns from the kernel to the file. Only sites in reach of a variant, and those at a guide's own target, become
objects for a moment: they are held against the person's two copies by :mod:`revertant.offtarget.person.patient`
and told apart by :func:`revertant.offtarget.stream.report.why_not_listed`, and go back into the columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from revertant.genome import PatientGenome
from revertant.model import Locus, OffTargetRequest, PamSide, SiteOrigin
from revertant.offtarget.matching.found import FoundSites
from revertant.offtarget.matching.hit import Hit, reach_of
from revertant.offtarget.matching.scanning import Scanner, scan
from revertant.offtarget.person.delta_table import ClusterTable, active_clusters, cluster_table
from revertant.offtarget.person.patient import PersonalHit, personal_hits
from revertant.offtarget.person.window_search import search_windows
from revertant.offtarget.stream.column_scores import ColumnScores
from revertant.offtarget.stream.report import SearchedSequence, TargetLedger
from revertant.offtarget.stream.site_block import Carrier, SiteBlock, joined
from revertant.offtarget.stream.sources import SiteSource, SmallSource, open_source

__all__ = ["SiteStream"]

#: Sites worked on at a time, where no site of the person's own is among them.
_ROWS = 1 << 18
#: Below so many clusters on a stretch all are looked at one by one: the kernels need a second to load.
_FEW_CLUSTERS = 2000
#: Clusters resolved at a time.
_CLUSTERS = 4096
#: A site with its PAM this near a target's is asked whether it is the target itself.
_NEAR = 64

Progress = Callable[[str, float], None]
_STAGE = "searching off-targets"


@dataclass(slots=True)
class _Pass:
    """One way through the reference, with the guides of one PAM."""

    members: tuple[int, ...]
    is_first: bool
    advance: Callable[[int], None]


class SiteStream:
    """The search of some guides in one person's genome, to be gone through once.

    Parameters
    ----------
    requests
        The guides; all of them must fit the kernels.
    genome
        The person's genome. Without calls it is the reference.
    progress
        Called with a stage name and a share from 0 to 1.
    """

    def __init__(
        self, requests: Sequence[OffTargetRequest], genome: PatientGenome, progress: Progress | None = None
    ) -> None:
        self.requests = tuple(requests)
        self.genome = genome
        #: What went through the search, complete when the stream is at its end.
        self.searched = SearchedSequence()
        #: For each guide, what was its own target.
        self.ledgers = tuple(TargetLedger() for _ in self.requests)
        self._progress = progress
        self._source: SiteSource = open_source(self.requests, genome.reference, self.searched, progress)
        #: Whether compiled code is at hand, so that what takes the blocks may use it too.
        self.is_compiled = not isinstance(self._source, SmallSource)
        self.scores = ColumnScores(self.requests, is_compiled=self.is_compiled)
        self._reach = max(map(reach_of, self.requests))
        self._targets = _TargetPlaces(self.requests, genome)

    def blocks(self) -> Iterator[SiteBlock]:
        """Give the sites, one part of the genome after another, for each PAM in turn."""
        windows = self.genome.reference.windows
        passes = len(self._source.groups)
        rounds = 2 if self.genome.has_calls else 1
        total, done = max(self.genome.reference.total_bases * passes * rounds, 1), 0

        def advance(bases: int) -> None:
            nonlocal done
            done += bases
            if self._progress is not None:
                self._progress(_STAGE, min(done / total, 1.0))

        for number, group in enumerate(self._source.groups):
            way = _Pass(group.members, number == 0, advance)
            for first, last, found in self._source.parts(number, advance):
                ends = np.searchsorted(found.sequence, np.arange(first, last), side="right")
                begin = 0
                pieces: list[SiteBlock] = []
                for stretch, end in zip(range(first, last), ends.tolist(), strict=True):
                    sites = found.take(slice(begin, end))
                    begin = end
                    pieces.append(self._resolved(windows[stretch], stretch, sites, way))
                yield from joined(pieces, group.depth).portions(_ROWS)
        if self.genome.has_calls:
            self.searched.refused_calls = len(self.genome.refused)

    def ahead(self) -> Iterator[SiteBlock]:
        """Give the blocks, each worked out while the one before is used, where compiled code does the work."""
        if not self.is_compiled:
            return self.blocks()
        # Compiled code is loaded where it is used.
        from revertant.offtarget.matching.blocks import ahead  # noqa: PLC0415

        return ahead(self.blocks())

    def _resolved(
        self,
        stretch: Locus,
        number: int,
        sites: FoundSites,
        way: _Pass,
    ) -> SiteBlock:
        """Hold the reference's sites on one stretch against the person's copies."""
        near = self._targets.near(sites, number)
        own: list[tuple[int, PersonalHit]] = []
        if self.genome.has_calls:
            table = cluster_table(self.genome, stretch, number, self._reach)
            cluster = table.over(*self._zones(sites, stretch))
            if len(table):
                own += self._personal(table, cluster, sites, way)
            else:
                way.advance(len(stretch))
            apart = cluster >= 0
        else:
            apart = np.zeros(len(sites), np.bool_)
        for guide, hit in sites.take(near & ~apart).hits(self.requests):
            own += [(guide, one) for one in self._untouched(guide, hit)]
        special = near | apart
        bulk = sites.take(~special) if special.any() else sites
        listed = [(guide, one) for guide, one in own if self.ledgers[guide].lists(self.requests[guide], one)]
        return self._block(stretch, number, bulk, listed)

    def _untouched(self, guide: int, hit: Hit) -> Iterator[PersonalHit]:
        return personal_hits(
            self.requests[guide],
            self.genome,
            self.genome.reference.windows,
            (),
            reference_hits=[hit],
            window_hits=(),
        )

    def _zones(self, sites: FoundSites, stretch: Locus) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """What has a say in each site's alignment, as :func:`revertant.offtarget.matching.hit.zone_of` has it."""
        depth = np.array([len(r.spacer) + r.limits.dna_bulges for r in self.requests])[sites.guide]
        size = np.array([len(r.pam) for r in self.requests])[sites.guide]
        leftward = _is_leftward(self.requests, sites)
        at = stretch.start + sites.pam_start
        return np.where(leftward, at - depth, at), np.where(leftward, at + size, at + size + depth)

    def _personal(
        self,
        table: ClusterTable,
        cluster: NDArray[np.int64],
        sites: FoundSites,
        way: _Pass,
    ) -> Iterator[tuple[int, PersonalHit]]:
        """What the person has in reach of their variants."""
        requests = [self.requests[index] for index in way.members]
        before = 0

        def count(bases: int) -> None:
            nonlocal before
            before += bases
            way.advance(bases)

        scanner: Scanner = scan
        if len(table) <= _FEW_CLUSTERS:
            needed = np.arange(len(table))
        else:
            # Compiled code is loaded where it is used; the few windows that are left go through it as well.
            from revertant.offtarget.matching.compiled import scan_compiled  # noqa: PLC0415

            scanner = scan_compiled
            active = active_clusters(self.genome, table, requests, count)
            needed = np.union1d(active, cluster[cluster >= 0])
        way.advance(len(table.stretch) - before)
        order = np.argsort(cluster, kind="stable")
        ranked = cluster[order]
        for low in range(0, len(needed), _CLUSTERS):
            some = needed[low : low + _CLUSTERS]
            clusters = [table.cluster(self.genome, index) for index in some.tolist()]
            if way.is_first:
                self.searched.incomplete_places += [one.core for one in clusters if not one.complete]
            rows = order[
                np.searchsorted(ranked, some[0], "left") : np.searchsorted(ranked, some[-1], "right")
            ]
            hits: dict[int, list[Hit]] = defaultdict(list)
            for guide, hit in sites.take(rows).hits(self.requests):
                hits[guide].append(hit)
            found = search_windows(clusters, requests, scanner)
            for guide, in_windows in zip(way.members, found, strict=True):
                for one in personal_hits(
                    self.requests[guide],
                    self.genome,
                    self.genome.reference.windows,
                    clusters,
                    reference_hits=hits[guide],
                    window_hits=in_windows,
                ):
                    yield guide, one

    def _block(
        self, stretch: Locus, number: int, bulk: FoundSites, listed: Sequence[tuple[int, PersonalHit]]
    ) -> SiteBlock:
        """Put untouched sites, which are in order, and the person's own into one block."""
        carriers: dict[Carrier, int] = {}
        edges, labels = _copies_along(self.genome, stretch)
        ids = np.array([carriers.setdefault(Carrier(SiteOrigin.REFERENCE, x), len(carriers)) for x in labels])
        length = (
            np.array([len(request.spacer) for request in self.requests], np.int64)[bulk.guide]
            + bulk.edits[:, 1].astype(np.int64)
            - bulk.edits[:, 2]
        )
        size = np.array([len(request.pam) for request in self.requests])[bulk.guide]
        at = stretch.start + bulk.pam_start
        start = np.where(_is_leftward(self.requests, bulk), at - length, at + size)
        who = ids[np.searchsorted(edges, start, side="right") - 1]
        if not listed:
            cfd = self.scores.cfd(bulk)
            return SiteBlock(bulk, start, start + length, cfd, who.astype(np.int32), tuple(carriers))
        personal = FoundSites.of_hits(
            [(guide, one.hit) for guide, one in listed], self.requests, bulk.bases.shape[1]
        )
        personal.sequence[:] = number
        theirs = [
            carriers.setdefault(Carrier(one.origin, one.haplotypes, one.variants, score), len(carriers))
            for (_, one), score in zip(listed, self._reference_scores(listed), strict=True)
        ]
        found = FoundSites.joined([bulk, personal], bulk.bases.shape[1])
        places = np.array([(one.locus.start, one.locus.end) for _, one in listed], np.int64)
        start, end = np.concatenate([start, places[:, 0]]), np.concatenate([start + length, places[:, 1]])
        cfd = self.scores.cfd(found)
        block = SiteBlock(
            found, start, end, cfd, np.concatenate([who, theirs]).astype(np.int32), tuple(carriers)
        )
        cfd[block.is_lost] = np.nan
        return block.take(np.lexsort((found.guide, found.is_minus, end, start)))

    def _reference_scores(self, listed: Sequence[tuple[int, PersonalHit]]) -> list[float | None]:
        """CFD of the reference's version of each site, where there is one and it is defined."""
        rows = [row for row, (_, one) in enumerate(listed) if one.reference is not None]
        depth = max(len(request.spacer) + request.limits.dna_bulges for request in self.requests)
        hits = [(guide, one.reference) for guide, one in listed if one.reference is not None]
        scores: list[float | None] = [None] * len(listed)
        for row, score in zip(
            rows, self.scores.cfd(FoundSites.of_hits(hits, self.requests, depth)).tolist(), strict=True
        ):
            scores[row] = None if np.isnan(score) else score
        return scores


class _TargetPlaces:
    """Tells sites so near a guide's target that they may be the target."""

    def __init__(self, requests: Sequence[OffTargetRequest], genome: PatientGenome) -> None:
        self._start = np.full(len(requests), -1, np.int64)
        self._contig: list[str | None] = [None] * len(requests)
        for index, request in enumerate(requests):
            if request.target is not None:
                self._start[index] = request.target.start
                self._contig[index] = request.target.contig
        self._windows = genome.reference.windows

    def near(self, sites: FoundSites, number: int) -> NDArray[np.bool_]:
        stretch = self._windows[number]
        is_here = np.array([contig == stretch.contig for contig in self._contig], np.bool_)
        place = stretch.start + sites.pam_start
        result: NDArray[np.bool_] = is_here[sites.guide] & (abs(place - self._start[sites.guide]) <= _NEAR)
        return result


def _is_leftward(requests: Sequence[OffTargetRequest], sites: FoundSites) -> NDArray[np.bool_]:
    """Whether the DNA lies left of the PAM on the forward strand."""
    is_three = np.array([request.pam_side is PamSide.THREE_PRIME for request in requests], np.bool_)
    result: NDArray[np.bool_] = is_three[sites.guide] != sites.is_minus
    return result


def _copies_along(genome: PatientGenome, stretch: Locus) -> tuple[NDArray[np.int64], list[tuple[str, ...]]]:
    """Where the number of copies changes along a stretch, and the names of the copies from there on."""
    if not genome.has_calls:
        return np.array([stretch.start]), [("reference",)]
    edges = [stretch.start, *genome.copy_edges(stretch)]
    names = {0: (), 1: ("1",), 2: ("1", "2")}
    return np.array(edges), [names[genome.copies(Locus(stretch.contig, at, at + 1))] for at in edges]
