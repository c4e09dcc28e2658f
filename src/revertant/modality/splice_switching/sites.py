"""Splice sites on this person's own sequence: the normal ones of an exon, and those an allele has made or raised.

Scores are those of MaxEntScan. A site that an allele makes is real evidence only together with RNA; what is spliced
in between a wrong site and its partner is *inferred* from scores and said to be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from revertant.genome import HaplotypeWindow, Reference
from revertant.modality.splice_switching.place import edges_of
from revertant.modality.wanted import wanted_window
from revertant.model import Allele, Locus, Strand, Transcript
from revertant.prediction import (
    SpliceKind,
    SpliceSite,
    acceptor_score,
    donor_score,
    splice_sites,
)
from revertant.prediction.splice import ACCEPTOR_EXON_NT, ACCEPTOR_INTRON_NT, DONOR_EXON_NT, DONOR_INTRON_NT
from revertant.sequence import reverse_complement

__all__ = [
    "PARTNER_REACH",
    "SENSIBLE_BITS",
    "SITE_SOURCES",
    "SenseView",
    "WrongSite",
    "exon_edge",
    "rival_of",
    "score_at",
    "wrong_sites",
]

#: 95 % of the splice sites of the gene models score at least so much (see the card of the scores).
SENSIBLE_BITS = 3.0
#: A site that was there before counts as raised from this gain on: this project's own rule, low enough for the
#: progeria variant of LMNA (c.1824C>T), which lifts a donor of 8.1 bits by 0.5.
RAISED_BITS = 0.3
#: How far from a wrong site its partner is looked for: most exons are no longer (this project's own rule).
PARTNER_REACH = 300
#: No exon this short is inferred.
SHORTEST_EXON = 20

#: Source of the scores, as their card has it.
SITE_SOURCES = ("doi:10.1089/1066527041410418",)


@dataclass(frozen=True, slots=True)
class SenseView:
    """A haplotype window read on the transcript's strand.

    Edges count in ``bases``: the edge ``e`` lies between the bases ``e - 1`` and ``e``.

    Parameters
    ----------
    window
        The haplotype.
    strand
        The transcript's strand.
    bases
        The window's bases on that strand.
    """

    window: HaplotypeWindow
    strand: Strand
    bases: str

    @classmethod
    def of(cls, window: HaplotypeWindow, strand: Strand) -> SenseView:
        """Read a window on a strand."""
        return cls(
            window, strand, window.bases if strand is Strand.PLUS else reverse_complement(window.bases)
        )

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the indexes in ``window.bases`` of the sense bases ``[start, end)``."""
        total = len(self.bases)
        return (start, end) if self.strand is Strand.PLUS else (total - end, total - start)

    def locus(self, start: int, end: int, strand: Strand | None = None) -> Locus:
        """Return the reference stretch of the sense bases ``[start, end)``."""
        return self.window.reference_locus(*self.span(start, end), strand or self.strand)

    def edge(self, position: int) -> int | None:
        """Return the sense edge left of a reference position; ``None`` when neither neighbour is in the window."""
        index = self.window.from_reference(position)
        if index is None:
            before = self.window.from_reference(position - 1)
            index = None if before is None else before + 1
        if index is None:
            return None
        return index if self.strand is Strand.PLUS else len(self.bases) - index

    def position(self, edge: int) -> int:
        """Return the reference position right of a sense edge, on the forward strand.

        Raises
        ------
        IndexError
            For the outer ends of the window.
        """
        index = edge if self.strand is Strand.PLUS else len(self.bases) - edge
        return self.window.to_reference(index - 1) + 1


def score_at(view: SenseView, edge: int, kind: SpliceKind) -> float | None:
    """Score a splice site at an edge.

    Returns
    -------
    float or None
        Bits; ``None`` where the letters are not GT or AG, or the window ends too near.
    """
    donor = kind is SpliceKind.DONOR
    low = edge - (DONOR_EXON_NT if donor else ACCEPTOR_INTRON_NT)
    high = edge + (DONOR_INTRON_NT if donor else ACCEPTOR_EXON_NT)
    if low < 0 or high > len(view.bases):
        return None
    letters = view.bases[edge : edge + 2] if donor else view.bases[edge - 2 : edge]
    if letters != kind.letters:
        return None
    score = donor_score(view.bases[low:high]) if donor else acceptor_score(view.bases[low:high])
    return None if score is None else round(score, 2)


def exon_edge(view: SenseView, transcript: Transcript, number: int, kind: SpliceKind) -> int | None:
    """Return the sense edge of an exon's acceptor or donor; ``None`` where it has none, or not in the window."""
    acceptor, donor = edges_of(transcript, number)
    position = donor if kind is SpliceKind.DONOR else acceptor
    return None if position is None else view.edge(position)


def rival_of(view: SenseView, edge: int, kind: SpliceKind, reach: int = 100) -> SpliceSite | None:
    """Return the strongest other site of the same kind near an edge: where splicing may move to when it is broken.

    ``None`` when none within ``reach`` bases scores ``SENSIBLE_BITS`` or more.
    """
    low = max(0, edge - reach - ACCEPTOR_INTRON_NT)
    found = splice_sites(view.bases[low : edge + reach + ACCEPTOR_INTRON_NT], SENSIBLE_BITS, kind=kind)
    others = [
        SpliceSite(low + site.edge, kind, site.score)
        for site in found
        if 0 < abs(low + site.edge - edge) <= reach
    ]
    return max(others, key=lambda site: (site.score, -abs(site.edge - edge), -site.edge), default=None)


@dataclass(frozen=True, slots=True)
class WrongSite:
    """A splice site that an allele has made or raised.

    Parameters
    ----------
    view
        The haplotype that carries the allele.
    site
        The wrong site, its edge in ``view.bases``.
    before
        Its score without the allele; ``None`` when there was no site.
    partner
        The site at the other end of what is spliced in, on the same sequence; ``None`` when none is in reach, or
        it is a normal site of the gene.
    hidden
        Sense edges of the stretch that is wrongly spliced in, or out; ``None`` when it is open.
    label
        What would be spliced, in words.
    """

    view: SenseView
    site: SpliceSite
    before: float | None
    partner: SpliceSite | None
    hidden: tuple[int, int] | None
    label: str

    @property
    def words(self) -> str:
        """What the allele does to the site, in words."""
        was = "there was none before" if self.before is None else f"{self.before:.1f} bits before"
        article = "an" if self.site.kind is SpliceKind.ACCEPTOR else "a"
        return f"{article} {self.site.kind.value} of {self.site.score:.1f} bits ({was})"


def wrong_sites(
    allele: Allele, transcript: Transcript, windows: Iterable[HaplotypeWindow], reference: Reference
) -> tuple[WrongSite, ...]:
    """Find the sites that an allele makes or raises, on each sequence that carries it.

    A site counts from ``SENSIBLE_BITS`` on, when it was no site before or gains ``RAISED_BITS``. The normal sites of
    the transcript do not count.

    Parameters
    ----------
    allele
        The allele.
    transcript
        Gives the strand and the normal sites.
    windows
        Sequences with room on both sides; those without the allele are passed over.
    reference
        For the same sequence without the allele.

    Returns
    -------
    tuple[WrongSite, ...]
        Strongest first on each sequence.
    """
    found: list[WrongSite] = []
    normal = _normal_edges(transcript)
    for window in windows:
        if allele.variant not in window.variants:
            continue
        view = SenseView.of(window, transcript.strand)
        healthy = SenseView.of(wanted_window(window, reference, gone=[allele.variant]), transcript.strand)
        before = {
            (site.kind, healthy.position(site.edge)): site.score for site in splice_sites(healthy.bases, -99)
        }
        here = []
        for site in splice_sites(view.bases, SENSIBLE_BITS):
            key = (site.kind, view.position(site.edge))
            was = before.get(key)
            if (
                key not in normal
                and (was is None or site.score - was >= RAISED_BITS)
                and _near(view, site, allele)
            ):
                here.append(_with_partner(view, site, was, transcript))
        found += sorted(here, key=lambda wrong: (-wrong.site.score, wrong.site.edge))
    return tuple(found)


def _near(view: SenseView, site: SpliceSite, allele: Allele) -> bool:
    """Whether the allele lies under the bases that the site is judged on."""
    donor = site.kind is SpliceKind.DONOR
    low = site.edge - (DONOR_EXON_NT if donor else ACCEPTOR_INTRON_NT)
    high = site.edge + (DONOR_INTRON_NT if donor else ACCEPTOR_EXON_NT)
    stretch = view.locus(low, high)
    return allele.variant.start < stretch.end and stretch.start < max(
        allele.variant.end, allele.variant.start + 1
    )


def _normal_edges(transcript: Transcript) -> frozenset[tuple[SpliceKind, int]]:
    edges = set()
    for number in range(1, len(transcript.exons) + 1):
        acceptor, donor = edges_of(transcript, number)
        edges |= {(SpliceKind.ACCEPTOR, acceptor)} if acceptor is not None else set()
        edges |= {(SpliceKind.DONOR, donor)} if donor is not None else set()
    return frozenset(edges)


def _with_partner(view: SenseView, site: SpliceSite, was: float | None, transcript: Transcript) -> WrongSite:
    """Infer what a wrong site leads to: a cut or drawn-out exon where a normal site is near, else a pseudo-exon."""
    donor = site.kind is SpliceKind.DONOR
    for number in range(1, len(transcript.exons) + 1):
        normal = exon_edge(view, transcript, number, site.kind)
        other = exon_edge(view, transcript, number, SpliceKind.ACCEPTOR if donor else SpliceKind.DONOR)
        if normal is None:
            continue
        inside = other is not None and min(normal, other) < site.edge < max(normal, other)
        beside = 0 < (site.edge - normal) * (1 if donor else -1) <= PARTNER_REACH
        if inside or beside:
            stretch = (min(site.edge, normal), max(site.edge, normal))
            what = "cut short" if inside else "drawn out"
            label = f"exon {number} {what} by {stretch[1] - stretch[0]} bases, inferred from scores"
            return WrongSite(view, site, was, None, stretch, label)
    low, high = (
        (site.edge - PARTNER_REACH, site.edge - SHORTEST_EXON)
        if donor
        else (site.edge + SHORTEST_EXON, site.edge + PARTNER_REACH)
    )
    kind = SpliceKind.ACCEPTOR if donor else SpliceKind.DONOR
    partners = [s for s in splice_sites(view.bases, SENSIBLE_BITS, kind=kind) if low <= s.edge <= high]
    partner = max(partners, key=lambda s: (s.score, -abs(s.edge - site.edge)), default=None)
    if partner is None:
        label = f"no {kind.value} of {SENSIBLE_BITS:g} bits or more within {PARTNER_REACH} bases: open"
        return WrongSite(view, site, was, None, None, label)
    stretch = (min(site.edge, partner.edge), max(site.edge, partner.edge))
    label = (
        f"pseudo-exon of {stretch[1] - stretch[0]} bases, inferred: its {kind.value} is the strongest in reach "
        f"({partner.score:.1f} bits)"
    )
    return WrongSite(view, site, was, partner, stretch, label)
