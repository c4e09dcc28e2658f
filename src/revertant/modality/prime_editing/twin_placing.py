"""Pairs of pegRNAs on a person's haplotypes, and whether what they write is what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from revertant.genome import HaplotypeWindow
from revertant.knowledge import PrimeEditor
from revertant.modality.prime_editing.simulate import NotWritten
from revertant.modality.prime_editing.twin import TwinPair, TwinPegrna, TwinWritten, simulate_twin, twin_pairs
from revertant.modality.protospacers import Protospacer
from revertant.model import PamSide

__all__ = ["TwinCandidate", "twin_candidates", "twin_refusal", "twin_simulated"]


@dataclass(frozen=True, slots=True)
class TwinCandidate:
    """A pair of pegRNAs on one haplotype."""

    window: HaplotypeWindow
    wanted: HaplotypeWindow
    editors: tuple[PrimeEditor, ...]
    pair: TwinPair

    @property
    def molecules(self) -> tuple[str, ...]:
        """What is ordered: equal for equal designs of two haplotypes."""
        pegs = (self.pair.plus, self.pair.minus)
        return (self.editors[0].key, *(part for peg in pegs for part in (peg.spacer, peg.rtt, peg.pbs)))

    def protospacer(self, peg: TwinPegrna) -> Protospacer:
        """The protospacer of one of the pegRNAs."""
        return Protospacer(
            self.window,
            peg.strand,
            peg.start,
            peg.spacer,
            peg.pam,
            self.editors[0].base.pam,
            PamSide.THREE_PRIME,
        )


def twin_candidates(
    windows: Sequence[tuple[HaplotypeWindow, HaplotypeWindow]], editors: Sequence[PrimeEditor]
) -> list[TwinCandidate]:
    """Find every pair on every haplotype: those of the stricter PAM first, then as pairs rank.

    Parameters
    ----------
    windows
        Haplotypes as they are, each with what it should become.
    editors
        The editors, first those to be named first. A nuclease with a wider PAM is asked only where the ones
        before it have no pair.
    """
    for nuclease in dict.fromkeys(editor.nuclease for editor in editors):
        able = tuple(editor for editor in editors if editor.nuclease == nuclease)
        base = able[0].base
        found = [
            TwinCandidate(window, wanted, able, pair)
            for window, wanted in windows
            for pair in twin_pairs(
                window.bases,
                wanted.bases,
                base.pam,
                spacer_nt=base.spacer_nt,
                nick_offset=able[0].nick_offset,
            )
        ]
        if found:
            return sorted(found, key=lambda one: one.pair.order)
    return []


def twin_simulated(candidate: TwinCandidate, bases: str) -> TwinWritten | NotWritten:
    """Apply a pair of pegRNAs to a sequence."""
    plus, minus = ((peg.spacer, peg.pbs, peg.rtt) for peg in (candidate.pair.plus, candidate.pair.minus))
    editor = candidate.editors[0]
    return simulate_twin(bases, plus, minus, pam=editor.base.pam, nick_offset=editor.nick_offset)


def twin_refusal(candidate: TwinCandidate) -> str:
    """Say why a pair does not give what is wanted; empty when it does."""
    written = twin_simulated(candidate, candidate.window.bases)
    if isinstance(written, NotWritten):
        return f"simulated: {written.because}"
    if written.sequence != candidate.wanted.bases:
        return "simulated: the flaps leave another sequence"
    return ""
