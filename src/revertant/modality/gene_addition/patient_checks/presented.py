"""What an allele still makes of the protein: the residues that its own product can show."""

from __future__ import annotations

from revertant.model import Allele, ConsequenceTerm, Transcript, Variant

__all__ = ["deleted_exons", "goes_to_the_end", "presented_residues"]

_CODON = 3
#: Changes after which the whole protein is made but for the residues that are changed.
_KEEPS = frozenset(
    {
        ConsequenceTerm.MISSENSE,
        ConsequenceTerm.SYNONYMOUS,
        ConsequenceTerm.STOP_LOST,
        ConsequenceTerm.INFRAME_INSERTION,
        ConsequenceTerm.STOP_RETAINED,
    }
)
_SHORTENS = frozenset({ConsequenceTerm.INFRAME_DELETION, ConsequenceTerm.INFRAME_DELINS})
#: Changes after which at most the residues before them are made, if the message is not destroyed.
_CUTS = frozenset({ConsequenceTerm.STOP_GAINED, ConsequenceTerm.FRAMESHIFT})
_NOTHING = frozenset({ConsequenceTerm.START_LOST, ConsequenceTerm.TRANSCRIPT_ABLATION})
#: In terms of severity, the changes that leave open what is made.
_OPEN = frozenset(
    {ConsequenceTerm.SPLICE_ACCEPTOR, ConsequenceTerm.SPLICE_DONOR, ConsequenceTerm.SPLICE_REGION}
)


def presented_residues(
    allele: Allele, length: int, transcript: Transcript | None = None
) -> tuple[tuple[int, int], ...] | None:
    """Return the stretches of the wild-type protein that an allele's own product can show.

    Parameters
    ----------
    allele
        With its consequence on the target's transcript.
    length
        Residues of the wild-type protein.
    transcript
        Its exons: where whole exons are deleted, the neighbours are taken to be joined, and the frame decides.

    Returns
    -------
    tuple of (first, last) or None
        Residues counted from 1, both ends included; empty where nothing is made, ``None`` where that is open. A
        product that is cut short counts up to its end, though its message may be destroyed.

    Examples
    --------
    >>> from revertant.model import Consequence, Pathogenicity, Variant, Zygosity
    >>> def stop_at(residue):
    ...     effect = Consequence("T", "G", (ConsequenceTerm.STOP_GAINED,), protein_position=residue)
    ...     return Allele(Variant("T", 9, "C", "T"), Zygosity.HOMOZYGOUS, Pathogenicity.PATHOGENIC, effect)
    >>> presented_residues(stop_at(40), 100), presented_residues(stop_at(1), 100)
    (((1, 39),), ())
    """
    if transcript is not None and (joined := _without_exons(allele, transcript, length)) is not None:
        return joined
    terms = frozenset(allele.consequence.terms)
    at, before = allele.consequence.protein_position, len(allele.consequence.amino_acids_before)
    if terms & _NOTHING:
        return ()
    if terms & _OPEN or not terms & (_KEEPS | _SHORTENS | _CUTS):
        return None
    if terms & _CUTS:
        if at is None:
            return None
        return ((1, at - 1),) if at > 1 else ()
    if at is None:
        return None if terms & _SHORTENS else ((1, length),)
    parts = ((1, at - 1), (at + before, length))
    return tuple((first, last) for first, last in parts if first <= last)


def goes_to_the_end(allele: Allele, parts: tuple[tuple[int, int], ...], length: int) -> bool:
    """Whether the product goes on to the end of the protein."""
    terms = frozenset(allele.consequence.terms)
    return parts[-1][1] == length or (bool(terms & (_KEEPS | _SHORTENS)) and not terms & (_CUTS | _NOTHING))


def deleted_exons(allele: Allele, transcript: Transcript) -> tuple[int, ...]:
    """Return the exons, counted from 1, of which an allele deletes any part; empty without exons or a deletion.

    Examples
    --------
    >>> from revertant.model import Consequence, Pathogenicity, Strand, Variant, Zygosity
    >>> gene = Transcript("T.1", "G", "s", Strand.PLUS, ((0, 9), (20, 29), (40, 49)), (0, 49))
    >>> effect = Consequence("T.1", "G", (ConsequenceTerm.FRAMESHIFT,))
    >>> lost = Allele(Variant("s", 15, "A" * 20, ""), Zygosity.HEMIZYGOUS, Pathogenicity.PATHOGENIC, effect)
    >>> deleted_exons(lost, gene)
    (2,)
    """
    variant = allele.variant
    if (
        len(variant.ref) <= len(variant.alt)
        or variant.contig != transcript.contig
        or len(transcript.exons) < 2
    ):
        return ()
    return tuple(
        number
        for number, (start, end) in enumerate(transcript.ordered_exons, start=1)
        if variant.start < end and start < variant.end
    )


def _without_exons(allele: Allele, transcript: Transcript, length: int) -> tuple[tuple[int, int], ...] | None:
    """What is shown when whole exons inside the coding sequence are gone; ``None`` for any other change."""
    lost = deleted_exons(allele, transcript)
    variant, exons = allele.variant, transcript.ordered_exons
    whole = [number for number in lost if _holds(variant, exons[number - 1])]
    if not lost or whole != list(lost) or variant.alt:
        return None
    coding = [_coding_bases(exon, transcript) for exon in exons]
    before, gone = sum(coding[: lost[0] - 1]), sum(coding[lost[0] - 1 : lost[-1]])
    if not before or before + gone >= sum(coding):  # start or stop codon is gone too
        return None
    first = ((1, before // 3),) if before >= _CODON else ()
    if gone % _CODON:
        return first
    resumes = -(-(before + gone) // _CODON) + 1
    return (*first, (resumes, length)) if resumes <= length else first


def _holds(variant: Variant, exon: tuple[int, int]) -> bool:
    return variant.start < exon[0] and exon[1] < variant.end


def _coding_bases(exon: tuple[int, int], transcript: Transcript) -> int:
    if transcript.cds is None:
        return 0
    return max(0, min(exon[1], transcript.cds[1]) - max(exon[0], transcript.cds[0]))
