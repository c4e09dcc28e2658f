"""Where the motif of a regulatory site stands on a copy of this person, if it stands there at all."""

from __future__ import annotations

from revertant.genome import HaplotypeWindow
from revertant.model import Site
from revertant.sequence import matches, reverse_complement

__all__ = ["motif_span"]


def motif_span(site: Site, window: HaplotypeWindow) -> tuple[int, int] | None:
    """Return the index range of an intact motif in ``window.bases``.

    ``None`` where this copy has lost or changed the motif: there is nothing left to break.

    Examples
    --------
    >>> from revertant.model import Locus
    >>> site = Site("k", "a site", Locus("s", 2, 7), "GATAA", "It helps.", ())
    >>> motif_span(site, HaplotypeWindow.of_reference(Locus("s", 0, 9), "CCTTATCGG"))
    (2, 7)
    >>> motif_span(site, HaplotypeWindow.of_reference(Locus("s", 0, 9), "CCTTGTCGG"))
    """
    start, last = window.from_reference(site.locus.start), window.from_reference(site.locus.end - 1)
    if start is None or last is None:
        return None
    bases = window.bases[start : last + 1]
    intact = matches(site.motif, bases) or matches(site.motif, reverse_complement(bases))
    return (start, last + 1) if intact else None
