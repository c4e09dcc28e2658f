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
from revertant.planning.atlas_rows import ContextRow
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
    """Build the local reference and transcript of a row that exchanges single bases.

    Parameters
    ----------
    row
        A row whose edit leaves the length unchanged.

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
    if frame is None:
        return _built(row, strand, sense, _distant_exons(len(padded)))
    if name.start.region == "cds" and not name.start.offset and not _fits(row.name, name, padded, frame, edit.alt, at):
        return _without_frame(row, "the protein change of the name does not fit the codon: an exon ends in it")
    return _built(row, strand, sense, _layout(frame, len(padded)), frame, padded, limits)


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
        if padded[last - 3 : last] in _STOPS and (after is None or last <= after):
            stops = True
            break
        if after is not None and last >= after:
            break
    if after is not None and not stops:
        last = after
    return _Frame(codon, first, last, starts, stops, edge_before, after is not None and not stops)


def _fits(text: str, name: HgvsText, padded: str, frame: _Frame, alt: str, at: int) -> bool:
    """Whether the codon read spells the residues the name gives; true when it gives none."""
    said = _PROTEIN.search(text)
    if said is None:
        return True
    wild = padded[frame.codon : frame.codon + 3]
    new = alt if name.inserted[0].bases == alt else complement(alt)
    offset = at - frame.codon
    mutant = wild[:offset] + new + wild[offset + 1 :]
    before, number, after = said.groups()
    if (name.start.number - 1) // 3 + 1 != int(number):
        return False
    if AMINO_ACIDS_3.get(CODONS.get(wild, "X")) != before:
        return False
    expected = before if after == "=" else after
    # A lost start is written Met1Val, Met1? and so on: what the protein becomes is not read from the codon.
    return int(number) == 1 or AMINO_ACIDS_3.get(CODONS.get(mutant, "X")) == expected


def _distant_exons(length: int) -> tuple[tuple[tuple[int, int], ...], tuple[int, int]]:
    """A transcript whose exons all lie in the padding: the known sequence is intron."""
    return ((0, 6), (length, length + 6)), (0, length + 6)


def _layout(frame: _Frame, length: int) -> tuple[tuple[tuple[int, int], ...], tuple[int, int]]:
    """Lay exons and CDS over the padded sense strand; a stop codon will stand right behind the padding.

    Exons that are not seen stand in the padding, as long as the frame asks.
    """
    exons: list[tuple[int, int]] = []
    phase = (frame.first - frame.codon) % 3
    if frame.starts:
        begin = frame.first
        exons += [(0, 6)] if frame.edge_before else []
        main_start = frame.first if frame.edge_before else 0
    elif frame.edge_before:
        begin = 0
        exons.append((0, 3 + phase))
        main_start = frame.first
    else:
        begin = frame.codon % 3
        main_start = 0
    if frame.stops:
        stop = frame.last
        exons.append((main_start, length + 6))
    elif frame.edge_after:
        missing = (frame.codon - frame.last) % 3
        stop = length + 6
        exons += [(main_start, frame.last), (length + 3 - missing, length + 6)]
    else:
        stop = length + 6
        exons.append((main_start, stop))
    return tuple(exons), (begin, stop)


def _built(
    row: ContextRow,
    strand: Strand,
    sense: str,
    layout: tuple[tuple[tuple[int, int], ...], tuple[int, int]],
    frame: _Frame | None = None,
    padded: str = "",
    limits: tuple[int, int] = (0, 0),
) -> ContextGene:
    exons, cds = layout
    length = _PAD + len(sense) + _PAD
    filler = 0
    if frame is not None and not frame.stops and not frame.edge_after:
        filler = (frame.codon - length) % 3
    # Behind the padding: up to two bases that complete the last codon, then a stop codon.
    total = length + 6
    tail = "N" * 3 + "TAA"
    if filler:
        tail = "N" * filler + "TAA" + "N" * (3 - filler)
        cds = (cds[0], length + filler + 3)
    elif frame is not None and not frame.stops and not frame.edge_after:
        tail = "NNNTAA"
    bases = "N" * _PAD + sense + "N" * _PAD + tail
    unread = _unread(frame, padded, limits) if frame is not None else frozenset()
    start = _PAD
    if strand is Strand.MINUS:
        bases = reverse_complement(bases)
        exons = tuple(sorted((total - high, total - low) for low, high in exons))
        cds = total - cds[1], total - cds[0]
        unread = frozenset(total - 1 - place for place in unread)
        start = total - _PAD - len(sense)
    transcript = Transcript(row.name.split(":")[0], row.gene, CONTIG, strand, exons, cds)
    edit = row.edit
    return ContextGene(
        Reference.from_sequences({CONTIG: bases}),
        Locus(CONTIG, start, start + len(sense)),
        Variant(CONTIG, start + edit.start, edit.ref, edit.alt),
        transcript,
        unread=unread,
    )


def _unread(frame: _Frame, padded: str, limits: tuple[int, int]) -> frozenset[int]:
    """Known coding bases whose codon reaches into the padding or into an exon that is not seen."""
    low, high = max(frame.first, limits[0]), min(frame.last, limits[1])
    found = set()
    for place in range(low, high):
        codon = place - (place - frame.codon) % 3
        if codon < max(frame.first, limits[0]) or codon + 3 > min(frame.last, limits[1]):
            found.add(place)
    return frozenset(found)


def _without_frame(row: ContextRow, because: str) -> ContextGene:
    edit = row.edit
    return ContextGene(
        Reference.from_sequences({CONTIG: edit.before}),
        Locus(CONTIG, 0, len(edit.before)),
        Variant(CONTIG, edit.start, edit.ref, edit.alt),
        None,
        because,
    )
