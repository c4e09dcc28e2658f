"""What a vector is to carry: files of every kind, and the native sequence of a transcript."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modality_cases import CODE, target_of, toy_gene

from revertant.errors import InputError
from revertant.genome import Reference
from revertant.modality.gene_addition.transgene import native_transgene, parse_transgene, read_transgene
from revertant.model import Strand, Transcript

ONE = {"Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E", "Gly": "G", "His": "H",
       "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F", "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W",
       "Tyr": "Y", "Val": "V"}  # fmt: skip
SENSE = sorted(codon for codon, residue in CODE.items() if residue != "Ter")


@given(st.lists(st.sampled_from(SENSE), min_size=1, max_size=60), st.sampled_from(["TAA", "TAG", "TGA"]))
def test_a_coding_sequence_gives_the_protein_an_independent_table_gives(codons, stop):
    coding = "ATG" + "".join(codons) + stop
    read = parse_transgene(f">g\n{coding.lower()}\n")
    assert read.cds == coding
    assert read.protein == "M" + "".join(ONE[CODE[codon]] for codon in codons)


@given(st.text(alphabet="ACDEFGHIKLMNPQRSTVWY", min_size=1, max_size=80))
def test_a_protein_comes_back_as_it_is(body):
    if set(body) <= set("ACGTN"):
        body += "W"
    read = parse_transgene(f">p some protein\nM{body}*\n")
    assert (read.name, read.protein, read.cds) == ("p", "M" + body, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-transgene"),
        (">x\n", "empty-transgene"),
        (">x\nMAW\n>y\nMAW\n", "several-records"),
        (">x\nATGAAATAAAAATAA\n", "stop-inside"),
        (">x\nATGAAA\n", "no-stop"),
        (">x\nATGAATAA\n", "no-frame"),
        (">x\nCTGAAATAA\n", "no-start"),
        (">x\nATGNAATAA\n", "ambiguous-base"),
        (">x\nATGTAA\n", "empty-transgene"),
        (">x\nAWKL\n", "no-start"),
        (">x\nMAW*KL\n", "stop-inside"),
        (">x\nMAWXKL\n", "bad-residue"),
        (">x\nMAWUKL\n", "bad-residue"),
        (">x\nMAW1KL\n", "bad-letter"),
    ],
)
def test_what_is_no_transgene_is_refused_with_a_remedy(text, code):
    with pytest.raises(InputError) as caught:
        parse_transgene(text, where="x.fa")
    assert caught.value.code == code
    assert caught.value.remedy
    assert caught.value.where == "x.fa"


def test_names():
    assert (
        parse_transgene(">sp|Q16637|SMN_HUMAN Survival motor neuron OS=Homo sapiens GN=SMN1 PE=1\nMAW").name
        == "SMN1"
    )
    assert parse_transgene(">sp|Q16637|SMN_HUMAN\nMAW").name == "SMN_HUMAN"
    assert parse_transgene("MAW", "my gene/x").name == "my-gene-x"


def test_files(tmp_path):
    path = tmp_path / "GENE.fa.gz"
    with gzip.open(path, "wt") as handle:
        handle.write("AUGGCUUGGUAA\n")
    read = read_transgene(path)
    assert (read.name, read.cds, read.source) == ("GENE", "ATGGCTTGGTAA", str(path))
    with pytest.raises(InputError, match="no such file"):
        read_transgene(tmp_path / "absent.fa")


@pytest.mark.parametrize("minus", [False, True])
def test_the_native_sequence_is_spliced_from_the_reference(minus):
    reference, transcript = toy_gene(minus=minus)
    read = native_transgene(target_of(transcript), reference)
    assert read.name == "TOY"
    assert read.source == "NM_9.1"
    assert read.protein.startswith("MAAAAQLWDRKVQ")
    assert len(read.cds) == 3 * len(read.protein) + 3


def test_a_transcript_that_codes_for_nothing_or_for_selenocysteine_is_refused():
    reference, transcript = toy_gene()
    silent = Transcript("NR_1.1", "TOY", "toy", Strand.PLUS, transcript.exons)
    with pytest.raises(InputError, match="no coding sequence"):
        native_transgene(target_of(silent), reference)
    bases = "ATGGCTTGAGCTTAA"
    selenium = Transcript("NM_2.1", "SEL", "c", Strand.PLUS, ((0, 15),), (0, 15))
    with pytest.raises(InputError, match="selenocysteine at residue 3"):
        native_transgene(target_of(selenium), Reference.from_sequences({"c": bases}))


def test_the_shipped_genes(shared_data):
    smn = read_transgene(shared_data / "shippable" / "SMN1_protein.fasta")
    rpe65 = read_transgene(shared_data / "shippable" / "RPE65_cds.fasta")
    assert len(smn.protein) == 294
    assert (len(rpe65.protein), len(rpe65.cds)) == (533, 1602)
