"""How usual each codon is in human genes, and the index that sums it up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp, fsum, log
from types import MappingProxyType

from revertant.knowledge import Row, load_rows
from revertant.sequence import CODONS

__all__ = ["CodonUsage", "codon_adaptation_index", "codon_usage", "log_adaptiveness", "synonyms"]

_FILE = "human_codons.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodonUsage(Row):
    """A table of codon usage.

    Parameters
    ----------
    organism, title, licence, unit
        One sentence each.
    limits
        What it is not.
    codons
        Each codon with its share among the codons of its amino acid.
    """

    organism: str
    title: str
    licence: str
    unit: str
    limits: tuple[str, ...]
    codons: tuple[tuple[str, float], ...]

    def problems(self) -> Iterator[str]:
        """Yield codons that are missing or never used."""
        if sorted(codon for codon, _ in self.codons) != sorted(CODONS):
            yield "The table must have each of the 64 codons once."
        if any(not 0 < share <= 1 for _, share in self.codons):
            yield "Every share must be above 0 and at most 1."


@cache
def codon_usage() -> CodonUsage:
    """Return the usage of human genes.

    Examples
    --------
    >>> dict(codon_usage().codons)["CTG"]
    0.4
    """
    text = (resources.files(__package__) / _FILE).read_text(encoding="utf-8")
    return load_rows(_FILE, CodonUsage, text=text)["homo_sapiens"]


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Return the codons of each residue (``*`` for stop), the commonest first.

    Examples
    --------
    >>> synonyms()["K"], synonyms()["*"][0]
    (('AAG', 'AAA'), 'TGA')
    """
    share = dict(codon_usage().codons)
    by_residue: dict[str, list[str]] = {}
    for codon in sorted(share, key=lambda codon: (-share[codon], codon)):
        by_residue.setdefault(CODONS[codon], []).append(codon)
    return MappingProxyType({residue: tuple(codons) for residue, codons in by_residue.items()})


@cache
def log_adaptiveness() -> Mapping[str, float]:
    """Return ln *w* of each codon: its share over that of the commonest codon of the same residue.

    Examples
    --------
    >>> round(log_adaptiveness()["AAA"], 3), log_adaptiveness()["AAG"]
    (-0.282, 0.0)
    """
    share = dict(codon_usage().codons)
    return MappingProxyType(
        {
            codon: log(share[codon]) - log(share[codons[0]])
            for codons in synonyms().values()
            for codon in codons
        }
    )


def codon_adaptation_index(cds: str) -> float:
    """Return the codon adaptation index (Sharp and Li 1987, doi:10.1093/nar/15.3.1281) for human genes.

    The geometric mean of *w* over the codons that have synonyms; Met, Trp and stop codons are left out. Sharp and Li
    took *w* from highly expressed genes, this index takes it from all human genes.

    Parameters
    ----------
    cds
        Upper-case whole codons.

    Returns
    -------
    float
        Above 0, at most 1; 1 where no codon has a synonym.

    Examples
    --------
    >>> codon_adaptation_index("ATGCTGAAGTGA"), round(codon_adaptation_index("ATGCTAAAATGA"), 3)
    (1.0, 0.363)
    """
    weights = log_adaptiveness()
    chosen = [
        weights[codon]
        for codon in (cds[i : i + 3] for i in range(0, len(cds) - 2, 3))
        if CODONS[codon] not in "MW*"
    ]
    return exp(fsum(chosen) / len(chosen)) if chosen else 1.0
