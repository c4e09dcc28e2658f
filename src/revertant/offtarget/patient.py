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
from revertant.model import Locus, SiteOrigin, Variant
from revertant.offtarget.delta import Cluster, ClusterIndex, changed_spans, disturbs
from revertant.offtarget.hit import Hit

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
    genome: PatientGenome,
    stretches: Sequence[Locus],
    clusters: Sequence[Cluster],
    reference_hits: Sequence[Hit],
    window_hits: Sequence[Sequence[Sequence[Hit]]],
) -> Iterator[PersonalHit]:
    """Give every site of one guide in one person.

    Parameters
    ----------
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
        cluster = index.of(hit, stretches[hit.sequence])
        if cluster is None:
            yield _on_reference(stretches[hit.sequence], hit, _copies(genome, stretches[hit.sequence], hit))
        else:
            near[cluster].append(hit)
    for number, cluster_here in enumerate(clusters):
        if near[number] or any(window_hits[number]):
            yield from _Resolution(genome, cluster_here, near[number]).resolve(window_hits[number])


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

    kept: list[HaplotypeWindow] = field(default_factory=list)
    lost: list[HaplotypeWindow] = field(default_factory=list)
    culprits: set[Variant] = field(default_factory=set)
    is_changed: bool = False


@dataclass(slots=True)
class _Version:
    """One sequence at one place of the person's genome, and the windows that have it."""

    hit: Hit
    variants: tuple[Variant, ...]
    reference: Hit | None
    windows: list[HaplotypeWindow] = field(default_factory=list)


class _Resolution:
    """Holds the windows of one cluster against the reference, for one guide."""

    def __init__(self, genome: PatientGenome, cluster: Cluster, reference_hits: Sequence[Hit]) -> None:
        self._genome = genome
        self._cluster = cluster
        self._base = cluster.stretch.start
        self._fates = {hit: _Fate() for hit in reference_hits}
        self._versions: dict[tuple[object, ...], _Version] = {}

    def resolve(self, window_hits: Sequence[Sequence[Hit]]) -> Iterator[PersonalHit]:
        """Compare window by window, then put the windows together."""
        for window, found in zip(self._cluster.windows, window_hits, strict=True):
            self._compare(window, found)
        stretch = self._cluster.stretch
        for hit, fate in self._fates.items():
            culprits = tuple(sorted(fate.culprits))
            if fate.kept:
                labels = self._refined(_labels(fate.kept), self._on_stretch(hit), ())
                yield _on_reference(stretch, hit, labels, culprits)
            elif not fate.is_changed:
                yield _on_reference(stretch, hit, _labels(fate.lost), culprits, SiteOrigin.LOST)
        for version in self._versions.values():
            window, hit = version.windows[0], version.hit
            footprint = window.reference_locus(*hit.footprint)
            yield PersonalHit(
                hit,
                window.reference_locus(hit.start, hit.end, hit.strand),
                window.to_reference(_pam_neighbour(hit)),
                SiteOrigin.GAINED if version.reference is None else SiteOrigin.CHANGED,
                self._refined(_labels(version.windows), footprint, version.variants),
                version.variants,
                version.reference,
            )

    def _compare(self, window: HaplotypeWindow, found: Sequence[Hit]) -> None:
        spans = changed_spans(window)
        ours = {hit: touching for hit in found if (touching := _touching(hit.footprint, spans))}
        theirs = []
        for hit, fate in self._fates.items():
            place = self._on_stretch(hit)
            if any(disturbs(variant, place.start, place.end) for variant in window.variants):
                theirs.append(hit)
            else:
                fate.kept.append(window)
        gone, new = self._unpaired(window, theirs, list(ours))
        places = {(hit.strand, self._base + hit.pam_start): hit for hit in gone}
        for hit in new:
            at = window.to_reference(hit.pam_start)
            within = _steps_into_insertion(window, hit.pam_start)
            reference = places.pop((hit.strand, at), None) if not within else None
            if reference is not None:
                self._fates[reference].is_changed = True
            key = (hit.strand, at, within, hit.pam, hit.aligned_target, hit.aligned_spacer, ours[hit])
            version = self._versions.setdefault(key, _Version(hit, ours[hit], reference))
            version.windows.append(window)
        for hit in gone:
            place = self._on_stretch(hit)
            fate = self._fates[hit]
            fate.lost.append(window)
            fate.culprits.update(v for v in window.variants if disturbs(v, place.start, place.end))

    def _unpaired(
        self, window: HaplotypeWindow, theirs: list[Hit], ours: list[Hit]
    ) -> tuple[list[Hit], list[Hit]]:
        """Pair sites of equal sequence, those at the same place first; return what is left of both."""
        pool: dict[tuple[object, ...], list[Hit]] = defaultdict(list)
        for hit in theirs:
            pool[_content(hit)].append(hit)
        moved = []
        for hit in ours:
            same = pool[_content(hit)]
            at = window.to_reference(hit.pam_start) - self._base
            stayed = next((other for other in same if other.pam_start == at), None)
            if stayed is None:
                moved.append(hit)
            else:
                same.remove(stayed)
                self._fates[stayed].kept.append(window)
        new = []
        for hit in moved:
            same = pool[_content(hit)]
            if same:
                self._fates[same.pop(0)].kept.append(window)
            else:
                new.append(hit)
        return [hit for hits in pool.values() for hit in hits], new

    def _on_stretch(self, hit: Hit) -> Locus:
        start, end = hit.footprint
        return Locus(self._cluster.stretch.contig, self._base + start, self._base + end)

    def _refined(
        self, labels: tuple[str, ...], footprint: Locus, variants: tuple[Variant, ...]
    ) -> tuple[str, ...]:
        """Name the copies where the cluster's phase is unknown but the site's own variants have one."""
        if labels != _PUTATIVE:
            return labels
        local = []
        for window in self._genome.windows(footprint):
            within = {
                variant
                for variant in window.variants
                if variant in variants or disturbs(variant, footprint.start, footprint.end)
            }
            if within == set(variants):
                local.append(window)
        return _labels(local) or labels


def _content(hit: Hit) -> tuple[object, ...]:
    return hit.strand, hit.pam, hit.aligned_target, hit.aligned_spacer


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
