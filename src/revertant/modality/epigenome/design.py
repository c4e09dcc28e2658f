"""Every guide that brings an epigenome editor to its window around the start of transcription."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from revertant.genome import GeneModels, HaplotypeWindow, PatientGenome
from revertant.knowledge import EpigenomeEditor, epigenome_editors
from revertant.modality.allele_specific import Discrimination, DiscriminationKind, told_from
from revertant.modality.contract import DesignBatch, DesignOptions
from revertant.modality.epigenome.promoter import (
    cpg_places,
    offset_of,
    other_starts,
    own_starts,
    promoter_cpg,
    start_of,
    stretch_at,
)
from revertant.modality.epigenome.view import promoter_view
from revertant.modality.handles import two_copies
from revertant.modality.oligos import guide_oligos
from revertant.modality.precedent import precedent_of
from revertant.modality.protospacers import Protospacer, protospacers, reachable, reviewable_windows
from revertant.model import (
    Design,
    Effect,
    Estimate,
    Locus,
    NearbyStart,
    Outcome,
    PamSide,
    PromoterMap,
    Route,
    Strand,
    Strategy,
    Tally,
    Transcript,
)

__all__ = ["design_epigenome_edits"]

#: Bases beside a stretch of anchors that a protospacer with its PAM may reach over.
REACH = 45

#: The promoter is looked at in stretches, so that unphased variants far apart make no combinations.
CHUNK_BP = 50

_NOT_PREDICTED = Estimate(
    None,
    "share of treated cells, 0 to 1",
    "the change of expression is not predicted by this version",
    in_domain=False,
)

_DIRECTION = {Route.RAISE_EXPRESSION: "raise", Route.LOWER_EXPRESSION: "silence"}


@dataclass(frozen=True, slots=True)
class _Candidate:
    editor: EpigenomeEditor
    protospacer: Protospacer
    offset: int
    told: Discrimination | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """First those that spare the other copy surely, then those in the core, nearest to its middle."""
        unsure = self.told is not None and self.told.kind is not DiscriminationKind.PAM
        middle = sum(self.editor.core_window) / 2
        in_core = self.editor.reaches(self.offset, core=True)
        return (unsure, not in_core, abs(self.offset - middle), self.editor.key, self.protospacer.spacer)


def design_epigenome_edits(
    strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
) -> DesignBatch:
    """Make the designs of one strategy.

    Parameters
    ----------
    strategy
        An eligible epigenome strategy.
    genome
        The patient's genome.
    models
        Gene models, for other genes that start in the window and for further starts of this one.
    options
        Editors to use and how many designs to keep: the editors take turns, so that each is seen.
    """
    transcript = strategy.target.transcript
    editors = [
        editor
        for editor in epigenome_editors().values()
        if editor.direction == _DIRECTION[strategy.route]
        and (not options.editors or editor.key in options.editors)
        and (not options.nucleases or editor.nuclease in options.nucleases)
    ]
    refused: list[str] = []
    by_editor = []
    for editor in editors:
        found = _merge(_candidates(editor, strategy, genome, refused))
        by_editor.append(sorted(found, key=lambda candidate: candidate.order))
    turns = [c for turn in _turns(by_editor) for c in turn]
    kept = turns[: options.most_designs]
    refused += [f"beyond the {options.most_designs} best placed of this strategy"] * (len(turns) - len(kept))
    used = [editor for editor in editors if any(candidate.editor is editor for candidate in kept)]
    shared = _shared_facts(transcript, genome, models, used)
    maps = {editor.key: _map(transcript, genome, models, editor) for editor in used}
    designs = tuple(
        _finish(candidate, strategy, shared[candidate.editor.key], maps[candidate.editor.key])
        for candidate in kept
    )
    if not designs and not refused:
        refused = ["no epigenome editor of the catalogue has a PAM in its window"]
    return DesignBatch(
        designs, Tally.of("epigenome editor and guide combinations", kept=len(designs), refused=refused)
    )


def _turns(by_editor: Sequence[Sequence[_Candidate]]) -> Iterator[list[_Candidate]]:
    """The best of each editor, then the second best of each ..."""
    for place in range(max(map(len, by_editor), default=0)):
        yield [found[place] for found in by_editor if place < len(found)]


def _candidates(
    editor: EpigenomeEditor, strategy: Strategy, genome: PatientGenome, refused: list[str]
) -> Iterator[_Candidate]:
    transcript = strategy.target.transcript
    wanted = stretch_at(transcript, editor.window)
    stretch = reachable(genome.reference, wanted)
    if not genome.reference.covers(stretch) or not len(stretch):
        refused.append("the promoter lies outside the reference")
        return
    if stretch != wanted:
        refused.append("part of the window lies outside the reference")
    for low in range(stretch.start, stretch.end, CHUNK_BP):
        chunk = Locus(stretch.contig, low, min(low + CHUNK_BP, stretch.end))
        if strategy.allele is None:
            for window in reviewable_windows(genome, chunk.widened(REACH), refused):
                yield from _placed(editor, window, chunk, transcript)
            continue
        copies = two_copies(genome, strategy.allele, chunk.widened(REACH), refused)
        if copies is None:
            continue
        for candidate in _placed(editor, copies.harmful, chunk, transcript):
            told = told_from(
                candidate.protospacer, [copies.healthy], editor.base.seed_nt, editor.base.search_pam
            )
            if told.tells_apart:
                yield replace(candidate, told=told)
            else:
                refused.append("does not tell the copies apart (no variant in PAM or seed)")


def _placed(
    editor: EpigenomeEditor, window: HaplotypeWindow, chunk: Locus, transcript: Transcript
) -> Iterator[_Candidate]:
    base = editor.base
    for site in protospacers(window, base.pam, base.pam_side, base.spacer_nt):
        place = window.to_reference(_anchor(site))
        if chunk.start <= place < chunk.end:
            yield _Candidate(editor, site, offset_of(transcript, place))


def _anchor(site: Protospacer) -> int:
    """The index of the base of the PAM next to the protospacer, from which distances are counted."""
    pam_on_right = (site.pam_side is PamSide.THREE_PRIME) == (site.strand is Strand.PLUS)
    return site.pam_start if pam_on_right else site.pam_start + len(site.pam) - 1


def _merge(candidates: Iterator[_Candidate]) -> list[_Candidate]:
    """Join the same guide found on several haplotypes."""
    merged: dict[tuple[object, ...], _Candidate] = {}
    for candidate in candidates:
        guide = candidate.protospacer.guide()
        known = merged.setdefault((guide.spacer, guide.pam, guide.locus), candidate)
        if known is not candidate:
            joined = known.protospacer.also_on(candidate.protospacer)
            merged[guide.spacer, guide.pam, guide.locus] = replace(known, protospacer=joined)
    return list(merged.values())


def _shared_facts(
    transcript: Transcript, genome: PatientGenome, models: GeneModels, editors: Sequence[EpigenomeEditor]
) -> dict[str, list[tuple[str, str]]]:
    """What holds for every guide of an editor: the promoter's CpG, and what else starts in its window."""
    cpg = promoter_cpg(transcript, genome)
    starts = own_starts(transcript, models)
    facts = [
        (
            "transcription_start",
            f"{transcript.contig}:{start_of(transcript) + 1} of {transcript.transcript_id}",
        ),
        ("starts_of_the_gene", ", ".join(f"{offset:+d}" if offset else "0" for offset in starts)),
        ("cpg_per_100_bp", f"{cpg.per_100_bp:.1f}" if cpg else "not known"),
        ("cpg_island", ("yes" if cpg.has_island else "no") if cpg else "not known"),
    ]
    shared = {}
    for editor in editors:
        others = other_starts(transcript, models, editor.window)
        named = ", ".join(
            f"{one.gene} at {one.offset_bp:+d}{' (bidirectional promoter)' if one.is_bidirectional else ''}"
            for one in others
        )
        shared[editor.key] = [*facts, ("other_genes_starting_here", named or "none")]
    return shared


def _map(
    transcript: Transcript, genome: PatientGenome, models: GeneModels, editor: EpigenomeEditor
) -> PromoterMap:
    """The promoter without a guide, which every guide of an editor shares."""
    low, high = editor.window
    others = [
        NearbyStart(one.gene, one.offset_bp, not one.is_opposite)
        for one in other_starts(transcript, models, editor.window)
    ]
    own = [
        NearbyStart(transcript.gene, offset, is_same_way=True)
        for offset in own_starts(transcript, models)
        if offset and low <= offset <= high
    ]
    return PromoterMap(
        transcript.gene,
        editor.window,
        editor.core_window,
        0,
        guide_is_same_way=True,
        cpg=cpg_places(transcript, genome, (min(low, 0), max(high, 0))),
        starts=tuple(sorted((*others, *own), key=lambda start: start.offset_bp)),
    )


def _finish(
    candidate: _Candidate, strategy: Strategy, shared: list[tuple[str, str]], promoter: PromoterMap
) -> Design:
    editor, site = candidate.editor, candidate.protospacer
    guide = site.guide()
    facts = [
        ("distance_from_start_bp", f"{candidate.offset:+d}" if candidate.offset else "0"),
        ("window_bp", f"{editor.window[0]} to {editor.window[1]}"),
        ("core_window_bp", f"{editor.core_window[0]} to {editor.core_window[1]}"),
        ("in_core_window", "yes" if editor.reaches(candidate.offset, core=True) else "no"),
        ("parts", ", ".join(editor.parts)),
        *shared,
    ]
    if candidate.told is not None:
        facts += [
            ("told_apart_by", candidate.told.kind.value),
            ("healthy_copy_site", candidate.told.healthy_site or "absent"),
            ("why_here", candidate.told.because),
        ]
    use = precedent_of(guide, editor.key)
    acts_on = strategy.acts_on
    return Design(
        modality=strategy.modality,
        route=strategy.route,
        gene=strategy.target.gene,
        acts_on=acts_on,
        effector=editor.key,
        effector_name=editor.name,
        guides=(guide,),
        purpose=_purpose(candidate, strategy),
        outcomes=(_outcome(strategy),),
        useful_share=_NOT_PREDICTED,
        oligos=guide_oligos(guide, editor.nuclease),
        view=promoter_view(site, strategy.target.transcript),
        facts=tuple(facts),
        precedent=use.sources,
        precedent_stage=use.stage,
        promoter=replace(
            promoter,
            guide_bp=candidate.offset,
            guide_is_same_way=site.strand is strategy.target.transcript.strand,
        ),
    )


def _outcome(strategy: Strategy) -> Outcome:
    raises = strategy.route is Route.RAISE_EXPRESSION
    label = f"{strategy.target.gene} {'raised' if raises else 'silenced'}, sequence unchanged"
    return Outcome((), Effect.EXPRESSION_CHANGED, useful=True, protein="", label=label, share=_NOT_PREDICTED)


def _purpose(candidate: _Candidate, strategy: Strategy) -> str:
    editor, offset = candidate.editor, candidate.offset
    verb = "Raises" if strategy.route is Route.RAISE_EXPRESSION else "Silences"
    gene = strategy.target.gene
    what = gene if strategy.allele is None else f"the copy of {gene} with {strategy.allele.name}"
    side = "downstream" if offset >= 0 else "upstream"
    return f"{verb} {what} by {editor.name}, {abs(offset)} bp {side} of the start of transcription."
