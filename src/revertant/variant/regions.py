"""Which parts of a transcript a change touches: splice sites, introns, UTRs, coding exons, the flanks.

Splice donor and acceptor are the two intron bases next to the exon; the splice region is the last or first
three bases of the exon and intron bases three to eight (Sequence Ontology SO:0001574, SO:0001575,
SO:0001630).
"""

from __future__ import annotations

from dataclasses import dataclass

from revertant.model import ConsequenceTerm as Term
from revertant.variant.numbering import FLANK, Numbering

__all__ = ["Touched", "touched"]

_SITE = 2  # intron bases of the splice site itself
_INTRON_REGION = 8
_EXON_REGION = 3


@dataclass(frozen=True, slots=True)
class Touched:
    """What an interval of the genome touches of a transcript.

    Parameters
    ----------
    terms
        Terms that follow from the place alone; nothing about codons.
    exon
        Forward-order index of the exon that holds the whole interval, ``None`` when none does.
    is_unclear
        Whether a splice site is hit or an exon's edge is crossed, so that the spliced product is unknown.
    """

    terms: frozenset[Term]
    exon: int | None
    is_unclear: bool


def touched(names: Numbering, start: int, end: int, *, is_loss: bool = False) -> Touched:
    """Say what the bases ``[start, end)``, or the place between two bases when empty, touch.

    Parameters
    ----------
    names
        The transcript's numbering.
    start, end
        0-based, half-open, forward strand.
    is_loss
        Whether bases are lost there: an exon lost as a whole leaves an unknown spliced product.

    Examples
    --------
    >>> from revertant.model import Strand, Transcript
    >>> gene = Transcript("T1.1", "G", "chr1", Strand.MINUS, ((100, 200), (300, 400)), (150, 360))
    >>> sorted(touched(Numbering(gene), 201, 202).terms)
    [<ConsequenceTerm.SPLICE_ACCEPTOR: 'splice_acceptor_variant'>]
    """
    exons = names.transcript.exons
    low, high = exons[0][0], exons[-1][1]
    if start <= low and end >= high:
        return Touched(frozenset({Term.TRANSCRIPT_ABLATION}), None, is_unclear=True)
    is_empty = start == end
    if end <= low or start >= high:
        return Touched(_outside(names, start, end, low, high), None, is_unclear=False)
    terms: set[Term] = set()
    if start < low:
        terms.add(Term.UPSTREAM if names.plus else Term.DOWNSTREAM)
    if end > high:
        terms.add(Term.DOWNSTREAM if names.plus else Term.UPSTREAM)
    first = max(0, names.exon_index(start) - 1)
    holder = None
    is_unclear = False
    for index in range(first, len(exons)):
        exon_start, exon_end = exons[index]
        if exon_start - _INTRON_REGION > end:
            break
        is_within = exon_start <= start and end <= exon_end
        is_whole = is_loss and is_within and end - start == exon_end - exon_start and len(exons) > 1
        if is_within and not is_whole and not (is_empty and start in {exon_start, exon_end}):
            holder = index
        if index + 1 < len(exons):
            is_unclear |= _at_intron(terms, names, (exon_end, exons[index + 1][0]), start, end)
    if holder is None and not terms & {Term.SPLICE_ACCEPTOR, Term.SPLICE_DONOR, Term.INTRON}:
        is_unclear = (
            True  # an outer edge is crossed, a whole exon is gone, or bases are put in at its very edge
        )
    return Touched(frozenset(terms), holder, is_unclear)


def _outside(names: Numbering, start: int, end: int, low: int, high: int) -> frozenset[Term]:
    gap = low - end if end <= low else start - high
    if gap >= FLANK:
        return frozenset({Term.INTERGENIC})
    is_before = (end <= low) is names.plus
    return frozenset({Term.UPSTREAM if is_before else Term.DOWNSTREAM})


def _at_intron(terms: set[Term], names: Numbering, intron: tuple[int, int], start: int, end: int) -> bool:
    """Add the terms of one intron; returns whether the spliced product becomes unclear."""
    left, right = intron

    def hits(low: int, high: int) -> bool:
        # Bases put in between two bases hit a stretch when both neighbours belong to it.
        return low < start < high if start == end else start < high and low < end

    if not hits(left - _EXON_REGION, right + _EXON_REGION):
        return False
    is_site = False
    if hits(left, min(left + _SITE, right)):
        terms.add(Term.SPLICE_DONOR if names.plus else Term.SPLICE_ACCEPTOR)
        is_site = True
    if hits(max(right - _SITE, left), right):
        terms.add(Term.SPLICE_ACCEPTOR if names.plus else Term.SPLICE_DONOR)
        is_site = True
    is_edge = start == end and start in {left, right}
    if hits(left, right) and not is_site:
        terms.add(Term.INTRON)
    near = ((left - _EXON_REGION, left), (left + _SITE, left + _INTRON_REGION))
    far = ((right, right + _EXON_REGION), (right - _INTRON_REGION, right - _SITE))
    if not is_site and (
        is_edge or any(hits(a, b) for a, b in (*near, *far)) or _between_site(start, end, left, right)
    ):
        terms.add(Term.SPLICE_REGION)
    crosses = start < left < end or start < right < end
    return is_site or is_edge or crosses


def _between_site(start: int, end: int, left: int, right: int) -> bool:
    """Bases put in right behind the two bases of a splice site: no stretch holds both neighbours."""
    return start == end and start in {left + _SITE, right - _SITE}
