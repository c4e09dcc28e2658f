"""What lies at a site: the genes, the part of each, and the words for it.

Every transcript falls into parts: coding and untranslated pieces of its exons, introns with the splice sites at
their ends, and the promoter window before its start. For each gene the most telling part a site touches
speaks, and the most telling gene comes first. A part has a *region* and an *order*: ``2 * number + side``, where the
number is that of the exon or intron in the order of transcription, and the side tells 5' UTR from 3' UTR and
splice donor from acceptor. :mod:`revertant.offtarget.annotation.index` finds the same for millions of sites.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from revertant.genome import GeneModels
from revertant.model import Locus, Region, Strand, Transcript

__all__ = [
    "INTERGENIC",
    "PROMOTER_BP",
    "PROMOTER_SOURCE",
    "REGIONS",
    "REGION_CODE",
    "SPLICE_SITE_BP",
    "SiteAnnotation",
    "annotate",
    "intergenic_text",
    "part_text",
]

#: Said when gene models were given and no part of a transcript lies at the site.
INTERGENIC = "intergenic"

#: Bases upstream of a transcript's start that count as its promoter: the width of GENCODE's promoter windows.
#: GENCODE draws them for the MANE Select transcripts of coding genes; here every transcript has one.
PROMOTER_BP = 1000
PROMOTER_SOURCE = "url:https://www.gencodegenes.org/pages/promoter_windows"

#: Intron bases beside an exon that are the splice site (Sequence Ontology SO:0001574, SO:0001575).
SPLICE_SITE_BP = 2

#: Regions by code, and their codes: the smaller the code, the more telling.
REGIONS = tuple(Region)
REGION_CODE = {region: code for code, region in enumerate(REGIONS)}

# From where on the nearest gene is looked for, and past where no chromosome reaches.
_FIRST_REACH, _LAST_REACH, _WIDER = 10_000, 1 << 36, 8


@dataclass(frozen=True, slots=True)
class SiteAnnotation:
    """What lies at a site.

    Parameters
    ----------
    text
        For people: ``"LMNA exon 4 (CDS)"``, several genes joined by ``"; "``; empty without gene models.
    region
        The most telling region of all genes there; ``None`` without gene models.
    genes
        Symbols of the genes whose transcripts or promoter windows it touches, in the order of the text.
    """

    text: str
    region: Region | None
    genes: tuple[str, ...] = ()


def annotate(locus: Locus, models: GeneModels | None, *, promoter_bp: int = PROMOTER_BP) -> SiteAnnotation:
    """Name the genes and their parts at a site.

    For each gene the transcript with the most telling part speaks: coding exon before splice site, before UTR,
    exon of a non-coding transcript, promoter window and intron; among equals MANE Select, then the first by name. A
    site that touches two parts of one kind is named after the one that is transcribed first.

    Parameters
    ----------
    locus
        The site; its strand does not matter.
    models
        Gene models; ``None`` gives the empty text and no region.
    promoter_bp
        Width of the promoter window upstream of each transcript's start, in bases.

    Returns
    -------
    SiteAnnotation
        Where no gene lies, the nearest one of the models is named with its distance: neighbouring bases are
        1 bp apart.

    Examples
    --------
    >>> gene = Transcript("T.1", "G", "chr1", Strand.PLUS, ((2000, 2100), (3000, 3200)), (2050, 3100))
    >>> models = GeneModels([gene])
    >>> [annotate(Locus("chr1", at, at + 20), models).text for at in (2060, 2095, 3150, 2500)]
    ['G exon 1 (CDS)', 'G exon 1 (CDS)', "G exon 2 (3' UTR)", 'G intron 1']
    >>> annotate(Locus("chr1", 2980, 3000), models).text, annotate(Locus("chr1", 1200, 1220), models).text
    ('G intron 1 (splice acceptor)', 'G promoter (within 1,000 bp upstream)')
    >>> annotate(Locus("chr1", 4000, 4020), models)
    SiteAnnotation(text='intergenic, 801 bp from G', region=<Region.INTERGENIC: 'intergenic'>, genes=())
    """
    if models is None:
        return SiteAnnotation("", None)
    best: dict[str, tuple[tuple[object, ...], str, Region]] = {}
    for transcript in models.overlapping(locus.widened(promoter_bp)):
        part = min(_touched(transcript, locus, promoter_bp), default=None)
        if part is None:
            continue
        code, order = part
        name = transcript.transcript_id
        rank = (code, not transcript.is_mane_select, name, transcript.gene, transcript.exons, order)
        if transcript.gene not in best or rank < best[transcript.gene][0]:
            region = REGIONS[code]
            text = part_text(transcript, region, order, promoter_bp=promoter_bp)
            best[transcript.gene] = rank, text, region
    if not best:
        return SiteAnnotation(_nearest_text(locus, models), Region.INTERGENIC)
    genes = sorted(best, key=lambda gene: best[gene][0])
    return SiteAnnotation("; ".join(best[gene][1] for gene in genes), best[genes[0]][2], tuple(genes))


def _touched(transcript: Transcript, locus: Locus, promoter_bp: int) -> Iterator[tuple[int, int]]:
    """Yield region code and order of every part of a transcript that a locus shares a base with."""

    def hit(start: int, end: int) -> bool:
        return start < end and start < locus.end and locus.start < end

    plus = transcript.strand is Strand.PLUS
    for number, (start, end) in enumerate(transcript.ordered_exons, start=1):
        if not hit(start, end):
            continue
        if transcript.cds is None:
            yield REGION_CODE[Region.EXON], 2 * number
            continue
        low, high = transcript.cds
        if hit(max(start, low), min(end, high)):
            yield REGION_CODE[Region.CDS], 2 * number
        for side, (left, right) in enumerate(((start, min(end, low)), (max(start, high), end))):
            if hit(left, right):
                yield REGION_CODE[Region.UTR], 2 * number + (side if plus else 1 - side)
    for number, pair in enumerate(pairwise(transcript.ordered_exons), start=1):
        (_, start), (end, _) = pair if plus else pair[::-1]
        if hit(start, end):
            yield REGION_CODE[Region.INTRON], 2 * number
        ends = (start, min(start + SPLICE_SITE_BP, end)), (max(end - SPLICE_SITE_BP, start), end)
        for side, (left, right) in enumerate(ends if plus else ends[::-1]):
            if hit(left, right):
                yield REGION_CODE[Region.SPLICE], 2 * number + side
    first, last = transcript.exons[0][0], transcript.exons[-1][1]
    if hit(first - promoter_bp, first) if plus else hit(last, last + promoter_bp):
        yield REGION_CODE[Region.PROMOTER], 0


def part_text(transcript: Transcript, region: Region, order: int, *, promoter_bp: int = PROMOTER_BP) -> str:
    """Name one part of a transcript.

    Parameters
    ----------
    transcript
        The transcript.
    region, order
        Which part; see the module's text on the order.
    promoter_bp
        Width of the promoter window.

    Examples
    --------
    >>> gene = Transcript("T.1", "G", "chr1", Strand.MINUS, ((10, 20), (30, 40)))
    >>> part_text(gene, Region.SPLICE, 3), part_text(gene, Region.EXON, 4)
    ('G intron 1 (splice acceptor)', 'G exon 2 (non-coding)')
    """
    number, side = divmod(order, 2)
    if region is Region.PROMOTER:
        return f"{transcript.gene} promoter (within {promoter_bp:,} bp upstream)"
    if region is Region.INTRON:
        return f"{transcript.gene} intron {number}"
    if region is Region.SPLICE:
        return f"{transcript.gene} intron {number} (splice {'acceptor' if side else 'donor'})"
    kind = {
        Region.CDS: "CDS",
        Region.UTR: f"{3 if side else 5}' UTR",
        Region.EXON: "non-coding",
    }[region]
    return f"{transcript.gene} exon {number} ({kind})"


def intergenic_text(distance: int, gene: str) -> str:
    """Say how far from the nearest gene a site lies; without a gene, that the contig has none.

    Examples
    --------
    >>> intergenic_text(12345, "LMNA"), intergenic_text(0, "")
    ('intergenic, 12,345 bp from LMNA', 'intergenic, no gene on this contig')
    """
    return f"{INTERGENIC}, {distance:,} bp from {gene}" if gene else f"{INTERGENIC}, no gene on this contig"


def _nearest_text(locus: Locus, models: GeneModels) -> str:
    """The words for a site that touches no transcript: look further and further until a gene is found."""
    reach = _FIRST_REACH
    while reach < _LAST_REACH:
        found = models.overlapping(locus.widened(reach))
        if found:
            distance, gene = min((_distance(locus, transcript), transcript.gene) for transcript in found)
            return intergenic_text(distance, gene)
        reach *= _WIDER
    return intergenic_text(0, "")


def _distance(locus: Locus, transcript: Transcript) -> int:
    """Steps from the nearest base of a site to the nearest base of a transcript."""
    place = transcript.locus
    return (place.start - locus.end if place.start >= locus.end else locus.start - place.end) + 1
