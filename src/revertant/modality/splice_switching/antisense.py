"""Steric-blocking oligos over splice sites and exons: tiled on the patient's own transcript, flagged, put in order.

Nothing here predicts how well an oligo works: the order follows plain rules, each with its reason. In 156 oligos
against DMD the effective ones had more G and C, bound more tightly, and lay nearer to the acceptor
(Aartsma-Rus 2009).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from revertant import knowledge
from revertant.modality.splice_switching.sites import SenseView
from revertant.model import AntisenseOligo, Target
from revertant.sequence import is_dna, reverse_complement

__all__ = [
    "DESIGN_SOURCES",
    "OligoCandidate",
    "Region",
    "chemistry_for",
    "choose",
    "exon_regions",
    "longest_stem",
    "oligo_flags",
    "site_regions",
    "tile",
]

DESIGN_SOURCES = ("doi:10.1038/mt.2008.205",)

#: Lengths tiled, by chemistry: around those of the oligos that people have been given (18 and 17, 21 to 30 bases).
LENGTHS = {
    "PMO": (21, 22, 25),
    "2'-MOE phosphorothioate": (18, 20),
    "2'-O-methyl phosphorothioate": (18, 20),
}
_DEFAULT_CHEMISTRY = "2'-MOE phosphorothioate"

#: Bases of an oligo on either side of a splice site that it is said to cover.
OVERHANG_NT = 3
#: This project's own rules of thumb.
LEAST_GC, MOST_GC = 0.40, 0.60
LONGEST_STEM_NT = 5
#: Oligos that start closer than this are variants of one idea.
APART_NT = 4

#: Four runs of at least two G with loops of up to seven, or one run of four.
_QUADRUPLEX = re.compile(r"GGGG|(?:GG[ACGT]{1,7}?){3}GG")


@dataclass(frozen=True, slots=True)
class Region:
    """Where oligos are tiled.

    Parameters
    ----------
    start, end
        Sense indexes; an oligo lies inside.
    edge
        A splice site that must be covered; ``None`` anywhere in the region.
    covers
        What an oligo here hides, in words.
    order
        Smaller is tried first.
    """

    start: int
    end: int
    edge: int | None
    covers: str
    order: int = 0


@dataclass(frozen=True, slots=True)
class OligoCandidate:
    """One oligo on one haplotype.

    Parameters
    ----------
    view, start, end
        The stretch it covers, as sense indexes.
    sequence
        The oligo, 5'→3' in DNA letters.
    covers
        What it hides.
    flags
        What speaks against it.
    order
        Place of the region it was tiled in, then bases from the acceptor, or from the site it covers.
    haplotypes
        The copies it matches.
    """

    view: SenseView
    start: int
    end: int
    sequence: str
    covers: str
    flags: tuple[str, ...]
    order: tuple[int, int]
    haplotypes: tuple[str, ...]

    def oligo(self, chemistry: str) -> AntisenseOligo:
        """Return the molecule."""
        place = self.view.locus(self.start, self.end, self.view.strand.opposite)
        return AntisenseOligo(self.sequence, place, chemistry, self.covers, self.haplotypes)

    @property
    def rank(self) -> tuple[object, ...]:
        """Fewest flags first, then the region, then nearer to the acceptor or the site, then shorter."""
        return (len(self.flags), *self.order, len(self.sequence), self.start)


def chemistry_for(target: Target) -> tuple[str, str]:
    """Choose the chemistry that has come furthest in the target's main tissue, and say why.

    Examples
    --------
    >>> from revertant.model import Strand, Transcript
    >>> gene = Transcript("T.1", "G", "s", Strand.PLUS, ((0, 10),))
    >>> chemistry_for(Target("G", gene, (), tissues=("skeletal muscle",)))
    ('PMO', 'the chemistry of casimersen (Amondys 45), given for skeletal muscle')
    """
    for tissue in target.tissues[:1]:
        for row in knowledge.antisense_reaching(tissue):
            return row.chemistry, f"the chemistry of {row.name}, given for {row.tissue.value}"
    return (
        _DEFAULT_CHEMISTRY,
        "no oligo is known here to have acted in this tissue; the chemistry of nusinersen",
    )


def exon_regions(view: SenseView, acceptor: int | None, donor: int | None, name: str) -> tuple[Region, ...]:
    """Return the regions that leave an exon out: its body, its acceptor, its donor.

    Parameters
    ----------
    view
        The sequence.
    acceptor, donor
        Sense edges; ``None`` where not in the window.
    name
        The exon in words.
    """
    regions = []
    if acceptor is not None and donor is not None:
        regions.append(Region(acceptor, donor, None, f"inside of {name}"))
    if acceptor is not None:
        regions.append(Region(0, len(view.bases), acceptor, f"acceptor of {name}", 1))
    if donor is not None:
        regions.append(Region(0, len(view.bases), donor, f"donor of {name}", 2))
    return tuple(regions)


def site_regions(
    view: SenseView, edge: int, name: str, hidden: tuple[int, int] | None, partner: tuple[int, str] | None
) -> tuple[Region, ...]:
    """Return the regions that hide a wrong site: the site itself, what it brings in, its partner.

    Parameters
    ----------
    view
        The sequence.
    edge, name
        The wrong site's edge, and the site in words.
    hidden
        The pseudo-exon, if there is one.
    partner
        Edge and words of the site at its other end.
    """
    regions = [Region(0, len(view.bases), edge, name)]
    if hidden is not None:
        regions.append(Region(*hidden, None, "inside of the pseudo-exon", 1))
    if partner is not None:
        regions.append(Region(0, len(view.bases), partner[0], partner[1], 2))
    return tuple(regions)


def tile(
    view: SenseView, regions: Iterable[Region], lengths: Sequence[int], *, anchor: int
) -> Iterator[OligoCandidate]:
    """Lay every oligo of these lengths over the regions.

    Parameters
    ----------
    view
        The patient's sequence.
    regions
        Where; the same stretch is named by the first region that holds it.
    lengths
        Oligo lengths.
    anchor
        The sense edge from which distance counts.

    Yields
    ------
    OligoCandidate
        Stretches with an ambiguous base are left out.
    """
    seen = set()
    for region in regions:
        for size in lengths:
            first, last = region.start, region.end - size
            if region.edge is not None:
                first = max(first, region.edge - size + OVERHANG_NT)
                last = min(last, region.edge - OVERHANG_NT)
            for start in range(first, last + 1):
                bases = view.bases[start : start + size]
                if (start, size) in seen or not is_dna(bases):
                    continue
                seen.add((start, size))
                oligo = reverse_complement(bases)
                middle = start + size // 2
                yield OligoCandidate(
                    view,
                    start,
                    start + size,
                    oligo,
                    region.covers,
                    oligo_flags(oligo),
                    (region.order, abs(middle - (anchor if region.edge is None else region.edge))),
                    view.window.haplotypes,
                )


def choose(candidates: Iterable[OligoCandidate], most: int) -> tuple[list[OligoCandidate], int]:
    """Join what copies share and keep the best, a few bases apart from each other.

    Returns
    -------
    tuple
        The chosen, best first, and how many different oligos there were.
    """
    merged: dict[tuple[object, ...], OligoCandidate] = {}
    for candidate in candidates:
        key = (candidate.sequence, str(candidate.view.locus(candidate.start, candidate.end)))
        known = merged.setdefault(key, candidate)
        if known is not candidate:
            copies = tuple(sorted({*known.haplotypes, *candidate.haplotypes}))
            merged[key] = replace(known, haplotypes=copies)
    columns: dict[str, list[OligoCandidate]] = {}
    for candidate in sorted(merged.values(), key=lambda one: (-len(one.haplotypes), one.rank)):
        columns.setdefault(candidate.covers, []).append(candidate)
    chosen: list[OligoCandidate] = []
    queues = [iter(column) for column in columns.values()]
    while queues and len(chosen) < most:
        # What the oligos cover takes turns, so that a splice site is offered beside the inside of its exon.
        for queue in list(queues):
            fresh = next((one for one in queue if all(_apart(one, other) for other in chosen)), None)
            if fresh is None:
                queues.remove(queue)
            elif len(chosen) < most:
                chosen.append(fresh)
    return chosen, len(merged)


def _apart(one: OligoCandidate, other: OligoCandidate) -> bool:
    first, second = one.view.locus(one.start, one.end), other.view.locus(other.start, other.end)
    return abs(first.start - second.start) >= APART_NT and abs(first.end - second.end) >= APART_NT


def oligo_flags(sequence: str) -> tuple[str, ...]:
    """Name what speaks against an oligo's sequence.

    Examples
    --------
    >>> oligo_flags("CTCCAACATCAAGGAAGATGGCATTTCTAG"), oligo_flags("GGGGTTAACGCGTTAACCGG")
    ((), ('CpG (3)', 'may fold on itself (stem of 16)', 'may form a G-quadruplex'))
    """
    flags = []
    share = sum(base in "GC" for base in sequence) / len(sequence)
    if not LEAST_GC <= share <= MOST_GC:
        flags.append(f"{share:.0%} G or C")
    if pairs := sequence.count("CG"):
        flags.append(f"CpG ({pairs})")
    stem = longest_stem(sequence)
    if stem > LONGEST_STEM_NT:
        flags.append(f"may fold on itself (stem of {stem})")
    if _QUADRUPLEX.search(sequence):
        flags.append("may form a G-quadruplex")
    return tuple(flags)


def longest_stem(sequence: str) -> int:
    """Return the longest stretch whose reverse complement stands in the oligo too, so that two of it can pair."""
    other = reverse_complement(sequence)
    for size in range(len(sequence), 1, -1):
        if any(sequence[at : at + size] in other for at in range(len(sequence) - size + 1)):
            return size
    return 0
