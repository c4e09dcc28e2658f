"""Generated single cells with gates planted in them: what the benchmark of the gate search runs on.

No cell of it is real. There are genes that are silent, genes of one to three organs, genes found everywhere, and genes
of the tumour that some organs have too; in every cell each gene is drawn on its own. Over these, one gate of each
form is planted, which attacks about 97 % of the malignant cells and fewer than 1 % of any organ, while none of its
parts does.
"""

from __future__ import annotations

import numpy as np

from revertant.modality.car_t.targets import MALIGNANT, Gate, pack_cells

ORGANS = (
    "blood", "bone marrow", "brain", "gut", "heart", "kidney", "liver", "lung", "pancreas", "skin", "spleen", "stomach",
)  # fmt: skip
#: Shares of genes that are silent, of few organs, found everywhere, and of the tumour.
KINDS = (0.50, 0.30, 0.15, 0.05)
_ON, _OFF = 0.985, 0.0005


def generate(genes=2886, cells=20_000, malignant=8_000, seed=1):
    """Return the packed cells and the planted gates."""
    draw = np.random.default_rng(seed)
    per_organ = np.full(len(ORGANS), (cells - malignant) // len(ORGANS))
    per_organ[: (cells - malignant) % len(ORGANS)] += 1
    group = np.repeat(np.arange(len(ORGANS) + 1), [malignant, *per_organ])
    share = draw.uniform(0, 0.005, (genes, len(ORGANS) + 1))
    kind = draw.choice(4, genes, p=KINDS)
    for gene in range(genes):
        places = 1 + draw.choice(len(ORGANS), draw.integers(1, 4), replace=False)
        if kind[gene] == 1:
            share[gene, places] = draw.uniform(0.1, 0.9, len(places))
            share[gene, 0] = draw.uniform(0, 0.3)
        elif kind[gene] == 2:
            share[gene] = np.clip(draw.uniform(0.2, 0.95) + draw.normal(0, 0.08, len(ORGANS) + 1), 0.01, 0.98)
        elif kind[gene] == 3:
            share[gene, places] = draw.uniform(0.05, 0.5, len(places))
            share[gene, 0] = draw.uniform(0.2, 0.8)
    table = np.empty((genes, cells), np.bool_)
    for gene in range(genes):
        table[gene] = draw.random(cells) < share[gene, group]
    names = [f"GENE{gene:04d}" for gene in range(genes)]
    planted = [
        _plant(form, draw, table, group, [f"P{form}{letter}" for letter in "ABC"[:antigens]], names)
        for form, antigens in ((0, 1), (1, 2), (2, 2), (3, 2), *((form, 3) for form in range(4, 12)))
    ]
    labels = [MALIGNANT if at == 0 else ORGANS[at - 1] for at in group.tolist()]
    return pack_cells(names, table, labels), tuple(planted)


def _plant(form, draw, table, group, antigens, names):
    """Give the genes at the end of the table, from the back, the patterns of one gate."""
    rows = [
        int(np.flatnonzero([not name.startswith("P") for name in names])[-1 - at])
        for at in range(len(antigens))
    ]
    for row, name in zip(rows, antigens, strict=True):
        names[row] = name
    cells = len(group)
    tumour = group == 0
    first, second, third = (group == 1 + organ for organ in draw.choice(len(ORGANS), 3, replace=False))
    half = draw.random(cells) < 0.5
    thirds = draw.integers(0, 3, cells)
    patterns = {
        0: [tumour],
        1: [tumour | first, tumour | second],
        2: [tumour & half, tumour & ~half],
        3: [tumour | first, first],
        4: [tumour | first | second, tumour | first | third, tumour | second | third],
        5: [tumour | first | third, tumour | second | third, third],
        6: [tumour | first | second, first, second],
        7: [tumour & (thirds == 0), tumour & (thirds == 1), tumour & (thirds == 2)],
        8: [tumour & half | first, tumour & ~half | first, tumour | second | third],
        9: [tumour & half | first, tumour & ~half | first, first],
        10: [tumour & half | first, tumour & half | second, tumour & ~half],
        11: [tumour & half | first, first, tumour & ~half],
    }[form]
    for row, on in zip(rows, patterns, strict=True):
        # A veto has to be there wherever it is needed, or the organ is not spared.
        table[row] = draw.random(cells) < np.where(on, np.where(tumour, _ON, 0.998), _OFF)
    return Gate.of(form, antigens)
