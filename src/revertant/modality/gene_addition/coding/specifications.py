"""What DNA Chisel has no specification for: CG, splice sites and alternative frames, in its own terms.

A specification scores a stretch and can be narrowed to a location; the solver then changes codons there and keeps what
raises the sum. Importing this module imports DNA Chisel, so it is imported where a design is made.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from dnachisel import Location, Specification
from dnachisel.Specification.SpecEvaluation import SpecEvaluation

from revertant.modality.gene_addition.coding.measures import SPLICE_LIMIT_BITS
from revertant.modality.gene_addition.coding.optimum import Prices
from revertant.prediction import SpliceKind, SpliceSite, acceptor_score, donor_score
from revertant.prediction.splice import (
    ACCEPTOR_EXON_NT,
    ACCEPTOR_INTRON_NT,
    DONOR_EXON_NT,
    DONOR_INTRON_NT,
)
from revertant.sequence import CODONS, reverse_complement, translate

__all__ = ["AvoidFrames", "AvoidRepeats", "AvoidSpliceSites", "CodonWorth", "CpgBudget", "sites_by_window"]

#: A repeat is broken in stretches of this length.
_STRETCH_BP = 30
#: Exon and intron bases that a site is judged on, in reading order.
_WINDOWS = {
    SpliceKind.DONOR: (DONOR_EXON_NT, DONOR_INTRON_NT),
    SpliceKind.ACCEPTOR: (ACCEPTOR_INTRON_NT, ACCEPTOR_EXON_NT),
}
#: Bases on either side that can bear on a site's score: an acceptor is judged on 23.
_REACH_BP = 22


class CpgBudget(Specification):  # type: ignore[misc]  # DNA Chisel has no types
    """A hard limit on the number of CG dinucleotides.

    Parameters
    ----------
    most
        How many may stand at ``location``.
    location
        The whole sequence where ``None``.
    """

    best_possible_score = 0
    priority = 2

    def __init__(self, most: int, location: Any = None) -> None:
        super().__init__()
        self.most = most
        self.location = location

    def initialized_on_problem(self, problem: Any, role: str = "constraint") -> Any:
        """Take the whole sequence where no location is given."""
        return self._copy_with_full_span_if_no_location(problem)

    def evaluate(self, problem: Any) -> Any:
        """Score 0 within the budget, else minus the excess."""
        start, end = self.location.start, self.location.end
        found = problem.sequence.count("CG", start, end)
        places = []
        if found > self.most:
            at = problem.sequence.find("CG", start, end)
            while at >= 0:
                places.append(Location(at, at + 2))
                at = problem.sequence.find("CG", at + 1, end)
        return SpecEvaluation(self, problem, min(0, self.most - found), places, f"{found} CG")

    def localized(self, location: Any, problem: Any = None, with_righthand: bool = True) -> Any:
        """Leave of the budget what stands elsewhere."""
        near = _around(location, 1, len(problem.sequence))
        inside = problem.sequence.count("CG", near.start, near.end)
        outside = problem.sequence.count("CG", self.location.start, self.location.end) - inside
        return CpgBudget(self.most - outside, near)


class CodonWorth(Specification):  # type: ignore[misc]
    """What the chosen codons are worth at given prices; it only weighs on what other objectives change.

    Parameters
    ----------
    prices
        As the exact optimum counted them.
    location
        Whole codons; the whole sequence where ``None``.
    """

    optimize_passively = True

    def __init__(self, prices: Prices, location: Any = None, worth: dict[str, float] | None = None) -> None:
        super().__init__()
        self.prices = prices
        self.location = location
        self.worth = worth or {codon: -prices.of(codon) for codon in CODONS}

    def initialized_on_problem(self, problem: Any, role: str = "objective") -> Any:
        """Take the whole sequence where no location is given."""
        return self._copy_with_full_span_if_no_location(problem)

    def evaluate(self, problem: Any) -> Any:
        """Add up the codons, and the CG between them."""
        start, end = self.location.start, self.location.end
        bases = problem.sequence[start:end]
        score = sum(self.worth[bases[i : i + 3]] for i in range(0, end - start, 3))
        between = problem.sequence[start + 2 : end + 1]
        crossing = sum(between[i : i + 2] == "CG" for i in range(0, len(between) - 1, 3))
        if start and problem.sequence[start - 1 : start + 1] == "CG":
            crossing += 1
        return SpecEvaluation(self, problem, score - self.prices.cpg * crossing, [], "")

    def localized(self, location: Any, problem: Any = None, with_righthand: bool = True) -> Any:
        """Count the codons that a location touches."""
        span = Location(location.start // 3 * 3, -(-location.end // 3) * 3)
        return CodonWorth(self.prices, span, self.worth)


class AvoidSpliceSites(Specification):  # type: ignore[misc]
    """Keep every GT and AG below the score at which it counts as a cryptic splice site.

    Parameters
    ----------
    boost
        What one site is worth, in units of ln *w*.
    tract_bp
        How much of the 20 bases before an acceptor may be rewritten to break it.
    location
        The whole sequence where ``None``.
    """

    best_possible_score = 0

    def __init__(self, boost: float, tract_bp: int, location: Any = None) -> None:
        super().__init__(boost=boost)
        self.tract_bp = tract_bp
        self.location = location

    def initialized_on_problem(self, problem: Any, role: str = "objective") -> Any:
        """Take the whole sequence where no location is given."""
        return self._copy_with_full_span_if_no_location(problem)

    def evaluate(self, problem: Any) -> Any:
        """Count the sites, and a little for how far each lies above the limit, so that a search has a slope."""
        start = self.location.start
        sites = sites_by_window(problem.sequence[start : self.location.end])
        score = -sum(1 + 0.1 * (site.score - SPLICE_LIMIT_BITS) for site in sites)
        places = [
            Location(start + site.edge - DONOR_EXON_NT, start + site.edge + DONOR_INTRON_NT)
            if site.kind is SpliceKind.DONOR
            else Location(start + site.edge - self.tract_bp, start + site.edge + ACCEPTOR_EXON_NT)
            for site in sites
        ]
        return SpecEvaluation(self, problem, score, sorted(places), f"{len(sites)} sites")

    def localized(self, location: Any, problem: Any = None, with_righthand: bool = True) -> Any:
        """Score the sites that a location can bear on."""
        return AvoidSpliceSites(
            self.boost, self.tract_bp, _around(location, _REACH_BP, len(problem.sequence))
        )


class AvoidFrames(Specification):  # type: ignore[misc]
    """Break long reading frames that begin with ATG in the other two frames.

    Parameters
    ----------
    longest
        Residues allowed.
    boost
        What one frame is worth, in units of ln *w*.
    location
        The whole sequence where ``None``.
    """

    best_possible_score = 0

    def __init__(self, longest: int, boost: float, location: Any = None) -> None:
        super().__init__(boost=boost)
        self.longest = longest
        self.location = location

    def initialized_on_problem(self, problem: Any, role: str = "objective") -> Any:
        """Take the whole sequence where no location is given."""
        return self._copy_with_full_span_if_no_location(problem)

    def evaluate(self, problem: Any) -> Any:
        """Count frames that are too long, and by how much; each is broken in stretches of 12 codons."""
        score, places = 0.0, []
        first = self.location.start // 3 * 3
        for frame in (1, 2):
            at = first + frame
            for stretch in translate(problem.sequence[at : self.location.end]).split("*"):
                excess = len(stretch) - stretch.index("M") - self.longest if "M" in stretch else 0
                if excess > 0:
                    score -= 1 + excess / self.longest
                    begin = at + 3 * stretch.index("M")
                    end = at + 3 * len(stretch)
                    places += [Location(here, min(here + 36, end)) for here in range(begin, end, 36)]
                at += 3 * len(stretch) + 3
        return SpecEvaluation(self, problem, score, sorted(places), f"{len(places)} stretches")

    def localized(self, location: Any, problem: Any = None, with_righthand: bool = True) -> Any:
        """Look at frames that a location can break or join."""
        reach = 3 * (2 * self.longest + 12)
        return AvoidFrames(self.longest, self.boost, _around(location, reach, len(problem.sequence)))


class AvoidRepeats(Specification):  # type: ignore[misc]
    """Let no stretch of a length stand twice, on whichever strand.

    DNA Chisel's ``UniquifyAllKmers`` asks the same; it names every copy at each of its bases, and looks up each k-mer
    by itself, which made it the slowest part of all.

    Parameters
    ----------
    length_bp
        The stretch that may not stand twice.
    boost
        What one base where such a stretch begins is worth, in units of ln *w*.
    location
        The whole sequence where ``None``.
    elsewhere
        The stretches outside ``location``.
    """

    best_possible_score = 0

    def __init__(
        self, length_bp: int, boost: float, location: Any = None, elsewhere: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(boost=boost)
        self.length_bp = length_bp
        self.location = location
        self.elsewhere = elsewhere

    def initialized_on_problem(self, problem: Any, role: str = "objective") -> Any:
        """Take the whole sequence where no location is given."""
        return self._copy_with_full_span_if_no_location(problem)

    def evaluate(self, problem: Any) -> Any:
        """Count the places where a stretch begins that stood before, or stands elsewhere."""
        start = self.location.start
        seen: set[str] = set()
        again = []
        for at, (stretch, is_palindrome) in enumerate(
            _stretches(problem.sequence[start : self.location.end], self.length_bp), start=start
        ):
            if is_palindrome or stretch in seen or stretch in self.elsewhere:
                again.append(at)
            seen.add(stretch)
        places: list[Any] = []
        for at in again:
            # One place for a whole repeat, so that it is broken once and not again from each of its bases.
            if not places or at + self.length_bp - places[-1].start > max(_STRETCH_BP, self.length_bp):
                places.append(Location(at, at + self.length_bp))
            places[-1].end = at + self.length_bp
        return SpecEvaluation(self, problem, -len(again), places, f"{len(again)} repeated stretches")

    def localized(self, location: Any, problem: Any = None, with_righthand: bool = True) -> Any:
        """Look at the stretches that a location touches, and keep in mind those it does not."""
        near = _around(location, self.length_bp - 1, len(problem.sequence))
        before = _stretches(problem.sequence[: near.start + self.length_bp - 1], self.length_bp)
        after = _stretches(problem.sequence[near.end - self.length_bp + 1 :], self.length_bp)
        elsewhere = frozenset(stretch for part in (before, after) for stretch, _ in part)
        return AvoidRepeats(self.length_bp, self.boost, near, elsewhere)


def _stretches(bases: str, length: int) -> list[tuple[str, bool]]:
    """Every stretch of a length, the same for both strands, and whether it is its own other strand."""
    other, count = reverse_complement(bases), len(bases)
    pairs = (
        (bases[at : at + length], other[count - at - length : count - at]) for at in range(count - length + 1)
    )
    return [(min(here, there), here == there) for here, there in pairs]


def sites_by_window(bases: str) -> tuple[SpliceSite, ...]:
    """Find what :func:`revertant.prediction.splice_sites` finds, remembering the windows that were scored before.

    A search looks at the same few windows a thousand times; of a hundred bases, one change leaves most as they were.

    Examples
    --------
    >>> sites_by_window("CCCAGGTAAGTATC")[0].edge
    5
    """
    found = []
    for kind, (before, after) in _WINDOWS.items():
        lead = before if kind is SpliceKind.DONOR else before - 2
        at = bases.find(kind.letters)
        while at >= 0:
            low, edge = at - lead, at - lead + before
            if low >= 0 and edge + after <= len(bases):
                score = _score(bases[low : edge + after], kind)
                if score is not None and score >= SPLICE_LIMIT_BITS:
                    found.append(SpliceSite(edge, kind, round(score, 2)))
            at = bases.find(kind.letters, at + 1)
    return tuple(sorted(found))


@lru_cache(maxsize=200_000)
def _score(window: str, kind: SpliceKind) -> float | None:
    return donor_score(window) if kind is SpliceKind.DONOR else acceptor_score(window)


def _around(location: Any, reach: int, length: int) -> Any:
    return Location(max(0, location.start - reach), min(length, location.end + reach))
