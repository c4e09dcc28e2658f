"""The sites of one person: what their variants make, change and destroy.

Each sequence the person may carry around a cluster of variants is searched like any other. What touches
a variant is then held against the reference's own sites there:

* the same DNA beside the same PAM is the same site, even where an indel in a repeat shifts its position;
* another sequence beside the same PAM is a *changed* site;
* what is left over is *gained* on the person's side, and *lost* from that copy on the reference's side.

A reference site that at least one copy still has stays a reference site and names those copies. Only
when no copy has it, in any form, is it lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from revertant.genome import HaplotypeWindow, PatientGenome
from revertant.model import Locus, OffTargetRequest, SiteOrigin, Variant
from revertant.offtarget.delta import Cluster, ClusterIndex, changed_spans, disturbs
from revertant.offtarget.hit import Hit, zone_of

__all__ = ["PersonalHit", "personal_hits"]

_PUTATIVE = ("putative",)


@dataclass(frozen=True, slots=True)
class PersonalHit:
    """A site as this person has it, or as the reference has it and they do not.

    Parameters
    ----------
    hit
        The site, in the coordinates of the sequence it was found in.
    locus
        The aligned DNA on the reference.
    pam_neighbour
        Reference position of the PAM's base beside the DNA.
    origin, haplotypes, variants
        As in :class:`revertant.model.OffTargetSite`.
    reference
        The reference's hit at the same place, for changed and lost sites.
    """

    hit: Hit
    locus: Locus
    pam_neighbour: int
    origin: SiteOrigin
    haplotypes: tuple[str, ...]
    variants: tuple[Variant, ...] = ()
    reference: Hit | None = None


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
            yield _on_reference(stretch, hit, _copies(genome, stretch, hit))
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


def _pam_neighbour(hit: Hit) -> int:
    return hit.pam_start if hit.start < hit.pam_start else hit.pam_start + len(hit.pam) - 1


def _on_reference(
    stretch: Locus,
    hit: Hit,
    haplotypes: tuple[str, ...],
    variants: tuple[Variant, ...] = (),
    origin: SiteOrigin = SiteOrigin.REFERENCE,
) -> PersonalHit:
    return PersonalHit(
        hit,
        Locus(stretch.contig, stretch.start + hit.start, stretch.start + hit.end, hit.strand),
        stretch.start + _pam_neighbour(hit),
        origin,
        haplotypes,
        variants,
        hit if origin is SiteOrigin.LOST else None,
    )


@dataclass(slots=True)
class _Fate:
    """What became of one reference site in the windows of its cluster."""

    zone: tuple[int, int]
    kept: list[HaplotypeWindow] = field(default_factory=list)
    lost: list[HaplotypeWindow] = field(default_factory=list)
    culprits: set[Variant] = field(default_factory=set)
    is_changed: bool = False


@dataclass(slots=True)
class _Version:
    """One sequence at one place of the person's genome, and the windows that have it."""

    hit: Hit
    zone: tuple[int, int]
    variants: tuple[Variant, ...]
    reference: Hit | None
    windows: list[HaplotypeWindow] = field(default_factory=list)


class _Resolution:
    """Holds the windows of one cluster against the reference, for one guide.

    What decides is the *zone* of a site: the PAM and all DNA that has a say in the alignment, even where the
    alignment chosen leaves its last base out.
    """

    def __init__(
        self, request: OffTargetRequest, genome: PatientGenome, cluster: Cluster, hits: Sequence[Hit]
    ) -> None:
        self._request = request
        self._genome = genome
        self._cluster = cluster
        self._base = cluster.stretch.start
        self._fates = {hit: _Fate(self._zone(hit)) for hit in hits}
        self._versions: dict[tuple[object, ...], _Version] = {}

    def resolve(self, window_hits: Sequence[Sequence[Hit]]) -> Iterator[PersonalHit]:
        """Compare window by window, then put the windows together."""
        for window, found in zip(self._cluster.windows, window_hits, strict=True):
            self._compare(window, found)
        stretch = self._cluster.stretch
        for hit, fate in self._fates.items():
            culprits = tuple(sorted(fate.culprits))
            if fate.kept:
                yield _on_reference(stretch, hit, self._named(fate.kept, fate.zone), culprits)
            elif not fate.is_changed:
                labels = self._named(fate.lost, fate.zone)
                yield _on_reference(stretch, hit, labels, culprits, SiteOrigin.LOST)
        for version in self._versions.values():
            window, hit = version.windows[0], version.hit
            yield PersonalHit(
                hit,
                window.reference_locus(hit.start, hit.end, hit.strand),
                window.to_reference(_pam_neighbour(hit)),
                SiteOrigin.GAINED if version.reference is None else SiteOrigin.CHANGED,
                self._named(version.windows, version.zone),
                version.variants,
                version.reference,
            )

    def _compare(self, window: HaplotypeWindow, found: Sequence[Hit]) -> None:
        spans = changed_spans(window)
        ours = [hit for hit in found if _touching(zone_of(hit, self._request), spans)]
        theirs = []
        for hit, fate in self._fates.items():
            if _disturbing(window, *fate.zone):
                theirs.append(hit)
            else:
                fate.kept.append(window)
        gone, new = self._unpaired(window, theirs, ours)
        places = {(hit.strand, self._base + hit.pam_start): hit for hit in gone}
        for hit in new:
            at = window.to_reference(hit.pam_start)
            within = _steps_into_insertion(window, hit.pam_start)
            reference = places.get((hit.strand, at)) if not within else None
            if reference is not None:
                self._fates[reference].is_changed = True
            start, end = zone_of(hit, self._request)
            variants = _touching(hit.footprint, spans) or _touching((start, end), spans)
            key = (hit.strand, at, within, _content(hit), variants)
            place = window.reference_locus(max(start, 0), min(end, len(window)))
            # A base more on either side: what is inserted at an edge belongs to the site.
            zone = place.start - 1, place.end + 1
            fresh = _Version(hit, zone, variants, reference)
            self._versions.setdefault(key, fresh).windows.append(window)
        for hit in gone:
            start, end = (self._base + edge for edge in hit.footprint)
            fate = self._fates[hit]
            fate.lost.append(window)
            fate.culprits |= _disturbing(window, start, end) or _disturbing(window, *fate.zone)

    def _unpaired(
        self, window: HaplotypeWindow, theirs: list[Hit], ours: list[Hit]
    ) -> tuple[list[Hit], list[Hit]]:
        """Pair sites of equal sequence, those at the same place first; return what is left of both."""
        pool: dict[tuple[object, ...], list[Hit]] = defaultdict(list)
        for hit in theirs:
            pool[_content(hit)].append(hit)
        base = self._base

        def stayed(hit: Hit, other: Hit) -> bool:
            return window.to_reference(hit.pam_start) == base + other.pam_start

        # The same DNA keeps its distance to the window's start, or to it and all indels in between.
        shifts = _shifts(window)

        def moved(hit: Hit, other: Hit) -> bool:
            return window.locus.start + hit.pam_start - base - other.pam_start in shifts

        left = ours
        for is_same in (stayed, moved):
            new = []
            for hit in left:
                same = pool[_content(hit)]
                twin = next((other for other in same if is_same(hit, other)), None)
                if twin is None:
                    new.append(hit)
                else:
                    same.remove(twin)
                    self._fates[twin].kept.append(window)
            left = new
        return [hit for hits in pool.values() for hit in hits], left

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
        carried = {_disturbing(window, *zone) for window in windows}
        local = [window for window in self._genome.windows(place) if _disturbing(window, *zone) in carried]
        return _labels(local) or labels


def _disturbing(window: HaplotypeWindow, start: int, end: int) -> frozenset[Variant]:
    return frozenset(variant for variant in window.variants if disturbs(variant, start, end))


def _content(hit: Hit) -> tuple[object, ...]:
    return hit.strand, hit.pam, hit.aligned_target, hit.aligned_spacer


def _shifts(window: HaplotypeWindow) -> set[int]:
    """By how much the window's indels, from its start up to any of them, move what comes after."""
    shifts = {0}
    total = 0
    for variant in sorted(window.variants, key=lambda variant: variant.start):
        total += len(variant.alt) - len(variant.ref)
        shifts.add(total)
    return shifts


def _steps_into_insertion(window: HaplotypeWindow, index: int) -> int:
    """How many bases back the window's first base for the same reference position lies."""
    at, steps = window.to_reference(index), 0
    while index - steps > 0 and window.to_reference(index - steps - 1) == at:
        steps += 1
    return steps


def _touching(footprint: tuple[int, int], spans: tuple[tuple[int, int, Variant], ...]) -> tuple[Variant, ...]:
    start, end = footprint
    return tuple(
        variant
        for low, high, variant in spans
        if (low < end and start < high if low < high else start < low < end)
    )
