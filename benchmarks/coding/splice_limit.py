"""How many splice sites in use, and how many decoys, reach the limit at which a coding sequence calls a site cryptic.

    python benchmarks/coding/splice_limit.py

takes sites and decoys from benchmarks/splice/separation.py: the gene models of the test windows.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "splice"))
from separation import DATA, rows_of_gene

from revertant.genome import Reference, load_gene_models
from revertant.modality.gene_addition.coding import SPLICE_LIMIT_BITS
from revertant.prediction import SpliceKind


def main():
    reference = Reference.open(DATA / "genome" / "GRCh38.windows.fa.gz")
    models = load_gene_models(DATA / "genome" / "GRCh38.windows.refseq.gtf.gz", reference)
    found = {kind: ([], []) for kind in SpliceKind}
    for gene in models.genes:
        rows, _ = rows_of_gene(models, reference, gene)
        for kind, (scores, labels) in rows.items():
            found[kind][0].extend(scores)
            found[kind][1].extend(labels)
    print("kind\tbits\tshare of true sites\tdecoys for each true site")
    for kind, (all_scores, all_labels) in found.items():
        scores, labels = np.array(all_scores), np.array(all_labels, bool)
        for limit in sorted({3.0, SPLICE_LIMIT_BITS, 5.0, 6.0}):
            true = (scores[labels] >= limit).mean()
            decoys = (scores[~labels] >= limit).sum() / labels.sum()
            print(f"{kind}\t{limit:g}\t{true:.3f}\t{decoys:.1f}")


if __name__ == "__main__":
    main()
