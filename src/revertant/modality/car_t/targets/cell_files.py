"""Reads single cells from a Matrix Market file with its genes and the labels of its cells."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome.compression import open_text
from revertant.knowledge import GeneList
from revertant.modality.car_t.targets.cells import PackedCells, pack_cells
from revertant.modality.car_t.targets.symbols import SymbolTable, catalogue_symbols, symbol_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["read_cells"]

_LINES = 1_000_000
_HEAD = "%%matrixmarket matrix coordinate {kind} general"


def read_cells(
    matrix: Path | str,
    genes: Path | str,
    labels: Path | str,
    *,
    surfaceome: GeneList | None = None,
    symbols: SymbolTable | None = None,
    least_count: float = 1,
) -> PackedCells:
    r"""Read counts of single cells.

    Parameters
    ----------
    matrix
        Matrix Market coordinate file, plain or gzip: genes by cells.
    genes
        One gene a line, in the order of the rows: a symbol, or tab-separated fields of which the second is the symbol
        (as 10x writes them).
    labels
        One line a cell, in the order of the columns: ``malignant`` or the organ of a normal cell; of tab-separated
        fields the last.
    surfaceome
        Genes to keep; ``None`` keeps all.
    symbols
        Known symbols, for other names of genes; ``None`` knows the antigens of the catalogue.
    least_count
        Count from which a cell carries a gene.

    Raises
    ------
    InputError
        When a file is malformed, or a gene stands in two rows that are kept.
    IncompatibleInputsError
        When the sizes of the three files differ, or malignant or normal cells lack.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     place = Path(folder)
    ...     _ = (place / "m.mtx").write_text(
    ...         "%%MatrixMarket matrix coordinate integer general\n2 3 3\n1 1 4\n1 2 1\n2 3 7\n"
    ...     )
    ...     _ = (place / "genes.txt").write_text("CD19\nCD3E\n")
    ...     _ = (place / "cells.txt").write_text("malignant\nmalignant\nblood\n")
    ...     cells = read_cells(place / "m.mtx", place / "genes.txt", place / "cells.txt")
    >>> cells.genes, cells.counts.tolist()
    (('CD19', 'CD3E'), [[2, 0], [0, 1]])
    """
    import numpy as np  # noqa: PLC0415 - heavy

    known = symbols or catalogue_symbols()
    names = [_symbol(line, known, f"{genes}: line {number}") for number, line in enumerate(_lines(genes), 1)]
    kinds = [line.split("\t")[-1].strip() for line in _lines(labels)]
    kept = [row for row, name in enumerate(names) if surfaceome is None or name in surfaceome]
    if not kept:
        raise IncompatibleInputsError(
            "None of the genes is on the list of surface proteins.",
            where=str(genes),
            remedy="Give gene symbols.",
        )
    place_of = np.full(len(names), -1, np.int64)
    place_of[kept] = np.arange(len(kept))
    table = np.zeros((len(kept), len(kinds)), np.bool_)
    for rows, columns, counts in _entries(Path(matrix), len(names), len(kinds)):
        places = place_of[rows]
        chosen = (places >= 0) & (counts >= least_count)
        table[places[chosen], columns[chosen]] = True
    if not table.any():
        raise InputError(
            f"No cell carries any of the {len(kept):,} genes that can be on its surface: all values are 0.",
            where=str(matrix),
            remedy="Look whether genes, labels and matrix belong together.",
        )
    return pack_cells([names[row] for row in kept], table, kinds)


def _lines(path: Path | str) -> Iterator[str]:
    with open_text(Path(path)) as lines:
        yield from (line.rstrip("\r\n") for line in lines)


def _symbol(line: str, known: SymbolTable, where: str) -> str:
    fields = line.split("\t")
    name = fields[min(1, len(fields) - 1)].strip()
    return known.resolve(name) or symbol_text(name, where).upper()


def _entries(
    path: Path, genes: int, cells: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
    """Yield blocks of zero-based rows, columns and counts."""
    import numpy as np  # noqa: PLC0415 - heavy

    where = str(path)
    with open_text(path) as lines:
        kind = next(lines, "").lower().split()
        if kind not in (_HEAD.format(kind="integer").split(), _HEAD.format(kind="real").split()):
            raise InputError(
                "This is no Matrix Market file of counts in coordinates.",
                where=f"{where}: line 1",
                remedy="Write it with '%%MatrixMarket matrix coordinate integer general' (scipy.io.mmwrite).",
            )
        sizes = next((line.split() for line in lines if not line.startswith("%")), [])
        if len(sizes) != 3 or not all(size.isdigit() for size in sizes):
            raise InputError("The line of sizes is missing.", where=where, remedy="Write the file again.")
        if (int(sizes[0]), int(sizes[1])) != (genes, cells):
            raise IncompatibleInputsError(
                f"The matrix has {int(sizes[0]):,} genes and {int(sizes[1]):,} cells, the other files {genes:,} and "
                f"{cells:,}.",
                where=where,
                remedy="Give genes as rows and cells as columns, and the files that belong to it.",
            )
        left = int(sizes[2])
        while block := list(islice(lines, _LINES)):
            try:
                entries = np.loadtxt(block, ndmin=2)
            except ValueError as error:
                raise InputError(
                    f"An entry is malformed: {error}.", where=where, remedy="Write it again."
                ) from error
            if (
                entries.shape[1:] != (3,)
                or entries[:, :2].min() < 1
                or np.any(entries[:, :2].max(axis=0) > (genes, cells))
            ):
                raise InputError(
                    "An entry does not name a row, a column and a count of the matrix.",
                    where=where,
                    remedy="Write the file again.",
                )
            if not np.all(entries == np.round(entries)) or entries[:, 2].min() < 0:
                raise InputError(
                    "Counts are whole numbers of 0 or more, and some of these are not: they are normalised, centred or "
                    "scaled, and say nothing of which cells carry a gene.",
                    where=where,
                    remedy="Write the counts as they were.",
                    code="no-counts",
                )
            left -= len(entries)
            yield entries[:, 0].astype(np.int64) - 1, entries[:, 1].astype(np.int64) - 1, entries[:, 2]
        if left:
            raise InputError(
                f"The file ends early or late: {abs(left):,} entries {'lack' if left > 0 else 'too many'}.",
                where=where,
                remedy="Copy it again.",
                code="truncated",
            )
