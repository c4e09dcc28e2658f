"""The sites of one person: what their variants make, change and destroy.

Each sequence the person may carry around a cluster of variants is searched like any other, and held against the
reference's own sites there (see :mod:`revertant.offtarget.person.comparison`).

A reference site that at least one copy still has stays a reference site and names those copies. Only
when no copy has it, in any form, is it lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from revertant.genome import HaplotypeWindow, PatientGenome
from revertant.model import Locus, OffTargetRequest, SiteOrigin, Variant
from revertant.offtarget.matching.hit import Hit, zone_of
from revertant.offtarget.person.comparison import Made, PersonalHit, compare, disturbing, on_reference
from revertant.offtarget.person.delta import Cluster, ClusterIndex

__all__ = ["PersonalHit", "personal_hits"]

_PUTATIVE = ("putative",)


def personal_hits(
    request: OffTargetRequest,
    genome: PatientGenome,
    stretches: Sequence[Locus],
    clusters: Sequence[Cluster],
    *,
    reference_hits: Sequence[Hit],
    window_hits: Sequence[Sequence[Sequence[Hit]]],
) -> Iterator[PersonalHit]:
    """Give every site of one guide in one person.

    Parameters
    ----------
    request
        The guide.
    genome
        The person's genome; without calls every hit is simply the reference's.
    stretches, clusters
        What was searched.
    reference_hits
        Hits on the reference; their ``sequence`` is the index of the stretch.
    window_hits
        For each cluster, for each of its windows, the hits in it (none for windows without variants).
    """
    index = ClusterIndex(clusters)
    near: dict[int, list[Hit]] = defaultdict(list)
    for hit in reference_hits:
        stretch = stretches[hit.sequence]
        start, end = zone_of(hit, request)
        number = index.of(hit.sequence, stretch.start + start, stretch.start + end)
        if number is None:
            yield on_reference(stretch, hit, _copies(genome, stretch, hit))
        else:
            near[number].append(hit)
    for number, cluster in enumerate(clusters):
        if near[number] or any(window_hits[number]):
            yield from _Resolution(request, genome, cluster, near[number]).resolve(window_hits[number])


def _copies(genome: PatientGenome, stretch: Locus, hit: Hit) -> tuple[str, ...]:
    """The copies a person has of a place without variants (one only of a man's X)."""
    if not genome.has_calls:
        return ("reference",)
    at = stretch.start + hit.start
    return _labels(genome.windows(Locus(stretch.contig, at, at + 1)))


def _labels(windows: Iterable[HaplotypeWindow]) -> tuple[str, ...]:
    return tuple(sorted({label for window in windows for label in window.haplotypes}))


@dataclass(slots=True)
class _Fate:
    """What became of one reference site in the windows of its cluster."""

    zone: tuple[int, int]
    kept: list[HaplotypeWindow] = field(default_factory=list)
    lost: list[HaplotypeWindow] = field(default_factory=list)
    culprits: set[Variant] = field(default_factory=set)
    is_changed: bool = False


class _Resolution:
    """Puts together what the windows of one cluster have, for one guide."""

    def __init__(
        self, request: OffTargetRequest, genome: PatientGenome, cluster: Cluster, hits: Sequence[Hit]
    ) -> None:
        self._request = request
        self._genome = genome
        self._cluster = cluster
        self._base = cluster.stretch.start
        self._fates = {hit: _Fate(self._zone(hit)) for hit in hits}
        self._versions: dict[tuple[object, ...], tuple[Made, list[HaplotypeWindow]]] = {}

    def resolve(self, window_hits: Sequence[Sequence[Hit]]) -> Iterator[PersonalHit]:
        """Compare window by window, then put the windows together."""
        for window, found in zip(self._cluster.windows, window_hits, strict=True):
            self._compare(window, found)
        stretch = self._cluster.stretch
        for hit, fate in self._fates.items():
            culprits = tuple(sorted(fate.culprits))
            if fate.kept:
                yield on_reference(stretch, hit, self._named(fate.kept, fate.zone), culprits)
            elif not fate.is_changed:
                labels = self._named(fate.lost, fate.zone)
                yield on_reference(stretch, hit, labels, culprits, SiteOrigin.LOST)
        for made, windows in self._versions.values():
            yield made.placed(windows[0], self._named(windows, made.zone))

    def _compare(self, window: HaplotypeWindow, found: Sequence[Hit]) -> None:
        changes = compare(self._request, window, found, self._fates, self._base)
        for hit in changes.kept:
            self._fates[hit].kept.append(window)
        for lost in changes.lost:
            fate = self._fates[lost.hit]
            fate.lost.append(window)
            fate.culprits.update(lost.variants)
            fate.is_changed |= lost.is_changed
        for made in changes.made:
            self._versions.setdefault(made.key, (made, []))[1].append(window)

    def _zone(self, hit: Hit) -> tuple[int, int]:
        start, end = zone_of(hit, self._request)
        return self._base + start, self._base + end

    def _named(self, windows: Sequence[HaplotypeWindow], zone: tuple[int, int]) -> tuple[str, ...]:
        """Name the copies; where the cluster's phase is unknown, those of the site's own variants may be known."""
        labels = _labels(windows)
        if labels != _PUTATIVE:
            return labels
        stretch = self._cluster.stretch
        place = Locus(stretch.contig, max(zone[0], stretch.start), min(zone[1], stretch.end))
        carried = {disturbing(window, *zone) for window in windows}
        local = [window for window in self._genome.windows(place) if disturbing(window, *zone) in carried]
        return _labels(local) or labels
