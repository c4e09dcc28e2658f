"""Residues known to be benign in the place of a pathogenic one, as the catalogue has them."""

from __future__ import annotations

from functools import cache

from revertant import knowledge
from revertant.knowledge import BenignSubstitution

__all__ = ["benign_rows"]


@cache
def benign_rows(gene: str, position: int | None, pathogenic: str) -> tuple[BenignSubstitution, ...]:
    """Return the substitutions catalogued as benign for one pathogenic residue.

    Parameters
    ----------
    gene, position
        Gene symbol and 1-based residue.
    pathogenic
        The residue in whose place it was shown to be benign: what helps against one variant is not known to
        help against another.

    Examples
    --------
    >>> [row.name for row in benign_rows("HBB", 7, "V")], benign_rows("HBB", 7, "K")
    (['Hb G-Makassar'], ())
    """
    return tuple(
        row
        for row in knowledge.benign_substitutions()
        if row.gene == gene and row.codon == position and row.replaces == pathogenic
    )
