"""Lists of genes a site is marked with: cancer genes, essential genes, or the user's own.

A list is a set of symbols. Symbols change, so a list also knows other names of its genes, and can say which of its
genes a set of gene models does not have under any name: those it cannot mark. Upper and lower case are one.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from revertant.errors import InputError, ProblemsError, RevertantError
from revertant.genome.compression import open_text
from revertant.knowledge.catalogue import PACKAGE, IsoDate, Row, load_rows
from revertant.model import Tally

__all__ = ["GeneList", "GeneListRow", "gene_lists", "lists_naming", "read_gene_list"]

_SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@/-]*")
#: Column names that hold symbols, in the order of preference.
_HEADERS = ("symbol", "gene_symbol", "hgnc_symbol", "gene", "gene_name")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec"
#: What is no symbol, though it looks like one: the pattern, what it is, and what to do.
_IMPOSTORS = (
    (
        re.compile(rf"\d{{1,2}}-(?:{_MONTHS})|(?:{_MONTHS})-\d{{1,4}}", re.IGNORECASE),
        "is a date that a spreadsheet has made of a symbol (2-Sep was SEPT2)",
        "Take the symbols from the source again, as text.",
    ),
    (
        re.compile(r"ENS[A-Z]*[GTP]\d{11}(?:\.\d+)?|[NX][MRP]_\d+(?:\.\d+)?|HGNC:\d+|\d+", re.IGNORECASE),
        "is an accession, not a gene symbol",
        "Give HGNC symbols, as the gene models have them.",
    ),
)
_MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneListRow(Row):
    """What the catalogue says about a list that is shipped.

    Parameters
    ----------
    name
        What a site on it is marked with.
    title
        Which list it is.
    file, sha256, genes
        The symbols beside the catalogue, their digest and their number.
    meaning
        What it means for a site to lie in one of its genes, in one sentence.
    other_symbols
        Other names of listed genes, ``"listed=other"``.
    symbols_as_of
        Day of the nomenclature the symbols follow, where it is known.
    checked_against, note
        What ``checked`` rests on; what else to know.
    """

    name: str
    title: str
    file: str
    sha256: str
    genes: int
    meaning: str
    other_symbols: tuple[str, ...] = ()
    symbols_as_of: IsoDate = ""
    checked_against: str = ""
    note: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if self.checked != bool(self.checked_against):
            yield "checked and checked_against go together"
        for pair in self.other_symbols:
            if not re.fullmatch(rf"{_SYMBOL.pattern}={_SYMBOL.pattern}", pair):
                yield f"{pair!r} is no pair of symbols"


@dataclass(frozen=True, slots=True)
class GeneList:
    """Genes that sites are marked with.

    Parameters
    ----------
    name
        The mark (``"cancer gene"``).
    title
        Which list it is.
    symbols
        The listed symbols, in upper case.
    others
        ``(listed, other)`` pairs of upper-case symbols: more names of listed genes.
    sources
        Where it comes from.
    checked
        Whether the list was held against its primary source.
    meaning
        What the mark means; empty for a user's list.
    tally
        The account of the file.

    Examples
    --------
    >>> genes = GeneList("my gene", "mine", frozenset({"AARS", "TP53"}), (("AARS", "AARS1"),))
    >>> "aars1" in genes, "HBB" in genes, genes.missing_from(["TP53", "HBB"])
    (True, False, ('AARS',))
    """

    name: str
    title: str
    symbols: frozenset[str]
    others: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    checked: bool = False
    meaning: str = ""
    tally: Tally | None = None

    def __contains__(self, symbol: str) -> bool:
        name = symbol.upper()
        return name in self.symbols or any(name == other for _, other in self.others)

    @property
    def all_symbols(self) -> frozenset[str]:
        """Listed symbols and their other names, in upper case."""
        return self.symbols | {other for _, other in self.others}

    def missing_from(self, genes: Iterable[str]) -> tuple[str, ...]:
        """Return the listed symbols that gene models have under no name, sorted: sites there are not marked.

        Parameters
        ----------
        genes
            The symbols of the gene models.
        """
        have = {symbol.upper() for symbol in genes}
        have |= {listed for listed, other in self.others if other in have}
        return tuple(sorted(self.symbols - have))


@cache
def gene_lists() -> tuple[GeneList, ...]:
    """Return the lists that come with the program: cancer genes and essential genes.

    Raises
    ------
    InputError
        When a file is missing or is not the one the catalogue describes.

    Examples
    --------
    >>> cancer, essential = gene_lists()
    >>> cancer.name, "MYC" in cancer, "HBB" in cancer, len(essential.symbols)
    ('cancer gene', True, False, 683)
    """
    return tuple(_shipped(row) for row in load_rows("gene_lists.toml", GeneListRow).values())


def _shipped(row: GeneListRow) -> GeneList:
    where = f"gene_lists.toml [{row.key}]"
    try:
        data = (resources.files(PACKAGE) / row.file).read_bytes().replace(b"\r\n", b"\n")
    except OSError as error:
        raise InputError(f"{row.file} cannot be read.", where=where, remedy="Reinstall revertant.") from error
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise InputError(
            f"{row.file} is not the file described here.",
            where=f"{where}.sha256",
            remedy="Reinstall revertant.",
        )
    symbols, tally = _symbols(data.decode().splitlines(), row.file)
    pairs = [pair.upper().partition("=") for pair in row.other_symbols]
    others = tuple((listed, other) for listed, _, other in pairs)
    wrong = [listed for listed, other in others if listed not in symbols or other in symbols]
    if len(symbols) != row.genes or wrong:
        raise InputError(
            f"{len(symbols)} genes are listed, not {row.genes}, or other names do not fit ({', '.join(wrong)}).",
            where=where,
            remedy="Correct the row.",
        )
    return GeneList(row.name, row.title, symbols, others, row.sources, row.checked, row.meaning, tally)


def lists_naming(genes: Collection[str], lists: Sequence[GeneList]) -> tuple[str, ...]:
    """Return the marks of a site that lies in some genes, in the order of the lists.

    Parameters
    ----------
    genes
        Gene symbols.
    lists
        The lists to look in.

    Examples
    --------
    >>> lists_naming(["HBB", "RACK1"], gene_lists()), lists_naming(["gapdh"], gene_lists())
    (('cancer gene', 'essential gene'), ('essential gene',))
    """
    return tuple(one.name for one in lists if any(symbol in one for symbol in genes))


def read_gene_list(path: Path | str, name: str = "") -> GeneList:
    r"""Read a user's gene list.

    Parameters
    ----------
    path
        One symbol a line, or a tab-separated table with a column named ``symbol`` or ``gene``; plain or gzip. What
        follows a ``#`` at the start of a line is a comment.
    name
        The mark for sites in these genes; empty takes the file's name.

    Returns
    -------
    GeneList
        Its tally counts symbols given twice, and rows without one, as refused.

    Raises
    ------
    InputError
        When the file cannot be read or lists no gene, or (as :class:`ProblemsError`) when rows hold what is no gene
        symbol: accessions, dates made by a spreadsheet.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "watched.txt"
    ...     _ = path.write_text("# genes we watch\nTP53\nMYC\nTP53\n")
    ...     genes = read_gene_list(path)
    >>> genes.name, sorted(genes.symbols), genes.tally.refused
    ('watched', ['MYC', 'TP53'], (('symbol given before', 1),))
    """
    place = Path(path)
    with open_text(place) as lines:
        symbols, tally = _symbols(lines, str(place))
    title = place.name
    return GeneList(name or title.partition(".")[0], title, symbols, tally=tally)


def _symbols(lines: Iterable[str], where: str) -> tuple[frozenset[str], Tally]:
    """Read symbols and account for every row."""
    found: set[str] = set()
    refused: list[str] = []
    problems: list[RevertantError] = []
    for number, symbol in _column(lines, where):
        if not symbol:
            refused.append("no symbol in the row")
            continue
        problem = _problem(symbol)
        if problem is not None:
            what, remedy = problem
            problems.append(InputError(what, where=f"{where}: line {number}", remedy=remedy))
            if len(problems) == _MOST_PROBLEMS:
                break
        elif symbol.upper() in found:
            refused.append("symbol given before")
        else:
            found.add(symbol.upper())
    if problems:
        raise ProblemsError(problems, where=where)
    if not found:
        raise InputError("The file lists no gene.", where=where, remedy="Give one gene symbol a line.")
    return frozenset(found), Tally.of("gene list rows", kept=len(found), refused=refused)


def _problem(symbol: str) -> tuple[str, str] | None:
    """What is wrong with a symbol, and what to do."""
    shown = symbol if len(symbol) <= 40 else f"{symbol[:40]}…"
    for pattern, what, remedy in _IMPOSTORS:
        if pattern.fullmatch(symbol):
            return f"{shown!r} {what}.", remedy
    if not _SYMBOL.fullmatch(symbol):
        return f"{shown!r} is no gene symbol.", "Give one symbol a line, or a column named symbol."
    return None


def _column(lines: Iterable[str], where: str) -> Iterator[tuple[int, str]]:
    """Yield line number and symbol of every row that is neither blank, nor a comment, nor the header."""
    header: list[str] | None = None
    at = 0
    for number, line in enumerate(lines, start=1):
        text = line.rstrip("\r\n")
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        (fields,) = csv.reader([text], delimiter="\t")
        if header is None:
            header = [field.strip().lower() for field in fields]
            named = [column for column in _HEADERS if column in header]
            if named:
                at = header.index(named[0])
                continue
            if len(header) > 1:
                raise InputError(
                    "The table has no column named symbol or gene.",
                    where=f"{where}: line {number}",
                    remedy="Name the column that holds the symbols, or give one symbol a line.",
                )
        # R writes the names of the rows into a first column that its header does not have.
        row = fields[1:] if len(fields) == len(header) + 1 and len(header) > 1 else fields
        if len(row) != len(header):
            raise InputError(
                f"The row has {len(fields)} columns, the first row {len(header)}.",
                where=f"{where}: line {number}",
                remedy="Correct the row.",
            )
        yield number, row[at].strip()
