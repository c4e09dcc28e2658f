"""Nucleases: one cut beside a splice site, or two cuts that take an exon or a pseudo-exon out.

One cut beside an exon's edge leaves indels. Those that reach the site take it away, and the exon is left out; where
the allele lacks exons, some indels inside the exon put the reading frame right instead (reframing). Two cuts in the
introns free the exon with its sites.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from revertant.knowledge import Nuclease
from revertant.modality.contract import DesignOptions
from revertant.modality.cutting import cut_indexes, usable_nucleases
from revertant.modality.loss import ACCEPTOR_NT, DONOR_NT, loss_of
from revertant.modality.nuclease.excision import Excision, excisions
from revertant.modality.oligos import guide_oligos
from revertant.modality.precedent import precedent_of
from revertant.modality.protospacers import Protospacer, protospacers
from revertant.modality.splice_switching.frames import exon_words
from revertant.modality.splice_switching.goal import NORMAL_REACH, SiteToBreak, SpliceGoal, carriers, carries
from revertant.modality.splice_switching.place import place_of
from revertant.modality.splice_switching.reframing import Reframing, reframing_of
from revertant.modality.splice_switching.sites import SENSIBLE_BITS, SenseView, score_at
from revertant.modality.splice_switching.view import cut_view
from revertant.model import Design, Effect, Estimate, Locus, Outcome, Strand
from revertant.prediction import SpliceKind, splice_sites
from revertant.prediction.splice import ACCEPTOR_EXON_NT, ACCEPTOR_INTRON_NT
from revertant.sequence import matches, reverse_complement

__all__ = ["cut_designs", "excision_designs"]

#: How far from a splice site a cut may lie, in the intron and in the exon (this project's own rule: most indels of
#: one cut are no longer; the published exon 51 guide of DMD cuts 9 bases into the exon).
INTRON_REACH_NT, EXON_REACH_NT = 6, 10
#: Where the two cuts of an excision may lie, in bases from the exon: outside of what its splicing needs.
FLANKS_NT, PSEUDO_MARGIN_NT = (20, 60, 150), 10

_NOT_PREDICTED = Estimate(
    None,
    "share of edited alleles, 0 to 1",
    "which indels and joins follow the cuts is not predicted for this purpose",
    in_domain=False,
)


@dataclass(frozen=True, slots=True)
class _Cut:
    site: SiteToBreak
    view: SenseView
    edge: int
    nuclease: Nuclease
    protospacer: Protospacer
    depth: int
    weak: bool

    reframing: Reframing | None

    @property
    def order(self) -> tuple[object, ...]:
        reframes = self.reframing is not None and self.reframing.is_open
        place = (abs(self.depth), self.nuclease.key, self.protospacer.start, self.site.name)
        return (not reframes, not self.nuclease.cfd_defined, self.weak, *place)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A pair of cuts, and how many of its guides find their site again in the joined sequence."""

    excision: Excision
    cut_again: int

    @property
    def order(self) -> tuple[object, ...]:
        return (not self.excision.is_certain, self.cut_again, *_pair_order(self.excision))


def cut_designs(
    goal: SpliceGoal, sites: Sequence[SiteToBreak], options: DesignOptions, refused: list[str]
) -> list[Callable[[], Design]]:
    """Make the designs that cut once beside one of the splice sites.

    A PAM that the nuclease cuts only weakly (NAG for SpCas9) is offered too, behind the others and with a caution.

    Parameters
    ----------
    goal, sites, options
        What is to be reached, the sites of which one must go, and the nucleases to use.
    refused
        Takes one reason for each nuclease and site without a cut in reach.

    Returns
    -------
    list
        Makers of the designs: those that right the frame too first, then nucleases whose off-targets can be scored,
        full PAMs, and the nearest to the site; every place once before a second nuclease is offered for it.
    """
    found: dict[tuple[object, ...], _Cut] = {}
    for site in sites:
        for view in carriers(goal, site.position - NORMAL_REACH, site.position + NORMAL_REACH, refused):
            edge = view.edge(site.position)
            if edge is None or score_at(view, edge, site.kind) is None:
                refused.append(f"the {site.name} is no GT or AG site on this haplotype")
                continue
            for nuclease in usable_nucleases(options):
                near = list(_cuts(goal, site, view, edge, nuclease))
                cuts = [cut for cut in near if not _spoils(goal, cut)]
                if not near:
                    refused.append(f"no site of {nuclease.name} cuts beside the {site.name}")
                elif not cuts:
                    refused.append(
                        f"{nuclease.name} would leave indels in the coding sequence that is to be kept"
                    )
                for cut in cuts:
                    guide = cut.protospacer.guide()
                    found.setdefault((nuclease.key, guide.spacer, guide.pam, guide.locus), cut)
    ordered = sorted(found.values(), key=lambda one: one.order)
    places: dict[str, int] = {}
    turns: list[tuple[int, int, _Cut]] = []
    for cut in ordered:
        place = str(cut.protospacer.guide().locus)
        places[place] = places.get(place, -1) + 1
        turns.append((places[place], len(turns), cut))
    # Each place once before a second nuclease cuts it; a cut that rights the frame too stands first.
    turns.sort(key=lambda turn: turn[:2])
    return [partial(_cut_design, goal, cut) for _, _, cut in turns]


def _cuts(
    goal: SpliceGoal, site: SiteToBreak, view: SenseView, edge: int, nuclease: Nuclease
) -> Iterator[_Cut]:
    total = len(view.bases)
    for one in protospacers(view.window, nuclease.search_pam, nuclease.pam_side, nuclease.spacer_nt):
        index = cut_indexes(one, nuclease)[0]
        if not 0 < index < total:
            continue
        at = index if view.strand is Strand.PLUS else total - index
        depth = (at - edge) * (1 if site.kind is SpliceKind.ACCEPTOR else -1)  # positive in the exon
        if -INTRON_REACH_NT <= depth <= EXON_REACH_NT:
            weak = not matches(nuclease.pam, one.pam)
            righted = reframing_of(goal, site, view, edge, depth)
            yield _Cut(site, view, edge, nuclease, one, depth, weak, righted)


def _spoils(goal: SpliceGoal, cut: _Cut) -> bool:
    """Whether a cut that hides a wrong site would leave its indels in the coding sequence of a normal exon."""
    if goal.wrong is None:
        return False
    at = cut.view.position(cut.edge + cut.depth * (1 if cut.site.kind is SpliceKind.ACCEPTOR else -1))
    return any(start <= at <= end for start, end in goal.transcript.coding_exons)


def _cut_design(goal: SpliceGoal, cut: _Cut) -> Design:
    nuclease, guide = cut.nuclease, cut.protospacer.guide()
    where = "in the exon" if cut.depth > 0 else "in the intron" if cut.depth < 0 else "at the edge"
    outcomes = [
        Outcome(
            (),
            Effect.SPLICE_CHANGED,
            useful=True,
            protein="",
            label=f"deletion that takes the {cut.site.name} away: {goal.result}",
            share=_NOT_PREDICTED,
        )
    ]
    reframing = cut.reframing
    if reframing is not None:
        outcomes.append(
            Outcome(
                (),
                Effect.PROTEIN_CHANGED,
                useful=reframing.is_open,
                protein="",
                label=reframing.words,
                share=_NOT_PREDICTED,
            )
        )
    outcomes.append(
        Outcome((), Effect.NO_EFFECT, useful=False, protein="", label="other indels", share=_NOT_PREDICTED)
    )
    precedent = precedent_of(guide, nuclease.key)
    score = score_at(cut.view, cut.edge, cut.site.kind)
    return Design(
        modality=goal.strategy.modality,
        route=goal.strategy.route,
        gene=goal.strategy.target.gene,
        acts_on=goal.strategy.acts_on,
        effector=nuclease.key,
        effector_name=nuclease.name,
        guides=(guide,),
        purpose=f"{nuclease.name} {goal.words}: it cuts {_bases(cut.depth)} from the {cut.site.name}, {where}.",
        outcomes=tuple(outcomes),
        useful_share=_NOT_PREDICTED,
        oligos=guide_oligos(guide, nuclease.key),
        view=cut_view(cut.protospacer, nuclease, goal.transcript),
        facts=(
            ("means", "one cut beside a splice site"),
            ("cut_bases_from_site", f"{abs(cut.depth)} {where}"),
            ("site_score", f"{cut.site.name} {score:.1f} bits"),
            ("pam_strength", "weak" if cut.weak else "full"),
            ("reframing", reframing.words if reframing is not None else "not applicable"),
        ),
        precedent=precedent.sources,
        precedent_stage=precedent.stage,
        splicing=goal.splicing,
    )


def excision_designs(
    goal: SpliceGoal, options: DesignOptions, refused: list[str]
) -> list[Callable[[], Design]]:
    """Make the designs that cut an exon, or a pseudo-exon, out with two guides.

    Parameters
    ----------
    goal, options
        What is to be reached, and the nucleases to use.
    refused
        Takes one reason for each nuclease or pair that does not work.

    Returns
    -------
    list
        Makers of the designs: sure pairs first, then those that are not cut again, then the shortest loss; two of each
        nuclease at most.
    """
    if _flanks(goal, FLANKS_NT[0]) is None:
        beside = goal.wrong is not None and goal.wrong.partner is None
        refused.append(
            "what is spliced wrongly lies beside an exon, or is open: it cannot be cut out"
            if beside
            else "no room in the introns for two cuts"
        )
        return []
    wanted = set(goal.option.skipped) if goal.option is not None else set()
    chosen: list[_Pair] = []
    for nuclease in usable_nucleases(options):
        best: list[Excision] = []
        failed: list[str] = []
        # Nearest first: a nuclease with a common PAM has pairs enough beside the exon.
        for flank in FLANKS_NT:
            stretches = _flanks(goal, flank)
            if stretches is None or not all(map(goal.genome.reference.covers, stretches)):
                failed = ["the introns beside the exon lie outside the reference"]
                break
            failed = []
            found = (
                pair
                for pair in excisions(goal.genome, *stretches, [nuclease], failed)
                if carries(goal, pair.left.window) and carries(goal, pair.right.window)
            )
            best = heapq.nsmallest(6, found, key=_pair_order)
            if best:
                break
        refused += failed
        distinct = {(pair.left.spacer, pair.right.spacer): pair for pair in reversed(best)}
        fitting = [pair for pair in distinct.values() if _takes_only(goal, pair, wanted, refused)]
        judged = [_Pair(pair, len(pair.recut_by)) for pair in fitting]
        chosen += sorted(judged, key=lambda one: one.order)[:2]
    chosen.sort(key=lambda one: one.order)
    return [partial(_excision_design, goal, one) for one in chosen]


def _bases(count: int) -> str:
    return f"{abs(count)} base{'' if abs(count) == 1 else 's'}"


def _pair_order(pair: Excision) -> tuple[object, ...]:
    # A nuclease whose off-targets can be scored stands before one whose cannot.
    return (
        not pair.is_certain,
        not pair.nuclease.cfd_defined,
        len(pair.lost),
        pair.nuclease.key,
        pair.left.start,
        pair.right.start,
    )


def _takes_only(goal: SpliceGoal, pair: Excision, wanted: Collection[int], refused: list[str]) -> bool:
    """Whether the pair takes the wanted exons whole and nothing that another exon needs."""
    loss = loss_of(goal.transcript, pair.lost)
    allele = goal.strategy.allele
    assert allele is not None
    absent = set(place_of(allele, goal.transcript).absent)
    if set(loss.exons) - absent != set(wanted) or loss.cut_exons:
        refused.append("the cuts would take more or less than the wanted exons")
        return False
    if not wanted and not loss.is_silent:
        refused.append("the cuts would take bases that a normal splice site needs")
        return False
    return True


def _flanks(goal: SpliceGoal, flank: int) -> tuple[Locus, Locus] | None:
    """Where the two cuts may lie, left and right on the forward strand; ``None`` where there is no room."""
    transcript = goal.transcript
    exons = transcript.exons
    plus = transcript.strand is Strand.PLUS
    before, behind = (ACCEPTOR_NT, DONOR_NT) if plus else (DONOR_NT, ACCEPTOR_NT)
    if goal.option is not None:
        spans = [transcript.ordered_exons[number - 1] for number in goal.option.skipped]
        low, high = min(start for start, _ in spans), max(end for _, end in spans)
        inner_left, inner_right = low - before, high + behind
    else:
        assert goal.wrong is not None
        if goal.wrong.partner is None or goal.wrong.hidden is None:
            return None
        hidden = goal.wrong.view.locus(*goal.wrong.hidden)
        low, high = hidden.start, hidden.end
        inner_left, inner_right = low - PSEUDO_MARGIN_NT, high + PSEUDO_MARGIN_NT
    # The exons beside keep what their splicing needs.
    outer_left = max((end for _, end in exons if end <= low), default=0) + behind
    outer_right = min((start for start, _ in exons if start >= high), default=high + 1_000_000) - before
    first, last = max(outer_left, inner_left - flank), min(outer_right, inner_right + flank)
    if first >= inner_left or last <= inner_right:
        return None
    return Locus(transcript.contig, first, inner_left), Locus(transcript.contig, inner_right, last)


def _excision_design(goal: SpliceGoal, one: _Pair) -> Design:
    pair, nuclease = one.excision, one.excision.nuclease
    guides = (pair.left.guide(), pair.right.guide())
    lost = pair.lost
    what = exon_words(goal.option.skipped) if goal.option is not None else "the pseudo-exon"
    new_sites = _junction_sites(goal, pair)
    outcomes = tuple(
        Outcome((), effect, useful=useful, protein="", label=label, share=_NOT_PREDICTED)
        for effect, useful, label in (
            (Effect.SPLICE_CHANGED, True, f"{what} lost between the cuts: {goal.result}"),
            (
                Effect.SPLICE_CHANGED,
                False,
                f"{what} turned round: usually not spliced, which has to be shown",
            ),
            (Effect.NO_EFFECT, False, "each cut repaired by itself"),
        )
    )
    uses = [precedent_of(guide, nuclease.key) for guide in guides]
    precedent = next((use for use in uses if use.stage), uses[0])
    return Design(
        modality=goal.strategy.modality,
        route=goal.strategy.route,
        gene=goal.strategy.target.gene,
        acts_on=goal.strategy.acts_on,
        effector=nuclease.key,
        effector_name=nuclease.name,
        guides=guides,
        purpose=f"{nuclease.name} with two guides cuts {what} out and so {goal.words}.",
        outcomes=outcomes,
        useful_share=_NOT_PREDICTED,
        oligos=tuple(oligo for guide in guides for oligo in guide_oligos(guide, nuclease.key)),
        view=cut_view(pair.left, nuclease, goal.transcript),
        facts=(
            ("means", "excision between two cuts"),
            ("lost", str(lost)),
            ("lost_bases", f"{len(lost):,}"),
            ("junction", "; ".join(f"{left}|{right}" for left, right in pair.junctions(12))),
            ("junction_splice_sites", new_sites or "none"),
            ("cut_again", f"{one.cut_again} of 2 guides" if one.cut_again else "no"),
            ("pair_on_one_copy", "yes" if pair.is_certain else "not known: phase the variants"),
        ),
        precedent=precedent.sources,
        precedent_stage=precedent.stage,
        splicing=goal.splicing,
    )


def _junction_sites(goal: SpliceGoal, pair: Excision) -> str:
    """Name the splice sites that a clean join makes: those judged on bases of both sides."""
    named = []
    reach = ACCEPTOR_INTRON_NT + ACCEPTOR_EXON_NT
    for left, right in pair.junctions(reach):
        joined = left + right
        at = len(left)
        if goal.transcript.strand is Strand.MINUS:
            joined, at = reverse_complement(joined), len(right)
        for site in splice_sites(joined, SENSIBLE_BITS):
            donor = site.kind is SpliceKind.DONOR
            low, high = (site.edge - 3, site.edge + 6) if donor else (site.edge - 20, site.edge + 3)
            if low < at < high:
                named.append(f"{site.kind.value} of {site.score:.1f} bits")
    return ", ".join(dict.fromkeys(named))
