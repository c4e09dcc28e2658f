"""Which pegRNAs and nicking guides to look at first on one haplotype, without making those that come last.

At each placement the pegRNAs stand in the order of the rules, the nicking guides in theirs, and a design is one
of each. A laboratory tries a small panel at a good place rather than one design at every place, so designs are
taken by the sum of their steps down each of the orders: of the placements, of the pegRNAs, of the nicking guides.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from revertant.genome import HaplotypeWindow
from revertant.knowledge import PrimeEditor
from revertant.modality.prime_editing.nicking import NickingGuide, NickKind, nicking_guides
from revertant.modality.prime_editing.pegrna import Pegrna, Placement, Rewrite, pegrnas, placements
from revertant.modality.protospacers import Protospacer
from revertant.modality.recut import Site, shield_of
from revertant.modality.silent import SilentJudge, SilentSet, applied, blocking_changes, evading_changes
from revertant.model import PamSide, Strand

__all__ = ["Candidate", "Place", "candidates", "places_of"]

#: Steps that one place further down, a design without a nicking guide or the next nicking guide, and silent
#: changes, weigh against one step down the pegRNAs: this project's own.
PLACE_STEPS, NICK_STEPS, SILENT_STEPS = 2, 3, 4
#: At how many of the best places silent changes are looked for, and how many sets of each kind are tried.
SILENT_PLACES, SILENT_SETS = 3, 2


@dataclass(frozen=True)
class Place:
    """A placement on a person's haplotype, with what is to be written from it.

    Parameters
    ----------
    window, wanted
        The haplotype as it is, and as it should become, silent changes included.
    editors
        The editors that can stand here, the first to be named first.
    placement
        Where.
    silent
        The changes that are made besides the wanted ones; ``None`` for none.
    rank
        0 for the best place of the haplotype.
    """

    window: HaplotypeWindow
    wanted: HaplotypeWindow
    editors: tuple[PrimeEditor, ...]
    placement: Placement
    silent: SilentSet | None = None
    rank: int = 0

    @cached_property
    def pegrnas(self) -> tuple[Pegrna, ...]:
        """Every pegRNA, the first to be tried first."""
        return tuple(sorted(pegrnas(self.placement), key=lambda one: one.order))

    @cached_property
    def nicks(self) -> tuple[NickingGuide | None, ...]:
        """The best nicking guide, then none, then the best that works without the edit too, then the others."""
        found = nicking_guides(self.placement, search_pam=self.editors[0].base.search_pam)
        best, rest = found[:1], found[1:]
        plain = next((guide for guide in rest if guide.kind is NickKind.PE3), None)
        return (*best, None, *([plain] if plain else []), *(guide for guide in rest if guide is not plain))

    @cached_property
    def edit(self) -> Rewrite:
        """The wanted change alone, without silent ones, on the strand that is written."""
        bases = list(self.wanted.bases)
        if self.silent is not None:
            for index, change in zip(self.silent.indexes, self.silent.changes, strict=True):
                bases[index] = change.ref
        return Rewrite.of(self.window.bases, "".join(bases), self.placement.strand)

    @property
    def protospacer(self) -> Protospacer:
        """The protospacer on the haplotype as it is."""
        place = self.placement
        return Protospacer(
            self.window,
            place.strand,
            place.spacer_start,
            place.spacer,
            place.pam,
            place.pam_pattern,
            PamSide.THREE_PRIME,
        )

    @property
    def site(self) -> Site:
        """What the nickase looks for, with its widest PAM."""
        base = self.editors[0].base
        return Site.of(self.protospacer, base.seed_nt, base.search_pam)

    @cached_property
    def recut(self) -> str:
        """What keeps the editor off the written strand: ``pam``, ``seed`` or ``none``."""
        return shield_of(self.wanted.bases, self.site).value

    @property
    def count(self) -> int:
        """How many designs there are here."""
        return len(self.pegrnas) * len(self.nicks)

    def designs(self) -> Iterator[Candidate]:
        """Yield the designs in the order in which they are looked at."""
        start = PLACE_STEPS * self.rank + (SILENT_STEPS if self.silent else 0)
        most = len(self.pegrnas) + NICK_STEPS * len(self.nicks)
        for steps in range(most):
            for turn in range(min(len(self.nicks), steps // NICK_STEPS + 1)):
                at = steps - NICK_STEPS * turn
                if at < len(self.pegrnas):
                    order = (start + steps, self.silent is not None, self.rank, at, turn)
                    yield Candidate(self, self.pegrnas[at], self.nicks[turn], order)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One pegRNA with or without a nicking guide; ``order`` says when it is looked at."""

    place: Place
    pegrna: Pegrna
    nick: NickingGuide | None
    order: tuple[int, bool, int, int, int]

    @property
    def molecules(self) -> tuple[str, ...]:
        """What is ordered, and on which strand it acts: equal for equal designs of two haplotypes."""
        nick = self.nick.spacer if self.nick else ""
        return (
            self.place.editors[0].key,
            self.place.placement.strand,
            self.pegrna.spacer,
            self.pegrna.extension,
            nick,
        )


def places_of(
    window: HaplotypeWindow,
    wanted: HaplotypeWindow,
    editors: Sequence[PrimeEditor],
    judge: SilentJudge | None = None,
) -> tuple[Place, ...]:
    """Find the places of one haplotype, best first: those of the stricter PAM, then as the placements rank.

    Parameters
    ----------
    window, wanted
        The haplotype as it is and as it should become.
    editors
        The editors to use, in the order in which they are named.
    judge
        Says which silent changes the wanted haplotype allows; none are made without it.
    """
    found: list[Place] = []
    taken: set[tuple[Strand, int]] = set()
    for nuclease in dict.fromkeys(editor.nuclease for editor in editors):
        able = tuple(editor for editor in editors if editor.nuclease == nuclease)
        base = able[0].base
        here = placements(
            window.bases,
            wanted.bases,
            base.pam,
            spacer_nt=base.spacer_nt,
            nick_offset=able[0].nick_offset,
        )
        for place in here:
            if (place.strand, place.nick) not in taken:
                taken.add((place.strand, place.nick))
                found.append(Place(window, wanted, able, place, rank=len(found)))
    written = [place for place in found if place.pegrnas]
    silent = [changed for place in written[:SILENT_PLACES] for changed in _silent(place, judge)]
    return (*written, *silent)


def _silent(place: Place, judge: SilentJudge | None) -> Iterator[Place]:
    """The same place with silent changes that its template can write: they keep the editor off, or evade repair."""
    if judge is None or judge.because:
        return
    change, placement = place.placement.rewrite, place.placement
    pam_end = placement.nick + placement.nick_offset + len(placement.pam)
    # In the edited strand's indexes: left of the nick nothing can be written.
    written = (placement.nick, max(pam_end, change.end_after))
    edit = (change.start, change.end_after)
    if placement.strand is Strand.MINUS:
        total = len(change.after)
        written, edit = (total - written[1], total - written[0]), (total - edit[1], total - edit[0])
    sets: list[SilentSet] = []
    if place.recut == "none":
        sets += blocking_changes(judge, place.site, written, edit[0])[:SILENT_SETS]
    wide = (written[0], len(change.after)) if placement.strand is Strand.PLUS else (0, written[1])
    sets += evading_changes(judge, edit, wide)[:SILENT_SETS]
    seen = set()
    for one in sets:
        if not one.changes or one.changes in seen:
            continue
        seen.add(one.changes)
        wanted = applied(place.wanted, one)
        base = place.editors[0].base
        for again in placements(
            place.window.bases,
            wanted.bases,
            placement.pam_pattern,
            spacer_nt=base.spacer_nt,
            nick_offset=placement.nick_offset,
        ):
            if (again.strand, again.nick) == (placement.strand, placement.nick):
                changed = replace(place, wanted=wanted, placement=again, silent=one)
                if changed.pegrnas:
                    yield changed


def candidates(places: Sequence[Place]) -> Iterator[Candidate]:
    """Yield the designs of several places in the order in which they are looked at."""
    return heapq.merge(*(place.designs() for place in places), key=lambda one: one.order)
