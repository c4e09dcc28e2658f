"""A table of expression, genes by samples: read, checked, and brought to one scale.

A table that is not what it is said to be gives wrong targets silently, so it is held against what transcripts per
million and counts can be: neither is negative, counts are whole, and the logarithm of base 2 of a number per million
never exceeds 20.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from revertant.errors import InputError, ProblemsError, RevertantError, UsageError
from revertant.genome.compression import open_text
from revertant.modality.car_t.targets.rows import sound_rows
from revertant.modality.car_t.targets.symbols import SymbolTable, catalogue_symbols, symbol_text
from revertant.model import Finding, Status

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ExpressionTable", "ExpressionUnit", "expression_of", "is_accession", "read_expression"]

#: Largest logarithm of base 2 that a number per million can have.
MOST_LOG2_PER_MILLION = math.log2(1e6)
#: With fewer genes than this, small numbers may be a part of a linear table.
ENOUGH_GENES = 500
#: Genes that every living cell with a nucleus has at hundreds per million: one of them below 20 in every sample is a
#: logarithm. This project's own rule; it serves where a table is too small to be judged as a whole.
HOUSEKEEPING = ("ACTB", "B2M", "EEF1A1", "GAPDH", "RPLP0", "TPT1")
_MOST_PROBLEMS = 20
_ACCESSION = re.compile(r"ENS[A-Z]*[GTP]\d{6,}(\.\d+)?|[NX][MRP]_\d+(\.\d+)?|HGNC:\d+|\d+", re.IGNORECASE)


class ExpressionUnit(StrEnum):
    """What the numbers of a table are."""

    TPM = "TPM"
    LOG2_TPM = "log2(TPM+1)"
    COUNTS = "counts"


@dataclass(frozen=True, slots=True, eq=False)
class ExpressionTable:
    """Expression of genes in samples, per million.

    Parameters
    ----------
    name
        The file.
    genes
        Approved symbols as far as known, in upper case, each once.
    samples
        Names of the samples.
    per_million
        Genes by samples: TPM, or counts per million where counts were given.
    unit
        What was given.
    renamed
        ``(given, symbol)`` of genes that were named otherwise.
    findings
        What a reader should know of the table.
    """

    name: str
    genes: tuple[str, ...]
    samples: tuple[str, ...]
    per_million: NDArray[np.float64]
    unit: ExpressionUnit
    renamed: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]

    def levels(self, gene: str) -> tuple[float, ...] | None:
        """Return the level of a gene in each sample; ``None`` when it was not measured."""
        if gene not in self.genes:
            return None
        return tuple(float(level) for level in self.per_million[self.genes.index(gene)])


def read_expression(
    path: Path | str,
    unit: ExpressionUnit | str = ExpressionUnit.TPM,
    *,
    symbols: SymbolTable | None = None,
) -> ExpressionTable:
    r"""Read a table of genes by samples.

    Parameters
    ----------
    path
        Tab-separated, plain or gzip: a header with the samples, then one row a gene, its symbol first.
    unit
        What the numbers are.
    symbols
        Known symbols, for other names and for genes that do not exist; ``None`` knows the antigens of the catalogue.

    Returns
    -------
    ExpressionTable

    Raises
    ------
    InputError
        For a table that is malformed, negative, on another scale than stated, or has a sample in which nothing is
        expressed; as :class:`ProblemsError` for rows that are wrong (no number, no symbol, a gene twice).
    UsageError
        For a unit that does not exist.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "tumour.tsv"
    ...     _ = path.write_text("gene\tT1\tT2\nBCMA\t310\t95.5\nHBB\t2\t1\n")
    ...     table = read_expression(path)
    >>> table.genes, table.levels("TNFRSF17"), table.renamed
    (('TNFRSF17', 'HBB'), (310.0, 95.5), (('BCMA', 'TNFRSF17'),))
    """
    import numpy as np  # noqa: PLC0415 - heavy

    if unit not in set(ExpressionUnit):
        raise UsageError(
            f"{unit!r} is no unit of expression.", remedy=f"Give {', '.join(map(str, ExpressionUnit))}."
        )
    unit = ExpressionUnit(unit)
    known = symbols or catalogue_symbols()
    place = str(path)
    with open_text(Path(path)) as lines, sound_rows(place):
        rows = csv.reader(lines, delimiter="\t")
        samples = _samples(next(rows, []), place)
        given, values = _rows(rows, samples, place)
    return expression_of(Path(path), samples, given, np.array(values, np.float64), unit=unit, known=known)


def expression_of(
    path: Path,
    samples: tuple[str, ...],
    given: Sequence[tuple[int, str]],
    table: NDArray[np.float64],
    *,
    unit: ExpressionUnit,
    known: SymbolTable,
) -> ExpressionTable:
    """Hold numbers against their unit, genes against their symbols, and bring both to one scale.

    Parameters
    ----------
    path
        Where they are from.
    samples
        Names of the columns.
    given
        ``(row, name)`` of each gene.
    table
        Genes by samples.
    unit, known
        What the numbers are, and the known symbols.
    """
    import numpy as np  # noqa: PLC0415 - heavy

    place = str(path)
    _check_scale(table, samples, unit, place)
    genes, renamed = _resolve(given, known, place)
    _check_housekeeping(table, genes, unit, place)
    if unit is ExpressionUnit.LOG2_TPM:
        table = np.exp2(table) - 1
    elif unit is ExpressionUnit.COUNTS:
        table = table / table.sum(axis=0) * 1e6
    findings = tuple(_findings(genes, renamed, known, table, unit))
    return ExpressionTable(path.name, genes, samples, table, unit, renamed, findings)


def is_accession(name: str) -> bool:
    """Whether a name is an accession of a gene and not its symbol.

    Examples
    --------
    >>> is_accession("ENSG00000177455.14"), is_accession("CD19")
    (True, False)
    """
    return _ACCESSION.fullmatch(name) is not None


def _samples(header: Sequence[str], place: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in header[1:])
    if not names or any(not name for name in names):
        raise InputError(
            "The header names no samples." if not names else "A sample has no name.",
            where=f"{place}: line 1",
            remedy="Give a tab-separated table: gene, then one named column for each sample.",
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            f"Samples stand twice: {', '.join(twice)}.", where=f"{place}: line 1", remedy="Name each once."
        )
    return names


def _rows(
    rows: Iterator[list[str]], samples: Sequence[str], place: str
) -> tuple[list[tuple[int, str]], list[list[float]]]:
    given: list[tuple[int, str]] = []
    values: list[list[float]] = []
    problems: list[RevertantError] = []
    for number, row in enumerate(rows, start=2):
        if not any(field.strip() for field in row):
            continue
        where = f"{place}: line {number}"
        name = row[0].strip()
        if len(row) != len(samples) + 1:
            problems.append(InputError(f"{len(row) - 1} numbers for {len(samples)} samples.", where=where))
        elif not name or is_accession(name):
            what = f"{name!r} is an accession, not a gene symbol." if name else "The row names no gene."
            problems.append(InputError(what, where=where, remedy="Give HGNC symbols."))
        else:
            try:
                symbol_text(name, where)
                numbers = [float(field) for field in row[1:]]
            except InputError as problem:
                problems.append(problem)
                continue
            except ValueError:
                numbers = [math.nan]
            if all(math.isfinite(number) for number in numbers):
                given.append((number, name))
                values.append(numbers)
            else:
                problems.append(
                    InputError(
                        f"{name}: not every value is a number.",
                        where=where,
                        remedy="Leave genes out that were not measured; 0 means measured and not found.",
                    )
                )
        if len(problems) == _MOST_PROBLEMS:
            break
    if problems:
        raise ProblemsError(problems, where=place)
    if not given:
        raise InputError("The table has no gene.", where=place, remedy="Give one row for each gene.")
    return given, values


def _check_scale(
    table: NDArray[np.float64], samples: Sequence[str], unit: ExpressionUnit, place: str
) -> None:
    import numpy as np  # noqa: PLC0415 - heavy

    if table.min() < 0:
        raise InputError(
            f"The lowest value is {table.min():g}: {unit} is never negative. Negative values are log ratios, or were "
            "centred or scaled.",
            where=place,
            remedy="Give TPM, log2(TPM+1) or counts, of tumour and normal samples each.",
        )
    empty = [name for name, total in zip(samples, table.sum(axis=0), strict=True) if total == 0]
    if empty:
        raise InputError(
            f"Nothing is expressed in {', '.join(empty[:10])}: all values are 0.",
            where=place,
            remedy="Leave failed samples out.",
        )
    whole = bool(np.all(table == np.round(table)))
    if unit is ExpressionUnit.COUNTS and not whole:
        raise InputError(
            "Counts are whole numbers, these are not.",
            where=place,
            remedy="State the unit the numbers have: TPM or log2(TPM+1).",
        )
    if unit is ExpressionUnit.LOG2_TPM and table.max() > MOST_LOG2_PER_MILLION:
        raise InputError(
            f"The highest value is {table.max():g}; log2 of a number per million is at most 19.9.",
            where=place,
            remedy="State the unit the numbers have: TPM or counts.",
        )
    if unit is ExpressionUnit.TPM and len(table) >= ENOUGH_GENES and table.max() <= MOST_LOG2_PER_MILLION:
        raise InputError(
            f"The highest of {table.size:,} values is {table.max():g}: these look like logarithms, not TPM.",
            where=place,
            remedy="Give TPM, or state log2(TPM+1) where that is what they are.",
        )
    if unit is ExpressionUnit.TPM and table.sum(axis=0).max() > 1.01e6:
        raise InputError(
            f"The values of a sample add up to {table.sum(axis=0).max():,.0f}; TPM add up to at most a million.",
            where=place,
            remedy="State the unit the numbers have: counts are given as counts.",
        )


def _check_housekeeping(
    table: NDArray[np.float64], genes: Sequence[str], unit: ExpressionUnit, place: str
) -> None:
    """Refuse a small table of logarithms that is given as TPM, where a gene in it tells."""
    if unit is not ExpressionUnit.TPM or table.max() > MOST_LOG2_PER_MILLION:
        return
    for gene in HOUSEKEEPING:
        if gene in genes:
            highest = float(table[genes.index(gene)].max())
            raise InputError(
                f"{gene} is {highest:g} at most, and no value is above {MOST_LOG2_PER_MILLION:.1f}: living cells have "
                f"hundreds per million of {gene}, so these look like logarithms, not TPM.",
                where=place,
                remedy="State log2(TPM+1) where that is what they are, or give TPM.",
            )


def _resolve(
    given: Sequence[tuple[int, str]], known: SymbolTable, place: str
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    lines: dict[str, list[tuple[int, str]]] = {}
    renamed = []
    for number, name in given:
        symbol = known.resolve(name) or name.upper()
        if symbol != name.upper():
            renamed.append((name, symbol))
        lines.setdefault(symbol, []).append((number, name))
    twice = [(symbol, found) for symbol, found in lines.items() if len(found) > 1]
    if twice:
        problems = [
            InputError(
                f"{symbol} stands more than once: "
                + ", ".join(f"{name} (line {number})" for number, name in found)
                + ".",
                where=place,
                remedy="Keep one row; add up transcripts of one gene before.",
            )
            for symbol, found in twice[:_MOST_PROBLEMS]
        ]
        raise ProblemsError(problems, where=place)
    return tuple(lines), tuple(renamed)


def _findings(
    genes: Sequence[str],
    renamed: Sequence[tuple[str, str]],
    known: SymbolTable,
    table: NDArray[np.float64],
    unit: ExpressionUnit,
) -> Iterator[Finding]:
    if renamed:
        named = ", ".join(f"{given} is {symbol}" for given, symbol in renamed[:10])
        yield Finding(
            "car_t.expression.other_names",
            Status.CAUTION,
            f"Named otherwise than by their symbol are {len(renamed):,} of {len(genes):,} genes: {named}"
            f"{', ...' if len(renamed) > 10 else ''}.",
        )
    strange = [gene for gene in genes if known.resolve(gene) is None]
    if not known.complete:
        yield Finding(
            "car_t.expression.symbols",
            Status.UNKNOWN,
            f"{len(strange):,} of {len(genes):,} symbols could not be looked up: only {known.name} was given. With the "
            "complete set of the HGNC every symbol is checked.",
        )
    elif strange:
        doubtful = sorted(gene for gene in strange if gene in known.ambiguous)
        more = ", ..." if len(strange) > 10 else ""
        text = f"{len(strange):,} symbols do not exist: {', '.join(strange[:10])}{more}."
        if doubtful:
            text += f" Of these {', '.join(doubtful[:5])} stand for more than one gene."
        yield Finding("car_t.expression.symbols", Status.CAUTION, text, f"{len(strange):,}", "0")
    if len(genes) < ENOUGH_GENES:
        small = unit is ExpressionUnit.TPM and table.max() <= MOST_LOG2_PER_MILLION
        yield Finding(
            "car_t.expression.scale",
            Status.UNKNOWN,
            f"With {len(genes):,} genes it cannot be told whether the values are on the stated scale ({unit})."
            + (
                f" The highest is {table.max():g}: they may be logarithms, and were read as TPM."
                if small
                else ""
            ),
        )
        if unit is ExpressionUnit.COUNTS:
            yield Finding(
                "car_t.expression.depth",
                Status.CAUTION,
                f"Counts were divided by the sum of the {len(genes):,} genes given; with part of the genes the levels "
                "are too high.",
            )
    elif unit is not ExpressionUnit.COUNTS and table.sum(axis=0).min() < 5e5 and len(genes) >= 15_000:
        yield Finding(
            "car_t.expression.scale",
            Status.CAUTION,
            f"TPM of all genes add up to a million; a sample adds up to {table.sum(axis=0).min():,.0f}.",
        )
