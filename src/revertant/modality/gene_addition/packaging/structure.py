"""What in a genome folds back on itself or recombines: inverted and direct repeats, stretches of extreme GC.

Short hairpins truncate genomes, self-complementary ones above all, and two Pol III guide cassettes tail to tail do,
while one does not (AAV-GPseq). The repeats are found exactly, by seeds on one diagonal; there is no folding model here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from revertant.model import Construct, Feature, FeatureKind, Strand
from revertant.sequence import reverse_complement

__all__ = [
    "DIRECT_REPEAT_BP",
    "GC_RANGE",
    "GC_WINDOW_BP",
    "STEM_BP",
    "Repeat",
    "direct_repeats",
    "gc_extremes",
    "inverted_repeats",
    "tail_to_tail_cassettes",
]

#: Stem of a short hairpin RNA: the shortest structure that was seen to truncate. A convention of this project.
STEM_BP = 19
#: Equal stretches that may recombine in the plasmid and in the cell. A convention of this project.
DIRECT_REPEAT_BP = 50
#: Window and bounds of what is flagged as extreme. Conventions of this project.
GC_WINDOW_BP = 100
GC_RANGE = (0.25, 0.80)


@dataclass(frozen=True, slots=True)
class Repeat:
    """Two arms that are equal, or each other's reverse complement.

    Parameters
    ----------
    first, second
        ``(start, end)`` of the arms, 0-based, half-open, left one first; of equal length.
    """

    first: tuple[int, int]
    second: tuple[int, int]

    @property
    def arm_bp(self) -> int:
        """Length of an arm."""
        return self.first[1] - self.first[0]

    @property
    def between_bp(self) -> int:
        """Bases between the arms: the loop of an inverted repeat."""
        return self.second[0] - self.first[1]


def inverted_repeats(sequence: str, least_bp: int = STEM_BP) -> tuple[Repeat, ...]:
    """Find every perfect inverted repeat: a stem, whatever its loop.

    Parameters
    ----------
    sequence
        Upper-case DNA.
    least_bp
        Shortest arm.

    Returns
    -------
    tuple[Repeat, ...]
        Longest arm first; a palindrome gives its two halves.

    Examples
    --------
    >>> stem = "ACGTTGCAAGGTCCATGACCA"
    >>> found = inverted_repeats("TTTT" + stem + "GAAA" + "TGGTCATGGACCTTGCAACGT" + "CC")
    >>> [(repeat.first, repeat.second) for repeat in found]
    [((4, 25), (29, 50))]
    """
    size = len(sequence)
    seeds = _seeds(sequence, least_bp)
    turned = reverse_complement(sequence)
    centres: dict[int, list[int]] = defaultdict(list)
    for there in range(size - least_bp + 1):
        second = size - there - least_bp
        for first in seeds.get(turned[there : there + least_bp], ()):
            # Arms that pair have a fixed sum of first and last place; the seed may reach the centre, not past it.
            if first + least_bp <= second:
                centres[first + second].append(first)
    found = []
    for total, firsts in centres.items():
        for since, last in _stretches(firsts):
            arm = last - since + least_bp
            end = total - since + least_bp
            found.append(Repeat((since, since + arm), (end - arm, end)))
    return _longest_first(found)


def direct_repeats(sequence: str, least_bp: int = DIRECT_REPEAT_BP) -> tuple[Repeat, ...]:
    """Find every stretch that stands twice on the same strand, arms that overlap excepted.

    Examples
    --------
    >>> unit = "ACGTTGCAAGGTCCATGACCA"
    >>> [(repeat.first, repeat.second) for repeat in direct_repeats(unit + "GGGG" + unit, 21)]
    [((0, 21), (25, 46))]
    """
    distances: dict[int, list[int]] = defaultdict(list)
    for places in _seeds(sequence, least_bp).values():
        for index, first in enumerate(places):
            for second in places[index + 1 :]:
                if second - first >= least_bp:
                    distances[second - first].append(first)
    found = []
    for distance, firsts in distances.items():
        for since, last in _stretches(firsts):
            arm = min(last - since + least_bp, distance)
            found.append(Repeat((since, since + arm), (since + distance, since + distance + arm)))
    return _longest_first(found)


def _seeds(sequence: str, length: int) -> dict[str, list[int]]:
    seeds: dict[str, list[int]] = defaultdict(list)
    for start in range(len(sequence) - length + 1):
        seed = sequence[start : start + length]
        if "N" not in seed:
            seeds[seed].append(start)
    return seeds


def _stretches(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of neighbouring places."""
    ordered = sorted(places)
    since = ordered[0]
    for before, after in pairwise(ordered):
        if after != before + 1:
            yield since, before
            since = after
    yield since, ordered[-1]


def _longest_first(found: list[Repeat]) -> tuple[Repeat, ...]:
    return tuple(sorted(found, key=lambda repeat: (-repeat.arm_bp, repeat.first, repeat.second)))


def gc_extremes(sequence: str) -> tuple[tuple[int, int, float], ...]:
    """Find the stretches whose windows of 100 bases have an extreme share of G and C.

    Returns
    -------
    tuple[tuple[int, int, float], ...]
        ``(start, end, share in the most extreme window)``; windows that touch are one stretch.

    Examples
    --------
    >>> gc_extremes("ACGT" * 50 + "AT" * 60 + "ACGT" * 50)[0][2]
    0.0
    """
    count = sum(base in "GC" for base in sequence[:GC_WINDOW_BP])
    found: list[tuple[int, int, float]] = []
    for start in range(len(sequence) - GC_WINDOW_BP + 1):
        if start:
            count += (sequence[start + GC_WINDOW_BP - 1] in "GC") - (sequence[start - 1] in "GC")
        share = count / GC_WINDOW_BP
        if GC_RANGE[0] <= share <= GC_RANGE[1]:
            continue
        end = start + GC_WINDOW_BP
        same_side = found and (found[-1][2] < GC_RANGE[0]) == (share < GC_RANGE[0])
        if same_side and start <= found[-1][1]:
            before = found[-1]
            worst = min(before[2], share) if share < GC_RANGE[0] else max(before[2], share)
            found[-1] = (before[0], end, worst)
        else:
            found.append((start, end, share))
    return tuple(found)


def tail_to_tail_cassettes(construct: Construct) -> tuple[tuple[Feature, Feature], ...]:
    """Find neighbouring Pol III promoters that read towards each other, so that their guides lie tail to tail.

    Examples
    --------
    >>> from revertant.model import Construct, Feature, FeatureKind, GenomeForm, Strand
    >>> left = Feature(FeatureKind.POL3_PROMOTER, "U6", 0, 240)
    >>> right = Feature(FeatureKind.POL3_PROMOTER, "H1", 500, 600, Strand.MINUS)
    >>> form = GenomeForm.SINGLE_STRANDED_AAV
    >>> len(tail_to_tail_cassettes(Construct("x", form, "A" * 600, (left, right), (0, 600))))
    1
    """
    promoters = sorted(construct.of_kind(FeatureKind.POL3_PROMOTER), key=lambda feature: feature.start)
    return tuple(
        (left, right)
        for left, right in pairwise(promoters)
        if left.strand is Strand.PLUS and right.strand is Strand.MINUS
    )
