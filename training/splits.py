"""Keeping test guides, and guides like them, out of every training set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

__all__ = ["families", "fold_of", "near_any", "overlaps_any"]

_PARTS = 4


def near_any(spacers: Sequence[str], tests: Iterable[str], most: int = 2) -> NDArray[np.bool_]:
    """Say for each 20-nt spacer whether a test spacer differs from it at ``most`` positions or fewer.

    Two spacers with at most two differences agree on two of four quarters: only those are compared in full.

    >>> near_any(["A" * 20, "A" * 17 + "CCC"], ["A" * 18 + "CC"]).tolist()
    [True, True]
    """
    if most > _PARTS - 2:
        raise ValueError("two quarters must agree")
    quarters = [slice(5 * i, 5 * i + 5) for i in range(_PARTS)]
    pairs = list(combinations(range(_PARTS), 2))
    index: dict[tuple[int, str], list[bytes]] = {}
    for test in sorted(set(tests)):
        for number, (a, b) in enumerate(pairs):
            index.setdefault((number, test[quarters[a]] + test[quarters[b]]), []).append(test.encode())
    tables = {key: np.array([list(test) for test in found], np.uint8) for key, found in index.items()}
    near = np.zeros(len(spacers), np.bool_)
    for row, spacer in enumerate(spacers):
        letters = np.frombuffer(spacer.encode(), np.uint8)
        for number, (a, b) in enumerate(pairs):
            table = tables.get((number, spacer[quarters[a]] + spacer[quarters[b]]))
            if table is not None and bool(((table != letters).sum(axis=1) <= most).any()):
                near[row] = True
                break
    return near


def overlaps_any(contexts: Sequence[str], tests: Iterable[str], length: int = 15) -> NDArray[np.bool_]:
    """Say for each context whether it shares a stretch with a test context, on either strand.

    Guides that overlap at one locus share cut-site effects, and the effect of their gene.

    >>> overlaps_any(["AAAACCCCGGGGTTTTA"], ["CCGGGGTTTTACCCCC"], 10).tolist()
    [True]
    """
    swap = str.maketrans("ACGT", "TGCA")
    known = set()
    for test in tests:
        for text in (test, test.translate(swap)[::-1]):
            known.update(text[i : i + length] for i in range(len(text) - length + 1))
    return np.array(
        [any(text[i : i + length] in known for i in range(len(text) - length + 1)) for text in contexts],
        np.bool_,
    )


def families(genes: Sequence[str], texts: Sequence[str], length: int = 15) -> list[str]:
    """Name the family of each row: its gene, joined with the genes whose texts share a stretch with its own.

    >>> families(["A", "B", "C"], ["ACGTACGT", "TTACGTAC", "GGGGGGGG"], 6)
    ['A', 'A', 'C']
    """
    parent = {gene: gene for gene in genes}

    def root(gene: str) -> str:
        while parent[gene] != gene:
            gene = parent[gene]
        return gene

    owners: dict[str, set[str]] = defaultdict(set)
    for gene, text in zip(genes, texts, strict=True):
        for i in range(len(text) - length + 1):
            owners[text[i : i + length]].add(gene)
    for together in owners.values():
        roots = sorted({root(gene) for gene in together})
        for other in roots[1:]:
            parent[other] = roots[0]
    return [root(gene) for gene in genes]


def fold_of(names: Sequence[str], folds: int) -> NDArray[np.int64]:
    """Give each row a fold by its name (a gene, a spacer): equal names share one, whatever the order of rows.

    >>> fold_of(["HBB", "CFTR", "HBB"], 5).tolist()
    [1, 2, 1]
    """
    import hashlib  # noqa: PLC0415 - next to its one use

    return np.array([int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % folds for name in names])
