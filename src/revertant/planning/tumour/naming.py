"""Antigens as a case names them, under the symbols of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from revertant import knowledge
from revertant.modality.car_t.targets import SymbolTable
from revertant.model import Finding, Status

__all__ = ["symbol_findings", "symbol_of"]


def symbol_of(name: str, symbols: SymbolTable | None = None) -> str:
    """Return the catalogue's symbol of an antigen, else that of a table of symbols; an unknown name in upper case.

    Parameters
    ----------
    name
        Any name of it.
    symbols
        Known symbols beside the antigens of the catalogue.

    Examples
    --------
    >>> table = SymbolTable("own.txt", frozenset({"NECTIN1"}), {"PVRL1": "NECTIN1"})
    >>> symbol_of("bcma"), symbol_of("PVRL1", table), symbol_of("pvrl1")
    ('TNFRSF17', 'NECTIN1', 'PVRL1')
    """
    row = knowledge.antigen_named(name)
    if row is not None:
        return row.symbol or row.key
    plain = name.strip().upper()
    return (symbols.resolve(plain) if symbols is not None else None) or plain


def symbol_findings(names: Sequence[str], symbols: SymbolTable) -> Iterator[Finding]:
    """Say which named antigens go by another name, and which no table knows.

    Parameters
    ----------
    names
        As the case has them.
    symbols
        Known symbols.

    Examples
    --------
    >>> table = SymbolTable("own.txt", frozenset({"NECTIN1"}), {"PVRL1": "NECTIN1"}, complete=True)
    >>> [(one.status.value, one.value) for one in symbol_findings(["PVRL1", "NOTAGENE"], table)]
    [('caution', 'NECTIN1'), ('unknown', 'NOTAGENE')]
    """
    rule = "cells.antigen_symbol"
    for name in dict.fromkeys(names):
        if knowledge.antigen_named(name) is not None:
            continue
        plain = name.strip().upper()
        symbol = symbols.resolve(plain)
        if symbol is not None and symbol != plain:
            text = f"{name} is read as {symbol}, its symbol of today by {symbols.name}."
            yield Finding(rule, Status.CAUTION, text, symbol)
        elif plain in symbols.ambiguous:
            text = f"{name} stands for more than one gene in {symbols.name}. Write the symbol of the one that is meant."
            yield Finding(rule, Status.UNKNOWN, text, plain)
        elif symbol is None and symbols.complete:
            text = f"{name} is neither a symbol nor another name of a gene in {symbols.name}. Correct it."
            yield Finding(rule, Status.UNKNOWN, text, plain)
        elif symbol is None:
            text = (
                f"{name} is not in {symbols.name}, and whether it is a gene cannot be told. Give gene symbols "
                "(files.symbols)."
            )
            yield Finding(rule, Status.UNKNOWN, text, plain)
