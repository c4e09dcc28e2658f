"""Splice-switching oligos: each sequence lies where the catalogue says, found by computation."""

from __future__ import annotations

import pytest

from revertant import knowledge
from revertant.genome import Reference, load_gene_models
from revertant.sequence import reverse_complement

#: Name in the literature, H + exon + A(first base to last), counted from the exon's first base.
PLACES = {
    "casimersen": ("DMD", 45, (-3, 19)),
    "eteplirsen": ("DMD", 51, (66, 95)),
    "golodirsen": ("DMD", 53, (36, 60)),
    "viltolarsen": ("DMD", 53, (36, 56)),
}


@pytest.fixture(scope="module")
def genome(shared_data):
    folder = shared_data / "genome"
    reference = Reference.open(folder / "GRCh38.windows.fa.gz")
    return reference, load_gene_models(folder / "GRCh38.windows.refseq.gtf.gz", reference)


@pytest.mark.parametrize("key", PLACES)
def test_where_it_lies(genome, key):
    reference, models = genome
    gene, number, (first, last) = PLACES[key]
    row = knowledge.antisense_uses()[key]
    assert (row.gene, row.exon) == (gene, number)
    transcript = models.by_id(row.transcript)
    assert transcript.strand == "-"
    _, end = transcript.ordered_exons[number - 1]
    # DMD is read right to left: base 1 of the exon is the one before its end, and there is no base 0.
    left, right = end - last, end - (first if first < 0 else first - 1)
    # On the minus strand an oligo reads like the forward strand of the genome.
    assert reference.fetch(transcript.contig, left, right) == row.sequence
    gene_bases = reference.fetch(transcript.contig, transcript.locus.start, transcript.locus.end)
    assert gene_bases.count(row.sequence) == 1


def test_nusinersen_lies_behind_exon_7(genome):
    """SMN2 is not in the windows; SMN1 is alike there (ISS-N1, bases +10 to +27 of intron 7)."""
    reference, models = genome
    row = knowledge.antisense_uses()["nusinersen"]
    transcript = models.by_id("NM_000344.4")
    whole = reference.fetch(transcript.contig, transcript.locus.start, transcript.locus.end)
    assert whole.count(reverse_complement(row.sequence)) == 1
    place = transcript.locus.start + whole.index(reverse_complement(row.sequence))
    ends = [end for _, end in transcript.exons]
    donor = max(end for end in ends if end <= place)
    assert place - donor + 1 == 10
    # Exon 7 of the literature is followed by exon 8, the last one.
    assert donor == ends[-2]


def test_every_row_says_how_it_reaches_its_tissue():
    for row in knowledge.antisense_uses().values():
        assert row.route
        assert row in knowledge.antisense_reaching(row.tissue)
        assert bool(row.checked_against) == row.checked
        if row.sequence:
            assert knowledge.antisense_for(row.sequence.lower()) is row


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ({"gene": "DMD", "exon": 51}, ["eteplirsen"]),
        ({"gene": "DMD", "exon": 52}, []),
        ({"gene": "DMD"}, []),
        ({"gene": "HBB", "exon": 51}, []),
        ({"gene": "CEP290", "variant": "c.2991+1655A>G"}, ["sepofarsen"]),
        ({"gene": "CEP290", "variant": ""}, []),
    ],
)
def test_asking(question, keys):
    assert [row.key for row in knowledge.antisense_uses_for(**question)] == keys
