"""Maps of constructs: to scale, no text upon another, no stem through a text, nothing off the paper."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from itertools import combinations, pairwise

import pytest
import vector_builder as build
from hypothesis import given
from hypothesis import strategies as st

from revertant.dossier.drawing.canvas import label_width
from revertant.dossier.drawing.construct import construct_legend, draw_construct
from revertant.dossier.drawing.domains import draw_domains
from revertant.dossier.drawing.flags import Flag, place_flags, spread
from revertant.dossier.drawing.packaging import draw_packaging, packaging_legend
from revertant.dossier.drawing.plasmid import draw_plasmid
from revertant.dossier.drawing.tracks import cpg_counts, gc_shares, native_cpg, splice_marks
from revertant.modality.gene_addition.packaging import full_length_fraction
from revertant.model import Construct, Feature, FeatureKind, GenomeForm, Strand
from revertant.prediction.splice import SpliceKind, splice_sites
from revertant.sequence import reverse_complement

K = FeatureKind
VECTORS = {
    "sc": build.smn_vector,
    "dual": build.dual_vector,
    "lentiviral": build.lentiviral_vector,
    "mrna": build.mrna_vector,
    "minus": build.minus_vector,
}
WIDTHS = (760.0, 360.0)
_LETTER = 6.3
_TEXT = re.compile(r'<text class="([^"]*)" x="([-\d.]+)" y="([-\d.]+)">(.*?)</text>')


def texts(drawing):
    """Every text with the box it takes: the widths that the drawings themselves reckon with."""
    found = []
    for class_, x, y, words in _TEXT.findall(drawing):
        shown = unescape(re.sub(r"<title>.*?</title>", "", words))
        if not shown:
            continue
        wide = label_width(shown, 5.6 if "axis-label" in class_ else _LETTER)
        left = float(x) - (wide if "last" in class_ else wide / 2 if "mid" in class_ else 0)
        found.append((left, left + wide, float(y), shown))
    return found


def size(drawing):
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing).groups()
    return float(width), float(height)


def drawings():
    for name, make in VECTORS.items():
        vector = make()
        for width in WIDTHS:
            for one in vector.constructs:
                yield name, width, draw_construct(one, vector.coding, width=width)
                yield from ((name, width, draw_domains(one, cds, width=width)) for cds in one.of_kind(K.CDS))
            yield name, width, draw_packaging(vector.constructs, width=width)
            yield from ((name, width, draw_plasmid(one, width=width)) for one in vector.plasmids)


def test_no_text_lies_upon_another_or_off_the_paper():
    count = 0
    for name, width, drawing in drawings():
        if not drawing:
            continue
        wide, high = size(drawing)
        assert wide == width
        found = texts(drawing)
        count += len(found)
        for left, right, y, words in found:
            assert left >= -1, (name, width, words)
            assert right <= wide + 1, (name, width, words)
            assert 8 <= y <= high, (name, width, words)
        for (left, right, y, words), (other_left, other_right, other_y, other) in combinations(found, 2):
            apart = right <= other_left + 1 or other_right <= left + 1 or abs(y - other_y) >= 10
            assert apart, (name, width, words, other)
    assert count > 300


def test_each_drawing_says_in_words_what_it_shows():
    for _, _, drawing in drawings():
        if drawing:
            label = unescape(re.search(r'role="img" aria-label="([^"]+)"', drawing)[1])
            assert len(label) > 40
            assert "<title>" in drawing


def test_features_stand_where_they_are():
    vector = build.smn_vector()
    construct = vector.constructs[0]
    drawing = draw_construct(construct, vector.coding)
    scale = (760 - 12 - 46) / len(construct.sequence)
    for feature in construct.features:
        tip = re.escape(f"({feature.kind.value}): {feature.start + 1:,}–{feature.end:,}, {len(feature):,} bp")
        shape = re.search(rf"<(rect|path)([^>]*)><title>[^<]*{tip}", drawing)
        assert shape, feature.name
        numbers = re.search(r' x="([\d.]+)".* width="([\d.]+)"', shape[2])
        if numbers:
            assert float(numbers[1]) == pytest.approx(12 + feature.start * scale, abs=0.11)
            assert float(numbers[2]) == pytest.approx(max(len(feature) * scale, 2), abs=0.11)
        else:
            xs = [float(x) for x in re.findall(r"[MHL]([\d.]+)", shape[2])]
            assert min(xs) == pytest.approx(12 + feature.start * scale, abs=0.11)
            assert max(xs) == pytest.approx(12 + feature.end * scale, abs=0.11)


def test_arrows_point_the_way_a_feature_reads():
    for strand, tip_x in ((Strand.PLUS, max), (Strand.MINUS, min)):
        cds = Feature(K.CDS, "x", 20, 80, strand)
        construct = Construct("c", GenomeForm.SINGLE_STRANDED_AAV, "ACGT" * 25, (cds,), (0, 100))
        data = re.search(r'class="part coding" d="([^"]+)"', draw_construct(construct))[1]
        points = re.findall(r"L([\d.]+) ([\d.]+)", data)
        heights = [float(y) for _, y in points]
        xs = [float(x) for x in re.findall(r"[MHL]([\d.]+)", data)]
        # The tip is the point between the heights of the other two corners.
        tip = next(x for x, y in points if min(heights) < float(y) or heights.count(float(y)) == 1)
        assert float(points[0][0]) == tip_x(xs) == float(tip)


@given(
    st.lists(st.tuples(st.floats(0, 700), st.text("abcdefg ", min_size=1, max_size=30)), max_size=14),
)
def test_flags_never_meet(rows):
    placed = place_flags([Flag(x, words) for x, words in rows], 760)
    assert len(placed) == len(rows)
    for one, other in combinations(placed, 2):
        (left, right), (other_left, other_right) = one.extent, other.extent
        if one.row == other.row:
            assert right <= other_left or other_right <= left
    assert all(one.extent[1] <= 760 or one.extent[0] < 0 for one in placed)


@given(st.lists(st.floats(0, 700), max_size=10, unique_by=lambda x: round(x / 12)))
def test_no_stem_runs_through_a_name(xs):
    """With names that fit beside their stems there is an order in which no stem crosses a name."""
    placed = place_flags([Flag(x, "n" * 8) for x in xs], 760)
    for one in placed:
        low, high = one.extent
        for other in placed:
            if other is not one and other.row > one.row:
                assert not low < other.x < high, (one, other)


@given(st.lists(st.floats(-200, 200), max_size=20), st.floats(1, 20))
def test_names_around_a_circle_keep_their_distance_and_order(wanted, gap):
    found = spread(sorted(wanted), gap, -400, 400)
    assert all(b - a >= gap - 1e-6 for a, b in pairwise(found))
    assert all(-400 - 1e-6 <= value <= 400 + 1e-6 for value in found) or len(wanted) * gap > 800
    if wanted and all(b - a >= gap for a, b in pairwise(sorted(wanted))):
        assert found == pytest.approx(sorted(wanted))


@given(st.text("ACGT", max_size=300), st.integers(1, 60))
def test_cpg_is_counted_once(bases, bin_size):
    counts = cpg_counts(bases, bin_size)
    assert sum(counts) == bases.count("CG")
    assert len(counts) == -(-len(bases) // bin_size)


@given(st.text("ACGT", max_size=300))
def test_gc_of_windows(bases):
    for middle, share in gc_shares(bases, 40, 7):
        window = bases[int(middle) - 20 : int(middle) + 20]
        assert share == pytest.approx((window.count("G") + window.count("C")) / 40)


def test_the_cpg_track_counts_the_coding_sequence_and_its_native_one():
    vector = build.smn_vector()
    cds = vector.coding[0]
    drawing = draw_construct(vector.constructs[0], vector.coding)
    [(start, end, own)] = native_cpg(vector.constructs[0], vector.coding)
    assert own == cds.native
    now = vector.constructs[0].sequence[start:end].count("CG")
    assert now == cds.designed.count("CG")
    assert f"coding {now}, native {own.count('CG')} (line)" in drawing
    halves = build.dual_vector()
    parts = [native_cpg(one, halves.coding)[0][2] for one in halves.constructs]
    assert "".join(parts) == halves.coding[0].native
    turned = build.minus_vector()
    assert sum(native_cpg(turned.constructs[0], turned.coding)[0][2].count(x) for x in ("CG",)) == cds.native.count("CG")  # fmt: skip
    assert native_cpg(build.mrna_vector().constructs[0], build.mrna_vector().coding) == ()


def test_splice_sites_are_looked_for_on_the_strand_of_the_message():
    vector = build.minus_vector()
    construct = vector.constructs[0]
    expected = splice_sites(reverse_complement(construct.sequence), 3.0)
    marks = splice_marks(construct)
    assert sorted(len(construct.sequence) - site.edge for site, _ in marks) == sorted(
        one.edge for one in expected
    )
    assert sum(site.kind is SpliceKind.DONOR for site, _ in marks) == sum(one.kind is SpliceKind.DONOR for one in expected)  # fmt: skip


def test_sites_of_a_dual_vector_are_told_from_cryptic_ones():
    first, second = build.dual_vector().constructs
    [donor] = first.of_kind(K.SPLICE_DONOR)
    [acceptor] = second.of_kind(K.SPLICE_ACCEPTOR)
    assert [site.edge for site, meant in splice_marks(first) if meant] == [donor.start]
    assert [site.edge for site, meant in splice_marks(second) if meant] == [acceptor.end]


def test_an_mrna_has_no_splice_track():
    vector = build.mrna_vector()
    assert "MaxEntScan" not in draw_construct(vector.constructs[0], vector.coding)
    assert "MaxEntScan" in draw_construct(build.smn_vector().constructs[0])


def test_the_curve_marks_each_construct_at_its_share():
    construct = Construct("v", GenomeForm.SINGLE_STRANDED_AAV, "ACGT" * 1225, (), (0, 4900))
    for width in WIDTHS:
        drawing = draw_packaging([construct], width=width)
        x, y = (float(v) for v in re.search(r'd="M([\d.]+) ([\d.]+)a4', drawing).groups())
        scale = (width - 42 - 16) / 6000
        assert x + 4 == pytest.approx(42 + 4900 * scale, abs=0.2)
        share = full_length_fraction(4900, construct.form).value
        top = float(re.search(r'<line class="grid" x1="[^"]+" y1="([\d.]+)"', drawing)[1])
        assert top - 96 * share == pytest.approx(y, abs=0.2)


def test_forms_without_a_curve_have_none():
    assert draw_packaging(build.lentiviral_vector().constructs) == ""
    assert packaging_legend(build.mrna_vector().constructs) == ()
    double = draw_packaging(build.smn_vector().constructs)
    assert "%" not in re.sub(r"<svg[^>]*>", "", double)
    assert "refused from 2,500 bp" in dict(packaging_legend(build.smn_vector().constructs)).values()


def test_the_legend_names_the_colours_in_use():
    vector = build.lentiviral_vector()
    drawn = draw_construct(vector.constructs[0]) + draw_plasmid(vector.plasmids[0])
    groups = {name for name, _ in construct_legend([*vector.constructs, *vector.plasmids])}
    assert groups == set(re.findall(r'class="part (\w+)"', drawn))


def test_domains_stand_at_their_residues():
    vector = build.lentiviral_vector()
    construct = vector.constructs[0]
    [cds] = construct.of_kind(K.CDS)
    drawing = draw_domains(construct, cds)
    at = 0
    for name, length, _ in build.RECEPTOR:
        assert f"{name} (" in drawing
        assert f"residues {at + 1:,}–{at + length:,}" in drawing
        at += length
    assert (
        draw_domains(build.smn_vector().constructs[0], build.smn_vector().constructs[0].of_kind(K.CDS)[0])
        == ""
    )
    # A receptor on the other strand reads from its end.
    length = len(construct.sequence)
    turned = replace(
        construct,
        sequence=reverse_complement(construct.sequence),
        features=tuple(replace(one, start=length - one.end, end=length - one.start, strand=Strand.MINUS) for one in construct.features),
    )  # fmt: skip
    assert sorted(re.findall(r"residues [\d,–]+", draw_domains(turned, turned.of_kind(K.CDS)[0]))) == sorted(re.findall(r"residues [\d,–]+", drawing))  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
def test_bare_and_crowded_constructs_can_be_drawn(width):
    bare = Construct("c", GenomeForm.SINGLE_STRANDED_AAV, "ACGT", (), (0, 4))
    crowd = tuple(Feature(K.STUFFER, f"feature {n}", 10 * n, 10 * n + 6) for n in range(40))
    full = Construct("c", GenomeForm.SINGLE_STRANDED_AAV, "ACGT" * 100, crowd, (0, 400), circular=True)
    for one in (bare, full):
        for drawing in (draw_construct(one, width=width), draw_plasmid(one, width=width)):
            found = texts(drawing)
            _, high = size(drawing)
            assert all(0 <= y <= high for _, _, y, _ in found)
            for (left, right, y, _), (other_left, other_right, other_y, _) in combinations(found, 2):
                assert right <= other_left + 1 or other_right <= left + 1 or abs(y - other_y) >= 10
    whole = Feature(K.BACKBONE, "all", 0, 400)
    assert "all (backbone)" in draw_plasmid(replace(full, features=(whole,)), width=width)


def test_the_sites_of_an_array_are_named_once():
    sites = tuple(Feature(K.MIRNA_SITES, f"site {n}", 40 + 26 * n, 62 + 26 * n) for n in range(4))
    array = Feature(K.MIRNA_SITES, "miR sites, 4 copies", 40, 140)
    other = Feature(K.INTRON, "in it", 50, 60)
    construct = Construct("c", GenomeForm.SINGLE_STRANDED_AAV, "ACGT" * 100, (array, *sites, other), (0, 400))
    for drawing in (draw_construct(construct), draw_plasmid(construct), draw_plasmid(construct, width=360)):
        words = [words for *_, words in texts(drawing)]
        assert sum("miR sites" in one for one in words) == 1
        assert sum("in it" in one for one in words) == 1
        assert not [one for one in words if one.startswith("site ")]
        assert drawing.count("site 3 (miRNA_sites)") >= 1
