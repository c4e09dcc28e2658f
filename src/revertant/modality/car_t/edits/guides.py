"""Ways to edit one gene of a T cell: base editors first unless cuts are asked for; published guides before new ones.

Where gene models hold the gene, the modalities design on the person's own sequence. Published guides are looked for by
their letters, so a bare stretch of sequence without gene models is enough for them. What is not in the reference cannot
be designed on, and what would have to be given is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from revertant import knowledge
from revertant.errors import RevertantError
from revertant.genome import GeneModels, PatientGenome, Reference
from revertant.knowledge import Precedent
from revertant.modality.base_editing import BASE_EDITING
from revertant.modality.car_t.edits.wishes import EditWish
from revertant.modality.contract import DesignOptions, Modality
from revertant.modality.nuclease import NUCLEASE
from revertant.modality.oligos import guide_oligos
from revertant.modality.protospacers import Protospacer, protospacers, reachable, reviewable_windows
from revertant.model import (
    Design,
    EditMethod,
    EditOption,
    Guide,
    Locus,
    PamSide,
    Route,
    Strand,
    Strategy,
    Target,
)
from revertant.sequence import find_pattern, reverse_complement

__all__ = ["MOST_SEARCHED_BP", "FoundWays", "perfect_places", "ways_to_edit"]

#: The largest reference, in bases, that is read through letter by letter; in a larger one only the genes are.
MOST_SEARCHED_BP = 200_000_000

#: Who edits unless the user names others: the editors and the nuclease that T cells have been edited with most.
_EDITORS = ("abe8e", "be4max")
_NUCLEASES = ("spcas9",)
_WEIGHED = 12
_STAGES = ("approved", "clinical", "preclinical", "published", "")
_MARGIN = 40


@dataclass(frozen=True, slots=True)
class FoundWays:
    """The ways to edit one gene, with the designs behind them, in the same order; and why there are none.

    ``left_out`` says, as a sentence, why one of the ways could not be tried where others are there.
    """

    options: tuple[EditOption, ...]
    designs: tuple[Design, ...]
    needs: str = ""
    left_out: str = ""


def ways_to_edit(
    wish: EditWish,
    genome: PatientGenome | None,
    models: GeneModels | None,
    options: DesignOptions,
    first: EditMethod = EditMethod.BASE_EDITING,
) -> FoundWays:
    """Find the ways to edit one gene in one person's cells.

    Parameters
    ----------
    wish
        The gene, and what for. Where the receptor is put there, only a cut serves.
    genome, models
        Whose cells, and the gene models; ``None`` without a reference.
    options
        Editors and nucleases to use; empty takes ABE8e, BE4max and SpCas9.
    first
        Which comes first where both are found: base editing, or a cut (``EditMethod.NUCLEASE``).

    Returns
    -------
    FoundWays
        The preferred way first.
    """
    if genome is None:
        return FoundWays((), (), f"no reference genome was given; {_interval(wish)} is needed")
    designs: list[Design] = []
    refused: list[str] = []
    failed: list[str] = []
    target = _target(wish.row.key, models, genome.reference)
    if target is not None and models is not None:
        if not wish.is_knock_in:
            designs += _best(BASE_EDITING, target, (genome, models), options, refused, failed=failed)
        designs += _best(NUCLEASE, target, (genome, models), options, refused, failed=failed)
    known = {(design.effector, design.guides[0].locus) for design in designs}
    designs += (
        design
        for design in _published(wish, genome, target, refused)
        if (design.effector, design.guides[0].locus) not in known
    )
    # Equal ones keep their order: the modalities have put the better placed ones first.
    leading = NUCLEASE.name if first is EditMethod.NUCLEASE else BASE_EDITING.name
    designs.sort(
        key=lambda design: (
            design.modality != leading,
            wish.is_knock_in and not _opens_the_place(design, wish),
            not _on_every_copy(design.guides[0], genome),
            not wish.is_knock_in and _opens_the_place(design, wish),
            _stage(design),
        )
    )
    designs = _one_of_each(designs)
    ways = tuple(_option(design, wish, genome, models) for design in designs)
    needs = "" if ways else _needs(wish, target, models, [*failed, *refused])
    return FoundWays(ways, tuple(designs), needs, " ".join(dict.fromkeys(failed)) if ways else "")


def _opens_the_place(design: Design, wish: EditWish) -> bool:
    """Whether a design's guide is the one that the receptor's donor is made for."""
    row = knowledge.precedents().get(wish.row.knock_in_guide)
    return row is not None and design.guides[0].spacer == row.spacer


def _target(gene: str, models: GeneModels | None, reference: Reference) -> Target | None:
    """The gene on its transcript, where the models hold it and the reference some of its coding exons."""
    if models is None or not models.of_gene(gene):
        return None
    choice = models.choose(gene)
    transcript = choice.transcript
    held = reference.has_contig(transcript.contig) and any(
        reference.covers(Locus(transcript.contig, start, end)) for start, end in transcript.coding_exons
    )
    return Target(gene, transcript, (), transcript_because=choice.because) if held else None


def _best(
    modality: Modality,
    target: Target,
    ground: tuple[PatientGenome, GeneModels],
    options: DesignOptions,
    refused: list[str],
    *,
    failed: list[str],
) -> list[Design]:
    """The knock-outs of one modality, best first: those used before, then those whose edits end the protein most.

    A gene whose model does not fit the reference stops this modality for this gene, and nothing else of the set.
    """
    named = replace(
        options,
        editors=options.editors or _EDITORS,
        nucleases=options.nucleases or _NUCLEASES,
        most_designs=_WEIGHED,
    )
    try:
        batch = modality.design(Strategy(modality.name, Route.KNOCK_OUT, target, ()), *ground, named)
    except RevertantError as error:
        failed.append(f"{modality.title} could not be tried: {error.what}")
        return []
    refused += [reason for reason, _ in batch.tally.refused]
    return sorted(
        batch.designs,
        key=lambda design: (
            not _on_every_copy(design.guides[0], ground[0]),
            _stage(design),
            _by_window(design),
            -_yield(design),
        ),
    )


def _on_every_copy(guide: Guide, genome: PatientGenome) -> bool:
    """Whether each sequence the person may carry there has the guide's letters and its PAM."""
    windows = reviewable_windows(genome, guide.locus.widened(_MARGIN), [])
    return bool(windows) and all(
        any(
            site.spacer == guide.spacer
            and window.reference_locus(site.start, site.end, site.strand) == guide.locus
            for site in protospacers(window, guide.pam_pattern, guide.pam_side, len(guide.spacer))
        )
        for window in windows
    )


def _stage(design: Design) -> int:
    return _STAGES.index(design.precedent_stage)


def _by_window(design: Design) -> bool:
    return dict(design.facts).get("target_in_core_window") == "no"


def _yield(design: Design) -> float:
    expected = design.useful_yield or design.useful_share
    return expected.value if expected is not None and expected.value is not None else 0.0


def _one_of_each(designs: list[Design]) -> list[Design]:
    """The best of each modality, and every published guide."""
    seen: set[str] = set()
    kept = []
    for design in designs:
        if design.modality not in seen or design.precedent_stage:
            kept.append(design)
        seen.add(design.modality)
    return kept


def _published(
    wish: EditWish, genome: PatientGenome, target: Target | None, refused: list[str]
) -> Iterator[Design]:
    """The published guides of a gene, where this person has their letters; within the gene where that is known.

    A guide that fits a second place stands once: its other places are found with it. Where the gene has a twin and
    nothing says where it lies, a guide is taken only when the person has it in all of them.
    """
    for key in wish.row.guides:
        row = knowledge.precedents()[key]
        pam = knowledge.nucleases()[row.effector].pam
        places = _places_of(row, pam, genome.reference)
        if target is not None:
            places = tuple(place for place in places if place.overlaps(target.transcript.locus))
        sites = [
            site for place in places if (site := _on_person(place, row.spacer, pam, row.pam_side, genome))
        ]
        if target is None and sites and len(sites) <= len(wish.row.copies):
            refused.append(
                f"the published guide has {len(sites)} place here, and without gene models {wish.row.key} cannot be "
                f"told from {' and '.join(wish.row.copies)}"
            )
        elif sites:
            yield _published_design(wish, row, sites[0].guide())


def _places_of(row: Precedent, pam: str, reference: Reference) -> tuple[Locus, ...]:
    if row.locus is not None:
        # The catalogue counts from 1 and has spacer and PAM together.
        start, end = row.locus.start - 1, row.locus.end
        if reference.has_contig(row.locus.contig) and reference.covers(Locus(row.locus.contig, start, end)):
            minus = row.locus.strand is Strand.MINUS
            low, high = (start + len(row.pam), end) if minus else (start, end - len(row.pam))
            return (Locus(reference.canonical_contig(row.locus.contig), low, high, row.locus.strand),)
    if reference.total_bases > MOST_SEARCHED_BP:
        return ()
    return tuple(_letters(row.spacer, pam, row.pam_side, reference, reference.windows))


def _on_person(
    place: Locus, spacer: str, pam: str, side: PamSide, genome: PatientGenome
) -> Protospacer | None:
    """The guide's site on the person's copies, letter by letter."""
    found: Protospacer | None = None
    for window in reviewable_windows(genome, place.widened(_MARGIN), []):
        for site in protospacers(window, pam, side, len(spacer)):
            here = window.reference_locus(site.start, site.end, site.strand)
            if site.spacer == spacer and here == place:
                found = found.also_on(site) if found is not None else site
    return found


def _published_design(wish: EditWish, row: Precedent, guide: Guide) -> Design:
    nuclease = knowledge.nucleases()[row.effector]
    return Design(
        modality=NUCLEASE.name,
        route=Route.KNOCK_OUT,
        gene=wish.row.key,
        acts_on=wish.row.key,
        effector=nuclease.key,
        effector_name=nuclease.name,
        guides=(guide,),
        purpose=f"{nuclease.name} cuts {wish.row.key} with a published guide. {row.use}",
        oligos=guide_oligos(guide, nuclease.key),
        precedent=(f"{row.stage}: {row.use}", *row.sources),
        precedent_stage=row.stage if row.stage in _STAGES else "",
    )


def perfect_places(
    guide: Guide, genome: PatientGenome, models: GeneModels | None, wish: EditWish
) -> tuple[Locus, ...]:
    """Find every place where this person has the letters of a guide beside its PAM pattern, its own first.

    They are looked for where the reference has them. One of more than ``MOST_SEARCHED_BP`` is read only over the gene
    and the genes that are like it; the off-target search covers the rest, and what variants make anew.

    Parameters
    ----------
    guide
        The guide.
    genome, models
        Where to look.
    wish
        The gene, whose row names those that are like it.
    """
    reference = genome.reference
    regions = reference.windows
    if reference.total_bases > MOST_SEARCHED_BP:
        genes = (wish.row.key, *wish.row.copies)
        held = [models.of_gene(gene) for gene in genes] if models is not None else []
        regions = tuple(sorted({reachable(reference, one.locus) for found in held for one in found}))
    found = set(_letters(guide.spacer, guide.pam_pattern, guide.pam_side, reference, regions)) - {guide.locus}
    site = guide.spacer, guide.pam_pattern, guide.pam_side
    return (guide.locus, *sorted(place for place in found if _on_person(place, *site, genome) is not None))


def _letters(
    spacer: str, pam: str, side: PamSide, reference: Reference, regions: tuple[Locus, ...]
) -> Iterator[Locus]:
    pattern = spacer + pam if side is PamSide.THREE_PRIME else pam + spacer
    before = 0 if side is PamSide.THREE_PRIME else len(pam)
    for region in regions:
        bases = reference.fetch(region.contig, region.start, region.end)
        for strand in (Strand.PLUS, Strand.MINUS):
            text = bases if strand is Strand.PLUS else reverse_complement(bases)
            if spacer not in text:
                continue
            for at in find_pattern(pattern, text):
                low = at + before
                start = low if strand is Strand.PLUS else len(text) - low - len(spacer)
                yield Locus(region.contig, region.start + start, region.start + start + len(spacer), strand)


def _option(design: Design, wish: EditWish, genome: PatientGenome, models: GeneModels | None) -> EditOption:
    guide = design.guides[0]
    copies = perfect_places(guide, genome, models, wish)
    edits_bases = design.modality == BASE_EDITING.name
    method = (
        EditMethod.BASE_EDITING
        if edits_bases
        else EditMethod.KNOCK_IN
        if wish.is_knock_in
        else EditMethod.NUCLEASE
    )
    useful = next((outcome for outcome in design.outcomes if outcome.useful), None)
    facts = dict(design.facts)
    return EditOption(
        method=method,
        effector=design.effector,
        effector_name=design.effector_name,
        guide=guide,
        label=facts.get("edit") or facts.get("why_here") or (useful.label if useful else design.purpose),
        breaks=0 if edits_bases else len(copies),
        copies=copies,
        precedent_stage=design.precedent_stage,
        precedent=design.precedent,
        design_id=design.design_id,
        on_every_copy=_on_every_copy(guide, genome),
    )


def _interval(wish: EditWish) -> str:
    return f"the sequence of {wish.row.key} ({wish.row.contig}, {wish.row.band})"


def _needs(wish: EditWish, target: Target | None, models: GeneModels | None, refused: list[str]) -> str:
    gene = wish.row.key
    if target is not None:
        reasons = "; ".join(dict.fromkeys(refused)) or "nothing was found"
        return f"no guide could be made for {gene} on {target.transcript.locus}: {reasons}"
    if refused:
        return f"no guide could be taken for {gene}: {'; '.join(dict.fromkeys(refused))}"
    if models is not None and models.of_gene(gene):
        transcript = models.choose(gene).transcript
        where = transcript.locus
        return (
            f"this reference does not hold {gene}; {where.contig}:{where.start + 1}-{where.end} "
            f"({transcript.transcript_id}) is needed"
        )
    return f"{gene} is not in this reference with its gene models; {_interval(wish)} is needed"
