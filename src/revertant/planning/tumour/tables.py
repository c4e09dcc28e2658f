"""What was measured of a tumour, read from the files a case names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from revertant.errors import UsageError
from revertant.knowledge import GeneList, read_gene_list
from revertant.modality.car_t.targets import (
    MALIGNANT,
    AnnotatedCells,
    Annotation,
    ClusterTable,
    ExpressionTable,
    ExpressionUnit,
    PackedCells,
    SymbolTable,
    catalogue_symbols,
    clusters_of_cells,
    is_annotated,
    read_annotated,
    read_cells,
    read_clusters,
    read_expression,
    read_hgnc,
    with_catalogue,
    with_present_symbols,
)
from revertant.model import CaseFiles

__all__ = ["TumourTables", "read_tumour_tables", "tumour_files"]

#: Fields of a case that say what the columns of annotated cells mean.
_ANNOTATION = ("group_column", "cluster_column", "malignant_label", "gene_column", "matrix_layer")


@dataclass(frozen=True, slots=True)
class TumourTables:
    """Tables of one tumour; ``None`` where none was given.

    Parameters
    ----------
    tumour, normals
        Expression of the tumour's and of normal samples.
    clusters
        Single cells summed up by cluster: as given, else as the single cells themselves are labelled.
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
        The case's files. Both tables of expression have the case's unit, TPM when it states none. A file of annotated
        cells (``.h5ad``) may stand for each table: its cells are summed up by cluster.

    Raises
    ------
    UsageError
        When some of the three files of single cells are named and others are not, or annotated cells and what is
        stated of them do not go together.
    InputError
        Whatever is wrong with a table.

    Examples
    --------
    >>> read_tumour_tables(CaseFiles()).tumour
    """
    three = (files.cell_matrix, files.cell_genes, files.cell_labels)
    if any(three) and not all(three):
        raise UsageError(
            "Single cells need three files: the matrix, its genes and its labels.",
            remedy="Set files.cell_matrix, files.cell_genes and files.cell_labels.",
        )
    symbols = with_catalogue(read_hgnc(files.symbols)) if files.symbols else catalogue_symbols()
    annotated = _annotated(files, symbols)
    surfaceome = with_present_symbols(read_gene_list(files.surfaceome), symbols) if files.surfaceome else None
    cells = read_cells(*three, surfaceome=_on_surface(surfaceome), symbols=symbols) if all(three) else None
    clusters = _shares(files.clusters, symbols, annotated)
    if clusters is None and cells is not None:
        clusters = clusters_of_cells(cells, Path(files.cell_matrix).name)
    return TumourTables(
        tumour=_expression(files.expression, files, symbols, annotated, malignant=True),
        normals=_expression(files.normal_expression, files, symbols, annotated, malignant=False),
        clusters=clusters,
        cells=cells,
        surfaceome=surfaceome,
        symbols=symbols,
    )


def _annotated(files: CaseFiles, symbols: SymbolTable) -> dict[str, AnnotatedCells]:
    """Read every file of annotated cells once, whatever it is given for."""
    annotation = Annotation(
        files.group_column,
        files.cluster_column,
        files.malignant_label or MALIGNANT,
        files.gene_column,
        files.matrix_layer,
    )
    named = dict.fromkeys((files.expression, files.normal_expression, files.clusters))
    found = [path for path in named if path and is_annotated(path)]
    stated = [name for name in _ANNOTATION if getattr(files, name)]
    if stated and not found:
        raise UsageError(
            f"Nothing would come of files.{stated[0]}: no file of annotated cells (.h5ad) is named.",
            remedy="Leave it out, or name the file.",
            code="idle-option",
        )
    if files.expression_unit not in {"", ExpressionUnit.COUNTS} and any(
        path in found for path in (files.expression, files.normal_expression)
    ):
        raise UsageError(
            f"files.expression_unit is {files.expression_unit}, and annotated cells are summed up from counts.",
            remedy="Leave it out, or give tables of that unit.",
            code="unit-of-cells",
        )
    return {path: read_annotated(path, annotation, symbols=symbols) for path in found}


def _expression(
    path: str,
    files: CaseFiles,
    symbols: SymbolTable,
    annotated: Mapping[str, AnnotatedCells],
    *,
    malignant: bool,
) -> ExpressionTable | None:
    if path in annotated:
        return annotated[path].expression(malignant=malignant)
    unit = ExpressionUnit(files.expression_unit) if files.expression_unit else ExpressionUnit.TPM
    return read_expression(path, unit, symbols=symbols) if path else None


def _shares(path: str, symbols: SymbolTable, annotated: Mapping[str, AnnotatedCells]) -> ClusterTable | None:
    if path in annotated:
        return annotated[path].shares()
    return read_clusters(path, symbols=symbols) if path else None


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
