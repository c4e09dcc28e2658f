"""Whether a changed splicing pattern can serve a target: leaving exons out, or hiding a wrong splice site."""

from __future__ import annotations

from revertant.modality.mechanism import skipping_helps
from revertant.modality.splice_switching.frames import SkipOption, skip_options
from revertant.modality.splice_switching.guideline import (
    exon_skipping_points,
    known_oligos,
    splice_correction_points,
)
from revertant.modality.splice_switching.place import place_of
from revertant.model import Allele, Route, Status, Strategy, Target

__all__ = ["NAME", "options_for", "splice_switching_strategies"]

NAME = "splice_switching"


def options_for(allele: Allele, target: Target) -> tuple[SkipOption, ...]:
    """Return the sets of exons whose loss would put the reading frame right for one allele, best first.

    Those for which people have been given oligos stand before the others. None where the allele changes bases across
    the edge of an exon, or doubles one: what is spliced is then not clear.
    """
    place = place_of(allele, target.transcript)
    if place.cut or place.doubled:
        return ()
    found = skip_options(target.transcript, hit=place.hit, absent=place.absent)
    return tuple(sorted(found, key=lambda option: not _is_known(option, target)))


def _is_known(option: SkipOption, target: Target) -> bool:
    return all(known_oligos(target.gene, target.transcript, number) for number in option.skipped)


def splice_switching_strategies(target: Target) -> tuple[Strategy, ...]:
    """Judge skipping exons for each allele, and hiding a wrong splice site the allele has made.

    Every decision point of the N1C VARIANT guideline that can be answered without a sequence is a finding.

    Parameters
    ----------
    target
        The target, resolved on the genome.
    """
    strategies = []
    for allele in target.alleles:
        place = place_of(allele, target.transcript)
        skipping = exon_skipping_points(target, place, options_for(allele, target))
        if skipping[-1].status is not Status.FAIL:
            skipping = (skipping_helps(target, allele), *skipping)
        strategies.append(Strategy(NAME, Route.SKIP_EXON, target, skipping, allele=allele))
        hiding = splice_correction_points(target, allele, place)
        strategies.append(Strategy(NAME, Route.DISRUPT_SPLICE_SITE, target, hiding, allele=allele))
    return tuple(strategies)
