"""Shortened genes that were used or tried: what was cut out, in words, and how far each has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from revertant.knowledge.catalogue import Row, load_rows

__all__ = ["MiniGene", "mini_genes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniGene(Row):
    """One shortened gene.

    Parameters
    ----------
    gene, name
        Of which gene it is, and how it is called.
    composition
        What is left, in words.
    cds_bp
        Its coding length with stop codon; ``None`` where its residues are not known.
    stage
        How far it has come.
    """

    gene: str
    name: str
    composition: str
    stage: str
    cds_bp: int | None = None

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if not self.composition.endswith("."):
            yield "The composition is a sentence."
        if self.cds_bp is not None and (self.cds_bp < 6 or self.cds_bp % 3):
            yield "cds_bp is whole codons."


@cache
def mini_genes() -> Mapping[str, MiniGene]:
    """Return the shortened genes by key.

    Examples
    --------
    >>> mini_genes()["bdd_f8_sq"].gene
    'F8'
    """
    return load_rows("mini_genes.toml", MiniGene)
