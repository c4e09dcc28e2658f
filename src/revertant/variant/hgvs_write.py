"""A variant to HGVS: shifted to the 3' end, and named by the first form that fits.

HGVS asks for the most 3' spot and prefers substitution, deletion, inversion, duplication, insertion in that
order. The shift is done on the genome, on the transcript's strand, and the result is then named by the
transcript. So a base deleted at an exon's end moves into the intron where the sequence allows it
(``c.92+1del``), and never across an intron into the next exon, which is the exception HGVS makes for
exon/exon junctions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from revertant.errors import IncompatibleInputsError
from revertant.genome import Reference, builds, contig_name
from revertant.model import Strand, Transcript, Variant
from revertant.sequence import reverse_complement
from revertant.variant.normalise import normalise, shift_on_strand
from revertant.variant.numbering import FLANK, numbering

__all__ = ["cis_text", "describe", "hgvs_c", "hgvs_g"]


def hgvs_g(variant: Variant, reference: Reference) -> str:
    """Describe a variant on its chromosome.

    The RefSeq accession is written where the reference's build is known; otherwise the contig's own name is.

    Examples
    --------
    >>> reference = Reference.from_sequences({"chr11:5227001-5227005": "CTCAA"}, build="GRCh38")
    >>> hgvs_g(Variant("chr11", 5227003, "A", ""), reference)
    'NC_000011.10:g.5227005del'
    """
    shifted = shift_on_strand(normalise(variant, reference), Strand.PLUS, reference)
    meant = contig_name(shifted.contig)
    name = shifted.contig
    if meant and reference.build:
        name = builds()[reference.build].contigs[meant.name].refseq or name
    system = "m" if meant and meant.name == "MT" else "g"
    return f"{name}:{system}.{describe(shifted, Strand.PLUS, lambda position: str(position + 1), reference)}"


def hgvs_c(variant: Variant, transcript: Transcript, reference: Reference) -> str:
    """Describe a variant on a transcript: ``c.`` when it codes, ``n.`` when not.

    Raises
    ------
    IncompatibleInputsError
        When the variant lies on another contig, or too far outside the transcript to be named by it.

    Examples
    --------
    >>> reference = Reference.from_sequences({"chr1": "TTTACATGGCTTAATTT"})
    >>> gene = Transcript("T1.1", "G", "chr1", Strand.PLUS, ((3, 16),), (5, 14))
    >>> [hgvs_c(v, gene, reference) for v in (Variant("chr1", 8, "G", "C"), Variant("chr1", 5, "", "G"))]
    ['T1.1:c.4G>C', 'T1.1:c.-1_1insG']
    """
    normal = normalise(variant, reference)
    low, high = transcript.exons[0][0] - FLANK, transcript.exons[-1][1] + FLANK
    is_here = reference.canonical_contig(transcript.contig) == reference.canonical_contig(normal.contig)
    if not is_here or normal.start < low or normal.end > high:
        raise IncompatibleInputsError(
            f"{normal} does not lie on or near {transcript.transcript_id} ({transcript.locus}).",
            remedy="Choose a transcript of the gene the variant lies in.",
            code="outside-transcript",
        )
    return cis_text([shift_on_strand(normal, transcript.strand, reference)], transcript, reference)


def cis_text(shifted: Sequence[Variant], transcript: Transcript, reference: Reference) -> str:
    """Describe variants that are already shifted, together in cis when there are several."""
    names = numbering(transcript)
    texts = [describe(variant, transcript.strand, names.text, reference) for variant in shifted]
    if not names.plus:
        texts.reverse()
    body = texts[0] if len(texts) == 1 else f"[{';'.join(texts)}]"
    return f"{transcript.transcript_id}:{names.system}.{body}"


def describe(variant: Variant, strand: Strand, name: Callable[[int], str], reference: Reference) -> str:
    """Write the position and operation of a shifted variant.

    Parameters
    ----------
    variant
        Trimmed, and shifted to the 3' end of ``strand``.
    strand
        The strand the description reads.
    name
        Turns a 0-based genome position into HGVS position text.
    reference
        The genome, to recognise duplications.
    """
    is_plus = strand is Strand.PLUS
    ref, alt = variant.ref, variant.alt
    if not is_plus:
        ref, alt = reverse_complement(ref), reverse_complement(alt)

    def span(start: int, end: int) -> str:
        if end - start == 1:
            return name(start)
        first, last = (start, end - 1) if is_plus else (end - 1, start)
        return f"{name(first)}_{name(last)}"

    if len(ref) == 1 == len(alt):
        return f"{name(variant.start)}{ref}>{alt}"
    if not alt:
        return f"{span(variant.start, variant.end)}del"
    if ref:
        operation = "inv" if alt == reverse_complement(ref) else f"delins{alt}"
        return f"{span(variant.start, variant.end)}{operation}"
    return _insertion(variant, is_plus, span, reference, alt)


def _insertion(
    variant: Variant, is_plus: bool, span: Callable[[int, int], str], reference: Reference, alt: str
) -> str:
    place, size = variant.start, len(variant.alt)
    start, end = (place - size, place) if is_plus else (place, place + size)
    if start >= 0 and _equals(reference, variant.contig, start, end, variant.alt):
        return f"{span(start, end)}dup"
    if place == 0:
        # Nothing stands before a contig's first base: the insertion is written as a replacement of that base.
        first = reference.fetch(variant.contig, 0, 1)
        forward = variant.alt + first
        return f"{span(0, 1)}delins{forward if is_plus else reverse_complement(forward)}"
    return f"{span(place - 1, place + 1)}ins{alt}"


def _equals(reference: Reference, contig: str, start: int, end: int, bases: str) -> bool:
    """Whether the reference holds these bases there; where it holds nothing it does not."""
    try:
        return reference.fetch(contig, start, end) == bases
    except IncompatibleInputsError:
        return False
