"""What lies at a site, in words: against a base-by-base reading, and at places known from the literature."""

from __future__ import annotations

import random

import pytest
from annotation_cases import CONTIGS, LENGTH, by_hand, random_models
from hypothesis import given
from hypothesis import strategies as st

from revertant.genome import GeneModels, PatientGenome, Reference, load_gene_models
from revertant.model import Locus, OffTargetRequest, Region, Strand, Transcript
from revertant.offtarget import search
from revertant.offtarget.annotation.annotation import PROMOTER_BP, PROMOTER_SOURCE, SiteAnnotation, annotate

MODELS = GeneModels(
    [
        Transcript(
            "P.1", "PLUS", "s", Strand.PLUS, ((2010, 2020), (2040, 2060)), (2015, 2050), is_mane_select=True
        ),
        Transcript("M.1", "MINUS", "s", Strand.MINUS, ((2100, 2120), (2140, 2160)), (2105, 2150)),
        Transcript("N.1", "NONE", "s", Strand.PLUS, ((8000, 8020), (8040, 8060))),
    ]
)


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (2016, 2018, "PLUS exon 1 (CDS)"), (2010, 2014, "PLUS exon 1 (5' UTR)"),
        (2052, 2058, "PLUS exon 2 (3' UTR)"), (2025, 2030, "PLUS intron 1"), (2018, 2045, "PLUS exon 1 (CDS)"),
        (2020, 2030, "PLUS intron 1 (splice donor)"), (2021, 2022, "PLUS intron 1 (splice donor)"),
        (2022, 2038, "PLUS intron 1"), (2030, 2039, "PLUS intron 1 (splice acceptor)"),
        (2142, 2146, "MINUS exon 1 (CDS)"), (2152, 2158, "MINUS exon 1 (5' UTR)"),
        (2100, 2104, "MINUS exon 2 (3' UTR)"), (2125, 2130, "MINUS intron 1"),
        (2120, 2122, "MINUS intron 1 (splice acceptor)"), (2138, 2140, "MINUS intron 1 (splice donor)"),
        (8005, 8010, "NONE exon 1 (non-coding)"), (8025, 8030, "NONE intron 1"),
        (2055, 2110, "MINUS exon 2 (CDS); PLUS exon 2 (3' UTR)"),
        (2070, 2080, "intergenic, 11 bp from PLUS"), (2060, 2061, "intergenic, 1 bp from PLUS"),
        (2082, 2100, "intergenic, 1 bp from MINUS"), (2075, 2085, "intergenic, 16 bp from MINUS"),
        (1010, 1011, "PLUS promoter (within 1,000 bp upstream)"), (1009, 1010, "intergenic, 1,001 bp from PLUS"),
        (3159, 3160, "MINUS promoter (within 1,000 bp upstream)"), (3160, 3170, "intergenic, 1,001 bp from MINUS"),
        (0, 20, "intergenic, 1,991 bp from PLUS"), (9_000_000, 9_000_020, "intergenic, 8,991,941 bp from NONE"),
    ],
)  # fmt: skip
def test_annotation(start, end, text):
    assert annotate(Locus("s", start, end), MODELS).text == text


def test_no_models_no_annotation():
    assert annotate(Locus("s", 0, 1), None) == SiteAnnotation("", None, ())


def test_a_contig_without_genes_says_so():
    found = annotate(Locus("elsewhere", 5, 25), MODELS)
    assert found == SiteAnnotation("intergenic, no gene on this contig", Region.INTERGENIC, ())


def test_equal_distances_are_settled_by_name():
    genes = [
        Transcript("A.1", "ZED", "s", Strand.PLUS, ((0, 10),)),
        Transcript("B.1", "ABC", "s", Strand.MINUS, ((40, 50),)),
    ]
    assert annotate(Locus("s", 20, 30), GeneModels(genes), promoter_bp=0).text == "intergenic, 11 bp from ABC"


def test_the_most_telling_transcript_speaks_then_mane_then_the_first():
    def model(name, gene, cds, mane):
        return Transcript(name, gene, "s", Strand.PLUS, ((0, 50), (100, 150)), cds, mane)

    coding, silent, mane = (
        model("B", "G", (5, 140), False),
        model("A", "G", None, True),
        model("C", "G", (0, 9), True),
    )
    site = Locus("s", 120, 140)
    assert annotate(site, GeneModels([coding, silent, mane])).text == "G exon 2 (CDS)"
    assert annotate(site, GeneModels([silent, mane])).text == "G exon 2 (3' UTR)"
    assert annotate(Locus("s", 60, 80), GeneModels([coding, silent])).region is Region.INTRON


def test_a_gene_with_its_promoter_there_is_named_and_the_nearest_gene_is_not():
    assert annotate(Locus("s", 1500, 1520), MODELS).genes == ("PLUS",)
    assert annotate(Locus("s", 500, 520), MODELS).genes == ()
    assert annotate(Locus("s", 2055, 2110), MODELS).genes == ("MINUS", "PLUS")


def test_the_strand_of_the_site_does_not_matter():
    for start in range(1990, 2170, 7):
        assert annotate(Locus("s", start, start + 20), MODELS) == annotate(
            Locus("s", start, start + 20, Strand.MINUS), MODELS
        )


def test_the_promoter_window_has_a_source():
    assert (PROMOTER_BP, PROMOTER_SOURCE.startswith("url:https://www.gencodegenes.org/")) == (1000, True)


@given(st.integers(0, 2**32))
def test_every_site_is_read_as_base_by_base(seed):
    rng = random.Random(seed)
    models = random_models(rng)
    for _ in range(12):
        start = rng.randrange(LENGTH)
        end = start + rng.choice((1, 2, 3, 5, 20, 23, 60, 400))
        contig = rng.choice((*CONTIGS, "1", "chr3"))
        found = annotate(Locus(contig, start, end), models, promoter_bp=60)
        assert (found.text, found.region, found.genes) == by_hand(contig, start, end, models, 60)


def test_a_search_fills_region_genes_and_lists():
    guide = "CTAACAGTTGCTTTTATCAC"
    text = "T" * 40 + guide + "AGG" + "T" * 40 + guide[:5] + "T" + guide[6:] + "TGG" + "T" * 40
    gene = Transcript("T.1", "MYC", "s", Strand.PLUS, ((0, 80), (90, 160)), (30, 78))
    [report] = search(
        [OffTargetRequest(guide, "NGG")],
        PatientGenome(Reference.from_sequences({"s": text})),
        models=GeneModels([gene]),
    )
    first, second = report.sites
    assert (first.annotation, first.region, first.genes) == ("MYC exon 1 (CDS)", Region.CDS, ("MYC",))
    assert first.gene_lists == ("cancer gene", "essential gene")
    assert (second.annotation, second.region) == ("MYC exon 2 (3' UTR)", Region.UTR)


# --- real gene models ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def refseq(shared_data):
    return load_gene_models(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz")


@pytest.mark.parametrize(
    ("position", "text", "why"),
    [
        (5227002, "HBB exon 1 (CDS)", "c.20, HbS"),
        (5226943, "HBB exon 1 (CDS)", "c.79, HbE"),
        (5226929, "HBB intron 1 (splice donor)", "c.92+1"),
        (5226928, "HBB intron 1 (splice donor)", "c.92+2"),
        (5226925, "HBB intron 1", "c.92+5, the splice region is no splice site"),
        (5227099, "HBB promoter (within 1,000 bp upstream)", "c.-78, the TATA box"),
        (5227055, "HBB exon 1 (5' UTR)", "c.-34"),
    ],
)
def test_known_places_in_hbb(refseq, position, text, why):
    """Positions count from 1 on GRCh38, as ClinVar and dbSNP have them."""
    assert annotate(Locus("chr11", position - 1, position), refseq).text.split("; ")[0] == text, why


def test_known_places_in_lmna(refseq):
    """The progeria variant c.1824C>T (chr1:156138613) lies in exon 11 of LMNA."""
    found = annotate(Locus("1", 156138612, 156138613), refseq)
    assert (found.region, found.genes[0], found.text) == (Region.CDS, "LMNA", "LMNA exon 11 (CDS)")
