"""A person's genome: the reference with that person's calls laid over it, copy by copy."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np

from revertant.errors import IncompatibleInputsError
from revertant.genome.call_columns import Numbers
from revertant.genome.call_table import CallTable
from revertant.genome.contigs import builds, contig_name
from revertant.genome.haplotype import HaplotypeWindow, compose, trimmed
from revertant.genome.laying import lay
from revertant.genome.phasing import PlacedCall, Refusal
from revertant.genome.placement import PlacedCalls
from revertant.genome.reference import Reference
from revertant.model import Call, Locus, Sex, Tally, Variant
from revertant.sequence import IUPAC_MASK

__all__ = ["MOST_WINDOWS", "PatientGenome"]

#: Most distinct sequences of one place that are listed where phase is not known.
MOST_WINDOWS = 64

_BOTH = ("1", "2")
_PUTATIVE = ("putative",)


class PatientGenome:
    """One person's genome over a reference.

    Parameters
    ----------
    reference
        The reference the calls were made on.
    calls
        What the person carries. Without any, the genome is the reference and says so.
    sex
        Decides the copies of X and Y; where calls say otherwise, the calls hold.
    name
        A label for reports.

    Examples
    --------
    >>> reference = Reference.from_sequences({"chr1": "ACGTACGT"})
    >>> calls = [Call(Variant("chr1", 2, "G", "A"), (True, False), phase_set="1")]
    >>> genome = PatientGenome(reference, calls)
    >>> [(window.bases, window.haplotypes) for window in genome.windows(Locus("chr1", 0, 4))]
    [('ACAT', ('1',)), ('ACGT', ('2',))]
    """

    def __init__(
        self, reference: Reference, calls: Iterable[Call] = (), *, sex: Sex = Sex.UNKNOWN, name: str = ""
    ) -> None:
        self.reference = reference
        self.sex = sex
        self.name = name
        laid = lay(CallTable.of(calls), reference)
        self._calls, self._contigs, self._fallen = laid.calls, laid.contigs, laid.fallen
        self._written, self._doubts = laid.written, laid.doubts
        self._reach = {
            contig: np.maximum.accumulate(placed.touch_end) for contig, placed in self._contigs.items()
        }

    @property
    def has_calls(self) -> bool:
        """Whether a patient genome was given at all."""
        return bool(self._calls)

    @property
    def calls(self) -> CallTable:
        """Every call given, applied or not; equal to a tuple of them."""
        return self._calls

    @property
    def refused(self) -> tuple[Refusal, ...]:
        """Calls that are not applied, with the reason."""
        fallen = self._calls.take(np.array([row for row, _ in self._fallen], np.int64))
        reasons = (reason for _, reason in self._fallen)
        return tuple(Refusal(call, reason) for call, reason in zip(fallen, reasons, strict=True))

    @property
    def doubtful(self) -> tuple[Locus, ...]:
        """Stretches over which it is not certain what a copy holds, since calls of it contradict each other.

        They reach over the calls that were not applied and those they contradict. A change that the file has
        twice in one repeat, perhaps on one copy, is applied twice, and counts too: one may have been meant.

        Examples
        --------
        >>> reference = Reference.from_sequences({"chr1": "ACGTACGT"})
        >>> calls = [Call(Variant("chr1", 2, "G", alt), (True, True)) for alt in "AC"]
        >>> [str(place) for place in PatientGenome(reference, calls).doubtful]
        ['chr1:3-3:+']
        """
        return tuple(place for contig in sorted(self._doubts) for place in self._doubts[contig])

    @property
    def tally(self) -> Tally:
        """The account of the calls."""
        kept = len(self._calls) - len(self._fallen)
        return Tally.of("calls", kept=kept, refused=[reason for _, reason in self._fallen])

    def with_calls(self, calls: Iterable[Call]) -> PatientGenome:
        """Return the genome with more calls; one given already is not counted twice."""
        more = self._calls.extended(self._calls.lacking(calls))
        return PatientGenome(self.reference, more, sex=self.sex, name=self.name)

    def placed(self, contig: str) -> PlacedCalls:
        """Return the applied calls of a contig as sorted columns, for code that works on millions of them.

        Parameters
        ----------
        contig
            Any of its names.

        Raises
        ------
        IncompatibleInputsError
            Code ``unknown-contig`` when the reference has no such contig.

        Examples
        --------
        >>> reference = Reference.from_sequences({"chr1": "ACGTACGT"})
        >>> calls = [Call(Variant("chr1", 2, "GT", "G"), (False, True)), Call(Variant("chr1", 0, "A", "C"), (True,))]
        >>> placed = PatientGenome(reference, calls).placed("1")
        >>> placed.start.tolist(), placed.ref_size.tolist(), placed.alt_size.tolist()
        ([0, 3], [1, 1], [1, 0])
        >>> placed.group.tolist(), placed.copy.tolist(), placed.row.tolist()
        ([-1, 0], [0, 1], [1, 0])
        """
        return self._contigs.get(self.reference.canonical_contig(contig), PlacedCalls.empty())

    def calls_in(self, locus: Locus) -> tuple[Call, ...]:
        """Return the applied calls that touch a locus, in genome order (an insertion: its anchor base).

        Their variants are as they lie: an indel is at its leftmost place, unless another call lies where it was
        moved over; then it is where the file has it.
        """
        return tuple(item.call for item in self._touching(locus))

    def as_laid(self, variant: Variant) -> Variant:
        """Return a normalised variant as it lies on this genome, which is how its windows name it.

        Examples
        --------
        >>> reference = Reference.from_sequences({"chr1": "GGTTCACACACAGGTTGG"})
        >>> indel, snv = Variant("chr1", 4, "CA", ""), Variant("chr1", 6, "C", "T")
        >>> genome = PatientGenome(reference, [Call(indel, (True,), moved=6), Call(snv, (True,))])
        >>> str(genome.as_laid(indel)), str(genome.as_laid(snv))
        ('chr1:11:CA:-', 'chr1:7:C:T')
        """
        fallen = {row for row, _ in self._fallen}
        for row in np.flatnonzero(self._calls.start == variant.start).tolist():
            if row not in fallen and self._calls[row].variant == variant:
                return self._written.laid(self._calls, np.array([row]))[0].variant
        return variant

    def copies(self, locus: Locus) -> int:
        """Return how many copies the person has of a place: 2, 1, or 0 (Y of a woman)."""
        meant = contig_name(locus.contig)
        bare = meant.name if meant else ""
        if bare == "MT":
            return 1
        if bare not in {"X", "Y"} or self._is_pseudoautosomal(bare, locus):
            return 2
        if bare == "Y":
            return 0 if self.sex is Sex.FEMALE else 1
        return 1 if self.sex is Sex.MALE else 2

    def copy_edges(self, locus: Locus) -> tuple[int, ...]:
        """Return the positions inside a locus where the number of copies may change: edges of X and Y's shared ends."""
        meant = contig_name(locus.contig)
        build = builds().get(self.reference.build)
        regions = build.par if build and meant else ()
        edges = {edge for name, *ends in regions if meant and name == meant.name for edge in ends}
        return tuple(sorted(edge for edge in edges if locus.start < edge < locus.end))

    def windows(self, locus: Locus, cap: int = MOST_WINDOWS) -> tuple[HaplotypeWindow, ...]:
        """Return every distinct sequence this person may carry over an interval.

        Parameters
        ----------
        locus
            A reference interval, wholly covered by the reference.
        cap
            Most sequences to list. When there are more, those listed are marked ``complete=False``.

        Returns
        -------
        tuple[HaplotypeWindow, ...]
            With known phase, copy 1 then copy 2 (one window when they are equal). Otherwise each
            combination of the phase groups, those nearest to all-or-none first, marked putative. All are
            putative, and none certain, where the interval meets one of the :attr:`doubtful` stretches. Empty
            only for Y of a woman without calls there.

        Raises
        ------
        IncompatibleInputsError
            When the interval is not covered, or a call's REF disagrees with the reference.
        """
        if cap < 1:
            msg = f"cap must be at least 1, got {cap}"
            raise ValueError(msg)
        contig = self.reference.canonical_contig(locus.contig)
        locus = Locus(contig, locus.start, locus.end)
        found = self._combinations(locus, cap)
        if not self._is_doubtful(locus):
            return found
        return tuple(replace(window, haplotypes=_PUTATIVE, certain=False) for window in found)

    def _combinations(self, locus: Locus, cap: int) -> tuple[HaplotypeWindow, ...]:
        """Lay every combination of the calls over an interval."""
        bases = self.reference.fetch(locus.contig, locus.start, locus.end)
        if not self.has_calls:
            return (HaplotypeWindow.of_reference(locus, bases),)
        here = self._touching(locus)
        copies = self.copies(locus)
        if copies == 0 and not here:
            return ()
        for item in here:
            _check_ref(item.call.variant, locus, bases)
        fixed = [item.call.variant for item in here if item.group is None]
        groups: dict[str, tuple[list[Variant], list[Variant]]] = {}
        for item in here:
            if item.group is not None:
                groups.setdefault(item.group, ([], []))[item.copy].append(item.call.variant)
        if not groups:
            carried = tuple(sorted(fixed))
            sequence, blocks = compose(locus, bases, carried)
            haploid = copies < 2 or any(len(item.call.copies) == 1 for item in here)
            return (HaplotypeWindow(locus, sequence, carried, _BOTH[:1] if haploid else _BOTH, blocks),)
        is_named = len(groups) == 1 and all(item.is_named for item in here if item.group is not None)
        sure = len(groups) == 1
        found: dict[str, HaplotypeWindow] = {}
        complete = True
        for tried, pattern in enumerate(_patterns(len(groups))):
            if len(found) == cap or tried == 16 * cap:
                complete = False
                break
            chosen = [
                variant for side, pair in zip(pattern, groups.values(), strict=True) for variant in pair[side]
            ]
            carried = tuple(sorted(fixed + chosen))
            sequence, blocks = compose(locus, bases, carried)
            label: tuple[str, ...] = (_BOTH[pattern[0]],) if is_named else _PUTATIVE
            if sequence in found:
                label = tuple(sorted({*found[sequence].haplotypes, *label}))
                first = found[sequence]
                found[sequence] = HaplotypeWindow(locus, sequence, first.variants, label, first.blocks, sure)
            else:
                found[sequence] = HaplotypeWindow(locus, sequence, carried, label, blocks, sure)
        if complete:
            return tuple(found.values())
        return tuple(
            HaplotypeWindow(w.locus, w.bases, w.variants, w.haplotypes, w.blocks, w.certain, complete=False)
            for w in found.values()
        )

    def variant_clusters(self, locus: Locus, reach: int) -> tuple[Locus, ...]:
        """Return the stretches around calls in which this person may differ from the reference.

        Parameters
        ----------
        locus
            Where to look.
        reach
            Bases on either side of a call that still matter. Stretches that touch are merged, so that calls
            near each other are composed together.

        Returns
        -------
        tuple[Locus, ...]
            In genome order, each within the covered sequence.

        Examples
        --------
        >>> reference = Reference.from_sequences({"chr1": "A" * 100})
        >>> calls = [Call(Variant("chr1", p, "A", "G"), (True, True)) for p in (10, 16, 60)]
        >>> genome = PatientGenome(reference, calls)
        >>> [str(place) for place in genome.variant_clusters(Locus("chr1", 0, 100), 5)]
        ['chr1:6-22:+', 'chr1:56-66:+']
        """
        contig = self.reference.canonical_contig(locus.contig)
        placed, rows = self._rows(Locus(contig, locus.start, locus.end))
        if not len(rows):
            return ()
        low, high = np.maximum(placed.touch_start[rows] - reach, 0), placed.touch_end[rows] + reach
        reached = np.maximum.accumulate(high)
        last = np.append(np.flatnonzero(low[1:] > reached[:-1]), len(rows) - 1)
        first = np.concatenate([[0], last[:-1] + 1])
        merged = zip(low[first].tolist(), reached[last].tolist(), strict=True)
        covered = [window for window in self.reference.windows if window.contig == contig]
        return tuple(
            Locus(contig, max(low, window.start), min(high, window.end))
            for low, high in merged
            for window in covered
            if low < window.end and window.start < high
        )

    def _rows(self, locus: Locus) -> tuple[PlacedCalls, Numbers]:
        """The calls of a locus' contig, and which of them touch it."""
        contig = self.reference.canonical_contig(locus.contig)
        placed = self.placed(contig)
        first = np.searchsorted(self._reach.get(contig, placed.touch_end), locus.start, side="right")
        last = np.searchsorted(placed.touch_start, locus.end, side="left")
        return placed, np.arange(first, last)[placed.touch_end[first:last] > locus.start]

    def _touching(self, locus: Locus) -> list[PlacedCall]:
        placed, rows = self._rows(locus)
        found = []
        calls = self._written.laid(self._calls, placed.row[rows])
        for row, call in zip(rows.tolist(), calls, strict=True):
            number = int(placed.group[row])
            group = None if number < 0 else f"{'set' if number < placed.named_groups else 'call'} {number}"
            start, end = int(placed.touch_start[row]), int(placed.touch_end[row])
            found.append(PlacedCall(call, start, end, group, int(placed.copy[row])))
        return found

    def _is_doubtful(self, locus: Locus) -> bool:
        doubts = self._doubts.get(locus.contig, ())
        place = bisect_right(doubts, locus.start, key=lambda doubt: doubt.end)
        return place < len(doubts) and doubts[place].start < locus.end

    def _is_pseudoautosomal(self, bare: str, locus: Locus) -> bool:
        build = builds().get(self.reference.build)
        regions = build.par if build else ()
        return any(name == bare and locus.start < end and start < locus.end for name, start, end in regions)


def _patterns(groups: int) -> Iterator[tuple[int, ...]]:
    """Every choice of a copy for each group: all of copy 1, all of copy 2, then those one step away ..."""
    for flips in range(groups // 2 + 1):
        for base in (0, 1):
            if 2 * flips == groups and base == 1:
                continue  # half flipped is its own mirror image
            for turned in combinations(range(groups), flips):
                yield tuple(base ^ (index in turned) for index in range(groups))


def _check_ref(variant: Variant, locus: Locus, bases: str) -> None:
    start, ref, _ = trimmed(variant)
    for index, base in enumerate(ref, start=start - locus.start):
        if 0 <= index < len(bases) and not IUPAC_MASK[base] & IUPAC_MASK[bases[index]]:
            raise IncompatibleInputsError(
                f"REF of {variant} has {base!r} where the reference has {bases[index]!r}.",
                where=f"{locus.contig}:{locus.start + index + 1}",
                remedy="Check that variant and reference are of the same genome build.",
                code="ref-mismatch",
            )
