"""Which calls share a copy: phase sets, and what follows from calls that exclude each other.

Two calls that replace the same bases cannot lie on one copy. When both are heterozygous they must lie on
opposite copies, which ties their phase together (``1/2`` at a multi-allelic place is the common case).
Calls that fit on neither copy are refused with the reason, never applied silently.

:func:`place_calls` does it call by call. It is the slow twin of :func:`revertant.genome.placement.place_table`, which
hands only calls that may clash to :func:`settle`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from revertant.genome.haplotype import touched, trimmed
from revertant.model import Call, Variant
from revertant.sequence import is_iupac

__all__ = [
    "CLASHES",
    "MANY_COPIES",
    "NOT_SPELT",
    "STAR",
    "TWICE_DIFFERENTLY",
    "PhaseGroups",
    "PlacedCall",
    "Refusal",
    "Settled",
    "clash",
    "place_calls",
    "settle",
]

STAR = "star allele: the deletion it points at is a call of its own"
NOT_SPELT = "allele is not spelt out in bases"
MANY_COPIES = "heterozygous on more than two copies"
TWICE = "given twice"
TWICE_DIFFERENTLY = "given twice with different genotypes"
CLASHES = "clashes with another call on the same copy"


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


class PhaseGroups:
    """Union-find over phase groups with the parity of their copies."""

    def __init__(self) -> None:
        self._parent: dict[str, tuple[str, int]] = {}

    def root(self, name: str) -> tuple[str, int]:
        """Return the group a group was tied to, and whether its copies are swapped there."""
        flip = 0
        while name in self._parent:
            name, turned = self._parent[name]
            flip ^= turned
        return name, flip

    def tie(self, one: str, other: str, flip: int) -> None:
        """Join two roots; a named phase set stays the root, so that its copies keep their names."""
        low, high = sorted((one, other), key=lambda name: (not name.startswith("set "), name))
        self._parent[high] = low, flip

    def tied(self) -> tuple[str, ...]:
        """Return the groups that were tied to another."""
        return tuple(self._parent)


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
    settled = settle(calls)
    placed = []
    for place in settled.accepted:
        call = calls[settled.usable[place]]
        start, end = touched(call.variant)
        group, copy = settled.phase(place, call) if call.is_heterozygous else (None, 0)
        placed.append(PlacedCall(call, start, end, group, copy))
    placed.sort(key=lambda item: (item.start, item.end, item.call.variant))
    refused = [Refusal(calls[index], reason) for _, index, reason in settled.unusable]
    return placed, refused + [Refusal(calls[index], CLASHES) for index in settled.clashing]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of calls that were weighed against each other; calls are named by their index.

    Parameters
    ----------
    usable
        Calls that could be applied if they were alone, each variant once, by place and alleles.
    accepted
        Places in ``usable`` of those that are applied.
    unusable
        The others, each as the call that was looked at when it fell, the call that fell, and why.
    clashing
        Usable calls that fit on no copy.
    groups
        Which phase groups are tied together.
    """

    usable: tuple[int, ...]
    accepted: tuple[int, ...]
    unusable: tuple[tuple[int, int, str], ...]
    clashing: tuple[int, ...]
    groups: PhaseGroups

    def phase(self, place: int, call: Call) -> tuple[str, int]:
        """Return the group of a heterozygous call of ``usable``, and the copy of it that carries the call."""
        group, flip = self.groups.root(_group_name(place, call))
        return group, call.copies.index(True) ^ flip

    def single_call(self, group: str) -> int:
        """Return the call that a group without a phase set is named after."""
        return self.usable[int(group.removeprefix("call "))]


def settle(calls: Sequence[Call]) -> Settled:
    """Decide which calls of one contig are applied and which share a copy.

    Examples
    --------
    >>> found = settle([Call(Variant("1", 5, "A", alt), (True, True)) for alt in "CG"])
    >>> found.accepted, found.clashing
    ((0,), (1,))
    """
    indexes, unusable = _usable(calls)
    usable = [calls[index] for index in indexes]
    neighbours = _clashing(usable)
    groups = PhaseGroups()
    accepted: set[int] = set()
    clashing = []
    order = sorted(range(len(usable)), key=lambda place: (usable[place].origin != "case", place))
    for place in order:
        rivals = [other for other in neighbours.get(place, ()) if other in accepted]
        if _fits(place, rivals, usable, groups):
            accepted.add(place)
        else:
            clashing.append(indexes[place])
    return Settled(tuple(indexes), tuple(sorted(accepted)), tuple(unusable), tuple(clashing), groups)


def _group_name(index: int, call: Call) -> str:
    return f"call {index:09d}" if call.phase_set is None else f"set {call.phase_set}"


def _usable(calls: Sequence[Call]) -> tuple[list[int], list[tuple[int, int, str]]]:
    """Calls with spelt-out alleles of one or two copies, each variant once, in genome order; and the others."""
    best: dict[tuple[int, str, str], int] = {}
    refused = []
    for index, call in enumerate(calls):
        variant = call.variant
        if "*" in variant.alt:
            refused.append((index, index, STAR))
        elif not (is_iupac(variant.ref) and is_iupac(variant.alt)):
            refused.append((index, index, NOT_SPELT))
        elif call.is_heterozygous and len(call.copies) > 2:
            refused.append((index, index, MANY_COPIES))
        else:
            key = trimmed(variant)
            first = best.setdefault(key, index)
            if first != index:
                rival = calls[first]
                wins = call.is_phased and not rival.is_phased
                best[key], dropped = (index, first) if wins else (first, index)
                same = sum(call.copies) == sum(rival.copies) and len(call.copies) == len(rival.copies)
                refused.append((index, dropped, TWICE if same else TWICE_DIFFERENTLY))
    return [best[key] for key in sorted(best)], refused


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


def _fits(index: int, rivals: Sequence[int], calls: Sequence[Call], groups: PhaseGroups) -> bool:
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
