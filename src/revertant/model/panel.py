"""The validation panel: what to sequence around sites where a guide could act, and with which primers."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.model.locus import Locus
from revertant.model.offtarget import OffTargetSite

__all__ = ["Amplicon", "ValidationPanel"]


@dataclass(frozen=True, slots=True)
class Amplicon:
    """A stretch to sequence around one or more sites, with its primers.

    Parameters
    ----------
    sites
        The sites inside, worst first.
    guides
        Names of their guides, in the same order.
    reason
        Why it is on the panel.
    locus
        The stretch on the reference, primers included; ``None`` without primers.
    forward, reverse
        The primers, 5'→3'; empty when none could be found.
    forward_tm_celsius, reverse_tm_celsius
        Their melting temperatures as primer3 computes them.
    product_bp
        Length of the product on the sequence the primers were designed on.
    haplotypes
        Copies of the person on which both primers match; ``("reference",)`` without a genome.
    problem
        What is wrong (no primers found, a variant under a primer on one copy); empty when nothing.
    specificity
        Where else the primers match, or why that was not checked; empty without primers.
    """

    sites: tuple[OffTargetSite, ...]
    guides: tuple[str, ...]
    reason: str
    locus: Locus | None
    forward: str
    reverse: str
    forward_tm_celsius: float | None
    reverse_tm_celsius: float | None
    product_bp: int | None
    haplotypes: tuple[str, ...] = ("reference",)
    problem: str = ""
    specificity: str = ""


@dataclass(frozen=True, slots=True)
class ValidationPanel:
    """Which sites to sequence to see whether they are edited.

    Parameters
    ----------
    amplicons
        In order of danger.
    statement
        What the panel covers and what it leaves out, in one or two sentences.
    size
        How many sites were asked for. Sites that must be on it are on it even when they are more; the
        intended targets are not counted.
    """

    amplicons: tuple[Amplicon, ...]
    statement: str
    size: int
