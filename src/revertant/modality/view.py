"""The patient's sequence around an edit, marked up so that it can be drawn."""

from __future__ import annotations

from collections.abc import Iterable

from revertant.genome import HaplotypeWindow
from revertant.modality.protospacers import Protospacer
from revertant.model import SequenceView, Strand, Transcript, ViewSpan

__all__ = ["codon_spans", "cropped_view", "guide_spans", "variant_spans"]

#: Bases shown on either side of what is marked.
MARGIN = 12


def guide_spans(protospacer: Protospacer) -> list[ViewSpan]:
    """Return the spans of protospacer and PAM, in indexes of the window."""
    strand = protospacer.strand
    low = protospacer.pam_start
    return [
        ViewSpan("protospacer", protospacer.start, protospacer.end, "protospacer", strand),
        ViewSpan("pam", low, low + len(protospacer.pam), protospacer.pam_pattern, strand),
    ]


def variant_spans(window: HaplotypeWindow) -> list[ViewSpan]:
    """Mark the patient's own variants."""
    spans = []
    for variant in window.variants:
        index = window.from_reference(variant.start)
        if index is not None and not variant.ref:
            index -= len(variant.alt)  # inserted bases lie left of the reference base that follows them
        if index is not None:
            spans.append(ViewSpan("variant", index, index + max(1, len(variant.alt)), str(variant)))
    return spans


def codon_spans(window: HaplotypeWindow, transcript: Transcript, low: int, high: int) -> list[ViewSpan]:
    """Mark the codons that lie whole between two indexes, each with the number of its residue.

    A codon split by an intron or touched by the patient's indel is left out rather than drawn wrongly.
    """
    spans = []
    minus = transcript.strand is Strand.MINUS
    shown = window.locus
    for start, end in transcript.coding_exons:
        for place in range(max(start, shown.start), min(end, shown.end)):
            index = transcript.genome_to_coding(place)
            assert index is not None
            if index % 3 != (2 if minus else 0) or place + 3 > end:
                continue
            at = [window.from_reference(place + offset) for offset in range(3)]
            if at[0] is None or at[1] != at[0] + 1 or at[2] != at[0] + 2 or at[0] < low or at[0] + 3 > high:
                continue
            spans.append(ViewSpan("codon", at[0], at[0] + 3, str(index // 3 + 1), transcript.strand))
    return spans


def cropped_view(window: HaplotypeWindow, spans: Iterable[ViewSpan]) -> SequenceView:
    """Cut the window to what is marked plus a margin and shift the spans with it."""
    kept = list(spans)
    low = max(0, min(span.start for span in kept) - MARGIN)
    high = min(len(window.bases), max(span.end for span in kept) + MARGIN)
    shifted = tuple(
        ViewSpan(span.kind, span.start - low, span.end - low, span.label, span.strand)
        for span in sorted(kept, key=lambda span: (span.start, span.end, span.kind, span.label))
    )
    return SequenceView(window.reference_locus(low, high, Strand.PLUS), window.bases[low:high], shifted)
