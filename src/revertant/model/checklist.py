"""What a guidance document asks for, answered from a plan: each item with its state and where the evidence stands.

A state says who has to do the next thing: nobody (*satisfied by computation*), a laboratory, a person, or whoever can
give an input that is *missing*. Nothing is satisfied by default, and a checklist never says that a plan may be used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

__all__ = [
    "Checklist",
    "ChecklistItem",
    "DocumentStatus",
    "Evidence",
    "EvidenceKind",
    "ItemState",
    "count_states",
]


class ItemState(StrEnum):
    """How an item of a checklist stands."""

    SATISFIED = "satisfied_by_computation"
    LABORATORY = "needs_laboratory"
    HUMAN = "needs_human"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """The state in words."""
        return self.value.replace("_", " ")


class DocumentStatus(StrEnum):
    """Whether a document is final."""

    DRAFT = "draft"
    FINAL = "final"


class EvidenceKind(StrEnum):
    """Where a piece of evidence stands."""

    FINDING = "finding"
    FIELD = "field"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pointer to evidence.

    Parameters
    ----------
    kind
        A finding, a field of the plan, or a file of the dossier.
    name
        The finding's rule (``"offtarget.coverage"``), the field (``"provenance.parameters"``), or the file's name.
    design_id
        The design whose finding it is; empty for a finding of the gate, a field and a file.
    """

    kind: EvidenceKind
    name: str
    design_id: str = ""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing that a document asks for.

    Parameters
    ----------
    item_id
        Its name within the document.
    section
        Where in the document it is asked; empty where that was not read.
    asked
        What is asked, in this project's own words.
    state
        How it stands.
    because
        One plain sentence: why it stands so.
    needs
        The assay, the person or the input that would settle it; empty where nothing more is needed.
    evidence
        Where the evidence stands.
    sources, checked
        Where it is asked, and whether that place, and all evidence used, was read in its primary source.
    """

    item_id: str
    section: str
    asked: str
    state: ItemState
    because: str
    needs: str
    evidence: tuple[Evidence, ...]
    sources: tuple[str, ...]
    checked: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    """A document answered for one design.

    Parameters
    ----------
    checklist_id, title, issuer
        The document.
    jurisdictions
        Where it holds: ISO 3166-1 codes, groups of them (``"EU"``), or ``"*"``.
    place
        The place it was chosen for; empty where the case names none, and every document was taken.
    dated, status, address
        The date it bears, whether it is a draft, and where it can be read.
    checked
        Whether title, date and status were read at its issuer.
    design_id
        The design that was held against it.
    items
        In the document's order.
    """

    checklist_id: str
    title: str
    issuer: str
    jurisdictions: tuple[str, ...]
    place: str
    dated: str
    status: DocumentStatus
    address: str
    checked: bool
    design_id: str
    items: tuple[ChecklistItem, ...]

    derived: ClassVar = ("counts",)

    @property
    def counts(self) -> tuple[tuple[ItemState, int], ...]:
        """How many items stand in each state, states without any left out."""
        return count_states((self,))


def count_states(checklists: Iterable[Checklist]) -> tuple[tuple[ItemState, int], ...]:
    """Count the items of checklists by state, in the order of the states.

    Examples
    --------
    >>> item = ChecklistItem("a", "", "Asked.", ItemState.MISSING, "Why.", "What.", (), ("url:x",), checked=False)
    >>> made = Checklist("c", "T", "I", ("*",), "", "2024-01", DocumentStatus.FINAL, "", False, "d", (item, item))
    >>> [(state.label, number) for state, number in count_states([made])]
    [('missing', 2)]
    """
    found = Counter(item.state for checklist in checklists for item in checklist.items)
    return tuple((state, found[state]) for state in ItemState if found[state])
