"""What is edited in a T cell beside giving it a receptor, and how its breaks could be joined."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from revertant.model.finding import Finding
from revertant.model.guide import Guide
from revertant.model.locus import Locus
from revertant.model.offtarget import TranslocationPair

__all__ = [
    "CellEdit",
    "CellSource",
    "EditMethod",
    "EditOption",
    "EditPurpose",
    "EditSet",
    "HlaLocus",
    "Junction",
    "TranslocationAssay",
]


class CellSource(StrEnum):
    """Whose T cells are given."""

    AUTOLOGOUS = "autologous"
    ALLOGENEIC = "allogeneic"


class EditPurpose(StrEnum):
    """Why a gene of a T cell is edited."""

    GRAFT_VERSUS_HOST = "graft_versus_host"
    HOST_VERSUS_GRAFT = "host_versus_graft"
    FRATRICIDE = "fratricide"
    CHECKPOINT = "checkpoint"
    LYMPHODEPLETION_RESISTANCE = "lymphodepletion_resistance"
    KNOCK_IN = "knock_in"

    @property
    def words(self) -> str:
        """The purpose for people."""
        return _PURPOSE_WORDS[self]


_PURPOSE_WORDS = {
    EditPurpose.GRAFT_VERSUS_HOST: "against graft-versus-host disease",
    EditPurpose.HOST_VERSUS_GRAFT: "against rejection by the host",
    EditPurpose.FRATRICIDE: "against fratricide",
    EditPurpose.CHECKPOINT: "checkpoint",
    EditPurpose.LYMPHODEPLETION_RESISTANCE: "to survive lymphodepletion",
    EditPurpose.KNOCK_IN: "the receptor is put here",
}


class EditMethod(StrEnum):
    """How a gene is edited."""

    BASE_EDITING = "base_editing"
    NUCLEASE = "nuclease"
    KNOCK_IN = "knock_in"


@dataclass(frozen=True, slots=True)
class EditOption:
    """One way to edit a gene.

    Parameters
    ----------
    method, effector, effector_name
        How, and with what (catalogue key and display name).
    guide
        The guide at its place.
    label
        What the edit does to the gene.
    breaks
        Double-strand breaks made on purpose: one for each place the guide cuts, none for base editing.
    copies
        Every place of the reference where spacer and PAM lie letter by letter, the guide's own among them; a second
        one is a second break.
    precedent_stage, precedent
        How far a published use of this guide and effector has come, and where it is told; empty when it is new.
    design_id
        The design that describes it in full; empty where the guide was taken from the catalogue of published ones.
    on_every_copy
        Whether each sequence this person may carry there has spacer and PAM; else a copy stays whole.
    """

    method: EditMethod
    effector: str
    effector_name: str
    guide: Guide
    label: str
    breaks: int
    copies: tuple[Locus, ...] = ()
    precedent_stage: str = ""
    precedent: tuple[str, ...] = ()
    design_id: str = ""
    on_every_copy: bool = True


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One gene to edit.

    Parameters
    ----------
    gene, band
        Symbol, and cytogenetic band; its arm decides which ends carry a centromere.
    purposes, because
        Why.
    options
        The ways found, the preferred one first; empty where no guide could be made.
    needs
        What has to be given before a guide can be made, empty when there is one.
    sources, checked
        Of the reason.
    """

    gene: str
    band: str
    purposes: tuple[EditPurpose, ...]
    because: str
    options: tuple[EditOption, ...] = ()
    needs: str = ""
    sources: tuple[str, ...] = ()
    checked: bool = False

    @property
    def chosen(self) -> EditOption | None:
        """The preferred way; ``None`` where there is none."""
        return self.options[0] if self.options else None

    def by(self, *methods: EditMethod) -> EditOption | None:
        """Return the first way by one of these methods."""
        return next((option for option in self.options if option.method in methods), None)


@dataclass(frozen=True, slots=True)
class Junction:
    """One way in which the ends of two breaks can be joined, and the PCR that shows it.

    Parameters
    ----------
    kind
        ``"balanced translocation"`` (one centromere on each product), ``"dicentric"``, ``"acentric"``; within one
        chromosome ``"deletion"``, ``"inversion"`` and ``"ring"``; ``"translocation"`` where the arms are not known.
    ends
        Which ends meet (``"TRAC left + B2M right"``).
    forward, reverse
        Primers, 5'→3', that point at each other only when these ends are joined; empty where none were found.
    product_bp
        Length when nothing is lost at the junction; ``None`` without primers.
    """

    kind: str
    ends: str
    forward: str = ""
    reverse: str = ""
    product_bp: int | None = None


@dataclass(frozen=True, slots=True)
class TranslocationAssay:
    """Two breaks of one treatment, and every way their ends can meet.

    Parameters
    ----------
    first, second
        Names of the two cuts: the gene, with a number where it is cut twice.
    pair
        The two cuts on the reference; ``None`` where one has no place there.
    junctions
        Four joinings of the four ends.
    problem
        Why there are no primers, or no arms; empty when nothing is missing.
    """

    first: str
    second: str
    pair: TranslocationPair | None
    junctions: tuple[Junction, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class HlaLocus:
    """How donor and patient agree at one HLA locus.

    ``shared`` counts 0 to 2 alleles to the coarser of the two resolutions (``fields``); ``None`` when a side has not
    both alleles typed.
    """

    locus: str
    patient: tuple[str, ...]
    donor: tuple[str, ...]
    shared: int | None
    fields: int = 0


@dataclass(frozen=True, slots=True)
class EditSet:
    """Every edit of one cell product.

    Parameters
    ----------
    cells
        Whose cells.
    edits
        The genes, in the order of their need.
    assays
        The n(n-1)/2 pairs of the n double-strand breaks of the preferred ways.
    nuclease_breaks
        Breaks if every gene were cut instead, for comparison; ``None`` where a gene has no cut in this reference.
    hla
        Agreement of donor and patient, where both were typed.
    findings
        Rules on the set as a whole.
    """

    cells: CellSource
    edits: tuple[CellEdit, ...]
    assays: tuple[TranslocationAssay, ...] = ()
    nuclease_breaks: int | None = None
    hla: tuple[HlaLocus, ...] = ()
    findings: tuple[Finding, ...] = ()

    derived: ClassVar = ("breaks",)

    @property
    def breaks(self) -> int:
        """Double-strand breaks made on purpose by the preferred ways."""
        return sum(edit.chosen.breaks for edit in self.edits if edit.chosen is not None)
