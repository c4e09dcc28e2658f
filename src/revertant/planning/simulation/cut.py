"""A nuclease cut: where it falls, what a shift of the reading frame would do, and which indels are predicted."""

from __future__ import annotations

from collections.abc import Iterator

from revertant.knowledge import Nuclease
from revertant.modality.nuclease.cutting import cut_indexes
from revertant.modality.nuclease.frameshift import NMD_SOURCES, frame_outcomes
from revertant.modality.protospacers import Protospacer
from revertant.model import Finding, Locus, Oligo, Status, ViewSpan
from revertant.planning.simulation.alleles import as_it_is
from revertant.planning.simulation.ground import Ground
from revertant.planning.simulation.marks import strand_word, view_of
from revertant.planning.simulation.placing import place_guide
from revertant.planning.simulation.result import Simulation

__all__ = ["cut_facts", "cut_spans", "simulate_cut"]


def simulate_cut(ground: Ground, spacer: str, nuclease: Nuclease) -> Simulation:
    """Cut a sequence with a nuclease.

    Parameters
    ----------
    ground
        The sequence.
    spacer
        5'→3', plain DNA letters.
    nuclease
        A row of the catalogue.

    Raises
    ------
    InputError
        When the spacer is no spacer.
    IncompatibleInputsError
        When it has no single place here; see :func:`~revertant.planning.simulation.placing.place_guide`.

    Examples
    --------
    >>> from revertant import knowledge
    >>> from revertant.planning.simulation.ground import given_ground
    >>> ground = given_ground("AAAACTAACAGTTGCTTTTATCACAGGCTCCA")
    >>> found = simulate_cut(ground, "CTAACAGTTGCTTTTATCAC", knowledge.nucleases()["spcas9"])
    >>> dict(found.facts)["cut"], found.alleles, found.findings[0].status.value
    ('sequence:21^22', (), 'unknown')
    """
    site = place_guide(ground, spacer, nuclease.pam, nuclease.pam_side)
    view, view_start = view_of(ground, site, cut_spans(site, nuclease))
    return Simulation(
        method="nuclease",
        effector=nuclease.key,
        effector_name=nuclease.name,
        molecules=(Oligo("guide", spacer, f"spacer, 5′→3′, reads as the {strand_word(site)} strand"),),
        on_genome=ground.on_genome,
        locus=ground.window.locus,
        haplotypes=ground.window.haplotypes,
        certain=ground.window.certain,
        before=as_it_is(ground),
        view=view,
        view_start=view_start,
        alleles=(),
        findings=(_not_predicted(), *_frames(ground, cut_indexes(site, nuclease)[0])),
        facts=cut_facts(ground, site, nuclease),
    )


def cut_spans(site: Protospacer, nuclease: Nuclease) -> tuple[ViewSpan, ...]:
    """Mark the cut on both strands."""
    top, bottom = cut_indexes(site, nuclease)
    return (
        ViewSpan("cut", top, top, "cut", site.strand),
        ViewSpan("cut", bottom, bottom, "cut", site.strand.opposite),
    )


def cut_facts(ground: Ground, site: Protospacer, nuclease: Nuclease) -> tuple[tuple[str, str], ...]:
    """Name the place and the kind of the cut."""
    cut = cut_indexes(site, nuclease)[0]
    place = ground.window.to_reference(min(max(cut, 1), len(ground.window)) - 1) + 1
    return (
        ("protospacer", ground.place(site.start, site.end, site.strand.value)),
        ("PAM", f"{site.pam} ({site.pam_pattern})"),
        ("cut", f"{ground.window.locus.contig}:{place}^{place + 1}"),
        ("ends", nuclease.overhang),
    )


def _not_predicted() -> Finding:
    return Finding(
        "outcome.indels",
        Status.UNKNOWN,
        "Which insertions and deletions repair leaves, and in what shares, is not predicted for this nuclease.",
    )


def _frames(ground: Ground, cut: int) -> Iterator[Finding]:
    """What a shift of the reading frame at the cut does, on the reference's own transcript."""
    if not 0 < cut < len(ground.window):
        return
    place = ground.window.to_reference(cut)
    for transcript in ground.transcripts:
        if not all(ground.reference.covers(Locus(transcript.contig, *exon)) for exon in transcript.exons):
            continue
        for frame in frame_outcomes(transcript, ground.reference, place):
            end = (
                "no stop follows"
                if frame.residues_to_stop is None
                else f"a stop follows after {frame.residues_to_stop} residues"
            )
            decay = (
                ", and nonsense-mediated decay is expected" if frame.decay else ", and decay is not expected"
            )
            indels = "+1, −2, +4 …" if frame.shift == 1 else "+2, −1, −4 …"
            yield Finding(
                f"frame.shift_{frame.shift}",
                Status.CAUTION,
                f"{transcript.gene} ({transcript.transcript_id}), indels of {indels}: {frame.residues_kept} residues "
                f"are kept, {end}{decay}.",
                sources=NMD_SOURCES,
            )
