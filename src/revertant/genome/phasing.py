"""Which calls share a copy: phase sets, and what follows from calls that exclude each other.

Two calls that replace the same bases cannot lie on one copy. When both are heterozygous they must lie on
opposite copies, which ties their phase together (``1/2`` at a multi-allelic place is the common case).
Calls that fit on neither copy are refused with the reason, never applied silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from revertant.genome.haplotype import touched, trimmed
from revertant.model import Call, Variant
from revertant.sequence import is_iupac

__all__ = ["PlacedCall", "Refusal", "clash", "place_calls"]


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call with its place and phase.

    Parameters
    ----------
    call
        The call.
    start, end
        The reference stretch it belongs to.
    group
        Calls of one group have a known phase to each other; ``None`` when every copy carries the call.
    copy
        Which copy (0 or 1) of its group carries it.
    """

    call: Call
    start: int
    end: int
    group: str | None
    copy: int = 0

    @property
    def is_named(self) -> bool:
        """Whether the copies of the group carry the names of a phase set."""
        return self.group is not None and self.group.startswith("set ")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that is not applied, and why."""

    call: Call
    reason: str


def clash(one: Variant, other: Variant) -> bool:
    """Whether two variants cannot lie on the same copy.

    Examples
    --------
    >>> clash(Variant("1", 4, "AC", ""), Variant("1", 5, "C", "T"))
    True
    >>> clash(Variant("1", 4, "AC", ""), Variant("1", 6, "", "T"))
    False
    """
    (start, ref, _), (other_start, other_ref, _) = trimmed(one), trimmed(other)
    end, other_end = start + len(ref), other_start + len(other_ref)
    if not ref and not other_ref:
        return start == other_start
    # An insertion at the edge of a change is composed with it; strictly inside, it has nowhere to go.
    return start < other_end and other_start < end


class _Groups:
    """Union-find over phase groups with the parity of their copies."""

    def __init__(self) -> None:
        self._parent: dict[str, tuple[str, int]] = {}

    def root(self, name: str) -> tuple[str, int]:
        flip = 0
        while name in self._parent:
            name, turned = self._parent[name]
            flip ^= turned
        return name, flip

    def tie(self, one: str, other: str, flip: int) -> None:
        """Join two roots; a named phase set stays the root, so that its copies keep their names."""
        low, high = sorted((one, other), key=lambda name: (not name.startswith("set "), name))
        self._parent[high] = low, flip


def place_calls(calls: Sequence[Call]) -> tuple[list[PlacedCall], list[Refusal]]:
    """Phase the calls of one contig and refuse those that cannot be applied.

    Parameters
    ----------
    calls
        Calls of one contig in any order. Where calls clash on a copy, those the case names win over those
        of the file, then the first in the genome.

    Returns
    -------
    tuple[list[PlacedCall], list[Refusal]]
        What is applied, in genome order, and what is not.

    Examples
    --------
    >>> pair = [Call(Variant("1", 5, "A", alt), (True, False)) for alt in "CG"]
    >>> placed, refused = place_calls(pair)
    >>> sorted(item.copy for item in placed), {item.group for item in placed} == {placed[0].group}, refused
    ([0, 1], True, [])
    """
    refused: list[Refusal] = []
    usable = _usable(calls, refused)
    neighbours = _clashing(usable)
    groups = _Groups()
    accepted: set[int] = set()
    order = sorted(range(len(usable)), key=lambda index: (usable[index].origin != "case", index))
    for index in order:
        rivals = [other for other in neighbours.get(index, ()) if other in accepted]
        if _fits(index, rivals, usable, groups):
            accepted.add(index)
        else:
            refused.append(Refusal(usable[index], "clashes with another call on the same copy"))
    placed = []
    for index in sorted(accepted):
        call = usable[index]
        start, end = touched(call.variant)
        if call.is_heterozygous:
            group, flip = groups.root(_group_name(index, call))
            placed.append(PlacedCall(call, start, end, group, call.copies.index(True) ^ flip))
        else:
            placed.append(PlacedCall(call, start, end, None))
    placed.sort(key=lambda item: (item.start, item.end, item.call.variant))
    return placed, refused


def _group_name(index: int, call: Call) -> str:
    return f"call {index:09d}" if call.phase_set is None else f"set {call.phase_set}"


def _usable(calls: Sequence[Call], refused: list[Refusal]) -> list[Call]:
    """Calls with spelt-out alleles of one or two copies, each variant once, in genome order."""
    best: dict[tuple[int, str, str], Call] = {}
    for call in calls:
        variant = call.variant
        if "*" in variant.alt:
            refused.append(Refusal(call, "star allele: the deletion it points at is a call of its own"))
        elif not (is_iupac(variant.ref) and is_iupac(variant.alt)):
            refused.append(Refusal(call, "allele is not spelt out in bases"))
        elif call.is_heterozygous and len(call.copies) > 2:
            refused.append(Refusal(call, "heterozygous on more than two copies"))
        else:
            key = trimmed(variant)
            rival = best.setdefault(key, call)
            if rival is not call:
                kept, dropped = (call, rival) if call.is_phased and not rival.is_phased else (rival, call)
                same = sum(kept.copies) == sum(dropped.copies) and len(kept.copies) == len(dropped.copies)
                best[key] = kept
                refused.append(
                    Refusal(dropped, "given twice" if same else "given twice with different genotypes")
                )
    return [best[key] for key in sorted(best)]


def _clashing(calls: Sequence[Call]) -> dict[int, list[int]]:
    """Indexes of the calls that clash with each call; ``calls`` are in genome order."""
    found: dict[int, list[int]] = {}
    active: list[int] = []
    for index, call in enumerate(calls):
        start = trimmed(call.variant)[0]
        active = [other for other in active if _reach(calls[other]) >= start]
        for other in active:
            if clash(calls[other].variant, call.variant):
                found.setdefault(index, []).append(other)
                found.setdefault(other, []).append(index)
        active.append(index)
    return found


def _reach(call: Call) -> int:
    start, ref, _ = trimmed(call.variant)
    return start + len(ref)


def _fits(index: int, rivals: Sequence[int], calls: Sequence[Call], groups: _Groups) -> bool:
    """Whether a call can lie beside its accepted rivals; if so, their phases are tied together."""
    call = calls[index]
    if not rivals:
        return True
    if not call.is_heterozygous or any(not calls[rival].is_heterozygous for rival in rivals):
        return False
    own, own_flip = groups.root(_group_name(index, call))
    needed: dict[str, int] = {own: 0}
    for rival in rivals:
        other, flip = groups.root(_group_name(rival, calls[rival]))
        # The two must be on opposite copies: own copy ^ own flip differs from the rival's copy ^ flip.
        parity = 1 ^ call.copies.index(True) ^ own_flip ^ calls[rival].copies.index(True) ^ flip
        if needed.setdefault(other, parity) != parity:
            return False
    for other, parity in needed.items():
        if other != own:
            root, turned = groups.root(own)
            groups.tie(root, other, parity ^ turned)
    return True
