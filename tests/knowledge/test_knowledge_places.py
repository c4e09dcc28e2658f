"""Sites, benign substitutions and published guides, found again in real sequence."""

from __future__ import annotations

import gzip

import pytest

from revertant.errors import ProblemsError
from revertant.knowledge import (
    Precedent,
    SiteFact,
    benign_substitutions,
    editors,
    genes,
    load_rows,
    nucleases,
    precedent_for,
    precedents,
    sites,
)
from revertant.model import PamSide, Strand
from revertant.sequence import matches, reverse_complement, translate
from t_cell_genes import TRBC1_PIECE, TRBC2_PIECE

#: The sickle allele and the synonymous rs713040 on GRCh38, forward strand: (position, from, to).
SICKLE = (5227002, "T", "A")
RS713040 = (5227013, "A", "G")


class Windows:
    """Pieces of GRCh38 by name; positions count from 1."""

    def __init__(self, *paths):
        self.pieces = []
        for path in paths:
            opener = gzip.open if path.suffix == ".gz" else open
            with opener(path, "rt") as lines:
                name, parts = "", []
                for line in [*lines, ">"]:
                    if line.startswith(">"):
                        if name:
                            self._add(name, "".join(parts).upper())
                        name, parts = (line[1:].split() or [""])[0], []
                    else:
                        parts.append(line.strip())

    def _add(self, name, bases):
        contig, _, span = name.partition(":")
        self.pieces.append((contig, int(span.split("-")[0]) if span else 1, bases))

    def fetch(self, contig, start, end):
        for name, first, bases in self.pieces:
            if name == contig and first <= start and end < first + len(bases):
                return bases[start - first : end - first + 1]
        return None

    def find(self, bases):
        places = []
        for contig, first, text in self.pieces:
            for strand, wanted in ((Strand.PLUS, bases), (Strand.MINUS, reverse_complement(bases))):
                at = text.find(wanted)
                while at >= 0:
                    places.append((contig, first + at, first + at + len(bases) - 1, strand))
                    at = text.find(wanted, at + 1)
        return places


@pytest.fixture(scope="module")
def windows(shared_data):
    return Windows(shared_data / "genome" / "GRCh38.windows.fa.gz")


@pytest.fixture(scope="module")
def amplicons(shared_data):
    return Windows(shared_data / "genome" / "amplicons.fa")


@pytest.fixture(scope="module")
def shippable(shared_data):
    return Windows(shared_data / "shippable" / "loci.GRCh38.fa")


def read_on(strand, bases):
    return bases if strand is Strand.PLUS else reverse_complement(bases)


@pytest.mark.parametrize("site", sites().values(), ids=lambda site: site.key)
def test_sites_hold_their_motif(site, windows):
    bases = windows.fetch(site.contig, site.start, site.end)
    assert matches(site.motif, read_on(site.strand, bases))
    assert site.interval == (site.start - 1, site.end)
    assert all(key in precedents() for key in site.precedents)


def test_bcl11a_site_lies_in_the_shippable_enhancer_and_in_the_approved_guide(shippable):
    site = sites()["bcl11a_plus58_gata"]
    assert shippable.fetch(site.contig, site.start, site.end) == "GATAA"
    guide = precedents()["bcl11a_sg1617"]
    assert shippable.find(guide.spacer + guide.pam) == [("chr2", 60495261, 60495283, Strand.MINUS)]
    assert guide.locus.start <= site.start
    assert site.end <= guide.locus.end
    # SpCas9 cuts three bases from the PAM: on the minus strand after the third base above it.
    cut = guide.locus.start + len(guide.pam) + 3 - 1
    assert site.start <= cut < site.end


def test_hbg1_site_counts_from_the_transcription_start(shared_data):
    with gzip.open(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz", "rt") as lines:
        start = next(
            int(line.split("\t")[4])
            for line in lines
            if '"HBG1"' in line and line.split("\t")[2] == "transcript"
        )
    site = sites()["hbg1_minus115_bcl11a"]
    assert (start - site.end, start - site.start) == (-118, -114)


def test_iss_n1_counts_from_the_end_of_exon_7(shared_data):
    with gzip.open(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz", "rt") as lines:
        ends = [
            int(line.split("\t")[4])
            for line in lines
            if '"NM_017411.4"' in line and line.split("\t")[2] == "exon" and line.split("\t")[3] == "70076521"
        ]
    site = sites()["smn2_iss_n1"]
    assert (site.start - ends[0], site.end - ends[0]) == (10, 24)


def test_each_site_and_substitution_is_sourced():
    assert len(sites()) >= 4
    assert all(row.sources for row in (*sites().values(), *benign_substitutions()))


@pytest.mark.parametrize("row", benign_substitutions(), ids=lambda row: row.key)
def test_benign_substitutions_name_the_wild_type_residue(row, shippable):
    # NM_000518.5 on GRCh38 (minus strand): exon 1 and 2 hold the first 104 codons.
    exon_1 = reverse_complement(shippable.fetch("chr11", 5226930, 5227021))
    exon_2 = reverse_complement(shippable.fetch("chr11", 5226577, 5226799))
    protein = translate(exon_1 + exon_2)
    assert row.transcript == genes()[row.gene].transcript
    assert protein[row.codon - 1] == row.wild_type


def test_makassar_is_reached_from_the_sickle_codon_by_one_a_to_g():
    row = next(row for row in benign_substitutions() if row.key == "hb_g_makassar")
    assert (translate("GTG"), translate("GCG")) == (row.replaces, row.residue)


def test_enough_published_guides_and_each_sourced():
    assert len(precedents()) >= 25
    assert all(row.sources for row in precedents().values())
    assert len({row.spacer for row in precedents().values()}) == len(precedents())


@pytest.mark.parametrize("row", precedents().values(), ids=lambda row: row.key)
def test_effectors_are_in_the_catalogues_and_take_the_pam(row):
    effector = nucleases().get(row.effector) or editors().get(row.effector)
    if row.effector == "pe2":
        effector = nucleases()["spcas9"]
    assert effector is not None
    assert effector.pam_side == row.pam_side
    if row.found_in:
        # A TTTG of the genome satisfies the TTTV of Cas12a, a CACC the NRCH of its editor.
        assert matches(effector.pam, row.pam)
    assert not row.site or row.site in sites()


def located(row, windows, amplicons):
    bases = row.pam + row.spacer if row.pam_side is PamSide.FIVE_PRIME else row.spacer + row.pam
    if row.locus is not None:
        here = windows.fetch(row.locus.contig, row.locus.start, row.locus.end)
        if here is not None:
            for changes in ((), (SICKLE,), (SICKLE, RS713040)):
                letters = list(here)
                for position, before, after in changes:
                    if row.locus.start <= position <= row.locus.end:
                        assert letters[position - row.locus.start] == before
                        letters[position - row.locus.start] = after
                if read_on(row.locus.strand, "".join(letters)) == bases:
                    return True
            return False
    return bool(windows.find(bases) or amplicons.find(bases))


@pytest.mark.parametrize(
    "row", [r for r in precedents().values() if r.found_in == "genome"], ids=lambda row: row.key
)
def test_guides_are_found_in_real_sequence(row, windows, amplicons):
    assert row.checked
    if row.locus is not None and windows.fetch(row.locus.contig, row.locus.start, row.locus.end) is None:
        bases = row.spacer + row.pam
        assert amplicons.find(bases)
    else:
        assert located(row, windows, amplicons)


def test_the_wild_type_genome_lacks_the_sickle_guides(windows):
    for key in ("hbb_makassar", "hbb_pe_3_5"):
        row = precedents()[key]
        assert not windows.find(row.spacer + row.pam)


def test_guides_are_found_in_public_data_sets(shared_data):
    folder = shared_data / "crispr" / "offtarget" / "truth"
    loci = {}
    with gzip.open(folder / "changeseq_positive_lazzarotto2020.tsv.gz", "rt") as lines:
        head = next(lines).rstrip("\n").split("\t")
        for line in lines:
            row = dict(zip(head, line.rstrip("\n").split("\t"), strict=True))
            if row["distance"] == "0":
                place = (row["chrom"], int(row["chromStart"]) + 1, int(row["chromEnd"]), row["strand"])
                loci.setdefault(row["offtarget_sequence"], set()).add(place)
    with gzip.open(folder / "haeussler2016_annotOfftargets.tsv.gz", "rt") as lines:
        next(lines)
        guides = {line.split("\t")[1] for line in lines}
    shared = precedents()["trbc_shared"]
    twins = [TRBC1_PIECE, TRBC2_PIECE]  # where they lie is held with the edits of T cells
    guides |= (
        {shared.spacer + shared.pam} if all(shared.spacer + shared.pam in one for one in twins) else set()
    )
    missing, elsewhere = [], []
    for row in precedents().values():
        bases = row.spacer + row.pam
        if row.found_in == "data_set" and bases not in loci and bases not in guides:
            missing.append(row.key)
        if row.locus is not None and bases in loci:
            place = (row.locus.contig, row.locus.start, row.locus.end, row.locus.strand.value)
            if place not in loci[bases]:
                elsewhere.append((row.key, place, loci[bases]))
    assert not missing
    assert not elsewhere


def test_precedents_are_found_by_spacer():
    assert precedent_for("ctaacagttgcttttatcac").stage == "approved"
    assert precedent_for("TTCTCCACAGGAGTCAGATG").variant == "NM_000518.5:c.20A>T"
    assert precedent_for("TTCTCCACAGGAGTCAGGTG") is None


SITE = """as_of = "2026-11-22"
[x]
sources = ["doi:1"]
name = "x"
gene = "G"
benefits = ["H"]
diseases = []
build = "GRCh38"
contig = "chr1"
start = 5
end = 9
strand = "+"
motif = "GATAA"
tissue = "liver"
purpose = "p"
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("end = 9", "end = 10"),
        ("start = 5", "start = 0"),
        ('motif = "GATAA"', 'motif = "GATAX"'),
        ('strand = "+"', 'strand = "plus"'),
        ('tissue = "liver"', 'tissue = "spleen"'),
        ('benefits = ["H"]', "benefits = []"),
        ('build = "GRCh38"', 'build = "hg19"'),
    ],
)
def test_refuses_sites_that_do_not_fit(before, after):
    assert load_rows("sites.toml", SiteFact, text=SITE)
    with pytest.raises(ProblemsError):
        load_rows("sites.toml", SiteFact, text=SITE.replace(before, after))


def test_refuses_a_guide_checked_against_nothing():
    text = """as_of = "2026-11-22"
[x]
sources = ["doi:1"]
spacer = "ACGT"
pam = "NGG"
pam_side = "3'"
effector = "spcas9"
modality = "nuclease"
use = "u"
confidence = "A"
stage = "published"
checked = true
locus = { contig = "chr1", start = 1, end = 9, strand = "+" }
"""
    with pytest.raises(ProblemsError) as caught:
        load_rows("precedents.toml", Precedent, text=text)
    assert len(caught.value.problems) == 2
