"""The exact search for gates of one, two and three antigens over single cells.

A gate is wanted when it attacks many malignant cells (coverage), few cells of every organ (safety), and when none of
its own parts does as well: a smaller gate left when antigens are taken out must be unsafe, or cover clearly less.
All gates of all forms (``FORMS``) are searched; nothing is sampled. For each form the best are kept, by coverage, and
the search drops whole branches whose coverage cannot reach the last of them.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from revertant.errors import UsageError
from revertant.modality.car_t.targets.cells import PackedCells
from revertant.modality.car_t.targets.forms import FORMS, Gate
from revertant.modality.car_t.targets.gate_space import (
    SearchSpace,
    best_ones,
    best_pairs,
    best_triples,
    fill_tables,
    widest_safe,
)
from revertant.model import Finding, Status

__all__ = [
    "GateLimits",
    "GateResult",
    "GateSearch",
    "OrganHit",
    "gate_findings",
    "measure_gate",
    "search_gates",
]


@dataclass(frozen=True, slots=True)
class GateLimits:
    """What a gate has to do. The numbers are the user's to choose: no published limit exists.

    Parameters
    ----------
    least_coverage
        Share of malignant cells it has to attack, above 0 to 1.
    most_hit
        Share of the cells of any one organ it may attack, 0 to below 1.
    least_gain
        Share of malignant cells by which a gate must beat every smaller safe gate within it.
    keep
        How many gates of each form are kept.

    Examples
    --------
    >>> GateLimits(most_hit=0.01).keep
    20
    """

    least_coverage: float = 0.8
    most_hit: float = 0.05
    least_gain: float = 0.01
    keep: int = 20

    def __post_init__(self) -> None:
        if not (0 < self.least_coverage <= 1 and 0 <= self.most_hit < 1 and 0 < self.least_gain <= 1):
            raise UsageError(
                f"These are no shares: coverage {self.least_coverage:g}, hit {self.most_hit:g}, gain "
                f"{self.least_gain:g}.",
                remedy="Give shares of 1: coverage and gain above 0, hit below 1.",
            )
        if not 1 <= self.keep <= 100_000:
            raise UsageError(f"{self.keep:,} gates cannot be kept.", remedy="Keep 1 to 100,000 of each form.")


@dataclass(frozen=True, slots=True)
class OrganHit:
    """How many cells of an organ a gate attacks.

    Parameters
    ----------
    organ, hits, cells
        Counts.
    """

    organ: str
    hits: int
    cells: int

    @property
    def share(self) -> float:
        """Share of the organ's cells."""
        return self.hits / self.cells

    @property
    def upper(self) -> float:
        """Upper end of the one-sided 95 % interval of the share (Clopper and Pearson): what few cells leave open."""
        return _upper_share(self.hits, self.cells)


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate and what it does.

    Parameters
    ----------
    gate
        The gate.
    covered, malignant_cells
        Malignant cells it attacks, of how many.
    organs
        Each organ, in the order of the cells' groups.
    """

    gate: Gate
    covered: int
    malignant_cells: int
    organs: tuple[OrganHit, ...]

    @property
    def coverage(self) -> float:
        """Share of malignant cells it attacks."""
        return self.covered / self.malignant_cells

    @property
    def worst(self) -> OrganHit:
        """The organ with the largest share of cells attacked; of equals the one with the fewest cells."""
        return max(self.organs, key=lambda organ: (organ.share, -organ.cells, organ.organ))


@dataclass(frozen=True, slots=True)
class GateSearch:
    """What a search found.

    Parameters
    ----------
    limits
        What was asked for.
    genes, malignant_cells, normal_cells
        What was searched.
    gates
        Found gates; by coverage, then by the worst organ.
    considered
        How many gates of one, two and three antigens there are in all: every one was looked at or ruled out.
    because
        Why there is none; empty otherwise.
    """

    limits: GateLimits
    genes: int
    malignant_cells: int
    normal_cells: int
    gates: tuple[GateResult, ...]
    considered: int
    because: str = ""


def measure_gate(cells: PackedCells, gate: Gate) -> GateResult:
    """Count what a gate attacks.

    Parameters
    ----------
    cells
        The cells.
    gate
        A gate over genes of ``cells``.

    Raises
    ------
    UsageError
        For an antigen that is no row of the cells.

    Examples
    --------
    >>> from revertant.modality.car_t.targets import pack_cells
    >>> cells = pack_cells(["CD19", "CD3E"], [[1, 1, 0, 1], [0, 0, 1, 0]], ["malignant", "malignant", "blood", "blood"])
    >>> result = measure_gate(cells, Gate(0, ("CD19",)))
    >>> result.coverage, result.worst.share
    (1.0, 0.5)
    """
    from revertant.modality.car_t.targets.kernels_gates import count_hits  # noqa: PLC0415 - compiles

    unknown = [name for name in gate.antigens if name not in cells.genes]
    if unknown:
        raise UsageError(
            f"{', '.join(unknown)}: no row of the cells.", remedy="Ask for genes that were measured."
        )
    places = [cells.genes.index(name) for name in gate.antigens]
    a, b, c = [*places, places[0], places[0]][:3]
    bounds = zip(cells.starts[:-1].tolist(), cells.starts[1:].tolist(), strict=True)
    counts = [
        int(count_hits(gate.form, cells.rows, cells.counts, group, a, b, c, start, end))
        for group, (start, end) in enumerate(bounds)
    ]
    organs = tuple(
        OrganHit(organ, hits, size)
        for organ, hits, size in zip(cells.groups[1:], counts[1:], cells.sizes[1:], strict=True)
    )
    return GateResult(gate, counts[0], cells.malignant_cells, organs)


@lru_cache(maxsize=4096)
def _upper_share(hits: int, cells: int) -> float:
    """Upper end of the exact one-sided 95 % interval of a share."""
    if hits >= cells:
        return 1.0
    low, high = hits / cells, 1.0
    logs = [math.lgamma(cells + 1) - math.lgamma(k + 1) - math.lgamma(cells - k + 1) for k in range(hits + 1)]
    for _ in range(50):
        share = (low + high) / 2
        tail = math.fsum(
            math.exp(log + (k * math.log(share) if k else 0.0) + (cells - k) * math.log1p(-share))
            for k, log in enumerate(logs)
        )
        low, high = (share, high) if tail > 0.05 else (low, share)
    return high


def search_gates(
    cells: PackedCells,
    *,
    most_antigens: int = 2,
    limits: GateLimits | None = None,
    threads: int = 2,
) -> GateSearch:
    """Find the best gates of every form.

    Parameters
    ----------
    cells
        Malignant and normal cells.
    most_antigens
        1, 2 or 3.
    limits
        What a gate has to do; ``None`` takes the defaults.
    threads
        Threads to search with; the answer does not depend on it.

    Returns
    -------
    GateSearch
        With a reason where there is no gate.

    Raises
    ------
    UsageError
        For another number of antigens or threads.

    Examples
    --------
    >>> from revertant.modality.car_t.targets import pack_cells
    >>> rows = [[1, 1, 1, 1, 0], [1, 1, 1, 0, 1]]
    >>> cells = pack_cells(["MSLN", "EPCAM"], rows, ["malignant"] * 3 + ["pleura", "gut"])
    >>> [found.gate.sentence for found in search_gates(cells).gates]
    ['EPCAM and MSLN']
    """
    if most_antigens not in {1, 2, 3} or not 1 <= threads <= 64:
        raise UsageError(
            f"Gates of {most_antigens} antigens on {threads} threads cannot be searched.",
            remedy="Search 1, 2 or 3 antigens on 1 to 64 threads.",
        )
    limits = limits or GateLimits()
    space = SearchSpace.of(
        cells,
        least_coverage=limits.least_coverage,
        most_hit=limits.most_hit,
        least_gain=limits.least_gain,
        keep=limits.keep,
    )
    found = best_ones(space)
    tables = None
    if most_antigens > 1:
        with ThreadPoolExecutor(threads) as pool:
            tables = fill_tables(space, pool)
            found += best_pairs(space, tables)
            if most_antigens > 2:
                found += best_triples(space, tables, pool)
    results = []
    for form in range(len(FORMS)):
        rows = [row for of_form, row in found if of_form == form]
        gates = [Gate.of(form, [cells.genes[at] for at in row[: FORMS[form].antigens]]) for row in rows]
        results += _best([measure_gate(cells, gate) for gate in gates], limits.keep)
    count = len(cells.genes)
    because = ""
    if not results:
        because = (
            f"No gate of up to {most_antigens} antigens attacks {limits.least_coverage:.0%} of the malignant cells and "
            f"at most {limits.most_hit:.1%} of the cells of every organ. "
        )
        widest = widest_safe(space, tables)
        if widest is None or not widest[2]:
            because += "No gate of one or two antigens is safe and attacks any."
        else:
            form, row, covered = widest
            gate = Gate.of(form, [cells.genes[at] for at in row[: FORMS[form].antigens]])
            because += (
                f"Of one or two antigens the safe gate that attacks most is {gate.sentence}: "
                f"{covered / cells.malignant_cells:.0%} of the malignant cells."
            )
    return GateSearch(
        limits,
        count,
        cells.malignant_cells,
        cells.normal_cells,
        tuple(sorted(results, key=_rank)),
        _how_many(count, most_antigens),
        because,
    )


def _rank(result: GateResult) -> tuple[Any, ...]:
    """Order of results: most malignant cells, then the safest, then the simplest."""
    hits = sum(organ.hits for organ in result.organs)
    return (
        -result.covered,
        result.worst.share,
        hits,
        len(result.gate.antigens),
        result.gate.form,
        result.gate.antigens,
    )


def _best(results: list[GateResult], keep: int) -> list[GateResult]:
    return sorted(results, key=_rank)[:keep]


def _how_many(genes: int, most: int) -> int:
    """How many gates there are over so many genes."""
    pairs, triples = math.comb(genes, 2), math.comb(genes, 3)
    # A and not B has 2 orders; of three, six forms have 3 orders, one (A and not B, or C) 6, two are symmetric.
    return genes + (4 * pairs if most > 1 else 0) + ((2 + 3 * 5 + 6) * triples if most > 2 else 0)


def gate_findings(result: GateResult, limits: GateLimits) -> tuple[Finding, ...]:
    """Judge a gate by its limits.

    Parameters
    ----------
    result
        What the gate does.
    limits
        What was asked.

    Examples
    --------
    >>> hit = OrganHit("blood", 0, 30)
    >>> result = GateResult(Gate(0, ("CD19",)), 95, 100, (hit,))
    >>> [finding.status.value for finding in gate_findings(result, GateLimits())]
    ['pass', 'caution']
    """
    worst = result.worst
    enough = result.coverage >= limits.least_coverage
    coverage = Finding(
        "car_t.gate.coverage",
        Status.PASS if enough else Status.FAIL,
        f"{result.gate.sentence}: {result.covered:,} of {result.malignant_cells:,} malignant cells are attacked; the "
        "others escape.",
        f"{result.coverage:.1%}",
        f"at least {limits.least_coverage:.0%}",
    )
    few = max(result.organs, key=lambda organ: (organ.upper, organ.organ))
    if worst.share > limits.most_hit:
        status, text = (
            Status.FAIL,
            f"The worst organ is {worst.organ}: {worst.hits:,} of {worst.cells:,} cells attacked.",
        )
    elif few.upper > limits.most_hit:
        status = Status.CAUTION
        text = (
            f"The worst organ is {worst.organ}: {worst.hits:,} of {worst.cells:,} cells attacked. Of {few.organ} so "
            f"few cells were seen ({few.cells:,}) that {few.upper:.1%} cannot be excluded."
        )
    else:
        status, text = (
            Status.PASS,
            f"The worst organ is {worst.organ}: {worst.hits:,} of {worst.cells:,} cells attacked.",
        )
    safety = Finding(
        "car_t.gate.safety", status, text, f"{worst.share:.2%}", f"at most {limits.most_hit:.1%} of an organ"
    )
    return coverage, safety
