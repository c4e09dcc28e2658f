"""Primers around a site, for this person's two copies.

A primer that lies over a variant may prime one copy and not the other. The copy that is not amplified is not
sequenced, and an edit on it is not seen (allele drop-out). So every base that any call of the person touches is
closed to primers, on whichever copy it lies, with the bases beside each insertion and deletion:

::

    reference   ...TTACGGATCCATTAGCAGTC...[site]...
    calls            *        --              one substitution, one deletion
    closed to        x       xxxx
    primers     ...TTNCGGATCCNNNNGCAGTC...         what primer3 is given

What is left open reads the same on both copies and in the reference. Only where no pair is found so are
homozygous variants allowed under a primer, which then has the person's own bases; and last, heterozygous ones, with
primers for the copy the site is on. ``problem`` says so each time.

The choice of primers is primer3's (doi:10.1093/nar/gks596); melting temperatures are by nearest neighbours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from revertant.errors import UsageError
from revertant.genome import HaplotypeWindow, PatientGenome
from revertant.genome.haplotype import trimmed
from revertant.model import Call, Locus, Strand, Variant
from revertant.offtarget.panel.primer_options import PrimerOptions, PrimerPair, PrimerSearch
from revertant.sequence import reverse_complement

__all__ = ["find_primers", "require_primer3"]


def find_primers(
    site: Locus,
    genome: PatientGenome,
    options: PrimerOptions | None = None,
    *,
    margin: int = 0,
    variants: Sequence[Variant] = (),
    without: Sequence[Variant] = (),
    haplotypes: Sequence[str] = (),
    unapplied: Sequence[Variant] | None = None,
) -> PrimerSearch:
    """Find primers around a stretch, on the sequence this person carries.

    Parameters
    ----------
    site
        What the product must hold, on the reference.
    genome
        The person's genome.
    options
        What is asked; the defaults when ``None``.
    margin
        Bases on either side that belong to the site, such as a PAM, counted on the person's copy.
    variants
        The person's variants that make the site what it is: the product is measured on a copy that has them.
    without
        Those that destroy it: on a copy that has none of them.
    haplotypes
        The copies the site is on.
    unapplied
        The variants of calls that could not be applied; for a caller who asks often and has listed them.

    Returns
    -------
    PrimerSearch
        With a ``problem`` and no pairs where the reference is too short around the site, or nothing fits.

    Raises
    ------
    UsageError
        Code ``no-primer3`` when primer3-py is not installed.
    IncompatibleInputsError
        For a contig the reference does not have.

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> text = "GATTCAGCCTAGGTACCATTGCAGGTTCACATGCCTGATAGCTTGCAAGTCCGATGATCAGGCTAACTGTTCGACCATAGG" * 5
    >>> genome = PatientGenome(Reference.from_sequences({"chr1": text}))
    >>> pair = find_primers(Locus("chr1", 200, 220), genome).pairs[0]
    >>> pair.locus.contains(Locus("chr1", 170, 250)), 150 <= pair.product_bp <= 280
    (True, True)
    """
    options = options or PrimerOptions()
    design = _primer3()
    reference = genome.reference
    contig = reference.canonical_contig(site.contig)
    stretch = reference.stretch_around(contig, site.start)
    if stretch is None or site.end > stretch.end:
        return PrimerSearch((), f"{_place(site)} is not wholly in the reference.")
    reach = options.product_max
    region = Locus(contig, max(site.start - reach, stretch.start), min(site.end + reach, stretch.end))
    windows = genome.windows(region)
    if not windows:
        return PrimerSearch((), f"This person has no copy of {_place(site)}.")
    window = max(windows, key=lambda window: _fit(window, variants, without, haplotypes))
    template = _Template.of(window, site, options.site_to_primer + margin)
    short = _too_short(template, stretch, site, options)
    if short:
        return PrimerSearch((), short)
    problem = ""
    closed_before: frozenset[int] | None = None
    for calls in _closures(genome, region, unapplied):
        closed = frozenset(position for variant in calls for position in range(*_closed(variant)))
        if closed == closed_before:
            continue
        closed_before = closed
        answer = design(template.arguments(closed), options.settings)
        pairs = tuple(_pairs(answer, template, genome, region))
        if pairs:
            return PrimerSearch(pairs)
        problem = problem or _explained(answer, stretch, region)
    return PrimerSearch((), problem)


def require_primer3() -> None:
    """Refuse when primer3-py is missing: to be asked before a long search whose panel would need it.

    Raises
    ------
    UsageError
        Code ``no-primer3``, with the command that installs it.
    """
    _primer3()


def _primer3() -> Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]:
    # Licensed under the GPL, so an extra; see docs/decisions.
    try:
        import primer3  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(
            "Primers need the primer3-py library, which is not installed.",
            remedy="Run: pip install primer3-py (licence GPL-2.0-or-later). Or ask for no validation panel.",
            code="no-primer3",
        ) from error
    design: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]] = primer3.design_primers
    return design


@dataclass(frozen=True, slots=True)
class _Template:
    """A copy of the person around a site.

    ``positions`` has the reference position of each base; ``[start, end)`` is closed for the site and its margins.
    """

    window: HaplotypeWindow
    positions: tuple[int, ...]
    start: int
    end: int

    @classmethod
    def of(cls, window: HaplotypeWindow, site: Locus, margin: int) -> _Template:
        positions = tuple(window.to_reference(index) for index in range(len(window)))
        start, end = bisect_left(positions, site.start), bisect_left(positions, site.end)
        return cls(window, positions, start - margin, end + margin)

    def arguments(self, closed: frozenset[int]) -> dict[str, Any]:
        """What primer3 is told of the sequence: no primer lies over N."""
        bases = "".join(
            base if base in "ACGT" and position not in closed else "N"
            for base, position in zip(self.window.bases, self.positions, strict=True)
        )
        return {"SEQUENCE_TEMPLATE": bases, "SEQUENCE_TARGET": [[self.start, self.end - self.start]]}


def _fit(
    window: HaplotypeWindow,
    variants: Sequence[Variant],
    without: Sequence[Variant],
    haplotypes: Sequence[str],
) -> tuple[int, int, bool]:
    """How well a copy is the one with the site: by what it carries, then by its name."""
    carried = {*window.variants}
    return len(carried & {*variants}), -len(carried & {*without}), bool({*haplotypes} & {*window.haplotypes})


def _too_short(template: _Template, stretch: Locus, site: Locus, options: PrimerOptions) -> str:
    needed = template.end - template.start + 2 * options.size_min
    if needed > options.product_max:
        return (
            f"The site with its margins and two primers takes {needed} bases, more than a product of"
            f" {options.product_max}."
        )
    size = len(template.window)
    if (
        template.start < options.size_min
        or size - template.end < options.size_min
        or size < options.product_min
    ):
        return (
            f"The reference covers only {site.start - stretch.start} bases left and {stretch.end - site.end} right"
            f" of {_place(site)}: too few for a product."
        )
    return ""


def _closures(
    genome: PatientGenome, region: Locus, unapplied: Sequence[Variant] | None
) -> Iterator[list[Variant]]:
    """The variants that close bases, fewer each time; those that could not be applied always do."""
    if unapplied is None:
        unapplied = [refusal.call.variant for refusal in genome.refused]
    unknown = [variant for variant in unapplied if _is_near(variant, region, genome)]
    calls = genome.calls_in(region)
    yield [call.variant for call in calls] + unknown
    yield [call.variant for call in calls if call.is_heterozygous] + unknown
    yield unknown


def _is_near(variant: Variant, region: Locus, genome: PatientGenome) -> bool:
    if (
        variant.end < region.start
        or region.end < variant.start
        or not genome.reference.has_contig(variant.contig)
    ):
        return False
    return genome.reference.canonical_contig(variant.contig) == region.contig


def _closed(variant: Variant) -> tuple[int, int]:
    """The reference bases no primer may touch; for an indel those beside it too."""
    start, ref, alt = trimmed(variant)
    beside = len(ref) != len(alt)
    return max(start - beside, 0), start + len(ref) + beside


def _pairs(
    answer: dict[str, Any], template: _Template, genome: PatientGenome, region: Locus
) -> Iterator[PrimerPair]:
    window = template.window
    for number in range(answer["PRIMER_PAIR_NUM_RETURNED"]):
        left, left_size = answer[f"PRIMER_LEFT_{number}"]
        right, right_size = answer[f"PRIMER_RIGHT_{number}"]  # the last base, not the one after it
        forward = answer[f"PRIMER_LEFT_{number}_SEQUENCE"].upper()
        reverse = answer[f"PRIMER_RIGHT_{number}_SEQUENCE"].upper()
        places = (
            window.reference_locus(left, left + left_size),
            window.reference_locus(right + 1 - right_size, right + 1, Strand.MINUS),
        )
        under = [
            call for call in genome.calls_in(region) if any(_lies_under(call, place) for place in places)
        ]
        copies, is_all = _copies(genome, forward, reverse, places)
        yield PrimerPair(
            forward,
            reverse,
            *places,
            round(answer[f"PRIMER_LEFT_{number}_TM"], 2),
            round(answer[f"PRIMER_RIGHT_{number}_TM"], 2),
            right + 1 - left,
            copies,
            _said_of(under, copies, is_all=is_all),
        )


def _lies_under(call: Call, place: Locus) -> bool:
    start, end = _closed(call.variant)
    return start < place.end and place.start < end


def _copies(
    genome: PatientGenome, forward: str, reverse: str, places: tuple[Locus, Locus]
) -> tuple[tuple[str, ...], bool]:
    """The copies both primers match, letter by letter, and whether these are all the person has."""
    left, right = places
    right_bases = reverse_complement(reverse)
    at_left, at_right = genome.windows(left), genome.windows(right)
    if all(forward in w.bases for w in at_left) and all(right_bases in w.bases for w in at_right):
        return _labels(at_left), True
    # Phase between the two primers matters, so both are looked for in sequences that reach over both.
    both = [
        window
        for window in genome.windows(Locus(left.contig, left.start, right.end))
        if forward in _over(window, left) and right_bases in _over(window, right)
    ]
    return _labels(both) or ("putative",), False


def _over(window: HaplotypeWindow, place: Locus) -> str:
    """The bases of a window that stand for a part of it."""
    kept = [place.start <= window.to_reference(index) < place.end for index in range(len(window))]
    return "".join(base for base, is_in in zip(window.bases, kept, strict=True) if is_in)


def _labels(windows: Iterable[HaplotypeWindow]) -> tuple[str, ...]:
    return tuple(sorted({label for window in windows for label in window.haplotypes}))


def _said_of(under: Sequence[Call], copies: tuple[str, ...], *, is_all: bool) -> str:
    if not under:
        return ""
    names = ", ".join(str(call.variant) for call in under)
    if is_all:
        return f"A primer lies over {names} and has the bases that every copy of this person has there."
    where = "one copy, of unknown phase," if copies == ("putative",) else f"copy {' and '.join(copies)}"
    return (
        f"A primer lies over {names}: both primers match {where} only. The other copy may not be amplified, and an"
        " edit there would be missed."
    )


def _explained(answer: dict[str, Any], stretch: Locus, region: Locus) -> str:
    """Why primer3 found nothing, in its own words."""
    is_clipped = region.start == stretch.start or region.end == stretch.end
    return (
        f"No primers fit.{' The reference ends near the site.' if is_clipped else ''} primer3 says, left:"
        f" {answer['PRIMER_LEFT_EXPLAIN']}; right: {answer['PRIMER_RIGHT_EXPLAIN']}; pairs:"
        f" {answer['PRIMER_PAIR_EXPLAIN']}."
    )


def _place(site: Locus) -> str:
    return f"{site.contig}:{site.start + 1}-{site.end}"
