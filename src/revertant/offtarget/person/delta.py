"""Where a person's genome differs from the reference, and the sequences to search there.

Variants that one site could touch together form a *cluster*. Over each cluster the genome gives every
distinct sequence this person may carry. Clusters lie at least as far apart as a site is long, so that no
site touches two.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from revertant.genome import HaplotypeWindow, PatientGenome
from revertant.genome.haplotype import span_of, trimmed
from revertant.model import Locus, Variant

__all__ = ["Cluster", "ClusterIndex", "changed_spans", "clusters_of", "disturbs"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Variants close enough to touch one site together.

    Parameters
    ----------
    stretch
        The reference stretch they lie in.
    number
        Index of that stretch.
    core
        From the first changed base to the last.
    windows
        Every distinct sequence the person may carry around them.
    """

    stretch: Locus
    number: int
    core: Locus
    windows: tuple[HaplotypeWindow, ...]

    @property
    def complete(self) -> bool:
        """False when the person could carry more combinations than were listed."""
        return all(window.complete for window in self.windows)


class ClusterIndex:
    """Finds the cluster a site lies in.

    Parameters
    ----------
    clusters
        In genome order.
    """

    def __init__(self, clusters: Sequence[Cluster]) -> None:
        self.clusters = clusters
        self._by_stretch: dict[int, list[int]] = defaultdict(list)
        for index, cluster in enumerate(clusters):
            self._by_stretch[cluster.number].append(index)

    def of(self, number: int, start: int, end: int) -> int | None:
        """Return the index of the cluster whose core overlaps ``[start, end)`` of a stretch's contig, if any."""
        indexes = self._by_stretch.get(number, [])
        place = bisect_right(indexes, start, key=lambda index: self.clusters[index].core.end)
        if place < len(indexes) and self.clusters[indexes[place]].core.start < end:
            return indexes[place]
        return None


def clusters_of(genome: PatientGenome, stretches: Sequence[Locus], reach: int) -> tuple[Cluster, ...]:
    """Group the person's variants, with the sequences they may carry around each group.

    Parameters
    ----------
    genome
        The person's genome.
    stretches
        What is covered of the reference.
    reach
        The longest stretch a site can cover, PAM included.
    """
    clusters = []
    for number, stretch in enumerate(stretches):
        variants = sorted({call.variant for call in genome.calls_in(stretch)})
        for start, end in _chained(variants, reach):
            core = Locus(stretch.contig, max(start, stretch.start), min(end, stretch.end))
            around = Locus(
                stretch.contig, max(core.start - reach, stretch.start), min(core.end + reach, stretch.end)
            )
            clusters.append(Cluster(stretch, number, core, genome.windows(around)))
    return tuple(clusters)


def _chained(variants: Iterable[Variant], reach: int) -> Iterator[tuple[int, int]]:
    start = end = -1
    for low, high in sorted(map(span_of, variants)):
        if start < 0:
            start, end = low, high
        elif low - end < reach:
            end = max(end, high)
        else:
            yield start, end
            start, end = low, high
    if start >= 0:
        yield start, end


def disturbs(variant: Variant, start: int, end: int) -> bool:
    """Whether a variant changes the reference bases ``[start, end)``; an insertion, if inside.

    Examples
    --------
    >>> disturbs(Variant("1", 5, "A", "C"), 0, 6), disturbs(Variant("1", 6, "", "C"), 0, 6)
    (True, False)
    """
    low, ref, _ = trimmed(variant)
    return low < end and start < low + len(ref) if ref else start < low < end


def changed_spans(window: HaplotypeWindow) -> tuple[tuple[int, int, Variant], ...]:
    """Return where each variant of a window lies in its bases; the span of a deletion is empty.

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> from revertant.model import Call
    >>> call = Call(Variant("s", 2, "GT", ""), (True, True))
    >>> [window] = PatientGenome(Reference.from_sequences({"s": "ACGTAC"}), [call]).windows(Locus("s", 0, 6))
    >>> [(start, end) for start, end, _ in changed_spans(window)]
    [(2, 2)]
    """
    blocks = {(block.ref_start, block.ref_length): block for block in window.blocks}
    spans = []
    for variant in window.variants:
        start, ref, _ = trimmed(variant)
        low = max(start, window.locus.start)
        key = (low, min(start + len(ref), window.locus.end) - low) if ref else (max(start - 1, 0), 0)
        block = blocks[key]
        spans.append((block.start, block.start + block.length, variant))
    return tuple(spans)
