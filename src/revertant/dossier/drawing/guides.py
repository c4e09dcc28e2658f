"""The marks a guide leaves on a strand: brackets, position numbers, editing window, new letters, cuts.

They stand in layers on the outer side of the guide's strand, the new letters next to the bases. A pegRNA's primer
binding site and template, and a donor's arms, are bars as an editing window is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from revertant.dossier.drawing import svg
from revertant.dossier.drawing.canvas import (
    BASE_WIDTH,
    STRAND_GAP,
    STRAND_HEIGHT,
    Canvas,
    label_width,
    lanes,
)
from revertant.model import Strand, ViewSpan
from revertant.sequence import complement

__all__ = ["draw_cuts", "draw_guide_marks"]

_EDITS = frozenset({"target", "bystander", "silent"})
_BARS = frozenset({"window", "pbs", "rtt", "arm", "oligo"})

_Layer = tuple[float, Callable[[Canvas, float], None]]


def draw_guide_marks(
    canvas: Canvas, spans: Sequence[ViewSpan], strand: Strand, becomes: Mapping[int, str]
) -> None:
    """Draw all marks of the guides on one strand and move down by their height.

    Parameters
    ----------
    canvas
        The row.
    spans
        The spans the row shows.
    strand
        The strand whose marks are drawn: forward above, reverse below.
    becomes
        The new forward-strand base at each edited index.
    """
    above = strand is Strand.PLUS
    mine = [span for span in spans if span.strand is strand]
    edits = [span for span in mine if span.kind in _EDITS]
    spacers = [span for span in mine if span.kind == "protospacer"]
    layers: list[_Layer] = []
    if edits:
        layers.append(_new_letters(edits, becomes, strand))
    if spacers:
        layers.append(_numbers(spacers, edits))
    bars = [span for span in mine if span.kind in _BARS]
    brackets = [span for span in mine if span.kind in {"protospacer", "pam"}]
    layers += [_bars(lane, above=above) for lane in lanes(bars)]
    layers += [_brackets(lane, above=above) for lane in lanes(brackets)]
    for height, draw in reversed(layers) if above else layers:
        draw(canvas, canvas.y)
        canvas.y += height


def draw_cuts(canvas: Canvas, spans: Sequence[ViewSpan], top: float) -> None:
    """Draw cuts and nicks; a cut given on one strand only is blunt and goes through both."""
    middle = top + STRAND_HEIGHT + STRAND_GAP / 2
    bottom = top + 2 * STRAND_HEIGHT + STRAND_GAP
    cuts = [span for span in spans if span.kind == "cut"]
    staggered = len({span.strand for span in cuts}) == 2 and len({span.start for span in cuts}) > 1
    for span in spans:
        if span.kind not in {"cut", "nick"}:
            continue
        x = canvas.x(span.start)
        own = staggered or span.kind == "nick"
        plus = span.strand is Strand.PLUS
        low = middle if own and not plus else top
        high = middle if own and plus else bottom
        canvas.add(svg.line(x, low - 1, x, high + 1, f"{span.kind}-line"))
        tip = f"{span.kind}: {span.label}" if span.label else span.kind
        if not own or plus:
            canvas.add(svg.path(_triangle(x, top, down=True), f"{span.kind}-mark", tip=tip))
        if not own or not plus:
            canvas.add(svg.path(_triangle(x, bottom, down=False), f"{span.kind}-mark", tip=tip))
    if staggered and len(cuts) == 2:
        first, second = sorted(canvas.x(span.start) for span in cuts)
        canvas.add(svg.line(first, middle, second, middle, "cut-line"))


def _triangle(x: float, y: float, *, down: bool) -> str:
    outer = y - 7 if down else y + 7
    return f"M{svg.number(x - 4)} {svg.number(outer)}h8L{svg.number(x)} {svg.number(y)}z"


def _new_letters(edits: Sequence[ViewSpan], becomes: Mapping[int, str], strand: Strand) -> _Layer:
    above = strand is Strand.PLUS

    def draw(canvas: Canvas, y: float) -> None:
        for span in edits:
            letter = becomes.get(span.start) if span.end - span.start == 1 else None
            box = y if above else y + 6
            if letter is None:
                _draw_words(canvas, span, box)
                continue
            letter = letter if above else complement(letter)
            tip = f"{span.kind} becomes {letter}" + (f": {span.label}" if span.label else "")
            x = canvas.middle(span.start)
            canvas.add(
                svg.rect(x - 6.5, box, 13, 15, f"new-{span.kind}", radius=3, tip=tip),
                svg.text(x, box + 11.5, letter, f"new-letter on-{span.kind}"),
                # The stem leads from the base to what it becomes.
                svg.line(x, y + 15 if above else y, x, y + 21 if above else y + 6, f"stem-{span.kind}"),
            )

    return 21.0, draw


def _draw_words(canvas: Canvas, span: ViewSpan, box: float) -> None:
    """Write what is put in or taken out over a stretch that is no single base."""
    if span.label:
        room = max(int(canvas.width(span) / 6.3), 14)
        words = span.label if len(span.label) <= room else f"{span.label[: room - 1]}…"
        middle = canvas.x(span.start) + canvas.width(span) / 2
        canvas.add(svg.text(middle, box + 11.5, words, f"new-words {span.kind} mid"))


def _numbers(spacers: Sequence[ViewSpan], edits: Sequence[ViewSpan]) -> _Layer:
    edited = {span.start for span in edits}

    def draw(canvas: Canvas, y: float) -> None:
        for span in spacers:
            length = span.end - span.start
            for place in range(1, length + 1):
                index = span.start + place - 1 if span.strand is Strand.PLUS else span.end - place
                if canvas.first <= index < canvas.last and (
                    place in {1, length} or place % 5 == 0 or index in edited
                ):
                    kind = "place edited" if index in edited else "place"
                    canvas.add(svg.text(canvas.middle(index), y + 8, str(place), kind))

    return 11.0, draw


def _bars(lane: Sequence[ViewSpan], *, above: bool) -> _Layer:
    def draw(canvas: Canvas, y: float) -> None:
        for number, span in enumerate(lane):
            bar = y + 11 if above else y + 1
            x, width = canvas.x(span.start), canvas.width(span)
            words = span.label or span.kind
            canvas.add(svg.rect(x, bar, width, 3, f"{span.kind}-bar", radius=1.5, tip=words))
            alone = len(lane) == 1
            room = width + 6 * BASE_WIDTH if alone or number + 1 == len(lane) else width
            if label_width(words) <= room and width >= 2 * BASE_WIDTH:
                canvas.add(
                    svg.text(x + width / 2, y + 8 if above else y + 14, words, f"mark-label {span.kind} mid")
                )

    return 17.0, draw


def _brackets(lane: Sequence[ViewSpan], *, above: bool) -> _Layer:
    def draw(canvas: Canvas, y: float) -> None:
        for number, span in enumerate(lane):
            x, width = canvas.x(span.start) + 1, canvas.width(span) - 2
            bar, tick = (y + 14, 5.0) if above else (y + 6, -5.0)
            start, end = canvas.first <= span.start, span.end <= canvas.last
            data = f"M{svg.number(x)} {svg.number(bar + (tick if start else 0))}V{svg.number(bar)}"
            data += f"h{svg.number(width)}" + (f"v{svg.number(tick)}" if end else "")
            words = span.label or ("PAM" if span.kind == "pam" else span.kind)
            canvas.add(svg.path(data, f"bracket {span.kind}", tip=words))
            following = canvas.x(lane[number + 1].start) if number + 1 < len(lane) else canvas.right
            room = max(width, 2 * (following - x - width / 2))
            if label_width(words) + 8 <= room or span.kind == "pam":
                canvas.add(
                    svg.text(x + width / 2, y + 10 if above else y + 18, words, f"mark-label {span.kind} mid")
                )

    return 22.0, draw
