"""Coding sequences that are shipped translate to the protein they name; lengths agree with the gene catalogue."""

from __future__ import annotations

import gzip

import pysam
import pytest

from revertant.errors import InputError, ProblemsError
from revertant.knowledge import TransgeneRow, catalogue_versions, genes, load_rows, transgene, transgenes
from revertant.sequence import reverse_complement, translate

ROWS = tuple(transgenes().values())


def read_fasta(path):
    records, name = {}, ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(">"):
            name = line[1:].split()[0]
            records[name] = ""
        else:
            records[name] += line.strip().upper()
    return records


@pytest.mark.parametrize("row", [row for row in ROWS if row.cds], ids=lambda row: row.key)
def test_coding_sequence_is_whole(row):
    made = transgene(row.key)
    assert translate(made.cds) == f"{made.protein}*"
    assert len(made.protein) == row.protein_aa
    assert made.source == row.transcript
    assert row.checked


@pytest.mark.parametrize("row", [row for row in ROWS if not row.form], ids=lambda row: row.key)
def test_length_is_that_of_the_gene_catalogue(row):
    fact = genes().get(row.gene)
    if fact is not None and fact.cds_bp is not None:
        assert row.cds_bp == fact.cds_bp
    else:
        assert row.cds, "a length needs a sequence or the gene catalogue"


def test_the_thirty_genes_of_interest_are_there():
    lengths = {
        "SMN1": 294, "RPE65": 533, "F9": 461, "PAH": 452, "OTC": 354, "GAA": 952, "F8": 2351, "DMD": 3685,
        "ABCA4": 2273, "OTOF": 1997, "MYO7A": 2215, "CEP290": 2479,
    }  # fmt: skip
    assert {key: transgenes()[key].protein_aa for key in lengths} == lengths
    assert len(ROWS) >= 30
    assert transgenes()["F8_BDD"].protein_aa < transgenes()["F8"].protein_aa
    assert not transgenes()["F8_BDD"].checked


def test_smn1_is_the_protein_of_uniprot(shared_data):
    protein = read_fasta(shared_data / "shippable" / "SMN1_protein.fasta")["SMN_HUMAN"]
    assert transgene("SMN1").protein == protein
    copies = read_fasta(shared_data / "vectors" / "transgene_cds.fasta")
    assert copies["SMN1"] == transgene("SMN1").cds
    assert copies["RPE65"] == transgene("RPE65").cds
    assert read_fasta(shared_data / "shippable" / "RPE65_cds.fasta")["RPE65"] == transgene("RPE65").cds


def test_hbb_is_spliced_from_the_locus(shared_data):
    locus = read_fasta(shared_data / "shippable" / "loci.GRCh38.fa")["chr11:5224656-5227595"]
    first = 5_224_656
    exons = [(5_226_930, 5_227_021), (5_226_577, 5_226_799), (5_225_598, 5_225_726)]
    spliced = "".join(reverse_complement(locus[start - first : end - first + 1]) for start, end in exons)
    assert transgene("HBB").cds == spliced


@pytest.mark.parametrize(
    ("gene", "transcript"),
    [
        ("SMN1", "NM_000344"),
        ("ARSA", "NM_000487"),
        ("CFTR", "NM_000492"),
        ("HEXB", "NM_000521"),
        ("TYMP", "NM_001953"),
    ],
)
def test_coding_sequence_is_that_of_the_genome(gene, transcript, shared_data):
    spans = set()
    with gzip.open(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            if f'"{transcript}.' in line:
                fields = line.split("\t")
                if fields[2] in {"CDS", "stop_codon"}:
                    spans.add((fields[0], int(fields[3]), int(fields[4]), fields[6]))
    with pysam.FastaFile(str(shared_data / "genome" / "GRCh38.windows.fa.gz")) as windows:
        pieces = []
        for chromosome, start, end, _ in sorted(spans):
            for name in windows.references:
                window, _, span = name.partition(":")
                low, _, high = span.partition("-")
                if window == chromosome and high and int(low) <= start and end <= int(high):
                    pieces.append(windows.fetch(name, start - int(low), end - int(low) + 1).upper())
                    break
    coding = "".join(pieces)
    minus = next(iter(spans))[3] == "-"
    assert (reverse_complement(coding) if minus else coding) == transgene(gene).cds


def test_a_gene_without_sequence_says_what_to_give():
    with pytest.raises(InputError, match="with its length only"):
        transgene("F9")
    with pytest.raises(InputError, match="not in the catalogue"):
        transgene("ZZZ")


def test_versions_cover_the_transgenes():
    assert "transgenes.toml" in dict(catalogue_versions())


GOOD = """as_of = "2026-11-26"
[X]
gene = "X"
name = "x"
protein_aa = 2
transcript = "NM_1"
cds = "ATGGAATAA"
sources = ["refseq:NM_1"]
"""


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("protein_aa = 2", "protein_aa = 3", "12 bases"),
        ("ATGGAATAA", "ATGTAATAA", "only stop"),
        ("ATGGAATAA", "CTGGAATAA", "start codon"),
        ("ATGGAATAA", "ATGGANTAA", "A, C, G, T"),
        ('transcript = "NM_1"\n', "", "names its record"),
        ('gene = "X"', 'gene = "Y"', "form"),
        ("[X]", "[X]\nchecked = true", "go together"),
    ],
)
def test_refuses_rows_that_contradict_themselves(before, after, what):
    assert load_rows("x.toml", TransgeneRow, text=GOOD)
    with pytest.raises(ProblemsError, match=what):
        load_rows("x.toml", TransgeneRow, text=GOOD.replace(before, after, 1))
