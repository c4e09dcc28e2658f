"""Codon design at length: 520 random proteins of 50 to 4,000 residues, and every coding sequence of the windows.

    pytest -m long tests/modality/test_modality_coding_campaign.py -s

prints the figures of docs/benchmarks/coding.md.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import replace

import pytest
from coding_cases import LONGEST, SHORTEST, case, coding_sequences, judge

from revertant.genome import Reference, load_gene_models
from revertant.modality.gene_addition.coding import CodingOptions

CASES = 520


def tell(title: str, tally: Counter, seconds: float) -> None:
    lines = [title, *(f"  {name}: {tally[name]:,}" for name in sorted(tally))]
    lines.append(
        f"  processor seconds: {seconds:.0f}, for each kb designed {1000 * seconds / tally['bases']:.2f}"
    )
    sys.stdout.write("\n".join(("", *lines, "")))


@pytest.mark.long
def test_random_proteins_of_every_length():
    tally, began = Counter(), time.process_time()
    for seed in range(CASES):
        tally += judge(*case(seed))
    tell(f"{CASES} random proteins", tally, time.process_time() - began)
    lengths = [len(case(seed)[0].protein) for seed in range(CASES)]
    assert (min(lengths), max(lengths)) == (SHORTEST, LONGEST)
    could_fall = tally["with native"] - tally["native without CpG"]
    assert tally["all candidates below native"] >= 0.95 * could_fall


@pytest.mark.long
def test_every_coding_sequence_of_the_windows(shared_data):
    """One design for each distinct protein of the gene models, from its native spliced sequence."""
    reference = Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")
    models = load_gene_models(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz", reference)
    natives, refused = coding_sequences(models, reference)
    tally, began = Counter(), time.process_time()
    for transgene in natives:
        tally += judge(transgene, CodingOptions())
    tell("Coding sequences of the windows", tally, time.process_time() - began)
    sys.stdout.write(f"  not designed: {dict(refused)}\n")
    assert len(natives) > 150
    could_fall = tally["with native"] - tally["native without CpG"]
    assert tally["all candidates below native"] >= 0.95 * could_fall


def test_a_slice_of_the_campaign():
    """What the whole asserts, on short proteins of each kind."""
    tally = Counter()
    for seed in (10, 11, 12):
        transgene, options = case(seed)
        protein = transgene.protein[:80]
        tally += judge(replace(transgene, protein=protein, cds=""), options)
    assert tally["designs"] == 3
