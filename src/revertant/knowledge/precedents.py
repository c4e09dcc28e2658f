"""Published guides: what has been done with exactly this molecule before.

A precedent is not a proof of safety. It says that somebody has made this cut or this edit, how far it has
come, and where its known off-targets are; a design that equals one can borrow that experience, and must cite
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Dna, Iupac, Row, load_rows
from revertant.model import PamSide, Strand

__all__ = ["GuideLocus", "Precedent", "effectors_in_people", "precedent_for", "precedents"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideLocus:
    """Where spacer and PAM lie on GRCh38: 1-based, both ends included, as in the file."""

    contig: str
    start: int
    end: int
    strand: Strand


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent(Row):
    """One published guide.

    Parameters
    ----------
    spacer, pam, pam_side
        The molecule's own letters, as published. The PAM is the genome's, or the nuclease's pattern where
        the genome's was not read.
    effector, modality
        Key in :func:`nucleases` or :func:`editors` (``"pe2"`` for prime editing), and the modality.
    gene, site, variant
        What it acts on; ``site`` is a key of :func:`sites`.
    stage
        ``approved``, ``clinical``, ``preclinical``, ``published`` or ``benchmark`` (a guide used for
        measuring off-targets, not for treating anybody).
    use
        What it was made for.
    confidence
        ``A`` or ``B``; see the file's head.
    found_in
        Where a computation found spacer and PAM together; empty when nowhere yet.
    locus
        Where it lies, when known.
    note
        What a designer should know.
    """

    spacer: Dna
    pam: Iupac
    pam_side: PamSide
    effector: str
    modality: Literal["nuclease", "base_editing", "prime_editing"]
    use: str
    confidence: Literal["A", "B"]
    stage: Literal["approved", "clinical", "preclinical", "published", "benchmark"]
    gene: str = ""
    site: str = ""
    variant: str = ""
    found_in: Literal["", "genome", "data_set"] = ""
    locus: GuideLocus | None = None
    note: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if self.checked and not self.found_in:
            yield "A checked guide says where spacer and PAM were found."
        if self.locus is not None:
            held = self.locus.end - self.locus.start + 1
            if held != len(self.spacer) + len(self.pam):
                yield f"The locus holds {held} bases, spacer and PAM have {len(self.spacer) + len(self.pam)}."


@cache
def precedents() -> Mapping[str, Precedent]:
    """Return the published guides by key.

    Examples
    --------
    >>> precedents()["bcl11a_sg1617"].stage
    'approved'
    """
    return load_rows("precedents.toml", Precedent)


@cache
def _by_spacer() -> Mapping[str, Precedent]:
    return {row.spacer: row for row in precedents().values()}


@cache
def effectors_in_people() -> frozenset[str]:
    """Return the keys of the nucleases and editors that people have been treated with, with whatever guide.

    Examples
    --------
    >>> "spcas9" in effectors_in_people(), "spry" in effectors_in_people()
    (True, False)
    """
    return frozenset(row.effector for row in precedents().values() if row.stage in {"approved", "clinical"})


def precedent_for(spacer: str) -> Precedent | None:
    """Return the published guide with exactly this spacer, if there is one.

    Examples
    --------
    >>> precedent_for("TTCTCCACAGGAGTCAGATG").effector
    'abe8e_nrch'
    >>> precedent_for("A" * 20)
    """
    return _by_spacer().get(spacer.upper())
