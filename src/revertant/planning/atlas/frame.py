"""The reading frame of a short stretch of sequence, told by the name of the variant in it.

``c.20A>T`` says that the changed base is the 20th of the coding sequence, so the codons around it are known. The
alleles of the name say which strand is read. ``c.92+1G>A`` says that an exon ends right before the base. And an
in-frame stop codon says that what lies beyond it is not coding: the protein has ended, or the exon has.

What the name does not say stays unknown: an exon may end elsewhere in the stretch, and bases beyond that edge
are then read as coding. Where the name's own protein change does not fit the codon read, an exon ends within the
codon, and no frame is given at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from revertant.errors import RevertantError
from revertant.genome import Reference
from revertant.model import Locus, Strand, Transcript, Variant
from revertant.planning.atlas.rows import ContextRow
from revertant.sequence import AMINO_ACIDS_3, CODONS, complement, reverse_complement
from revertant.variant.hgvs_text import HgvsText, parse_hgvs

__all__ = ["CONTIG", "ContextGene", "context_gene"]

#: The name of the stretch as a contig.
CONTIG = "context"

#: Unknown bases put on either side, so that neighbouring exons have a place to stand.
_PAD = 48
_STOPS = frozenset(codon for codon, residue in CODONS.items() if residue == "*")
_PROTEIN = re.compile(r"p\.\(?([A-Z][a-z]{2})(\d+)([A-Z][a-z]{2}|=)")


@dataclass(frozen=True, slots=True)
class ContextGene:
    """A row's sequence as a small reference, with the transcript its name implies.

    Parameters
    ----------
    reference
        One contig: the wild-type sequence between unknown bases.
    locus
        The known sequence on it.
    variant
        Wild type to mutant.
    transcript
        ``None`` when the frame is not known; ``because`` then says why.
    unread
        Known coding bases of codons that are not wholly known: what a change of them does cannot be told.
    """

    reference: Reference
    locus: Locus
    variant: Variant
    transcript: Transcript | None
    because: str = ""
    unread: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Frame:
    """The coding stretch on the strand that is read; ``[first, last)`` may reach into the padding.

    ``start`` and ``end`` are its ends where they are known: an exon's edge, the start or the stop codon.
    """

    codon: int
    first: int
    last: int
    starts: bool = False
    stops: bool = False
    edge_before: bool = False
    edge_after: bool = False


def context_gene(row: ContextRow) -> ContextGene:
    """Build the local reference of a row, and the transcript where the row exchanges one base.

    Parameters
    ----------
    row
        The variant. The frame around insertions, deletions and exchanges of several bases is not read from their
        names: those do not say which strand they read.

    Examples
    --------
    >>> from revertant.variant import parse_edit
    >>> edit = parse_edit("GACACCATGGTGCATCTGACTCCTG(A/T)GGAGAAGTCTGCCGTTACTGCC")
    >>> gene = context_gene(ContextRow(2, "NM_000518.5(HBB):c.20A>T (p.Glu7Val)", "HBB", "", edit))
    >>> gene.transcript.strand, gene.transcript.genome_to_coding(gene.variant.start)
    (<Strand.PLUS: '+'>, 19)
    """
    edit = row.edit
    index = edit.start
    if len(edit.ref) != 1 or len(edit.alt) != 1:
        return _without_frame(row, "the frame is read from names of single exchanged bases only")
    try:
        name = parse_hgvs(row.name)
    except RevertantError:
        return _without_frame(row, "the name is no HGVS that can be read")
    if name.system != "c":
        return _without_frame(row, f"{name.system}. names tell no reading frame")
    strand = _strand(name, edit.ref, edit.alt)
    if strand is None:
        return _without_frame(row, "the alleles of the name are not those of the sequence")
    sense = edit.before if strand is Strand.PLUS else reverse_complement(edit.before)
    at = _PAD + (index if strand is Strand.PLUS else len(sense) - 1 - index)
    padded = "N" * _PAD + sense + "N" * _PAD
    limits = (_PAD, _PAD + len(sense))
    frame = _frame(name, padded, at, limits)
    in_codon = name.start.region == "cds" and not name.start.offset
    if frame is not None and in_codon and not _fits(name, row.name, padded, at - frame.codon, frame.codon):
        return _without_frame(
            row, "the protein change of the name does not fit the codon: an exon ends in it"
        )
    return _built(row, strand, padded, frame)


def _strand(name: HgvsText, ref: str, alt: str) -> Strand | None:
    """The strand the name reads, by its alleles; only substitutions of one base are told apart."""
    if name.operation != "sub" or len(name.inserted) != 1:
        return None
    named = name.deleted, name.inserted[0].bases
    if named == (ref, alt):
        return Strand.PLUS
    return Strand.MINUS if named == (complement(ref), complement(alt)) else None


def _frame(name: HgvsText, padded: str, at: int, limits: tuple[int, int]) -> _Frame | None:
    """Find the coding stretch around a variant; ``None`` when nothing here is known to be coding."""
    place = name.start
    if place.region == "upstream":
        start = at + place.number
        is_start = not place.offset and padded[start : start + 3] == "ATG"
        return _extended(padded, start, start, limits, starts=True) if is_start else None
    if place.region == "downstream":
        codon = at - place.number - 2
        is_stop = not place.offset and padded[codon : codon + 3] in _STOPS if codon >= 0 else False
        return _extended(padded, codon, codon, limits) if is_stop else None
    anchor = at - place.offset
    low, high = limits
    if not low <= anchor < high:
        return None
    codon = anchor - (place.number - 1) % 3
    start = anchor - (place.number - 1)
    before = anchor if place.offset < 0 else None
    after = anchor + 1 if place.offset > 0 else None
    return _extended(padded, codon, start, limits, before=before, after=after)


def _extended(
    padded: str,
    codon: int,
    start: int,
    limits: tuple[int, int],
    *,
    starts: bool = False,
    before: int | None = None,
    after: int | None = None,
) -> _Frame:
    """Walk from a codon both ways, to an exon's edge the name gives, the start codon, a stop, or the end."""
    low, high = limits
    first, edge_before = codon, before is not None
    if before is not None:
        first = before
        starts = start == before
    elif not starts:
        while True:
            if first == start and padded[first : first + 3] == "ATG":
                starts = True
                break
            if first - 3 < low - 2:
                # The stretch is coding to its end as far as anyone can tell, and further.
                break
            if padded[first - 3 : first] in _STOPS:
                edge_before = True
                break
            first -= 3
    last, stops = codon, False
    while last < high:
        last += 3
        # A codon that an exon's edge cuts is not spelt by the bases that follow each other here.
        whole = last - 3 >= first and (after is None or last <= after)
        if whole and padded[last - 3 : last] in _STOPS:
            stops = True
            break
        if after is not None and last >= after:
            break
    if after is not None and not stops:
        last = after
    return _Frame(codon, first, last, starts, stops, edge_before, after is not None and not stops)


def _fits(name: HgvsText, text: str, padded: str, offset: int, codon: int) -> bool:
    """Whether the codon read spells the residues the name gives; true when it gives none."""
    said = _PROTEIN.search(text)
    if said is None:
        return True
    before, number, after = said.groups()
    wild = padded[codon : codon + 3]
    mutant = wild[:offset] + name.inserted[0].bases + wild[offset + 1 :]
    if (name.start.number - 1) // 3 + 1 != int(number) or AMINO_ACIDS_3.get(CODONS.get(wild, "X")) != before:
        return False
    # A lost start is written Met1Val, Met1? and so on: what the protein becomes is not read from the codon.
    expected = before if after == "=" else after
    return int(number) == 1 or AMINO_ACIDS_3.get(CODONS.get(mutant, "X")) == expected


@dataclass(frozen=True, slots=True)
class _Layout:
    """Exons and CDS on the padded sense strand, and the six bases that are put behind it."""

    exons: tuple[tuple[int, int], ...]
    cds: tuple[int, int]
    tail: str = "NNNTAA"


def _layout(frame: _Frame | None, length: int) -> _Layout:
    """Lay a transcript over the padded sense strand.

    Exons that are not seen stand in the padding, as long as the frame asks; a stop codon stands behind it.
    """
    total = length + 6
    if frame is None:
        return _Layout(((0, 6), (length, total)), (0, total))
    main, begin = frame.first, frame.first
    before: tuple[tuple[int, int], ...] = ()
    if frame.starts:
        if frame.edge_before:
            before = ((0, 6),)
        else:
            main = 0
    elif frame.edge_before:
        begin = 0
        before = ((0, 3 + (frame.first - frame.codon) % 3),)
    else:
        main, begin = 0, frame.codon % 3
    if frame.stops:
        return _Layout((*before, (main, total)), (begin, frame.last))
    if frame.edge_after:
        missing = (frame.codon - frame.last) % 3
        after = (length + 3 - missing, total)
        return _Layout((*before, (main, frame.last), after), (begin, total))
    filler = (frame.codon - length) % 3
    tail = "N" * filler + "TAA" + "N" * (3 - filler)
    return _Layout((*before, (main, total)), (begin, length + filler + 3), tail)


def _built(row: ContextRow, strand: Strand, padded: str, frame: _Frame | None) -> ContextGene:
    layout = _layout(frame, len(padded))
    total = len(padded) + 6
    bases, exons, cds, start = padded + layout.tail, layout.exons, layout.cds, _PAD
    unread = _unread(frame, _PAD, len(padded) - _PAD) if frame is not None else frozenset()
    if strand is Strand.MINUS:
        bases = reverse_complement(bases)
        exons = tuple(sorted((total - high, total - low) for low, high in exons))
        cds = total - cds[1], total - cds[0]
        unread = frozenset(total - 1 - place for place in unread)
        start = total - (len(padded) - _PAD)
    edit = row.edit
    return ContextGene(
        Reference.from_sequences({CONTIG: bases}),
        Locus(CONTIG, start, start + len(edit.before)),
        Variant(CONTIG, start + edit.start, edit.ref, edit.alt),
        Transcript(row.name.split(":")[0], row.gene, CONTIG, strand, exons, cds),
        unread=unread,
    )


def _unread(frame: _Frame, low: int, high: int) -> frozenset[int]:
    """Known coding bases whose codon reaches into the padding or into an exon that is not seen."""
    first, last = max(frame.first, low), min(frame.last, high)
    codons = {place: place - (place - frame.codon) % 3 for place in range(first, last)}
    return frozenset(place for place, codon in codons.items() if codon < first or codon + 3 > last)


def _without_frame(row: ContextRow, because: str) -> ContextGene:
    edit = row.edit
    return ContextGene(
        Reference.from_sequences({CONTIG: edit.before}),
        Locus(CONTIG, 0, len(edit.before)),
        Variant(CONTIG, edit.start, edit.ref, edit.alt),
        None,
        because,
    )
