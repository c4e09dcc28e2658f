"""Genes of which too much does harm, held against ClinGen's own scores and the diseases HPO names."""

from __future__ import annotations

import gzip

from revertant.knowledge import dosage_facts, vehicles_for
from revertant.model import EditingPlace


def test_triplosensitive_genes_of_clingen_are_listed(shared_data):
    scores = {}
    path = shared_data / "genes" / "clingen_hg38_ClinGen_triplosensitivity_gene.bed"
    for line in path.read_text().splitlines()[1:]:
        *_, gene, score = line.split("\t")
        scores[gene] = score
    enough = {gene for gene, score in scores.items() if score == "3"}
    said = {gene for gene, fact in dosage_facts().items() if f"clingen:{gene}" in fact.sources}
    assert said == enough


def test_diseases_named_are_diseases_of_the_gene(shared_data):
    known = set()
    with gzip.open(shared_data / "genes" / "hpo_gene_to_disease.tsv.gz", "rt") as lines:
        for line in lines:
            _, gene, disease, *_ = line.split("\t")
            known.add((gene, disease.lower()))
    named = [(g, s) for g, fact in dosage_facts().items() for s in fact.sources if s.startswith("omim:")]
    assert len(named) >= 5
    assert set(named) <= known


def test_a_message_reaches_the_liver_to_add_a_gene_and_does_not_edit_there():
    adding = {fit.vehicle.key for fit in vehicles_for("liver", None, EditingPlace.IN_VIVO, "addition")}
    editing = {fit.vehicle.key for fit in vehicles_for("liver", None, EditingPlace.IN_VIVO)}
    assert "lnp_mrna_liver" in adding
    assert "lnp_mrna_liver" not in editing
