"""The drawing of a donor repair: guide, cut, edit, silent changes, and where the arms begin."""

from __future__ import annotations

from revertant.genome import HaplotypeWindow
from revertant.modality.hdr.placing import Placed
from revertant.modality.protospacers import Protospacer
from revertant.modality.view import codon_spans, cropped_view, guide_spans, variant_spans
from revertant.model import SequenceView, Strand, Transcript, ViewSpan

__all__ = ["cut_spans", "repair_view"]

#: Bases of each arm that are drawn on the sequence; the rest is drawn to scale beside it.
ARM_SHOWN_NT = 18


def cut_spans(protospacer: Protospacer, places: tuple[int, int]) -> list[ViewSpan]:
    """Mark the cut on both strands."""
    strand = protospacer.strand
    low, high = places
    return [ViewSpan("cut", low, low, "cut", strand), ViewSpan("cut", high, high, "cut", strand.opposite)]


def repair_view(placed: Placed, transcript: Transcript | None) -> SequenceView:
    """Mark a repair on the person's sequence as it is before the cut, with the codons of a transcript."""
    cut, edit = placed.cut, placed.cut.edit
    window = edit.window
    spans = [*guide_spans(cut.protospacer), *cut_spans(cut.protospacer, cut.places)]
    wanted = edit.wanted.bases[edit.start : edit.start + edit.written] or "-"
    now = window.bases[edit.start : edit.start + edit.removed] or "-"
    shown_end = max(edit.start + edit.removed, edit.start + 1)
    spans.append(ViewSpan("target", edit.start, shown_end, f"{_short(now)}>{_short(wanted)}"))
    for change in placed.blocking.changes:
        index = window.from_reference(change.start)
        if index is not None:
            spans.append(ViewSpan("silent", index, index + 1, f"{change.ref}>{change.alt}"))
    spans += _arm_spans(placed, window)
    low = max(0, min(span.start for span in spans))
    high = min(len(window.bases), max(span.end for span in spans))
    if transcript is not None:
        spans += codon_spans(window, transcript, low, high)
    own = [span for span in variant_spans(window) if low <= span.start < high]
    return cropped_view(window, [*spans, *own])


def _arm_spans(placed: Placed, window: HaplotypeWindow) -> list[ViewSpan]:
    donor = placed.donor
    first, second = donor.left_arm, donor.right_arm
    left, right = (first, second) if first.strand is Strand.PLUS else (second, first)
    names = ("5′ arm", "3′ arm") if first.strand is Strand.PLUS else ("3′ arm", "5′ arm")
    ends = window.from_reference(left.end - 1), window.from_reference(right.start)
    spans = []
    if ends[0] is not None:
        low = max(0, ends[0] + 1 - ARM_SHOWN_NT)
        spans.append(ViewSpan("arm", low, ends[0] + 1, names[0], first.strand))
    if ends[1] is not None:
        high = min(len(window.bases), ends[1] + ARM_SHOWN_NT)
        spans.append(ViewSpan("arm", ends[1], high, names[1], first.strand))
    return spans


def _short(bases: str) -> str:
    return bases if len(bases) <= 8 else f"{len(bases)} bases"
