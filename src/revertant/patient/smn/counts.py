"""What is taken from a file of reads: numbers, and no name of any read."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.patient.smn.controls import BinCount, ControlKind

__all__ = ["ExonBases", "Fragment", "PartCount", "ReadCounts", "SiteReads", "TagReads"]

#: What one fragment shows: ``(number of the site, whether it is SMN1's base)``.
Fragment = tuple[tuple[int, bool], ...]


@dataclass(frozen=True, slots=True)
class PartCount:
    """Reads in one stretch of both genes.

    Parameters
    ----------
    name
        As people call it.
    length_bp
        Length of one copy.
    smn1_reads, smn2_reads
        Primary reads that begin at the place of either gene. Most fit both; only their sum means something.
    smn1_tiles, smn2_tiles, pooled_tiles
        Share of the tiles of 500 bp with a read, at the place of either gene, and of both together.
    gc
        Share of G and C in these reads; ``None`` without reads.
    fragments
        Different fragments they come from.
    """

    name: str
    length_bp: int
    smn1_reads: int
    smn2_reads: int
    smn1_tiles: float
    smn2_tiles: float
    pooled_tiles: float
    gc: float | None
    fragments: int

    @property
    def reads(self) -> int:
        """Reads at both genes together."""
        return self.smn1_reads + self.smn2_reads


@dataclass(frozen=True, slots=True)
class SiteReads:
    """Fragments over one site: by the gene they were aligned to, and those with a third base."""

    at_smn1: int
    at_smn2: int
    other: int


@dataclass(frozen=True, slots=True)
class TagReads:
    """Fragments over g.27134T>G: with T, with G, with another base, and what else those with G show."""

    t: int
    g: int
    other: int
    g_with_smn1: int
    g_with_smn2: int


@dataclass(frozen=True, slots=True)
class ExonBases:
    """Fragments with each base along one exon, both genes together.

    Parameters
    ----------
    exon
        Its name.
    counts
        For each letter of the exon: fragments with A, C, G and T.
    linked
        ``(offset, base, with SMN1's base elsewhere, with SMN2's)`` of bases that differ from the reference.
    """

    exon: str
    counts: tuple[tuple[int, int, int, int], ...]
    linked: tuple[tuple[int, str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadCounts:
    """Everything that is taken from the file.

    Parameters
    ----------
    name, sample, build, kind
        The file's name, its sample, the build, and whether the controls are those of a whole genome.
    controls
        One count for each control region.
    exons_1_6, exons_7_8
        Reads in the two stretches.
    fragments
        What each fragment shows at the eight sites, sorted; one that shows none is left out.
    sites
        Fragments over each of the eight sites.
    tag
        Fragments over g.27134T>G.
    exon_bases
        Bases along the coding exons.
    """

    name: str
    sample: str
    build: str
    kind: ControlKind
    controls: tuple[BinCount, ...]
    exons_1_6: PartCount
    exons_7_8: PartCount
    fragments: tuple[Fragment, ...]
    sites: tuple[SiteReads, ...]
    tag: TagReads
    exon_bases: tuple[ExonBases, ...]
