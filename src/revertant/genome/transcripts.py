"""From what a file says to a sound transcript, with the stop codon inside the coding span.

GTF by its standard leaves the stop codon out of the CDS, GFF3 by RefSeq and genePred include it, and real
files break both habits. So the file is asked first (``stop_codon`` rows), then the sequence (do the last three
coding bases, or the three after them, spell stop?), then the habit of the format.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from revertant.genome.annotation import RawTranscript
from revertant.genome.contigs import contig_name
from revertant.genome.reference import Reference
from revertant.model import Locus, Strand, Transcript
from revertant.sequence import MITOCHONDRIAL_CODONS, STOPS, reverse_complement

__all__ = ["StopRule", "decide_stop_rule", "finish"]


class StopRule(StrEnum):
    """How a file treats the stop codon: in ``stop_codon`` rows, inside its CDS rows, or left out of them."""

    ROWS = "stop_codon rows"
    INCLUDED = "included"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class _Span:
    """A coding span being worked on: exons in forward order and the span's two ends."""

    exons: tuple[tuple[int, int], ...]
    strand: Strand
    low: int
    high: int

    def bases(self) -> int:
        return sum(max(0, min(end, self.high) - max(start, self.low)) for start, end in self.exons)

    def extended(self, count: int) -> _Span | None:
        """The span with ``count`` more exonic bases at its 3' end; ``None`` when the exons end before."""
        low, high = self.low, self.high
        for start, end in self.exons if self.strand is Strand.PLUS else reversed(self.exons):
            if self.strand is Strand.PLUS and end > high:
                step = min(count, end - max(start, high))
                high, count = max(start, high) + step, count - step
            elif self.strand is Strand.MINUS and start < low:
                step = min(count, min(end, low) - start)
                low, count = min(end, low) - step, count - step
            if not count:
                return _Span(self.exons, self.strand, low, high)
        return None

    def begun_later(self, count: int) -> _Span | None:
        """The span without its first ``count`` coding bases; ``None`` when it has no more than these."""
        if count >= self.bases():
            return None
        places = [
            place for start, end in self.exons for place in range(max(start, self.low), min(end, self.high))
        ]
        if self.strand is Strand.PLUS:
            return _Span(self.exons, self.strand, places[count], self.high)
        return _Span(self.exons, self.strand, self.low, places[-1 - count] + 1)

    def last_codon(self, contig: str, reference: Reference) -> str:
        """The last three coding bases, empty where the reference does not cover them."""
        places = [
            place for start, end in self.exons for place in range(max(start, self.low), min(end, self.high))
        ]
        chosen = places[-3:] if self.strand is Strand.PLUS else places[:3]
        if len(chosen) < 3 or not all(reference.covers(Locus(contig, place, place + 1)) for place in chosen):
            return ""
        bases = "".join(reference.fetch(contig, place, place + 1) for place in chosen)
        return bases if self.strand is Strand.PLUS else reverse_complement(bases)


def decide_stop_rule(raw: Sequence[RawTranscript], kind: str, reference: Reference | None) -> StopRule:
    """Decide how a file treats the stop codon.

    Parameters
    ----------
    raw
        Its transcripts.
    kind
        ``"gtf"``, ``"gff3"`` or ``"genepred"``.
    reference
        The sequence, when there is one.
    """
    if any(item.stops for item in raw):
        return StopRule.ROWS
    if reference is not None and kind != "genepred":
        included, apart = _stop_votes(raw, reference)
        if included != apart:
            return StopRule.INCLUDED if included > apart else StopRule.APART
    return StopRule.APART if kind == "gtf" else StopRule.INCLUDED


def _stop_votes(raw: Iterable[RawTranscript], reference: Reference) -> tuple[int, int]:
    included = apart = 0
    for item in raw:
        span = _span(item)
        if span is None or not reference.has_contig(item.contig):
            continue
        stops = _stops(item.contig)
        longer = span.extended(3)
        included += span.last_codon(item.contig, reference) in stops
        apart += longer is not None and longer.last_codon(item.contig, reference) in stops
        if included + apart >= 200:
            break
    return included, apart


def _stops(contig: str) -> frozenset[str]:
    meant = contig_name(contig)
    if meant and meant.name == "MT":
        return frozenset(codon for codon, residue in MITOCHONDRIAL_CODONS.items() if residue == "*")
    return STOPS


def _span(item: RawTranscript) -> _Span | None:
    if not item.cds or item.problem or item.strand not in {"+", "-"}:
        return None
    exons = tuple(sorted(set(item.exons)))
    return _Span(
        exons, Strand(item.strand), min(start for start, *_ in item.cds), max(end for _, end, _ in item.cds)
    )


def finish(item: RawTranscript, rule: StopRule, reference: Reference | None) -> Transcript | str:
    """Make a transcript, or return the reason why the file's rows make none.

    Examples
    --------
    >>> raw = RawTranscript("T.1", "G", "chr1", "+", exons=[(0, 90)], cds=[(3, 30, "0")], stops=[(30, 33)])
    >>> finish(raw, StopRule.APART, None).cds
    (3, 33)
    """
    if item.problem:
        return item.problem
    if not item.exons:
        return "no exon rows"
    if any(not 0 <= start < end for start, end in item.exons):
        return "exon without bases"
    exons = _merged(item.exons)
    cds, phase = None, 0
    span = _span(item)
    if span is not None:
        span = _Span(exons, span.strand, span.low, span.high)
        if not _within(item, exons):
            return "CDS outside the exons"
        phase = _phase(item, span.strand)
        whole = _with_stop(item, span, rule, reference).begun_later(phase)
        if whole is None:
            return "no whole codon in the CDS"
        cds = whole.low, whole.high
    contig = item.contig
    if reference is not None and reference.has_contig(contig):
        contig = reference.canonical_contig(contig)
    return Transcript(
        item.transcript_id,
        item.gene or item.transcript_id,
        contig,
        Strand(item.strand),
        exons,
        cds,
        item.is_mane_select,
        item.protein_id,
        has_start=not phase,
    )


def _merged(parts: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Exons in order; those that touch or overlap (alignment gaps, ribosomal slippage) become one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def _within(item: RawTranscript, exons: tuple[tuple[int, int], ...]) -> bool:
    parts = [(start, end) for start, end, _ in item.cds] + item.stops
    return all(any(low <= start and end <= high for low, high in exons) for start, end in parts)


def _with_stop(item: RawTranscript, span: _Span, rule: StopRule, reference: Reference | None) -> _Span:
    if item.stops:
        low = min(start for start, _ in item.stops)
        high = max(end for _, end in item.stops)
        return _Span(span.exons, span.strand, min(span.low, low), max(span.high, high))
    if rule is not StopRule.APART or item.has_stop_inside:
        return span  # with stop_codon rows elsewhere in the file, one without has an open 3' end
    longer = span.extended(3)
    if longer is None:
        return span  # the model ends with its CDS: incomplete at the 3' end
    if reference is not None and reference.has_contig(item.contig):
        stops = _stops(item.contig)
        if span.last_codon(item.contig, reference) in stops:
            return span
        codon = longer.last_codon(item.contig, reference)
        if codon:
            return longer if codon in stops else span
    return longer if _in_frame(item, span) else span


def _in_frame(item: RawTranscript, span: _Span) -> bool:
    """Whether the CDS is whole codons from its first row's phase on, as one that lacks only its stop is."""
    return (span.bases() - _phase(item, span.strand)) % 3 == 0


def _phase(item: RawTranscript, strand: Strand) -> int:
    """Bases before the first whole codon, where the model begins within one, as in constant genes of receptors."""
    first = min(item.cds) if strand is Strand.PLUS else max(item.cds)
    return int(first[2]) if first[2] in {"1", "2"} else 0
