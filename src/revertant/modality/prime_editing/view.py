"""The drawing of a prime edit: protospacer, PAM, nick, what the primer binds, what is rewritten, nicking guide."""

from __future__ import annotations

from collections.abc import Iterator

from revertant.genome import HaplotypeWindow
from revertant.modality.prime_editing.nicking import NickingGuide
from revertant.modality.prime_editing.pegrna import Pegrna, Rewrite
from revertant.modality.prime_editing.placing import Place
from revertant.modality.silent import carried_range
from revertant.modality.view import codon_spans, cropped_view, guide_spans, variant_spans
from revertant.model import SequenceView, Strand, Transcript, ViewSpan

__all__ = ["pegrna_spans", "prime_edit_view"]

#: Codons drawn on either side of what is marked.
CODON_REACH = 9


def prime_edit_view(
    place: Place, pegrna: Pegrna, nick: NickingGuide | None, transcript: Transcript
) -> SequenceView:
    """Mark a prime edit on the patient's sequence, as it is before editing."""
    window = place.window
    spans = [*guide_spans(place.protospacer), *pegrna_spans(place, pegrna)]
    if nick is not None:
        spans += _nicking_spans(nick, pegrna, place)
    low = max(0, min(span.start for span in spans) - CODON_REACH)
    high = min(len(window.bases), max(span.end for span in spans) + CODON_REACH)
    spans += codon_spans(window, transcript, low, high)
    spans += [span for span in variant_spans(window) if low <= span.start < high]
    return cropped_view(window, spans)


def pegrna_spans(place: Place, pegrna: Pegrna) -> Iterator[ViewSpan]:
    """Yield nick, primer binding site, rewritten stretch and changes, in indexes of the forward strand."""
    placement, edit = pegrna.placement, place.edit
    nick = edit.forward_index(placement.nick)
    yield ViewSpan("nick", nick, nick, "nick of the pegRNA", edit.strand)
    end = placement.rewrite.end_before + pegrna.homology_nt
    first = placement.nick - len(pegrna.pbs)
    yield _span("pbs", edit, first, placement.nick, f"PBS {len(pegrna.pbs)} nt")
    yield _span("rtt", edit, placement.nick, end, f"RTT {len(pegrna.rtt)} nt")
    # An insertion is marked on the bases at its sides.
    put_in = edit.start == edit.end_before
    low, high = (edit.start - 1, edit.start + 1) if put_in else (edit.start, edit.end_before)
    yield _span("target", edit, low, high, edit.label)
    for change in place.silent.changes if place.silent else ():
        index = place.window.from_reference(change.start)
        if index is not None:
            yield ViewSpan("silent", index, index + 1, f"{change.ref}>{change.alt}", edit.strand)


def _span(kind: str, edit: Rewrite, start: int, end: int, label: str) -> ViewSpan:
    low, high = sorted((edit.forward_index(start), edit.forward_index(end)))
    return ViewSpan(kind, low, high, label, edit.strand)


def _nicking_spans(nick: NickingGuide, pegrna: Pegrna, place: Place) -> Iterator[ViewSpan]:
    """Mark the nicking guide where its place lies before the edit."""
    length, pam = len(nick.spacer), len(nick.pam)
    plus = nick.strand is Strand.PLUS
    offset = pegrna.placement.nick_offset
    pam_low = nick.start + length if plus else nick.start - pam
    cut = nick.start + length - offset if plus else nick.start + offset
    low, high = _before(place, nick.start, nick.start + length)
    yield ViewSpan("protospacer", low, high, f"ngRNA, {nick.kind.value}", nick.strand)
    low, high = _before(place, pam_low, pam_low + pam)
    yield ViewSpan("pam", low, high, pegrna.placement.pam_pattern, nick.strand)
    at = _before(place, cut, cut)[0]
    yield ViewSpan("nick", at, at, f"nick of the ngRNA, {nick.distance:+d} nt", nick.strand)


def _before(place: Place, start: int, end: int) -> tuple[int, int]:
    """Carry a range of the edited haplotype back to the haplotype as it is."""
    edited: HaplotypeWindow = place.wanted
    return carried_range(edited.bases, place.window.bases, start, end)
