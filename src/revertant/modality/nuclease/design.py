"""Every cut that serves a route, on this person's own sequence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from revertant.genome import GeneModels, PatientGenome
from revertant.knowledge import Nuclease
from revertant.modality.activity import activity_facts
from revertant.modality.contract import DesignBatch, DesignOptions
from revertant.modality.cutting import cut_indexes, usable_nucleases
from revertant.modality.motif import motif_span
from revertant.modality.nuclease.allele_cuts import allele_cuts, handle_cuts
from revertant.modality.nuclease.handle_excision import handle_excisions
from revertant.modality.nuclease.outcome import (
    frame_classes,
    indel_lengths,
    site_classes,
    spectrum_of,
    useful_share_of,
)
from revertant.modality.nuclease.placing import (
    CHUNK_BP,
    EARLY_SHARE,
    FIRST_SHARE,
    REACH,
    Candidate,
    merge_copies,
    sites,
)
from revertant.modality.nuclease.structural import collapses, removals
from revertant.modality.oligos import guide_oligos
from revertant.modality.other_activity import other_copy_facts
from revertant.modality.precedent import precedent_of
from revertant.modality.view import codon_spans, cropped_view, guide_spans, variant_spans
from revertant.model import (
    Design,
    Locus,
    Outcome,
    Route,
    SequenceView,
    Strand,
    Strategy,
    Tally,
    Transcript,
    Variant,
    ViewSpan,
)
from revertant.prediction import IndelSpectrum

__all__ = ["cut_indexes", "design_cuts", "usable_nucleases"]

#: One of so many designs may be a pair of cuts where single cuts would fill every place.
PAIRS_SHARE = 4

#: Routes on which an allele is put right by cuts alone: for a structural change only.
_STRUCTURAL = frozenset({Route.REMOVE_STRETCH, Route.RESTORE_WILD_TYPE})


def design_cuts(
    strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
) -> DesignBatch:
    """Make the nuclease designs of one strategy.

    Parameters
    ----------
    strategy
        An eligible nuclease strategy.
    genome
        The patient's genome.
    models
        Gene models, for the exons that every transcript of the gene shares.
    options
        Nucleases to use and how many designs to keep.
    """
    refused: list[str] = []
    excised: tuple[Design, ...] = ()
    if strategy.allele is not None and strategy.route in _STRUCTURAL:
        make = removals if strategy.route is Route.REMOVE_STRETCH else collapses
        return _batch(
            make(strategy, genome, usable_nucleases(options), refused, options.most_designs), refused
        )
    if strategy.route is Route.DISRUPT_REGULATORY_SITE:
        found = list(_site_cuts(strategy, genome, usable_nucleases(options), refused))
    elif strategy.route is Route.ALLELE_SPECIFIC_KNOCK_OUT:
        nucleases = usable_nucleases(options)
        found = list(allele_cuts(strategy, genome, nucleases, refused))
        found += handle_cuts(strategy, genome, nucleases, refused)
        excised = handle_excisions(strategy, genome, nucleases, refused)
    else:
        found = list(_coding_cuts(strategy, genome, models, usable_nucleases(options), refused))
    candidates = merge_copies(found)
    candidates.sort(key=lambda candidate: candidate.order)
    most = options.most_designs
    # Pairs of cuts keep a share of the places, so that single cuts do not hide them.
    pairs = excised[: max(most - len(candidates), most // PAIRS_SHARE)]
    kept = candidates[: most - len(pairs)]
    beyond = len(candidates) - len(kept) + len(excised) - len(pairs)
    refused += [f"beyond the {most} best placed of this strategy"] * beyond
    designs = (*(_finish(candidate, strategy, genome) for candidate in kept), *pairs)
    return _batch(designs, refused)


def _batch(designs: tuple[Design, ...], refused: list[str]) -> DesignBatch:
    reasons = refused if designs or refused else ["no nuclease of the catalogue has a PAM in reach"]
    return DesignBatch(
        designs, Tally.of("nuclease and guide combinations", kept=len(designs), refused=reasons)
    )


def _site_cuts(
    strategy: Strategy, genome: PatientGenome, nucleases: Sequence[Nuclease], refused: list[str]
) -> Iterator[Candidate]:
    """Cuts inside the motif of a regulatory site."""
    site = strategy.site
    assert site is not None
    for nuclease, protospacer, cut in sites(genome, site.locus.widened(REACH), nucleases, refused):
        window = protospacer.window
        span = motif_span(site, window)
        if span is None:
            refused.append("the motif is changed on this haplotype")
        elif span[0] < cut < span[1]:
            yield Candidate(nuclease, protospacer, cut, 0.0, f"cuts inside {site.name}")
        else:
            refused.append("does not cut inside the motif")


def _coding_cuts(
    strategy: Strategy,
    genome: PatientGenome,
    models: GeneModels,
    nucleases: Sequence[Nuclease],
    refused: list[str],
) -> Iterator[Candidate]:
    """Cuts in an early coding exon that every transcript of the gene shares."""
    transcript = strategy.target.transcript
    others = [t for t in models.of_gene(transcript.gene) if t.cds is not None]
    for start, end in transcript.coding_exons:
        if not genome.reference.covers(Locus(transcript.contig, start, end)):
            refused.append("the exon lies outside the reference")
            continue
        first = transcript.genome_to_coding(start if transcript.strand is Strand.PLUS else end - 1)
        assert first is not None
        if first / transcript.coding_bases > EARLY_SHARE:
            continue
        if not all(any(s <= start and end <= e for s, e in other.exons) for other in others):
            refused.append("the exon is not in every transcript of the gene")
            continue
        for chunk in range(start, end, CHUNK_BP):
            stretch = Locus(transcript.contig, chunk, min(chunk + CHUNK_BP, end))
            for nuclease, protospacer, cut in sites(genome, stretch.widened(REACH), nucleases, refused):
                place = protospacer.window.to_reference(cut)
                if not stretch.start <= place < stretch.end or place == start:
                    continue
                index = transcript.genome_to_coding(place)
                assert index is not None
                share = index / transcript.coding_bases
                if FIRST_SHARE <= share <= EARLY_SHARE:
                    because = f"cuts after {share:.0%} of the coding sequence, in an exon of every transcript"
                    yield Candidate(nuclease, protospacer, cut, share, because)
                else:
                    refused.append("cuts too early or too late in the coding sequence")


def _finish(candidate: Candidate, strategy: Strategy, genome: PatientGenome) -> Design:
    nuclease, protospacer = candidate.nuclease, candidate.protospacer
    guide = protospacer.guide()
    place = protospacer.window.to_reference(candidate.cut)
    transcript = strategy.target.transcript if strategy.site is None else None
    facts = [
        ("cut", f"{guide.locus.contig}:{place}^{place + 1}"),
        ("ends", nuclease.overhang),
        ("why_here", candidate.because),
    ]
    if transcript is not None:
        facts.append(("coding_sequence_before_cut", f"{candidate.place:.0%}"))
    if candidate.discrimination is not None:
        facts.append(("told_apart_by", candidate.discrimination.kind.value))
        facts.append(("healthy_copy_site", candidate.discrimination.healthy_site or "absent"))
        facts += other_copy_facts(candidate.activity, _handles(candidate, strategy))
    facts += activity_facts(protospacer, nuclease)
    precedent = precedent_of(guide, nuclease.key)
    spectrum = spectrum_of(protospacer, nuclease, candidate.cut)
    outcomes = _outcomes(candidate, spectrum, genome, place, strategy)
    return Design(
        modality=strategy.modality,
        route=strategy.route,
        gene=strategy.target.gene,
        acts_on=strategy.acts_on,
        effector=nuclease.key,
        effector_name=nuclease.name,
        guides=(guide,),
        purpose=candidate.purpose,
        outcomes=outcomes,
        useful_share=useful_share_of(spectrum, outcomes),
        oligos=guide_oligos(guide, nuclease.key),
        view=_view(candidate, strategy, transcript),
        facts=tuple(facts),
        precedent=precedent.sources,
        precedent_stage=precedent.stage,
        indel_lengths=indel_lengths(spectrum),
    )


def _handles(candidate: Candidate, strategy: Strategy) -> tuple[Variant, ...]:
    """The variants under the site by which the copies differ, the pathogenic one left out."""
    told = candidate.discrimination
    if told is None or told.site is None:
        return ()
    own, other = candidate.protospacer.guide().variants, told.site.guide().variants
    pathogenic = strategy.allele.variant if strategy.allele else None
    return tuple(sorted(({*own} ^ {*other}) - {pathogenic}))


def _outcomes(
    candidate: Candidate, spectrum: IndelSpectrum, genome: PatientGenome, place: int, strategy: Strategy
) -> tuple[Outcome, ...]:
    if strategy.site is None:
        return frame_classes(spectrum, strategy.target.transcript, genome.reference, place)
    span = motif_span(strategy.site, candidate.protospacer.window)
    assert span is not None, "a cut lies inside an intact motif"
    return site_classes(spectrum, candidate.protospacer, candidate.cut, strategy.site.motif, span)


def _view(candidate: Candidate, strategy: Strategy, transcript: Transcript | None) -> SequenceView:
    protospacer = candidate.protospacer
    window = protospacer.window
    spans = guide_spans(protospacer)
    top, bottom = cut_indexes(protospacer, candidate.nuclease)
    strand = protospacer.strand
    spans.append(ViewSpan("cut", top, top, "cut", strand))
    spans.append(ViewSpan("cut", bottom, bottom, "cut", strand.opposite))
    if strategy.site is not None:
        span = motif_span(strategy.site, window)
        if span is not None:
            spans.append(ViewSpan("motif", *span, f"{strategy.site.motif} motif"))
    low = max(0, min(span.start for span in spans) - 9)
    high = min(len(window.bases), max(span.end for span in spans) + 9)
    if transcript is not None:
        spans += codon_spans(window, transcript, low, high)
    spans += [span for span in variant_spans(window) if low <= span.start < high]
    return cropped_view(window, spans)
