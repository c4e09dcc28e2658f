"""Every guide that puts the wanted bases into an editor's window, on this person's own allele."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from revertant import knowledge
from revertant.genome import HaplotypeWindow, PatientGenome
from revertant.knowledge import BaseEditor
from revertant.modality.base_editing.benign import benign_rows
from revertant.modality.base_editing.intended import (
    Wish,
    codon_wishes,
    hiding_wishes,
    knock_out_wishes,
    restoring_wish,
    site_wishes,
    wrong_splice_sites,
)
from revertant.modality.base_editing.other_copy import copies_told_apart, other_copy, other_copy_facts
from revertant.modality.base_editing.outcome import SILENCING, Judge, is_unwanted, outcomes_of
from revertant.modality.base_editing.placing import Candidate, edge_bases, merge_copies, place_editors
from revertant.modality.base_editing.shares import genotype_shares, useful_share, useful_yield
from revertant.modality.base_editing.view import edit_view
from revertant.modality.contract import DesignBatch, DesignOptions
from revertant.modality.motif import motif_span
from revertant.modality.oligos import guide_oligos
from revertant.modality.precedent import precedent_of
from revertant.modality.protospacers import reviewable_windows
from revertant.model import Design, Locus, Outcome, Route, Strategy, Tally

__all__ = ["design_base_edits", "usable_editors"]

#: Bases fetched on either side of a wish: the longest spacer, PAM and a margin for the drawing.
REACH = 40


def usable_editors(options: DesignOptions) -> tuple[BaseEditor, ...]:
    """Return the catalogue's editors, narrowed to the ones the user named."""
    return tuple(e for e in knowledge.editors().values() if not options.editors or e.key in options.editors)


def design_base_edits(strategy: Strategy, genome: PatientGenome, options: DesignOptions) -> DesignBatch:
    """Make the base-editing designs of one strategy.

    Parameters
    ----------
    strategy
        An eligible base-editing strategy.
    genome
        The patient's genome: spacers are read from the haplotypes that carry the allele.
    options
        Editors to use and how many designs to keep.

    Returns
    -------
    DesignBatch
        Designs in a stable order. The tally counts every combination of wish, editor and haplotype tried.
    """
    editors = usable_editors(options)
    conversions = sorted({conversion for editor in editors for conversion in editor.base_changes})
    refused: list[str] = []
    candidates: list[Candidate] = []
    for wish in _wishes(strategy, genome, conversions):
        for window in _windows(strategy, genome, wish, refused):
            if strategy.site is not None and motif_span(strategy.site, window) is None:
                refused.append("the motif is changed on this haplotype")
            else:
                candidates += place_editors(wish, window, editors, refused)
    candidates = _without_restoring(candidates, strategy, refused)
    candidates = _one_a_guide(candidates, refused)
    if strategy.route is Route.ALLELE_SPECIFIC_KNOCK_OUT:
        candidates = _sparing(candidates, strategy, genome, refused)
    designs = [_finish(candidate, strategy, genome) for candidate in candidates[: options.most_designs]]
    beyond = len(candidates) - len(designs)
    refused += [f"beyond the {options.most_designs} best placed of this strategy"] * beyond
    useful = [design for design in designs if any(outcome.useful for outcome in design.outcomes)]
    refused += ["no genotype of this guide serves the route"] * (len(designs) - len(useful))
    if not useful and not refused:
        refused = ["no base in reach could be edited to the wanted effect"]
    return DesignBatch(
        tuple(useful), Tally.of("editor and guide combinations", kept=len(useful), refused=refused)
    )


def _without_restoring(
    candidates: Sequence[Candidate], strategy: Strategy, refused: list[str]
) -> list[Candidate]:
    """Leave guides that can restore the wild type to that route, so that no design stands in the plan twice."""
    wish = restoring_wish(strategy.allele) if strategy.allele is not None else None
    if strategy.route not in {Route.RESTORE_PROTEIN, Route.BENIGN_SUBSTITUTION} or wish is None:
        return list(candidates)
    wanted = {(change.position, change.after) for change in wish.changes}
    kept = [c for c in candidates if not wanted <= {(base.position, base.after) for base in c.editable}]
    refused += ["the same guide restores the wild type"] * (len(candidates) - len(kept))
    return kept


def _one_a_guide(candidates: Sequence[Candidate], refused: list[str]) -> list[Candidate]:
    """Join what copies share, and keep the best placed wish of each guide: its genotypes hold the others."""
    kept: dict[tuple[object, ...], Candidate] = {}
    for candidate in sorted(merge_copies(candidates), key=lambda candidate: candidate.order):
        guide = candidate.protospacer.guide()
        key = (candidate.editor.key, guide.spacer, guide.pam, guide.locus)
        if kept.setdefault(key, candidate) is not candidate:
            refused.append("the same guide, made for another base")
    return list(kept.values())


def _sparing(
    candidates: Sequence[Candidate], strategy: Strategy, genome: PatientGenome, refused: list[str]
) -> list[Candidate]:
    """Keep the guides that tell the pathogenic copy from the other."""
    kept = []
    for candidate in candidates:
        told = copies_told_apart(candidate, strategy, genome)
        if told is not None and told.tells_apart:
            kept.append(candidate)
        else:
            refused.append("does not tell the copies apart (the variant is outside PAM and seed)")
    return kept


def _wishes(
    strategy: Strategy, genome: PatientGenome, conversions: Sequence[tuple[str, str]]
) -> Iterator[Wish]:
    reference, target, allele = genome.reference, strategy.target, strategy.allele
    if strategy.route is Route.DISRUPT_REGULATORY_SITE and strategy.site is not None:
        yield from site_wishes(strategy.site, reference, conversions)
    elif strategy.route in {Route.KNOCK_OUT, Route.ALLELE_SPECIFIC_KNOCK_OUT}:
        yield from knock_out_wishes(target.transcript, reference, conversions)
    elif allele is None:
        return
    elif strategy.route is Route.RESTORE_WILD_TYPE:
        wish = restoring_wish(allele)
        if wish is not None:
            yield wish
    elif strategy.route is Route.DISRUPT_SPLICE_SITE:
        yield from hiding_wishes(allele, target.transcript, reference, conversions)
    elif strategy.route is Route.RESTORE_PROTEIN:
        residues = allele.consequence.amino_acids_before
        yield from codon_wishes(allele, target.transcript, residues, conversions)
    elif strategy.route is Route.BENIGN_SUBSTITUTION:
        residues = "".join(sorted(residue for _, residue in _benign_pairs(strategy)))
        yield from codon_wishes(allele, target.transcript, residues, conversions)


def _windows(
    strategy: Strategy, genome: PatientGenome, wish: Wish, refused: list[str]
) -> tuple[HaplotypeWindow, ...]:
    """The haplotypes to edit: those with the pathogenic allele, or all of them for a gene or a site."""
    places = [change.position for change in wish.changes]
    contig = strategy.site.locus.contig if strategy.site else strategy.target.transcript.contig
    locus = Locus(contig, max(0, min(places) - REACH), max(places) + 1 + REACH)
    windows = reviewable_windows(genome, locus, refused)
    if strategy.allele is None or strategy.route is Route.KNOCK_OUT:
        return windows
    return tuple(window for window in windows if strategy.allele.variant in window.variants)


def _finish(candidate: Candidate, strategy: Strategy, genome: PatientGenome) -> Design:
    """Judge the outcomes of a candidate and write it up as a design."""
    editor, protospacer, route = candidate.editor, candidate.protospacer, strategy.route
    guide = protospacer.guide()
    judge = _judge(candidate, strategy, genome)
    shares = genotype_shares(editor, candidate.editable, protospacer.strand, guide)
    outcomes = outcomes_of(judge, candidate.editable, route, shares)
    share = useful_share(editor, candidate.editable, protospacer.strand, outcomes, guide)
    expected = useful_yield(editor, share, candidate.targets, protospacer.strand, guide)
    unwanted = [outcome for outcome in outcomes if is_unwanted(outcome)]
    classes = _bystander_classes(judge, candidate, route)
    targets = ", ".join(str(change.spacer_position) for change in candidate.targets)
    precedent = precedent_of(guide, editor.key)
    return Design(
        modality=strategy.modality,
        route=route,
        gene=strategy.target.gene,
        acts_on=strategy.acts_on,
        effector=editor.key,
        effector_name=editor.name,
        guides=(guide,),
        purpose=_purpose(candidate, outcomes),
        outcomes=outcomes,
        useful_share=share,
        oligos=guide_oligos(guide, editor.nuclease),
        view=edit_view(
            candidate.protospacer,
            editor.window,
            candidate.targets,
            candidate.bystanders,
            judge=judge,
            strategy=strategy,
        ),
        facts=(
            ("edit", candidate.wish.label),
            ("target_spacer_position", targets),
            ("editing_window", f"{editor.window[0]}-{editor.window[1]}"),
            ("target_in_core_window", "yes" if candidate.in_core else "no"),
            ("bystanders", "; ".join(classes) or "none"),
            ("genotypes", str(len(outcomes))),
            *(() if route in SILENCING else _unwanted_facts(unwanted, judge, candidate, route)),
            *other_copy_facts(other_copy(candidate, strategy, genome)),
        ),
        precedent=precedent.sources,
        precedent_stage=precedent.stage,
        useful_yield=expected,
    )


def _judge(candidate: Candidate, strategy: Strategy, genome: PatientGenome) -> Judge:
    window = candidate.protospacer.window
    if strategy.site is not None:
        span = motif_span(strategy.site, window)
        assert span is not None
        return Judge(window, genome.reference, None, motif=(strategy.site.motif, *span))
    alleles = tuple(allele.variant for allele in strategy.target.alleles)
    return Judge(
        window,
        genome.reference,
        strategy.target.transcript,
        pathogenic=alleles,
        benign=_benign_pairs(strategy),
        wrong_sites=_wrong_sites(strategy, genome),
    )


def _wrong_sites(strategy: Strategy, genome: PatientGenome) -> tuple[tuple[int, str], ...]:
    if strategy.route is not Route.DISRUPT_SPLICE_SITE or strategy.allele is None:
        return ()
    return wrong_splice_sites(strategy.allele, strategy.target.transcript, genome.reference)


def _benign_pairs(strategy: Strategy) -> frozenset[tuple[int, str]]:
    """``(residue number, residue)`` known to be benign in the place of this strategy's allele."""
    if strategy.allele is None:
        return frozenset()
    change = strategy.allele.consequence
    rows = benign_rows(strategy.target.gene, change.protein_position, change.amino_acids_after)
    return frozenset((row.codon, row.residue) for row in rows)


def _bystander_classes(judge: Judge, candidate: Candidate, route: Route) -> list[str]:
    """Say what each bystander does when it is edited together with the target."""
    texts = []
    for bystander in candidate.bystanders:
        outcome = judge.outcome(tuple(sorted((*candidate.targets, bystander))), route)
        base = candidate.protospacer.spacer[bystander.spacer_position - 1]
        kind = "not tolerated" if not outcome.useful else "tolerated" if route in SILENCING else "silent"
        if kind == "silent" and is_unwanted(outcome):
            kind = "near a splice site"
        texts.append(f"{base}{bystander.spacer_position} {kind}: {outcome.label}")
    return texts


def _unwanted_facts(
    unwanted: Sequence[Outcome], judge: Judge, candidate: Candidate, route: Route
) -> tuple[tuple[str, str], ...]:
    """What this guide can do that nobody asked for."""
    return (
        ("unwanted_genotypes", str(len(unwanted))),
        ("unwanted_share", _share_text(unwanted)),
        ("just_outside_window", _edge_text(judge, candidate, route) or "none"),
    )


def _share_text(outcomes: Sequence[Outcome]) -> str:
    """The share of edited alleles with one of these outcomes; "not predicted" without a profile."""
    values = [
        outcome.share.value for outcome in outcomes if outcome.share and outcome.share.value is not None
    ]
    if outcomes and not values:
        return "not predicted"
    return f"{sum(values):.2f}"


def _edge_text(judge: Judge, candidate: Candidate, route: Route) -> str:
    """Name the convertible bases just outside the window whose editing would do what nobody asked for."""
    texts = []
    for change in edge_bases(candidate.editor, candidate.protospacer):
        outcome = judge.outcome(tuple(sorted((*candidate.targets, change))), route)
        if is_unwanted(outcome):
            base = candidate.protospacer.spacer[change.spacer_position - 1]
            texts.append(f"{base}{change.spacer_position}: {outcome.label}")
    return "; ".join(texts)


def _purpose(candidate: Candidate, outcomes: Sequence[Outcome]) -> str:
    targets = candidate.targets
    guide_bases = " and ".join(
        f"{candidate.protospacer.spacer[c.spacer_position - 1]}{c.spacer_position}" for c in targets
    )
    best = next((outcome for outcome in outcomes if outcome.useful), outcomes[0])
    return f"{candidate.editor.name} edits {guide_bases} of the guide: {candidate.wish.label}; gives {best.label}."
