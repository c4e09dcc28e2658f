"""How much of what is packaged is whole, by the length of the genome.

There is no length at which an AAV stops to be filled. The figures that were read fix points of a curve. A genome of
4.7 kb is the reference; at 5.0 kb 86.3 % fewer packaged genomes are whole (nanopore reads; Kosaka 2025); nothing longer
than 5.2 kb was ever seen in a particle, whatever the capsid (Southern blots of AAV2, 5 and 8; Wu 2010). At 4.9 kb the
share is already lower, and it falls steeply from there to 5.0 kb (Kosaka 2025), without a figure in what was read: the
curve gives bounds there. At one length, the sequence itself changes the share 2- to 5-fold (AviNP-seq).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from revertant.model import Estimate, GenomeForm

__all__ = [
    "ANCHORS",
    "LARGEST_PACKAGED_BP",
    "LENGTH_SOURCES",
    "REFERENCE_BP",
    "SC_LIMIT_BP",
    "SC_STOP_BP",
    "SHORT_GENOME_BP",
    "STOP_BP",
    "PackagingAnchor",
    "full_length_fraction",
]

#: Length of the wild-type genome, and the reference of the curve.
REFERENCE_BP = 4700
#: From here on a single-stranded genome is refused: fewer than one in seven of the reference's whole genomes.
STOP_BP = 5000
#: The longest genome ever seen in a particle.
LARGEST_PACKAGED_BP = 5200
#: Below this a single-stranded genome is packaged as head-to-tail tandems too.
SHORT_GENOME_BP = 3000
#: A self-complementary genome is packaged as a double length: half of the reference, and half of the stop.
SC_LIMIT_BP = REFERENCE_BP // 2
SC_STOP_BP = STOP_BP // 2
#: The longest vector plasmid of Wu 2010: what lies beyond was not looked at.
_LONGEST_TESTED_BP = 8700
#: The most that sequence structure changes the share at one length (AviNP-seq).
_STRUCTURE_FOLD = 5.0

KOSAKA_2025 = "doi:10.1016/j.omtm.2025.101474"
AVINP_SEQ = "doi:10.1177/10430342261454324"
WU_2010 = "doi:10.1038/mt.2009.255"
LENGTH_SOURCES = (KOSAKA_2025, AVINP_SEQ, WU_2010)

UNIT = "whole genomes among the packaged, relative to a 4.7-kb genome, 0 to 1"
_METHOD = (
    "piecewise linear and never rising between published points: 1 to 4.7 kb, 0.137 at 5.0 kb, 0 from 5.2 kb; at 4.9 "
    "kb, where no figure was read, the middle of its bounds (at least half of the fall lies after 4.9 kb)"
)
_INTERVAL = (
    "bounds from the published points, the lower one with 5-fold less for structure; no confidence interval"
)


@dataclass(frozen=True, slots=True)
class PackagingAnchor:
    """One point of the curve.

    Parameters
    ----------
    packaged_bp
        Length of the genome, terminal repeats included.
    low, high
        Bounds of the share relative to 4.7 kb; equal where a figure was published.
    because
        What the point rests on.
    source
        Where it stands.
    """

    packaged_bp: int
    low: float
    high: float
    because: str
    source: str

    @property
    def middle(self) -> float:
        """Middle of the bounds."""
        return (self.low + self.high) / 2


_AT_STOP = 1 - 0.863

#: The curve, by length.
ANCHORS = (
    PackagingAnchor(SHORT_GENOME_BP, 1.0, 1.0, "tandems only below 3 kb", AVINP_SEQ),
    PackagingAnchor(REFERENCE_BP, 1.0, 1.0, "the reference of the measurement", KOSAKA_2025),
    PackagingAnchor(
        4900,
        (1 + _AT_STOP) / 2,
        1.0,
        "reduced already, and falling steeply from here to 5.0 kb; no figure in the abstract",
        KOSAKA_2025,
    ),
    PackagingAnchor(STOP_BP, _AT_STOP, _AT_STOP, "86.3 % fewer whole genomes than at 4.7 kb", KOSAKA_2025),
    PackagingAnchor(LARGEST_PACKAGED_BP, 0.0, 0.0, "no packaged genome exceeded 5.2 kb", WU_2010),
)


def full_length_fraction(packaged_bp: int, form: GenomeForm) -> Estimate:
    """Estimate the share of packaged genomes that are whole.

    Parameters
    ----------
    packaged_bp
        Bases of one strand from the start of one terminal repeat to the end of the other.
    form
        Form of the genome.

    Returns
    -------
    Estimate
        Relative to a genome of 4.7 kb. ``None``, with the reason in ``method``, for forms that are not single-stranded
        AAV and for lengths below 3 kb, where tandems make "whole" ambiguous.

    Notes
    -----
    The relative share is 1 at 4.7 kb by definition, not by quality: absolute shares of whole genomes depend on the
    production and were not read.

    Examples
    --------
    >>> from revertant.model import GenomeForm
    >>> round(full_length_fraction(5000, GenomeForm.SINGLE_STRANDED_AAV).value, 3)
    0.137
    >>> full_length_fraction(2300, GenomeForm.SINGLE_STRANDED_AAV).value is None
    True
    """
    if form is GenomeForm.SELF_COMPLEMENTARY_AAV:
        return _undefined(
            f"the curve was measured on single-stranded genomes; packaged as a double length, this one fills about "
            f"{2 * packaged_bp} bases"
        )
    if form not in {GenomeForm.SINGLE_STRANDED_AAV, GenomeForm.DUAL_AAV}:
        return _undefined(f"the curve is for AAV; {form} has none")
    if packaged_bp < SHORT_GENOME_BP:
        return _undefined(
            "below 3 kb genomes are packaged as head-to-tail tandems too; their share was not read"
        )
    low, value, high = _on_curve(packaged_bp)
    return Estimate(
        value,
        UNIT,
        _METHOD,
        low=low / _STRUCTURE_FOLD,
        high=min(1.0, high * _STRUCTURE_FOLD),
        interval=_INTERVAL,
        in_domain=packaged_bp <= _LONGEST_TESTED_BP,
        sources=LENGTH_SOURCES,
    )


def _undefined(why: str) -> Estimate:
    return Estimate(None, UNIT, f"not defined: {why}", in_domain=False, sources=LENGTH_SOURCES)


def _on_curve(packaged_bp: int) -> tuple[float, float, float]:
    """Lower bound, value and upper bound by length, linear between neighbouring anchors."""
    for before, after in pairwise(ANCHORS):
        if packaged_bp <= after.packaged_bp:
            part = (packaged_bp - before.packaged_bp) / (after.packaged_bp - before.packaged_bp)
            pairs = (
                (before.low, after.low),
                (before.middle, after.middle),
                (before.high, after.high),
            )
            low, value, high = (start + part * (end - start) for start, end in pairs)
            return low, value, high
    return 0.0, 0.0, 0.0
