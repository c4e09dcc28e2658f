"""What a vector carries, once decided: the whole gene, or a shortened form of it that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from revertant import knowledge
from revertant.errors import RevertantError
from revertant.genome import PatientGenome
from revertant.knowledge import Vehicle
from revertant.modality.contract import DesignOptions
from revertant.modality.gene_addition.alternatives import Alternative, Brief, alternatives
from revertant.modality.gene_addition.oversized import mini_gene_protein, mini_genes_of
from revertant.modality.gene_addition.transgene import native_transgene
from revertant.model import Choice, Strategy, Transgene

__all__ = ["Carried", "shortened", "transgene_of"]


@dataclass(frozen=True, slots=True)
class Carried:
    """A transgene with what was decided of it.

    Parameters
    ----------
    transgene
        What is carried.
    choice
        Where it comes from, and why it.
    """

    transgene: Transgene
    choice: Choice

    @property
    def coding_bp(self) -> int:
        """Length of any coding sequence of it, stop codon included."""
        return 3 * (len(self.transgene.protein) + 1)


def transgene_of(strategy: Strategy, genome: PatientGenome, options: DesignOptions) -> Carried:
    """Find what the vector is to carry: given, from the catalogue, or spliced from the reference, in this order.

    Parameters
    ----------
    strategy
        Its target names the gene and the transcript.
    genome
        Its reference is spliced where nothing else is at hand; the patient's own copies are not used.
    options
        May bring the transgene.

    Raises
    ------
    RevertantError
        When none can be had.
    """
    target = strategy.target
    native = "wild type, not the patient's copy"
    if options.transgene is not None:
        given = options.transgene
        because = f"It was given ({given.source or 'by the caller'})."
        return Carried(given, Choice("transgene", given.name, because))
    row = knowledge.transgenes().get(target.gene)
    if row is not None and row.cds:
        found = knowledge.transgene(target.gene)
        because = f"The catalogue holds its coding sequence ({row.transcript}; {native})."
        return Carried(
            found, Choice("transgene", f"{row.name} ({row.transcript})", because, sources=row.sources)
        )
    found = native_transgene(target, genome.reference)
    because = f"Spliced from the reference genome along {found.source} ({native})."
    return Carried(found, Choice("transgene", f"{found.name} ({found.source})", because))


def shortened(
    whole: Carried, gene: str, vehicles: Sequence[Vehicle], brief: Brief, refused: list[str]
) -> list[tuple[Carried, Alternative]]:
    """Return the shortened forms of a gene that fits no single AAV, where their residues are known.

    Parameters
    ----------
    whole, gene
        The whole transgene, and the gene whose shortened forms are looked up.
    vehicles, brief, refused
        As for :func:`~revertant.modality.gene_addition.alternatives.alternatives`.
    """
    found: list[tuple[Carried, Alternative]] = []
    for mini in mini_genes_of(gene):
        try:
            protein = mini_gene_protein(mini.key, whole.transgene.protein)
        except RevertantError as error:
            refused.append(error.what)
            continue
        short = Transgene(f"{gene}-{mini.key}", protein, source=f"{mini.name}, from {whole.transgene.source}")
        carried = Carried(
            short,
            Choice(
                "transgene", mini.name, mini.composition, ((gene, "it fits no single AAV"),), mini.sources
            ),
        )
        single = replace(brief, coding_bp=carried.coding_bp)
        options = [one for one in vehicles if one.kind == "AAV"]
        found += [(carried, one) for one in alternatives(options, single, refused)]
    return found
