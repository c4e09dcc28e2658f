"""Draw an edit on the double strand: what binds where, which base becomes which, and the protein below.

From top to bottom: genome positions; guides on the forward strand; the two strands; guides on the reverse
strand; marked stretches; codons with their residue now and after the edit. A drawing wraps into rows of
``columns`` bases, so that the same function serves a wide page and a phone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from revertant.dossier.drawing import svg
from revertant.dossier.drawing.canvas import (
    LEFT,
    RIGHT,
    STRAND_GAP,
    STRAND_HEIGHT,
    Canvas,
    label_width,
    lanes,
)
from revertant.dossier.drawing.guides import draw_cuts, draw_guide_marks
from revertant.dossier.words import number_text, place_text
from revertant.model import BaseChange, SequenceView, Strand, ViewSpan
from revertant.sequence import (
    CODONS,
    MITOCHONDRIAL_CODONS,
    complement,
    reverse_complement,
    three_letter,
    translate,
)

__all__ = ["draw_sequence", "legend_of"]

_LEGEND = {
    "protospacer": "protospacer, numbered as the guide counts",
    "pam": "PAM",
    "window": "editing window",
    "target": "target base and what it becomes",
    "bystander": "bystander and what it can become",
    "silent": "silent change made besides",
    "arm": "where an arm of the donor lies; it goes on beyond",
    "pbs": "bound by the primer binding site (PBS)",
    "rtt": "rewritten from the template (RTT)",
    "cut": "cut",
    "nick": "nick",
    "variant": "this person’s variant",
    "motif": "motif",
    "exon": "exon",
    "oligo": "antisense oligo; it binds the transcript",
    "codon": "residues now, and after the edit",
}
# Colours lie over each other in this order, so that a target inside a window stays visible.
_TINTS = ("protospacer", "pam", "window", "variant", "bystander", "silent", "target")
_BOTH_STRANDS = frozenset({"window", "variant"})
_MITOCHONDRION = frozenset({"chrM", "chrMT", "M", "MT", "NC_012920.1"})


def legend_of(view: SequenceView) -> tuple[tuple[str, str], ...]:
    """List the kinds of marks a view holds with their meaning, for a legend beside the drawing."""
    kinds = {span.kind for span in view.spans}
    return tuple((kind, meaning) for kind, meaning in _LEGEND.items() if kind in kinds)


def draw_sequence(
    view: SequenceView,
    *,
    changes: Sequence[BaseChange] = (),
    planned: Sequence[BaseChange] = (),
    gene: str = "",
    gene_strand: Strand | None = None,
    columns: int = 72,
) -> str:
    """Draw a view as an SVG element.

    Parameters
    ----------
    view
        The patient's sequence with its marked stretches.
    changes
        Every base change any outcome of the design makes: gives the letters beside target and bystanders.
    planned
        The changes of the outcome that is aimed at: gives the residues after the edit.
    gene, gene_strand
        Whose codons these are and which way they read.
    columns
        Most bases in one row; the rows are made equally long.

    Examples
    --------
    >>> from revertant.model import Locus
    >>> drawing = draw_sequence(SequenceView(Locus("chr1", 10, 14), "ACGT"))
    >>> drawing.startswith('<svg class="sequence"'), "chr1:11" in drawing
    (True, True)
    """
    becomes = _by_index(view, changes)
    after = list(view.bases)
    for index, base in _by_index(view, planned).items():
        after[index] = base
    rows = max(math.ceil(len(view.bases) / columns), 1)
    columns = math.ceil(len(view.bases) / rows)
    y = 2.0
    parts = []
    for first in range(0, len(view.bases), max(columns, 1)):
        canvas = Canvas(first, min(first + columns, len(view.bases)), y)
        _draw_row(canvas, view, becomes, "".join(after) if planned else "")
        y = canvas.y + 16
        parts.append(svg.group("".join(canvas.parts), "row"))
    longest = Canvas(0, columns, 0)
    if gene and gene_strand is not None:
        parts.append(_gene_arrow(longest, y - 8, gene, gene_strand))
        y += 14
    return svg.drawing(longest.right + RIGHT, y, "".join(parts), "sequence", label=_in_words(view, changes))


def _by_index(view: SequenceView, changes: Iterable[BaseChange]) -> dict[int, str]:
    """Map single-base changes to indexes of the view, the first named wins; an indel leaves no such map."""
    if len(view.bases) != len(view.locus):
        return {}
    found: dict[int, str] = {}
    for change in changes:
        index = change.position - view.locus.start
        fits = 0 <= index < len(view.bases) and change.before == view.bases[index]
        if fits and len(change.after) == 1:
            found.setdefault(index, change.after)
    return found


def _in_words(view: SequenceView, changes: Sequence[BaseChange]) -> str:
    contig = view.locus.contig
    sentences = [f"Both strands of {place_text(contig, view.locus.start)} to {number_text(view.locus.end)}"]
    if view.spans:
        sentences.append("Marked: " + ", ".join(dict.fromkeys(span.kind for span in view.spans)))
    if changes:
        edits = [
            f"{change.before} to {change.after} at {place_text(contig, change.position)}"
            for change in dict.fromkeys(changes)
        ]
        sentences.append("Edits: " + ", ".join(edits))
    return ". ".join(sentences)


def _draw_row(canvas: Canvas, view: SequenceView, becomes: Mapping[int, str], after: str) -> None:
    spans = [span for span in view.spans if canvas.shows(span)]
    _draw_ticks(canvas, view)
    draw_guide_marks(canvas, spans, Strand.PLUS, becomes)
    canvas.y += 3
    top = canvas.y
    _draw_strands(canvas, view, spans)
    draw_cuts(canvas, spans, top)
    canvas.y += 3
    draw_guide_marks(canvas, spans, Strand.MINUS, becomes)
    _draw_stretches(canvas, [span for span in spans if span.kind in {"motif", "variant", "exon"}])
    _draw_codons(canvas, view, [span for span in spans if span.kind == "codon"], after)


def _draw_ticks(canvas: Canvas, view: SequenceView) -> None:
    """Write genome positions: every tenth where bases and reference run in step, else only the first."""
    straight = len(view.bases) == len(view.locus)
    if straight:
        offset = view.locus.start + 1
        places = [index for index in range(canvas.first, canvas.last) if (offset + index) % 10 == 0]
    else:
        places = [0] if canvas.first == 0 else []
    contig_end = label_width(view.locus.contig) + 6
    canvas.add(svg.text(0, canvas.y + 9, view.locus.contig, "tick-label"))
    for index in places:
        label = number_text(view.locus.start + index + 1)
        x = canvas.middle(index)
        if x - label_width(label) / 2 > contig_end:
            canvas.add(svg.text(x, canvas.y + 9, label, "tick-label mid"))
            canvas.add(svg.line(x, canvas.y + 12, x, canvas.y + 16, "tick"))
    canvas.y += 18


def _draw_strands(canvas: Canvas, view: SequenceView, spans: Sequence[ViewSpan]) -> None:
    shown = view.bases[canvas.first : canvas.last]
    top, bottom = canvas.y, canvas.y + STRAND_HEIGHT + STRAND_GAP
    for kind in _TINTS:
        for span in spans:
            if span.kind == kind:
                canvas.add(_tint(canvas, span, top, bottom))
    centres = [canvas.middle(index) for index in range(canvas.first, canvas.last)]
    rungs = "".join(f"M{svg.number(x)} {svg.number(top + STRAND_HEIGHT)}v6" for x in centres)
    canvas.add(svg.path(rungs, "rungs"))
    for y, letters, left, right in ((top, shown, "5′", "3′"), (bottom, complement(shown), "3′", "5′")):
        canvas.add(
            svg.text(LEFT - 7, y + 15, left, "end-label last"),
            svg.text_run(centres, y + 15, letters, "base"),
            svg.text(canvas.right + 7, y + 15, right, "end-label"),
        )
    canvas.y = bottom + STRAND_HEIGHT


def _tint(canvas: Canvas, span: ViewSpan, top: float, bottom: float) -> str:
    tip = f"{span.kind}: {span.label}" if span.label else span.kind
    x, width = canvas.x(span.start), canvas.width(span)
    if span.kind in _BOTH_STRANDS:
        height = bottom + STRAND_HEIGHT - top
        return svg.rect(x, top, width, height, f"tint-{span.kind}", radius=3, tip=tip)
    y = top if span.strand is Strand.PLUS else bottom
    return svg.rect(x, y + 1, width, STRAND_HEIGHT - 2, f"tint-{span.kind}", radius=3, tip=tip)


def _draw_stretches(canvas: Canvas, spans: Sequence[ViewSpan]) -> None:
    for lane in lanes(spans):
        for span in lane:
            x, width = canvas.x(span.start), canvas.width(span)
            words = span.label or span.kind
            canvas.add(svg.rect(x + 1, canvas.y + 4, width - 2, 4, f"bar-{span.kind}", radius=2, tip=words))
            # A label wider than its stretch is held inside the drawing.
            half = label_width(words) / 2
            middle = max(min(x + width / 2, canvas.right + RIGHT - half), half)
            canvas.add(svg.text(middle, canvas.y + 18, words, f"mark-label {span.kind} mid"))
        canvas.y += 22


def _draw_codons(canvas: Canvas, view: SequenceView, codons: Sequence[ViewSpan], after: str) -> None:
    if not codons:
        return
    rows = [("now", view.bases)] + ([("after", after)] if after else [])
    for name, bases in rows:
        canvas.add(svg.text(LEFT - 7, canvas.y + 16, name, "end-label last"))
        for span in codons:
            x, width = canvas.x(span.start), canvas.width(span)
            before = _residue(view, view.bases, span)
            residue = _residue(view, bases, span)
            changed = residue != before
            state = "changed" if changed else "same" if bases is after else "now"
            tip = f"codon {span.label}: {before or '?'}" + (f" becomes {residue}" if changed else "")
            canvas.add(svg.rect(x + 1, canvas.y + 3, width - 2, 18, f"codon {state}", radius=4, tip=tip))
            words = f"{residue}{span.label}" if label_width(residue + span.label) <= width - 2 else residue
            if words and width >= label_width(words):
                canvas.add(svg.text(x + width / 2, canvas.y + 16, words, f"residue {state}"))
        canvas.y += 23


def _residue(view: SequenceView, bases: str, span: ViewSpan) -> str:
    """Translate one codon; a codon that an intron splits has no residue of its own here."""
    codon = bases[span.start : span.end]
    if len(codon) != 3:
        return ""
    codon = codon if span.strand is Strand.PLUS else reverse_complement(codon)
    table = MITOCHONDRIAL_CODONS if view.locus.contig in _MITOCHONDRION else CODONS
    return three_letter(translate(codon, table))


def _gene_arrow(canvas: Canvas, y: float, gene: str, strand: Strand) -> str:
    words = f"{gene} is read left to right" if strand is Strand.PLUS else f"{gene} is read right to left"
    half = label_width(words, 6.2) / 2 + 8
    middle = (LEFT + canvas.right) / 2
    left, right = LEFT, canvas.right
    head = (
        f"M{svg.number(right - 7)} {svg.number(y - 4)}l7 4l-7 4"
        if strand is Strand.PLUS
        else f"M{svg.number(left + 7)} {svg.number(y - 4)}l-7 4l7 4"
    )
    return svg.group(
        svg.line(left, y, middle - half, y, "gene-line")
        + svg.line(middle + half, y, right, y, "gene-line")
        + svg.path(head, "gene-head")
        + svg.text(middle, y + 4, words, "gene-name mid"),
        "gene",
    )
