"""Searches the sequences a person may carry around clusters of variants."""

from __future__ import annotations

from collections.abc import Sequence

from revertant.model import OffTargetRequest
from revertant.offtarget.matching.hit import Hit
from revertant.offtarget.matching.scanning import Scanner, scan
from revertant.offtarget.person.delta import Cluster

__all__ = ["search_windows"]


def search_windows(
    clusters: Sequence[Cluster], requests: Sequence[OffTargetRequest], scanner: Scanner = scan
) -> list[list[list[list[Hit]]]]:
    """Return hits by request, cluster and window. A window without variants is the reference, which is known."""
    places = [
        (number, index)
        for number, cluster in enumerate(clusters)
        for index, window in enumerate(cluster.windows)
        if window.variants
    ]
    found = scanner((clusters[number].windows[index].bases for number, index in places), requests)
    # Most guides find nothing in most clusters: those share one empty answer.
    nothing: list[list[list[Hit]]] = [[[] for _ in cluster.windows] for cluster in clusters]
    result = []
    for hits in found:
        by_window = list(nothing)
        for hit in hits:
            number, index = places[hit.sequence]
            if by_window[number] is nothing[number]:
                by_window[number] = [[] for _ in nothing[number]]
            by_window[number][index].append(hit)
        result.append(by_window)
    return result
