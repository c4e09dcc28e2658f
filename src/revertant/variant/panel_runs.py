"""Runs of neighbouring alleles of a panel, put together while the file streams by.

Alleles that one site could touch together belong to one run. The file is sorted by POS, but an indel in a
repeat moves left when it is brought into its one form. So a run is held back until the stream is far past
it::

    handed out      held back (HOLD_BACK bases)          record being read
    ----------|-----[run]-------[run..................]--x

What is unknown is kept beside the alleles: copies that were not called, and copies with an allele that is not
spelt out in bases, are *hidden* over the stretch of their record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from revertant.genome.haplotype import span_of, trimmed
from revertant.model import HaplotypeCount, Locus, Variant
from revertant.variant.panel_genotypes import ABSENT, CONTIG_WIDE, MISSING, GenotypeRow

__all__ = ["HOLD_BACK", "MOST_ALLELES", "PanelRun", "RunBuilder"]

#: How far left of its record an indel may move.
HOLD_BACK = 5_000
#: Most alleles in one run. Longer ones are given up, so that memory stays bounded.
MOST_ALLELES = 4_000

_PATIENCE = 64  # alleles that gather before runs are looked for


@dataclass(frozen=True, slots=True, eq=False)
class PanelRun:
    """Neighbouring alleles, and which copy of whom carries which.

    Parameters
    ----------
    core
        From the base before the first changed base to the one after the last.
    variants
        The alleles, normalised and sorted; one column each.
    genotypes
        Copies x alleles: 1 carries it, 0 does not, ``MISSING`` (-1) was not called, ``ABSENT`` (-2) is no
        copy. Rows ``2 * i`` and ``2 * i + 1`` are person ``i``. No rows for a sites-only file.
    unclear
        For each person whether it is unknown which alleles lie on one copy: two heterozygous genotypes that
        are not phased to each other, or calls that disagree on the number of copies.
    hidden
        For each copy whether it has, or may have, something here that the genotypes do not hold.
    shifts
        For each allele by how many bases it moved left when it was brought into its one form.
    counts
        Of a sites-only file: for each allele its counts by population, everybody last. Else empty.
    """

    core: Locus
    variants: tuple[Variant, ...]
    genotypes: NDArray[np.int8]
    unclear: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    shifts: tuple[int, ...]
    counts: tuple[tuple[HaplotypeCount, ...], ...] = ()


@dataclass(slots=True, eq=False)
class _Allele:
    variant: Variant
    low: int
    high: int
    carried: NDArray[np.int8]
    row: GenotypeRow | None
    counts: tuple[HaplotypeCount, ...]
    shift: int


@dataclass(frozen=True, slots=True, eq=False)
class _Shadow:
    """Copies about which nothing certain is known over a stretch."""

    start: int
    end: int
    copies: NDArray[np.bool_]
    is_star: bool


@dataclass(slots=True)
class RunBuilder:
    """Collects alleles of one contig after the other and gives them back as runs.

    Parameters
    ----------
    reach
        Alleles less than so many bases apart belong to one run.
    persons
        How many people; 0 for a sites-only file, whose alleles stay alone.
    """

    reach: int
    persons: int
    given_up: int = 0
    given_up_at: list[str] = field(default_factory=list)
    _contig: str = ""
    _at: int = 0
    _patience: int = _PATIENCE
    _pending: list[_Allele] = field(default_factory=list)
    _known: dict[Variant, _Allele] = field(default_factory=dict)
    _shadows: list[_Shadow] = field(default_factory=list)
    _dense: tuple[int, int] | None = None

    def move_to(self, contig: str, start: int) -> Iterator[PanelRun]:
        """Give what is complete when a record at this place comes next."""
        if contig != self._contig:
            yield from self.rest()
            self._contig = contig
        self._at = start
        if len(self._pending) >= self._patience:
            yield from self._complete(start - HOLD_BACK)
            # Where many alleles lie close together, those that must wait are not looked at each time.
            self._patience = len(self._pending) + _PATIENCE

    def rest(self) -> Iterator[PanelRun]:
        """Give all that is left of the contig."""
        yield from self._complete(None)
        self._shadows.clear()
        self._dense = None
        self._patience = _PATIENCE

    def add(
        self,
        variant: Variant,
        carriers: NDArray[np.bool_],
        row: GenotypeRow | None,
        counts: tuple[HaplotypeCount, ...] = (),
        *,
        shift: int = 0,
    ) -> str:
        """Take one allele of the record moved to; returns the reason when it is not taken.

        Parameters
        ----------
        variant
            The allele, normalised.
        carriers
            Persons x 2, whether that copy carries it.
        row
            The record's genotypes.
        counts
            Its counts, for a sites-only file.
        shift
            By how many bases it moved left.
        """
        low, high = span_of(variant)
        if low < self._at - HOLD_BACK:
            return f"an indel in a repeat of more than {HOLD_BACK:,} bases"
        carried = np.empty(0, np.int8)
        if row is not None:
            carried = np.where(row.alleles < 0, row.alleles, carriers).astype(np.int8).reshape(-1)
        earlier = self._known.get(variant)
        if earlier is None:
            self._known[variant] = fresh = _Allele(variant, low, high, carried, row, counts, shift)
            self._pending.append(fresh)
            return ""
        if shift != earlier.shift and (both := (earlier.carried == 1) & (carried == 1)).any():
            # The same indel at two places of a repeat: two changes of such a copy, or one written twice.
            earlier.shift = max(earlier.shift, shift)
            same = (earlier.carried == carried) & ~both
            earlier.carried = np.where(same, carried, np.int8(MISSING))
            return "duplicate record in another place of its repeat"
        earlier.shift = max(earlier.shift, shift)
        if np.array_equal(earlier.carried, carried):
            return "duplicate record"
        # Two records that contradict each other leave the copies they differ in unknown.
        earlier.carried = np.where(earlier.carried == carried, carried, np.int8(MISSING))
        return "duplicate record with another genotype"

    def hide(self, start: int, end: int, copies: NDArray[np.bool_], *, is_star: bool = False) -> None:
        """Note copies whose sequence over a stretch is unknown.

        Parameters
        ----------
        start, end
            The stretch.
        copies
            Persons x 2.
        is_star
            True for ``*``: the copies are known after all where a deletion that they carry covers the stretch.
        """
        if copies.any():
            self._shadows.append(_Shadow(start, max(end, start + 1), copies.reshape(-1), is_star))

    def _complete(self, frontier: int | None) -> Iterator[PanelRun]:
        """Give the runs that nothing can be added to: all, or those ``reach`` before the frontier."""
        self._pending.sort(key=lambda allele: (allele.low, allele.high))
        waiting: list[_Allele] = []
        for start, end, alleles in self._chains():
            if self._is_given_up(start, end, alleles):
                self._forget(alleles)
            elif frontier is not None and end + self.reach > frontier:
                waiting += alleles
            else:
                self._forget(alleles)
                yield self._run(start, end, alleles)
        self._pending = waiting
        if frontier is not None:
            # All that comes from here on lies right of the frontier or in a run that waits.
            first = min((allele.low for allele in waiting), default=frontier)
            passed = min(first, frontier) - self.reach
            self._shadows = [shadow for shadow in self._shadows if shadow.end > passed]

    def _chains(self) -> Iterator[tuple[int, int, list[_Allele]]]:
        group: list[_Allele] = []
        start = end = -1
        for allele in self._pending:
            if group and self.persons and allele.low - end < self.reach:
                group.append(allele)
                end = max(end, allele.high)
                continue
            if group:
                yield start, end, group
            group, start, end = [allele], allele.low, allele.high
        if group:
            yield start, end, group

    def _is_given_up(self, start: int, end: int, alleles: list[_Allele]) -> bool:
        """Whether a chain is too long, or goes on one that is."""
        if self._dense is not None and start - self._dense[1] < self.reach:
            self._dense = self._dense[0], max(self._dense[1], end)
        elif len(alleles) > MOST_ALLELES:
            self._dense = start, end
            self.given_up_at.append(f"{self._contig}:{start + 1}")
        else:
            return False
        self.given_up += len(alleles)
        return True

    def _forget(self, alleles: list[_Allele]) -> None:
        for allele in alleles:
            del self._known[allele.variant]

    def _run(self, start: int, end: int, alleles: list[_Allele]) -> PanelRun:
        alleles.sort(key=lambda allele: allele.variant)
        variants = tuple(allele.variant for allele in alleles)
        shifts = tuple(allele.shift for allele in alleles)
        core = Locus(self._contig, start, end)
        if not self.persons:
            nobody = np.zeros(0, np.bool_)
            counts = tuple(allele.counts for allele in alleles)
            empty = np.empty((0, len(variants)), np.int8)
            return PanelRun(core, variants, empty, nobody, nobody, shifts, counts)
        genotypes = np.stack([allele.carried for allele in alleles], axis=1)
        rows = list({id(allele.row): allele.row for allele in alleles if allele.row is not None}.values())
        unclear = _unphased(rows, self.persons) | _mixed(genotypes)
        hidden = self._hidden(core, variants, genotypes)
        return PanelRun(core, variants, genotypes, unclear, hidden, shifts)

    def _hidden(
        self, core: Locus, variants: tuple[Variant, ...], genotypes: NDArray[np.int8]
    ) -> NDArray[np.bool_]:
        hidden = np.zeros(2 * self.persons, np.bool_)
        for shadow in self._shadows:
            if shadow.start < core.end + self.reach and core.start - self.reach < shadow.end:
                copies = shadow.copies
                if shadow.is_star:
                    copies = copies & ~_deleted(shadow, variants, genotypes)
                hidden |= copies
        return hidden


def _deleted(
    shadow: _Shadow, variants: tuple[Variant, ...], genotypes: NDArray[np.int8]
) -> NDArray[np.bool_]:
    """Copies with a deletion that covers the first base of a shadow."""
    covered = np.zeros(len(genotypes), np.bool_)
    for column, variant in enumerate(variants):
        start, ref, alt = trimmed(variant)
        if len(ref) > len(alt) and start <= shadow.start < start + len(ref):
            covered |= genotypes[:, column] == 1
    return covered


def _mixed(genotypes: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Persons with one copy in some records and two in others."""
    second = genotypes[1::2]
    mixed: NDArray[np.bool_] = (second == ABSENT).any(axis=1) & (second >= 0).any(axis=1)
    return mixed


def _unphased(rows: list[GenotypeRow], persons: int) -> NDArray[np.bool_]:
    """Persons with two heterozygous genotypes or more of which some pair is not phased to each other."""
    unclear = np.zeros(persons, np.bool_)
    if len(rows) < 2 or all((row.phases == CONTIG_WIDE).all() for row in rows):
        return unclear
    heterozygous = np.zeros(persons, np.int32)
    low = np.full(persons, np.iinfo(np.int32).max, np.int32)
    high = np.full(persons, np.iinfo(np.int32).min, np.int32)
    for row in rows:
        differ = row.heterozygous
        heterozygous += differ
        low = np.where(differ, np.minimum(low, row.phases), low)
        high = np.where(differ, np.maximum(high, row.phases), high)
    unclear |= (heterozygous > 1) & ((low < 0) | (low != high))
    return unclear
