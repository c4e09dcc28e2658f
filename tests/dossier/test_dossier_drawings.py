"""The drawings: what they show at which place."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import plan_builder as build
from hypothesis import given
from hypothesis import strategies as some

from revertant.dossier import draw_contigs, draw_scores, draw_sequence
from revertant.dossier.drawing.sequence import legend_of
from revertant.model import BaseChange, Locus, SequenceView, SiteOrigin, Strand, ViewSpan

SVG = "{http://www.w3.org/2000/svg}"


def texts(drawing: str, kind: str) -> list[str]:
    return [
        (e.text or "")
        for e in ET.fromstring(drawing).iter(f"{SVG}text")
        if kind in e.get("class", "").split()
    ]


def draw(design, **more) -> str:
    changes = tuple(dict.fromkeys(c for outcome in design.outcomes for c in outcome.changes))
    return draw_sequence(design.view, changes=changes, planned=design.outcomes[0].changes, **more)


def test_base_edit_shows_both_strands_new_letters_and_residues():
    design = build.sickle_plan().designs[0].design
    drawing = draw(design, gene="HBB", gene_strand=Strand.MINUS)
    top, bottom = texts(drawing, "base")
    assert top == design.view.bases
    assert bottom == top.translate(str.maketrans("ACGT", "TGCA"))
    assert texts(drawing, "new-letter") == ["G", "G"]
    assert texts(drawing, "edited") == ["7", "9"]
    assert "Val7" in texts(drawing, "now")
    assert texts(drawing, "changed") == ["Ala7"]
    assert "Pro6" in texts(drawing, "same")
    assert texts(drawing, "gene-name") == ["HBB is read right to left"]
    assert "5,227,000" in texts(drawing, "tick-label")


def test_reverse_guides_show_the_letter_of_their_own_strand():
    view = SequenceView(
        Locus("chr1", 0, 8),
        "ACGTACGT",
        (ViewSpan("target", 1, 2, "", Strand.MINUS), ViewSpan("protospacer", 0, 8, "", Strand.MINUS)),
    )
    drawing = draw_sequence(view, changes=[BaseChange(1, "C", "T", 7)])
    assert texts(drawing, "new-letter") == ["A"]
    assert texts(drawing, "place")[0] == "1"
    first = next(e for e in ET.fromstring(drawing).iter(f"{SVG}text") if e.get("class") == "place")
    assert first.text == "1"
    assert float(first.get("x")) > 100  # position 1 is at the right: the guide reads right to left


def test_a_pegrna_stands_on_the_strand_it_writes():
    """Primer binding site and template meet at the nick; what is put in is written out, not one letter."""
    for strand in Strand:
        plus = strand is Strand.PLUS
        view = SequenceView(
            Locus("chr1", 0, 40),
            "ACGTACGTAC" * 4,
            (
                ViewSpan("nick", 20, 20, "nick", strand),
                ViewSpan("pbs", 8 if plus else 20, 20 if plus else 32, "PBS 12 nt", strand),
                ViewSpan("rtt", 20 if plus else 8, 32 if plus else 20, "RTT 12 nt", strand),
                ViewSpan("target", 25, 27, "+GATTACA", strand),
                ViewSpan("silent", 14, 15, "A>G", strand),
            ),
        )
        drawing = draw_sequence(view, changes=[BaseChange(14, "A", "G", 0)])
        assert texts(drawing, "pbs") == ["PBS 12 nt"]
        assert texts(drawing, "rtt") == ["RTT 12 nt"]
        assert texts(drawing, "new-words") == ["+GATTACA"]
        assert texts(drawing, "on-silent") == ["G" if plus else "C"]
        bars = {e.get("class"): e for e in ET.fromstring(drawing).iter(f"{SVG}rect")}
        top = float(
            next(e for e in ET.fromstring(drawing).iter(f"{SVG}text") if e.get("class") == "base").get("y")
        )
        assert (float(bars["pbs-bar"].get("y")) < top) is plus
        pbs, rtt = (float(bars[f"{kind}-bar"].get("x")) for kind in ("pbs", "rtt"))
        assert (pbs < rtt) is plus
        assert {"pbs", "rtt", "silent", "nick"} <= {kind for kind, _ in legend_of(view)}


def test_blunt_and_staggered_cuts():
    def lines(*spans: ViewSpan) -> list[tuple[str, str]]:
        drawing = draw_sequence(SequenceView(Locus("chr1", 0, 8), "ACGTACGT", spans))
        found = ET.fromstring(drawing).iter(f"{SVG}line")
        return [(e.get("y1"), e.get("y2")) for e in found if e.get("class") == "cut-line"]

    blunt = lines(ViewSpan("cut", 4, 4))
    assert len(blunt) == 1
    staggered = lines(ViewSpan("cut", 2, 2), ViewSpan("cut", 6, 6, "", Strand.MINUS))
    assert len(staggered) == 3
    assert float(staggered[0][1]) < float(blunt[0][1])


def test_an_indel_in_view_leaves_only_the_first_position():
    view = SequenceView(Locus("chr1", 99, 140), "ACGT" * 9)
    assert not [words for words in texts(draw_sequence(view), "tick-label") if words == "120"]
    whole = SequenceView(Locus("chr1", 99, 135), "ACGT" * 9)
    assert "120" in texts(draw_sequence(whole), "tick-label")


def test_rows_wrap_without_losing_a_base():
    design = build.sickle_plan().designs[0].design
    drawing = draw(design, columns=26)
    rows = texts(drawing, "base")
    assert [len(row) for row in rows] == [25, 25, 25, 25]
    assert rows[0] + rows[2] == design.view.bases
    assert texts(drawing, "changed") == ["Ala7"]


def test_legend_lists_only_what_is_there():
    view = build.regulatory_knock_out().view
    assert [kind for kind, _ in legend_of(view)] == ["protospacer", "pam", "cut", "motif"]


@given(
    some.text("ACGTN", min_size=0, max_size=90),
    some.lists(
        some.tuples(
            some.sampled_from(
                [
                    "protospacer",
                    "pam",
                    "window",
                    "target",
                    "cut",
                    "nick",
                    "codon",
                    "motif",
                    "variant",
                    "exon",
                    "pbs",
                    "rtt",
                    "arm",
                    "silent",
                    "x",
                ]
            ),
            some.integers(0, 90),
            some.integers(0, 30),
            some.text(max_size=5),
            some.sampled_from(Strand),
        ),
        max_size=6,
    ),
    some.integers(1, 80),
)
def test_any_view_gives_well_formed_svg(letters, marks, columns):
    spans = tuple(
        ViewSpan(kind, start, start + length, label, strand) for kind, start, length, label, strand in marks
    )
    view = SequenceView(Locus("chr1", 5, 5 + len(letters)), letters, spans)
    drawing = draw_sequence(view, columns=columns)
    ET.fromstring(drawing)
    assert "".join(texts(drawing, "base")[::2]) == letters


def test_contigs_stand_in_natural_order_and_sites_on_them():
    report = build.sickle_plan().designs[1].assessment.off_targets[0]
    drawing = draw_contigs(report, report.sites)
    assert texts(drawing, "contig-label") == ["chr2", "chr11"]
    assert len(re.findall(r'class="mark ', drawing)) == len(report.sites)


def test_undefined_scores_are_not_drawn_at_zero():
    sites = build.sickle_plan().designs[0].assessment.off_targets[0].sites
    drawing = draw_scores(sites)
    assert "unscored" in drawing
    assert texts(drawing, "axis-label")[:2] == ["CFD not", "defined"]
    mixed = draw_scores([replace(sites[0], cfd=0.5), replace(sites[1], origin=SiteOrigin.LOST)])
    assert "1.0" in texts(mixed, "axis-label")
    assert "No site." in draw_scores([])
