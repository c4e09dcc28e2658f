"""Every cut that serves a route, on this person's own sequence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from revertant.genome import GeneModels, PatientGenome
from revertant.knowledge import Nuclease
from revertant.modality.allele_specific import Discrimination, DiscriminationKind, discriminate
from revertant.modality.contract import DesignBatch, DesignOptions
from revertant.modality.motif import motif_span
from revertant.modality.nuclease.cutting import cut_indexes, usable_nucleases
from revertant.modality.nuclease.frameshift import frame_outcomes
from revertant.modality.oligos import guide_oligos
from revertant.modality.precedent import precedent_of
from revertant.modality.protospacers import Protospacer, protospacers, reviewable_windows
from revertant.modality.view import codon_spans, cropped_view, guide_spans, variant_spans
from revertant.model import (
    Design,
    Effect,
    Estimate,
    Locus,
    Outcome,
    Route,
    SequenceView,
    Strand,
    Strategy,
    Tally,
    Transcript,
    ViewSpan,
)

__all__ = ["cut_indexes", "design_cuts", "usable_nucleases"]

REACH = 45

#: Exons are looked at in stretches, so that unphased variants far apart make no combinations.
CHUNK_BP = 50

#: Share of the coding sequence in which a frameshift is taken to end the protein early enough, and where it must
#: not be: the first codons, behind which another ATG may start again. Both are this project's own rules of thumb.
EARLY_SHARE = 0.5
FIRST_SHARE = 0.05

_NOT_PREDICTED = Estimate(
    None,
    "share of edited alleles, 0 to 1",
    "the indel spectrum is not predicted by this version",
    in_domain=False,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    nuclease: Nuclease
    protospacer: Protospacer
    cut: int
    place: float
    because: str
    discrimination: Discrimination | None = None

    @property
    def order(self) -> tuple[object, ...]:
        told = self.discrimination is not None and self.discrimination.kind is DiscriminationKind.PAM
        return (not told, self.place, self.nuclease.key, self.protospacer.start)


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
    if strategy.route is Route.DISRUPT_REGULATORY_SITE:
        found = list(_site_cuts(strategy, genome, usable_nucleases(options), refused))
    elif strategy.route is Route.ALLELE_SPECIFIC_KNOCK_OUT:
        found = list(_allele_cuts(strategy, genome, usable_nucleases(options), refused))
    else:
        found = list(_coding_cuts(strategy, genome, models, usable_nucleases(options), refused))
    candidates = _merge(found)
    candidates.sort(key=lambda candidate: candidate.order)
    kept = candidates[: options.most_designs]
    refused += [f"beyond the {options.most_designs} best placed of this strategy"] * (
        len(candidates) - len(kept)
    )
    designs = tuple(_finish(candidate, strategy, genome) for candidate in kept)
    if not designs and not refused:
        refused = ["no nuclease of the catalogue has a PAM in reach"]
    return DesignBatch(
        designs, Tally.of("nuclease and guide combinations", kept=len(designs), refused=refused)
    )


def _sites(
    genome: PatientGenome, locus: Locus, nucleases: Sequence[Nuclease], refused: list[str]
) -> Iterator[tuple[Nuclease, Protospacer, int]]:
    """Every nuclease and protospacer on every haplotype of an interval, with its cut on the top strand."""
    ordered = sorted(nucleases, key=lambda n: (n.pam, n.pam_side, n.spacer_nt, n.key))
    for window in reviewable_windows(genome, locus, refused):
        for (pam, side, length), group in groupby(ordered, key=lambda n: (n.pam, n.pam_side, n.spacer_nt)):
            found = list(protospacers(window, pam, side, length))
            for nuclease in group:
                for protospacer in found:
                    cut = cut_indexes(protospacer, nuclease)[0]
                    if 0 < cut < len(window.bases):
                        yield nuclease, protospacer, cut


def _site_cuts(
    strategy: Strategy, genome: PatientGenome, nucleases: Sequence[Nuclease], refused: list[str]
) -> Iterator[_Candidate]:
    """Cuts inside the motif of a regulatory site."""
    site = strategy.site
    assert site is not None
    for nuclease, protospacer, cut in _sites(genome, site.locus.widened(REACH), nucleases, refused):
        window = protospacer.window
        span = motif_span(site, window)
        if span is None:
            refused.append("the motif is changed on this haplotype")
        elif span[0] < cut < span[1]:
            yield _Candidate(nuclease, protospacer, cut, 0.0, f"cuts inside {site.name}")
        else:
            refused.append("does not cut inside the motif")


def _allele_cuts(
    strategy: Strategy, genome: PatientGenome, nucleases: Sequence[Nuclease], refused: list[str]
) -> Iterator[_Candidate]:
    """Cuts in the coding sequence that spare the other copy because PAM or seed hold the variant."""
    allele, transcript = strategy.allele, strategy.target.transcript
    assert allele is not None
    for nuclease, protospacer, cut in _sites(genome, allele.variant.locus.widened(REACH), nucleases, refused):
        if allele.variant not in protospacer.window.variants:
            continue
        guide = protospacer.guide()
        if allele.variant not in guide.variants:
            refused.append("the variant lies outside spacer and PAM")
            continue
        told = discriminate(protospacer, allele, genome, nuclease.seed_nt, nuclease.search_pam)
        if not told.tells_apart:
            refused.append("does not tell the copies apart (the variant is outside PAM and seed)")
            continue
        place = protospacer.window.to_reference(cut)
        index = transcript.genome_to_coding(place)
        if index is None:
            refused.append("cuts outside the coding sequence")
            continue
        share = index / transcript.coding_bases
        frames = frame_outcomes(transcript, genome.reference, place)
        if share > EARLY_SHARE and not all(frame.decay for frame in frames):
            refused.append("cuts late: a shifted frame would keep most of the harmful protein and not decay")
            continue
        yield _Candidate(nuclease, protospacer, cut, share, told.because, told)


def _coding_cuts(
    strategy: Strategy,
    genome: PatientGenome,
    models: GeneModels,
    nucleases: Sequence[Nuclease],
    refused: list[str],
) -> Iterator[_Candidate]:
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
            for nuclease, protospacer, cut in _sites(genome, stretch.widened(REACH), nucleases, refused):
                place = protospacer.window.to_reference(cut)
                if not stretch.start <= place < stretch.end or place == start:
                    continue
                index = transcript.genome_to_coding(place)
                assert index is not None
                share = index / transcript.coding_bases
                if FIRST_SHARE <= share <= EARLY_SHARE:
                    because = f"cuts after {share:.0%} of the coding sequence, in an exon of every transcript"
                    yield _Candidate(nuclease, protospacer, cut, share, because)
                else:
                    refused.append("cuts too early or too late in the coding sequence")


def _merge(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Join the same guide found on several haplotypes."""
    merged: dict[tuple[object, ...], _Candidate] = {}
    for candidate in candidates:
        guide = candidate.protospacer.guide()
        key = (candidate.nuclease.key, guide.spacer, guide.pam, guide.locus)
        known = merged.setdefault(key, candidate)
        if known is not candidate:
            merged[key] = replace(known, protospacer=known.protospacer.also_on(candidate.protospacer))
    return list(merged.values())


def _finish(candidate: _Candidate, strategy: Strategy, genome: PatientGenome) -> Design:
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
    precedent = precedent_of(guide, nuclease.key)
    return Design(
        modality=strategy.modality,
        route=strategy.route,
        gene=strategy.target.gene,
        acts_on=strategy.acts_on,
        effector=nuclease.key,
        effector_name=nuclease.name,
        guides=(guide,),
        purpose=f"{nuclease.name} {candidate.because}.",
        outcomes=_outcomes(transcript, genome, place, strategy),
        useful_share=_NOT_PREDICTED,
        oligos=guide_oligos(guide, nuclease.key),
        view=_view(candidate, strategy, transcript),
        facts=tuple(facts),
        precedent=precedent.sources,
        precedent_stage=precedent.stage,
    )


def _outcomes(
    transcript: Transcript | None, genome: PatientGenome, place: int, strategy: Strategy
) -> tuple[Outcome, ...]:
    """Classes of indels: what each does, without a share (no outcome model is asked)."""
    if transcript is None:
        assert strategy.site is not None
        text = f"insertion or deletion that breaks {strategy.site.motif}"
        return (
            Outcome((), Effect.DISRUPTS_SITE, useful=True, protein="", label=text, share=_NOT_PREDICTED),
            Outcome(
                (),
                Effect.NO_EFFECT,
                useful=False,
                protein="",
                label="repaired as it was",
                share=_NOT_PREDICTED,
            ),
        )
    outcomes = []
    for frame in frame_outcomes(transcript, genome.reference, place):
        indels = "+1, -2, +4 ..." if frame.shift == 1 else "+2, -1, -4 ..."
        end = (
            "no stop follows"
            if frame.residues_to_stop is None
            else f"stop after {frame.residues_to_stop} residues"
        )
        decay = ", nonsense-mediated decay expected" if frame.decay else ", decay not expected"
        text = f"frameshift ({indels}): {frame.residues_kept} residues kept, {end}{decay}"
        effect = Effect.KNOCKS_OUT if frame.residues_to_stop is not None else Effect.PROTEIN_CHANGED
        outcomes.append(Outcome((), effect, effect is Effect.KNOCKS_OUT, "", text, _NOT_PREDICTED))
    outcomes.append(
        Outcome(
            (),
            Effect.PROTEIN_CHANGED,
            useful=False,
            protein="",
            label="in-frame indel (±3, ±6 ...)",
            share=_NOT_PREDICTED,
        )
    )
    return tuple(outcomes)


def _view(candidate: _Candidate, strategy: Strategy, transcript: Transcript | None) -> SequenceView:
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
