"""Where an editor can stand: the protospacers that put every wanted base into its window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from revertant.genome import HaplotypeWindow
from revertant.knowledge import BaseEditor
from revertant.modality.base_editing.intended import Wish, guide_strands
from revertant.modality.base_editing.outcome import MOST_EDITABLE
from revertant.modality.base_editing.shares import working_window
from revertant.modality.protospacers import Protospacer, protospacers
from revertant.model import BaseChange, Strand
from revertant.sequence import complement

__all__ = ["Candidate", "edge_bases", "editable_bases", "merge_copies", "place_editors"]

#: How far outside the window an editable base is still named.
EDGE_NT = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """One editor on one protospacer for one wish, before its outcomes are judged.

    Parameters
    ----------
    editor, protospacer, wish
        Who edits, where, and what for.
    editable
        Every base in the window that the editor converts: targets and bystanders.
    """

    editor: BaseEditor
    protospacer: Protospacer
    wish: Wish
    editable: tuple[BaseChange, ...]

    @property
    def in_core(self) -> bool:
        """Whether every target lies in the core of the window."""
        low, high = self.editor.core_window
        return all(low <= change.spacer_position <= high for change in self.targets)

    @property
    def targets(self) -> tuple[BaseChange, ...]:
        """The wanted changes, with their spacer positions."""
        wanted = {change.position for change in self.wish.changes}
        return tuple(change for change in self.editable if change.position in wanted)

    @property
    def bystanders(self) -> tuple[BaseChange, ...]:
        """The editable bases nobody asked for."""
        targets = self.targets
        return tuple(change for change in self.editable if change not in targets)

    @property
    def order(self) -> tuple[object, ...]:
        """Which candidates to judge first when there are more than are wanted."""
        bystanders = len(self.editable) - len(self.wish.changes)
        return (
            not self.in_core,
            bystanders,
            self.wish.place,
            self.editor.key,
            self.protospacer.start,
            self.wish.label,
        )


def place_editors(
    wish: Wish, window: HaplotypeWindow, editors: Sequence[BaseEditor], refused: list[str]
) -> Iterator[Candidate]:
    """Find the editors and protospacers that reach every change of a wish on one haplotype.

    Parameters
    ----------
    wish, window, editors
        What is wanted, on which sequence, by whom.
    refused
        Takes one reason for each combination that does not work.
    """
    indexes = [window.from_reference(change.position) for change in wish.changes]
    if None in indexes:
        refused.append("the base to edit is deleted on this haplotype")
        return
    places = [index for index in indexes if index is not None]
    wanted = {(change.position, change.after) for change in wish.changes}
    by_pam = sorted(editors, key=lambda editor: (editor.pam, editor.pam_side, editor.spacer_nt, editor.key))
    for (pam, side, length), group in groupby(by_pam, key=lambda e: (e.pam, e.pam_side, e.spacer_nt)):
        able = [(editor, guide_strands(wish.changes, editor.base_changes)) for editor in group]
        able = [(editor, strands) for editor, strands in able if strands]
        if not able:
            continue
        found = list(protospacers(window, pam, side, length))
        for editor, strands in able:
            first, last = editor.window
            hits = [
                p
                for p in found
                if p.strand in strands and all(first <= p.position_of(place) <= last for place in places)
            ]
            if not hits:
                refused.append(f"no {pam} PAM puts the base into the window of the editor")
            for protospacer in hits:
                editable = editable_bases(editor, protospacer)
                if editable is None:
                    refused.append("the window holds inserted bases without a reference position")
                elif not wanted <= {(change.position, change.after) for change in editable}:
                    refused.append("this haplotype has another base where the edit is wanted")
                elif len(editable) > MOST_EDITABLE:
                    refused.append(f"more than {MOST_EDITABLE} editable bases in the window")
                else:
                    yield Candidate(editor, protospacer, wish, editable)


def editable_bases(editor: BaseEditor, protospacer: Protospacer) -> tuple[BaseChange, ...] | None:
    """Every base in the working window that the editor converts, on the forward strand.

    ``None`` where the window holds inserted bases, which have no position on the reference.
    """
    first, last = working_window(editor.key)
    return _convertible(editor, protospacer, range(first, last + 1))


def edge_bases(editor: BaseEditor, protospacer: Protospacer) -> tuple[BaseChange, ...]:
    """Convertible bases just outside the window: a window is a gradient cut off somewhere."""
    first, last = working_window(editor.key)
    before = range(max(1, first - EDGE_NT), first)
    after = range(last + 1, min(editor.spacer_nt, last + EDGE_NT) + 1)
    return _convertible(editor, protospacer, [*before, *after]) or ()


def _convertible(
    editor: BaseEditor, protospacer: Protospacer, positions: Iterable[int]
) -> tuple[BaseChange, ...] | None:
    changes = []
    products = dict(editor.base_changes)
    minus = protospacer.strand is Strand.MINUS
    for position in positions:
        base = protospacer.spacer[position - 1]
        if base not in products:
            continue
        place = protospacer.window.to_reference(protospacer.index_of(position))
        if protospacer.window.from_reference(place) != protospacer.index_of(position):
            return None
        after = products[base]
        before, now = (complement(base), complement(after)) if minus else (base, after)
        changes.append(BaseChange(place, before, now, position))
    return tuple(changes)


def merge_copies(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Join the same guide found on several haplotypes; the sequence and place decide, not the copy."""
    merged: dict[tuple[object, ...], Candidate] = {}
    for candidate in candidates:
        guide = candidate.protospacer.guide()
        key = (candidate.editor.key, guide.spacer, guide.pam, guide.locus, candidate.wish.changes)
        known = merged.setdefault(key, candidate)
        if known is not candidate:
            merged[key] = replace(known, protospacer=known.protospacer.also_on(candidate.protospacer))
    return list(merged.values())
