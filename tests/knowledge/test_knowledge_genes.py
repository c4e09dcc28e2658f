"""The gene catalogue: counts, sources, mechanisms, and every computed figure against its data file."""

from __future__ import annotations

import gzip
import re
from collections import defaultdict

import pytest

from revertant.errors import ProblemsError
from revertant.knowledge import GeneFact, find_gene, genes, load_rows, sites
from revertant.model import EditingPlace, Mechanism
from revertant.sequence import MITOCHONDRIAL_CODONS, translate

ASKED = """
LMNA SCO2 MRPL39 HBB HBA1 BCL11A PCSK9 TTR CFTR DMD SMN1 F8 F9 PAH OTC CPS1 ASL RPE65 ABCA4 CEP290 RHO RPGR
USH2A MYO7A OTOF TMC1 GJB2 HTT ATXN1 ATXN3 SOD1 FUS C9orf72 GBA1 ARSA IDUA IDS GAA GLA ADA IL2RG RAG1 CYBB NCF1 WAS
CD3D ABCD1 DDC SERPINA1 HFE LDLR ANGPTL3 LPA KLKB1 HAO1 AGXT TTN MYH7 MYBPC3 PKP2 LAMP2 FXN MECP2 SCN1A CDKL5 FBN1
COL7A1 KRT5 KRT14 ATP7B G6PC1 TPP1 SGSH SGCA SGCB CAPN3 DYSF FKRP MTM1 DMPK PMP22 PKD1 MT-ND4
"""

SCORES = {
    "3": "sufficient", "2": "some", "1": "little", "0": "none", "30": "autosomal_recessive", "40": "unlikely",
}  # fmt: skip


def names_of(fact):
    return (fact.symbol, *fact.aliases)


def test_catalogue_holds_the_genes_of_gene_therapy():
    assert len(genes()) >= 60
    assert not [symbol for symbol in ASKED.split() if symbol not in genes()]


@pytest.mark.parametrize("fact", genes().values(), ids=lambda fact: fact.key)
def test_each_gene_is_sourced_and_whole(fact):
    assert fact.sources
    assert fact.tissues
    assert fact.name
    assert fact.cds_bp
    assert fact.cds_bp % 3 == 0 or fact.key == "MT-ND4"
    assert fact.figures_checked
    assert fact.loeuf is not None or fact.key == "MT-ND4"
    for disease in fact.by_disease:
        assert re.fullmatch(r"OMIM:\d{6}", disease.id)


def test_benefits_name_genes_of_the_catalogue():
    assert not [gene for fact in genes().values() for gene in fact.benefits if gene not in genes()]


def test_earlier_symbols_find_the_gene():
    assert find_gene("G6PC").key == "G6PC1"
    assert find_gene("AADC").key == "DDC"
    assert find_gene("NOSUCH") is None


def test_progeria_is_dominant_negative_by_a_cryptic_splice_site():
    fact = genes()["LMNA"].mechanism_of("OMIM:176670")
    assert fact.mechanism is Mechanism.DOMINANT_NEGATIVE
    assert fact.checked
    assert "splice" in fact.because


@pytest.mark.parametrize(
    ("hgvs_c", "found"),
    [
        ("NM_170707.4:c.1824C>T", True),
        ("NM_170707.3:c.1824C>T", True),
        ("NM_005572.4:c.1824C>T", False),
        ("NM_170707.4:c.1824C>A", False),
        ("c.1824C>T", False),
        ("", False),
    ],
)
def test_a_wrong_splice_site_is_known_on_the_genes_own_transcript(hgvs_c, found):
    assert (genes()["LMNA"].wrong_site_of(hgvs_c) is not None) is found


def test_a_wrong_splice_site_needs_a_source_and_a_reason():
    text = """
[ABC1]
name = "toy"
tissues = ["liver"]
transcript = "NM_1.1"
sources = ["doi:10.1/x"]
as_of = "2026-11-26"
[[ABC1.by_disease]]
id = "OMIM:100000"
label = "Toy"
wrong_splice_sites = ["c.1A>G"]
"""
    with pytest.raises(ProblemsError, match="wrong splice sites without"):
        load_rows("genes.toml", GeneFact, text=text)


@pytest.mark.parametrize(
    ("gene", "disease", "truncating", "mechanism"),
    [
        ("LMNA", "", None, Mechanism.UNKNOWN),
        ("LMNA", "OMIM:115200", True, Mechanism.HAPLOINSUFFICIENCY),
        ("LMNA", "OMIM:115200", False, Mechanism.UNKNOWN),
        ("LMNA", "OMIM:115200", None, Mechanism.UNKNOWN),
        ("LMNA", "OMIM:151660", False, Mechanism.UNKNOWN),
        ("LMNA", "OMIM:605588", None, Mechanism.LOSS_OF_FUNCTION),
        ("HBB", "OMIM:603903", False, Mechanism.GAIN_OF_FUNCTION),
        ("HBB", "OMIM:613985", True, Mechanism.LOSS_OF_FUNCTION),
        ("HBB", "", None, Mechanism.UNKNOWN),
        ("SCO2", "OMIM:604377", False, Mechanism.LOSS_OF_FUNCTION),
        ("SCO2", "OMIM:608908", False, Mechanism.UNKNOWN),
        ("SCO2", "", None, Mechanism.LOSS_OF_FUNCTION),
        ("MRPL39", "OMIM:620646", False, Mechanism.LOSS_OF_FUNCTION),
        ("FBN1", "OMIM:154700", True, Mechanism.HAPLOINSUFFICIENCY),
        ("FBN1", "OMIM:154700", False, Mechanism.DOMINANT_NEGATIVE),
        ("SCN1A", "OMIM:607208", None, Mechanism.HAPLOINSUFFICIENCY),
        ("HTT", "OMIM:143100", None, Mechanism.REPEAT_EXPANSION),
        ("CCR5", "", None, Mechanism.UNKNOWN),
        ("PCSK9", "OMIM:000000", None, Mechanism.GAIN_OF_FUNCTION),
    ],
)
def test_mechanism_by_disease_and_kind_of_variant(gene, disease, truncating, mechanism):
    fact = genes()[gene].mechanism_of(disease, truncating=truncating)
    assert fact.mechanism is mechanism
    assert fact.because.endswith((".", "another."))


def test_what_can_be_done_without():
    dispensable = {fact.key for fact in genes().values() if fact.dispensable}
    assert {"PCSK9", "TTR", "ANGPTL3", "KLKB1", "HAO1", "LPA", "CCR5"} == dispensable
    assert genes()["HBB"].dispensable is False
    assert genes()["ATXN3"].dispensable is None


def test_a_haploinsufficient_gene_is_never_called_dispensable():
    assert not [f.key for f in genes().values() if f.haploinsufficient and f.dispensable]


def test_haploinsufficiency_in_words():
    assert genes()["BCL11A"].haploinsufficient is True
    assert genes()["LMNA"].haploinsufficient is None
    assert genes()["CFTR"].haploinsufficient is False
    assert genes()["SMN1"].haploinsufficiency == "unknown"


def test_blood_diseases_are_edited_outside_the_body():
    assert genes()["HBB"].editing_place is EditingPlace.EX_VIVO
    assert genes()["CPS1"].editing_place is EditingPlace.IN_VIVO


def test_figures_agree_with_gnomad(shared_data):
    table = {}
    with gzip.open(shared_data / "genes" / "gnomad_v2.1.1_constraint.tsv.gz", "rt") as lines:
        head = next(lines).rstrip("\n").split("\t")
        for line in lines:
            row = dict(zip(head, line.rstrip("\n").split("\t"), strict=True))
            table.setdefault(row["gene"], row)
    wrong = []
    for fact in genes().values():
        row = next((table[name] for name in names_of(fact) if name in table), None)
        loeuf = None if row is None else float(row["oe_lof_upper"])
        # gnomAD leaves the stop codon out of its coding lengths.
        length = None if row is None else int(row["cds_length"]) + 3
        if fact.loeuf != loeuf:
            wrong.append(f"{fact.key}: loeuf {fact.loeuf}, the file has {loeuf}")
        if fact.transcript.startswith("ENST") and (fact.transcript, fact.cds_bp) != (
            row["transcript"],
            length,
        ):
            wrong.append(
                f"{fact.key}: {fact.transcript} {fact.cds_bp}, the file has {row['transcript']} {length}"
            )
    assert not wrong


def test_coding_lengths_agree_with_gene_models(shared_data):
    lengths = defaultdict(int)
    mane = {}
    with gzip.open(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz", "rt") as lines:
        for line in lines:
            field = line.rstrip("\n").split("\t")
            if field[2] in ("CDS", "stop_codon"):
                name = re.search('transcript_id "([^"]*)"', field[8])[1]
                lengths[name] += int(field[4]) - int(field[3]) + 1
                if "MANE_Select" in field[8]:
                    mane[re.search('gene_name "([^"]*)"', field[8])[1]] = name
    of_refseq = {f.key: f for f in genes().values() if f.transcript.startswith("NM_")}
    assert len(of_refseq) >= 9
    assert {f.key: f.transcript for f in of_refseq.values()} == {k: mane[k] for k in of_refseq}
    assert {f.key: f.cds_bp for f in of_refseq.values()} == {k: lengths[mane[k]] for k in of_refseq}
    assert not [k for k in genes() if k in mane and k not in of_refseq]


def test_mt_nd4_is_read_from_the_mitochondrial_genome(shared_data):
    lines = (shared_data / "genome" / "GRCh38.chrM.fa").read_text().split("\n")
    chromosome = "".join(lines[1:]).upper()
    accession, span = genes()["MT-ND4"].transcript.split(":")
    start, end = map(int, span.split("-"))
    coding = chromosome[start - 1 : end]
    assert accession == "NC_012920.1"
    assert genes()["MT-ND4"].cds_bp == len(coding) == 1378
    protein = translate(coding, MITOCHONDRIAL_CODONS)
    assert (len(protein), protein[0], "*" in protein) == (459, "M", False)


def test_haploinsufficiency_agrees_with_clingen(shared_data):
    scores = {}
    path = shared_data / "genes" / "clingen_hg38_ClinGen_haploinsufficiency_gene.bed"
    for line in path.read_text().splitlines()[1:]:
        *_, symbol, score = line.split("\t")
        scores[symbol] = SCORES[score]
    expected = {
        f.key: next((scores[name] for name in names_of(f) if name in scores), "unknown")
        for f in genes().values()
    }
    assert {f.key: f.haploinsufficiency for f in genes().values()} == expected


def test_diseases_agree_with_hpo(shared_data):
    diseases = defaultdict(list)
    with gzip.open(shared_data / "genes" / "hpo_gene_to_disease.tsv.gz", "rt") as lines:
        next(lines)
        for line in lines:
            _, symbol, identifier, label, modes = line.rstrip("\n").split("\t")
            if identifier.startswith("OMIM:"):
                diseases[symbol].append((identifier, label, tuple(m for m in modes.split(",") if m)))
    for fact in genes().values():
        name = next((n for n in names_of(fact) if n in diseases), "")
        listed = [(d.id, d.label, d.inheritance) for d in fact.by_disease]
        assert listed == diseases.get(name, []), fact.key


ROW = """as_of = "2026-11-22"
[X]
name = "x"
sources = ["omim:1"]
tissues = ["liver"]
"""


@pytest.mark.parametrize(
    ("extra", "what"),
    [
        ("tissues = []", "at least one tissue"),
        ("cds_bp = 300", "name its transcript"),
        ("loeuf = 3.0", "not within 0 and 2"),
        ('haploinsufficiency = "3"', "not one of"),
        ('mechanisms = ["loss"]', "not one of"),
        ('[[X.by_disease]]\nid = "OMIM:1"\nlabel = "d"\nmechanism = "loss_of_function"', "without a source"),
        (
            '[[X.by_disease]]\nid = "OMIM:1"\nlabel = "d"\nmechanism = "splice"\nsources = ["omim:1"]',
            "own list lacks",
        ),
        (
            '[[X.by_disease]]\nid = "OMIM:1"\nlabel = "d"\n[[X.by_disease]]\nid = "OMIM:1"\nlabel = "d"',
            "stands twice",
        ),
    ],
)
def test_refuses_contradictions(extra, what):
    text = ROW.replace('tissues = ["liver"]\n', "") if extra.startswith("tissues") else ROW
    with pytest.raises(ProblemsError, match=what):
        load_rows("genes.toml", GeneFact, text=text + extra)


def test_sites_benefit_known_genes():
    assert not [gene for site in sites().values() for gene in site.benefits if gene not in genes()]
