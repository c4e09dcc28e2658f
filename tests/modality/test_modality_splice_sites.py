"""Wrong splice sites on real variants with known effects, and oligos tiled and looked up, counted a second time."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modality_cases import PAIRS, allele_of, both, first_copy, flip, person, toy_gene

from revertant.genome import Reference, load_gene_models
from revertant.modality.splice_switching.antisense import (
    OVERHANG_NT,
    Region,
    choose,
    longest_stem,
    oligo_flags,
    tile,
)
from revertant.modality.splice_switching.sites import (
    SITE_SOURCES,
    SenseView,
    exon_edge,
    rival_of,
    score_at,
    wrong_sites,
)
from revertant.modality.splice_switching.uniqueness import oligo_matches
from revertant.model import Locus, Strand, Variant
from revertant.prediction import SpliceKind, splice_card, splice_sites
from revertant.variant import resolve

dna = st.text("ACGT", min_size=18, max_size=30)


@pytest.fixture(scope="module")
def genome(shared_data):
    folder = shared_data / "genome"
    reference = Reference.open(folder / "GRCh38.windows.fa.gz")
    return reference, load_gene_models(folder / "GRCh38.windows.refseq.gtf.gz", reference)


#: Variant, kind of the site it makes or raises, what is then spliced wrongly, in bases: established on RNA.
KNOWN = [
    (
        "NM_000492.4:c.3718-2477C>T",
        "donor",
        "pseudo-exon of 84 bases",
    ),  # 3849+10kbC>T: Highsmith and others, NEJM 1994
    (
        "NM_000492.4:c.1680-886A>G",
        "donor",
        "pseudo-exon of 49 bases",
    ),  # 1811+1.6kbA>G: Chillón and others, AJHG 1995
    (
        "NM_000492.4:c.3140-26A>G",
        "acceptor",
        "exon 20 drawn out by 25 bases",
    ),  # 3272-26A>G: Beck and others, Hum Mutat 1999
    ("NM_170707.4:c.1824C>T", "donor", "exon 11 cut short by 150 bases"),  # progerin: doi:10.1038/nature01629
]


@pytest.mark.parametrize(("name", "kind", "label"), KNOWN)
def test_known_wrong_sites(genome, name, kind, label):
    reference, models = genome
    transcript = models.by_id(name.partition(":")[0])
    found = resolve(name, reference, models)
    variant = getattr(found, "variant", found)
    one = allele_of(variant, transcript, reference)
    windows = person(reference, first_copy(variant)).windows(variant.locus.widened(330))
    first = wrong_sites(one, transcript, windows, reference)[0]
    assert first.site.kind.value == kind
    assert first.label.startswith(label)
    assert first.view.window.haplotypes == ("1",)


def test_source_of_the_scores():
    assert splice_card().sources[0] == SITE_SOURCES[0]


@pytest.mark.parametrize("minus", [False, True])
def test_normal_sites_of_a_gene(minus):
    reference, gene = toy_gene(minus=minus)
    [window] = person(reference).windows(Locus("toy", 0, gene.exons[-1][1] + 20))
    view = SenseView.of(window, gene.strand)
    assert view.bases == (flip(window.bases) if minus else window.bases)
    for number in (1, 2, 3):
        for kind in SpliceKind:
            edge = exon_edge(view, gene, number, kind)
            has_site = number != (3 if kind is SpliceKind.DONOR else 1)
            assert (edge is not None) == has_site
            if edge is not None:
                letters = (
                    view.bases[edge : edge + 2] if kind is SpliceKind.DONOR else view.bases[edge - 2 : edge]
                )
                assert letters == kind.letters
                assert score_at(view, edge, kind) > 5
                assert view.edge(view.position(edge)) == edge


@given(st.text("ACGT", min_size=60, max_size=140), st.sampled_from(list(Strand)), st.data())
def test_a_view_maps_there_and_back(text, strand, data):
    reference = Reference.from_sequences({"s": text})
    size = data.draw(st.integers(0, 3))
    place = data.draw(st.integers(20, 40))
    alt = data.draw(st.text("ACGT", min_size=0, max_size=3))
    ref = text[place : place + size]
    calls = [both(Variant("s", place, ref, alt))] if ref != alt else []
    [window] = person(reference, *calls).windows(Locus("s", 0, len(text)))
    view = SenseView.of(window, strand)
    for start in range(0, len(view.bases) - 5, 7):
        low, high = view.span(start, start + 5)
        piece = window.bases[low:high]
        assert view.bases[start : start + 5] == (piece if strand is Strand.PLUS else flip(piece))
    for position in range(5, len(text) - 5):
        edge = view.edge(position)
        if (
            edge is not None
            and 0 < edge < len(view.bases)
            and window.from_reference(position - 1) is not None
        ):
            assert view.position(edge) == position


@given(st.text("ACGT", min_size=150, max_size=250), st.data())
def test_the_rival_is_the_strongest_other_site(text, data):
    edge = data.draw(st.integers(30, len(text) - 30))
    kind = data.draw(st.sampled_from(list(SpliceKind)))
    [window] = person(Reference.from_sequences({"s": text})).windows(Locus("s", 0, len(text)))
    found = rival_of(SenseView.of(window, Strand.PLUS), edge, kind)
    others = [s for s in splice_sites(text, 3.0, kind=kind) if s.edge != edge and abs(s.edge - edge) <= 100]
    assert (found is None) == (not others)
    if found is not None:
        assert found.score == max(site.score for site in others)


def test_a_copy_without_the_allele_has_no_wrong_site(genome):
    reference, models = genome
    transcript = models.by_id("NM_000492.4")
    found = resolve("NM_000492.4:c.3718-2477C>T", reference, models)
    variant = getattr(found, "variant", found)
    one = allele_of(variant, transcript, reference)
    healthy = person(reference).windows(variant.locus.widened(330))
    assert wrong_sites(one, transcript, healthy, reference) == ()


@given(dna)
def test_flags_by_hand(sequence):
    flags = " ".join(oligo_flags(sequence))
    share = sum(base in "GC" for base in sequence) / len(sequence)
    assert ("G or C" in flags) == (not 0.4 <= share <= 0.6)
    assert ("CpG" in flags) == ("CG" in sequence)
    stems = [
        size
        for size in range(2, len(sequence) + 1)
        for at in range(len(sequence) - size + 1)
        if "".join(PAIRS[b] for b in reversed(sequence[at : at + size])) in sequence
    ]
    assert longest_stem(sequence) == max(stems, default=0)
    assert ("fold" in flags) == (longest_stem(sequence) > 5)
    if "GGGG" in sequence:
        assert "quadruplex" in flags


@pytest.mark.parametrize(
    ("sequence", "quadruplex"),
    [
        ("ATGGGGATTACATTACATTA", True),
        ("GGATGGATGGATGGATTACA", True),
        ("GGATTACGATGGATTAGGAT", False),
        ("GGATTTTTTTTTGGATGGATGG", False),
    ],
)
def test_quadruplexes(sequence, quadruplex):
    assert any("quadruplex" in flag for flag in oligo_flags(sequence)) is quadruplex


@pytest.mark.parametrize("strand", list(Strand))
def test_tiles_pair_with_the_transcript(strand):
    text = "".join(Random(7).choices("ACGT", k=160))
    [window] = person(Reference.from_sequences({"s": text})).windows(Locus("s", 0, 160))
    view = SenseView.of(window, strand)
    made = list(
        tile(view, [Region(60, 100, None, "inside"), Region(0, 160, 60, "site", 1)], (18, 20), anchor=60)
    )
    assert len({(one.start, one.end) for one in made}) == len(made)
    # 23 and 21 places inside; over the site all that reach three bases past it on both sides, those inside left out.
    assert sum(one.covers == "inside" for one in made) == 23 + 21
    assert sum(one.covers == "site" for one in made) == (18 - 2 * OVERHANG_NT + 1) + (
        20 - 2 * OVERHANG_NT + 1
    )
    for one in made:
        assert flip(one.sequence) == view.bases[one.start : one.end]
        molecule = one.oligo("PMO")
        assert molecule.locus.strand is strand.opposite
        # Read on its own strand, the genome spells the oligo.
        genomic = text[molecule.locus.start : molecule.locus.end]
        assert molecule.sequence == (genomic if molecule.locus.strand is Strand.PLUS else flip(genomic))


def test_oligos_of_copies_that_are_alike_are_joined():
    """Where the copies differ each has its own oligos; elsewhere one fits both."""
    text = "".join(Random(3).choices("ACGT", k=120))
    variant = Variant("s", 30, text[30], "A" if text[30] != "A" else "C")
    windows = person(Reference.from_sequences({"s": text}), first_copy(variant)).windows(Locus("s", 0, 120))
    views = [SenseView.of(window, Strand.PLUS) for window in windows]
    assert len(views) == 2
    made = [one for view in views for one in tile(view, [Region(0, 120, None, "inside")], (18,), anchor=0)]
    chosen, count = choose(made, 99)
    assert count == len({(one.sequence, one.start) for one in made})
    for one in chosen:
        covered = one.start <= 30 < one.end
        assert one.haplotypes == (
            ("1",) if covered and one.view.bases[30] == variant.alt else ("2",) if covered else ("1", "2")
        )
    starts = sorted(one.start for one in chosen if one.haplotypes == ("1", "2"))
    assert all(b - a >= 4 for a, b in pairwise(starts))


@given(st.integers(0, 10**6), st.integers(18, 24))
def test_matches_elsewhere_counted_one_by_one(seed, size):
    rng = Random(seed)
    oligos = ["".join(rng.choices("ACGT", k=size)) for _ in range(3)]
    parts = []
    for oligo in oligos * 2:
        copy = list(oligo if rng.random() < 0.5 else flip(oligo))
        for _ in range(rng.randrange(3)):
            copy[rng.randrange(size)] = rng.choice("ACGTN")
        parts += ["".join(rng.choices("ACGT", k=rng.randrange(30))), "".join(copy)]
    text = "".join(parts)
    reference = Reference.from_sequences({"s": text, "short": "ACGT"})
    own = Locus("s", 5, 5 + size)
    found = oligo_matches(oligos, [own] * 3, reference)
    for oligo, answer in zip(oligos, found, strict=True):
        counts = [0, 0]
        for start in range(len(text) - size + 1):
            here = text[start : start + size]
            wrong = min(
                sum(a != b for a, b in zip(pattern, here, strict=True)) for pattern in (oligo, flip(oligo))
            )
            if wrong <= 1 and not (start < own.end and own.start < start + size):
                counts[wrong] += 1
        assert [answer.perfect, answer.one_mismatch] == counts
        assert answer.searched_bases == len(text) + 4
        assert not answer.genome_wide


def test_short_oligos_are_refused():
    with pytest.raises(ValueError, match="at least 18 bases"):
        oligo_matches(["ACGT"], [Locus("s", 0, 4)], Reference.from_sequences({"s": "ACGTACGT"}))
