"""Places and residues that treat a disease without restoring its gene.

A *regulatory site* is broken to change another gene's dose; a *benign substitution* puts a harmless residue
in the place of a pathogenic one. Neither is a restoration, and reports say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Iupac, Row, load_rows
from revertant.knowledge.tissues import Tissue
from revertant.model import Strand
from revertant.sequence import AMINO_ACIDS_3

__all__ = ["BenignSubstitution", "SiteFact", "benign_substitutions", "sites"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFact(Row):
    """A named regulatory site.

    Parameters
    ----------
    name, gene
        Its name, and the gene it regulates.
    benefits, diseases
        Genes whose disease is treated by breaking it, and those diseases (OMIM).
    build, contig, start, end, strand
        Where it lies: **1-based, both ends included**, as in the file; see :attr:`interval`.
    motif
        IUPAC sequence to be broken, 5'→3' on ``strand``.
    tissue
        Where it has to be broken.
    purpose
        What breaking it does, in a sentence for the reader.
    precedents
        Keys of published guides that act here.
    note
        What a designer should know.
    """

    name: str
    gene: str
    benefits: tuple[str, ...]
    diseases: tuple[str, ...]
    build: Literal["GRCh38"]
    contig: str
    start: int
    end: int
    strand: Strand
    motif: Iupac
    tissue: Tissue
    purpose: str
    precedents: tuple[str, ...] = ()
    note: str = ""

    @property
    def interval(self) -> tuple[int, int]:
        """The place 0-based and half-open."""
        return self.start - 1, self.end

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if self.start < 1 or self.end - self.start + 1 != len(self.motif):
            yield f"{self.start}-{self.end} does not hold a motif of {len(self.motif)} bases."
        if not self.benefits:
            yield "A site must benefit a gene."


@dataclass(frozen=True, slots=True, kw_only=True)
class BenignSubstitution(Row):
    """A residue that can stand in the place of a pathogenic one.

    Parameters
    ----------
    gene, transcript, codon
        Where: the codon counts from the initiator methionine, as HGVS does.
    wild_type, replaces, residue
        One-letter residues: normal, pathogenic, benign.
    name, evidence
        The variant's name, and why it is held to be benign.
    note
        What a designer should know.
    """

    gene: str
    transcript: str
    codon: int
    wild_type: str
    replaces: str
    residue: str
    name: str
    evidence: str
    note: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        residues = (self.wild_type, self.replaces, self.residue)
        if any(len(residue) != 1 or residue not in AMINO_ACIDS_3 for residue in residues):
            yield f"{residues} are not one-letter residues."
        if len(set(residues)) < 3:
            yield "Normal, pathogenic and benign residue must differ."
        if self.codon < 1:
            yield "Codons count from 1."


@cache
def sites() -> Mapping[str, SiteFact]:
    """Return the regulatory sites by key.

    Examples
    --------
    >>> sites()["bcl11a_plus58_gata"].motif
    'GATAA'
    """
    return load_rows("sites.toml", SiteFact)


@cache
def benign_substitutions() -> tuple[BenignSubstitution, ...]:
    """Return the benign substitutions, sorted by key.

    Examples
    --------
    >>> [(row.gene, row.codon, row.residue) for row in benign_substitutions() if row.checked]
    [('HBB', 7, 'A')]
    """
    return tuple(load_rows("benign.toml", BenignSubstitution).values())
