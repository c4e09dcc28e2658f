"""Every pegRNA that writes the wild type over a pathogenic allele, on this person's own copy.

The allele to be written is the person's own haplotype without the pathogenic variant, and with silent changes where
a design has them. Each design is applied to the haplotype by :func:`simulate`, which knows nothing of what was
wanted; one that gives anything else is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from revertant import knowledge
from revertant.errors import RevertantError
from revertant.genome import GeneModels, HaplotypeWindow, PatientGenome
from revertant.knowledge import PrimeEditor
from revertant.modality.contract import DesignBatch, DesignOptions
from revertant.modality.precedent import precedent_of
from revertant.modality.prime_editing.carriers import carriers, simulated
from revertant.modality.prime_editing.efficiency import with_efficiency
from revertant.modality.prime_editing.oligos import prime_editing_oligos
from revertant.modality.prime_editing.other_copy import other_copy_facts
from revertant.modality.prime_editing.pegrna import (
    FARTHEST_EDIT_NT,
    HOMOLOGY_NT,
    LONGEST_EDIT_NT,
    Rewrite,
)
from revertant.modality.prime_editing.placing import Candidate, Place, candidates, places_of
from revertant.modality.prime_editing.simulate import FARTHEST_LANDING_NT, NotWritten
from revertant.modality.prime_editing.twin_design import design_twin
from revertant.modality.prime_editing.twin_placing import TwinCandidate, twin_candidates, twin_refusal
from revertant.modality.prime_editing.view import prime_edit_view
from revertant.modality.prime_editing.words import (
    NOT_PREDICTED,
    design_facts,
    outcomes_of,
    purpose_of,
    silent_of,
    written_of,
)
from revertant.modality.protospacers import Protospacer, reviewable_windows
from revertant.modality.reading import entering_frame_is_known
from revertant.modality.silent import SilentJudge
from revertant.modality.wanted import wanted_window
from revertant.model import (
    Design,
    PamSide,
    PegRna,
    Strategy,
    Tally,
)

__all__ = ["REACH_BP", "design_prime_edits", "usable_prime_editors"]

#: Bases fetched on either side of the edit: as far as a flap can be followed, and any nicking guide with its PAM.
REACH_BP = FARTHEST_EDIT_NT + LONGEST_EDIT_NT + HOMOLOGY_NT[1] + FARTHEST_LANDING_NT

#: Edits from this length on are also designed for two pegRNAs, and for which share of the designs (one in so many):
#: this project's own choice.
TWIN_FROM_NT, TWIN_SHARE = 20, 5

AnyCandidate = TypeVar("AnyCandidate", Candidate, TwinCandidate)


def usable_prime_editors(options: DesignOptions) -> tuple[PrimeEditor, ...]:
    """Return the catalogue's prime editors, narrowed to the ones the user named, first those to be named first."""
    found = (e for e in knowledge.prime_editors().values() if not options.editors or e.key in options.editors)
    return tuple(sorted(found, key=lambda editor: editor.order))


def design_prime_edits(
    strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
) -> DesignBatch:
    """Make the prime-editing designs of one strategy.

    Parameters
    ----------
    strategy
        An eligible prime-editing strategy.
    genome
        The patient's genome: everything is read from the haplotypes that carry the allele.
    models
        Gene models: silent changes must go unnoticed by every transcript of the gene.
    options
        Editors to use and how many designs to keep.

    Returns
    -------
    DesignBatch
        The best placed first. The tally counts every pegRNA with every nicking guide that was possible.
    """
    refused: list[str] = []
    editors = usable_prime_editors(options)
    if not editors:
        refused.append("no prime editor is among the editors asked for")
    windows = _windows(strategy, genome, refused) if editors else ()
    longest = max((Rewrite.of(w.bases, wanted.bases).edit_nt for w, wanted in windows), default=0)
    places: list[Place] = []
    if longest > LONGEST_EDIT_NT:
        refused.append(f"one pegRNA: an edit of {longest} nt is over {LONGEST_EDIT_NT}")
    for window, wanted in windows if longest <= LONGEST_EDIT_NT else ():
        here = places_of(window, wanted, editors, _judge(wanted, strategy, genome, models))
        if not here:
            refused.append("no PAM lets the edit be written on this haplotype")
        places += here
    twins = twin_candidates(windows, editors) if longest >= TWIN_FROM_NT else []
    if longest > LONGEST_EDIT_NT and not twins:
        refused.append("two pegRNAs: no pair of PAMs lets the edit be written on this haplotype")
    designs: dict[tuple[str, ...], Design] = {}
    most = options.most_designs
    for_twins = min(len(twins), most // TWIN_SHARE if places else most)
    looked_at = _take(
        candidates(places),
        most - for_twins,
        _refusal,
        lambda one: _finish(one, windows, strategy, genome),
        designs=designs,
        refused=refused,
    )
    looked_at += _take(
        twins,
        most,
        twin_refusal,
        lambda one: design_twin(one, strategy, genome),
        designs=designs,
        refused=refused,
    )
    rest = sum(place.count for place in places) + len(twins) - looked_at
    refused += [f"beyond the {most} looked at first of this strategy"] * rest
    made = with_efficiency(tuple(designs.values()), [window for window, _ in windows])
    if not designs and not refused:
        refused = ["the patient's genome holds no haplotype with this allele here"]
    return DesignBatch(made, Tally.of("pegRNAs with nicking guides", kept=len(designs), refused=refused))


def _take(
    found: Iterable[AnyCandidate],
    most: int,
    refusal: Callable[[AnyCandidate], str],
    finish: Callable[[AnyCandidate], Design],
    *,
    designs: dict[tuple[str, ...], Design],
    refused: list[str],
) -> int:
    """Write candidates up until there are enough designs; return how many were looked at."""
    looked_at = 0
    for candidate in found:
        if len(designs) >= most:
            break
        looked_at += 1
        because = refusal(candidate)
        if candidate.molecules in designs:
            refused.append("the same molecules, made for another haplotype")
        elif because:
            refused.append(because)
        else:
            designs[candidate.molecules] = finish(candidate)
    return looked_at


def _windows(
    strategy: Strategy, genome: PatientGenome, refused: list[str]
) -> tuple[tuple[HaplotypeWindow, HaplotypeWindow], ...]:
    """The haplotypes with the pathogenic allele, each with what it should become."""
    allele = strategy.allele
    assert allele is not None
    windows = reviewable_windows(genome, allele.variant.locus.widened(REACH_BP), refused)
    carrying = [window for window in windows if allele.variant in window.variants]
    if windows and not carrying:
        refused.append("no haplotype of the patient's genome carries the allele here")
    found = []
    for window in carrying:
        wanted = wanted_window(window, genome.reference, gone=[allele.variant])
        if wanted.bases == window.bases:
            refused.append("without the variant this haplotype has the same sequence")
        else:
            found.append((window, wanted))
    return tuple(found)


def _judge(
    wanted: HaplotypeWindow, strategy: Strategy, genome: PatientGenome, models: GeneModels
) -> SilentJudge | None:
    """What silent changes the repaired haplotype allows; ``None`` where its reading frame is not known."""
    target = strategy.target.transcript
    others = [t for t in models.of_gene(target.gene) if t.cds is not None and t != target]
    transcripts = [target, *others]
    try:
        known = target.cds is not None and all(
            entering_frame_is_known(genome, wanted, t) for t in transcripts
        )
    except RevertantError:
        return None
    return SilentJudge(wanted, transcripts) if known else None


def _refusal(candidate: Candidate) -> str:
    """Why the molecule does not give what is wanted; empty when it does."""
    written = simulated(candidate, candidate.place.window.bases)
    if isinstance(written, NotWritten):
        return f"simulated: {written.because}"
    if written.sequence != candidate.place.wanted.bases:
        return "simulated: the flap could settle so that another sequence is left"
    return ""


def _finish(
    candidate: Candidate,
    windows: Sequence[tuple[HaplotypeWindow, HaplotypeWindow]],
    strategy: Strategy,
    genome: PatientGenome,
) -> Design:
    """Write a candidate up as a design."""
    place, pegrna, nick = candidate.place, candidate.pegrna, candidate.nick
    allele = strategy.allele
    assert allele is not None
    haplotypes = carriers(candidate, [window for window, _ in windows], allele.variant, genome)
    guides = [place.protospacer.guide()]
    if nick is not None:
        pattern = place.placement.pam_pattern
        site = Protospacer(
            place.wanted, nick.strand, nick.start, nick.spacer, nick.pam, pattern, PamSide.THREE_PRIME
        )
        guides.append(site.guide())
    on = tuple(replace(guide, haplotypes=haplotypes) for guide in guides)
    peg = PegRna(pegrna.spacer, pegrna.pbs, pegrna.rtt, "", written_of(candidate), silent_of(candidate))
    editor = _editor(place)
    precedent = precedent_of(on[0], editor.key)
    return Design(
        modality=strategy.modality,
        route=strategy.route,
        gene=strategy.target.gene,
        acts_on=strategy.acts_on,
        effector=editor.key,
        effector_name=editor.with_nick if nick else editor.name,
        guides=on,
        purpose=purpose_of(candidate, editor),
        outcomes=outcomes_of(candidate),
        useful_share=NOT_PREDICTED,
        oligos=prime_editing_oligos(on, (peg,), editor.nuclease),
        view=prime_edit_view(place, pegrna, nick, strategy.target.transcript),
        facts=(*design_facts(candidate), *other_copy_facts(candidate, strategy, genome)),
        precedent=precedent.sources,
        precedent_stage=precedent.stage,
        pegrnas=(peg,),
    )


def _editor(place: Place) -> PrimeEditor:
    """The editor to name: one this very spacer was published with, else the first of the catalogue's order."""
    row = knowledge.precedent_for(place.placement.spacer)
    named = row.effector if row is not None else ""
    return next((editor for editor in place.editors if editor.key == named), place.editors[0])
