"""Draw what a design does to a transcript: exons that are missing, left out or kept, and how the rest is joined.

The ends of an exon are cut as its codons are: straight between two codons, pointed where a codon is split. Two exons
read in frame together when their ends fit. Above stands the gene with its splicing now and after treatment, below
the message that follows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from revertant.dossier.drawing import svg
from revertant.dossier.drawing.canvas import label_width
from revertant.dossier.words import number_text, place_text
from revertant.modality.splice_switching.frames import coding_lengths, exon_words
from revertant.model import Locus, SpliceChange, Strand, Transcript

__all__ = ["draw_transcript", "transcript_legend"]

_HEIGHT, _GAP, _TIP = 30.0, 30.0, 7.0
_LEFT, _RIGHT = 64.0, 14.0
_LEAST_WIDTH, _MOST_WIDTH = 42.0, 96.0
#: A run of missing exons longer than this is drawn by its ends.
_LONGEST_RUN = 4

_LEGEND = {
    "kept": "exon, kept; pointed ends split a codon",
    "absent": "missing in the allele",
    "skipped": "left out by this design",
    "hidden": "wrongly spliced in, to be hidden",
    "risk": "wrongly spliced out, to be kept",
}


@dataclass(frozen=True, slots=True)
class _Box:
    """One thing on the line: an exon, a stretch that is hidden, or exons left out of the drawing.

    ``glued`` says that it follows the one before without an intron.
    """

    kind: str
    name: str
    note: str
    starts: int
    ends: int
    glued: bool = False
    x: float = 0.0
    width: float = _LEAST_WIDTH

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


def transcript_legend(transcript: Transcript, change: SpliceChange) -> tuple[tuple[str, str], ...]:
    """List what the drawing of a change shows, for a legend beside it.

    Examples
    --------
    >>> gene = Transcript("T.1", "G", "c", Strand.PLUS, ((0, 90), (200, 260), (400, 500)), (10, 490))
    >>> [kind for kind, _ in transcript_legend(gene, SpliceChange("T.1", (2,)))]
    ['kept', 'skipped']
    """
    shown = {box.kind for box in _boxes(transcript, change, 1)}
    return tuple((kind, words) for kind, words in _LEGEND.items() if kind in shown)


def draw_transcript(transcript: Transcript, change: SpliceChange, *, beside: int = 2) -> str:
    """Draw a change of splicing as an SVG element.

    Parameters
    ----------
    transcript
        The transcript whose exons the change numbers.
    change
        What is left out, what is missing already, what is hidden.
    beside
        Exons drawn on either side of the change.

    Returns
    -------
    str
        Empty when the change names nothing of this transcript.

    Examples
    --------
    >>> gene = Transcript("T.1", "G", "c", Strand.PLUS, ((0, 90), (200, 260), (400, 500)), (10, 490))
    >>> drawing = draw_transcript(gene, SpliceChange("T.1", (2,)))
    >>> drawing.startswith('<svg class="transcript"'), "exon 2 left out" in drawing
    (True, True)
    """
    boxes = _laid(_boxes(transcript, change, beside))
    if not boxes:
        return ""
    kept = [box for box in boxes if box.kind in {"kept", "more", "risk"}]
    top = 46.0
    parts = [svg.text(0, top + 19, transcript.gene, "row-name"), _introns(boxes, top)]
    parts += [_draw_box(box, top) for box in boxes]
    parts += _arcs([box for box in boxes if box.kind not in {"absent", "risk"}], kept, top)
    below = top + _HEIGHT + 50
    joined = _joined(kept)
    parts.append(svg.text(0, below + 19, "message", "row-name"))
    parts += [_draw_box(box, below, small=True) for box in joined]
    width = max(box.x + box.width for box in (*boxes, *joined)) + _RIGHT
    return svg.drawing(
        width, below + _HEIGHT + 24, "".join(parts), "transcript", label=_in_words(transcript, change)
    )


def _in_words(transcript: Transcript, change: SpliceChange) -> str:
    said = [f"{transcript.gene}, {transcript.transcript_id}"]
    if change.absent:
        said.append(f"{exon_words(change.absent)} missing in the allele")
    if change.skipped:
        said.append(f"{exon_words(change.skipped)} left out by this design")
    if change.hidden is not None:
        said.append(f"{change.label} hidden, from {place_text(change.hidden.contig, change.hidden.start)}")
    return ". ".join(said)


def _boxes(transcript: Transcript, change: SpliceChange, beside: int) -> list[_Box]:
    """What stands on the line, in the order of transcription, without places."""
    count = len(transcript.exons)
    gone = {number for number in (*change.absent, *change.skipped) if 1 <= number <= count}
    hidden = _hidden_after(transcript, change.hidden) if change.hidden is not None else None
    around = gone or ({hidden, min(hidden + 1, count)} if hidden is not None else set())
    if not around:
        return []
    first, last = max(1, min(around) - beside), min(count, max(around) + beside)
    lengths = coding_lengths(transcript)
    found = []
    if first > 1:
        found.append(_more(1, first - 1, sum(lengths[: first - 1])))
    for number in range(first, last + 1):
        kind = "absent" if number in change.absent else "skipped" if number in change.skipped else "kept"
        start, end = transcript.ordered_exons[number - 1]
        before = sum(lengths[: number - 1])
        length = f"{number_text(end - start)} bp"
        exon = _Box(kind, str(number), length, before % 3, (before + lengths[number - 1]) % 3)
        beyond = change.hidden if number == hidden else None
        found += [exon] if beyond is None else _with_hidden(exon, transcript, number, beyond)
    if last < count:
        found.append(_more(last + 1, count, sum(lengths[:last])))
    return _shortened(found)


def _more(first: int, last: int, before: int) -> _Box:
    """Exons that are not drawn one by one; their open end shows how the codon is split."""
    name = f"{first}" if first == last else f"{first}–{last}"
    return _Box("more", name, "", before % 3 if first > 1 else 0, before % 3 if first == 1 else 0)


def _shortened(boxes: list[_Box]) -> list[_Box]:
    """Draw a long run of missing exons by its two ends."""
    runs = [place for place, box in enumerate(boxes) if box.kind == "absent"]
    if len(runs) <= _LONGEST_RUN:
        return boxes
    first, last = runs[0], runs[-1]
    hidden = last - first - 1
    middle = _Box("absent", "…", f"{hidden} more", boxes[first].ends, boxes[last].starts)
    return [*boxes[: first + 1], middle, *boxes[last:]]


def _with_hidden(exon: _Box, transcript: Transcript, number: int, place: Locus) -> list[_Box]:
    """An exon with the stretch that is hidden behind it, drawn out of it, or lost from one of its ends."""
    start, end = transcript.ordered_exons[number - 1]
    plus = transcript.strand is Strand.PLUS
    size = len(place)
    note = f"{number_text(size)} bp"
    if start <= place.start and place.end <= end:
        at_start = place.start == start if plus else place.end == end
        rest = f"{number_text(end - start - size)} bp"
        if at_start:
            phase = (exon.starts + size) % 3
            return [
                _Box("risk", "", note, exon.starts, phase),
                _Box(exon.kind, exon.name, rest, phase, exon.ends, glued=True),
            ]
        phase = (exon.ends - size) % 3
        return [
            _Box(exon.kind, exon.name, rest, exon.starts, phase),
            _Box("risk", "", note, phase, exon.ends, glued=True),
        ]
    beside = place.start == end if plus else place.end == start
    return [exon, _Box("hidden", "", note, exon.ends, (exon.ends + size) % 3, glued=beside)]


def _hidden_after(transcript: Transcript, place: Locus) -> int:
    """Number of the last exon that begins before a hidden stretch does, or with it."""
    plus = transcript.strand is Strand.PLUS
    before = [
        number
        for number, (start, end) in enumerate(transcript.ordered_exons, start=1)
        if (start <= place.start if plus else end >= place.end)
    ]
    return max(before, default=1)


def _laid(boxes: Sequence[_Box]) -> list[_Box]:
    """Give every box its place and width on the line."""
    found: list[_Box] = []
    for box in boxes:
        x = _LEFT
        if found:
            x = found[-1].x + found[-1].width + (0 if box.glued else _GAP)
        found.append(replace(box, x=x, width=_width(box)))
    return found


def _width(box: _Box) -> float:
    digits = "".join(letter for letter in box.note if letter.isdigit())
    size = int(digits) if digits and box.kind != "more" else 0
    return max(
        min(_LEAST_WIDTH + size / 5, _MOST_WIDTH), label_width(box.note) + 4, label_width(box.name) + 26
    )


def _joined(boxes: Collection[_Box]) -> list[_Box]:
    """The kept exons end to end: the message."""
    x, found = _LEFT, []
    for box in boxes:
        found.append(replace(box, x=x))
        x += box.width + 3
    return found


def _introns(boxes: Sequence[_Box], top: float) -> str:
    y = top + _HEIGHT / 2
    return "".join(
        svg.line(one.x + one.width, y, other.x, y, "intron")
        for one, other in pairwise(boxes)
        if not other.glued
    )


def _draw_box(box: _Box, top: float, *, small: bool = False) -> str:
    low, high, middle = top, top + _HEIGHT, top + _HEIGHT / 2
    left, right = box.x, box.x + box.width
    into = {0: 0.0, 1: _TIP, 2: -_TIP}
    data = (
        f"M{svg.number(left)} {svg.number(low)}H{svg.number(right)}"
        f"L{svg.number(right + into[box.ends])} {svg.number(middle)}L{svg.number(right)} {svg.number(high)}"
        f"H{svg.number(left)}L{svg.number(left + into[box.starts])} {svg.number(middle)}z"
    )
    kind = "kept" if box.kind == "more" else box.kind
    tip = f"exon {box.name}" if box.name and box.kind != "more" else f"exons {box.name}" if box.name else kind
    parts = [
        svg.path(data, f"exon-{kind}{' far' if box.kind == 'more' else ''}", tip=tip),
        svg.text(box.middle, middle + 4.5, box.name, f"exon-name {kind} mid"),
    ]
    if box.note and not small:
        parts.append(svg.text(box.middle, high + 14, box.note, "exon-note mid"))
    if box.kind == "skipped":
        parts.append(svg.line(left + 4, high - 4, right - 4, low + 4, "strike"))
    return "".join(parts)


def _arcs(now: Sequence[_Box], after: Sequence[_Box], top: float) -> list[str]:
    """Splicing now (thin, through what should not be there) and after treatment (bold, where it differs)."""
    ones = [pair for pair in pairwise(now) if not _touch(*pair)]
    others = [pair for pair in pairwise(after) if not _touch(*pair) and pair not in ones]
    return [_arc(*pair, top, "arc-now") for pair in ones] + [
        _arc(*pair, top, "arc-new", high=34) for pair in others
    ]


def _touch(one: _Box, other: _Box) -> bool:
    """Whether no intron lies between two boxes."""
    return other.glued and one.x + one.width == other.x


def _arc(one: _Box, other: _Box, top: float, class_: str, high: float = 14) -> str:
    left, right = one.x + one.width, other.x
    points = ((left, top), ((left + right) / 2, top - high), (right, top))
    return svg.path("M" + "L".join(f"{svg.number(x)} {svg.number(y)}" for x, y in points), class_)
