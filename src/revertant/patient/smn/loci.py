"""Where SMN1 and SMN2 lie in a build, and the bases by which they are told apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

from revertant.knowledge.catalogue import Dna, Row, load_rows

__all__ = [
    "BUILDS",
    "CONTIG",
    "LIFT_SOURCES",
    "TAG_POSITIONS",
    "Exon",
    "GenePart",
    "Site",
    "exons",
    "gene_parts",
    "lifted",
    "voting_sites",
]

#: Bare name of the chromosome.
CONTIG = "5"

#: What is added to a place on GRCh38 to have it on the build. SMN1 and SMN2 moved by the same distance: 491 reads of
#: HG007 aligned to both builds all did, and so did the ends of both genes.
BUILDS = {"GRCh38": 0, "GRCh37": -704173}
LIFT_SOURCES = ("refseq:NC_000005.9", "refseq:NC_000005.10")

#: g.27134T>G, counted from 1 on GRCh38: on SMN1 and on SMN2. T is the reference's base on both.
TAG_POSITIONS = (70952074, 70076654)


@dataclass(frozen=True, slots=True, kw_only=True)
class GenePart(Row):
    """A stretch of both genes whose reads are counted together.

    Parameters
    ----------
    name
        As people call it.
    smn1, smn2
        Start and end on GRCh38, 0-based half-open.
    """

    name: str
    smn1: tuple[int, int]
    smn2: tuple[int, int]

    @property
    def length_bp(self) -> int:
        """Length of one copy, that of SMN1."""
        return self.smn1[1] - self.smn1[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(Row):
    """One base by which SMN1 and SMN2 differ.

    Parameters
    ----------
    smn1_position, smn2_position
        Place on GRCh38, counted from 1.
    smn1_base, smn2_base
        The base of either gene, on the plus strand, which both genes are read from.
    name
        The name it is known by, if any.
    splice_window
        Whether it is one of the three around the splice sites of exon 7.
    """

    smn1_position: int
    smn1_base: Dna
    smn2_position: int
    smn2_base: Dna
    name: str = ""
    splice_window: bool = False

    @property
    def label(self) -> str:
        """Its name, or its place on SMN1."""
        return self.name or f"chr5:{self.smn1_position} (GRCh38)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exon(Row):
    """The coding part of an exon, with two bases of intron on either side.

    Parameters
    ----------
    name
        Number of the exon (``"2a"``).
    coding_start
        The ``c.`` number of its first coding base.
    smn1_start, smn2_start
        Where the coding part begins on GRCh38, 0-based.
    letters
        Sequence of SMN1, plus strand, the intron's bases included.
    """

    name: str
    coding_start: int
    smn1_start: int
    smn2_start: int
    letters: Dna

    #: Bases of intron at either end of ``letters``.
    FLANK = 2

    def hgvs_position(self, offset: int) -> str:
        """Write the place of a letter as HGVS does: ``840``, ``835-1``, ``888+2``."""
        length = len(self.letters) - 2 * self.FLANK
        inside = offset - self.FLANK
        if inside < 0:
            return f"{self.coding_start}{inside}"
        if inside >= length:
            return f"{self.coding_start + length - 1}+{inside - length + 1}"
        return str(self.coding_start + inside)


_RowT = TypeVar("_RowT", bound=Row)


def _rows(name: str, row_class: type[_RowT]) -> dict[str, _RowT]:
    text = files("revertant.patient.smn").joinpath(name).read_text(encoding="utf-8")
    return dict(load_rows(name, row_class, text=text))


@cache
def gene_parts() -> tuple[GenePart, GenePart]:
    """Return the stretches of exons 1-6 and of exons 7-8.

    Examples
    --------
    >>> [part.length_bp for part in gene_parts()]
    [22200, 5900]
    """
    rows = _rows("loci.toml", GenePart)
    return rows["exons_1_6"], rows["exons_7_8"]


@cache
def voting_sites() -> tuple[Site, ...]:
    """Return the eight sites that tell SMN1 from SMN2, along the genes.

    Examples
    --------
    >>> [site.label for site in voting_sites() if site.name]
    ['c.840C>T']
    """
    return tuple(sorted(_rows("sites.toml", Site).values(), key=lambda site: site.smn1_position))


@cache
def exons() -> tuple[Exon, ...]:
    """Return the coding exons along the genes.

    Examples
    --------
    >>> last = exons()[-1]
    >>> last.name, last.hgvs_position(7), last.hgvs_position(1)
    ('7', '840', '835-1')
    """
    return tuple(sorted(_rows("exons.toml", Exon).values(), key=lambda exon: exon.smn1_start))


def lifted(position: int, build: str) -> int:
    """Give a place of GRCh38 in SMN1 or SMN2 on another build.

    Examples
    --------
    >>> lifted(70951946, "GRCh37")
    70247773
    """
    return position + BUILDS[build]
