"""What an edited sequence is against the reference: its variants, their HGVS names, and what they do to proteins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from revertant.errors import RevertantError
from revertant.genome import HaplotypeWindow
from revertant.genome.haplotype import compose, touched
from revertant.model import Consequence, Estimate, Variant
from revertant.planning.simulation.ground import Ground
from revertant.planning.simulation.result import EditedAllele
from revertant.variant import hgvs_g, normalise, predict_consequence

__all__ = ["as_it_is", "edited_allele", "variants_after"]


def as_it_is(ground: Ground) -> EditedAllele:
    """Return the sequence before any edit.

    Examples
    --------
    >>> from revertant.planning.simulation.ground import given_ground
    >>> as_it_is(given_ground("ACGTACGT")).variants
    ()
    """
    window = ground.window
    return _described(ground, "before the edit", (0, "", ""), window.bases, window.variants)


def edited_allele(
    ground: Ground, start: int, removed: int, written: str, label: str, *, share: Estimate | None = None
) -> EditedAllele:
    """Replace bases of a sequence and say what the result is.

    Parameters
    ----------
    ground
        The sequence before.
    start, removed
        Index of the first base that goes, and how many go.
    written
        What comes in their place, on the forward strand.
    label, share
        What happened, and how often where that is predicted.

    Examples
    --------
    >>> from revertant.planning.simulation.ground import given_ground
    >>> allele = edited_allele(given_ground("TTACGTACGT"), 3, 3, "CAT", "an edit")
    >>> allele.start, allele.removed, allele.written, allele.hgvs_g
    (4, 'G', 'A', ('sequence:g.5G>A',))
    """
    bases = ground.window.bases
    after = bases[:start] + written + bases[start + removed :]
    place, gone, come = _least(start, bases[start : start + removed], written)
    variants = variants_after(ground.window, ground.reference_bases, place, len(gone), come)
    return _described(ground, label, (place, gone, come), after, variants, share=share)


def _described(
    ground: Ground,
    label: str,
    change: tuple[int, str, str],
    after: str,
    variants: tuple[Variant, ...],
    *,
    share: Estimate | None = None,
) -> EditedAllele:
    named = tuple(_normal(ground, variants))
    return EditedAllele(
        label,
        change[0],
        _place(ground, *change[:2]),
        *change[1:],
        after,
        named,
        tuple(hgvs_g(variant, ground.reference) for variant in named),
        tuple(_consequences(ground, named)),
        share,
    )


def _place(ground: Ground, start: int, removed: str) -> str:
    window = ground.window
    contig = window.locus.contig
    if removed or not start:
        return f"{contig}:{window.to_reference(min(start, len(window) - 1)) + 1}"
    left = window.to_reference(start - 1) + 1
    return f"{contig}:{left}^{left + 1}"


def _least(start: int, old: str, new: str) -> tuple[int, str, str]:
    """Take off what both share, at the right first: an indel in a repeat lies at its left."""
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    while old and new and old[0] == new[0]:
        start, old, new = start + 1, old[1:], new[1:]
    return (start, old, new) if old or new else (start, "", "")


def variants_after(
    window: HaplotypeWindow, reference_bases: str, start: int, removed: int, written: str
) -> tuple[Variant, ...]:
    """Return all that differs from the reference once bases of a copy are replaced.

    Variants of the copy that the edit does not touch stay as they are; the rest becomes one change with it, and its
    single bases where no length changes. Laid over the reference they give the edited sequence again.

    Parameters
    ----------
    window, reference_bases
        The copy, and the reference over the same interval.
    start, removed, written
        The replacement, in indexes of ``window.bases``.

    Examples
    --------
    >>> from revertant.model import Locus
    >>> locus, sick = Locus("s", 10, 20), Variant("s", 13, "T", "A")
    >>> bases, blocks = compose(locus, "ACGTACGTAC", (sick,))
    >>> copy = HaplotypeWindow(locus, bases, (sick,), blocks=blocks)
    >>> variants_after(copy, "ACGTACGTAC", 3, 1, "T"), [str(v) for v in variants_after(copy, "ACGTACGTAC", 6, 0, "G")]
    ((), ['s:14:T:A', 's:17:-:G'])
    """
    after = window.bases[:start] + written + window.bases[start + removed :]
    low, high = start, start + removed
    while low and not _paired(window, low - 1):
        low -= 1
    while high < len(window.bases) and not _paired(window, high):
        high += 1
    first = window.to_reference(low - 1) + 1 if low else window.locus.start
    last = window.to_reference(high) if high < len(window.bases) else window.locus.end
    come = after[low : len(after) - (len(window.bases) - high)]
    contig, old = window.locus.contig, reference_bases[first - window.locus.start :][: last - first]
    changes = tuple(_changes(contig, first, old, come))
    single = tuple(one for v in window.variants for one in _changes(contig, v.start, v.ref, v.alt))
    for carried, beside in product((window.variants, single), (0, 1)):
        kept = (v for v in carried if not _meets(v, first - beside, last + beside))
        found = tuple(sorted([*kept, *changes]))
        if compose(window.locus, reference_bases, found)[0] == after:
            return found
    return tuple(_changes(window.locus.contig, window.locus.start, reference_bases, after))


def _paired(window: HaplotypeWindow, index: int) -> bool:
    """Whether a base stands for one base of the reference, in a stretch of equal length."""
    place = window.to_reference(index)
    block = next(b for b in window.blocks if b.start <= index < b.start + b.length)
    return block.length == block.ref_length and window.from_reference(place) == index


def _meets(variant: Variant, first: int, last: int) -> bool:
    low, high = touched(variant)
    return low < last and first < high


def _changes(contig: str, start: int, old: str, new: str) -> Iterator[Variant]:
    """The replacement as variants: base by base where the lengths agree, else as one."""
    if len(old) != len(new):
        place, gone, come = _least(start, old, new)
        yield Variant(contig, place, gone, come)
        return
    run = 0
    for index in range(len(old) + 1):
        if index < len(old) and old[index] != new[index]:
            run += 1
        elif run:
            yield Variant(contig, start + index - run, old[index - run : index], new[index - run : index])
            run = 0


def _normal(ground: Ground, variants: tuple[Variant, ...]) -> Iterable[Variant]:
    """In their normal form, where moving them left changes nothing of the sequence."""
    try:
        moved = tuple(sorted(normalise(variant, ground.reference) for variant in variants))
    except RevertantError:
        return variants
    locus, bases = ground.window.locus, ground.reference_bases
    same = compose(locus, bases, moved)[0] == compose(locus, bases, variants)[0]
    return moved if same and all(locus.contains(variant.locus) for variant in moved) else variants


def _consequences(ground: Ground, variants: tuple[Variant, ...]) -> Iterator[Consequence]:
    for transcript in ground.transcripts:
        if not variants:
            continue
        try:
            yield predict_consequence(variants, transcript, ground.reference)
        except RevertantError:
            # Coding bases outside the windows: the protein is not worked out, and the page says so.
            continue
