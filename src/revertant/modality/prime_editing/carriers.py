"""On which of a person's copies a design writes what is wanted."""

from __future__ import annotations

from collections.abc import Sequence

from revertant.errors import IncompatibleInputsError
from revertant.genome import HaplotypeWindow, PatientGenome
from revertant.modality.prime_editing.pegrna import sites_of
from revertant.modality.prime_editing.placing import Candidate
from revertant.modality.prime_editing.simulate import NotWritten, Written, simulate
from revertant.modality.wanted import wanted_window
from revertant.model import Strand, Variant
from revertant.sequence import reverse_complement

__all__ = ["carriers", "simulated"]


def simulated(candidate: Candidate, bases: str) -> Written | NotWritten:
    """Apply a candidate's pegRNA to a sequence."""
    placement, pegrna = candidate.place.placement, candidate.pegrna
    return simulate(
        bases,
        pegrna.spacer,
        pegrna.pbs,
        pegrna.rtt,
        pam=placement.pam_pattern,
        nick_offset=placement.nick_offset,
    )


def carriers(
    candidate: Candidate, windows: Sequence[HaplotypeWindow], variant: Variant, genome: PatientGenome
) -> tuple[str, ...]:
    """Name the copies on which a design works.

    Where it works on every sequence the person may carry, variants farther off do not make it putative: then the
    copies are named by what lies under the pegRNA alone.

    Parameters
    ----------
    candidate
        The design.
    windows
        Every haplotype with the pathogenic variant, over the same interval.
    variant
        The pathogenic variant.
    genome
        The patient's genome.
    """
    working = [window for window in windows if _works(candidate, window, variant, genome)]
    if len(working) == len(windows):
        place, change = candidate.place, candidate.place.placement.rewrite
        low, high = sorted(
            change.forward_index(index)
            for index in (
                place.placement.nick + place.placement.nick_offset - len(candidate.pegrna.spacer),
                change.end_before + candidate.pegrna.homology_nt,
            )
        )
        near = genome.windows(place.window.reference_locus(low, high))
        working = [window for window in near if variant in window.variants] or working
    return tuple(sorted({label for window in working for label in window.haplotypes}))


def _works(candidate: Candidate, window: HaplotypeWindow, variant: Variant, genome: PatientGenome) -> bool:
    silent, nick = candidate.place.silent, candidate.nick
    try:
        wanted = wanted_window(
            window, genome.reference, gone=[variant], come=silent.changes if silent else ()
        )
    except IncompatibleInputsError:
        return False
    written = simulated(candidate, window.bases)
    if isinstance(written, NotWritten) or written.sequence != wanted.bases:
        return False
    if nick is None:
        return True
    text = wanted.bases if nick.strand is Strand.PLUS else reverse_complement(wanted.bases)
    return sites_of(nick.spacer, candidate.place.placement.pam_pattern, text) == 1
