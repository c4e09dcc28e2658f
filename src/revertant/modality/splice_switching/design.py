"""Every way to leave the exons out, or to hide the wrong site: oligos, base editors, one cut, two cuts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from revertant.genome import PatientGenome
from revertant.modality.base_editing.intended import wrong_splice_sites
from revertant.modality.contract import DesignBatch, DesignOptions
from revertant.modality.protospacers import reviewable_windows
from revertant.modality.splice_switching.cutting import cut_designs, excision_designs
from revertant.modality.splice_switching.editing import base_edit_designs
from revertant.modality.splice_switching.eligibility import options_for
from revertant.modality.splice_switching.frames import joined_codons, makes_stop
from revertant.modality.splice_switching.goal import SiteToBreak, SpliceGoal, exon_sites
from revertant.modality.splice_switching.hiding import OligoSet, oligo_designs, oligo_sets
from revertant.modality.splice_switching.sites import PARTNER_REACH, WrongSite, wrong_sites
from revertant.model import Design, Locus, Route, Strategy, Tally

__all__ = ["design_splice_switching", "goals_of"]

#: Oligos tried for each goal.
_MOST_OLIGOS = 12
#: Ways to put the frame right, or wrong sites, that are designed for; more are counted.
_MOST_GOALS = 3

_Maker = Callable[[], Design]


def design_splice_switching(strategy: Strategy, genome: PatientGenome, options: DesignOptions) -> DesignBatch:
    """Make the splice-switching designs of one strategy.

    Oligos, base edits, single cuts and excisions take turns, so that each means is shown before any is listed in
    full.

    Parameters
    ----------
    strategy
        An eligible splice-switching strategy.
    genome
        The patient's genome.
    options
        Editors and nucleases to use, and how many designs to keep.
    """
    refused: list[str] = []
    columns: list[Sequence[OligoSet | _Maker]] = []
    for goal in goals_of(strategy, genome, refused):
        most = min(_MOST_OLIGOS, options.most_designs)
        sites = _sites_to_break(goal)
        columns.append(oligo_sets(goal, most, refused))
        columns.append(base_edit_designs(goal, _for_base_editors(goal, sites, refused), options, refused))
        if len(sites) == 1:
            columns.append(cut_designs(goal, sites[0], options, refused))
        columns.append(excision_designs(goal, options, refused))
    ordered = list(_in_turn(columns))
    kept = ordered[: options.most_designs]
    refused += [f"beyond the {options.most_designs} best placed of this strategy"] * (
        len(ordered) - len(kept)
    )
    sets = [item for item in kept if isinstance(item, OligoSet)]
    written = iter(oligo_designs(sets, genome.reference) if sets else ())
    made = [next(written) if isinstance(item, OligoSet) else item() for item in kept]
    designs: dict[str, Design] = {}
    for design in made:
        if designs.setdefault(design.design_id, design) is not design:
            refused.append("the same molecules, made for another goal")
    if not designs and not refused:
        refused = ["nothing in reach of the splice sites"]
    return DesignBatch(
        tuple(designs.values()), Tally.of("splice-switching designs", kept=len(designs), refused=refused)
    )


def goals_of(strategy: Strategy, genome: PatientGenome, refused: list[str]) -> tuple[SpliceGoal, ...]:
    """Return what can be aimed at on this person's own sequence, best first.

    Parameters
    ----------
    strategy
        Names allele and route.
    genome
        The patient's genome.
    refused
        Takes the reason of each goal that falls away.
    """
    if strategy.route is Route.SKIP_EXON:
        found = list(_skipping(strategy, genome, refused))
    else:
        found = [SpliceGoal(strategy, genome, wrong=wrong) for wrong in _wrong(strategy, genome, refused)]
    refused += ["a further way to put splicing right"] * max(0, len(found) - _MOST_GOALS)
    return tuple(found[:_MOST_GOALS])


def _skipping(strategy: Strategy, genome: PatientGenome, refused: list[str]) -> Iterator[SpliceGoal]:
    target, allele = strategy.target, strategy.allele
    assert allele is not None
    for option in options_for(allele, target):
        exons = [target.transcript.ordered_exons[number - 1] for number in option.skipped]
        contig = target.transcript.contig
        codons = joined_codons(genome, target.transcript, option.missing)
        if not all(genome.reference.covers(Locus(contig, start, end)) for start, end in exons):
            refused.append(f"{option.words} lies outside the reference")
        elif codons and makes_stop(codons):
            refused.append(f"without {option.words} the ends of the gap make a stop codon")
        else:
            yield SpliceGoal(strategy, genome, option=option)


def _wrong(strategy: Strategy, genome: PatientGenome, refused: list[str]) -> tuple[WrongSite, ...]:
    """The wrong sites, each place once though several sequences may have it."""
    target, allele = strategy.target, strategy.allele
    assert allele is not None
    place = allele.variant.locus.widened(PARTNER_REACH + 30)
    windows = reviewable_windows(genome, place, refused)
    found = wrong_sites(allele, target.transcript, windows, genome.reference)
    if not found:
        refused.append("the allele makes or raises no splice site of 3 bits or more")
    kept: dict[tuple[object, ...], WrongSite] = {}
    for wrong in sorted(found, key=lambda one: (-one.site.score, one.site.edge)):
        kept.setdefault((wrong.site.kind, wrong.view.position(wrong.site.edge)), wrong)
    return tuple(kept.values())


def _sites_to_break(goal: SpliceGoal) -> list[tuple[SiteToBreak, ...]]:
    """For each exon its two sites, of which one must go; for a wrong site, itself or its partner."""
    if goal.option is not None:
        return [exon_sites(goal.transcript, number) for number in goal.option.skipped]
    wrong = goal.wrong
    assert wrong is not None
    sites = [
        SiteToBreak(wrong.site.kind, wrong.view.position(wrong.site.edge), f"wrong {wrong.site.kind.value}")
    ]
    if wrong.partner is not None:
        name = f"{wrong.partner.kind.value} of the pseudo-exon"
        sites.append(SiteToBreak(wrong.partner.kind, wrong.view.position(wrong.partner.edge), name))
    return [tuple(sites)]


def _for_base_editors(
    goal: SpliceGoal, sites: list[tuple[SiteToBreak, ...]], refused: list[str]
) -> list[tuple[SiteToBreak, ...]]:
    """Leave the letters that a substitution has made to base editing, so that no design stands in a plan twice."""
    allele = goal.strategy.allele
    if goal.wrong is None or allele is None:
        return sites
    if not wrong_splice_sites(allele, goal.transcript, goal.genome.reference):
        return sites
    refused.append("base editing breaks the letters that the allele has made, as a route of its own")
    return [sites[0][1:]]


def _in_turn(columns: Sequence[Sequence[OligoSet | _Maker]]) -> Iterator[OligoSet | _Maker]:
    """Take one of each column after the other, until all are empty."""
    for row in range(max(map(len, columns), default=0)):
        for column in columns:
            if row < len(column):
                yield column[row]
