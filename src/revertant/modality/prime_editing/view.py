"""The drawing of a prime edit: protospacer, PAM, nick, what the primer binds, what is rewritten, nicking guide."""

from __future__ import annotations

from collections.abc import Iterator

from revertant.genome import HaplotypeWindow
from revertant.modality.prime_editing.nicking import NickingGuide
from revertant.modality.prime_editing.pegrna import Pegrna
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
    spans = [*guide_spans(place.protospacer), *pegrna_spans(pegrna)]
    if nick is not None:
        spans += _nicking_spans(nick, pegrna, place)
    low = max(0, min(span.start for span in spans) - CODON_REACH)
    high = min(len(window.bases), max(span.end for span in spans) + CODON_REACH)
    spans += codon_spans(window, transcript, low, high)
    spans += [span for span in variant_spans(window) if low <= span.start < high]
    return cropped_view(window, spans)


def pegrna_spans(pegrna: Pegrna) -> Iterator[ViewSpan]:
    """Yield nick, primer binding site, rewritten stretch and edit, in indexes of the forward strand."""
    place = pegrna.placement
    change, strand = place.rewrite, place.strand
    nick = change.forward_index(place.nick)
    yield ViewSpan("nick", nick, nick, "nick of the pegRNA", strand)
    end = change.end_before + pegrna.homology_nt
    yield _span("pbs", pegrna, place.nick - len(pegrna.pbs), place.nick, f"PBS {len(pegrna.pbs)} nt")
    yield _span("rtt", pegrna, place.nick, end, f"RTT {len(pegrna.rtt)} nt")
    old, new = change.before[change.start : change.end_before], change.after[change.start : change.end_after]
    label = f"{old}>{new}" if old and new else f"+{new}" if new else f"-{old}"
    # An insertion is marked on the bases at its sides.
    low, high = (change.start, change.end_before) if old else (change.start - 1, change.start + 1)
    yield _span("target", pegrna, low, high, label)


def _span(kind: str, pegrna: Pegrna, start: int, end: int, label: str) -> ViewSpan:
    change = pegrna.placement.rewrite
    low, high = sorted((change.forward_index(start), change.forward_index(end)))
    return ViewSpan(kind, low, high, label, change.strand)


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
