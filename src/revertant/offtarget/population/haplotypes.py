"""From neighbouring alleles of a panel to the haplotypes that people really carry there.

A haplotype is a row of the genotype table: the alleles that one copy of one person has together. So two
alleles count as one haplotype only where somebody has both on one copy; frequencies are never multiplied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from revertant.genome import HaplotypeWindow, Reference
from revertant.genome.haplotype import compose, span_of, touched
from revertant.genome.phasing import clash
from revertant.model import HaplotypeCount, Locus, Variant
from revertant.variant.panel_genotypes import ABSENT
from revertant.variant.panel_runs import PanelRun

__all__ = ["NOT_KNOWN", "PANEL", "REFERENCE_LIKE", "ObservedCluster", "observed"]

#: The label of a site's haplotypes.
PANEL = ("panel",)
#: Member number of a copy whose sequence is not known.
NOT_KNOWN = -1
#: Member number of a copy that carries none of the alleles.
REFERENCE_LIKE = 0


@dataclass(frozen=True, slots=True, eq=False)
class ObservedCluster:
    """The haplotypes of a panel around neighbouring alleles.

    Parameters
    ----------
    core
        From the base before the first changed base to the one after the last.
    around
        The core and all that a site which touches it can cover.
    windows
        Every distinct haplotype that carries an allele; all cover ``around``.
    members
        For each copy ``NOT_KNOWN``, ``REFERENCE_LIKE``, or 1 + the index of its window. Rows ``2 * i`` and
        ``2 * i + 1`` are person ``i``. Empty for a sites-only file.
    counts
        For a sites-only file the counts of the one window's allele, everybody last; else empty.
    unphased
        Persons whose alleles cannot be told apart by copy.
    not_called
        Copies not known for another reason.
    contradictory
        Those of them that were given alleles which exclude each other, or whose order is not certain.
    """

    core: Locus
    around: Locus
    windows: tuple[HaplotypeWindow, ...]
    members: NDArray[np.int32]
    counts: tuple[HaplotypeCount, ...] = ()
    unphased: int = 0
    not_called: int = 0
    contradictory: int = 0


def observed(run: PanelRun, reference: Reference, reach: int) -> Iterator[ObservedCluster]:
    """Give the haplotypes of a run, one cluster for each covered stretch that it lies on.

    Parameters
    ----------
    run
        Neighbouring alleles.
    reference
        What they change.
    reach
        The longest stretch a site can cover, PAM included.

    Examples
    --------
    >>> import numpy as np
    >>> two = Variant("s", 20, "A", "C"), Variant("s", 24, "A", "G")
    >>> copies = np.array([[1, 1], [0, 0], [1, 0], [-1, 0]], np.int8)
    >>> run = PanelRun(Locus("s", 19, 26), two, copies, np.zeros(2, bool), np.zeros(4, bool), (0, 0))
    >>> [cluster] = observed(run, Reference.from_sequences({"s": "A" * 50}), 4)
    >>> [len(window.variants) for window in cluster.windows], cluster.members.tolist()
    ([1, 2], [2, 0, 1, -1])
    """
    by_stretch: dict[Locus, list[int]] = {}
    for column, variant in enumerate(run.variants):
        stretch = reference.stretch_around(variant.contig, touched(variant)[0])
        assert stretch is not None, "the panel's reader refuses what belongs to no covered base"
        by_stretch.setdefault(stretch, []).append(column)
    for stretch, columns in by_stretch.items():
        variants = tuple(run.variants[column] for column in columns)
        spans = [span_of(variant) for variant in variants]
        start, end = min(low for low, _ in spans), max(high for _, high in spans)
        core = Locus(stretch.contig, max(start, stretch.start), min(end, stretch.end))
        around = Locus(
            stretch.contig, max(core.start - reach, stretch.start), min(core.end + reach, stretch.end)
        )
        bases = reference.fetch(around.contig, around.start, around.end)
        if run.counts:
            window = _window(around, bases, variants)
            counts = run.counts[columns[0]]
            yield ObservedCluster(core, around, (window,), np.empty(0, np.int32), counts)
            continue
        shifts = tuple(run.shifts[column] for column in columns)
        place = _Place(core, around, bases, variants, shifts)
        yield _cluster(place, run.genotypes[:, columns], run.hidden, run.unclear)


@dataclass(frozen=True, slots=True)
class _Place:
    core: Locus
    around: Locus
    bases: str
    variants: tuple[Variant, ...]
    shifts: tuple[int, ...]


def _cluster(
    place: _Place,
    genotypes: NDArray[np.int8],
    hidden: NDArray[np.bool_],
    unclear: NDArray[np.bool_],
) -> ObservedCluster:
    carried = genotypes == 1
    by_phase = np.repeat(unclear, 2)
    known = ~(hidden | by_phase | (genotypes < 0).any(axis=1))
    members = np.where(known, np.int32(REFERENCE_LIKE), np.int32(NOT_KNOWN))
    carriers = np.flatnonzero(known & carried.any(axis=1))
    windows: list[HaplotypeWindow] = []
    contradictory = 0
    if carriers.size:
        packed = np.packbits(carried[carriers], axis=1)
        _, first, which = np.unique(packed, axis=0, return_index=True, return_inverse=True)
        which = which.reshape(-1)
        for number, example in enumerate(carriers[first].tolist()):
            copies = carriers[which == number]
            chosen = np.flatnonzero(carried[example]).tolist()
            variants = tuple(place.variants[column] for column in chosen)
            if _contradicts(variants, [place.shifts[column] for column in chosen]):
                members[copies] = NOT_KNOWN
                contradictory += len(copies)
                continue
            windows.append(_window(place.around, place.bases, variants))
            members[copies] = len(windows)
    absent = (genotypes == ABSENT).all(axis=1)
    missing = (members == NOT_KNOWN) & ~by_phase & ~absent
    return ObservedCluster(
        place.core,
        place.around,
        tuple(windows),
        members,
        (),
        int(unclear.sum()),
        int(missing.sum()),
        contradictory,
    )


def _window(around: Locus, bases: str, variants: tuple[Variant, ...]) -> HaplotypeWindow:
    sequence, blocks = compose(around, bases, variants)
    return HaplotypeWindow(around, sequence, variants, PANEL, blocks)


def _contradicts(variants: tuple[Variant, ...], shifts: Sequence[int]) -> bool:
    """Whether alleles of one copy exclude each other, or one moved left over another.

    They are trimmed and sorted. An indel in a repeat may be written anywhere in it, but not beside another change
    of the same repeat: there its place says what the sequence is.
    """
    for index, (variant, shift) in enumerate(zip(variants, shifts, strict=True)):
        end = variant.end + shift
        for other in variants[index + 1 :]:
            if other.start > end:
                break
            # What begins right behind all its places was not moved over, unless both insert there.
            behind = other.start == end and bool(variant.ref or other.ref)
            if (shift and not behind) or clash(variant, other):
                return True
    return False
