"""Coding sequences that may be shipped, and the size of those that need no sequence to be weighed.

A row with ``cds`` can be designed from at once; its protein is its translation. A row without says how many residues
a gene's product, or a shortened form of it, has: enough to ask whether it fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from revertant.errors import InputError
from revertant.knowledge.catalogue import Row, load_rows
from revertant.model import Transgene
from revertant.sequence import is_dna, translate

__all__ = ["TransgeneRow", "transgene", "transgenes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransgeneRow(Row):
    """One coding sequence.

    Parameters
    ----------
    gene
        Symbol; the row's key, or the gene of which this is a shortened form.
    name
        What the protein is called.
    protein_aa
        Residues without the stop codon.
    form
        What was shortened or changed; empty for the whole native protein.
    uniprot
        Accession of the protein; empty where none is known here.
    transcript
        RefSeq record of the coding sequence.
    cds
        From start to stop codon, empty where it is not shipped.
    checked_against
        What ``checked`` rests on.
    note
        What a designer should know.
    """

    gene: str
    name: str
    protein_aa: int
    form: str = ""
    uniprot: str = ""
    transcript: str = ""
    cds: str = ""
    checked_against: str = ""
    note: str = ""

    @property
    def cds_bp(self) -> int:
        """Bases of the coding sequence, stop codon included."""
        return 3 * (self.protein_aa + 1)

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if self.checked != bool(self.checked_against):
            yield "checked and checked_against go together."
        if not self.form and self.key != self.gene:
            yield "A row of another name than its gene says what its form is."
        if self.cds:
            protein = translate(self.cds)
            if not is_dna(self.cds) or len(self.cds) != self.cds_bp:
                yield f"The coding sequence should be {self.cds_bp} bases A, C, G, T."
            elif not protein.startswith("M") or protein.find("*") != self.protein_aa:
                yield "The coding sequence does not run from a start codon to its only stop codon."
            if not self.transcript:
                yield "A coding sequence names its record."


@cache
def transgenes() -> Mapping[str, TransgeneRow]:
    """Return all rows by key.

    Examples
    --------
    >>> transgenes()["SMN1"].cds_bp, transgenes()["F8_BDD"].cds_bp
    (885, 4374)
    """
    return load_rows("transgenes.toml", TransgeneRow)


def transgene(key: str) -> Transgene:
    """Return a shipped coding sequence, ready to be designed from.

    Raises
    ------
    InputError
        When there is no such row, or it has no sequence; the message says what can be given instead.

    Examples
    --------
    >>> len(transgene("RPE65").protein)
    533
    """
    row = transgenes().get(key)
    if row is None or not row.cds:
        ours = ", ".join(name for name, one in transgenes().items() if one.cds)
        what = "is not in the catalogue" if row is None else "is there with its length only"
        raise InputError(
            f"The coding sequence of {key} {what}.",
            remedy=f"Give it as FASTA, DNA or protein, or take one of {ours}.",
        )
    return Transgene(row.gene, translate(row.cds)[:-1], row.cds, row.transcript)
