"""One sequence that somebody carries, held against the reference's own sites there.

* The same DNA beside the same PAM is the same site, even where an indel in a repeat shifts its position.
* Another sequence beside the same PAM is a *changed* site.
* What is left over was *made* by the variants on the one side, and *lost* on the other.

What decides is the *zone* of a site: the PAM and all DNA that has a say in the alignment, even where the alignment
chosen leaves its last base out. One person's two copies and the haplotypes of a panel are compared in this way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from revertant.genome import HaplotypeWindow
from revertant.model import Locus, OffTargetRequest, SiteOrigin, Variant
from revertant.offtarget.matching.hit import Hit, zone_of
from revertant.offtarget.person.delta import changed_spans, disturbs

__all__ = ["Lost", "Made", "PersonalHit", "WindowChanges", "compare", "disturbing", "on_reference"]


@dataclass(frozen=True, slots=True)
class PersonalHit:
    """A site as somebody has it, or as the reference has it and they do not.

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


@dataclass(frozen=True, slots=True)
class Made:
    """A site that the variants of a window gave.

    Parameters
    ----------
    hit
        The site, in the window.
    at, within
        Reference position of its leftmost PAM base, and how far into inserted bases that lies.
    zone
        What has a say in it, on the reference.
    variants
        Those that touch it.
    reference
        The reference's site it replaces, for a changed one.
    """

    hit: Hit
    at: int
    within: int
    zone: tuple[int, int]
    variants: tuple[Variant, ...]
    reference: Hit | None

    @property
    def key(self) -> tuple[object, ...]:
        """What is equal for equal sites of different windows."""
        return self.hit.strand, self.at, self.within, _content(self.hit), self.variants

    def placed(self, window: HaplotypeWindow, haplotypes: tuple[str, ...]) -> PersonalHit:
        """Give it its place on the reference; ``window`` is the one it was found in."""
        hit = self.hit
        return PersonalHit(
            hit,
            window.reference_locus(hit.start, hit.end, hit.strand),
            window.to_reference(_pam_neighbour(hit)),
            SiteOrigin.GAINED if self.reference is None else SiteOrigin.CHANGED,
            haplotypes,
            self.variants,
            self.reference,
        )


@dataclass(frozen=True, slots=True)
class Lost:
    """A site of the reference that a window does not have, the variants that did it, and whether it was changed."""

    hit: Hit
    variants: tuple[Variant, ...]
    is_changed: bool


@dataclass(frozen=True, slots=True)
class WindowChanges:
    """What became of the reference's sites in one window, and which sites are new there.

    A site that is changed is among the lost ones, which say so, and among the made ones.
    """

    kept: tuple[Hit, ...]
    lost: tuple[Lost, ...]
    made: tuple[Made, ...]


def on_reference(
    stretch: Locus,
    hit: Hit,
    haplotypes: tuple[str, ...],
    variants: tuple[Variant, ...] = (),
    origin: SiteOrigin = SiteOrigin.REFERENCE,
) -> PersonalHit:
    """Place a hit that was found in a stretch of the reference."""
    return PersonalHit(
        hit,
        Locus(stretch.contig, stretch.start + hit.start, stretch.start + hit.end, hit.strand),
        stretch.start + _pam_neighbour(hit),
        origin,
        haplotypes,
        variants,
        hit if origin is SiteOrigin.LOST else None,
    )


def compare(
    request: OffTargetRequest,
    window: HaplotypeWindow,
    found: Sequence[Hit],
    reference_hits: Iterable[Hit],
    base: int,
) -> WindowChanges:
    """Hold one window against the reference's sites, for one guide.

    Parameters
    ----------
    request
        The guide.
    window
        The sequence.
    found
        The hits in it; those that no variant touches do not count.
    reference_hits
        The reference's hits whose zone reaches into the cluster.
    base
        Reference position that these count from.

    Examples
    --------
    >>> from revertant.genome import PatientGenome, Reference
    >>> from revertant.model import Call
    >>> from revertant.offtarget import scan
    >>> guide, text = OffTargetRequest("TACGTACG", "NGG"), "TTACGTACGTGGTT"
    >>> [[there]] = scan([text], [guide])
    >>> calls = [Call(Variant("s", 10, "G", "C"), (True, True))]
    >>> [window] = PatientGenome(Reference.from_sequences({"s": text}), calls).windows(Locus("s", 0, 14))
    >>> [lost] = compare(guide, window, scan([window.bases], [guide])[0], [there], 0).lost
    >>> lost.hit == there, [str(variant) for variant in lost.variants]
    (True, ['s:11:G:C'])
    """
    spans = changed_spans(window)
    ours = [hit for hit in found if _touching(zone_of(hit, request), spans)]
    kept: list[Hit] = []
    theirs: list[Hit] = []
    for hit in reference_hits:
        start, end = zone_of(hit, request)
        (theirs if disturbing(window, base + start, base + end) else kept).append(hit)
    same, gone, new = _paired(window, theirs, ours, base)
    places = {(hit.strand, base + hit.pam_start): hit for hit in gone}
    made = []
    for hit in new:
        at = window.to_reference(hit.pam_start)
        within = _steps_into_insertion(window, hit.pam_start)
        start, end = zone_of(hit, request)
        place = window.reference_locus(max(start, 0), min(end, len(window)))
        made.append(
            Made(
                hit,
                at,
                within,
                # A base more on either side: what is inserted at an edge belongs to the site.
                (place.start - 1, place.end + 1),
                _touching(hit.footprint, spans) or _touching((start, end), spans),
                places.get((hit.strand, at)) if not within else None,
            )
        )
    changed = {site.reference for site in made if site.reference is not None}
    lost = []
    for hit in gone:
        start, end = (base + edge for edge in hit.footprint)
        zone_start, zone_end = (base + edge for edge in zone_of(hit, request))
        culprits = disturbing(window, start, end) or disturbing(window, zone_start, zone_end)
        lost.append(Lost(hit, tuple(sorted(culprits)), hit in changed))
    return WindowChanges((*kept, *same), tuple(lost), tuple(made))


def disturbing(window: HaplotypeWindow, start: int, end: int) -> frozenset[Variant]:
    """Return the variants of a window that change the reference bases ``[start, end)``."""
    return frozenset(variant for variant in window.variants if disturbs(variant, start, end))


def _paired(
    window: HaplotypeWindow, theirs: list[Hit], ours: list[Hit], base: int
) -> tuple[list[Hit], list[Hit], list[Hit]]:
    """Pair sites of equal sequence, those at the same place first; return the pairs and what is left of both."""
    pool: dict[tuple[object, ...], list[Hit]] = defaultdict(list)
    for hit in theirs:
        pool[_content(hit)].append(hit)

    def stayed(hit: Hit, other: Hit) -> bool:
        return window.to_reference(hit.pam_start) == base + other.pam_start

    # The same DNA keeps its distance to the window's start, or to it and all indels in between.
    shifts = _shifts(window)

    def moved(hit: Hit, other: Hit) -> bool:
        return window.locus.start + hit.pam_start - base - other.pam_start in shifts

    same_sites, left = [], ours
    for is_same in (stayed, moved):
        new = []
        for hit in left:
            same = pool[_content(hit)]
            twin = next((other for other in same if is_same(hit, other)), None)
            if twin is None:
                new.append(hit)
            else:
                same.remove(twin)
                same_sites.append(twin)
        left = new
    return same_sites, [hit for hits in pool.values() for hit in hits], left


def _pam_neighbour(hit: Hit) -> int:
    return hit.pam_start if hit.start < hit.pam_start else hit.pam_start + len(hit.pam) - 1


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
