"""The drawing of a base edit: protospacer, PAM, window, target, bystanders, codons."""

from __future__ import annotations

from collections.abc import Iterable

from revertant.modality.base_editing.outcome import Judge
from revertant.modality.protospacers import Protospacer
from revertant.modality.view import codon_spans, cropped_view, guide_spans, variant_spans
from revertant.model import BaseChange, SequenceView, Strategy, ViewSpan

__all__ = ["edit_view"]

#: Codons drawn on either side of the protospacer.
CODON_REACH = 9


def edit_view(
    protospacer: Protospacer,
    editing_window: tuple[int, int],
    targets: Iterable[BaseChange],
    bystanders: Iterable[BaseChange],
    *,
    judge: Judge,
    strategy: Strategy,
) -> SequenceView:
    """Mark a base edit on the patient's sequence."""
    window, strand = protospacer.window, protospacer.strand
    ends = sorted(protospacer.index_of(position) for position in editing_window)
    spans = [
        *guide_spans(protospacer),
        ViewSpan(
            "window", ends[0], ends[1] + 1, f"editing window {editing_window[0]}-{editing_window[1]}", strand
        ),
    ]
    for kind, changes in (("target", targets), ("bystander", bystanders)):
        for change in changes:
            index = protospacer.index_of(change.spacer_position)
            spans.append(ViewSpan(kind, index, index + 1, f"{change.before}>{change.after}", strand))
    if strategy.site is not None and judge.motif is not None:
        spans.append(ViewSpan("motif", judge.motif[1], judge.motif[2], f"{strategy.site.motif} motif"))
    low = max(0, min(span.start for span in spans) - CODON_REACH)
    high = min(len(window.bases), max(span.end for span in spans) + CODON_REACH)
    if judge.transcript is not None:
        spans += codon_spans(window, judge.transcript, low, high)
    spans += [span for span in variant_spans(window) if low <= span.start < high]
    return cropped_view(window, spans)
