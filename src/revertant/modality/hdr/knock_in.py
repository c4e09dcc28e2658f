"""Knock-in: a whole coding sequence at a gene's own start codon, or a cassette in a safe harbour.

Both are the same edit to the rest of this folder: bases that come in at the cut. The arms are this person's, the
cargo is given or read from the gene models, and the repaired chromosome is simulated like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from revertant.errors import IncompatibleInputsError
from revertant.genome import GeneModels, HaplotypeWindow, PatientGenome
from revertant.knowledge import Nuclease, SafeHarbour, nucleases
from revertant.modality.contract import DesignBatch, DesignOptions
from revertant.modality.cutting import cut_indexes, usable_nucleases
from revertant.modality.hdr.cargo import Cargo, coding_cargo, shielded
from revertant.modality.hdr.donors import DONOR_RULES
from revertant.modality.hdr.placing import Cut, Edit, Judges, Placed, place_donor
from revertant.modality.hdr.view import repair_view
from revertant.modality.hdr.writing import donor_facts, donor_oligo, not_predicted, stopped_by
from revertant.modality.oligos import guide_oligos
from revertant.modality.precedent import precedent_of
from revertant.modality.protospacers import Protospacer, protospacers, reviewable_windows
from revertant.modality.reading import plain_places
from revertant.modality.recut import Site
from revertant.modality.wanted import wanted_window
from revertant.model import (
    Design,
    DonorKind,
    Effect,
    Locus,
    Outcome,
    Strand,
    Strategy,
    Tally,
    Transcript,
    Variant,
)
from revertant.sequence import reverse_complement

__all__ = ["START_REACH_BP", "design_at_start", "design_in_harbour"]

#: Farthest a cut may lie from the start codon: what lies between is written anew.
START_REACH_BP = 30

#: Cuts looked at for each design asked for, and at least so many: spelling the cargo anew takes its time.
TRIES_A_DESIGN, LEAST_TRIES = 4, 150

#: Bases around arms and cuts, so that a spacer and its neighbourhood are always inside the window.
MARGIN = 80


def design_at_start(
    strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
) -> DesignBatch:
    """Put a gene's own coding sequence behind its own start: it serves every later variant of the gene.

    Parameters
    ----------
    strategy
        An eligible strategy on the route of adding a gene.
    genome, models
        The person, and the transcripts.
    options
        Nucleases, donors (AAV6 unless named), and how many designs to keep.
    """
    transcript = strategy.target.transcript
    refused: list[str] = []
    cargo = coding_cargo(transcript, genome.reference)
    designs: list[Design] = []
    if isinstance(cargo, str):
        return DesignBatch((), Tally.of("knock-in combinations", kept=0, refused=[cargo]))
    cuts: list[Cut] = []
    for kind in _kinds(options):
        if _too_long(cargo, kind, refused):
            continue
        start = transcript.coding_to_genome(0)
        locus = Locus(transcript.contig, start, start + 1).widened(DONOR_RULES[kind].usual_arm_bp + MARGIN)
        for window in reviewable_windows(genome, locus, refused):
            cuts += _start_cuts(window, transcript, kind, usable_nucleases(options), refused)
    cuts.sort(key=lambda cut: cut.order)
    tries = max(LEAST_TRIES, TRIES_A_DESIGN * options.most_designs)
    for number, cut in enumerate(cuts):
        if len(designs) == options.most_designs or number == tries:
            beyond = f"beyond the {len(designs)} best placed of this strategy and the {tries} nearest cuts"
            refused += [beyond] * (len(cuts) - number)
            break
        made = _design_at(cut, cargo, strategy, genome, models)
        if isinstance(made, str):
            refused.append(made)
        else:
            designs.append(made)
    if not cuts and not refused:
        refused.append(f"no nuclease cuts within {START_REACH_BP} bases of the start codon")
    return DesignBatch(tuple(designs), Tally.of("knock-in combinations", kept=len(designs), refused=refused))


def design_in_harbour(
    harbour: SafeHarbour,
    cargo: Cargo,
    strategy: Strategy,
    genome: PatientGenome,
    *,
    models: GeneModels,
    options: DesignOptions,
    place: Locus | None = None,
) -> DesignBatch:
    """Put a cassette into a safe harbour, with the guides published for it.

    Parameters
    ----------
    harbour
        The place.
    cargo
        The cassette.
    strategy
        Says what for; its modality and route are those of the designs.
    genome, models
        The person, and the transcripts that silent changes must leave alone.
    options
        Donors (AAV6 unless named), and how many designs to keep.
    place
        Where to look for the guides; by default where they were published to lie, when that is known.
    """
    refused: list[str] = []
    designs: list[Design] = []
    cuts: list[Cut] = []
    for kind in _kinds(options):
        if _too_long(cargo, kind, refused):
            continue
        for published in harbour.published:
            nuclease = nucleases()[published.effector]
            known = published.locus
            if place is None and known is None:
                refused.append(f"where {published.spacer} lies is not known here: name the place")
                continue
            locus = place
            if locus is None and known is not None:
                reach = DONOR_RULES[kind].usual_arm_bp + MARGIN
                locus = Locus(known.contig, known.start - 1, known.end).widened(reach)
            assert locus is not None
            if not genome.reference.covers(Locus(locus.contig, locus.start, locus.end)):
                refused.append(f"the reference does not cover {harbour.name}")
                continue
            for window in reviewable_windows(genome, locus, refused):
                site = _published_site(window, published.spacer, published.pam, nuclease)
                if site is None:
                    refused.append(f"{published.spacer} with {published.pam} does not lie once on this copy")
                    continue
                own = shielded(cargo, Site.of(site, nuclease.seed_nt, nuclease.search_pam))
                low, high = sorted(cut_indexes(site, nuclease))
                edit = _insertion(window, low, own.sequence, genome) if isinstance(own, Cargo) else None
                if edit is None:
                    refused.append(own if isinstance(own, str) else "this person has a variant at the cut")
                else:
                    cuts.append(Cut(nuclease, site, edit, (low, high), kind))
    for cut in sorted(cuts, key=lambda cut: cut.order)[: options.most_designs]:
        placed = place_donor(cut, _judges(cut, None, models), cargo=cargo.name)
        if isinstance(placed, str):
            refused.append(placed)
        else:
            label = f"{cargo.name} stands in {harbour.name}. {harbour.loses}"
            designs.append(_finish(placed, cargo, strategy, label, where=harbour.name))
    refused += ["beyond the best placed"] * max(0, len(cuts) - options.most_designs)
    return DesignBatch(tuple(designs), Tally.of("knock-in combinations", kept=len(designs), refused=refused))


def _kinds(options: DesignOptions) -> tuple[DonorKind, ...]:
    chosen = tuple(kind for kind in DonorKind if kind.value in options.donors)
    return chosen or (DonorKind.AAV6,)


def _too_long(cargo: Cargo, kind: DonorKind, refused: list[str]) -> bool:
    rule = DONOR_RULES[kind]
    total = len(cargo.sequence) + 2 * rule.least_arm_bp
    if total <= rule.most_bp:
        return False
    refused.append(
        f"{cargo.name} has {len(cargo.sequence)} bases: with the shortest arms {total}, "
        f"and a donor of this kind ({kind}) holds {rule.most_bp}"
    )
    return True


def _start_cuts(
    window: HaplotypeWindow,
    transcript: Transcript,
    kind: DonorKind,
    able: Sequence[Nuclease],
    refused: list[str],
) -> Iterator[Cut]:
    """Cuts near the start codon of one copy; their edit is still empty and stands at the start codon."""
    first = window.from_reference(transcript.coding_to_genome(0))
    if first is None:
        refused.append("the start codon is deleted on this copy")
        return
    edge = first if transcript.strand is Strand.PLUS else first + 1
    start = Edit(window, window, edge, 0, 0)
    for nuclease in able:
        for site in protospacers(window, nuclease.pam, nuclease.pam_side, nuclease.spacer_nt):
            low, high = sorted(cut_indexes(site, nuclease))
            if low >= 1 and start.distance((low, high)) <= START_REACH_BP:
                yield Cut(nuclease, site, start, (low, high), kind)


def _design_at(
    cut: Cut, cargo: Cargo, strategy: Strategy, genome: PatientGenome, models: GeneModels
) -> Design | str:
    """Spell the cargo so that the guide does not fit it, and write the design; or say why not."""
    transcript = strategy.target.transcript
    site = Site.of(cut.protospacer, cut.nuclease.seed_nt, cut.nuclease.search_pam)
    own = shielded(cargo, site)
    if isinstance(own, str):
        return own
    edit = _start_edit(cut.edit.window, transcript, own, cut, genome)
    if edit is None:
        return "this person has a variant between the cut and the start codon"
    whole = replace(cut, edit=edit)
    placed = place_donor(whole, _judges(whole, transcript, models), cargo=own.name)
    if isinstance(placed, str):
        return placed
    label = f"the {own.name} is read from the gene's own start; what follows it is not"
    return _finish(placed, own, strategy, label)


def _start_edit(
    window: HaplotypeWindow, transcript: Transcript, cargo: Cargo, cut: Cut, genome: PatientGenome
) -> Edit | None:
    """The edit that puts the cargo where the start codon was and takes away what lies between it and the cut."""
    edge = cut.edit.start
    minus = transcript.strand is Strand.MINUS
    text = reverse_complement(cargo.sequence) if minus else cargo.sequence
    low, high = min(edge, *cut.places), max(edge, *cut.places)
    before, behind = window.bases[low:edge], window.bases[edge:high]
    # Untranslated bases between cut and start are written again; coding bases give way to the cargo's own.
    text = text + behind if minus else before + text
    return _replacement(window, (low, high), text, genome)


def _insertion(window: HaplotypeWindow, at: int, bases: str, genome: PatientGenome) -> Edit | None:
    return _replacement(window, (at, at), bases, genome)


def _replacement(
    window: HaplotypeWindow, span: tuple[int, int], text: str, genome: PatientGenome
) -> Edit | None:
    """Replace a stretch of a copy whose bases are the reference's own; ``None`` where they are not."""
    low, high = span
    plain = plain_places(window)
    if any(index not in plain for index in range(low - 1, high + 1)):
        return None
    if plain[high] - plain[low - 1] != high - low + 1:
        return None
    change = Variant(window.locus.contig, plain[low - 1] + 1, window.bases[low:high], text)
    try:
        wanted = wanted_window(window, genome.reference, come=[change])
    except IncompatibleInputsError:
        return None
    expected = window.bases[:low] + text + window.bases[high:]
    return Edit(window, wanted, low, high - low, len(text)) if wanted.bases == expected else None


def _published_site(window: HaplotypeWindow, spacer: str, pam: str, nuclease: Nuclease) -> Protospacer | None:
    """The one place on a copy where a published spacer lies with its PAM."""
    found = [
        site
        for site in protospacers(window, nuclease.pam, nuclease.pam_side, len(spacer))
        if (site.spacer, site.pam) == (spacer, pam)
    ]
    return found[0] if len(found) == 1 else None


def _judges(cut: Cut, own: Transcript | None, models: GeneModels) -> Judges:
    here = [one for one in models.overlapping(cut.edit.window.locus) if one.cds is not None and one != own]
    return Judges(cut.edit.wanted, ([own] if own else []) + here, frame_known=own is None)


def _finish(
    placed: Placed,
    cargo: Cargo,
    strategy: Strategy,
    label: str,
    *,
    where: str = "",
) -> Design:
    cut = placed.cut
    transcript = strategy.target.transcript
    guide = cut.protospacer.guide()
    precedent = precedent_of(guide, cut.nuclease.key)
    at = cut.edit.window.to_reference(cut.places[0])
    rule = DONOR_RULES[placed.donor.kind]
    place = where or f"the start codon of {transcript.gene}"
    return Design(
        modality=strategy.modality,
        route=strategy.route,
        gene=strategy.target.gene,
        acts_on=where or strategy.acts_on,
        effector=cut.nuclease.key,
        effector_name=cut.nuclease.name,
        guides=(guide,),
        purpose=f"{cut.nuclease.name} cuts at {place}; the {rule.title} puts in {cargo.name}.",
        outcomes=(
            Outcome((), Effect.RESTORES_PROTEIN, useful=True, protein="", label=label, share=not_predicted()),
            Outcome(
                (),
                Effect.PROTEIN_CHANGED,
                useful=False,
                protein="",
                label="joined without the donor: an insertion or deletion at the cut",
                share=not_predicted(),
            ),
        ),
        useful_share=not_predicted(),
        oligos=(*guide_oligos(guide, cut.nuclease.key), donor_oligo(placed.donor)),
        view=repair_view(placed, None if where else transcript),
        facts=(
            ("cut", f"{guide.locus.contig}:{at}^{at + 1}"),
            ("ends", cut.nuclease.overhang),
            ("cargo", cargo.name),
            ("cargo_nt", str(len(cargo.sequence))),
            ("cargo_note", cargo.note or "none"),
            *donor_facts(placed.donor),
            ("recutting_stopped_by", stopped_by(placed)),
            ("silent_changes", placed.blocking.text or "none needed"),
            ("silent_changes_outside_code", "yes" if placed.outside_code else "no"),
            ("simulated_repair", "equals the wanted allele"),
        ),
        precedent=precedent.sources,
        precedent_stage=precedent.stage,
        donor=placed.donor,
    )
