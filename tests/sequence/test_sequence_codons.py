"""The genetic code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.sequence import AMINO_ACIDS_3, CODONS, MITOCHONDRIAL_CODONS, STOPS, three_letter, translate


def test_each_table_holds_every_codon():
    assert len(CODONS) == len(MITOCHONDRIAL_CODONS) == 64
    assert set("".join(CODONS.values())) == set("ACDEFGHIKLMNPQRSTVWY*")


def test_standard_stops():
    assert {"TAA", "TAG", "TGA"} == STOPS


def test_the_mitochondrion_differs_in_four_codons():
    """NCBI table 2 against table 1."""
    differs = {
        codon: MITOCHONDRIAL_CODONS[codon] for codon in CODONS if CODONS[codon] != MITOCHONDRIAL_CODONS[codon]
    }
    assert differs == {"TGA": "W", "ATA": "M", "AGA": "*", "AGG": "*"}


def test_start_of_beta_globin():
    """NM_000518.5, the first codons: the mature chain starts with valine, and codon 7 of HGVS is glutamate."""
    assert translate("ATGGTGCATCTGACTCCTGAGGAG") == "MVHLTPEE"
    assert translate("ATGGTGCATCTGACTCCTGTGGAG") == "MVHLTPVE"


@pytest.mark.parametrize(
    ("coding", "residues"), [("", ""), ("AT", ""), ("ATGA", "M"), ("NNN", "X"), ("atg", "X")]
)
def test_edges(coding, residues):
    assert translate(coding) == residues


@given(st.lists(st.sampled_from(sorted(CODONS)), max_size=30))
def test_translation_goes_codon_by_codon(codons):
    assert translate("".join(codons)) == "".join(CODONS[codon] for codon in codons)


def test_three_letters():
    assert len(set(AMINO_ACIDS_3.values())) == len(AMINO_ACIDS_3) == 22
    assert three_letter("MX*") == "MetXaaTer"
    with pytest.raises(KeyError):
        three_letter("J")
