"""Oligo designs: for each exon to be left out, or for a wrong site, the best oligos on the patient's own transcript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from revertant import knowledge
from revertant.genome import Reference
from revertant.modality.splice_switching.antisense import (
    DESIGN_SOURCES,
    LENGTHS,
    OligoCandidate,
    chemistry_for,
    choose,
    exon_regions,
    oligo_flags,
    site_regions,
    tile,
)
from revertant.modality.splice_switching.goal import SpliceGoal, carriers
from revertant.modality.splice_switching.guideline import known_oligos
from revertant.modality.splice_switching.sites import SenseView, exon_edge
from revertant.modality.splice_switching.uniqueness import OligoMatches, oligo_matches
from revertant.modality.splice_switching.view import oligo_view
from revertant.model import Design, Effect, Estimate, Oligo, Outcome
from revertant.prediction import SpliceKind
from revertant.sequence import reverse_complement

__all__ = ["OligoSet", "oligo_designs", "oligo_sets"]

#: Intron bases beside an exon over which an oligo may reach.
INTRON_NT = 40

_NOT_PREDICTED = Estimate(
    None,
    "share of messages, 0 to 1",
    "how much an oligo changes splicing is not predicted",
    in_domain=False,
    sources=DESIGN_SOURCES,
)


@dataclass(frozen=True, slots=True)
class OligoSet:
    """Oligos to be given together, one for each exon to be left out."""

    goal: SpliceGoal
    oligos: tuple[OligoCandidate, ...]
    known: knowledge.AntisenseUse | None = None


def oligo_sets(goal: SpliceGoal, most: int, refused: list[str]) -> list[OligoSet]:
    """Choose the oligos of a goal, those that people have been given first.

    Parameters
    ----------
    goal
        What is to be reached.
    most
        How many sets to make.
    refused
        Takes one reason for each oligo that is left out.
    """
    chemistry, _ = chemistry_for(goal.strategy.target)
    lengths = LENGTHS[chemistry]
    if goal.option is None:
        chosen, tiled = choose(_over_wrong_site(goal, lengths), most)
        refused += ["an oligo that is no better than a chosen one beside it"] * (tiled - len(chosen))
        return [OligoSet(goal, (candidate,)) for candidate in chosen]
    known: list[OligoSet] = []
    columns: list[list[OligoCandidate]] = []
    for number in goal.option.skipped:
        start, end = goal.transcript.ordered_exons[number - 1]
        views = carriers(goal, start - INTRON_NT, end + INTRON_NT, refused)
        if len(goal.option.skipped) == 1:
            known = list(_known(goal, number, views))
        chosen, tiled = choose(_over_exon(goal, number, views, lengths), most)
        refused += ["an oligo that is no better than a chosen one beside it"] * (tiled - len(chosen))
        columns.append(chosen)
    taken = {one.oligos[0].sequence for one in known}
    sets = [OligoSet(goal, tuple(row)) for row in zip(*columns, strict=False)]
    return known + [one for one in sets if one.oligos[0].sequence not in taken]


def _over_exon(
    goal: SpliceGoal, number: int, views: Sequence[SenseView], lengths: Sequence[int]
) -> Iterator[OligoCandidate]:
    for view in views:
        acceptor = exon_edge(view, goal.transcript, number, SpliceKind.ACCEPTOR)
        donor = exon_edge(view, goal.transcript, number, SpliceKind.DONOR)
        regions = exon_regions(view, acceptor, donor, f"exon {number}")
        yield from tile(view, regions, lengths, anchor=acceptor or 0)


def _over_wrong_site(goal: SpliceGoal, lengths: Sequence[int]) -> Iterator[OligoCandidate]:
    wrong = goal.wrong
    assert wrong is not None
    partner = wrong.partner
    regions = site_regions(
        wrong.view,
        wrong.site.edge,
        f"wrong {wrong.site.kind.value}",
        wrong.hidden if partner else None,  # bases of an exon, or beside one, are needed for normal splicing
        (partner.edge, f"{partner.kind.value} of the pseudo-exon") if partner else None,
    )
    yield from tile(wrong.view, regions, lengths, anchor=wrong.site.edge)


def _known(goal: SpliceGoal, number: int, views: Sequence[SenseView]) -> Iterator[OligoSet]:
    """The catalogue's oligos for this exon that match this person's sequence to the base."""
    gene = goal.strategy.target.gene
    for row in known_oligos(gene, goal.transcript, number):
        if not row.sequence:
            continue
        for view in views:
            at = view.bases.find(reverse_complement(row.sequence))
            if at >= 0:
                flags = oligo_flags(row.sequence)
                end = at + len(row.sequence)
                copies = tuple(
                    sorted({copy for one in views for copy in one.window.haplotypes if _matches(one, row)})
                )
                candidate = OligoCandidate(
                    view, at, end, row.sequence, f"exon {number}", flags, (0, 0), copies
                )
                yield OligoSet(goal, (candidate,), row)
                break


def _matches(view: SenseView, row: knowledge.AntisenseUse) -> bool:
    return reverse_complement(row.sequence) in view.bases


def oligo_designs(sets: Sequence[OligoSet], reference: Reference) -> list[Design]:
    """Write the sets up as designs, every oligo looked up on the reference in one pass."""
    flat = [candidate for one in sets for candidate in one.oligos]
    places = [candidate.view.locus(candidate.start, candidate.end) for candidate in flat]
    matches = iter(oligo_matches([candidate.sequence for candidate in flat], places, reference))
    return [_design(one, [next(matches) for _ in one.oligos]) for one in sets]


def _design(one: OligoSet, matches: Sequence[OligoMatches]) -> Design:
    goal, lead = one.goal, one.oligos[0]
    chemistry, because = chemistry_for(goal.strategy.target)
    if one.known is not None:
        chemistry, because = one.known.chemistry, f"the chemistry of {one.known.name}"
    molecules = tuple(candidate.oligo(chemistry) for candidate in one.oligos)
    flags = tuple(dict.fromkeys(flag for candidate in one.oligos for flag in candidate.flags))
    covers = " and ".join(dict.fromkeys(candidate.covers for candidate in one.oligos))
    plural = "Antisense oligos" if len(molecules) > 1 else "An antisense oligo"
    verb = "cover" if len(molecules) > 1 else "covers"
    outcome = Outcome(
        (),
        Effect.SPLICE_CHANGED,
        useful=True,
        protein="",
        label=f"{goal.result}, while the oligo lasts",
        share=_NOT_PREDICTED,
    )
    gc = [sum(base in "GC" for base in molecule.sequence) / len(molecule.sequence) for molecule in molecules]
    return Design(
        modality=goal.strategy.modality,
        route=goal.strategy.route,
        gene=goal.strategy.target.gene,
        acts_on=goal.strategy.acts_on,
        effector="antisense_oligo",
        effector_name=f"Antisense oligo ({chemistry})",
        guides=(),
        purpose=f"{plural} {verb} {'' if one.known else 'the '}{covers}; this {goal.words}.",
        outcomes=(outcome,),
        useful_share=_NOT_PREDICTED,
        oligos=tuple(
            Oligo(
                "antisense" if len(molecules) == 1 else f"antisense_{number}",
                molecule.sequence,
                f"{chemistry}, steric blocking; T stands for U where the sugar is RNA-like",
            )
            for number, molecule in enumerate(molecules, start=1)
        ),
        view=oligo_view(lead, goal.transcript),
        facts=(
            ("means", "antisense oligo"),
            ("chemistry_because", because),
            ("covers", covers),
            ("length_nt", "; ".join(str(len(molecule.sequence)) for molecule in molecules)),
            ("gc_content", "; ".join(f"{share:.0%}" for share in gc)),
            ("flags", "; ".join(flags) or "none"),
            ("perfect_matches_elsewhere", str(sum(match.perfect for match in matches))),
            ("one_mismatch_elsewhere", str(sum(match.one_mismatch for match in matches))),
            ("searched_bases", f"{matches[0].searched_bases:,}"),
            ("searched_whole_genome", "yes" if matches[0].genome_wide else "no"),
            ("matches_copies", " and ".join(lead.haplotypes)),
            ("allele_under_oligo", "yes" if _on_allele(one) else "no"),
        ),
        precedent=(f"{one.known.stage}: {one.known.use}", *one.known.sources) if one.known else (),
        precedent_stage=one.known.stage if one.known else "",
        antisense=molecules,
        splicing=goal.splicing,
    )


def _on_allele(one: OligoSet) -> bool:
    """Whether the pathogenic allele lies under an oligo, so that it binds the other copy less well."""
    allele = one.goal.strategy.allele
    assert allele is not None
    variant = allele.variant
    places = [candidate.view.locus(candidate.start, candidate.end) for candidate in one.oligos]
    return any(
        variant.start < place.end and place.start < max(variant.end, variant.start + 1) for place in places
    )
