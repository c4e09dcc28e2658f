"""The marks of a simulation on the sequence before the edit."""

from __future__ import annotations

from collections.abc import Iterable

from revertant.modality.protospacers import Protospacer
from revertant.modality.view import MARGIN, codon_spans, cropped_view, guide_spans, variant_spans
from revertant.model import SequenceView, Strand, ViewSpan
from revertant.planning.simulation.ground import Ground

__all__ = ["strand_word", "view_of"]

#: Codons drawn on either side of what is marked.
CODON_REACH = 9


def strand_word(site: Protospacer) -> str:
    """Name the strand that reads as the spacer."""
    return "plus" if site.strand is Strand.PLUS else "minus"


def view_of(ground: Ground, site: Protospacer, more: Iterable[ViewSpan]) -> tuple[SequenceView, int]:
    """Mark a guide and what goes with it, the codons of the first transcript that codes here, and own variants.

    Returns
    -------
    tuple[SequenceView, int]
        What is drawn, and the index in the sequence of its first base.
    """
    window = ground.window
    spans = [*guide_spans(site), *more]
    low = max(0, min(span.start for span in spans) - CODON_REACH)
    high = min(len(window.bases), max(span.end for span in spans) + CODON_REACH)
    for transcript in ground.transcripts:
        codons = codon_spans(window, transcript, low, high)
        if codons:
            spans += codons
            break
    spans += [
        span for span in variant_spans(window) if low - MARGIN <= span.start and span.end <= high + MARGIN
    ]
    return cropped_view(window, spans), max(0, min(span.start for span in spans) - MARGIN)
