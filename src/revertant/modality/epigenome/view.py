"""The promoter under a guide, marked up so that it can be drawn."""

from __future__ import annotations

from revertant.genome import HaplotypeWindow
from revertant.modality.epigenome.promoter import start_of
from revertant.modality.protospacers import Protospacer
from revertant.modality.view import cropped_view, guide_spans, variant_spans
from revertant.model import SequenceView, Strand, Transcript, ViewSpan

__all__ = ["promoter_view"]

#: How far from the guide the start and the first exon are still shown.
_NEAR_NT = 40


def promoter_view(protospacer: Protospacer, transcript: Transcript) -> SequenceView:
    """Mark guide, PAM, this person's variants, and the first exon where it is near.

    Parameters
    ----------
    protospacer
        The guide's place.
    transcript
        The transcript whose promoter it is.
    """
    window = protospacer.window
    spans = guide_spans(protospacer)
    low = max(0, min(span.start for span in spans) - _NEAR_NT)
    high = min(len(window.bases), max(span.end for span in spans) + _NEAR_NT)
    spans += _first_exon(window, transcript, low, high)
    spans += [span for span in variant_spans(window) if low <= span.start < high]
    return cropped_view(window, spans)


def _first_exon(window: HaplotypeWindow, transcript: Transcript, low: int, high: int) -> list[ViewSpan]:
    """The part of the first exon within the drawing, with the start named where it is shown."""
    start, end = transcript.ordered_exons[0]
    inside = [
        index
        for place in range(max(start, window.locus.start), min(end, window.locus.end))
        if (index := window.from_reference(place)) is not None and low <= index < high
    ]
    if not inside:
        return []
    first = window.from_reference(start_of(transcript))
    shown = first is not None and low <= first < high
    edge = "left" if transcript.strand is Strand.PLUS else "right"
    label = f"exon 1, starts at the {edge}" if shown else "exon 1"
    return [ViewSpan("exon", inside[0], inside[-1] + 1, label)]
