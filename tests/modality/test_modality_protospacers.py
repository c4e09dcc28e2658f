"""Protospacers against a scan that slides over every place of both strands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modality_cases import Base, fits, flip, haplotype, person

from revertant.genome import Reference
from revertant.modality.protospacers import protospacers, reachable
from revertant.model import Call, Locus, PamSide, Strand, Variant

PAMS = ["NGG", "NG", "NRCH", "NNGRRT", "TTTV", "TTN", "N", "NAA"]


def scan(bases, pam, side, length):
    """Every place of both strands: spacer, PAM, strand, and the indexes of the spacer's bases 5' to 3'."""
    text = "".join(bases)
    total = len(text)
    for strand in (Strand.PLUS, Strand.MINUS):
        read = text if strand is Strand.PLUS else flip(text)
        for low in range(total - length - len(pam) + 1):
            site = read[low : low + length + len(pam)]
            found, spacer = (
                (site[length:], site[:length])
                if side is PamSide.THREE_PRIME
                else (site[: len(pam)], site[len(pam) :])
            )
            if fits(pam, found):
                first = low if side is PamSide.THREE_PRIME else low + len(pam)
                places = range(first, first + length)
                indexes = [at if strand is Strand.PLUS else total - 1 - at for at in places]
                yield spacer, found, strand, indexes


@settings(max_examples=150, deadline=None)
@given(
    st.text("ACGT", min_size=1, max_size=60),
    st.sampled_from(PAMS),
    st.sampled_from(PamSide),
    st.integers(1, 24),
)
def test_same_as_a_naive_scan(text, pam, side, length):
    [window] = person(Reference.from_sequences({"s": text})).windows(Locus("s", 0, len(text)))
    found = list(protospacers(window, pam, side, length))
    expected = list(scan(text, pam, side, length))
    key = [(p.spacer, p.pam, p.strand, [p.index_of(i) for i in range(1, length + 1)]) for p in found]
    assert sorted(key) == sorted(expected)
    for place in found:
        assert [place.position_of(place.index_of(i)) for i in range(1, length + 1)] == list(
            range(1, length + 1)
        )
        assert place.position_of(place.end if place.strand is Strand.PLUS else place.start - 1) == length + 1
        around = place.with_flanks(2, 1)
        cut = text if place.strand is Strand.PLUS else flip(text)
        site = place.spacer + place.pam if side is PamSide.THREE_PRIME else place.pam + place.spacer
        if around:
            assert around[2:-1] == site
            assert around in cut
        else:
            first = min(place.start, place.pam_start)
            left = first if place.strand is Strand.PLUS else len(text) - first - len(site)
            assert left < 2 or left + len(site) + 1 > len(text)
        low = place.pam_start
        read = text[low : low + len(pam)]
        assert place.pam == (read if place.strand is Strand.PLUS else flip(read))


@pytest.mark.parametrize(
    ("text", "side", "strand"),
    [
        ("A" * 20 + "TGG", PamSide.THREE_PRIME, Strand.PLUS),
        ("CCA" + "T" * 20, PamSide.THREE_PRIME, Strand.MINUS),
        ("TGG" + "A" * 20, PamSide.FIVE_PRIME, Strand.PLUS),
        ("T" * 20 + "CCA", PamSide.FIVE_PRIME, Strand.MINUS),
    ],
)
def test_pam_at_the_very_end(text, side, strand):
    [window] = person(Reference.from_sequences({"s": text})).windows(Locus("s", 0, 23))
    [found] = protospacers(window, "NGG", side, 20)
    assert (found.spacer, found.pam, found.strand) == ("A" * 20, "TGG", strand)
    assert found.guide().target_with_pam in {text, flip(text)}


def test_ambiguous_bases_are_left_out():
    text = "ACGTNACGTACGTACGTACGTTGG"
    [window] = person(Reference.from_sequences({"s": text})).windows(Locus("s", 0, len(text)))
    assert [p.spacer for p in protospacers(window, "NGG", PamSide.THREE_PRIME, 16)] == [text[5:21]]
    assert list(protospacers(window, "NGG", PamSide.THREE_PRIME, 20)) == []


@st.composite
def copies(draw):
    """A contig and a few variants on one copy, far enough apart that none touches another."""
    text = draw(st.text("ACGT", min_size=60, max_size=90))
    variants, at = [], draw(st.integers(1, 8))
    while at < len(text) - 6 and len(variants) < 5:
        kind = draw(st.sampled_from("sdim"))
        ref = text[at : at + (1 if kind in "si" else 3)]
        if kind == "s":
            alt = draw(st.sampled_from([b for b in "ACGT" if b != ref]))
        elif kind == "m":
            alt = flip(ref) if flip(ref) != ref else ref[::-1]
        elif kind == "d":
            alt = ref[0]
        else:
            alt = ref + draw(st.text("ACGT", min_size=1, max_size=4))
        # Where both alleles end alike, the same change has several places; the test wants the one place.
        if ref != alt and (len(ref) == len(alt) or ref[-1] != alt[-1]):
            variants.append(Variant("s", at, ref, alt))
        at += draw(st.integers(6, 20))
    return text, variants


@settings(max_examples=150, deadline=None)
@given(copies(), st.sampled_from(PAMS), st.sampled_from(PamSide))
def test_guides_on_a_copy_with_indels(case, pam, side):
    text, variants = case
    reference = Reference.from_sequences({"s": text})
    genome = person(reference, *(Call(variant, (True, True)) for variant in variants))
    [window] = genome.windows(Locus("s", 0, len(text)))
    bases: list[Base] = haplotype(reference, "s", 0, len(text), variants)
    assert window.bases == "".join(base.letter for base in bases)
    found = {(p.strand, p.start): p for p in protospacers(window, pam, side, 20)}
    expected = list(scan([base.letter for base in bases], pam, side, 20))
    assert len(found) == len(expected)
    for spacer, seen, strand, indexes in expected:
        low, high = min(indexes), max(indexes)
        place = found[strand, low]
        guide = place.guide()
        assert (guide.spacer, guide.pam) == (spacer, seen)
        real = [bases[i].home for i in range(low, high + 1)]
        assert (guide.locus.start, guide.locus.end, guide.locus.strand) == (min(real), max(real) + 1, strand)
        # A variant is the guide's own when one of its new bases, or the gap it leaves, lies in spacer or PAM.
        site_low = min(low, place.pam_start)
        site_high = max(high, place.pam_start + len(pam) - 1)
        covered = {bases[i].home for i in range(site_low, site_high + 1)}
        for variant in variants:
            touched = set(range(variant.start, variant.start + len(variant.ref)))
            if variant in guide.variants:
                assert touched & set(range(min(covered) - 1, max(covered) + 2))
            changed = {
                variant.start + i
                for i, (old, new) in enumerate(zip(variant.ref, variant.alt, strict=False))
                if old != new
            }
            if changed & covered:
                assert variant in guide.variants


def test_reachable_clips_to_the_stretch():
    reference = Reference.from_sequences({"chr1:101-150": "A" * 50, "chr1:301-350": "C" * 50})
    assert reachable(reference, Locus("chr1", 60, 180)) == Locus("chr1", 100, 150)
    assert reachable(reference, Locus("chr1", 310, 320)) == Locus("chr1", 310, 320)


@pytest.mark.parametrize("side", PamSide)
def test_an_insertion_counts_where_its_bases_are_part_of_the_site(side):
    """Slide sites of ten bases over an insertion of six: those that hold an inserted base name it, no others."""
    text = "ACGTTGCATTACGGATCCATTGCA"
    insertion = Variant("s", 12, "", "TTTTTT")
    own = person(Reference.from_sequences({"s": text}), Call(insertion, (True, True)))
    [window] = own.windows(Locus("s", 0, len(text)))
    inserted = set(range(12, 18))
    seen = set()
    for site in protospacers(window, "N", side, 9):
        held = inserted & set(range(min(site.start, site.pam_start), max(site.end, site.pam_start + 1)))
        assert (insertion in site.guide().variants) == bool(held)
        seen.add(bool(held))
    assert seen == {True, False}
