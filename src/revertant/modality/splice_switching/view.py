"""The drawings of splice-switching designs: what binds where, beside the exon's edge."""

from __future__ import annotations

from collections.abc import Iterable

from revertant.genome import HaplotypeWindow
from revertant.knowledge import Nuclease
from revertant.modality.base_editing.placing import Candidate
from revertant.modality.cutting import cut_indexes
from revertant.modality.protospacers import Protospacer
from revertant.modality.splice_switching.antisense import OligoCandidate
from revertant.modality.splice_switching.sites import SenseView
from revertant.modality.view import cropped_view, guide_spans, variant_spans
from revertant.model import SequenceView, Transcript, ViewSpan
from revertant.prediction import SpliceKind

__all__ = ["cut_view", "edited_view", "oligo_view"]

#: Bases shown beside what binds.
BESIDE = 9


def edited_view(
    candidate: Candidate, view: SenseView, edge: int, kind: SpliceKind, name: str
) -> SequenceView:
    """Mark a base edit and the splice letters it breaks."""
    protospacer = candidate.protospacer
    ends = sorted(protospacer.index_of(position) for position in candidate.editor.window)
    window = candidate.editor.window
    label = f"editing window {window[0]}-{window[1]}"
    spans = [
        *guide_spans(protospacer),
        ViewSpan("window", ends[0], ends[1] + 1, label, protospacer.strand),
    ]
    for mark, changes in (("target", candidate.targets), ("bystander", candidate.bystanders)):
        for change in changes:
            index = protospacer.index_of(change.spacer_position)
            spans.append(
                ViewSpan(mark, index, index + 1, f"{change.before}>{change.after}", protospacer.strand)
            )
    low, high = view.span(edge - 2, edge) if kind is SpliceKind.ACCEPTOR else view.span(edge, edge + 2)
    spans.append(ViewSpan("motif", low, high, name))
    return _with_variants(protospacer.window, spans)


def cut_view(protospacer: Protospacer, nuclease: Nuclease, transcript: Transcript) -> SequenceView:
    """Mark a cut and the exon beside it."""
    top, bottom = cut_indexes(protospacer, nuclease)
    spans = [
        *guide_spans(protospacer),
        ViewSpan("cut", top, top, "cut", protospacer.strand),
        ViewSpan("cut", bottom, bottom, "cut", protospacer.strand.opposite),
    ]
    return _with_variants(protospacer.window, [*spans, *_exons(protospacer.window, spans, transcript)])


def oligo_view(candidate: OligoCandidate, transcript: Transcript) -> SequenceView:
    """Mark an oligo and the exon it lies on."""
    view = candidate.view
    low, high = view.span(candidate.start, candidate.end)
    spans = [ViewSpan("oligo", low, high, candidate.covers, view.strand.opposite)]
    return _with_variants(view.window, [*spans, *_exons(view.window, spans, transcript)])


def _shown(window: HaplotypeWindow, spans: Iterable[ViewSpan]) -> tuple[int, int]:
    kept = list(spans)
    low = max(0, min(span.start for span in kept) - BESIDE)
    return low, min(len(window.bases), max(span.end for span in kept) + BESIDE)


def _exons(window: HaplotypeWindow, spans: Iterable[ViewSpan], transcript: Transcript) -> list[ViewSpan]:
    """The parts of exons that lie in what is shown."""
    low, high = _shown(window, spans)
    found = []
    for number, (start, end) in enumerate(transcript.ordered_exons, start=1):
        inside = (
            [index for index in range(low, high) if start <= window.to_reference(index) < end]
            if window.locus.start < end and start < window.locus.end
            else []
        )
        if inside:
            found.append(ViewSpan("exon", inside[0], inside[-1] + 1, f"exon {number}", transcript.strand))
    return found


def _with_variants(window: HaplotypeWindow, spans: list[ViewSpan]) -> SequenceView:
    low, high = _shown(window, spans)
    return cropped_view(
        window, [*spans, *(span for span in variant_spans(window) if low <= span.start < high)]
    )
