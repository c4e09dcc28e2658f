"""What a simulation gives: the sequence before, and every sequence it can become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from revertant.model import Consequence, Estimate, Finding, Locus, Oligo, SequenceView, Variant

__all__ = ["EditedAllele", "Simulation", "SimulationReport"]


@dataclass(frozen=True, slots=True)
class EditedAllele:
    """One sequence that the edit leaves.

    Parameters
    ----------
    label
        What happened, in words.
    start, place
        Index, in the sequence before, of the first base that changes, and where it lies, counted from 1; an insertion
        lies between two bases (``chr1:4^5``).
    removed, written
        What goes and what comes there, on the forward strand; both empty where nothing changes.
    sequence
        The forward strand afterwards.
    variants
        All that then differs from the reference, the person's own variants included; empty where it is the reference.
    hgvs_g
        Their descriptions, in the same order.
    consequences
        What they do together, one for each transcript asked.
    share
        Predicted share among edited alleles; ``None``, or without a value, where it is not predicted.

    Examples
    --------
    >>> EditedAllele("A to G", 4, "s:5", "A", "G", "TTTTGTT", (), (), ()).changed_nt
    1
    """

    label: str
    start: int
    place: str
    removed: str
    written: str
    sequence: str
    variants: tuple[Variant, ...]
    hgvs_g: tuple[str, ...]
    consequences: tuple[Consequence, ...]
    share: Estimate | None = None

    @property
    def changed_nt(self) -> int:
        """Length of what goes or of what comes, whichever is longer."""
        return max(len(self.removed), len(self.written))


@dataclass(frozen=True, slots=True)
class Simulation:
    """One edit of one sequence.

    Parameters
    ----------
    method
        ``nuclease``, ``base_editing``, ``prime_editing`` or ``hdr``.
    effector, effector_name
        Catalogue key and display name.
    molecules
        What was applied.
    on_genome
        Whether the sequence lies on a genome; one that was given has only its own positions.
    locus, haplotypes, certain
        Which stretch of the reference it is, which copies carry it, and whether the person surely does.
    before
        The sequence as it is, with its variants and what they do.
    view, view_start
        Where everything binds, cuts and writes, and the index in the sequence of the first base shown.
    alleles
        What comes out, largest predicted share first.
    findings
        What a reader must know: what is not predicted, whether the product is cut again.
    facts
        Further ``(name, value)`` pairs.
    indel_lengths
        Predicted share of indels by length (bases gained, negative for a deletion), empty where not predicted.
    """

    method: str
    effector: str
    effector_name: str
    molecules: tuple[Oligo, ...]
    on_genome: bool
    locus: Locus
    haplotypes: tuple[str, ...]
    certain: bool
    before: EditedAllele
    view: SequenceView
    view_start: int
    alleles: tuple[EditedAllele, ...]
    findings: tuple[Finding, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    indel_lengths: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class SimulationReport:
    """The edit on every copy that was asked about.

    Parameters
    ----------
    simulations
        One for each distinct sequence on which the molecules find their place.
    not_edited
        ``(copies, reason)`` of the others.
    parameters
        What was asked, for the record.
    """

    simulations: tuple[Simulation, ...]
    not_edited: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str], ...]

    derived: ClassVar = ("notice",)

    @property
    def notice(self) -> str:
        """What the result is, and is not."""
        return (
            "For research use only. Worked out from the sequences given; nothing was tested. What a cell makes of the "
            "edit can differ."
        )
