"""Which route fits which therapeutic gene, and whether that agrees with what is done.

    python benchmarks/vectors/verdicts.py

judges every gene of ``tests/modality/golden/therapeutic_genes.tsv`` by its coding length (``genes.toml``) and prints
the table of ``docs/benchmarks/vectors.md``. A gene agrees when no route in practice is refused, and, where one AAV is
not among them, one whole AAV is not passed.
"""

from __future__ import annotations

import csv
from pathlib import Path

from revertant.knowledge import genes
from revertant.modality.gene_addition.oversized import routes_for_gene
from revertant.model import Status

GOLDEN = Path(__file__).parents[2] / "tests" / "modality" / "golden" / "therapeutic_genes.tsv"
COLUMNS = ("scAAV", "ssAAV", "mini_gene", "dual_AAV", "triple_AAV", "oversized_AAV", "lentiviral")
WORDS = {Status.PASS: "fits", Status.CAUTION: "barely", Status.FAIL: "no", Status.UNKNOWN: "in words"}


def rows():
    """Genes with what is done for them."""
    with GOLDEN.open() as handle:
        return list(csv.DictReader((line for line in handle if not line.startswith("#")), delimiter="\t"))


def agrees(row, options):
    """Whether the verdicts allow what is done, and pass no whole AAV where none is used."""
    practice = row["routes"].split(",")
    open_ = all(options[route].fit is not Status.FAIL for route in practice)
    one_aav = {"ssAAV", "scAAV", "lentiviral"} & set(practice)
    return open_ and (bool(one_aav) or options["ssAAV"].fit is not Status.PASS)


def main():
    """Print the table, and how many genes agree."""
    judged = []
    for row in rows():
        cds = genes()[row["gene"]].cds_bp
        options = {}
        for option in routes_for_gene(row["gene"], cds, row["tissue"]):
            options.setdefault(option.key, option)
        judged.append((row, cds, options))
    print("| gene | coding bp | " + " | ".join(COLUMNS) + " | packaged, one AAV | in practice | agrees |")
    print("|---|---|" + "---|" * len(COLUMNS) + "---|---|---|")
    for row, cds, options in judged:
        words = [WORDS[options[key].fit] if key in options else "" for key in COLUMNS]
        words = [
            "splits" if key == "dual_AAV" and word == "barely" else word
            for key, word in zip(COLUMNS, words, strict=True)
        ]
        packaged = f"{options['ssAAV'].packaged_bp[0]:,} bp"
        print(
            f"| {row['gene']} | {cds:,} | {' | '.join(words)} | {packaged} | {row['routes']}: {row['example']} | "
            f"{'yes' if agrees(row, options) else 'NO'} |"
        )
    good = sum(agrees(row, options) for row, _, options in judged)
    print(f"\n{good} of {len(judged)} genes agree.")


if __name__ == "__main__":
    main()
