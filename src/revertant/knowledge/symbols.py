"""Gene symbols as the catalogues spell them, whatever capitals somebody typed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from revertant.knowledge.genes import genes
from revertant.knowledge.paralogues import paralogues
from revertant.knowledge.transgenes import transgenes

__all__ = ["symbol_as_catalogued"]


@cache
def _spelt() -> Mapping[str, str]:
    facts = genes()
    earlier = [alias for fact in facts.values() for alias in fact.aliases]
    return {symbol.casefold(): symbol for symbol in (*earlier, *transgenes(), *paralogues(), *facts)}


def symbol_as_catalogued(text: str) -> str:
    """Return a gene symbol in the catalogues' capitals; what no catalogue holds is given back as it is.

    Examples
    --------
    >>> symbol_as_catalogued("smn2"), symbol_as_catalogued("Hbb"), symbol_as_catalogued("xyz1")
    ('SMN2', 'HBB', 'xyz1')
    """
    return _spelt().get(text.strip().casefold(), text.strip())
