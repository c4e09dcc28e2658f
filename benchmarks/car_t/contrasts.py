"""Where known targets stand among membrane genes by the contrast of tumour against normal tissue.

    python benchmarks/car_t/contrasts.py

reads the log2 fold changes of TCGA tumours against normal tissue (5,257 genes of membrane proteins) of the test data
and prints the table of ``docs/benchmarks/car_t.md``. The tumours are those in which each antigen is a target.
"""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

from revertant.knowledge import antigen_named

DATA = Path(os.environ.get("REVERTANT_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
TABLE = DATA / "expression" / "cartar_log2FC_tcga_vs_gtex.csv.gz"
TARGETS = (
    ("CD19", "DLBC"), ("CD22", "DLBC"), ("MS4A1", "DLBC"), ("CD79B", "DLBC"), ("TNFRSF8", "DLBC"),
    ("CD7", "LAML"), ("CD33", "LAML"), ("IL3RA", "LAML"), ("CLEC12A", "LAML"), ("FLT3", "LAML"),
    ("ERBB2", "BRCA"), ("ERBB2", "STAD"), ("MSLN", "OV"), ("MSLN", "PAAD"), ("MSLN", "LUAD"),
    ("CLDN18", "STAD"), ("CLDN18", "PAAD"), ("GPC3", "LIHC"), ("CA9", "KIRC"), ("CD70", "KIRC"),
    ("CEACAM5", "COAD"), ("CEACAM5", "READ"), ("GUCY2C", "COAD"), ("CDH17", "COAD"), ("EPCAM", "COAD"),
    ("FOLH1", "PRAD"), ("PSCA", "PRAD"), ("STEAP1", "PRAD"), ("FOLR1", "OV"), ("MUC16", "OV"),
    ("CLDN6", "TGCT"), ("IL13RA2", "GBM"), ("EGFR", "GBM"), ("CD276", "GBM"), ("TACSTD2", "BLCA"),
    ("NECTIN4", "BLCA"), ("ROR1", "LUAD"),
)  # fmt: skip


def ranks():
    """Yield gene, tumour, log2 fold change, rank and number of genes; ``None`` where the table lacks the gene."""
    with gzip.open(TABLE, "rt", encoding="utf-8") as lines:
        rows = {row["gene"]: row for row in csv.DictReader(lines)}
    for gene, tumour in TARGETS:
        every = [float(row[tumour]) for row in rows.values() if row[tumour]]
        if gene not in rows:
            yield gene, tumour, None, None, len(every)
            continue
        value = float(rows[gene][tumour])
        yield gene, tumour, value, 1 + sum(other > value for other in every), len(every)


def main():
    """Print one row for each target."""
    print("| antigen | tumour | log2 fold change | rank | of | best |")
    print("|---|---|---|---|---|---|")
    found = []
    for gene, tumour, value, rank, count in ranks():
        assert antigen_named(gene) is not None
        if rank is None:
            print(f"| {gene} | {tumour} | not in the table | | {count:,} | |")
            continue
        found.append(rank / count)
        print(f"| {gene} | {tumour} | {value:.2f} | {rank:,} | {count:,} | {rank / count:.1%} |")
    top = sum(share <= 0.05 for share in found)
    print(
        f"\n{top} of {len(found)} are among the first 5 %; {sum(share > 0.5 for share in found)} in the lower half."
    )


if __name__ == "__main__":
    main()
