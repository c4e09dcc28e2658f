"""Searches a whole reference on disk: by tables where a PAM is worth one, else by reading it through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from revertant.genome import Reference
from revertant.model import OffTargetRequest
from revertant.offtarget.compiled import scan_found
from revertant.offtarget.found import FoundSites
from revertant.offtarget.guides import group_guides
from revertant.offtarget.loading import load_scan, load_search
from revertant.offtarget.scanning import COMPILED_BASES
from revertant.offtarget.table import DEPTHS, SiteTable, is_worth_a_table, ready_table

__all__ = ["WholeSearch"]

#: Said before the compiled code is loaded.
_LOADING = "loading the search kernels (compiled on first use, about ten seconds)"


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
        if progress is not None:
            progress(_LOADING, 0.0)
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

    def found(self, progress: Callable[[int], None] | None = None) -> Iterator[FoundSites]:
        """Give the sites as columns; ``sequence`` numbers the windows of the reference.

        Parameters
        ----------
        progress
            Called with the number of bases done since the last call, for each PAM in turn.
        """
        for group, table in zip(self._groups, self._tables, strict=True):
            if table is not None:
                yield from table.search(group, progress)
                continue
            members = [self._requests[index] for index in group.members]
            for sites in scan_found(self._texts(), members, progress):
                sites.guide[:] = [group.members[index] for index in sites.guide.tolist()]
                yield sites

    @property
    def passes(self) -> int:
        """How often the reference is gone through."""
        return len(self._groups)

    def _texts(self) -> Iterator[str]:
        for window in self._reference.windows:
            yield self._reference.fetch(window.contig, window.start, window.end)
