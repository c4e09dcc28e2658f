"""Places and letters of SMN1 and SMN2, held by the reference and by real reads aligned to both builds."""

from __future__ import annotations

import pysam
import pytest

from revertant.errors import IncompatibleInputsError
from revertant.genome import Reference
from revertant.patient.smn.loci import (
    BUILDS,
    TAG_POSITIONS,
    exons,
    gene_parts,
    lifted,
    voting_sites,
)
from revertant.patient.smn.risk import carrier_risks, named_risk
from revertant.sequence import translate

#: UniProt Q16637, 294 aa.
SMN = (
    "MAMSSGGSGGGVPEQEDSVLFRRGTGQSDDSDIWDDTALIKAYDKAVASFKHALKNGDICETSGKPKTTPKRKPAKKNKSQKKNTAASLQQWKVGDKCSAIWSEDGC"
    "IYPATIASIDFKRETCVVVYTGYGNREEQNLSDLLSPICEVANNIEQNAQENENESQVSTDESENSRSPGNKSDNIKPKSAPWNSFLPPPPPMPGPRLGPGKPGLKFNG"
    "PPPPPPPPPPHLLSCWLPPFPSGPPIIPPPPPICPDSLDDADALGSMLISWYMSGYHTGYYMGFRQNQKEGRCSHSLN"
)
HG007 = {
    "GRCh38": "HG007.GRCh38_full_plus_hs38d1_analysis_set_minus_alts.100x.includedRegions.downSampled.bam",
    "GRCh37": "HG007.hs37d5.100x.includedRegions.downSampled.bam",
}


@pytest.fixture(scope="module")
def windows(shared_data):
    return Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")


def test_exons_translate_to_the_protein():
    coding = "".join(exon.letters[exon.FLANK : -exon.FLANK] for exon in exons())
    assert len(SMN) == 294
    assert translate(coding) == f"{SMN}*"
    # Each exon begins where the one before ended.
    ends = [exon.coding_start + len(exon.letters) - 2 * exon.FLANK for exon in exons()]
    assert [exon.coding_start for exon in exons()] == [1, *ends[:-1]]


def test_exons_are_the_coding_sequence_of_the_vectors(shared_data):
    """An independent copy of the coding sequence, as GenBank has it."""
    lines = (shared_data / "vectors" / "transgene_cds.fasta").read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(">SMN1 "))
    end = next(number for number, line in enumerate([*lines, ">"]) if number > start and line.startswith(">"))
    coding = "".join(lines[start + 1 : end]).upper()
    assert len(coding) == 885
    assert "".join(exon.letters[exon.FLANK : -exon.FLANK] for exon in exons()) == coding


def test_exons_are_those_of_the_reference_on_both_genes(windows):
    differing = []
    read = 0
    for exon in exons():
        for gene, start in (("SMN1", exon.smn1_start), ("SMN2", exon.smn2_start)):
            first = start - exon.FLANK
            try:
                found = windows.fetch("chr5", first, first + len(exon.letters))
            except IncompatibleInputsError:
                assert gene == "SMN2"  # the windows hold SMN2 in pieces
                continue
            read += 1
            differing += [
                (gene, exon.hgvs_position(offset))
                for offset, (here, there) in enumerate(zip(exon.letters, found, strict=True))
                if here != there
            ]
    assert read == 11
    assert differing == [("SMN2", "840")]


def test_sites_are_those_of_the_reference_on_both_genes(windows):
    for site in voting_sites():
        around = []
        for position, base in (
            (site.smn1_position, site.smn1_base),
            (site.smn2_position, site.smn2_base),
        ):
            assert windows.fetch("chr5", position - 1, position) == base
            around.append(windows.fetch("chr5", position - 16, position + 15))
        assert around[0] != around[1]
        assert around[0][:15] + around[0][16:] == around[1][:15] + around[1][16:]
    assert {windows.fetch("chr5", place - 1, place) for place in TAG_POSITIONS} == {"T"}
    # The tag lies as far behind c.840 on SMN1 as on SMN2.
    (decisive,) = (site for site in voting_sites() if site.name == "c.840C>T")
    assert TAG_POSITIONS[0] - decisive.smn1_position == TAG_POSITIONS[1] - decisive.smn2_position == 128


def test_decisive_site_is_c840():
    (exon,) = (exon for exon in exons() if exon.name == "7")
    (decisive,) = (site for site in voting_sites() if site.name)
    offset = decisive.smn1_position - 1 - exon.smn1_start + exon.FLANK
    assert exon.hgvs_position(offset) == "840"
    assert exon.letters[offset] == decisive.smn1_base == "C"
    assert decisive.smn2_position - 1 - exon.smn2_start == decisive.smn1_position - 1 - exon.smn1_start


def test_parts_lie_apart_and_in_their_genes():
    first, second = gene_parts()
    for gene in ("smn1", "smn2"):
        assert getattr(first, gene)[1] <= getattr(second, gene)[0]
        starts = [getattr(exon, f"{gene}_start") for exon in exons()]
        assert getattr(first, gene)[0] < starts[1]
        assert starts[-2] + 111 <= getattr(first, gene)[1]
        assert getattr(second, gene)[0] < starts[-1] < getattr(second, gene)[1]
        lengths = [part.length_bp for part in (first, second)]
        found = [getattr(part, gene)[1] - getattr(part, gene)[0] for part in (first, second)]
        assert max(abs(a - b) for a, b in zip(lengths, found, strict=True)) <= 7


def test_real_reads_of_both_builds_lie_one_distance_apart(shared_data):
    """The same reads of HG007, aligned to both builds: every one over SMN1 and SMN2 moved by the same distance."""
    moved = []
    for start, end in ((70_049_000, 70_079_000), (70_924_000, 70_954_500)):
        places = {}
        for build, name in HG007.items():
            contig = "chr5" if build == "GRCh38" else "5"
            with pysam.AlignmentFile(shared_data / "smn" / name) as file:
                places[build] = {
                    (read.query_name, read.is_read1): read.reference_start
                    for read in file.fetch(contig, lifted(start, build), lifted(end, build))
                }
        assert places["GRCh37"].keys() == places["GRCh38"].keys()
        moved += [place - places["GRCh38"][read] for read, place in places["GRCh37"].items()]
    assert len(moved) == 491
    assert set(moved) == {BUILDS["GRCh37"]}


def test_gene_ends_of_both_builds_lie_the_same_distance_apart(shared_data):
    """SMN1 (GRCh38: gene models) begins where the GRCh37 regions say, and SMN2 ends there."""
    regions = {
        tuple(map(int, line.split()[1:3]))
        for line in (shared_data / "smn" / "included_regions_hs37d5.bed").read_text().splitlines()
        if line.startswith("5\t")
    }
    smn1_start = 70_924_940
    smn2_end = 70_078_522
    assert any(start == lifted(smn1_start, "GRCh37") for start, _ in regions)
    assert any(end == lifted(smn2_end, "GRCh37") for _, end in regions)


def test_every_population_is_found_by_its_name():
    for key, row in carrier_risks().items():
        assert named_risk(key.replace("_", " ").title()) is row
        assert row.residual_1_in > row.one_copy_1_in
    assert named_risk("") is None
