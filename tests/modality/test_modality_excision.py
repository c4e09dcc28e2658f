"""Pairs of cuts: what is joined, on which copy, and what the transcript loses, all worked out a second time."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modality_cases import fits, flip, person, target_of, toy_gene

from revertant import knowledge
from revertant.genome import Reference
from revertant.modality.loss import loss_of
from revertant.modality.nuclease.excision import excisions
from revertant.modality.nuclease.excision_design import excision_design
from revertant.model import Call, Effect, Locus, Route, Strand, Strategy, Transcript, Variant

CAS9 = [knowledge.nucleases()["spcas9"]]
CAS12A = [knowledge.nucleases()["ascas12a"]]


def text_of(seed, size=400):
    return "".join(random.Random(seed).choices("ACGT", k=size))


def sites_by_hand(bases, nuclease):
    """Every place of a nuclease: spacer, strand, and the cut as a count of bases left of it, forward strand."""
    found = []
    size = len(nuclease.pam) + nuclease.spacer_nt
    for strand, text in (("+", bases), ("-", flip(bases))):
        for at in range(len(text) - size + 1):
            site = text[at : at + size]
            if nuclease.pam_side == "3'":
                ok, spacer = fits(nuclease.pam, site[nuclease.spacer_nt :]), site[: nuclease.spacer_nt]
                tops = at + nuclease.spacer_nt - nuclease.cut_offset_top
                bottoms = at + nuclease.spacer_nt - nuclease.cut_offset_bottom
            else:
                ok, spacer = fits(nuclease.pam, site[: len(nuclease.pam)]), site[len(nuclease.pam) :]
                tops = at + len(nuclease.pam) + nuclease.cut_offset_top
                bottoms = at + len(nuclease.pam) + nuclease.cut_offset_bottom
            if ok:
                cuts = (tops, bottoms) if strand == "+" else (len(text) - bottoms, len(text) - tops)
                found.append((spacer, strand, cuts))
    return found


@pytest.mark.parametrize("nucleases", [CAS9, CAS12A], ids=["blunt", "staggered"])
@pytest.mark.parametrize("seed", range(4))
def test_pairs_and_joins_by_hand(nucleases, seed):
    text = text_of(seed)
    left, right = Locus("s", 80, 150), Locus("s", 240, 320)
    genome = person(Reference.from_sequences({"s": text}))
    pairs = list(excisions(genome, left, right, nucleases, []))
    by_hand = sites_by_hand(text, nucleases[0])
    inside = [
        [site for site in by_hand if all(place.start <= cut < place.end for cut in site[2])]
        for place in (left, right)
    ]
    expected = {(a, b) for a in inside[0] for b in inside[1] if a[:2] != b[:2]}
    seen = set()
    for pair in pairs:
        made = []
        for site, cuts in ((pair.left, pair.left_cuts), (pair.right, pair.right_cuts)):
            shift = site.window.locus.start
            made.append((site.spacer, str(site.strand), tuple(cut + shift for cut in cuts)))
        seen.add(tuple(made))
        (one, other) = made[0][2], made[1][2]
        filled = text[: max(one)][-20:], text[min(other) :][:20]
        trimmed = text[: min(one)][-20:], text[max(other) :][:20]
        assert pair.junctions() == tuple(dict.fromkeys([filled, trimmed]))
        assert pair.lost == Locus("s", max(one), min(other))
        assert pair.haplotypes == ("reference",)
        assert pair.is_certain
    assert seen == expected
    assert expected or nucleases is CAS12A


def test_the_two_sites_lie_on_one_copy():
    """A left site only copy 1 has and a right one only copy 2 has are no pair; in two phase sets it is open."""
    left_site, right_site = "ATTACTTTAATCATTACTTACAGG", "ATTACTATTACTATTACTTACTGG"
    filler = "CATTAATCATT" * 4
    text = filler + left_site + filler * 2 + right_site + filler
    a = text.index("CAGG") + 2
    b = text.index("CTGG") + 2
    reference = Reference.from_sequences({"s": text})
    left, right = Locus("s", 45, 70), Locus("s", 150, 185)
    lose_left, lose_right = Variant("s", a, "G", "T"), Variant("s", b, "G", "T")

    def found(*calls):
        refused = []
        pairs = list(excisions(person(reference, *calls), left, right, CAS9, refused))
        return [(pair.haplotypes, pair.is_certain) for pair in pairs], refused

    assert found()[0] == [(("reference",), True)]
    # Copy 1 loses the left site, copy 2 the right one: no copy has both.
    pairs, refused = found(
        Call(lose_left, (True, False), phase_set="1"), Call(lose_right, (False, True), phase_set="1")
    )
    assert pairs == []
    assert refused == ["the two sites lie on different copies"]
    # Copy 1 loses both: copy 2 has both.
    pairs, _ = found(
        Call(lose_left, (True, False), phase_set="1"), Call(lose_right, (True, False), phase_set="1")
    )
    assert pairs == [(("2",), True)]
    # Two phase sets: nobody knows.
    pairs, _ = found(
        Call(lose_left, (True, False), phase_set="1"), Call(lose_right, (False, True), phase_set="9")
    )
    assert pairs == [(("putative",), False)]
    # One heterozygous call without phase: one copy has both, though its number is not known.
    pairs, _ = found(Call(lose_left, (True, False)))
    assert pairs == [(("putative",), True)]


def test_a_variant_in_both_windows_is_one_variant():
    """Windows that overlap must not pair one allele of a base with the other."""
    text = text_of(11)
    variant = Variant("s", 130, text[130], "A" if text[130] != "A" else "C")
    genome = person(Reference.from_sequences({"s": text}), Call(variant, (True, False)))
    pairs = list(excisions(genome, Locus("s", 90, 128), Locus("s", 132, 180), CAS9, []))
    assert pairs
    for pair in pairs:
        assert (variant in pair.left.window.variants) == (variant in pair.right.window.variants)


def test_junctions_follow_the_patients_bases():
    text = text_of(5)
    insertion = Variant("s", 100, "", "TTT")
    genome = person(Reference.from_sequences({"s": text}), Call(insertion, (True, True)))
    own = text[:100] + "TTT" + text[100:]
    pairs = list(excisions(genome, Locus("s", 95, 140), Locus("s", 240, 320), CAS9, []))
    assert pairs
    for pair in pairs:
        [(left, right)] = pair.junctions(20)
        assert left in own
        assert right in own
        gap = own.index(right) - own.index(left) - len(left)
        inside = pair.lost.start <= 99 < pair.lost.end or pair.lost.start == 100
        assert gap in (
            {len(pair.lost), len(pair.lost) + 1, len(pair.lost) + 2, len(pair.lost) + 3}
            if inside
            else {len(pair.lost)}
        )


def test_order_is_asked_for():
    genome = person(Reference.from_sequences({"s": text_of(1)}))
    with pytest.raises(ValueError, match="in order"):
        list(excisions(genome, Locus("s", 200, 240), Locus("s", 100, 140), CAS9, []))


def test_one_guide_on_both_sides_is_no_pair():
    site = "ATTACTTTAATCATTACTTACAGG"
    text = ("CATTAATCATT" * 4 + site) * 2 + "CATTAATCATT" * 4
    genome = person(Reference.from_sequences({"s": text}))
    first = text.index(site)
    around = [Locus("s", at + 15, at + 24) for at in (first, text.index(site, first + 1))]
    refused = []
    assert list(excisions(genome, *around, CAS9, refused)) == []
    assert refused == ["one guide cuts on both sides"]


def test_a_join_that_makes_a_site_again_is_named():
    """The left site's 18 outer bases, and a right end that brings the missing ones with a PAM."""
    spacer = "ATTACTTTAATCATTACTTA"
    filler = "CATTAATCATT" * 4
    right_site = "ATTAGATTAATAATTAC" + spacer[17:] + "TGG"
    text = filler + spacer + "CGG" + filler + right_site + filler
    genome = person(Reference.from_sequences({"s": text}))
    a, b = text.index(spacer) + 17, text.index(right_site) + 17
    [pair] = excisions(genome, Locus("s", a, a + 1), Locus("s", b, b + 1), CAS9, [])
    assert "".join(pair.junctions()[0])[3:26] == spacer + "TGG"
    assert [guide.spacer for guide in pair.recut_by] == [spacer]
    assert not pair.is_pam_out


@given(st.integers(0, 320), st.integers(1, 300))
def test_losses_of_a_toy_gene_by_hand(start, size):
    """Count the coding bases that remain, one by one, for both strands."""
    for minus in (False, True):
        reference, gene = toy_gene(minus=minus)
        end = min(start + size, len(reference.fetch("toy", 0, reference.windows[0].end)))
        loss = loss_of(gene, Locus("toy", start, end))
        coded = {place for s, e in gene.coding_exons for place in range(s, e)}
        gone = coded & set(range(start, end))
        assert loss.coding_bases == len(gone)
        assert loss.because.endswith(".")
        if loss.keeps_frame is not None:
            assert loss.keeps_frame == (len(gone) % 3 == 0)
            edges = {p for s, e in gene.exons[:-1] for p in (e, e + 1)}
            edges |= {p for s, e in gene.exons[1:] for p in (s - 1, s - 2)}
            hit = edges & set(range(start, end))
            # A splice site may go only together with all of its exon, or where two exons are joined into one.
            if hit and len(loss.cut_exons) != 2:
                assert loss.exons
        if loss.is_silent:
            assert not gone


def test_exons_and_the_frame():
    """Exons of 176 and of 150 bases: without the first the frame shifts, without the second it goes on."""
    gene = Transcript(
        "T.1", "G", "c", Strand.PLUS, ((0, 90), (300, 476), (700, 850), (1100, 1300)), (30, 1290)
    )
    assert loss_of(gene, Locus("c", 200, 550)).keeps_frame is False
    assert loss_of(gene, Locus("c", 560, 1000)).keeps_frame is True
    assert loss_of(gene, Locus("c", 200, 1000)).exons == (2, 3)
    assert loss_of(gene, Locus("c", 305, 1150)).cut_exons == (2, 4)
    assert loss_of(gene, Locus("c", 305, 500)).keeps_frame is None


@pytest.mark.parametrize("seed", range(3))
def test_what_is_drawn_of_a_site_is_what_the_join_keeps(seed):
    """The bases under each bar are the guide's own bases of those numbers, on its strand."""
    text = text_of(seed)
    genome = person(Reference.from_sequences({"s": text}))
    gene = Transcript("T.1", "G", "s", Strand.PLUS, ((0, 20), (380, 400)), (5, 395))
    for pair in excisions(genome, Locus("s", 80, 150), Locus("s", 240, 320), CAS9, []):
        design = excision_design(
            pair,
            Strategy("nuclease", Route.REMOVE_STRETCH, target_of(gene), ()),
            loss_of(gene, pair.lost),
            effect=Effect.STRETCH_REMOVED,
            because="take it out",
            indels_matter=False,
        )
        guides = dict(zip(("left", "right"), design.guides, strict=True))
        bars = [span for span in design.view.spans if span.kind == "motif"]
        assert len(bars) == 2
        for bar in bars:
            numbers, name = bar.label.split(" of the ")
            first, last = map(int, numbers.split("-"))
            guide = guides[name.split()[0]]
            shown = design.view.bases[bar.start : bar.end]
            shown = shown if guide.locus.strand is Strand.PLUS else flip(shown)
            assert shown == guide.spacer[first - 1 : last]


@pytest.mark.parametrize(
    ("start", "end", "clear"), [(303, 309, True), (302, 308, False), (467, 473, True), (468, 474, False)]
)
def test_the_edge_of_an_exon_belongs_to_its_splice_site(start, end, clear):
    """The first and last three bases of an exon that is spliced on that side."""
    gene = Transcript("T.1", "G", "c", Strand.PLUS, ((0, 90), (300, 476), (700, 850)), (30, 840))
    assert (loss_of(gene, Locus("c", start, end)).keeps_frame is True) == clear
