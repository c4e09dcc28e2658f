"""Searches a whole reference on disk: by tables where a PAM is worth one, else by reading it through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from revertant.genome import Reference
from revertant.model import OffTargetRequest
from revertant.offtarget.kernels.loading import load_scan, load_search
from revertant.offtarget.matching.compiled import scan_found
from revertant.offtarget.matching.found import FoundSites
from revertant.offtarget.matching.guides import GuideSet, group_guides
from revertant.offtarget.matching.scanning import COMPILED_BASES
from revertant.offtarget.table.build import parts_of
from revertant.offtarget.table.table import DEPTHS, SiteTable, is_worth_a_table, ready_table

__all__ = ["WholeSearch"]


class WholeSearch:
    """Guides to be searched in a reference on disk.

    Parameters
    ----------
    requests
        The guides; all of them must fit the kernels.
    reference
        The reference. A small one, or one in memory, is searched without tables.
    progress
        Called with a stage name and a share from 0 to 1; tables that are missing are built at once.
    """

    def __init__(
        self,
        requests: Sequence[OffTargetRequest],
        reference: Reference,
        progress: Callable[[str, float], None] | None = None,
    ) -> None:
        self._requests = requests
        self._reference = reference
        load_search()
        self._groups = group_guides(requests)
        is_large = reference.path is not None and reference.total_bases >= COMPILED_BASES
        self._tables: list[SiteTable | None] = [
            ready_table(reference, group.pam, group.side, group.depth, progress)
            if is_large and is_worth_a_table(group.pam) and group.depth <= DEPTHS[-1]
            else None
            for group in self._groups
        ]
        if None in self._tables:
            load_scan()

    @property
    def ambiguity(self) -> tuple[int, int] | None:
        """How many bases are ``N``, and other IUPAC codes; ``None`` when no table knows."""
        table = next((table for table in self._tables if table is not None), None)
        return (table.unknown, table.ambiguous) if table is not None else None

    @property
    def groups(self) -> tuple[GuideSet, ...]:
        """The guides by PAM; each group is one pass over the reference."""
        return self._groups

    def parts(
        self, number: int, progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[int, int, FoundSites]]:
        """Give the sites of one group, part by part: the windows ``[first, last)`` of the reference and their sites.

        Parameters
        ----------
        number
            Index of the group.
        progress
            Called with the number of bases done since the last call.
        """
        group, table = self._groups[number], self._tables[number]
        windows = self._reference.windows
        if table is not None:
            for (first, last), sites in zip(parts_of(windows), table.search(group, progress), strict=True):
                yield first, last, sites
            return
        members = [self._requests[index] for index in group.members]
        for first, last in parts_of(windows):
            texts = (self._reference.fetch(w.contig, w.start, w.end) for w in windows[first:last])
            found = FoundSites.joined(list(scan_found(texts, members, progress)), group.depth)
            found.guide[:] = np.array(group.members, np.int32)[found.guide]
            found.sequence[:] += first
            yield first, last, found

    def found(self, progress: Callable[[int], None] | None = None) -> Iterator[FoundSites]:
        """Give the sites as columns; ``sequence`` numbers the windows of the reference.

        Parameters
        ----------
        progress
            Called with the number of bases done since the last call, for each PAM in turn.
        """
        for number in range(len(self._groups)):
            for _, _, sites in self.parts(number, progress):
                yield sites

    @property
    def passes(self) -> int:
        """How often the reference is gone through."""
        return len(self._groups)
