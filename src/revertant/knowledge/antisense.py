"""Splice-switching oligos that people have been given: the only evidence here that an oligo reaches a tissue.

An oligo needs no vehicle, but its chemistry and the way it is given decide where it acts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Dna, Row, load_rows
from revertant.knowledge.tissues import Tissue, tissue_named

__all__ = [
    "AntisenseUse",
    "OligoChemistry",
    "antisense_for",
    "antisense_reaching",
    "antisense_uses",
    "antisense_uses_for",
]

OligoChemistry = Literal["PMO", "2'-MOE phosphorothioate", "2'-O-methyl phosphorothioate"]

_STAGES = ("approved", "clinical", "preclinical")


@dataclass(frozen=True, slots=True, kw_only=True)
class AntisenseUse(Row):
    """One oligo that has been used.

    Parameters
    ----------
    name
        Its name, with the brand where there is one.
    gene, transcript, exon
        The gene, and the exon it leaves out with the transcript that numbers it; no exon for other aims.
    variant
        The variant it was made against, HGVS c. without the transcript.
    sequence
        5'→3', DNA letters; empty where it was not verified.
    chemistry
        Backbone and sugar.
    tissue, route
        Where it acts, and how it is given to act there.
    stage
        How far it has come.
    use
        What it does, one sentence.
    checked_against
        What was compared with what.
    note
        What a designer should know.
    """

    name: str
    gene: str
    chemistry: OligoChemistry
    tissue: Tissue
    route: str
    stage: Literal["approved", "clinical", "preclinical"]
    use: str
    transcript: str = ""
    exon: int | None = None
    variant: str = ""
    sequence: Dna = ""
    checked_against: str = ""
    note: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if (self.exon is None) != (not self.transcript):
            yield "An exon needs the transcript that numbers it, and the reverse."
        if self.exon is not None and self.variant:
            yield "It leaves out an exon or hides what one variant made, not both."


@cache
def antisense_uses() -> Mapping[str, AntisenseUse]:
    """Return the oligos by key.

    Examples
    --------
    >>> antisense_uses()["eteplirsen"].exon
    51
    """
    return load_rows("antisense.toml", AntisenseUse)


def antisense_for(sequence: str) -> AntisenseUse | None:
    """Return the used oligo with exactly this sequence, if there is one.

    Examples
    --------
    >>> antisense_for("CCTCCGGTTCTGAAGGTGTTC").name, antisense_for("A" * 20)
    ('viltolarsen (Viltepso)', None)
    """
    wanted = sequence.upper()
    return next((row for row in antisense_uses().values() if row.sequence == wanted), None)


def antisense_uses_for(gene: str, *, exon: int | None = None, variant: str = "") -> tuple[AntisenseUse, ...]:
    """Return the oligos that leave out one exon of a gene, or that were made against one variant.

    Parameters
    ----------
    gene
        Symbol.
    exon
        Number of the exon, as the row's transcript numbers it.
    variant
        HGVS c. without the transcript.

    Examples
    --------
    >>> [row.key for row in antisense_uses_for("DMD", exon=53)]
    ['golodirsen', 'viltolarsen']
    >>> [row.key for row in antisense_uses_for("CEP290", variant="c.2991+1655A>G")]
    ['sepofarsen']
    """
    return tuple(
        row
        for row in antisense_uses().values()
        if row.gene == gene
        and ((exon is not None and row.exon == exon) or (bool(variant) and row.variant == variant))
    )


def antisense_reaching(tissue: str) -> tuple[AntisenseUse, ...]:
    """Return the oligos that have acted in a tissue, those that have come furthest first.

    Examples
    --------
    >>> [row.route for row in antisense_reaching("retina")], antisense_reaching("kidney")
    (['intravitreal'], ())
    """
    wanted = tissue_named(tissue)
    found = [row for row in antisense_uses().values() if row.tissue is wanted]
    return tuple(sorted(found, key=lambda row: (_STAGES.index(row.stage), not row.checked, row.key)))
