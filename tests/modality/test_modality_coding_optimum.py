"""The exact optimum against every sequence there is, and the table it rests on."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import product
from math import exp, log
from statistics import correlation

import pytest
import python_codon_tables
from hypothesis import given
from hypothesis import strategies as st

from revertant.genome import Reference, load_gene_models
from revertant.modality.gene_addition.coding import codon_adaptation_index, codon_usage
from revertant.modality.gene_addition.coding.optimum import (
    FORBIDDING,
    Prices,
    best_sequence,
    best_within_cpg,
    best_within_gc,
)
from revertant.modality.gene_addition.coding.usage import log_adaptiveness, synonyms
from revertant.sequence import CODONS, translate
from revertant.variant import coding_context

price = st.sampled_from((0.0, 0.1, 0.37, 1.0, 2.5))


def cost(bases: str, prices: Prices) -> float:
    """The same sum, counted on the finished sequence."""
    rarity = -sum(log_adaptiveness()[bases[at : at + 3]] for at in range(0, len(bases), 3))
    return (
        rarity
        + prices.cpg * bases.count("CG")
        + prices.thymine * bases.count("T")
        + prices.gc * (bases.count("G") + bases.count("C"))
    )


@given(
    st.text("ACDEFGHIKLMNPQRSTVWY", min_size=1, max_size=5),
    st.sampled_from(("TAA", "TAG", "TGA")),
    st.builds(Prices, price, price, st.sampled_from((-1.0, -0.2, 0.0, 0.2, 1.0))),
)
def test_no_sequence_costs_less(protein, stop, prices):
    found = best_sequence(protein, stop, prices)
    assert translate(found) == protein + "*"
    assert found.endswith(stop)
    every = ("".join(codons) + stop for codons in product(*(synonyms()[one] for one in protein)))
    assert cost(found, prices) == pytest.approx(min(cost(bases, prices) for bases in every))


@given(st.text("ACDEFGHIKLMNPQRSTVWY", min_size=1, max_size=200), st.integers(0, 30))
def test_a_budget_of_cpg_is_kept(protein, most):
    bases, prices = best_within_cpg(protein, "TGA", most, Prices())
    assert bases.count("CG") <= most
    assert bases == best_sequence(protein, "TGA", prices)
    assert best_sequence(protein, "TAA", Prices(cpg=FORBIDDING)).count("CG") == 0


@given(st.text("ACDEFGHIKLMNPQRSTVWY", min_size=30, max_size=100))
def test_gc_comes_nearer_to_its_target(protein):
    def away(bases):
        return abs((bases.count("G") + bases.count("C")) / len(bases) - 0.45)

    bases, _ = best_within_gc(protein, "TGA", 0.45, Prices(cpg=FORBIDDING))
    assert away(bases) <= away(best_sequence(protein, "TGA", Prices(cpg=FORBIDDING))) + 1e-9
    assert bases.count("CG") == 0


def test_no_codon_is_dearer_than_stated():
    """The prices of faults rest on it."""
    dearest = min(log_adaptiveness(), key=log_adaptiveness().get)
    assert dearest == "CTA"
    assert -log_adaptiveness()[dearest] == pytest.approx(log(0.40 / 0.07))


def test_usage_is_that_of_python_codon_tables():
    theirs = python_codon_tables.get_codons_table("h_sapiens_9606")
    assert {c: share for row in theirs.values() for c, share in row.items()} == dict(codon_usage().codons)


def test_usage_is_that_of_the_codon_usage_database(shared_data):
    with (shared_data / "codon" / "h_sapiens_9606.csv").open() as lines:
        rows = {
            row["codon"].replace("U", "T"): float(row["relative_frequency"]) for row in csv.DictReader(lines)
        }
    assert rows == dict(codon_usage().codons)


def test_usage_agrees_with_another_table(shared_data):
    """JBioSeqTools (MIT) has a table of its own: no codon of a residue differs by more than 0.02."""
    share = dict(codon_usage().codons)
    with (shared_data / "codon" / "jbst_human_codons.tsv").open() as lines:
        other = {row["Triplet"]: float(row["Fraction"]) for row in csv.DictReader(lines, delimiter="\t")}
    assert len(other) == 64
    assert max(abs(share[codon] - other[codon]) for codon in share if CODONS[codon] != "*") < 0.0201


def test_usage_agrees_with_genes_of_the_reference(shared_data):
    """Independent of the database: codons counted on one coding sequence of each gene in the windows."""
    reference = Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")
    models = load_gene_models(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz", reference)
    counts: Counter = Counter()
    genes = 0
    for gene in models.genes:
        whole = [
            one
            for one in models.of_gene(gene)
            if one.cds and one.contig != "chrM" and reference.covers(one.locus)
        ]
        if whole:
            longest = max(whole, key=lambda one: (one.coding_bases, one.transcript_id))
            bases = coding_context(longest, reference).coding
            counts.update(bases[at : at + 3] for at in range(0, len(bases) - 2, 3))
            genes += 1
    assert genes > 80
    residues: Counter = Counter()
    for codon, number in counts.items():
        residues[CODONS[codon]] += number
    pairs = [
        (share, counts[codon] / residues[CODONS[codon]])
        for codon, share in codon_usage().codons
        if CODONS[codon] not in "*MW"
    ]
    # Long genes poor in G and C (DMD, CFTR) weigh much in these windows.
    assert correlation(*zip(*pairs, strict=True)) > 0.9


@given(st.lists(st.sampled_from([c for c in CODONS if CODONS[c] != "*"]), min_size=1, max_size=30))
def test_index_is_the_geometric_mean(codons):
    share = dict(codon_usage().codons)
    best = {one: max(share[c] for c in same) for one, same in synonyms().items()}
    kept = [share[c] / best[CODONS[c]] for c in codons if CODONS[c] not in "MW"]
    expected = exp(sum(map(log, kept)) / len(kept)) if kept else 1.0
    assert codon_adaptation_index("".join(codons) + "TAA") == pytest.approx(expected)
