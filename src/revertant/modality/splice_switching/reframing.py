"""Indels that put the reading frame right inside the exon beside a deletion, without leaving it out."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.modality.splice_switching.frames import coding_lengths, exon_words, kept_edge
from revertant.modality.splice_switching.goal import SiteToBreak, SpliceGoal
from revertant.modality.splice_switching.place import place_of
from revertant.modality.splice_switching.sites import SenseView
from revertant.prediction import SpliceKind
from revertant.sequence import STOPS

__all__ = ["Reframing", "reframing_of"]


@dataclass(frozen=True, slots=True)
class Reframing:
    """What indels at a cut do to the frame behind a deletion.

    Parameters
    ----------
    added
        Bases to be added, modulo 3: 1 means insertions of 1, 4 ... or deletions of 2, 5 ...
    is_open
        Whether no stop is read in the wrong frame between the gap and the cut.
    words
        The sentence for people.
    """

    added: int
    is_open: bool
    words: str


def reframing_of(
    goal: SpliceGoal, site: SiteToBreak, view: SenseView, edge: int, depth: int
) -> Reframing | None:
    """Say which indels at a cut put the frame right.

    Parameters
    ----------
    goal
        Leaves out one exon beside those the allele lacks.
    site, view, edge
        The splice site beside the gap, on the patient's sequence.
    depth
        Bases from the site to the cut, counted into the exon.

    Returns
    -------
    Reframing or None
        ``None`` where no exon is lacking, the cut lies outside the exon, or the site is not the one beside the gap.
    """
    allele = goal.strategy.allele
    if goal.option is None or allele is None or depth <= 0 or len(goal.option.skipped) != 1:
        return None
    absent = place_of(allele, goal.transcript).absent
    number = goal.option.skipped[0]
    behind = bool(absent) and number == max(absent) + 1 and site.kind is SpliceKind.ACCEPTOR
    before = bool(absent) and number == min(absent) - 1 and site.kind is SpliceKind.DONOR
    if not behind and not before:
        return None
    lengths = coding_lengths(goal.transcript)
    added = sum(lengths[one - 1] for one in absent) % 3
    if behind:
        carried = sum(lengths[: min(absent) - 1]) % 3
        starts = kept_edge(goal.genome, goal.transcript, min(absent) - 1, carried) if carried else {""}
        read = [start + view.bases[edge : edge + depth] for start in starts or ()]
    else:
        cut = edge - depth
        into = (sum(lengths[:number]) - depth) % 3
        read = [view.bases[cut - into : cut] + "N" * added + view.bases[cut:edge]]
    stops = any(text[at : at + 3] in STOPS for text in read for at in range(0, len(text) - 2, 3))
    is_open = bool(read) and not stops
    indels = "+1, -2, +4 ..." if added == 1 else "+2, -1, +5 ..."
    name = exon_words((number,))
    if is_open:
        words = f"indel of {indels} in {name}: read in frame again, {name} kept"
    elif read:
        words = f"indel of {indels} in {name} would right the frame, but a stop is read before it does"
    else:
        words = f"indel of {indels} in {name} would right the frame; whether a stop comes first is not known"
    return Reframing(added, is_open, words)
