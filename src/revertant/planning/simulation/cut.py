"""A nuclease cut: where it falls, what a shift of the reading frame would do, and which indels are predicted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from revertant.knowledge import Nuclease
from revertant.modality.cutting import cut_indexes
from revertant.modality.nuclease.frameshift import NMD_SOURCES
from revertant.modality.nuclease.outcome import frame_classes, indel_lengths, spectrum_of
from revertant.modality.protospacers import Protospacer
from revertant.model import Finding, Locus, Oligo, Status, Strand, ViewSpan
from revertant.planning.simulation.alleles import as_it_is, edited_allele
from revertant.planning.simulation.ground import Ground
from revertant.planning.simulation.marks import strand_word, view_of
from revertant.planning.simulation.placing import place_guide
from revertant.planning.simulation.result import EditedAllele, Simulation
from revertant.prediction import Indel, IndelSpectrum
from revertant.sequence import reverse_complement

__all__ = ["cut_facts", "cut_spans", "simulate_cut"]

#: Predicted indels that are worked out one by one.
MOST_INDELS = 20


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

    With enough sequence on both sides the indels that repair leaves are predicted:

    >>> site = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"
    >>> found = simulate_cut(given_ground(site), "GCGAGACGCTCAGCGTGAAG", knowledge.nucleases()["spcas9"])
    >>> found.alleles[0].label, found.alleles[0].hgvs_g, found.alleles[0].share.in_domain
    ('-7 bp, 4 nt of microhomology', ('sequence:g.38_44del',), True)
    """
    site = place_guide(ground, spacer, nuclease.pam, nuclease.pam_side)
    view, view_start = view_of(ground, site, cut_spans(site, nuclease))
    cut = cut_indexes(site, nuclease)[0]
    spectrum = spectrum_of(site, nuclease, cut)
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
        alleles=tuple(_alleles(ground, site, cut, spectrum)),
        findings=(_prediction(spectrum), *_frames(ground, cut, spectrum)),
        facts=cut_facts(ground, site, nuclease),
        indel_lengths=indel_lengths(spectrum),
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


def _alleles(ground: Ground, site: Protospacer, cut: int, spectrum: IndelSpectrum) -> Iterator[EditedAllele]:
    """The indels with the largest shares; the rest is counted in a finding."""
    whole = spectrum.share_where(lambda _: True)
    minus = site.strand is Strand.MINUS
    for indel in spectrum.indels[:MOST_INDELS]:
        start, end = (-indel.end, -indel.start) if minus else (indel.start, indel.end)
        inserted = reverse_complement(indel.inserted) if minus else indel.inserted
        # The interval of the model is one of sums over many indels.
        share = replace(whole, value=round(indel.share, 4), low=None, high=None, interval="")
        yield edited_allele(ground, cut + start, end - start, inserted, _label(indel, inserted), share=share)


def _label(indel: Indel, inserted: str) -> str:
    letters = f" ({inserted})" if inserted else ""
    homology = f", {indel.homology_nt} nt of microhomology" if indel.homology_nt else ""
    return f"{indel.length:+d} bp{letters}{homology}"


def _prediction(spectrum: IndelSpectrum) -> Finding:
    """Say what the shares rest on, or why there are none."""
    whole = spectrum.share_where(lambda _: True)
    if spectrum.why_not:
        because = f"Which indels repair leaves, and in what shares, is not predicted: {spectrum.why_not}."
        return Finding("outcome.indels", Status.UNKNOWN, because, sources=whole.sources)
    rest = spectrum.indels[MOST_INDELS:]
    return Finding(
        "outcome.indels",
        Status.CAUTION,
        "Shares are predicted, among small indels. Those of whole frames were checked on many alleles, those of single "
        f"indels for one deletion of each only. {len(rest):,} rarer indels, {sum(indel.share for indel in rest):.0%} "
        "together, are not listed; large deletions and rearrangements are none of these.",
        sources=whole.sources,
    )


def _frames(ground: Ground, cut: int, spectrum: IndelSpectrum) -> Iterator[Finding]:
    """What each frame at the cut does, on the reference's own transcript."""
    if not 0 < cut < len(ground.window):
        return
    place = ground.window.to_reference(cut)
    for transcript in ground.transcripts:
        covered = all(ground.reference.covers(Locus(transcript.contig, *exon)) for exon in transcript.exons)
        if not covered or transcript.genome_to_coding(place) is None:
            continue
        for outcome in frame_classes(spectrum, transcript, ground.reference, place):
            share = outcome.share
            known = share is not None and share.value is not None
            yield Finding(
                "outcome.frame",
                Status.CAUTION if known else Status.UNKNOWN,
                f"{transcript.gene} ({transcript.transcript_id}): {outcome.label}.",
                value=f"{share.value:.0%} of indels" if known and share else "share not predicted",
                sources=NMD_SOURCES,
            )
