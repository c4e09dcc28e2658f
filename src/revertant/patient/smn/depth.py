"""From depth to copies: how many copies of exons 1-6 and of exons 7-8 there are.

One-dimensional Gaussian mixtures, one component for each number of copies, as published. Their means are the numbers
themselves and their widths come from this sample: counting noise, and what the control bins vary beyond it. All
numbers are held equally likely before the reads are seen, so that a result rests on the reads alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from revertant.patient.smn.controls import Normaliser

__all__ = [
    "LEAST_POSTERIOR",
    "LEAST_TAIL",
    "MOST_COPIES",
    "DepthCopies",
    "Scale",
    "copies_from_depth",
    "scale_of",
]

#: A number of copies is called from this posterior on, as published.
LEAST_POSTERIOR = 0.95
#: A depth further out than this (two-sided) fits no number of copies, as published.
LEAST_TAIL = 1e-3
#: More copies are not called, as published.
MOST_COPIES = 10
# Components above the highest number that is called take what does not belong to it.
_COMPONENTS = 16
#: How exactly a stretch can be expected to follow the controls, whatever the depth: our own choice. The published
#: mixtures, fitted to a cohort, have their means at 0.5, 1.0 and 1.495 of two copies, so the stretches follow the bins
#: to about half a per cent there; one sample of another library cannot know that of itself.
LEAST_SPREAD = 0.012
#: Of the standard deviation between bins, so much is added: an uneven library is less sure. Our own choice as well.
SHARE_OF_BINS = 0.2
# Zero copies still collect a few stray reads: counted as one twentieth of a copy.
_STRAY_COPIES = 0.05


@dataclass(frozen=True, slots=True)
class Scale:
    """What one copy of a stretch looks like in this sample.

    Parameters
    ----------
    reads_per_copy
        Reads of one copy.
    spread
        Relative standard deviation beyond counting.
    clumping
        Variance of counting over that of a Poisson count: 2 where all reads come in pairs.
    """

    reads_per_copy: float
    spread: float
    clumping: float = 1.0

    def copies(self, reads: float) -> float:
        """Turn reads into copies, not rounded."""
        return reads / self.reads_per_copy

    def deviation(self, copies: int) -> float:
        """Return the standard deviation of the measured copies when there are so many."""
        counting = self.clumping * max(copies, _STRAY_COPIES) / self.reads_per_copy
        return math.sqrt(counting + (copies * self.spread) ** 2)


@dataclass(frozen=True, slots=True)
class DepthCopies:
    """Copies by depth.

    Parameters
    ----------
    total_measured, full_length_measured
        Copies of exons 1-6 and of exons 7-8, not rounded.
    joint
        ``(total, full length)`` to posterior; full length never exceeds the total.
    total_tail, full_length_tail
        Two-sided tail probability of the measured value under the most probable number.
    """

    total_measured: float
    full_length_measured: float
    joint: Mapping[tuple[int, int], float]
    total_tail: float
    full_length_tail: float

    @property
    def total(self) -> dict[int, float]:
        """Posterior of all copies, with exons 7-8 or without."""
        return _marginal(self.joint, lambda pair: pair[0])

    @property
    def full_length(self) -> dict[int, float]:
        """Posterior of the copies that have exons 7-8."""
        return _marginal(self.joint, lambda pair: pair[1])

    @property
    def without_exons_7_8(self) -> dict[int, float]:
        """Posterior of the copies that lack exons 7-8."""
        return _marginal(self.joint, lambda pair: pair[0] - pair[1])

    def weighted(self, log_weights: Mapping[int, float]) -> DepthCopies:
        """Let other evidence weigh the numbers of full-length copies.

        Parameters
        ----------
        log_weights
            Full-length copies to natural logarithm of the evidence; a number that is not there is impossible.
        """
        logs = {
            pair: math.log(probability) + log_weights[pair[1]]
            for pair, probability in self.joint.items()
            if probability and pair[1] in log_weights
        }
        return replace(self, joint=_normalised(logs))


def _normalised(logs: Mapping[tuple[int, int], float]) -> dict[tuple[int, int], float]:
    highest = max(logs.values())
    weights = {pair: math.exp(value - highest) for pair, value in logs.items()}
    whole = sum(weights.values())
    return {pair: weight / whole for pair, weight in weights.items()}


def _marginal(
    joint: Mapping[tuple[int, int], float], what: Callable[[tuple[int, int]], int]
) -> dict[int, float]:
    found: dict[int, float] = {}
    for pair, probability in joint.items():
        found[what(pair)] = found.get(what(pair), 0.0) + probability
    return dict(sorted(found.items()))


def scale_of(norm: Normaliser, length_bp: int, clumping: float = 1.0) -> Scale:
    """Give the scale of a stretch of a whole genome.

    Parameters
    ----------
    norm
        What the control bins gave.
    length_bp
        Length of the stretch.
    clumping
        How much its reads come in pairs.

    Examples
    --------
    >>> norm = Normaliser(0.1, 300, 150, (), 0.04, 0.0, 30.0)
    >>> scale_of(norm, 5900).reads_per_copy
    590.0
    """
    spread = math.sqrt(LEAST_SPREAD**2 + SHARE_OF_BINS**2 * norm.excess_variance)
    return Scale(norm.reads_per_copy_bp * length_bp, spread, clumping)


def copies_from_depth(
    total_reads: int, total_scale: Scale, full_length_reads: int, full_length_scale: Scale
) -> DepthCopies:
    """Find the copies of both stretches together.

    Parameters
    ----------
    total_reads, full_length_reads
        Reads in exons 1-6 and in exons 7-8 of both genes.
    total_scale, full_length_scale
        What one copy gives.

    Examples
    --------
    >>> found = copies_from_depth(8880, Scale(2220, 0.012), 1770, Scale(590, 0.012))
    >>> max(found.joint, key=found.joint.get)
    (4, 3)
    """
    total = total_scale.copies(total_reads)
    full = full_length_scale.copies(full_length_reads)
    first = [_log_density(total, copies, total_scale) for copies in range(_COMPONENTS)]
    second = [_log_density(full, copies, full_length_scale) for copies in range(_COMPONENTS)]
    logs = {(t, f): first[t] + second[f] for t in range(_COMPONENTS) for f in range(t + 1)}
    joint = _normalised(logs)
    best = max(joint, key=lambda pair: joint[pair])
    return DepthCopies(
        total,
        full,
        joint,
        _tail(total, best[0], total_scale),
        _tail(full, best[1], full_length_scale),
    )


def _log_density(measured: float, copies: int, scale: Scale) -> float:
    deviation = scale.deviation(copies)
    return -0.5 * ((measured - copies) / deviation) ** 2 - math.log(deviation)


def _tail(measured: float, copies: int, scale: Scale) -> float:
    return math.erfc(abs(measured - copies) / scale.deviation(copies) / math.sqrt(2))
