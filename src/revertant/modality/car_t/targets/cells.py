"""Single cells as bits: which surface antigens each malignant cell and each normal cell of an organ carries.

A cell counts as positive for an antigen when anything of it was counted (or what the user says). In single-cell RNA
many cells that carry a protein show no transcript of it: shares of positive cells are lower bounds, for malignant
cells and for normal ones alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from revertant.errors import IncompatibleInputsError, InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["MALIGNANT", "PackedCells", "group_of", "pack_cells"]

#: The label of malignant cells; every other label is the organ of normal cells.
MALIGNANT = "malignant"
#: Words for malignant cells that name no organ: read as one, they would make the tumour a normal tissue.
_MEANT = frozenset(
    {"tumour", "tumor", "cancer", "neoplastic", "leukaemia", "leukemia", "lymphoma", "blast", "blasts"}
)
_WORD = 64


@dataclass(frozen=True, slots=True, eq=False)
class PackedCells:
    """A matrix of genes by cells, one bit each, grouped.

    Parameters
    ----------
    genes
        Symbols, one for each row.
    groups
        ``"malignant"`` first, then the organs by name.
    sizes
        Cells of each group.
    rows
        Genes by words of 64 cells; each group starts on a new word, and what is over is zero.
    starts
        First word of each group, and one past the last.
    counts
        Cells of each group (column) that carry each gene (row).
    """

    genes: tuple[str, ...]
    groups: tuple[str, ...]
    sizes: tuple[int, ...]
    rows: NDArray[np.uint64]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]

    @property
    def malignant_cells(self) -> int:
        """How many malignant cells there are."""
        return self.sizes[0]

    @property
    def normal_cells(self) -> int:
        """How many normal cells there are, in all organs."""
        return sum(self.sizes[1:])

    def positive(self, gene: str) -> Mapping[str, NDArray[np.bool_]]:
        """Return which cells of each group carry a gene, in the order they were given in."""
        import numpy as np  # noqa: PLC0415 - heavy; the value object is imported without it

        row = self.rows[self.genes.index(gene)]
        bits = np.unpackbits(row.view(np.uint8), bitorder="little").astype(bool)
        spans = zip(self.groups, self.sizes, self.starts.tolist(), strict=False)
        return {group: bits[start * _WORD : start * _WORD + size] for group, size, start in spans}


def group_of(label: str, where: str = "") -> str:
    """Return what a label says of cells: that they are malignant, or their organ.

    Parameters
    ----------
    label
        The label.
    where
        Where it stands, for the error.

    Raises
    ------
    InputError
        For another word for malignant cells.

    Examples
    --------
    >>> group_of("Malignant"), group_of(" bone marrow")
    ('malignant', 'bone marrow')
    """
    text = label.strip()
    if text.casefold() == MALIGNANT:
        return MALIGNANT
    if text.casefold() in _MEANT:
        raise InputError(
            f"{text!r} names no organ of normal cells.",
            where=where,
            remedy=f"Write {MALIGNANT!r} where the cells are malignant, else the organ they are from.",
        )
    return text


def pack_cells(genes: Sequence[str], positive: Any, labels: Sequence[str]) -> PackedCells:
    """Pack a table of genes by cells.

    Parameters
    ----------
    genes
        Symbols, one for each row.
    positive
        Genes by cells, true where the cell carries the gene; an array of numbers counts above zero.
    labels
        For each cell ``"malignant"`` or the organ of a normal cell.

    Returns
    -------
    PackedCells

    Raises
    ------
    InputError
        For a gene given twice, a cell without a label, numbers below zero.
    IncompatibleInputsError
        When the sizes differ, no cell is malignant or none is normal: nothing can be weighed then.

    Examples
    --------
    >>> cells = pack_cells(["CD19", "CD3E"], [[1, 1, 0], [0, 0, 1]], ["malignant", "malignant", "blood"])
    >>> cells.groups, cells.sizes, cells.rows.shape
    (('malignant', 'blood'), (2, 1), (2, 2))
    """
    import numpy as np  # noqa: PLC0415 - heavy

    table = np.asarray(positive)
    if table.shape != (len(genes), len(labels)):
        raise IncompatibleInputsError(
            f"The table has the shape {table.shape}, but there are {len(genes):,} genes and {len(labels):,} cells.",
            remedy="Give one row for each gene and one column for each cell.",
        )
    twice = sorted({gene for gene in genes if genes.count(gene) > 1}) if len(set(genes)) < len(genes) else []
    if twice:
        raise InputError(
            f"Genes stand in more than one row: {', '.join(twice[:10])}.", remedy="Merge these rows."
        )
    if table.dtype != np.bool_ and np.any(table < 0):
        raise InputError(
            "There are negative numbers among the counts.",
            remedy="Give counts as they were, not centred or scaled.",
        )
    read = {label: group_of(label) for label in dict.fromkeys(labels)}
    kinds = np.array([read[label] for label in labels])
    if np.any(kinds == ""):
        raise InputError(
            f"{int(np.sum(kinds == '')):,} cells have no label.",
            remedy=f"Label each cell '{MALIGNANT}' or with the organ of a normal cell.",
        )
    organs = sorted(set(kinds.tolist()) - {MALIGNANT})
    if not organs or not np.any(kinds == MALIGNANT):
        lacking = "normal" if not organs else "malignant"
        raise IncompatibleInputsError(
            f"No cell is {lacking}: neither safety nor coverage can be weighed against the other.",
            remedy=f"Label malignant cells '{MALIGNANT}' and normal cells with their organ.",
        )
    groups = (MALIGNANT, *organs)
    packed, starts, sizes, counts = [], [0], [], []
    for group in groups:
        chosen = table[:, kinds == group] > 0
        size = chosen.shape[1]
        words = -(-size // _WORD)
        padded = np.zeros((len(genes), words * _WORD), np.bool_)
        padded[:, :size] = chosen
        packed.append(np.packbits(padded, axis=1, bitorder="little").view(np.uint64))
        starts.append(starts[-1] + words)
        sizes.append(size)
        counts.append(np.sum(chosen, axis=1, dtype=np.int64))
    rows = np.ascontiguousarray(np.concatenate(packed, axis=1))
    return PackedCells(
        tuple(genes), groups, tuple(sizes), rows, np.array(starts, np.int64), np.stack(counts, axis=1)
    )
