"""Tiny tumour cases for the tests of the tumour's line."""

from __future__ import annotations

HEAD = """
id: tumour
subject: {id: s, age: P9Y, weight_kg: 28}
diseases: [{id: "ICD10:C91.0", label: B-cell acute lymphoblastic leukemia}]
consent: yes
jurisdiction: US
"""
TUMOUR = "gene\tT1\nCD19\t210\nCD22\t90\nGAPDH\t2500\n"
HGNC = "symbol\talias_symbol\tprev_symbol\nNECTIN1\tHIgR|SK-12\tPVRL1|HVEC\nGAPDH\t\t\nAAA1\tTWIN\t\nAAA2\tTWIN\t\n"


def cells(shares: dict[str, dict[str, list[int]]]) -> dict[str, str]:
    """Files of single cells: for each gene, and each group, which cells carry it."""
    genes = list(shares)
    groups = list(next(iter(shares.values())))
    labels = [group for group in groups for _ in shares[genes[0]][group]]
    entries = []
    for row, gene in enumerate(genes, start=1):
        carried = [value for group in groups for value in shares[gene][group]]
        entries += [f"{row} {column} {value}" for column, value in enumerate(carried, start=1) if value]
    head = f"%%MatrixMarket matrix coordinate integer general\n{len(genes)} {len(labels)} {len(entries)}\n"
    return {
        "m.mtx": head + "\n".join(entries) + "\n",
        "g.tsv": "\n".join(genes) + "\n",
        "l.tsv": "\n".join(labels) + "\n",
    }


FILES_OF_CELLS = "cell_matrix: m.mtx, cell_genes: g.tsv, cell_labels: l.tsv"
