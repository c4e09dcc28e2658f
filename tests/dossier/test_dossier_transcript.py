"""The drawing of a transcript: what is missing, what is left out, how the rest fits together."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.dossier.drawing.transcript import draw_transcript, transcript_legend
from revertant.model import Locus, SpliceChange, Strand, Transcript

LENGTHS = (60, 62, 61, 57, 90, 33, 80)


def gene(strand=Strand.PLUS, lengths=LENGTHS):
    exons, at = [], 100
    for length in lengths if strand is Strand.PLUS else reversed(lengths):
        exons.append((at, at + length))
        at += length + 200
    return Transcript("T.1", "G<&>", "c", strand, tuple(exons), (exons[0][0], exons[-1][1]))


def parsed(drawing):
    root = ET.fromstring(drawing)
    found = {}
    for element in root.iter():
        found.setdefault(element.get("class", "").split()[0] if element.get("class") else "", []).append(
            element
        )
    return found


def ends_of(path):
    """How far the middle of the left and the right end stands out, from the path's own corners."""
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path.get("d"))]
    left, _, right, tip, _, right_again, _, _, notch, _ = numbers
    assert right == right_again
    return notch - left, tip - right


def test_exons_are_named_and_marked():
    marks = parsed(draw_transcript(gene(), SpliceChange("T.1", (3,), (2,)), beside=1))
    assert len(marks["exon-absent"]) == 1
    assert len(marks["exon-skipped"]) == 1
    assert len(marks["arc-new"]) == 1
    names = [text.text for text in marks["exon-name"]]
    assert names == ["1", "2", "3", "4", "5–7", "1", "4", "5–7"]
    assert [text.text for text in marks["exon-note"]] == ["60 bp", "62 bp", "61 bp", "57 bp"]


def test_the_words_say_what_is_shown():
    drawing = draw_transcript(gene(), SpliceChange("T.1", (5,), (2, 3, 4)))
    label = ET.fromstring(drawing).get("aria-label")
    assert label == "G<&>, T.1. exons 2 to 4 missing in the allele. exon 5 left out by this design"


def test_ends_are_cut_as_codons_are_and_fit_where_the_frame_is_kept():
    """Exon 2 ends two bases into a codon; without exons 2 and 3 (123 bases) exons 1 and 4 fit."""
    drawing = draw_transcript(gene(), SpliceChange("T.1", (2, 3)), beside=2)
    marks = parsed(drawing)
    second, third = marks["exon-skipped"]
    assert ends_of(second) == (0, -7)
    assert ends_of(third) == (-7, 0)
    message = marks["exon-kept"][len(marks["exon-kept"]) // 2 :]
    for one, other in pairwise(message):
        assert ends_of(one)[1] == ends_of(other)[0]


@pytest.mark.parametrize("strand", list(Strand))
def test_a_pseudo_exon_stands_in_its_intron(strand):
    transcript = gene(strand)
    start, end = transcript.ordered_exons[2]
    place = Locus("c", end + 50, end + 90) if strand is Strand.PLUS else Locus("c", start - 90, start - 50)
    change = SpliceChange("T.1", hidden=place, label="pseudo-exon")
    marks = parsed(draw_transcript(transcript, change, beside=1))
    [hidden] = marks["exon-hidden"]
    x = float(re.match(r"M([\d.]+)", hidden.get("d")).group(1))
    names = {text.text: float(text.get("x")) for text in marks["exon-name"][:5]}
    assert names["3"] < x < names["4"]
    assert len(marks["arc-new"]) == 1
    assert [kind for kind, _ in transcript_legend(transcript, change)] == ["kept", "hidden"]


@pytest.mark.parametrize("strand", list(Strand))
@pytest.mark.parametrize("at_end", [True, False])
def test_a_stretch_lost_from_an_exon_stays_in_the_message(strand, at_end):
    """As in progeria: the end of exon 3 is spliced out, and is to be kept."""
    transcript = gene(strand)
    start, end = transcript.ordered_exons[2]
    right = at_end == (strand is Strand.PLUS)
    place = Locus("c", end - 20, end) if right else Locus("c", start, start + 20)
    change = SpliceChange("T.1", hidden=place, label="exon 3 cut short")
    marks = parsed(draw_transcript(transcript, change, beside=1))
    assert len(marks["exon-risk"]) == 2
    notes = [text.text for text in marks["exon-note"]]
    assert notes[1:3] == (["41 bp", "20 bp"] if at_end else ["20 bp", "41 bp"])
    assert len(marks["arc-new"]) == 1


def test_a_long_deletion_is_shortened():
    transcript = gene(lengths=(60,) * 20)
    marks = parsed(draw_transcript(transcript, SpliceChange("T.1", (15,), tuple(range(4, 15))), beside=1))
    assert len(marks["exon-absent"]) == 3
    assert "9 more" in [text.text for text in marks["exon-note"]]


@pytest.mark.parametrize(
    "change", [SpliceChange("T.1"), SpliceChange("T.1", (99,)), SpliceChange("T.1", (0,), (-1,))]
)
def test_nothing_to_show(change):
    assert draw_transcript(gene(), change) == ""
    assert transcript_legend(gene(), change) == ()


@given(
    st.lists(st.integers(1, 3000), min_size=2, max_size=30),
    st.data(),
    st.sampled_from(list(Strand)),
    st.integers(0, 4),
)
def test_any_change_gives_a_well_formed_drawing(lengths, data, strand, beside):
    transcript = gene(strand, lengths)
    numbers = st.integers(1, len(lengths))
    skipped = data.draw(st.sets(numbers, max_size=3))
    absent = data.draw(st.sets(numbers, max_size=12)) - skipped
    low = data.draw(st.integers(0, 99000))
    hidden = data.draw(st.sampled_from([None, Locus("c", low, low + data.draw(st.integers(1, 400)))]))
    change = SpliceChange("T.1", tuple(sorted(skipped)), tuple(sorted(absent)), hidden, "a <stretch>")
    drawing = draw_transcript(transcript, change, beside=beside)
    assert bool(drawing) == bool(skipped or absent or hidden)
    if drawing:
        root = ET.fromstring(drawing)
        width = float(root.get("width"))
        assert all(0 <= float(e.get("x")) <= width for e in root.iter() if e.get("x"))
