"""The annotation of many sites: the index says what ``annotate`` says, about every site."""

from __future__ import annotations

import random

import numpy as np
import pytest
from annotation_cases import CONTIGS, LENGTH, random_models
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import UsageError
from revertant.genome import GeneModels, Reference, load_gene_models
from revertant.knowledge import gene_lists
from revertant.model import Locus, OffTargetRequest, Region, Strand, Transcript
from revertant.offtarget.annotation.annotation import REGIONS, annotate
from revertant.offtarget.annotation.index import AnnotationIndex
from revertant.offtarget.annotation.parts import distinct
from revertant.offtarget.stream.rows import RowWriter

NAMES = ("1", "chr2", "chr3")


def _agree(index, models, sites, promoter_bp=1000):
    """Every column of the index against annotate."""
    contig, start, end = (np.array(column) for column in zip(*sites, strict=True))
    ids = index.lookup(contig, start, end)
    codes = index.region_codes[ids]
    gene, distance = index.nearest(contig, start, end)
    for row, (at, low, high) in enumerate(sites):
        said = annotate(Locus(index.contigs[at], low, high), models, promoter_bp=promoter_bp)
        assert index.annotation(ids[row], low, high) == said
        assert REGIONS[codes[row]] is said.region
        if said.region is Region.INTERGENIC:
            name = index.genes[gene[row]] if gene[row] >= 0 else None
            expected = f"{distance[row]:,} bp from {name}" if name else "no gene on this contig"
            assert said.text == f"intergenic, {expected}"
    return ids


@given(st.integers(0, 2**32))
def test_index_and_annotate_agree(seed):
    rng = random.Random(seed)
    models = random_models(rng)
    index = AnnotationIndex(models, NAMES, promoter_bp=60)
    starts = [rng.randrange(LENGTH) for _ in range(25)]
    sites = [
        (rng.randrange(len(NAMES)), start, start + rng.choice((1, 2, 3, 20, 23, 60, 500))) for start in starts
    ]
    _agree(index, models, sites, promoter_bp=60)
    # Asked again, after other sites, the answer is the same.
    again = index.lookup(*zip(*sites[::-1], strict=True))[::-1]
    assert again.tolist() == index.lookup(*zip(*sites, strict=True)).tolist()


@given(st.integers(0, 2**32), st.sets(st.sampled_from(["TWIN", "G0", "g1", "G2", "G9"])))
def test_marks_by_number_are_those_of_the_genes(seed, symbols):
    rng = random.Random(seed)
    models = random_models(rng)
    index = AnnotationIndex(models, CONTIGS)
    sites = [(rng.randrange(2), start := rng.randrange(LENGTH), start + 23) for _ in range(20)]
    ids = index.lookup(*zip(*sites, strict=True))
    marked = index.on_list(symbols)[ids]
    wanted = {symbol.upper() for symbol in symbols}
    for row, (_, start, end) in enumerate(sites):
        genes = index.annotation(ids[row], start, end).genes
        assert marked[row] == any(gene.upper() in wanted for gene in genes)


@pytest.fixture(scope="module")
def refseq(shared_data):
    return load_gene_models(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz")


@pytest.fixture(scope="module")
def windows(shared_data):
    rows = (shared_data / "genome" / "GRCh38.windows.bed").read_text().splitlines()
    return [(name, int(start), int(end)) for name, start, end in (row.split("\t")[:3] for row in rows)]


def test_real_gene_models_agree(refseq, windows):
    rng = random.Random(20261126)
    contigs = sorted({name for name, _, _ in windows})
    index = AnnotationIndex(refseq, contigs)
    sites = []
    for _ in range(4_000):
        name, low, high = rng.choice(windows)
        start = rng.randrange(low, high - 23)
        sites.append((contigs.index(name), start, start + 23))
    edges = [
        (contigs.index(t.contig), edge + shift)
        for t in rng.sample(refseq.transcripts, 50)
        for exon in t.exons
        for edge in exon
        for shift in (-21, -20, -3, 0)
    ]
    sites += [(at, max(start, 0), max(start, 0) + 20) for at, start in edges]
    ids = _agree(index, refseq, sites)
    seen = {REGIONS[code] for code in index.region_codes[ids]}
    assert seen == set(Region)


def test_a_site_far_behind_the_last_gene_and_one_at_the_first_base():
    gene = Transcript("T.1", "G", "2", Strand.MINUS, ((0, 30),))
    models = GeneModels([gene])
    index = AnnotationIndex(models, NAMES)
    _agree(index, models, [(1, 0, 20), (1, 25, 45), (1, 4_000_000_000, 4_000_000_020), (0, 7, 9), (2, 0, 1)])


def test_no_genes_at_all():
    index = AnnotationIndex(GeneModels([]), NAMES)
    ids = index.lookup([0, 2], [5, 0], [25, 20])
    assert {index.annotation(one, 5, 25).text for one in ids} == {"intergenic, no gene on this contig"}
    assert index.on_list(["X"]).tolist() == [False] * 3
    assert index.nearest([0], [5], [25])[0].tolist() == [-1]


def test_no_sites():
    index = AnnotationIndex(GeneModels([]), NAMES)
    assert index.lookup([], [], []).tolist() == []
    assert AnnotationIndex(GeneModels([]), []).lookup([], [], []).dtype == np.int32


def test_transcripts_of_other_contigs_are_left_out():
    far = Transcript("T.1", "G", "chrUn_1", Strand.PLUS, ((0, 30),))
    assert AnnotationIndex(GeneModels([far]), NAMES).genes == ()


@pytest.mark.parametrize(
    ("contig", "start", "end"),
    [
        ([0], [5], [5]),
        ([0], [9], [5]),
        ([3], [0], [1]),
        ([-1], [0], [1]),
        ([0], [-1], [1]),
        ([0], [0], [1 << 32]),
    ],
)
def test_what_is_no_site_is_refused(contig, start, end):
    index = AnnotationIndex(GeneModels([]), NAMES)
    with pytest.raises(UsageError, match="Row 1 has no base"):
        index.lookup([0, *contig], [3, *start], [4, *end])


def test_columns_of_different_length_are_refused():
    with pytest.raises(UsageError, match="differ in length"):
        AnnotationIndex(GeneModels([]), NAMES).lookup([0, 0], [1], [2])


@pytest.mark.parametrize("number", [-1, 3, 99])
def test_a_number_never_given_is_refused(number):
    with pytest.raises(UsageError, match="no annotation"):
        AnnotationIndex(GeneModels([]), NAMES).annotation(number, 0, 20)


def test_one_contig_under_two_names_is_refused():
    with pytest.raises(UsageError, match="one name"):
        AnnotationIndex(GeneModels([]), ["chr1", "1"])


@given(st.lists(st.integers(-(2**60), 2**60)))
def test_distinct_is_unique(values):
    assert distinct(np.array(values, np.int64)).tolist() == sorted(set(values))


def _genome(rng, transcripts):
    """Gene models of many transcripts on one contig, some of whose genes overlap."""
    made, at = [], 0
    while len(made) < transcripts:
        at += rng.randrange(10_000)
        start, exons = at, []
        for _ in range(rng.randint(1, 12)):
            exons.append((start, start + rng.randint(50, 300)))
            start += rng.randint(400, 3_000)
        strand = rng.choice(list(Strand))
        for _ in range(rng.randint(1, 6)):
            kept = tuple(exon for exon in exons if rng.random() < 0.8) or (exons[0],)
            cds = (kept[0][0] + 5, kept[-1][1] - 5) if rng.random() < 0.5 else None
            made.append(Transcript(f"T{len(made):07}.1", f"G{at}", "chr1", strand, kept, cds))
    return GeneModels(made), at


@pytest.mark.parametrize(
    ("transcripts", "sites"), [(1_000, 2_000), pytest.param(200_000, 20_000, marks=pytest.mark.long)]
)
def test_a_thousand_transcripts_or_all_of_a_genome(transcripts, sites):
    rng = random.Random(7)
    models, end = _genome(rng, transcripts)
    index = AnnotationIndex(models, ["1"])
    _agree(index, models, [(0, start := rng.randrange(end), start + 20) for _ in range(sites)])


def test_rows_mark_a_gene_whose_symbol_has_small_letters():
    """Lists hold symbols in upper case; gene models write C1orf109."""
    guide = "CTAACAGTTGCTTTTATCAC"
    reference = Reference.from_sequences({"s": "T" * 40 + guide + "AGG" + "T" * 40})
    gene = Transcript("T.1", "C1orf109", "s", Strand.PLUS, ((0, 103),))
    essential = gene_lists()[1]
    request = OffTargetRequest(guide, "NGG")
    names = [(essential.name, essential.all_symbols)]
    writer = RowWriter(["g"], [request], reference.windows, GeneModels([gene]), names)
    assert writer._described_as(int(writer._index.lookup([0], [40], [60])[0]), 40, 60) == (
        "non-coding exon\tC1orf109\tessential gene"
    )
