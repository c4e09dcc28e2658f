"""Gene symbols of a table: approved ones, other names that resolve to one, and what is neither.

The antigens of the catalogue are known by their other names. For every other gene a table of the HGNC (its complete
set, downloaded from genenames.org) says which symbols exist; without it the program cannot tell an unknown symbol from
a gene it has not heard of, and says so.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from revertant.errors import InputError
from revertant.genome.compression import open_text
from revertant.knowledge import GeneList
from revertant.knowledge.antigens import antigen_aliases, antigens
from revertant.modality.car_t.targets.rows import sound_rows

__all__ = [
    "SymbolTable",
    "catalogue_symbols",
    "read_hgnc",
    "symbol_text",
    "with_catalogue",
    "with_present_symbols",
]


@dataclass(frozen=True, slots=True)
class SymbolTable:
    """What is known of gene symbols.

    Parameters
    ----------
    name
        Where it comes from.
    approved
        Symbols that exist, in upper case.
    others
        Other names in upper case, and the approved symbol each stands for.
    ambiguous
        Other names that stand for more than one gene.
    complete
        Whether a symbol that is not among them does not exist.
    """

    name: str
    approved: frozenset[str]
    others: Mapping[str, str] = field(default_factory=dict)
    ambiguous: frozenset[str] = frozenset()
    complete: bool = False

    def resolve(self, given: str) -> str | None:
        """Return the approved symbol; ``None`` where it is not known.

        An approved symbol is itself, whatever else it was once a name of.

        Examples
        --------
        >>> [catalogue_symbols().resolve(name) for name in ("bcma", "CD19", "XYZ1")]
        ['TNFRSF17', 'CD19', None]
        """
        plain = given.upper()
        return plain if plain in self.approved else self.others.get(plain)


def symbol_text(name: str, where: str) -> str:
    """Return a name of a gene that has the letters names of genes have.

    Raises
    ------
    InputError
        For other letters: a Cyrillic С is no C, and the gene would be passed over as one that nobody knows.

    Examples
    --------
    >>> symbol_text("CD19", "t.tsv: line 2")
    'CD19'
    """
    if not (name.isascii() and name.isprintable()):
        raise InputError(
            f"{name!a} holds letters that no gene symbol has.",
            where=where,
            remedy="Write it with letters A to Z, numerals and hyphens.",
        )
    return name


def catalogue_symbols() -> SymbolTable:
    """Return the names of the antigens of the catalogue.

    Examples
    --------
    >>> catalogue_symbols().complete
    False
    """
    approved = frozenset(row.symbol for row in antigens().values() if row.symbol)
    return SymbolTable("the catalogue of antigens", approved, antigen_aliases())


def with_catalogue(symbols: SymbolTable) -> SymbolTable:
    """Return a table that knows the antigens of the catalogue too.

    Parameters
    ----------
    symbols
        A table that was given. Where it and the catalogue read a name as two genes, the catalogue is followed, as
        everywhere an antigen is named.

    Examples
    --------
    >>> own = SymbolTable("own.txt", frozenset({"KMT2A"}), {"MLL": "KMT2A"}, complete=True)
    >>> both = with_catalogue(own)
    >>> both.resolve("MLL"), both.resolve("bcma"), both.name
    ('KMT2A', 'TNFRSF17', 'own.txt')
    """
    known = catalogue_symbols()
    return replace(
        symbols,
        approved=symbols.approved | known.approved,
        others={**symbols.others, **known.others},
        ambiguous=symbols.ambiguous - set(known.others),
    )


def with_present_symbols(genes: GeneList, symbols: SymbolTable) -> GeneList:
    """Return a gene list under the symbols that genes have today; names that are not known stay.

    Lists age: the surfaceome of 2018 has PVRL4, a table of today NECTIN4.

    Examples
    --------
    >>> old = GeneList("surface", "a list of 2018", frozenset({"PVRL4", "CD19"}))
    >>> sorted(with_present_symbols(old, catalogue_symbols()).symbols)
    ['CD19', 'NECTIN4']
    """
    return replace(genes, symbols=frozenset(symbols.resolve(name) or name for name in genes.symbols))


def read_hgnc(path: Path | str) -> SymbolTable:
    r"""Read the complete set of the HGNC, or a table with the same columns.

    Parameters
    ----------
    path
        Tab-separated, plain or gzip, with columns ``symbol``, ``alias_symbol`` and ``prev_symbol``; several names in a
        field are parted by ``|``.

    Raises
    ------
    InputError
        When columns are missing or no symbol is in it.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "hgnc.txt"
    ...     _ = path.write_text("symbol\talias_symbol\tprev_symbol\nSEPTIN2\t\tSEPT2\nKMT2A\tMLL1|ALL1\tMLL\n")
    ...     table = read_hgnc(path)
    >>> table.resolve("MLL"), table.resolve("SEPT2"), table.resolve("NOGENE")
    ('KMT2A', 'SEPTIN2', None)
    """
    place = str(path)
    approved: set[str] = set()
    named: dict[str, set[str]] = {}
    with open_text(Path(path)) as lines, sound_rows(place):
        rows = csv.DictReader(lines, delimiter="\t")
        lacking = {"symbol", "alias_symbol", "prev_symbol"} - set(rows.fieldnames or ())
        if lacking:
            raise InputError(
                f"The table has no column {', '.join(sorted(lacking))}.",
                where=place,
                remedy="Give the complete set of genenames.org, as text.",
            )
        for row in rows:
            symbol = (row["symbol"] or "").strip().upper()
            if not symbol:
                continue
            approved.add(symbol)
            for column in ("alias_symbol", "prev_symbol"):
                for other in (row[column] or "").strip('"').split("|"):
                    if other.strip():
                        named.setdefault(other.strip().upper(), set()).add(symbol)
    if not approved:
        raise InputError(
            "The table holds no symbol.", where=place, remedy="Give the complete set of genenames.org."
        )
    others = {other: next(iter(genes)) for other, genes in named.items() if len(genes) == 1}
    ambiguous = frozenset(other for other, genes in named.items() if len(genes) > 1)
    return SymbolTable(Path(path).name, frozenset(approved), others, ambiguous - approved, complete=True)
