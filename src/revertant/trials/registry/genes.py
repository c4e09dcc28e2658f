"""Genes and antigens that a record names, by the symbols of the catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from revertant.knowledge import antigen_aliases, antigens, genes, paralogues

__all__ = ["genes_named"]

#: Symbols and aliases that are words, abbreviations of diseases (PAH: pulmonary hypertension) or of methods (FUS:
#: focused ultrasound; OTC: without prescription), and so tell nothing. Their diseases are found by name all the same.
_AMBIGUOUS = frozenset(
    {"ADA", "ARK", "ASL", "B4", "FUS", "GAA", "HPT-1", "IGB", "MN", "MUT", "OTC", "PAH", "UFO", "WAS"}
)
_WORD = re.compile(r"[A-Z][A-Za-z0-9]*(?:[-.][A-Z0-9][A-Za-z0-9]*)*")


@cache
def _symbols() -> Mapping[str, str]:
    facts = genes()
    known = {alias: fact.key for fact in facts.values() for alias in fact.aliases}
    known |= {symbol: symbol for symbol in (*paralogues(), *facts)}
    known |= dict(antigen_aliases())
    known |= {row.symbol: row.symbol for row in antigens().values() if row.symbol}
    known |= {row.key: row.symbol for row in antigens().values() if row.symbol and _WORD.fullmatch(row.key)}
    return {name: symbol for name, symbol in known.items() if name not in _AMBIGUOUS and len(name) > 1}


@cache
def _upper() -> Mapping[str, str]:
    return {name.upper(): symbol for name, symbol in _symbols().items()}


def genes_named(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the symbols of genes and antigens that texts name, sorted.

    Only what is written in capitals counts, as symbols are: ``RPE65``, ``BCMA``, ``CD19/CD22``; parts joined by a
    hyphen count alone too (``CD19-CAR``).

    Examples
    --------
    >>> genes_named(["CD19/BCMA CAR-T in lymphoma", "AAV9-SMN1 gene therapy"])
    ('CD19', 'SMN1', 'TNFRSF17')
    >>> genes_named(["He was rested"])
    ()
    """
    found = set()
    for text in texts:
        for match in _WORD.finditer(text):
            word = match.group()
            for part in (word, *re.split(r"[-.]", word)):
                symbol = _upper().get(part) if len(part) > 1 else None
                if symbol is not None:
                    found.add(symbol)
    return tuple(sorted(found))
