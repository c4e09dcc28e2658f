"""Cuts that break the harmful copy's reading frame and spare the other: by the variant itself, or by any handle.

A handle is another heterozygous variant of this person whose phase with the pathogenic one is known. Where it makes
a PAM, or lies in a seed, on the harmful copy only, a cut there breaks that copy although the pathogenic variant
itself cannot be told apart by any nuclease.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from revertant.genome import PatientGenome
from revertant.knowledge import Nuclease
from revertant.modality.allele_specific import discriminate, told_from
from revertant.modality.handles import phase_finding_of, phase_is_known, two_copies
from revertant.modality.nuclease.frameshift import frame_outcomes
from revertant.modality.nuclease.placing import CHUNK_BP, EARLY_SHARE, REACH, Candidate, sites, window_sites
from revertant.modality.other_activity import activity_on_other
from revertant.model import Locus, Strategy, Zygosity

__all__ = ["allele_cuts", "handle_cuts"]


def allele_cuts(
    strategy: Strategy, genome: PatientGenome, nucleases: Sequence[Nuclease], refused: list[str]
) -> Iterator[Candidate]:
    """Find cuts in the coding sequence that spare the other copy because PAM or seed hold the variant.

    Parameters
    ----------
    strategy
        Names the allele.
    genome, nucleases
        The person, and the nucleases to try.
    refused
        Takes one reason for each site that does not serve.
    """
    allele = strategy.allele
    assert allele is not None
    for nuclease, site, cut in sites(genome, allele.variant.locus.widened(REACH), nucleases, refused):
        if allele.variant not in site.window.variants:
            continue
        if allele.variant not in site.guide().variants:
            refused.append("the variant lies outside spacer and PAM")
            continue
        told = discriminate(site, allele, genome, nuclease.seed_nt, nuclease.search_pam)
        candidate = Candidate(nuclease, site, cut, 0.0, told.because, told)
        yield from _judged(candidate, strategy, genome, refused)


def handle_cuts(
    strategy: Strategy, genome: PatientGenome, nucleases: Sequence[Nuclease], refused: list[str]
) -> Iterator[Candidate]:
    """Find cuts in the coding sequence that spare the other copy by another variant of known phase.

    Parameters
    ----------
    strategy, genome, nucleases, refused
        As for :func:`allele_cuts`.
    """
    allele, transcript = strategy.allele, strategy.target.transcript
    assert allele is not None
    if not phase_is_known(allele):
        if allele.zygosity is Zygosity.HETEROZYGOUS:
            refused.append(phase_finding_of(allele).because.rstrip("."))
        return
    for start, end in transcript.coding_exons:
        if not genome.reference.covers(Locus(transcript.contig, start, end)):
            refused.append("the exon lies outside the reference")
            continue
        for low in range(start, end, CHUNK_BP):
            chunk = Locus(transcript.contig, low, min(low + CHUNK_BP, end))
            copies = two_copies(genome, allele, chunk.widened(REACH), refused)
            if copies is None:
                continue
            for nuclease, site, cut in window_sites(copies.harmful, nucleases):
                if chunk.start <= site.window.to_reference(cut) < chunk.end:
                    told = told_from(site, [copies.healthy], nuclease.seed_nt, nuclease.search_pam)
                    candidate = Candidate(nuclease, site, cut, 0.0, told.because, told)
                    yield from _judged(candidate, strategy, genome, refused)


def _judged(
    candidate: Candidate, strategy: Strategy, genome: PatientGenome, refused: list[str]
) -> Iterator[Candidate]:
    """The candidate, where it tells the copies apart and its cut ends the protein."""
    transcript = strategy.target.transcript
    site, told = candidate.protospacer, candidate.discrimination
    assert told is not None
    if not told.tells_apart:
        refused.append("does not tell the copies apart (the variant is outside PAM and seed)")
        return
    place = site.window.to_reference(candidate.cut)
    index = transcript.genome_to_coding(place)
    if index is None:
        refused.append("cuts outside the coding sequence")
        return
    share = index / transcript.coding_bases
    frames = frame_outcomes(transcript, genome.reference, place)
    if share > EARLY_SHARE and not all(frame.decay for frame in frames):
        refused.append("cuts late: a shifted frame would keep most of the harmful protein and not decay")
        return
    yield replace(candidate, place=share, activity=activity_on_other(site, told, candidate.nuclease))
