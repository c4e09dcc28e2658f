"""Single cells summed up by cluster: which share of the cells of each cluster carries each gene."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from revertant.errors import InputError, ProblemsError, RevertantError
from revertant.genome.compression import open_text
from revertant.modality.car_t.targets.cells import MALIGNANT, PackedCells, group_of
from revertant.modality.car_t.targets.rows import sound_rows
from revertant.modality.car_t.targets.symbols import SymbolTable, catalogue_symbols, symbol_text

__all__ = ["ClusterShare", "ClusterTable", "clusters_of_cells", "read_clusters"]

_COLUMNS = ("gene", "cluster", "group", "cells", "fraction_positive")
_MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class ClusterShare:
    """Cells of one cluster that carry one gene.

    Parameters
    ----------
    cluster
        Name of the cluster.
    group
        ``"malignant"``, or the organ of normal cells.
    cells
        Cells of the cluster.
    share
        Share of them in which the gene was found.
    """

    cluster: str
    group: str
    cells: int
    share: float


@dataclass(frozen=True, slots=True)
class ClusterTable:
    """Shares of positive cells, by gene and cluster.

    Parameters
    ----------
    name
        The file.
    shares
        For each gene its clusters.
    """

    name: str
    shares: Mapping[str, tuple[ClusterShare, ...]]

    def of(self, gene: str) -> tuple[ClusterShare, ...]:
        """Return the clusters of a gene; none when it was not measured."""
        return self.shares.get(gene, ())

    def malignant_share(self, gene: str) -> float | None:
        """Return the share of malignant cells that carry a gene; ``None`` when it was not measured in any."""
        found = [share for share in self.of(gene) if share.group == MALIGNANT]
        cells = sum(share.cells for share in found)
        return sum(share.cells * share.share for share in found) / cells if cells else None


def read_clusters(path: Path | str, *, symbols: SymbolTable | None = None) -> ClusterTable:
    r"""Read a table of clusters.

    Parameters
    ----------
    path
        Tab-separated, plain or gzip, with the columns ``gene``, ``cluster``, ``group`` (``malignant``, or the organ of
        normal cells), ``cells`` and ``fraction_positive`` (0 to 1).
    symbols
        Known symbols, for other names of genes; ``None`` knows the antigens of the catalogue.

    Raises
    ------
    InputError
        For a missing column, no malignant cluster, or (as :class:`ProblemsError`) rows that are wrong.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "clusters.tsv"
    ...     _ = path.write_text(
    ...         "gene\tcluster\tgroup\tcells\tfraction_positive\n"
    ...         "CD19\tblasts\tmalignant\t900\t0.97\nCD19\tB cells\tblood\t100\t0.9\n"
    ...     )
    ...     table = read_clusters(path)
    >>> table.malignant_share("CD19"), table.malignant_share("CD22")
    (0.97, None)
    """
    known = symbols or catalogue_symbols()
    place = str(path)
    problems: list[RevertantError] = []
    found: dict[str, dict[str, ClusterShare]] = {}
    with open_text(Path(path)) as lines, sound_rows(place):
        rows = csv.DictReader(lines, delimiter="\t")
        lacking = [column for column in _COLUMNS if column not in (rows.fieldnames or ())]
        if lacking:
            raise InputError(
                f"The table has no column {', '.join(lacking)}.",
                where=f"{place}: line 1",
                remedy=f"Give the columns {', '.join(_COLUMNS)}.",
            )
        for number, row in enumerate(rows, start=2):
            where = f"{place}: line {number}"
            values = {column: (row[column] or "").strip() for column in _COLUMNS}
            try:
                gene, share = _row(values, known, where)
                _check_new(gene, share, found.setdefault(gene, {}), where)
                found[gene][share.cluster] = share
            except InputError as problem:
                problems.append(problem)
                if len(problems) == _MOST_PROBLEMS:
                    break
    if problems:
        raise ProblemsError(problems, where=place)
    if not any(share.group == MALIGNANT for gene in found.values() for share in gene.values()):
        raise InputError(
            "No cluster is malignant.",
            where=place,
            remedy=f"Write {MALIGNANT!r} as the group of tumour cells.",
        )
    return ClusterTable(Path(path).name, {gene: tuple(shares.values()) for gene, shares in found.items()})


def clusters_of_cells(cells: PackedCells, name: str) -> ClusterTable:
    """Sum up single cells by what they are labelled: the malignant ones, and the normal ones of each organ.

    Parameters
    ----------
    cells
        The cells.
    name
        Where they are from.

    Examples
    --------
    >>> from revertant.modality.car_t.targets import pack_cells
    >>> cells = pack_cells(["CD19"], [[1, 1, 0, 0]], ["malignant", "malignant", "malignant", "blood"])
    >>> round(clusters_of_cells(cells, "m.mtx").malignant_share("CD19"), 2)
    0.67
    """
    return ClusterTable(
        name,
        {
            gene: tuple(
                ClusterShare(group, group, size, count / size)
                for group, size, count in zip(cells.groups, cells.sizes, counts, strict=True)
            )
            for gene, counts in zip(cells.genes, cells.counts.tolist(), strict=True)
        },
    )


def _check_new(gene: str, share: ClusterShare, others: Mapping[str, ClusterShare], where: str) -> None:
    if share.cluster in others:
        raise InputError(
            f"{gene} stands twice for {share.cluster}.", where=where, remedy="Give each pair once."
        )


def _row(values: dict[str, str], known: SymbolTable, where: str) -> tuple[str, ClusterShare]:
    if not all(values.values()):
        raise InputError("A field is empty.", where=where, remedy="Leave rows out that were not measured.")
    try:
        cells, share = int(values["cells"]), float(values["fraction_positive"])
    except ValueError:
        raise InputError("cells is a whole number, and fraction_positive a number.", where=where) from None
    if cells < 1:
        raise InputError("A cluster has at least one cell.", where=where)
    if not 0 <= share <= 1:
        raise InputError(
            f"fraction_positive is {share:g}, not between 0 and 1.",
            where=where,
            remedy="Give a fraction, not per cent.",
        )
    gene = known.resolve(values["gene"]) or symbol_text(values["gene"], where).upper()
    return gene, ClusterShare(values["cluster"], group_of(values["group"], where), cells, share)
