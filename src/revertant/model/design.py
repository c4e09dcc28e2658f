"""Concrete molecules: what would be ordered, what it would do, and how to draw it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from revertant.model.car_t import CarTherapy
from revertant.model.constructs import AntisenseOligo, Donor, PegRna, SpliceChange
from revertant.model.finding import Estimate
from revertant.model.guide import Guide
from revertant.model.identity import content_id
from revertant.model.locus import Locus, Strand
from revertant.model.promoter import PromoterMap
from revertant.model.target import Route
from revertant.model.vector import Vector

__all__ = [
    "BaseChange",
    "Design",
    "Effect",
    "Oligo",
    "Outcome",
    "SequenceView",
    "ViewSpan",
]


@dataclass(frozen=True, slots=True, order=True)
class BaseChange:
    """One edited base.

    Parameters
    ----------
    position
        0-based position on the reference.
    before, after
        The base before and after, on the forward strand.
    spacer_position
        1-based position in the protospacer; position 1 is the PAM-distal end for 3' PAMs, the PAM-proximal
        end for 5' PAMs (the literature's own counting); 0 when no guide applies.
    """

    position: int
    before: str
    after: str
    spacer_position: int = 0


class Effect(StrEnum):
    """What an edited genotype means for the person."""

    RESTORES_WILD_TYPE = "restores_wild_type"
    RESTORES_PROTEIN = "restores_protein"
    BENIGN_SUBSTITUTION = "benign_substitution"
    KNOCKS_OUT = "knocks_out"
    DISRUPTS_SITE = "disrupts_site"
    SPLICE_CHANGED = "splice_changed"
    EXPRESSION_CHANGED = "expression_changed"
    STRETCH_REMOVED = "stretch_removed"
    PROTEIN_CHANGED = "protein_changed"
    GENE_ADDED = "gene_added"
    NO_EFFECT = "no_effect"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One genotype an edit can leave behind.

    Parameters
    ----------
    changes
        The bases changed; for indels see ``label``.
    effect
        What it means.
    useful
        Whether it serves the route.
    protein
        HGVS p. against the wild type (``"p.(Val7Ala)"`` style against the reference protein), or ``""``.
    label
        One line for people.
    share
        Predicted share of edited alleles; its ``value`` is ``None`` when not predictable.
    """

    changes: tuple[BaseChange, ...]
    effect: Effect
    useful: bool
    protein: str
    label: str
    share: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Oligo:
    """A strand to order. ``sequence`` is 5'→3', DNA letters; ``note`` says what for."""

    name: str
    sequence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ViewSpan:
    """A marked stretch of a :class:`SequenceView`, in indexes of its ``bases``.

    ``kind`` is one of ``protospacer``, ``pam``, ``window``, ``target``, ``bystander``, ``cut``, ``nick``,
    ``codon``, ``exon``, ``variant``, ``motif``, ``pbs``, ``rtt``, ``arm``, ``silent`` (a change nobody asked for
    but the design needs), ``oligo``.
    """

    kind: str
    start: int
    end: int
    label: str = ""
    strand: Strand = Strand.PLUS


@dataclass(frozen=True, slots=True)
class SequenceView:
    """The patient's sequence around an edit, ready to be drawn.

    Parameters
    ----------
    locus
        The reference interval shown.
    bases
        The patient's forward-strand bases over it (its length differs from the locus's where an indel lies).
    spans
        Marked stretches.
    """

    locus: Locus
    bases: str
    spans: tuple[ViewSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Design:
    """One concrete molecule set.

    Parameters
    ----------
    modality, route
        What kind of therapy, to what end.
    gene, acts_on
        The gene, and the allele or site acted on, in words.
    effector, effector_name
        Catalogue key and display name of the nuclease or editor.
    guides
        The guide RNAs: first those that write, cut or bind; nicking guides (``ngRNA``) after them.
    purpose
        One plain sentence: what this design does.
    outcomes
        Genotypes it can leave, most useful first.
    useful_share
        Share of edited alleles whose genotype serves the route.
    useful_yield
        That share times the rate at the target's position relative to the editor's best position: a clean edit
        that hardly happens serves nobody.
    oligos
        What to order.
    view
        The edit on the sequence.
    facts
        Further ``(name, value)`` pairs for tables, names with units.
    precedent
        Sources of a published use of this very guide and effector, empty when none is known.
    precedent_stage
        How far that use has come: ``approved``, ``clinical``, ``preclinical``, ``published`` or empty.
    pegrnas
        The extensions of the first guides, in their order; guides beyond them are nicking guides.
    donor
        The repair template.
    antisense
        Antisense oligos; a design of these has no guides.
    splicing
        Which exons are left out, or what is hidden, where splicing is to be changed.
    promoter
        The promoter with the guide on it, where expression is to be changed.
    indel_lengths
        Predicted share of indels by length (bases gained, negative for a deletion), empty where not predicted.
    vector
        The vector, where a gene is added; such a design has no guides, unless it is a cell therapy.
    car
        The cell therapy, where T cells are given a receptor; its guides are those of its edit set, in their order.
    """

    modality: str
    route: Route
    gene: str
    acts_on: str
    effector: str
    effector_name: str
    guides: tuple[Guide, ...]
    purpose: str
    outcomes: tuple[Outcome, ...] = ()
    useful_share: Estimate | None = None
    oligos: tuple[Oligo, ...] = ()
    view: SequenceView | None = None
    facts: tuple[tuple[str, str], ...] = ()
    precedent: tuple[str, ...] = ()
    precedent_stage: str = ""
    useful_yield: Estimate | None = None
    pegrnas: tuple[PegRna, ...] = ()
    donor: Donor | None = None
    antisense: tuple[AntisenseOligo, ...] = ()
    splicing: SpliceChange | None = None
    promoter: PromoterMap | None = None
    indel_lengths: tuple[tuple[int, float], ...] = ()
    vector: Vector | None = None
    car: CarTherapy | None = None

    derived: ClassVar = ("design_id",)

    @property
    def design_id(self) -> str:
        """Name made of modality, route, effector, the guides with their places, and every other molecule."""
        guides = [(guide.spacer, guide.pam, str(guide.locus)) for guide in self.guides]
        others = [
            *((peg.extension, peg.motif) for peg in self.pegrnas),
            *([(self.donor.kind, self.donor.sequence)] if self.donor else []),
            *((oligo.sequence, str(oligo.locus), oligo.chemistry) for oligo in self.antisense),
            *((made.form, made.sequence) for made in (self.vector.constructs if self.vector else ())),
            *([(self.vector.capsid, self.vector.route)] if self.vector else []),
            *([(self.car.attacked, self.car.protein)] if self.car else []),
        ]
        parts = (self.modality, self.route, self.gene, self.acts_on, self.effector, guides)
        return content_id("design", *parts, *([others] if others else []))
