"""What lies at a site: gene and part of the gene, in words."""

from __future__ import annotations

from revertant.genome import GeneModels
from revertant.model import Locus, Strand, Transcript

__all__ = ["INTERGENIC", "annotate"]

#: Said when gene models were given and none of their transcripts lies at the site.
INTERGENIC = "intergenic"

# What matters most is said first.
_ORDER = ("CDS", "UTR", "exon", "intron")


def annotate(locus: Locus, models: GeneModels | None) -> str:
    """Name the genes and their parts at a site.

    For each gene the transcript with the most telling part speaks: coding exon before UTR, before the exon of
    a non-coding transcript, before intron; among equals MANE Select, then the first by name.

    Parameters
    ----------
    locus
        The site.
    models
        Gene models; ``None`` gives the empty text.

    Returns
    -------
    str
        ``"LMNA exon 4 (CDS)"``, ``"LMNA intron 3"``, several genes joined by ``"; "``, or ``"intergenic"``.
    """
    if models is None:
        return ""
    best: dict[str, tuple[tuple[int, bool, str], str]] = {}
    for transcript in models.overlapping(locus):
        kind, text = _part(transcript, locus)
        rank = (_ORDER.index(kind), not transcript.is_mane_select, transcript.transcript_id)
        if transcript.gene not in best or rank < best[transcript.gene][0]:
            best[transcript.gene] = rank, text
    return "; ".join(text for _, text in sorted(best.values())) or INTERGENIC


def _part(transcript: Transcript, locus: Locus) -> tuple[str, str]:
    """The most telling part of one transcript at a locus: its kind, and the text."""
    touched = [
        (number, max(start, locus.start), min(end, locus.end))
        for number, (start, end) in enumerate(transcript.ordered_exons, start=1)
        if start < locus.end and locus.start < end
    ]
    if not touched:
        return "intron", f"{transcript.gene} intron {_intron(transcript, locus)}"
    if transcript.cds is None:
        return "exon", f"{transcript.gene} exon {touched[0][0]} (non-coding)"
    low, high = transcript.cds
    for number, start, end in touched:
        if start < high and low < end:
            return "CDS", f"{transcript.gene} exon {number} (CDS)"
    number, start, _ = touched[0]
    before = (start < low) == (transcript.strand is Strand.PLUS)
    side = "5'" if before else "3'"
    return "UTR", f"{transcript.gene} exon {number} ({side} UTR)"


def _intron(transcript: Transcript, locus: Locus) -> int:
    """1-based number, in the order of transcription, of the intron a locus lies in."""
    passed = sum(end <= locus.start for _, end in transcript.exons)
    return passed if transcript.strand is Strand.PLUS else len(transcript.exons) - passed
