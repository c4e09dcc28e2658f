"""How many copies of which population carry something, of how many that were called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from revertant.model import HaplotypeCount
from revertant.variant.panel_samples import EVERYBODY, UNLABELLED, SampleTable

__all__ = ["PopulationIndex", "worst_first"]


class PopulationIndex:
    """The populations of a panel's people.

    Parameters
    ----------
    samples
        The people, in the order of the panel.
    table
        Their populations; without one everybody is unlabelled.

    Examples
    --------
    >>> from types import MappingProxyType
    >>> table = SampleTable("t", "population", MappingProxyType({"ann": "A", "ben": "B"}))
    >>> index = PopulationIndex(("ann", "ben", "cleo"), table)
    >>> called = np.ones(6, bool)
    >>> [(count.population, count.frequency) for count in index.counts(np.arange(6) == 2, called)]
    [('B', 0.5), ('A', 0.0), ('unlabelled', 0.0), ('all', 0.16666666666666666)]
    """

    def __init__(self, samples: Sequence[str], table: SampleTable | None = None) -> None:
        labels = [table.populations.get(sample, "") if table else "" for sample in samples]
        self.names = tuple(sorted({label for label in labels if label}))
        codes = {name: code for code, name in enumerate((*self.names, ""))}
        self._codes = np.repeat(np.array([codes[label] for label in labels], np.int64), 2)
        self.unlabelled = labels.count("")
        #: People of the table who are not in the panel.
        self.without_sample = len(set(table.populations) - set(samples)) if table else 0

    def people_of(self, name: str) -> int:
        """Return how many people a population has in the panel."""
        return int((self._codes == self.names.index(name)).sum()) // 2

    def counts(self, carrying: NDArray[np.bool_], called: NDArray[np.bool_]) -> tuple[HaplotypeCount, ...]:
        """Count copies by population, worst first.

        Parameters
        ----------
        carrying, called
            For each copy, whether it carries the site, and whether it is known there at all.
        """
        size = len(self.names) + 1
        carriers = np.bincount(self._codes[carrying], minlength=size).tolist()
        known = np.bincount(self._codes[called], minlength=size).tolist()
        names = (*self.names, UNLABELLED)
        counts = [_count(name, carriers[code], known[code]) for code, name in enumerate(names)]
        if not self.unlabelled:
            counts.pop()
        return worst_first([*counts, _count(EVERYBODY, sum(carriers), sum(known))])


def _count(name: str, carrying: int, called: int) -> HaplotypeCount:
    return HaplotypeCount(name, carrying, called, carrying / called if called else None)


def worst_first(counts: Iterable[HaplotypeCount]) -> tuple[HaplotypeCount, ...]:
    """Sort: highest frequency, then most copies, then by name; the unlabelled and everybody come last."""
    last = {UNLABELLED: 1, EVERYBODY: 2}

    def key(count: HaplotypeCount) -> tuple[int, float, int, str]:
        share = -1.0 if count.frequency is None else count.frequency
        return last.get(count.population, 0), -share, -count.carrying, count.population

    return tuple(sorted(counts, key=key))
