"""SMN2 makes the protein of SMN1: the row is verified on the coding sequence."""

from __future__ import annotations

from revertant.genome import load_gene_models
from revertant.genome.reference import Reference
from revertant.knowledge import find_gene, paralogue, paralogues_of
from revertant.sequence import translate
from revertant.variant import coding_context


def test_smn2_stands_beside_smn1():
    row = paralogue("SMN2")
    assert row is not None
    assert (row.of, row.checked) == ("SMN1", True)
    assert (paralogues_of("SMN1"), paralogues_of("HBB")) == ((row,), ())
    assert find_gene(row.of) is not None
    assert not list(row.problems())


def test_the_base_that_differs_is_silent(shared_data):
    """c.840C>T in the codon of residue 280, on the genome's own SMN1."""
    reference = Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")
    models = load_gene_models(str(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz"), reference)
    coding = coding_context(models.choose("SMN1").transcript, reference).coding
    assert coding[839] == "C"
    changed = coding[:839] + "T" + coding[840:]
    assert translate(changed) == translate(coding)
    assert translate(coding)[279] == "F"
