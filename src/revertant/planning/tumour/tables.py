"""What was measured of a tumour, read from the files a case names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from revertant.errors import UsageError
from revertant.knowledge import GeneList, read_gene_list
from revertant.modality.car_t.targets import (
    ClusterTable,
    ExpressionTable,
    ExpressionUnit,
    PackedCells,
    SymbolTable,
    catalogue_symbols,
    read_cells,
    read_clusters,
    read_expression,
    read_hgnc,
    with_catalogue,
    with_present_symbols,
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
        Single cells themselves, with the genes known to be on the surface: those of the list, and the catalogue's.
    surfaceome
        Genes with a protein on the surface, under the symbols of today.
    symbols
        Gene symbols and their other names; the antigens of the catalogue are always among them.
    """

    tumour: ExpressionTable | None = None
    normals: ExpressionTable | None = None
    clusters: ClusterTable | None = None
    cells: PackedCells | None = None
    surfaceome: GeneList | None = None
    symbols: SymbolTable = field(default_factory=catalogue_symbols)


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
    symbols = with_catalogue(read_hgnc(files.symbols)) if files.symbols else catalogue_symbols()
    surfaceome = with_present_symbols(read_gene_list(files.surfaceome), symbols) if files.surfaceome else None
    return TumourTables(
        tumour=read_expression(files.expression, unit, symbols=symbols) if files.expression else None,
        normals=_normals(files, unit, symbols),
        clusters=read_clusters(files.clusters, symbols=symbols) if files.clusters else None,
        cells=read_cells(*three, surfaceome=_on_surface(surfaceome), symbols=symbols) if all(three) else None,
        surfaceome=surfaceome,
        symbols=symbols,
    )


def _normals(files: CaseFiles, unit: ExpressionUnit, symbols: SymbolTable) -> ExpressionTable | None:
    return (
        read_expression(files.normal_expression, unit, symbols=symbols) if files.normal_expression else None
    )


def _on_surface(surfaceome: GeneList | None) -> GeneList:
    """What a gate may be made of: a cell does not show what is inside it."""
    known = catalogue_symbols()
    if surfaceome is None:
        return GeneList("surface", known.name, known.approved)
    return replace(surfaceome, symbols=surfaceome.symbols | known.approved)


def tumour_files(files: CaseFiles) -> Iterator[tuple[str, Path]]:
    """Yield the role and path of every table that is named."""
    for role, path in (
        ("tumour expression", files.expression),
        ("normal expression", files.normal_expression),
        ("cell clusters", files.clusters),
        ("cell matrix", files.cell_matrix),
        ("cell genes", files.cell_genes),
        ("cell labels", files.cell_labels),
        ("surfaceome", files.surfaceome),
        ("gene symbols", files.symbols),
    ):
        if path:
            yield role, Path(path)
