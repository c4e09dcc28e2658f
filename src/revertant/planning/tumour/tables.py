"""What was measured of a tumour, read from the files a case names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from revertant.errors import UsageError
from revertant.modality.car_t.targets import (
    ClusterTable,
    ExpressionTable,
    ExpressionUnit,
    PackedCells,
    read_cells,
    read_clusters,
    read_expression,
)
from revertant.model import CaseFiles

__all__ = ["TumourTables", "read_tumour_tables", "tumour_files"]


@dataclass(frozen=True, slots=True)
class TumourTables:
    """Tables of one tumour; ``None`` where none was given.

    Parameters
    ----------
    tumour, normals
        Expression of the tumour's and of normal samples.
    clusters
        Single cells summed up by cluster.
    cells
        Single cells themselves.
    """

    tumour: ExpressionTable | None = None
    normals: ExpressionTable | None = None
    clusters: ClusterTable | None = None
    cells: PackedCells | None = None


def read_tumour_tables(files: CaseFiles) -> TumourTables:
    """Read every table of a tumour that a case names.

    Parameters
    ----------
    files
        The case's files. Both tables of expression have the case's unit, TPM when it states none.

    Raises
    ------
    UsageError
        When some of the three files of single cells are named and others are not.
    InputError
        Whatever is wrong with a table.

    Examples
    --------
    >>> read_tumour_tables(CaseFiles()).tumour
    """
    unit = ExpressionUnit(files.expression_unit) if files.expression_unit else ExpressionUnit.TPM
    three = (files.cell_matrix, files.cell_genes, files.cell_labels)
    if any(three) and not all(three):
        raise UsageError(
            "Single cells need three files: the matrix, its genes and its labels.",
            remedy="Set files.cell_matrix, files.cell_genes and files.cell_labels.",
        )
    return TumourTables(
        tumour=read_expression(files.expression, unit) if files.expression else None,
        normals=read_expression(files.normal_expression, unit) if files.normal_expression else None,
        clusters=read_clusters(files.clusters) if files.clusters else None,
        cells=read_cells(*three) if all(three) else None,
    )


def tumour_files(files: CaseFiles) -> Iterator[tuple[str, Path]]:
    """Yield the role and path of every table that is named."""
    for role, path in (
        ("tumour expression", files.expression),
        ("normal expression", files.normal_expression),
        ("cell clusters", files.clusters),
        ("cell matrix", files.cell_matrix),
        ("cell genes", files.cell_genes),
        ("cell labels", files.cell_labels),
    ):
        if path:
            yield role, Path(path)
