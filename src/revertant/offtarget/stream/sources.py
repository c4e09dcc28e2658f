"""Where the reference's sites come from: tables and compiled kernels for a genome, NumPy for what is small."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np

from revertant.errors import InputError
from revertant.genome import Reference
from revertant.model import OffTargetRequest
from revertant.offtarget.matching.found import FoundSites
from revertant.offtarget.matching.guides import (
    MOST_BULGES,
    MOST_DEPTH,
    MOST_MISMATCHES,
    MOST_PAM,
    GuideSet,
    fits_kernels,
    group_guides,
)
from revertant.offtarget.matching.scanning import COMPILED_BASES, scan
from revertant.offtarget.stream.report import SearchedSequence

__all__ = ["SiteSource", "SmallSource", "check_fits", "open_source"]

#: Said before any compiled code is loaded.
_LOADING = "loading the search kernels (compiled on first use, about ten seconds)"


class SiteSource(Protocol):
    """Gives the sites of the reference, PAM by PAM and part by part."""

    @property
    def groups(self) -> tuple[GuideSet, ...]:
        """The guides by PAM; each group is one pass over the reference."""

    def parts(
        self, number: int, progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[int, int, FoundSites]]:
        """Give windows ``[first, last)`` of the reference and their sites, sorted by window."""


class SmallSource:
    """Searches a small reference, or one in memory, in one part.

    Parameters
    ----------
    requests, reference, searched
        As for :func:`open_source`.
    """

    def __init__(
        self, requests: Sequence[OffTargetRequest], reference: Reference, searched: SearchedSequence
    ) -> None:
        self.groups = group_guides(requests)
        self._requests = requests
        self._reference = reference
        self._searched = searched

    def parts(
        self, number: int, progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[int, int, FoundSites]]:
        """Give all windows and their sites at once."""
        group, windows = self.groups[number], self._reference.windows
        texts: Iterator[str] = (self._reference.fetch(w.contig, w.start, w.end) for w in windows)
        if number == 0:
            texts = map(self._searched.count, texts)
        hits = scan(texts, [self._requests[index] for index in group.members], progress)
        pairs = [(guide, hit) for guide, some in zip(group.members, hits, strict=True) for hit in some]
        found = FoundSites.of_hits(pairs, self._requests, group.depth)
        yield 0, len(windows), found.take(np.argsort(found.sequence, kind="stable"))


def open_source(
    requests: Sequence[OffTargetRequest],
    reference: Reference,
    searched: SearchedSequence,
    progress: Callable[[str, float], None] | None = None,
) -> SiteSource:
    """Choose how a reference is searched; tables it needs are opened or built at once.

    Parameters
    ----------
    requests
        The guides; all of them must fit the kernels.
    reference
        The reference.
    searched
        Where letters that are no base are counted.
    progress
        Called with a stage name and a share from 0 to 1.

    Raises
    ------
    InputError
        For guides or limits that are too long, or a table that cannot be used.
    """
    check_fits(requests)
    if reference.path is None or reference.total_bases < COMPILED_BASES:
        return SmallSource(requests, reference, searched)
    # Compiled code is loaded where it is used: most searches are small and never need it.
    from revertant.offtarget.kernels.loading import load_rows  # noqa: PLC0415
    from revertant.offtarget.table.whole import WholeSearch  # noqa: PLC0415

    if progress is not None:
        progress(_LOADING, 0.0)
    load_rows()
    whole = WholeSearch(requests, reference, progress)
    if whole.ambiguity is not None:
        searched.unknown, searched.ambiguous = whole.ambiguity
    else:
        for window in reference.windows:
            searched.count(reference.fetch(window.contig, window.start, window.end))
    return whole


def check_fits(requests: Sequence[OffTargetRequest]) -> None:
    """Refuse guides the columns have no room for.

    Raises
    ------
    InputError
        Naming the guide and the limits.
    """
    for number, request in enumerate(requests, start=1):
        if not fits_kernels(request):
            raise InputError(
                "The guide, its PAM or its limits are too long.",
                where=f"guide {number}",
                remedy=f"Use at most {MOST_DEPTH} nt with DNA bulges, a PAM of {MOST_PAM},"
                f" {MOST_MISMATCHES} mismatches and {MOST_BULGES} bulges of a kind.",
                code="bad-guide",
            )
