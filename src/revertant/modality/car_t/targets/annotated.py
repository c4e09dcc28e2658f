"""Single cells with their annotations (AnnData, ``.h5ad``), summed up by cluster while the file is read in pieces.

The file holds cells by genes, and columns that say of each cell which cluster it is of and whether it is malignant or
of which organ. What is kept is small: of each gene and cluster the sum of its counts and the cells that have any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from revertant.errors import InputError, UsageError
from revertant.modality.car_t.targets.cells import MALIGNANT, group_of
from revertant.modality.car_t.targets.clusters import ClusterShare, ClusterTable
from revertant.modality.car_t.targets.expression import (
    ExpressionTable,
    ExpressionUnit,
    expression_of,
    is_accession,
)
from revertant.modality.car_t.targets.symbols import SymbolTable, catalogue_symbols, symbol_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["AnnotatedCells", "Annotation", "is_annotated", "read_annotated"]

#: Cells that are held at once.
_BLOCK = 2000


def is_annotated(path: Path | str) -> bool:
    """Whether a file is one of annotated cells, by its name.

    Examples
    --------
    >>> is_annotated("cells.h5ad"), is_annotated("clusters.tsv")
    (True, False)
    """
    return Path(path).suffix.lower() == ".h5ad"


@dataclass(frozen=True, slots=True)
class Annotation:
    """What the columns of a file mean.

    Parameters
    ----------
    group
        Column of the cells that says ``malignant``, or of which organ a normal cell is.
    cluster
        Column of the cells that names their cluster; empty takes the groups themselves.
    malignant
        What the column of groups says of malignant cells.
    gene
        Column of the genes that holds their symbols; empty takes their names.
    layer
        Layer with the counts; empty takes the matrix itself.
    """

    group: str
    cluster: str = ""
    malignant: str = MALIGNANT
    gene: str = ""
    layer: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class AnnotatedCells:
    """Cells summed up by cluster.

    Parameters
    ----------
    path
        The file.
    genes
        As the file names them.
    clusters
        ``(cluster, group, cells)``; the group is ``malignant`` or an organ.
    sums, positive
        Genes by clusters: the sum of their values, and how many cells have one above zero.
    whole
        Whether every value is a whole number, as counts are.
    known
        Known symbols.
    """

    path: Path
    genes: tuple[str, ...]
    clusters: tuple[tuple[str, str, int], ...]
    sums: NDArray[np.float64]
    positive: NDArray[np.int64]
    whole: bool
    known: SymbolTable

    def shares(self) -> ClusterTable:
        """Return which share of the cells of each cluster carries each gene.

        Raises
        ------
        InputError
            When no cluster is malignant, or a gene stands twice.
        """
        if not any(group == MALIGNANT for _, group, _ in self.clusters):
            raise InputError(
                "No cell is malignant.",
                where=str(self.path),
                remedy="State what the column of groups says of malignant cells (files.malignant_label).",
            )
        rows: dict[str, tuple[ClusterShare, ...]] = {}
        for gene, row in zip(self.genes, self.positive.tolist(), strict=True):
            symbol = self.known.resolve(gene) or gene.upper()
            if symbol in rows:
                raise InputError(
                    f"{symbol} stands more than once.", where=str(self.path), remedy="Keep one row of it."
                )
            rows[symbol] = tuple(
                ClusterShare(cluster, group, cells, count / cells)
                for (cluster, group, cells), count in zip(self.clusters, row, strict=True)
            )
        return ClusterTable(self.path.name, rows)

    def expression(self, *, malignant: bool) -> ExpressionTable:
        """Return counts per million of each cluster: of the malignant ones, or of the organs.

        Parameters
        ----------
        malignant
            Which of them. Malignant clusters stand under their own names, normal ones under their organ's.

        Raises
        ------
        InputError
            When there are none of them, or the values are no counts.
        """
        chosen = [at for at, (_, group, _) in enumerate(self.clusters) if (group == MALIGNANT) is malignant]
        if not chosen:
            raise InputError(
                f"No cell is {'malignant' if malignant else 'of a normal organ'}.",
                where=str(self.path),
                remedy="Name the column of groups (files.group_column), and what it says of malignant cells "
                "(files.malignant_label).",
            )
        if not self.whole:
            raise InputError(
                "The values are no counts: not all of them are whole numbers.",
                where=str(self.path),
                remedy="Name the layer that holds the counts (files.matrix_layer).",
                code="no-counts",
            )
        names = [
            cluster if malignant else _organ(group, at, self.clusters)
            for at, (cluster, group, _) in ((at, self.clusters[at]) for at in chosen)
        ]
        given = list(enumerate(self.genes, start=1))
        return expression_of(
            self.path, tuple(names), given, self.sums[:, chosen], unit=ExpressionUnit.COUNTS, known=self.known
        )


def _organ(group: str, at: int, clusters: Sequence[tuple[str, str, int]]) -> str:
    """The organ as a sample is named: with a number where it has several clusters."""
    alike = [number for number, (_, other, _) in enumerate(clusters) if other == group]
    return group if len(alike) == 1 else f"{group}:{alike.index(at) + 1}"


def read_annotated(
    path: Path | str, annotation: Annotation, *, symbols: SymbolTable | None = None
) -> AnnotatedCells:
    """Read annotated cells, and sum them up by cluster.

    Parameters
    ----------
    path
        The file.
    annotation
        What its columns mean.
    symbols
        Known symbols, for other names of genes; ``None`` knows the antigens of the catalogue.

    Raises
    ------
    UsageError
        Without the library anndata (code ``no-anndata``), or when no column of groups is named.
    InputError
        For a file that cannot be read, has no such column or layer, leaves cells without a label, holds negative
        values, or names genes by accession only.
    """
    place, where = Path(path), str(path)
    if not annotation.group:
        raise UsageError(
            "Which cells are malignant is not stated.",
            remedy="Name the column that says so, or the organ of a normal cell (files.group_column).",
            code="no-groups",
        )
    io, h5py = _library()
    try:
        with h5py.File(place, "r") as file:
            cells, genes = io.read_elem(file["obs"]), io.read_elem(file["var"])
            matrix = _matrix(file, annotation.layer, io, where)
            labels, clusters = _clusters(cells, annotation, where)
            names = _names(genes, annotation.gene, where)
            sums, positive, whole = _summed(matrix, labels, len(clusters), len(names), where)
    except (OSError, KeyError) as error:
        raise InputError(
            f"This is no file of annotated cells that can be read: {error}.",
            where=where,
            remedy="Write it with anndata's write_h5ad.",
        ) from error
    return AnnotatedCells(place, names, clusters, sums, positive, whole, symbols or catalogue_symbols())


def _library() -> tuple[Any, Any]:
    try:
        import h5py  # noqa: PLC0415 - an extra
        from anndata import io  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            "Files of annotated cells (.h5ad) need the library anndata.",
            remedy='Install it with: pip install "revertant[anndata]"; or give tables of tab-separated text.',
            code="no-anndata",
        ) from error
    return io, h5py


def _matrix(file: Any, layer: str, io: Any, where: str) -> Any:
    """The matrix or a layer, as something that gives its rows block by block."""
    if layer:
        layers = file.get("layers", {})
        if layer not in layers:
            known = ", ".join(sorted(layers)) or "none"
            raise InputError(
                f"There is no layer {layer!r}.", where=where, remedy=f"There are: {known}.", code="no-layer"
            )
        element = layers[layer]
    else:
        element = file["X"]
    kind = element.attrs.get("encoding-type", "")
    if kind == "csr_matrix":
        return io.sparse_dataset(element)
    if kind == "csc_matrix":
        # Cells of a matrix that is laid by genes cannot be read block by block.
        return io.read_elem(element).tocsr()
    return element


def _column(table: Any, name: str, of: str, where: str) -> list[str]:
    if name not in table.columns:
        known = ", ".join(map(str, table.columns)) or "none"
        raise InputError(
            f"The {of} have no column {name!r}.", where=where, remedy=f"There are: {known}.", code="no-column"
        )
    column = table[name]
    empty = int(column.isna().sum())
    if empty:
        raise InputError(
            f"Of {len(column):,} {of} {empty:,} have nothing in the column {name!r}.",
            where=where,
            remedy="Label them, or leave them out of the file.",
            code="no-label",
        )
    return [str(value).strip() for value in column]


def _clusters(
    cells: Any, annotation: Annotation, where: str
) -> tuple[list[int], tuple[tuple[str, str, int], ...]]:
    """The number of each cell's cluster, and the clusters; one with cells of several groups is as many clusters."""
    groups = _column(cells, annotation.group, "cells", where)
    if annotation.malignant != MALIGNANT and annotation.malignant not in groups:
        raise InputError(
            f"No cell has {annotation.malignant!r} in the column {annotation.group!r}.",
            where=where,
            remedy=f"It says: {', '.join(sorted(set(groups))[:10])}.",
            code="no-malignant",
        )
    read = {group: group_of(group, where) for group in dict.fromkeys(groups) if group != annotation.malignant}
    groups = [read.get(group, MALIGNANT) for group in groups]
    named = _column(cells, annotation.cluster, "cells", where) if annotation.cluster else groups
    pairs = list(zip(named, groups, strict=True))
    kinds: dict[str, set[str]] = {}
    for cluster, group in pairs:
        kinds.setdefault(cluster, set()).add(group)
    order = {pair: number for number, pair in enumerate(sorted(set(pairs)))}
    labels = [order[pair] for pair in pairs]
    counts: Mapping[int, int] = _counted(labels)
    clusters = tuple(
        (cluster if len(kinds[cluster]) == 1 else f"{cluster} ({group})", group, counts[number])
        for (cluster, group), number in order.items()
    )
    return labels, clusters


def _counted(labels: Sequence[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
    return counts


def _names(genes: Any, column: str, where: str) -> tuple[str, ...]:
    names = _column(genes, column, "genes", where) if column else [str(name).strip() for name in genes.index]
    for name in names:
        symbol_text(name, where)
    accessions = sum(map(is_accession, names))
    if 2 * accessions > len(names):
        known = ", ".join(map(str, genes.columns)) or "none"
        raise InputError(
            f"{accessions:,} of {len(names):,} genes are named by accession, such as {names[0]}.",
            where=where,
            remedy=f"Name the column of the genes that holds their symbols (files.gene_column). There are: {known}.",
            code="no-symbols",
        )
    return tuple(names)


def _blocks(matrix: Any, cells: int) -> Iterator[tuple[int, Any]]:
    for start in range(0, cells, _BLOCK):
        yield start, matrix[start : min(start + _BLOCK, cells)]


def _summed(
    matrix: Any, labels: Sequence[int], clusters: int, genes: int, where: str
) -> tuple[NDArray[np.float64], NDArray[np.int64], bool]:
    import numpy as np  # noqa: PLC0415 - heavy
    from scipy import sparse  # noqa: PLC0415 - comes with anndata

    if tuple(matrix.shape) != (len(labels), genes):
        raise InputError(
            f"The matrix has {matrix.shape[0]:,} cells and {matrix.shape[1]:,} genes, its tables {len(labels):,} and "
            f"{genes:,}.",
            where=where,
            remedy="Write the file again.",
        )
    numbers = np.array(labels, np.int64)
    sums, positive = np.zeros((genes, clusters)), np.zeros((genes, clusters), np.int64)
    whole = True
    for start, rows in _blocks(matrix, len(labels)):
        block = sparse.csr_matrix(rows, dtype=np.float64)
        if not np.isfinite(block.data).all() or (block.data < 0).any():
            raise InputError(
                "A value is negative or no number: these are scaled or centred, and say nothing of which cells carry a "
                "gene.",
                where=where,
                remedy="Name the layer that holds the counts (files.matrix_layer).",
                code="no-counts",
            )
        whole = whole and bool((block.data == np.round(block.data)).all())
        here = numbers[start : start + block.shape[0]]
        of_cluster = sparse.csr_matrix(
            (np.ones(len(here)), (here, np.arange(len(here)))), (clusters, len(here))
        )
        sums += (of_cluster @ block).toarray().T
        block.data = (block.data > 0).astype(np.float64)
        positive += (of_cluster @ block).toarray().T.astype(np.int64)
    return sums, positive, whole
