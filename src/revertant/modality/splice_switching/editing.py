"""Base editors that break the GT or AG of a splice site, so that it is used no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from revertant.knowledge import BaseEditor
from revertant.modality.base_editing.design import usable_editors
from revertant.modality.base_editing.intended import Conversion, Wish, restoring_wish
from revertant.modality.base_editing.outcome import genotypes
from revertant.modality.base_editing.placing import Candidate, merge_copies, place_editors
from revertant.modality.base_editing.shares import genotype_shares, useful_share, useful_yield
from revertant.modality.contract import DesignOptions
from revertant.modality.oligos import guide_oligos
from revertant.modality.precedent import precedent_of
from revertant.modality.splice_switching.goal import NORMAL_REACH, SiteToBreak, SpliceGoal, carriers
from revertant.modality.splice_switching.sites import SenseView, rival_of, score_at
from revertant.modality.splice_switching.view import edited_view
from revertant.model import BaseChange, Design, Effect, Estimate, Outcome, Strand
from revertant.sequence import complement

__all__ = ["base_edit_designs"]

_TOGETHER = Estimate(
    None,
    "share of edited alleles, 0 to 1",
    "how often two guides edit one allele is not predicted",
    in_domain=False,
)


@dataclass(frozen=True, slots=True)
class _Breaker:
    """An editor on a protospacer that breaks one site."""

    site: SiteToBreak
    view: SenseView
    edge: int
    candidate: Candidate


def base_edit_designs(
    goal: SpliceGoal, sites: Sequence[Sequence[SiteToBreak]], options: DesignOptions, refused: list[str]
) -> list[Callable[[], Design]]:
    """Make the base-editing designs of a goal.

    Parameters
    ----------
    goal
        What is to be reached.
    sites
        For each exon, or the one wrong site, the splice sites of which one must be broken.
    options
        Editors to use.
    refused
        Takes one reason for each combination that does not work.

    Returns
    -------
    list
        Makers of the designs, best placed first. Where several exons are to be left out, one guide for each, all with
        one editor.
    """
    editors = usable_editors(options)
    groups = [_breakers(goal, group, editors, refused) for group in sites]
    if len(groups) == 1:
        return [partial(_design, goal, (breaker,)) for breaker in groups[0]]
    found: list[Callable[[], Design]] = []
    for editor in editors:
        best = [next((one for one in group if one.candidate.editor is editor), None) for group in groups]
        chosen = tuple(one for one in best if one is not None)
        if len(chosen) == len(groups):
            found.append(partial(_design, goal, chosen))
    return found


def _breakers(
    goal: SpliceGoal, sites: Sequence[SiteToBreak], editors: Sequence[BaseEditor], refused: list[str]
) -> list[_Breaker]:
    """Every editor on every place that breaks one of the sites, one for each guide, best placed first."""
    conversions = sorted({conversion for editor in editors for conversion in editor.base_changes})
    found: dict[tuple[object, ...], _Breaker] = {}
    for site in sites:
        low, high = site.position - NORMAL_REACH, site.position + NORMAL_REACH
        placed: dict[int, tuple[SenseView, int]] = {}
        candidates: list[Candidate] = []
        for view in carriers(goal, low, high, refused):
            edge = view.edge(site.position)
            if edge is None or score_at(view, edge, site.kind) is None:
                refused.append(f"the {site.name} is no GT or AG site on this haplotype")
                continue
            placed[id(view.window)] = (view, edge)
            for wish in _wishes(goal, view, edge, site, conversions):
                candidates += place_editors(wish, view.window, editors, refused)
        for candidate in sorted(merge_copies(candidates), key=lambda one: one.order):
            guide = candidate.protospacer.guide()
            key = (candidate.editor.key, guide.spacer, guide.pam, guide.locus)
            if key in found:
                refused.append("the same guide, made for another base")
                continue
            # Merged copies share the sequence under the guide; the first window stands for them.
            view, edge = next(
                pair for pair in placed.values() if pair[0].window.bases == candidate.protospacer.window.bases
            )
            found[key] = _Breaker(site, view, edge, candidate)
    return sorted(found.values(), key=lambda one: one.candidate.order)


def _wishes(
    goal: SpliceGoal, view: SenseView, edge: int, site: SiteToBreak, conversions: Sequence[Conversion]
) -> Iterator[Wish]:
    """Single-base changes that spoil the two letters; putting the allele itself right is another route."""
    able = set(conversions)
    both = sorted(able | {(complement(before), complement(after)) for before, after in able})
    allele = goal.strategy.allele
    wish = restoring_wish(allele) if allele is not None else None
    restoring = {(change.position, change.after) for change in wish.changes} if wish is not None else set()
    start = edge if site.kind.letters == "GT" else edge - 2
    minus = view.strand is Strand.MINUS
    for offset, letter in enumerate(site.kind.letters):
        index, _ = view.span(start + offset, start + offset + 1)
        place = view.window.to_reference(index)
        if view.window.from_reference(place) != index:
            continue
        base = complement(letter) if minus else letter
        for before, after in both:
            if before != base or (place, after) in restoring:
                continue
            read = complement(after) if minus else after
            spoilt = site.kind.letters[:offset] + read + site.kind.letters[offset + 1 :]
            label = f"{site.name} broken: {site.kind.letters} to {spoilt}"
            yield Wish((BaseChange(place, before, after),), Effect.SPLICE_CHANGED, label)


def _design(goal: SpliceGoal, breakers: tuple[_Breaker, ...]) -> Design:
    lead = breakers[0]
    editor = lead.candidate.editor
    guides = tuple(one.candidate.protospacer.guide() for one in breakers)
    if len(breakers) == 1:
        outcomes = _outcomes(goal, lead)
        strand = lead.candidate.protospacer.strand
        share = useful_share(editor, lead.candidate.editable, strand, outcomes, guides[0])
        expected = useful_yield(editor, share, lead.candidate.targets, strand, guides[0])
    else:
        changes = tuple(sorted(change for one in breakers for change in one.candidate.targets))
        names = " and the ".join(one.site.name for one in breakers)
        label = f"{names} broken: {goal.result}"
        outcomes = (
            Outcome(changes, Effect.SPLICE_CHANGED, useful=True, protein="", label=label, share=_TOGETHER),
        )
        share, expected = _TOGETHER, None
    precedent = precedent_of(guides[0], editor.key)
    targets = "; ".join(
        ", ".join(str(change.spacer_position) for change in one.candidate.targets) for one in breakers
    )
    labels = "; ".join(one.candidate.wish.label for one in breakers)
    return Design(
        modality=goal.strategy.modality,
        route=goal.strategy.route,
        gene=goal.strategy.target.gene,
        acts_on=goal.strategy.acts_on,
        effector=editor.key,
        effector_name=editor.name,
        guides=guides,
        purpose=f"{editor.name} {goal.words}: {labels}.",
        outcomes=outcomes,
        useful_share=share,
        oligos=tuple(oligo for guide in guides for oligo in guide_oligos(guide, editor.nuclease)),
        view=edited_view(lead.candidate, lead.view, lead.edge, lead.site.kind, lead.site.name),
        facts=(
            ("means", "base editing of a splice site"),
            ("edit", labels),
            ("target_spacer_position", targets),
            ("editing_window", f"{editor.window[0]}-{editor.window[1]}"),
            ("target_in_core_window", "yes" if all(one.candidate.in_core for one in breakers) else "no"),
            ("site_score", "; ".join(f"{one.site.name} {_score(one):.1f} bits" for one in breakers)),
            ("rival_site", "; ".join(filter(None, map(_rival, breakers))) or "none"),
        ),
        precedent=precedent.sources,
        precedent_stage=precedent.stage,
        useful_yield=expected,
        splicing=goal.splicing,
    )


def _score(breaker: _Breaker) -> float:
    score = score_at(breaker.view, breaker.edge, breaker.site.kind)
    assert score is not None
    return score


def _rival(breaker: _Breaker) -> str:
    """The strongest other site near the broken one, on the edited sequence; empty when there is none."""
    edited = _edited(breaker, breaker.candidate.targets)
    rival = rival_of(edited, breaker.edge, breaker.site.kind)
    if rival is None:
        return ""
    away = rival.edge - breaker.edge
    where = "downstream" if away > 0 else "upstream"
    return (
        f"{rival.kind.value} of {rival.score:.1f} bits, {abs(away)} bases {where} of the {breaker.site.name}"
    )


def _edited(breaker: _Breaker, changes: tuple[BaseChange, ...]) -> SenseView:
    window = breaker.view.window
    bases = list(window.bases)
    for change in changes:
        index = window.from_reference(change.position)
        assert index is not None
        bases[index] = change.after
    text = "".join(bases)
    minus = breaker.view.strand is Strand.MINUS
    return SenseView(window, breaker.view.strand, "".join(map(complement, reversed(text))) if minus else text)


def _outcomes(goal: SpliceGoal, breaker: _Breaker) -> tuple[Outcome, ...]:
    """Say of every combination of edited bases whether the site still stands."""
    editable, strand = breaker.candidate.editable, breaker.candidate.protospacer.strand
    shares = genotype_shares(
        breaker.candidate.editor, editable, strand, breaker.candidate.protospacer.guide()
    )
    found = []
    for genotype in genotypes(editable):
        score = score_at(_edited(breaker, genotype), breaker.edge, breaker.site.kind)
        share = shares.get(tuple(sorted(change.spacer_position for change in genotype)))
        if score is None:
            label = f"{breaker.site.name} broken ({_score(breaker):.1f} bits before): {goal.result}"
            found.append(
                Outcome(genotype, Effect.SPLICE_CHANGED, useful=True, protein="", label=label, share=share)
            )
        else:
            label = f"{breaker.site.name} stands ({score:.1f} bits, {_score(breaker):.1f} before)"
            found.append(
                Outcome(genotype, Effect.NO_EFFECT, useful=False, protein="", label=label, share=share)
            )
    return tuple(sorted(found, key=_order))


def _order(outcome: Outcome) -> tuple[object, ...]:
    value = outcome.share.value if outcome.share is not None else None
    return (not outcome.useful, -(value or 0.0), len(outcome.changes), outcome.changes)
