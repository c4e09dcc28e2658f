"""What the caller answers: copies as intervals, each with the reason why it is called or not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from revertant.model import CopyNumber, Finding, Tally
from revertant.patient.smn.sites import Vote

__all__ = [
    "CopyRange",
    "ExonVariant",
    "Quality",
    "SiteCall",
    "SmaStatus",
    "SmnCall",
    "TagCall",
]


class SmaStatus(StrEnum):
    """Whether any SMN1 with the C of c.840 is there. Small variants inside SMN1 are another question."""

    SMN1_ABSENT = "SMN1 absent"
    SMN1_PRESENT = "SMN1 present"
    NO_CALL = "no call"


@dataclass(frozen=True, slots=True)
class CopyRange:
    """Copies as an interval, never a bare number.

    Parameters
    ----------
    what
        What is counted (``"SMN1"``).
    low, high
        99 % interval of the copies; ``None`` where it is not known at all, ``high`` alone for "at least ``low``".
    best
        The most probable number; ``None`` when nothing is known.
    probability
        Its posterior; ``None`` likewise.
    is_call
        Whether ``best`` can be relied on.
    code
        Why, in a word (``"majority"``, ``"low-depth"``).
    because
        Why, in a sentence.
    """

    what: str
    low: int | None
    high: int | None
    best: int | None
    probability: float | None
    is_call: bool
    code: str
    because: str

    @property
    def text(self) -> str:
        """The interval in words: ``2``, ``2 to 3``, ``at least 1``, ``not known``."""
        if self.low is None:
            return "not known"
        if self.high is None:
            return f"at least {self.low}"
        return str(self.low) if self.low == self.high else f"{self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class SiteCall:
    """One of the eight sites: the fragments with either base, and the copies of SMN1 it votes for."""

    label: str
    smn1: int
    smn2: int
    other: int
    is_covered: bool
    vote: int | None


@dataclass(frozen=True, slots=True)
class TagCall:
    """g.27134T>G, the tag of two copies on one chromosome.

    Parameters
    ----------
    t, g
        Fragments with either base.
    copies
        Copies with G, of the full-length ones of both genes.
    is_on_smn1
        True when fragments join G to SMN1's base at another site, False when they join it to SMN2's only, ``None``
        when none tells.
    """

    t: int
    g: int
    copies: CopyRange
    is_on_smn1: bool | None


@dataclass(frozen=True, slots=True)
class ExonVariant:
    """A single-base variant in a coding exon, of SMN1 or of SMN2.

    Parameters
    ----------
    gene
        ``"SMN1 or SMN2"``; one of them only where fragments join the variant to that gene's bases.
    hgvs
        On NM_000344.4, which numbers both genes.
    exon
        Number of the exon.
    reference_fragments, variant_fragments
        Fragments of both genes with the reference's base and with the variant's.
    copies
        Copies that carry it, of both genes together.
    linked_to_smn1, linked_to_smn2
        Fragments with the variant that also show either gene's base at one of the eight sites.
    """

    gene: str
    hgvs: str
    exon: str
    reference_fragments: int
    variant_fragments: int
    copies: CopyRange
    linked_to_smn1: int
    linked_to_smn2: int


@dataclass(frozen=True, slots=True)
class Quality:
    """What the result rests on.

    Parameters
    ----------
    kind
        ``"whole genome"`` or ``"targeted"``.
    depth
        Mean depth over what everybody has twice.
    deviation
        Median absolute deviation of the control bins, as a share of their median.
    controls_read, controls_used
        Control regions, and those that set the scale.
    total_measured, full_length_measured
        Copies of exons 1-6 and of exons 7-8 before rounding; for targeted data without a panel they are not on the
        scale of copies.
    sites_covered
        Of the eight sites.
    log10_ratio
        c.840: decimal logarithm of "one SMN1 or more" over "none"; ``None`` when the site is not covered.
    """

    kind: str
    depth: float
    deviation: float
    controls_read: int
    controls_used: int
    total_measured: float
    full_length_measured: float
    sites_covered: int
    log10_ratio: float | None


@dataclass(frozen=True, slots=True)
class SmnCall:
    """The answer about one person's reads.

    Parameters
    ----------
    sample, build
        The sample the file names, and its genome build.
    status, status_because
        Whether there is any SMN1, and why.
    smn1, smn2
        Copies with exons 7-8, by the base at c.840 and its neighbours.
    full_length, total
        Copies of both genes with exons 7-8, and with exons 1-6.
    without_exons_7_8
        Copies that lack exons 7-8.
    reasons
        What stands in the way of counting copies in these reads at all; empty when nothing does.
    vote, sites
        How the sites voted.
    tag
        g.27134T>G.
    variants
        Single-base variants in coding exons.
    quality
        What it rests on.
    findings
        What a reader must know, the required confirmation first.
    tallies
        Controls read, used and dropped.
    parameters
        What was asked, and versions.
    """

    sample: str
    build: str
    status: SmaStatus
    status_because: str
    smn1: CopyRange
    smn2: CopyRange
    full_length: CopyRange
    total: CopyRange
    without_exons_7_8: CopyRange
    reasons: tuple[str, ...]
    vote: Vote | None
    sites: tuple[SiteCall, ...]
    tag: TagCall
    variants: tuple[ExonVariant, ...]
    quality: Quality
    findings: tuple[Finding, ...]
    tallies: tuple[Tally, ...]
    parameters: tuple[tuple[str, str], ...]

    @property
    def copy_numbers(self) -> tuple[CopyNumber, ...]:
        """The copies as a case holds them: intervals, and ``"in_silico"``, so that they never decide alone.

        A gene of which nothing is known is left out.
        """
        return tuple(
            CopyNumber(gene=one.what, low=one.low, high=one.high, method="in_silico")
            for one in (self.smn1, self.smn2)
            if one.low is not None
        )
